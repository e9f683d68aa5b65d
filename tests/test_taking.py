"""What a reader takes along: one page of every kind has its formats, permalink and citation, and each gives what is seen."""

import csv
import html
import io
import json
import re
import urllib.parse

import pytest
import rdflib

from api.negotiation import CITATIONS, GRAPHS, JSON, NAMES, QUADS, RESULTS
from tests.desk import HONEY, THING, publish

SCHEMA = "https://schema.org/"
CSVW = rdflib.Namespace("http://www.w3.org/ns/csvw#")
BASE = "https://w3id.org/cocina-par"
TYPES = {NAMES[one.key]: {one.type, *(other.type for other in JSON if one.key == "json")}
         for one in (*RESULTS, *GRAPHS, *QUADS) if one.key in NAMES}
# Types of schema.org that these pages may name, as its vocabulary of 2024 has them.
KNOWN = {"Article", "BreadcrumbList", "Claim", "Country", "CreativeWork", "DataDownload", "Dataset", "DefinedTerm", "EntryPoint",
         "HowTo", "HowToStep",
         "ListItem", "Organization", "Person", "Place", "Product", "Project", "SearchAction", "Thing", "WebSite"}
# A page of every kind, and what shows that it has rows: a pattern of which there is one for each row, or nothing.
ROWS = {
    "/cube": "",
    "/cube?rows=tool&columns=country&slices=&country=peru": "",
    "/search?q=honey&kind=": r"(?s)<li><a href=\"[^\"]+\"(?: lang=\"..\")?>[^<]+</a> <a class=\"quiet\"",
    "/ask?q=which+tools+did+Maqueo+use": r"<tr>\s*<td",
    "/ask?q=beekeepers+zzz": r"<li lang=\"..\"><a",
    "/queries/list_tools_by_phase": r"<tr>\s*<td",
    "/queries/show_cell?tool=financing&entry_way=entire-chain": r"<tr>\s*<td",
    "/path?entry_way=fairs": "",
    "/path?who=sector/public&place=country/peru": r'class="mark"',
    "/path/canvas?entry_way=chefs": "",
    "/path/canvas?case=experience/ketal": "",
    "/compare?case=experience/ketal&case=experience/maqueo": r'class="mark(?: own)?"',
    "/map?count=cases": "",
    "/projects?country=brazil": "",
    "/coverage?document=toolbox": "",
}
GRAPHED = ("/id/tool/financing", "/id/entry-way/fairs", "/id/approach/innovation", "/id/product/honey", "/id/country/peru",
           "/id/place/ayacucho", "/id/project/p041642", "/id/document/toolbox", "/id/theme/trust", "/id/experience/ketal",
           "/id/passage/toolbox/3-2-8", "/graph/toolbox/3-2-8", "/ontology", "/ontology/toolbox")
OTHERS = ("/", "/about", "/coverage", "/projects", "/queries", "/download", "/revisions",
          "/sparql?query=SELECT+%2A+%7B+%3Fs+a+%3Fclass+%7D+ORDER+BY+%3Fs+%3Fclass+LIMIT+3",
          "/explain?s=experience/ketal&p=par:isExampleOf&o=tool/associativity")


def page(server, address, language="en"):
    answer = server.get(address, "text/html", headers={"Accept-Language": language})
    assert answer.status == 200, (address, answer.text[-500:])
    return answer.text


def taken(text):
    """Return what stands under "Take it with you": the address of each link by its text, and the citation."""
    (section,) = re.findall(r'<section class="taken">.*?</section>', text, re.DOTALL)
    links = {html.unescape(name): html.unescape(at) for at, name in re.findall(r'href="([^"]*)"[^>]*>([^<]*)<', section)}
    (citation,) = re.findall(r"<pre>(.*?)</pre>", section, re.DOTALL)
    return links, html.unescape(citation)


def linked(text):
    return [json.loads(block) for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)]


