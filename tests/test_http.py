"""The HTTP face over a real socket with real clients."""

import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

import pandas
import pytest
import rdflib
import SPARQLWrapper

from kg.store.rdf import Literal, NamedNode, Quad
from kg.store.readers import READERS
from kg.store.revisions import DataFolder
from tests.conftest import PARKG, PREFIXES, children_of, is_alive, start_server

COUNT = PREFIXES + "SELECT (COUNT(*) AS ?n) { ?a a par:ToolApplication }"
ASK = PREFIXES + "ASK { ?e par:inCountry id:country\\/peru }"
CONSTRUCT = PREFIXES + "CONSTRUCT { ?e par:inCountry ?c } WHERE { ?e a par:SystematizedExperience ; par:inCountry ?c }"
DESCRIBE = PREFIXES + "DESCRIBE id:tool\\/financing"
FORM = "application/x-www-form-urlencoded"


def ask_path(query, **more):
    return "/sparql?" + urllib.parse.urlencode({"query": query, **more})


@pytest.mark.parametrize("how", ["get", "form", "direct"])
def test_query_when_sent_each_way_of_the_protocol_then_answered(server, how):
    if how == "get":
        answer = server.get(ask_path(COUNT), "text/csv")
    elif how == "form":
        answer = server.post("/sparql", urllib.parse.urlencode({"query": COUNT}).encode(), FORM, "text/csv")
    else:
        answer = server.post("/sparql", COUNT.encode(), "application/sparql-query", "text/csv")
    assert (answer.status, answer.type) == (200, "text/csv")
    assert answer.text.split() == ["n", "111"]


def test_select_when_asked_in_each_format_then_the_same_number(server):
    as_json = server.get(ask_path(COUNT), "application/sparql-results+json")
    assert as_json.type == "application/sparql-results+json"
    assert as_json.json()["results"]["bindings"][0]["n"] == {
        "type": "literal", "value": "111", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}
    as_xml = server.get(ask_path(COUNT), "application/sparql-results+xml")
    assert as_xml.type == "application/sparql-results+xml"
    assert ElementTree.fromstring(as_xml.body).find(".//{*}literal").text == "111"
    as_tsv = server.get(ask_path(COUNT), "text/tab-separated-values")
    assert (as_tsv.type, as_tsv.text.split()) == ("text/tab-separated-values", ["?n", "111"])
    assert server.get(ask_path(COUNT)).type == "application/sparql-results+json"
    assert server.get(ask_path(COUNT, format="csv"), "application/json").type == "text/csv"


def test_ask_when_asked_in_json_and_xml_then_true(server):
    assert server.get(ask_path(ASK), "application/sparql-results+json").json()["boolean"] is True
    xml = server.get(ask_path(ASK), "application/sparql-results+xml")
    assert ElementTree.fromstring(xml.body).find("{*}boolean").text == "true"


@pytest.mark.parametrize(("type", "parser"), [("text/turtle", "turtle"), ("application/n-triples", "nt"),
                                              ("application/ld+json", "json-ld"), ("application/rdf+xml", "xml")])
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
def test_graph_when_asked_in_each_format_then_another_library_reads_the_same_triples(server, rows, type, parser, query):
    answer = server.get(ask_path(query), type)
    assert (answer.status, answer.type) == (200, type)
    read = rdflib.Graph().parse(data=answer.body, format=parser)
    lines = server.get(ask_path(query), "application/n-triples").body
    assert set(read) == set(rdflib.Graph().parse(data=lines, format="nt"))
    described = rows("SELECT (COUNT(*) AS ?n) { id:tool\\/financing ?p ?o }")
    assert len(read) == {CONSTRUCT: 13, DESCRIBE: int(described[0][0])}[query] > 12


def test_dataset_when_the_request_chooses_graphs_then_only_these_are_read(server):
    graph = "https://w3id.org/cocina-par/graph/toolbox/1"
    query = PREFIXES + "SELECT (COUNT(*) AS ?n) { ?e a par:SystematizedExperience ; par:inCountry ?c }"
    assert server.get(ask_path(query, **{"default-graph-uri": graph}), "text/csv").text.split() == ["n", "13"]
    assert server.get(ask_path(COUNT, **{"default-graph-uri": graph}), "text/csv").text.split() == ["n", "0"]
    named = PREFIXES + "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert server.get(ask_path(named, **{"named-graph-uri": graph}), "text/csv").text.split() == ["n", "1"]


