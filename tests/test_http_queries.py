"""The catalogue over HTTP: pages of rows, totals, languages, forms of an answer, and what is told of input that will not do."""

import ast
import html
import json
import re
import shlex
import subprocess
import sys

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import CSVW, RDF

from api.snippets import snippets

LONG = "/queries/list_insights"


def links_of(answer):
    links = ", ".join(answer.headers.get_all("Link"))
    return {match[2]: match[1] for match in re.finditer(r'<([^>]*)>; rel="(first|prev|next|last)"', links)}


def rows_of(answer):
    return answer.json()["results"]["bindings"]


def test_pages_when_followed_by_their_links_then_together_they_are_the_whole_answer(server):
    whole = rows_of(server.get(LONG + ".json"))
    found, address = [], LONG + ".json?page=1&page_size=150"
    while address:
        answer = server.get(address)
        assert answer.headers["X-Total-Count"] == str(len(whole))
        found += rows_of(answer)
        links = links_of(answer)
        assert links["first"].endswith("page=1&page_size=150")
        assert links["last"].endswith(f"page={-(-len(whole) // 150)}&page_size=150")
        address = links.get("next")
    assert found == whole
    assert len(whole) > 300


def test_answer_when_no_page_is_asked_for_then_whole_and_without_links_to_parts(server):
    answer = server.get(LONG + ".csv")
    assert "X-Total-Count" not in answer.headers
    assert not links_of(answer)


def test_page_for_people_when_long_then_a_part_with_the_total_and_the_way_on(server):
    page = server.get(LONG, "text/html").text
    total = len(rows_of(server.get(LONG + ".json")))
    assert f"Rows 1 to 100 of {total}" in page
    assert 'rel="next">Next</a>' in page
    assert len(re.findall("<tr>", page)) == 101


@pytest.mark.parametrize(("fields", "status", "told"), [
    ("page=900", 404, "page=900 is past the end: there are"),
    ("page=0", 422, "page=0 will not do: a whole number from 1"),
    ("page=two", 422, "page=two will not do"),
    ("page=1&page_size=10001", 422, "page_size=10001 will not do: a whole number from 1 to 10000"),
    ("page=99999999999999999999", 422, "will not do"),
    ("pgae=1", 422, "list_insights has no parameter pgae. It takes: "),
    ("theme=theme/trusty", 422, "Did you mean trust"),
    ("language=fr", 422, "language=fr will not do: en or es is expected"),
])
def test_request_when_it_will_not_do_then_never_an_empty_table(fields, status, told, server):
    answer = server.get(f"{LONG}.json?{fields}")
    assert answer.status == status
    assert told in answer.json()["detail"]


def test_page_when_nothing_is_found_then_page_one_is_there_and_empty(server):
    answer = server.get("/queries/find_text.json?words=zzzzzzzz&page=1")
    assert (answer.status, answer.headers["X-Total-Count"], rows_of(answer)) == (200, "0", [])
    assert server.get("/queries/find_text.json?words=zzzzzzzz&page=2").status == 404


def test_labels_when_the_client_prefers_a_language_then_in_it_unless_the_address_says_another(server):
    spanish = server.get("/queries/list_tools_by_phase.csv", headers={"Accept-Language": "es-PE, en;q=0.5"})
    assert "Financiamiento" in spanish.text
    assert spanish.headers["Content-Language"] == "es"
    assert "Accept-Language" in spanish.headers["Vary"]
    named = server.get("/queries/list_tools_by_phase.csv?language=en", headers={"Accept-Language": "es"})
    assert "Financing" in named.text
    assert server.get("/queries/list_tools_by_phase.csv", headers={"Accept-Language": "qu"}).headers["Content-Language"] == "en"
    assert spanish.headers["ETag"] != server.get("/queries/list_tools_by_phase.csv").headers["ETag"]


@pytest.mark.parametrize(("suffix", "format"), [("ttl", "turtle"), ("jsonld", "json-ld"), ("nt", "nt"), ("rdf", "xml")])
def test_rows_when_asked_for_as_rdf_then_each_says_the_same_as_in_json(suffix, format, server):
    path = "/queries/list_project_finance"
    name = "https://w3id.org/cocina-par/queries/list_project_finance#"
    graph = Graph().parse(data=server.get(f"{path}.{suffix}").body, format=format)
    (table,) = graph.subjects(RDF.type, CSVW.Table)
    rows = {int(graph.value(row, CSVW.rownum)): graph.value(row, CSVW.describes) for row in graph.objects(table, CSVW.row)}
    expected = rows_of(server.get(path + ".json"))
    assert sorted(rows) == list(range(1, len(expected) + 1))
    for number, row in enumerate(expected, 1):
        values = {str(p).removeprefix(name): o for p, o in graph.predicate_objects(rows[number])}
        assert {column: str(value) for column, value in values.items()} == {c: b["value"] for c, b in row.items()}
        for column, value in values.items():
            assert isinstance(value, URIRef) == (row[column]["type"] == "uri")
            assert getattr(value, "language", None) == row[column].get("xml:lang")