def rows_of(body, format):
    """Return the rows of a table in RDF, in their order, as what is said of each: IRI, text or None by column."""
    graph = rdflib.Graph().parse(data=body, format=format)
    found = []
    for _, row in sorted((int(number), row) for row, number in graph.subject_objects(CSVW.rownum)):
        described = graph.value(row, CSVW.describes)
        found.append({str(column).partition("#")[2]: str(value) for column, value in graph.predicate_objects(described)})
    return found


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("address", [*ROWS, *GRAPHED, *OTHERS])
def test_page_when_opened_then_its_formats_permalink_and_citation_are_there_and_answer(address, language, server):
    text = page(server, address, language)
    links, citation = taken(text)
    permalink = links["Enlace permanente" if language == "es" else "Permalink"]
    path, _, asked = permalink.partition("?")
    fields = urllib.parse.parse_qsl(asked, keep_blank_values=True)
    assert path == address.partition("?")[0]
    assert all(value for _, value in fields)
    assert ("revision", "1") in fields
    assert [name for name, _ in fields if name != "revision"] == sorted(name for name, _ in fields if name != "revision")
    assert taken(page(server, permalink, language)) == (links, citation)
    title = html.unescape(re.search("<title>(.*?) · ", text)[1])
    whole = address in ("/about", "/download")
    number, made = ("Revisión 1", "En: ") if language == "es" else ("Revision 1", "In: ")
    for said in (*(() if whole else (title, made, BASE + permalink)), "COCINA PAR", number, "CC-BY-4.0"):
        assert said in citation, said
    assert re.search(r"\(20\d\d\)\. .* 20\d\d-\d\d-\d\d", citation)
    for name, form in zip(("Texto" if language == "es" else "Text", "BibTeX", "CITATION.cff"), CITATIONS, strict=True):
        answer = server.get(links[name], headers={"Accept-Language": language})
        assert (answer.status, answer.type) == (200, form.type)
        assert answer.text.strip() == citation if form.key == "text" else "CC-BY-4.0" in answer.text
    given = {name: links[name] for name in links if name in NAMES.values()}
    assert address == "/" or address == "/about" or given
    for name, there in given.items():
        answer = server.get(there)
        assert (answer.status, answer.type in TYPES[name]) == (200, True), (there, answer.type)
        assert f'href="{html.escape(there)}"' in text.partition("</head>")[0]


@pytest.mark.parametrize("address", ROWS)
def test_data_when_taken_from_a_page_then_every_format_has_the_rows_that_are_seen(address, server):
    text = page(server, address)
    links = taken(text)[0]
    seen = list(csv.DictReader(io.StringIO(server.get(links["CSV"]).text)))
    assert seen
    there = [{column: value.replace("\r\n", "\n") for column, value in row.items() if value} for row in seen]
    for name, format in (("Turtle", "turtle"), ("JSON-LD", "json-ld")):
        assert rows_of(server.get(links[name]).body, format) == there
    if ROWS[address]:
        assert len(re.findall(ROWS[address], text.partition('<section class="taken">')[0])) == len(there)
    shown = html.unescape(text)
    for row in there[:40]:  # what things are called stands on the page
        assert all(value in shown or value.capitalize() in shown for column, value in row.items()
                   if column in ("thing_label", "experience_label", "tool_label", "entry_way_label"))
    tree = server.get(links["JSON"]).json()
    assert in_tree(tree) == len({tuple(sorted((k, v) for k, v in row.items() if not k.endswith("said_in"))) for row in there}
                                if "sections" in tree else there)


def in_tree(tree):
    """Return how many rows a tree has: of a query's answer, a search, a cube, or the sections of a page."""
    if "sections" in tree:
        return sum(len(one["rows"]) for one in tree["sections"].values())
    if "cells" in tree:
        return len(tree["cells"])
    if tree.get("answer"):
        tree = tree["answer"]["results"]
    return len(tree["results"]["bindings"] if "results" in tree else tree["found"])


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("address", [*ROWS, *GRAPHED, *OTHERS, "/revisions/1", "/contributions/new"])
def test_page_when_a_machine_reads_it_then_schema_org_and_the_crumbs_that_are_seen(address, language, server):
    text = page(server, address, language)
    graph = rdflib.Graph()
    for block in linked(text):
        assert block["@context"] == SCHEMA
        graph.parse(data=json.dumps({**block, "@context": {"@vocab": SCHEMA}}), format="json-ld")
    types = {str(one).removeprefix(SCHEMA) for one in graph.objects(None, rdflib.RDF.type)}
    assert types
    assert types <= KNOWN
    trail = [block for block in linked(text) if block["@type"] == "BreadcrumbList"]
    crumbs = re.findall(r'<p class="crumbs">(.*?)</p>', text, re.DOTALL)
    assert len(trail) == len(crumbs) == (address != "/")
    for block, seen in zip(trail, crumbs, strict=True):
        told = [(html.unescape(name), f"{server.address}{html.unescape(at)}" if at else None)
                for at, name in re.findall(r'(?:href="([^"]*)"|aria-current="page")>([^<]*)<', seen)]
        steps = [(step["name"], step.get("item")) for step in block["itemListElement"]]
        assert [step for step in steps if step[1] or step == steps[-1]] == told
        assert [step["position"] for step in block["itemListElement"]] == list(range(1, len(steps) + 1))