def test_sparqlwrapper_when_it_reads_then_rows_and_graphs_arrive(server):
    client = SPARQLWrapper.SPARQLWrapper(server.address + "/sparql")
    client.setQuery(PREFIXES + "SELECT ?e ?c { ?e a par:SystematizedExperience ; par:inCountry ?c } ORDER BY ?e")
    client.setReturnFormat(SPARQLWrapper.JSON)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert len(rows) == 13
    assert rows[0]["e"]["value"].endswith("id/experience/campos-de-hielo")
    client.setMethod(SPARQLWrapper.POST)
    assert len(client.queryAndConvert()["results"]["bindings"]) == 13
    client.setQuery(CONSTRUCT)
    for format in (SPARQLWrapper.TURTLE, SPARQLWrapper.RDFXML, SPARQLWrapper.JSONLD):
        client.setReturnFormat(format)
        graph = client.queryAndConvert()
        graph = graph if isinstance(graph, rdflib.Graph) else rdflib.Graph().parse(data=graph, format="turtle")
        assert len(graph) == 13


def test_pandas_when_it_reads_a_query_of_the_catalogue_and_sparql_then_a_frame(server):
    frame = pandas.read_csv(server.address + ask_path(COUNT, format="csv"))
    assert frame.n[0] == 111
    frame = pandas.read_csv(server.address + "/queries/count_cells_by_country.csv")
    assert frame.experiences.sum() == 111
    assert list(frame.columns[:2]) == ["experiences", "tool"]


@pytest.mark.parametrize(("suffix", "parser"), [("ttl", "turtle"), ("jsonld", "json-ld"), ("nt", "nt"), ("rdf", "xml")])
def test_thing_when_asked_by_suffix_then_it_is_described(server, suffix, parser):
    graph = rdflib.Graph().parse(data=server.get(f"/id/experience/ketal.{suffix}").body, format=parser)
    ketal = rdflib.URIRef("https://w3id.org/cocina-par/id/experience/ketal")
    par = rdflib.Namespace("https://w3id.org/cocina-par/ontology#")
    assert (ketal, par.inCountry, rdflib.URIRef("https://w3id.org/cocina-par/id/country/bolivia")) in graph
    assert len(list(graph.objects(ketal, par.usesTool))) == 8
    assert len(list(graph.subjects(par.ofExperience, ketal))) == 12


def test_thing_when_a_browser_asks_then_a_page_with_its_label_and_passages(server):
    page = server.get("/id/experience/ketal", "text/html,application/xhtml+xml,*/*;q=0.8")
    assert page.type == "text/html"
    assert "<h1 lang=\"en\">Ketal Supermarkets</h1>" in page.text
    assert 'href="/graph/toolbox/tools-by-entry-ways"' in page.text
    spanish = server.get("/id/experience/ketal", "text/html", headers={"Accept-Language": "es-BO,es;q=0.9,en;q=0.5"})
    assert "<h1 lang=\"es\">Supermercados Ketal</h1>" in spanish.text
    assert "Accept-Language" in spanish.headers["Vary"]


def test_thing_when_turtle_or_json_ld_is_accepted_then_given(server):
    assert server.get("/id/tool/financing", "text/turtle").type == "text/turtle"
    assert server.get("/id/tool/financing", "application/ld+json").type == "application/ld+json"
    assert server.get("/id/tool/financing", "image/png").status == 406


def test_graph_and_ontology_when_asked_then_what_they_hold(server):
    graph = rdflib.Graph().parse(data=server.get("/graph/toolbox/tools-by-entry-ways.ttl").body, format="turtle")
    applications = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef("https://w3id.org/cocina-par/ontology#ToolApplication")))
    assert len(applications) == 111
    ontology = rdflib.Graph().parse(data=server.get("/ontology", "text/turtle").body, format="turtle")
    assert (rdflib.URIRef("https://w3id.org/cocina-par/ontology#Tool"), rdflib.RDF.type, rdflib.OWL.Class) in ontology
    assert 'id="EntryWay"' in server.get("/ontology", "text/html").text


@pytest.mark.parametrize("path", ["/", "/queries", "/sparql", "/queries/show_cell", "/queries/list_experiences", "/ontology",
                                  "/queries/show_cell?tool=financing&entry_way=entire-chain", "/id/country/peru",
                                  "/graph/toolbox/2-3", "/id/passage/toolbox/3-2-1"])