def test_rows_when_a_page_is_asked_for_as_rdf_then_they_keep_their_numbers(server):
    graph = Graph().parse(data=server.get(f"{LONG}.ttl?page=3&page_size=10").body, format="turtle")
    assert sorted(int(number) for number in graph.objects(None, CSVW.rownum)) == list(range(21, 31))


@pytest.mark.parametrize(("fields", "has", "lacks"), [
    ("area=gaps", "list_empty_cells", "show_cell"),
    ("about=tool/financing", "show_tool", "list_projects"),
    ("about=experience/ketal", "list_assets", "show_tool"),
    ("words=alianzas+proyectos", "list_projects", "show_cell"),
    ("words=EMPTY+cell", "list_empty_cells", "list_projects"),
])
def test_catalogue_when_narrowed_then_what_fits_and_each_can_be_asked(fields, has, lacks, server):
    found = server.get(f"/queries?{fields}", "application/json").json()
    names = [entry["name"] for entry in found]
    assert has in names
    assert lacks not in names
    for entry in found if "about" in fields else found[:1]:
        status = server.get(entry["ask"], "text/csv").status
        assert status == 200 or any(p["default"] == "required" and p["name"] not in entry["ask"] for p in entry["parameters"])


@pytest.mark.parametrize(("fields", "told"), [
    ("area=cubes", "area=cubes will not do: one of cube, "), ("aera=cube", "/queries has no parameter aera"),
    ("about=tool/finance", "the graph says nothing of"), ("about=%00", "an IRI is expected")])
def test_catalogue_when_narrowed_by_what_will_not_do_then_told(fields, told, server):
    answer = server.get(f"/queries?{fields}", "application/json")
    assert answer.status == 422
    assert told in answer.json()["detail"]


def test_catalogue_when_read_by_people_then_by_area_and_a_search_that_finds_nothing_says_so(server):
    page = server.get("/queries", "text/html").text
    assert page.index('id="cube"') < page.index('id="gaps"')
    assert "No question here fits that" in server.get("/queries?words=zzzz", "text/html").text
    assert json.loads(server.get("/queries?words=zzzz", "application/json").body) == []


def test_catalogue_when_asked_for_in_either_language_then_pages_lead_on_in_it_and_data_with_one_tag_are_the_same(server):
    english, spanish = (server.get("/queries", "application/json", headers={"Accept-Language": one}) for one in ("en", "es"))
    assert english.headers["ETag"] == spanish.headers["ETag"]
    assert english.body == spanish.body
    for path in ("/", "/queries"):
        page = server.get(path, "text/html", headers={"Accept-Language": "es"}).text
        assert 'href="/queries/list_stages?language=es"' in page or path == "/"
        assert "?language=en" not in re.sub('<link rel="alternate" hreflang=[^>]*>', "", page)


def test_page_of_a_query_when_opened_then_what_asks_it_from_elsewhere_gives_the_same_answer(server, tmp_path):
    page = html.unescape(server.get("/queries/list_tool_experiences?tool=financing", "text/html").text)
    blocks = dict(re.findall(r"<h3>([\w ]+)</h3><pre>(.*?)</pre>", page, re.DOTALL))
    expected = server.get("/queries/list_tool_experiences.csv?tool=financing").text
    assert set(blocks) == {"curl", "Python", "R", "Command line"}
    (address,) = set(re.findall(r"https?://[^\"' ]+", blocks["Python"] + blocks["R"]))
    assert address.startswith(server.address)
    assert server.get(address.removeprefix(server.address)).text == expected
    program = blocks["Python"] + "\nprint(len(answer))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(expected.splitlines()) - 1
    for suffix in ("csv", "ttl"):
        assert f'href="/queries/list_tool_experiences.{suffix}?language=en&tool=financing' in page
    assert "1 row" in page or " rows" in page


@pytest.mark.parametrize("value", ["'; rm -rf /; '", '"); stop("', "$(id)", "\\", "`id`"])
def test_snippets_when_a_value_is_hostile_then_it_stays_a_value(value):
    address = "http://here/queries/find_text.csv?words=" + value
    texts = dict(snippets(address, "find_text", {"words": value}))
    assert shlex.split(texts["curl"]) == ["curl", "-s", address]
    assert shlex.split(texts["Command line"]) == ["parkg", "query", "find_text", f"words={value}"]
    assert ast.literal_eval(re.search(r"read_csv\((.*)\)", texts["Python"])[1]) == address
