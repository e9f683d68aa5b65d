"""Marks of pages over HTTP: each row has one that opens who says it, why it follows, or how it was worked out."""

import re
from collections import defaultdict
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from api.of_kind import OTHERWISE, SECTIONS
from api.sections import Section
from kg.inquire import Cell, Table
from tests.marked import lines_of, pages_of, rows_of
from tests.vouched import Graphs, all_unvouched, unvouched

# Rows that no mark is due to, by kind of page and section.
UNMARKED = {
    ("passage", "says"): "the page is that of the passage that says them all",
    ("passage", "stands"): "it is told of the passage itself, whose page this is",
    ("cube", "matrix"): "each number opens its cell, whose rows have the marks",
    ("about", "sure"): "it tells what the marks mean, and states nothing of the graph",
    ("experience", "canvas"): "a block of the canvas of which nothing is documented states nothing",
}

# Columns whose values the passage beside them need not have.
VOUCHED_OTHERWISE = {
    ("list_case_attributes", "property"): "the passage says it by a cell of the cube, of which this property is the short form",
    ("list_discrepancies", "discrepancy"): "that there is a discrepancy this project says, its passages have the claims",
    ("list_discrepancies", "in_document"): "it is the document of the passage, which does not state that of itself",
    ("list_path_lessons", "definition"): "each passage has the lesson; which of them has it in these words is not told yet",
}

# Sections some rows of which are led to a line that does not name them in so many words.
NAMED_OTHERWISE = {
    ("path", "reasons"): "an entry way has it as an option, which the line of the entry way does not list",
    ("tool", "risks"): "the answer is worked out to be one by this project, and has its name in Spanish from there alone",
}


@pytest.fixture(scope="module")
def told(server):
    """The rows of some pages of each kind and of those that gather things, by kind and section."""
    found = defaultdict(list)
    for kind, page in pages_of(server.get("/sitemap.xml").text):
        answer = server.get(page, "text/html")
        assert answer.status == 200, page
        for row in rows_of(answer.text):
            found[kind, row.section].append((page, row))
    return found


def test_rows_when_of_any_kind_of_page_then_each_has_a_mark_but_those_named_with_a_reason(told):
    assert {kind for kind, _ in told} > {*SECTIONS, "map", "projects", "path", "compare", "coverage", "about", "cube"}
    bare = {at: [f"{page}: {row.text}" for page, row in rows if not row.marks] for at, rows in told.items()}
    assert {at: rows[:3] for at, rows in bare.items() if rows and at not in UNMARKED} == {}
    assert [at for at in UNMARKED if not bare[at]] == []


def test_marks_when_on_any_page_then_each_opens_something(told):
    assert [f"{page}: {row.text}" for rows in told.values() for page, row in rows if "" in row.marks] == []


def test_marks_when_followed_then_each_kind_of_address_answers(server, told):
    kinds = {}
    for rows in told.values():
        for _, row in rows:
            for mark in row.marks:
                parts = urlsplit(mark).path.split("/")
                kinds.setdefault(parts[1] if parts[1] in ("explain", "queries") else "/".join(parts[1:3]), []).append(mark)
    assert set(kinds) >= {"explain", "queries", "id/passage", "graph/editorial"}
    for marks in kinds.values():
        for mark in list(dict.fromkeys(marks))[:5]:
            assert server.get(mark, "text/html").status == 200, mark


@pytest.mark.parametrize("language", ["en", "es"])
def test_marks_when_they_open_a_passage_then_a_line_of_it_that_names_what_they_stand_beside(language, server):
    led, astray, lines = 0, {}, {}
    for kind, page in pages_of(server.get("/sitemap.xml").text, 1):
        answer = server.get(page, "text/html", headers={"Accept-Language": language})
        assert answer.status == 200, page
        for row in rows_of(text := answer.text):
            for mark in {unescape(mark) for mark in row.marks if mark.startswith("/id/passage/")}:
                passage, _, anchor = mark.partition("#")
                if passage not in lines:
                    lines[passage] = lines_of(server.get(passage, "text/html", headers={"Accept-Language": language}).text)
                led += 1
                if not names(lines[passage].get(anchor, ""), anchor, page, row, text):
                    astray.setdefault((kind, row.section), f"{page}: {row.text} -> {mark}")
    assert led > 2500
    assert {at: one for at, one in astray.items() if at not in NAMED_OTHERWISE} == {}


def names(line, anchor, page, row, text):
    """Tell whether a line is of a thing of the page, its address or the row, or has the page's title, a name or number of it."""
    def plain(said):
        return re.sub(r"(?<=\d)[.,\s](?=\d)", "", " ".join(said.split()).casefold())
    said = [one for one in map(plain, row.pieces) if len(one) > 2] + re.findall(r"\d+", plain(row.text))
    title = plain(unescape(re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)[1]))
    of_it = f"/id/{anchor}" in (page, *row.links) or f"={anchor}" in page
    return bool(line) and (of_it or any(one in plain(line) for one in (title, *said)))


