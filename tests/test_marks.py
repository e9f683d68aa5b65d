"""Marks of pages over HTTP: each row has one that opens who says it, why it follows, or how it was worked out."""

import re
from collections import defaultdict
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from api.of_kind import OTHERWISE, SECTIONS
from tests.marked import pages_of, rows_of

# Rows that no mark is due to, by kind of page and section.
UNMARKED = {
    ("passage", "says"): "the page is that of the passage that says them all",
    ("passage", "stands"): "it is told of the passage itself, whose page this is",
    ("cube", "matrix"): "each number opens its cell, whose rows have the marks",
    ("about", "sure"): "it tells what the marks mean, and states nothing of the graph",
    ("experience", "canvas"): "a block of the canvas of which nothing is documented states nothing",
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
