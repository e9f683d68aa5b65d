"""What a page shows and what is taken from it rest on the same evidence: each mark that opens a passage is in the data too."""

import csv
import io
import re

import pytest
import rdflib

from api import create_app
from api.as_data import parts_given_as
from api.negotiation import SHOWN
from api.sections import Filled, Section
from kg.errors import QueryTimeout
from tests.marked import rows_of

BASE = "https://w3id.org/cocina-par/"
CSVW = rdflib.Namespace("http://www.w3.org/ns/csvw#")
# A page that is given as data part by part, with where its data are.
PAGES = {
    **{page: f"{page}&format=" for page in ("/path?entry_way=fairs", "/path?who=role/buyer&entry_way=supermarkets&have=quality",
                                            "/projects?country=peru")},
    "/map": "/map?format=",
    **{f"/id/{thing}": f"/id/{thing}." for thing in ("tool/financing", "experience/ketal", "entry-way/fairs", "country/peru",
                                                     "product/honey", "project/p104567", "document/toolbox", "agent/ifad")},
}


def told_by(page):
    """Return what the marks of each section of a page open, as paths; what counts opens no passage."""
    found = {}
    for row in rows_of(page):
        marks = {"graph/inferred" if not one or one.startswith("/explain") else one.removeprefix("/") for one in row.marks}
        marks = {one.partition("#")[0] or one for one in marks}  # whichever line of a passage a mark leads to
        found.setdefault(row.section.removesuffix("-more"), set()).update(
            one for one in marks if not one.startswith(("queries/", "#")))
    return found


def told_in(rows):
    """Return what rows of JSON or CSV name as saying or disputing them or a value in them, as paths."""
    named = [value for row in rows for column, value in row.items() if column.endswith(("said_in", "disputed")) and value]
    return {iri.removeprefix(BASE) for value in named for iri in (value if isinstance(value, list) else [value])
            if iri.startswith((BASE + "id/passage/", BASE + "graph/", BASE + "id/discrepancy/"))}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("address", PAGES)
def test_data_when_taken_from_a_page_then_each_passage_that_a_mark_opens_is_in_it(address, language, server):
    asked = {"headers": {"Accept-Language": language}}
    seen = told_by(server.get(address, "text/html", **asked).text)
    sections = server.get(PAGES[address] + "json", **asked).json()["sections"]
    rows = list(csv.DictReader(io.StringIO(server.get(PAGES[address] + "csv", **asked).text)))
    both = seen.keys() & sections.keys()
    assert both >= sections.keys() - {"way"}  # which stands above the sections
    assert any(seen[name] for name in both)
    for name, section in sections.items():
        assert seen.get(name, set()) <= told_in(section["rows"]), name
        assert told_in(row for row in rows if row["section"] == section["title"]) == told_in(section["rows"])


@pytest.mark.parametrize(("address", "column"), [
    ("/path?entry_way=fairs", "objective"), ("/path?entry_way=fairs", "response"), ("/map", "country"),
    ("/id/tool/financing", "target_group")])
def test_value_when_it_has_passages_of_its_own_then_they_stand_beside_it_in_every_format(address, column, server):
    tree = server.get(PAGES[address] + "json").json()["sections"]
    in_tree = {iri for section in tree.values() for row in section["rows"] for iri in row.get(f"{column}_said_in", ())}
    table = list(csv.DictReader(io.StringIO(server.get(PAGES[address] + "csv").text)))
    assert in_tree
    assert {row[f"{column}_said_in"] for row in table} - {""} == in_tree
    assert all(row[column] for row in table if row[f"{column}_said_in"])
    if "format" in PAGES[address]:
        graph = rdflib.Graph().parse(data=server.get(PAGES[address] + "turtle").body, format="turtle")
        told = {str(value) for _, property, value in graph if str(property).endswith(f"#{column}_said_in")}
        assert told == in_tree