def test_page_when_opened_then_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(server, path):
    page = server.get(path, "text/html")
    assert (page.status, page.type) == (200, "text/html")
    loaded = re.findall(r'(?:src|action)="([^"]+)"|<link\b[^>]*href="([^"]+)"', page.text)
    assert not [link for links in loaded for link in links if link and not link.startswith("/")]
    for link in set(re.findall(r'(?:href|src|action)="([^"]+)"', page.text)):
        target = link.replace("&amp;", "&").partition("#")[0]
        if target.startswith("/"):
            assert server.get(urllib.parse.quote(target, "/?&=:%.-_"), "text/html,*/*").status == 200, link
        else:
            assert link.startswith(("http://", "https://")), link


def test_editor_when_asked_without_javascript_then_a_table_or_the_place_of_the_fault(server):
    page = server.get(ask_path(COUNT), "text/html")
    assert "<td>111</td>" in page.text
    fault = server.get(ask_path("SELECT * {\n ?s ?p"), "text/html")
    assert fault.status == 400
    assert "line 2, column" in fault.text


def test_syntax_error_when_sent_then_line_column_and_the_line_are_in_the_problem(server):
    answer = server.get(ask_path("SELECT * {\n  ?s ?p ?o .\n  FILTER(foo(?x)) }"), "application/sparql-results+json")
    assert (answer.status, answer.type) == (400, "application/problem+json")
    problem = answer.json()
    assert (problem["line"], problem["column"]) == (3, 20)
    assert "FILTER(foo(?x))" in problem["detail"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(("send", "status"), [
    (lambda s: s.get("/sparql", "application/json"), 400),
    (lambda s: s.get(ask_path(COUNT), "image/png"), 406),
    (lambda s: s.post("/sparql", b"query", "text/plain"), 415),
    (lambda s: s.post("/sparql", b"\xff", "application/sparql-query"), 400),
    (lambda s: s.post("/sparql", b"query=ASK{}&query=ASK{}", FORM), 400),
    (lambda s: s.get(ask_path("INSERT DATA { <a:b> <a:b> 1 }")), 400),
    (lambda s: s.get(ask_path("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")), 400),
    (lambda s: s.get("/id/tool/nothing", "text/turtle"), 404),
    (lambda s: s.get("/id/tool/financing.xlsx"), 404),
    (lambda s: s.get("/id/tool/a%20b"), 404),
    (lambda s: s.get("/queries/show_cel"), 404),
    (lambda s: s.get("/queries/show_cell.csv?tool=finance&entry_way=fairs"), 422),
    (lambda s: s.get("/nowhere"), 404),
    (lambda s: s.post("/", b"", FORM), 405),
    (lambda s: s.post("/sparql", b"x" * (2 << 20), "application/sparql-query"), 413),
    (lambda s: s.post("/sparql", b"SELECT " + b"a." * 100_000, "application/sparql-query"), 413),
    (lambda s: s.get(ask_path("SELECT (<http://f>(1) AS ?x) {}")), 400),
    (lambda s: s.get(ask_path("SELECT * {#\rSERVICE <http://127.0.0.1:9/> {?a ?b ?c}\n}")), 400),
])
def test_fault_when_made_then_problem_details_with_its_status_and_a_word_on_what_to_do(server, send, status):
    answer = send(server)
    assert (answer.status, answer.type) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["status"] == status
    assert len(problem["detail"]) > 15
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_update_text_when_sent_then_nothing_changes(server):
    assert server.post("/sparql", b"update=" + urllib.parse.quote("DROP ALL").encode(), FORM).status == 400
    assert server.post("/sparql", b"DROP ALL", "application/sparql-update").status == 415
    assert server.post("/sparql", b"DROP ALL", "application/sparql-query").status == 400
    assert server.get(ask_path(COUNT), "text/csv").text.split() == ["n", "111"]


def test_prefix_when_not_declared_then_the_line_to_write_is_given(server):
    problem = server.get(ask_path("SELECT * {\n ?s par:usesTool ?o }"), "application/json").json()
    assert (problem["line"], problem["column"]) == (2, 5)
    assert "PREFIX par: <https://w3id.org/cocina-par/ontology#>" in problem["detail"]


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_endless_query_when_asked_then_ended_at_the_limit_while_others_are_answered(server):
    answers = []
    started = time.monotonic()
    thread = threading.Thread(target=lambda: answers.append((server.get(ask_path(ENDLESS)), time.monotonic() - started)))
    thread.start()
    time.sleep(0.3)
    assert server.get(ask_path(COUNT), "text/csv").status == 200
    assert time.monotonic() - started < 2
    thread.join()
    answer, seconds = answers[0]
    assert answer.status == 503
    assert "limit of 2 s" in answer.json()["detail"]
    assert answer.headers["Retry-After"]
    assert 2 <= seconds < 4


@pytest.mark.parametrize("query", [
    "SELECT * { FILTER(" + "(" * 45_000 + "1" + ")" * 45_000 + ") }",
    "SELECT * { " + "{" * 45_000 + "}" * 45_000 + " }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g",
], ids=["brackets", "groups", "sort of a cross product"])
def test_query_that_would_end_a_process_when_asked_then_only_it_fails(server, query):
    answer = server.post("/sparql", query.encode(), "application/sparql-query")
    assert answer.status in (400, 503)
    assert server.get(ask_path(COUNT), "text/csv").text.split() == ["n", "111"]


def test_page_when_the_answer_is_too_large_for_one_then_it_says_how_to_get_it(server):
    values = " ".join(map(str, range(45)))
    query = f"SELECT * {{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} VALUES ?c {{ {values} }} }}"
    page = server.get(ask_path(query), "text/html")
    assert page.status == 422
    assert "Ask for it as CSV" in page.text
    assert server.get(ask_path(query), "text/csv").text.count("\n") == 45**3 + 1


def test_page_when_the_request_chooses_a_graph_then_it_shows_that(server):
    graph = "https://w3id.org/cocina-par/graph/toolbox/1"
    page = server.get(ask_path(COUNT, **{"default-graph-uri": graph}), "text/html")
    assert "<td>0</td>" in page.text


@pytest.mark.parametrize("accept", ["text/csv;charset=utf-8", "text/csv; header=present, application/json;q=0.1"])
def test_type_when_accepted_with_parameters_then_given(server, accept):
    assert server.get(ask_path(COUNT), accept).type == "text/csv"


def test_reader_when_it_dies_idle_then_the_next_query_is_answered(folder):
    server = start_server(folder.path)
    try:
        for pid in children_of(server.process.pid):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.3)
        assert [server.get(ask_path(COUNT), "text/csv").status for _ in range(READERS)] == [200] * READERS
    finally:
        server.end()


