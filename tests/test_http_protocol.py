"""SPARQL over a real socket with real clients: each way to ask, each format, each fault."""

import socket
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

import pandas
import pytest
import rdflib
import SPARQLWrapper

from tests.asking import COUNT, FORM, PREFIXES, ask_path

ASK = PREFIXES + "ASK { ?e par:inCountry id:country\\/peru }"
CONSTRUCT = PREFIXES + "CONSTRUCT { ?e par:inCountry ?c } WHERE { ?e a par:SystematizedExperience ; par:inCountry ?c }"
DESCRIBE = PREFIXES + "DESCRIBE id:tool\\/financing"


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


@pytest.mark.parametrize("how", ["get", "form", "form and address", "direct"])
def test_dataset_when_chosen_each_way_of_the_protocol_then_the_same(server, how):
    graphs = [("default-graph-uri", "https://w3id.org/cocina-par/graph/toolbox/1"),
              ("default-graph-uri", "https://w3id.org/cocina-par/graph/toolbox/tools-by-entry-ways"),
              ("named-graph-uri", "https://w3id.org/cocina-par/graph/ontology")]
    query = PREFIXES + """SELECT ?n ?c (COUNT(DISTINCT ?g) AS ?graphs) {
        { SELECT (COUNT(DISTINCT ?a) AS ?n) (COUNT(DISTINCT ?e) AS ?c)
          { { ?a a par:ToolApplication } UNION { ?e a par:SystematizedExperience ; par:inCountry ?x } } }
        GRAPH ?g { ?s ?p ?o } } GROUP BY ?n ?c"""
    chosen = urllib.parse.urlencode(graphs)
    asked = urllib.parse.urlencode({"query": query})
    if how == "get":
        answer = server.get(f"/sparql?{asked}&{chosen}", "text/csv")
    elif how == "form":
        answer = server.post("/sparql", f"{asked}&{chosen}".encode(), FORM, "text/csv")
    elif how == "form and address":
        answer = server.post(f"/sparql?{chosen}", asked.encode(), FORM, "text/csv")
    else:
        answer = server.post(f"/sparql?{chosen}", query.encode(), "application/sparql-query; charset=utf-8", "text/csv")
    assert answer.text.split()[1] == "111,13,1"


def test_dataset_when_only_named_graphs_are_chosen_then_the_default_graph_is_empty(server):
    path = ask_path("ASK { ?s ?p ?o }", **{"named-graph-uri": "https://w3id.org/cocina-par/graph/toolbox/1"})
    assert server.get(path, "application/json").json()["boolean"] is False


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


def test_syntax_error_when_sent_then_line_column_and_the_line_are_in_the_problem(server):
    answer = server.get(ask_path("SELECT * {\n  ?s ?p ?o .\n  FILTER(foo(?x)) }"), "application/sparql-results+json")
    assert (answer.status, answer.type) == (400, "application/problem+json")
    problem = answer.json()
    assert (problem["line"], problem["column"]) == (3, 20)
    assert "FILTER(foo(?x))" in problem["detail"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(("send", "status"), [
    (lambda s: s.get("/sparql", "application/sparql-results+json"), 406),
    (lambda s: s.get(ask_path(COUNT), "image/png"), 406),
    (lambda s: s.post("/sparql", b"query", "text/plain"), 415),
    (lambda s: s.post("/sparql", b"\xff", "application/sparql-query"), 400),
    (lambda s: s.post("/sparql", "ASK {}".encode("utf-16"), "application/sparql-query; charset=UTF-16"), 400),
    (lambda s: s.post("/sparql", "ASK {}".encode("utf-16-be"), "application/sparql-query"), 400),
    (lambda s: s.post("/sparql", b"ASK {}", "application/sparql-query; charset=latin-1"), 400),
    (lambda s: s.post("/sparql", b"query=ASK{}%23%FF", FORM), 400),
    (lambda s: s.post("/sparql", b"query=ASK{}#\xff", FORM), 400),
    (lambda s: s.get("/sparql?query=ASK{}%23%FF"), 400),
    (lambda s: s.post("/sparql", b"query=ASK{}&query=ASK{}", FORM), 400),
    (lambda s: s.post("/sparql?query=ASK{}", b"query=ASK{}", FORM), 400),
    (lambda s: s.post("/sparql?query=ASK{}", b"ASK{}", "application/sparql-query"), 400),
    (lambda s: s.get("/sparql?query=ASK{}&query=ASK{}"), 400),
    (lambda s: s.get("/sparql?query="), 400),
    (lambda s: s.get("/sparql?default-graph-uri=http://example.org/"), 400),
    (lambda s: s.get("/sparql?update=CLEAR%20ALL"), 400),
    (lambda s: s.post("/sparql", b"", FORM), 400),
    (lambda s: s.post("/sparql", b"", "application/sparql-query"), 400),
    (lambda s: s.ask("POST", "/sparql?query=ASK{}"), 415),
    (lambda s: s.ask("POST", "/sparql", Content_Type="application/sparql-query", Content_Encoding="br"), 415),
    (lambda s: s.get(ask_path("ASK {}", **{"default-graph-uri": "not an IRI"})), 400),
    (lambda s: s.get("/sparql?" + "a&" * 20_000 + "query=ASK{}"), 400),
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
    (lambda s: s.get(ask_path("SELECT (<http://f>(1) AS ?x) {}")), 501),
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


@pytest.mark.parametrize("accept", ["text/csv;charset=utf-8", "text/csv; header=present, application/json;q=0.1"])
def test_type_when_accepted_with_parameters_then_given(server, accept):
    assert server.get(ask_path(COUNT), accept).type == "text/csv"


def test_options_when_a_browser_of_another_site_asks_then_it_may_post_a_query(server):
    request = urllib.request.Request(server.address + "/sparql", method="OPTIONS", headers={"Origin": "http://elsewhere.example"})
    answer = server.send(request)
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(("line", "status"), [
    ("GET /search?q=ñam&language=es HTTP/1.1".encode(), 200), ("GET /id/tool/financiación HTTP/1.1".encode(), 404),
    (b"GET /sparql?query=ASK{}%23\xf1 HTTP/1.1", 400), ("GET /sparql?query=ASK{}%23ñ HTTP/1.1".encode(), 200)])
def test_address_when_letters_beyond_ascii_stand_in_it_as_they_are_then_read_as_utf_8(server, line, status):
    """curl and others send what was typed; browsers encode it."""
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(line + b"\r\nHost: localhost\r\nAccept: application/json\r\nConnection: close\r\n\r\n")
        told = b"".join(iter(lambda: client.recv(65536), b""))
    assert told.startswith(b"HTTP/1.1 %d " % status)
    if b"language=es" in line:
        assert "Ñam".encode() in told