@pytest.mark.parametrize(("address", "type"), [
    ("/", "WebSite"), ("/download", "Dataset"), ("/about", "Dataset"), ("/id/experience/ketal", "Article"),
    ("/id/tool/financing", "HowTo")])
def test_page_when_of_a_thing_or_the_whole_then_its_type_in_schema_org(address, type, server):
    assert linked(page(server, address))[0]["@type"] == type


def test_work_when_read_by_a_machine_then_who_made_it_when_and_the_steps_of_a_tool_as_its_page_has_them(server):
    tool, case = (page(server, address, "es") for address in ("/id/tool/financing", "/id/experience/ketal"))
    revision = server.get("/revisions?format=json").json()["revisions"][0]
    for text in (tool, case):
        told = linked(text)[0]
        assert told["dateModified"] == revision["made"][:10]
        assert all(one["name"] in taken(text)[1] for one in told["author"])
    assert linked(case)[0]["headline"] == linked(case)[0]["name"]
    (steps,) = re.findall(r'(?s)<h2 id="steps">.*?</table>', tool)
    assert [one["position"] for one in linked(tool)[0]["step"]] == list(range(1, 1 + len(linked(tool)[0]["step"])))
    assert len(linked(tool)[0]["step"]) == 7
    assert all(html.escape(one["name"], quote=False) in steps for one in linked(tool)[0]["step"])


def test_agents_and_lessons_when_read_by_a_machine_then_typed_as_their_class_says_and_a_claim_names_its_passage(server, rows):
    for of_class, type in (("Person", "Person"), ("Organization", "Organization"), ("AgentGroup", "Thing"),
                           ("Programme", "Project"), ("Lesson", "Claim")):
        no_other = "" if of_class == "Programme" else "FILTER NOT EXISTS { ?s a par:Programme }"
        ((thing, *_), *_) = rows(f"SELECT ?s {{ ?s a par:{of_class} {no_other} }} ORDER BY ?s LIMIT 1")
        told = linked(page(server, f"/id/{thing}"))[0]
        assert told["@type"] == type, thing
        assert ("appearance" in told) == (type == "Claim")
        assert told.get("appearance", {"@id": "/id/passage/"})["@id"].partition("/id/passage/")[1]


def test_site_and_files_when_read_by_a_machine_then_the_search_works_and_each_file_is_there(server):
    site, files = (linked(page(server, address))[0] for address in ("/", "/download"))
    search = site["potentialAction"]["target"]["urlTemplate"].replace("{words}", "honey").removeprefix(server.address)
    assert "honey" in page(server, search)
    there = {file["name"]: file["sha256"] for file in server.get("/download?format=json").json()["files"]}
    assert {one["name"]: one["sha256"] for one in files["distribution"]} == there
    assert all(server.ask("HEAD", one["contentUrl"].removeprefix(server.address)).status == 200 for one in files["distribution"])


@pytest.mark.parametrize("address", ["/search", "/ask", "/path", "/compare", "/queries/show_cell"])
def test_page_when_nothing_is_asked_yet_then_nothing_to_take_and_a_citation_is_refused(address, server):
    assert '<section class="taken">' not in page(server, address)
    refused = server.get(f"{address}?format=bibtex", "text/html")
    assert refused.status == 422


def test_permalink_when_the_graph_has_changed_then_the_page_is_of_then_and_a_contributed_case_is_cited_as_its_version(desk):
    noted = {address: taken(page(desk.server, address))[0]["Permalink"]
             for address in ("/cube", "/id/tool/financing", "/search?q=x")}
    assert not any("how it stood" in page(desk.server, address) for address in noted.values())
    publish(desk, HONEY)
    for address in noted.values():
        assert re.search(r'how it stood in revision <a href="/revisions/1">1</a>', page(desk.server, address))
    assert f"{BASE}{THING}?version=1" in taken(page(desk.server, THING))[1]
    assert desk.server.get(f"{THING}.txt").text == desk.server.get(f"{THING}/citation.txt").text
    assert desk.server.get("/cube?revision=none", "text/html").status == 422


@pytest.mark.parametrize("address", [*ROWS, *GRAPHED, *OTHERS])
def test_page_when_there_are_other_languages_then_it_names_itself_in_each_and_there_it_is(server, address):
    named = dict(re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', page(server, address)))
    assert set(named) == {"en", "es", "x-default"}
    for language, place in named.items():
        own = html.unescape(place).removeprefix(server.address)
        assert own.startswith("/")
        other = "es" if language == "en" else "en"  # what the browser prefers gives way to what the address names
        assert f'<html lang="{"en" if language == "x-default" else language}">' in page(server, own, other)