def test_revision_when_put_in_the_place_of_another_then_served_and_when_damaged_then_told(folder, tmp_path):
    copy = DataFolder(tmp_path / "var")
    shutil.copytree(folder.path, copy.path)
    server = start_server(copy.path)
    try:
        assert server.get(ask_path(COUNT), "text/csv").text.split() == ["n", "111"]
        copy.path.rename(tmp_path / "aside")
        node = NamedNode("https://w3id.org/cocina-par/graph/editorial")
        copy.commit("other", lambda _: False, [Quad(node, node, node, node)])
        assert server.get(ask_path(COUNT), "text/csv").text.split() == ["n", "0"]
        (copy.path / "revisions/1/CURRENT").write_text("")
        for reader in children_of(server.process.pid):
            os.kill(reader, signal.SIGKILL)
        time.sleep(0.3)
        answer = server.get(ask_path(COUNT))
        assert answer.status == 503
        assert str(tmp_path) not in answer.text
        assert server.get("/healthz").status == 503
    finally:
        server.end()


def test_catalogue_when_listed_as_json_then_each_query_with_an_address_that_works(server):
    catalogue = server.get("/queries", "application/json").json()
    assert len(catalogue) >= 12
    for query in catalogue:
        answer = server.get(query["example"], "text/csv")
        assert answer.status == 200
        assert next(csv.reader(io.StringIO(answer.text))) == [column["name"] for column in query["columns"]]


def test_healthz_when_asked_then_the_revision(server):
    assert server.get("/healthz").json()["status"] == "ok"