def test_path_when_taken_as_data_then_what_the_way_is_and_who_took_it_are_in_it_with_their_passages(server):
    way = server.get("/path?entry_way=fairs&format=json").json()["sections"]["way"]["rows"]
    assert [row["entry_way"].rpartition("/")[2] for row in way] == ["fairs"]
    lead = re.search(r'<p class="lead">(?:(?!</p>).)*?class="mark" href="/([^"#]+)',
                     server.get("/path?entry_way=fairs", "text/html").text.partition('id="way"')[2], re.DOTALL)
    assert lead[1] in told_in(way)
    asked = "/path?who=sector/public&place=country/peru"
    cards = re.findall(r'(?s)<li class="card">.*?</li>', server.get(asked, "text/html").text)
    examples = server.get(f"{asked}&format=json").json()["sections"]["examples"]["rows"]
    assert cards
    for card in cards:
        key = re.search("entry_way=([a-z-]+)", card)[1]
        of_way = [row for row in examples if row["entry_way"].endswith(f"/{key}")]
        assert set(re.findall('href="/(id/experience/[^"]+)"', card)) == {row["experience"].removeprefix(BASE) for row in of_way}
        named = card.partition('<p class="quiet">')[2]
        assert set(re.findall('class="mark" href="/([^"#]+)', named)) == told_in(of_way)


@pytest.mark.parametrize("address", ["/path?entry_way=fairs", "/map", "/projects?country=peru", "/search?q=miel",
                                     "/ask?q=beekeepers+zzz"])
def test_rows_when_in_rdf_then_each_is_called_by_its_language_and_so_is_each_name(address, server):
    rows = {}
    for language in ("en", "es"):
        body = server.get(f"{address}&format=turtle".replace("map&", "map?"), headers={"Accept-Language": language}).body
        graph = rdflib.Graph().parse(data=body, format="turtle")
        rows[language] = {str(row) for row in graph.objects(None, CSVW.row)}
        labels = [value for _, property, value in graph if str(property).endswith(("_label", "#section"))]
        assert labels
        assert all(value.language in ("en", "es") for value in labels)
    assert all("language=es" in row for row in rows["es"]) or "/ask" in address  # which is answered in its own language
    assert all("language=en" in row for row in rows["en"])
    assert not rows["en"] & rows["es"] or "/ask" in address


@pytest.mark.parametrize("language", ["en", "es"])
def test_thing_when_taken_as_json_then_its_name_its_meaning_and_each_section_with_as_many_rows_as_the_page(language, server):
    asked = {"headers": {"Accept-Language": language}}
    for thing in ("tool/financing", "experience/ketal", "country/peru", "theme/trust"):
        told = server.get(f"/id/{thing}.json", **asked)
        assert told.type == "application/json"
        tree, page = told.json(), server.get(f"/id/{thing}", "text/html", **asked).text
        assert tree["thing"] == f"{BASE}id/{thing}"
        assert re.search("<h1[^>]*>([^<]*)<", page)[1] == tree["label"]
        assert tree["definition"][:40] in page
        assert tree["definition_said_in"]
        for name, section in tree["sections"].items():
            assert f'id="{name}">{section["title"]} ' in page or f'id="{name}">{section["title"]}<' in page
            assert section["rows"]
            assert server.get(section["question"].removeprefix(server.address)).status == 200


def test_column_when_a_section_counts_passages_then_its_numbers_and_the_evidence_both_stand_there(server):
    sections = server.get("/id/document/toolbox.json").json()["sections"]
    assert {int(row["passages"]) > 0 for row in sections["holds"]["rows"]} == {True}
    assert all(row["passage"].startswith(BASE) for row in sections["passages"]["rows"])
    for body in (server.get("/id/document/toolbox.csv").text, server.get("/path?entry_way=fairs&format=csv").text):
        columns = next(csv.reader(io.StringIO(body)))
        assert len(set(columns)) == len(columns)


def test_part_when_it_took_too_long_then_rows_are_refused_and_a_tree_says_so(inquiry, amending):
    parts = [Filled(Section(name, name, name, "list_tools_by_phase"), (), [], f"/queries/{name}", late=late)
             for name, late in (("there", False), ("slow", True))]
    app = create_app(inquiry, amending)
    with app.test_request_context("/path"):
        told = parts_given_as(parts, SHOWN[0], "path", {}, "en").json
        assert [told["sections"][name]["late"] for name in ("there", "slow")] == [False, True]
        for format in SHOWN[1:]:
            with pytest.raises(QueryTimeout, match=r"lack a part that took too long: slow.*/queries/slow"):
                parts_given_as(parts, format, "path", {}, "en")
            assert parts_given_as(parts[:1], format, "path", {}, "en").status_code == 200


def test_thing_when_any_json_is_accepted_then_what_is_stated_and_not_what_its_page_says(server):
    assert all("@id" in one for one in server.get("/id/tool/financing", "application/json").json())
    assert "sections" in server.get("/id/tool/financing?format=json").json()
    assert "There is: .ttl" in server.get("/id/tool/financing.pdf").text
    assert ".csv," not in server.get("/graph/toolbox/3-2-8.pdf").text