def test_row_without_marks_when_read_then_it_is_found():
    page = """<h2 id="told">Told</h2><table><thead><tr><th>a</th></tr></thead><tbody>
        <tr><td>said</td><td><a class="mark" href="/x">¶</a></td></tr>
        <tr><td>bare</td><td></td></tr><tr><td>shut<span class="mark">∴</span></td></tr></tbody></table>
        <ul class="tools"><li>Turtle</li></ul><ul><li>listed</li></ul>"""
    assert [(row.text.strip(), row.marks) for row in rows_of(page)] == [
        ("said", ["/x"]), ("bare", []), ("shut", [""]), ("listed", [])]


@pytest.mark.parametrize(("page", "section", "query"), [
    ("/about", "contents", "count_things"), ("/about", "discrepancies", "count_discrepancies"),
    ("/coverage", "coverage", "count_coverage"), ("/coverage?document=toolbox", "coverage", "count_passage_statements")])
def test_number_when_it_is_counted_then_a_mark_opens_the_question_that_counts_it(page, section, query, server):
    rows = [row for row in rows_of(server.get(page, "text/html").text) if row.section == section]
    assert rows
    counting = {next(mark for mark in row.marks if mark.startswith("/queries/")) for row in rows}
    assert len(counting) == 1
    assert {urlsplit(one).path for one in counting} == {f"/queries/{query}"}
    told = server.get(counting.pop(), "text/csv").text
    assert all(number in told for row in rows for number in re.findall(r"\b\d{3,}\b", row.text))


def test_coverage_when_of_a_document_then_each_row_is_called_by_its_passage(server):
    part = server.get("/coverage?document=toolbox", "text/html").text.partition('id="coverage"')[2].partition("</section>")[0]
    rows = re.findall(r"<tr><td.*?</tr>", part, re.DOTALL)
    assert len(rows) > 50
    assert all(re.match(r'<tr><td><a href="/id/passage/toolbox/[^"]+"[^>]*>\S', row) for row in rows)


@pytest.mark.parametrize("path", ["/id/agent/ifad", "/id/tool/financing"])
def test_mention_when_it_follows_then_its_mark_opens_a_proof(path, server):
    part = server.get(path, "text/html").text.partition('<summary id="named">')[2]
    addresses = [unescape(one) for one in re.findall(r'class="mark inferred" href="([^"]+)"', part)]
    assert addresses
    for address in addresses[:: max(1, len(addresses) // 8)]:
        assert parse_qs(urlsplit(address).query)["o"] == [path.removeprefix("/id/")]
        proof = server.get(address, "application/json")
        assert proof.status == 200, address
        assert proof.json()["rule"]
        assert proof.json()["premises"]


@pytest.mark.parametrize(("language", "words"), [("en", "This project&#39;s own words"), ("es", "Palabras de este proyecto")])
def test_lead_when_the_words_are_of_this_project_then_its_mark_says_so(language, words, server):
    for path in ("/id/theme/trust", "/id/experience/ketal"):
        lead = re.search(r'<p class="lead">.*?</p>', server.get(f"{path}?language={language}", "text/html").text)[0]
        assert 'href="/graph/editorial"' in lead
        assert words in lead


def test_section_when_it_names_what_is_counted_or_stated_then_by_columns_of_its_query(inquiry):
    for section in (*OTHERWISE, *(one for of_kind in SECTIONS.values() for one in of_kind)):
        columns = {column.name for column in inquiry.catalogue.get(section.query).columns}
        assert set(section.counted) <= columns
        for beside, (subject, property, value) in section.states.items():
            assert not beside or beside in columns
            assert {one for one in (subject, property, value) if one and ":" not in one} <= columns


def test_values_when_beside_the_mark_of_a_passage_then_this_passage_has_them(inquiry):
    """Seen with what suppliers bring, beside the mark of a passage that names them and does not say it."""
    found, rows = all_unvouched(inquiry)
    assert rows > 1000
    assert [one for one in found if (one.query, one.column) not in VOUCHED_OTHERWISE] == []


@pytest.mark.parametrize(("passage", "values"), [("3-2-3", []), ("4-9-3", ["Fresh products, supplied directly."])])
def test_value_when_its_passage_does_not_have_it_then_it_is_found(passage, values, inquiry):
    section = Section("who", "", "", "list_participants")
    row = [Cell("https://w3id.org/cocina-par/id/agent/ketal-producers", "uri"),
           Cell("Fresh products, supplied directly.", "literal", "en"),
           Cell(f"https://w3id.org/cocina-par/id/passage/toolbox/{passage}", "uri")]
    table = Table(["agent", "contribution", "passage"], [row])
    assert [one.value for one in unvouched(section, table, Graphs.of(inquiry), "")] == values


def test_contribution_when_another_passage_names_the_part_then_its_own_passage_stands_beside_it(inquiry):
    for language in ("en", "es"):
        table = inquiry.table(inquiry.bound("list_participants", {"case": "experience/ketal", "language": language}))
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        of_suppliers = {row["passage"].text.rpartition("/")[2]: row for row in rows
                        if row["role_label"].text in ("supplier", "proveedor")}
        assert set(of_suppliers) == {"3-2-3", "4-9-3"}
        assert of_suppliers["3-2-3"]["contribution_passage"] is None
        assert of_suppliers["4-9-3"]["contribution_passage"] == of_suppliers["3-2-3"]["passage"]