def test_port_when_in_use_then_one_line_says_so_and_what_to_do(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run([*PARKG, "--data", str(tmp_path), "serve", "--port", port], capture_output=True, text=True,
                              check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"Port {port} of 127.0.0.1 is in use" in done.stderr
    assert "PARKG_PORT=8001 make run" in done.stderr


def test_form_when_opened_then_things_are_chosen_by_name_and_found_by_it(server):
    page = server.get("/queries/show_cell", "text/html", headers={"Accept-Language": "es"})
    assert '<option value="financing">Financiamiento</option>' in page.text
    by_name = server.get("/queries/list_tool_experiences.csv?" + urllib.parse.urlencode({"tool": "financiamiento"}))
    assert by_name.body == server.get("/queries/list_tool_experiences.csv?tool=tool/financing").body
    assert by_name.status == 200


@pytest.mark.parametrize("path", ["/queries/list_entry_ways.xlsx", "/queries/list_entry_ways.ttl", "/id/nothing",
                                  "/ontology/nothing", "/graph/toolbox/nothing"])
def test_path_when_there_is_nothing_then_404(server, path):
    assert server.get(path, "text/html").status == 404


def test_module_and_kind_when_asked_then_terms_and_things(server):
    module = rdflib.Graph().parse(data=server.get("/ontology/toolbox.ttl").body, format="turtle")
    par = rdflib.Namespace("https://w3id.org/cocina-par/ontology#")
    assert (par.Tool, rdflib.RDF.type, rdflib.OWL.Class) in module
    assert (par.Document, rdflib.RDF.type, rdflib.OWL.Class) not in module
    assert "Financing" in server.get("/id/tool", "text/html").text


def test_options_when_a_browser_of_another_site_asks_then_it_may_post_a_query(server):
    request = urllib.request.Request(server.address + "/sparql", method="OPTIONS", headers={"Origin": "http://elsewhere.example"})
    answer = server.send(request)
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


def test_page_of_a_query_when_it_takes_too_long_or_there_is_no_graph_then_the_status_says_so(tmp_path):
    from api import create_app
    from kg.catalogue import Catalogue
    from kg.inquire import Inquiry
    from kg.settings import shipped
    from kg.store.readers import Readers
    readers = Readers(1, size=1)
    try:
        client = create_app(Inquiry(DataFolder(tmp_path / "nothing"), readers, Catalogue(shipped("queries")))).test_client()
        answer = client.get("/queries/list_experiences", headers={"Accept": "text/html"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert str(tmp_path) not in answer.text
    finally:
        readers.close()


def test_faulty_data_when_served_then_the_last_good_revision_and_a_word_about_it(folder, checkout, tmp_path):
    copy = DataFolder(tmp_path / "var")
    shutil.copytree(folder.path, copy.path)
    (checkout.data / "toolbox/1.trig").write_text("oops", encoding="utf-8")
    script = ("import kg.console, kg.build; from pathlib import Path; "
              f"kg.console.shipped_sources = lambda _: kg.build.shipped_sources(Path({str(tmp_path / 'checkout')!r})); "
              "from kg.cli import main; main()")
    server = start_server(copy.path, sys.executable, "-c", script, "serve", "--port", "0")
    try:
        assert server.get(ask_path(COUNT), "text/csv").text.split() == ["n", "111"]
        assert "1.trig, line 1" in server.said
        assert "serving revision 1" in server.said
    finally:
        server.end()


def test_server_when_killed_then_its_readers_end_too(folder):
    server = start_server(folder.path)
    pids = children_of(server.process.pid)
    assert len(pids) == READERS
    server.process.kill()
    server.process.communicate()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not [pid for pid in pids if is_alive(pid)]:
            return
        time.sleep(0.2)
    raise AssertionError("readers outlived their server")


def test_new_revision_when_committed_then_the_running_server_answers_from_it(folder, tmp_path):
    copy = DataFolder(tmp_path / "var")
    shutil.copytree(folder.path, copy.path)
    server = start_server(copy.path)
    try:
        seen = server.get("/healthz").json()["revision"]
        node = NamedNode("https://w3id.org/cocina-par/graph/experience/new-one/1")
        copy.commit("by hand", lambda _: False, [Quad(node, NamedNode("http://example.org/p"), Literal("x"), node)])
        answer = server.get(ask_path("ASK { ?s <http://example.org/p> ?o }"), "application/json")
        assert json.loads(answer.body)["boolean"] is True
        assert server.get("/healthz").json()["revision"] == seen + 1
    finally:
        server.end()
