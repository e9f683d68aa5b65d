"""Negotiation over a real socket: every route gives each of its formats, says which others there are, and packs long answers."""

import gzip
import urllib.parse

import pytest
import rdflib
import rdflib.compare
import SPARQLWrapper

from tests.asking import COUNT, PREFIXES, ask_path

CONSTRUCT = PREFIXES + "CONSTRUCT { ?e par:inCountry ?c } WHERE { ?e a par:SystematizedExperience ; par:inCountry ?c }"
LONG = PREFIXES + "SELECT ?s ?l { ?s rdfs:label ?l } ORDER BY ?s ?l LIMIT 200"
RESULT_TYPES = {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values",
                "text/html"}
GRAPH_TYPES = {"text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"}
PAGE_TYPES = {"text/html", "text/plain", "application/x-bibtex", "application/yaml"}  # a page, and how it is cited
SHOWN_TYPES = GRAPH_TYPES | PAGE_TYPES | {"application/json", "text/csv"}
QUAD_TYPES = GRAPH_TYPES | {"application/trig", "application/n-quads"}
ROUTES = {
    ask_path(COUNT): RESULT_TYPES | PAGE_TYPES,
    ask_path(CONSTRUCT): QUAD_TYPES,
    "/sparql": GRAPH_TYPES | {"text/html"},
    "/.well-known/void": GRAPH_TYPES,
    "/queries": PAGE_TYPES | {"application/json"},
    "/revisions": PAGE_TYPES | {"application/json"},
    "/queries/list_entry_ways": RESULT_TYPES | GRAPH_TYPES | PAGE_TYPES,
    "/queries/list_tool_experiences?tool=financing": RESULT_TYPES | GRAPH_TYPES | PAGE_TYPES,
    "/id/experience/ketal": QUAD_TYPES | SHOWN_TYPES,
    "/graph/toolbox/1": QUAD_TYPES | PAGE_TYPES,
    "/ontology": QUAD_TYPES | PAGE_TYPES,
    "/ontology/toolbox": QUAD_TYPES | PAGE_TYPES,
    "/": PAGE_TYPES,
    "/cube": SHOWN_TYPES,
    "/search?q=honey": SHOWN_TYPES,
    "/ask?q=which+tools+did+Maqueo+use": SHOWN_TYPES,
    "/path?entry_way=fairs": SHOWN_TYPES,
    "/path/canvas?entry_way=chefs": RESULT_TYPES | GRAPH_TYPES | PAGE_TYPES,
    "/compare?case=experience/ketal&case=experience/gustu": RESULT_TYPES | GRAPH_TYPES | PAGE_TYPES,
}


@pytest.mark.parametrize("path", ROUTES)
def test_route_when_each_type_is_accepted_then_given_and_every_other_is_linked_and_works(server, path):
    for type in ROUTES[path]:
        answer = server.get(path, f"image/png, {type};q=0.5, */*;q=0")
        assert (answer.status, answer.type) == (200, type)
        assert {"Accept", "Accept-Encoding"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
        links = answer.links("alternate")
        given = "application/ld+json" if (path, type) == ("/id/experience/ketal", "application/json") else type  # any JSON
        assert {linked for _, linked in links} == ROUTES[path] - {given}
        for address, linked in links:
            assert server.get(address, type).type == linked


@pytest.mark.parametrize("path", ROUTES)
def test_route_when_nothing_that_it_has_is_accepted_then_406_lists_what_there_is(server, path):
    for accept in ("image/png", "*/*;q=0", "text/*;q=0, application/*;q=0"):
        answer = server.get(path, accept)
        assert (answer.status, answer.type) == (406, "application/problem+json")
        available = answer.json()["available"]
        assert {there["type"] for there in available} == ROUTES[path] == {type for _, type in answer.links("alternate")}
        assert all(type in answer.json()["detail"] for type in ROUTES[path])
        assert all(server.get(there["address"], "image/png").type == there["type"] for there in available)


@pytest.mark.parametrize("path", ROUTES)
def test_route_when_a_browser_asks_then_a_page_wherever_there_is_one(server, path):
    answer = server.get(path, "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8")
    assert answer.status == 200
    assert (answer.type == "text/html") == ("text/html" in ROUTES[path])


@pytest.mark.parametrize(("asked", "type"), [
    ("csv", "text/csv"), ("text/csv", "text/csv"), ("html", "text/html"), ("nonsense", "application/sparql-results+xml"),
    ("turtle", "application/sparql-results+xml"), ("", "application/sparql-results+xml")])
def test_format_when_named_in_the_address_then_it_comes_first_and_an_unknown_one_is_left_out_of_account(server, asked, type):
    path = ask_path(COUNT, format=asked, output="nonsense", results="nonsense")
    assert server.get(path, "application/sparql-results+xml").type == type


def test_sparqlwrapper_when_it_adds_parameters_of_its_own_then_every_form_and_format_is_answered(server):
    client = SPARQLWrapper.SPARQLWrapper(server.address + "/sparql")
    for query, formats in ((COUNT, (SPARQLWrapper.JSON, SPARQLWrapper.XML, SPARQLWrapper.CSV, SPARQLWrapper.TSV)),
                           (CONSTRUCT, (SPARQLWrapper.TURTLE, SPARQLWrapper.RDFXML, SPARQLWrapper.JSONLD, SPARQLWrapper.N3))):
        for format in formats:
            for method in (SPARQLWrapper.GET, SPARQLWrapper.POST):
                client.resetQuery()
                client.setQuery(query)
                client.setMethod(method)
                client.setReturnFormat(format)
                assert client.query().response.status == 200


def test_long_query_when_asked_then_its_address_is_not_repeated_in_every_link(server):
    query = COUNT + " # " + "x" * 4000
    answer = server.get(ask_path(query), "text/csv")
    assert answer.text.split() == ["n", "111"]
    assert not answer.links("alternate")


def test_graphs_when_asked_as_trig_then_each_statement_stands_in_those_that_make_it(server, rows):
    trig = rdflib.Dataset()
    trig.parse(data=server.get("/id/experience/ketal.trig").body, format="trig")
    lines = rdflib.Dataset()
    lines.parse(data=server.get("/id/experience/ketal", "application/n-quads").body, format="nquads")
    found = {(s, p, o, g) for s, p, o, g in trig.quads() if g}
    assert found == {(s, p, o, g) for s, p, o, g in lines.quads() if g}
    counted = rows("""SELECT (COUNT(*) AS ?n) { { GRAPH ?g { id:experience\\/ketal ?p ?o } }
                      UNION { GRAPH ?g { ?s ?p id:experience\\/ketal } } }""")
    assert len(found) == int(counted[0][0]) > 100
    graphs = {str(g) for *_, g in found}
    assert "https://w3id.org/cocina-par/graph/toolbox/tools-by-entry-ways" in graphs
    assert len(graphs) > 3


@pytest.mark.parametrize(("path", "graph"), [("/graph/toolbox/1", "https://w3id.org/cocina-par/graph/toolbox/1"),
                                             ("/ontology", "https://w3id.org/cocina-par/graph/ontology")])
def test_graph_when_asked_as_quads_then_the_same_triples_in_that_graph_alone(server, path, graph):
    quads = rdflib.Dataset()
    quads.parse(data=server.get(path + ".nq").body, format="nquads")
    triples = rdflib.Graph().parse(data=server.get(path + ".nt").body, format="nt")
    assert {str(g) for *_, g in quads.quads() if g} == {graph}
    assert rdflib.compare.isomorphic(quads.graph(rdflib.URIRef(graph)), triples)
    assert len(triples) > 50


def test_module_when_asked_as_quads_then_the_same_triples_stated_and_inferred(server):
    quads = rdflib.Dataset()
    quads.parse(data=server.get("/ontology/toolbox.nq").body, format="nquads")
    triples = rdflib.Graph().parse(data=server.get("/ontology/toolbox.nt").body, format="nt")
    named = {(s, p, o) for s, p, o, g in quads.quads() if g and not isinstance(o, rdflib.BNode)}
    assert named == {triple for triple in triples if not isinstance(triple[2], rdflib.BNode)}
    assert {str(g).rpartition("/")[2] for *_, g in quads.quads() if g} >= {"ontology", "inferred"}


@pytest.mark.parametrize("path", [ask_path(LONG), "/id/experience/ketal", "/queries", "/ontology.nt", "/"])
def test_long_answer_when_gzip_is_accepted_then_packed_and_the_same(server, path):
    accept = "text/csv, text/turtle;q=0.9, application/n-triples;q=0.8, text/html;q=0.5"
    plain = server.ask("GET", path, Accept=accept)
    packed = server.ask("GET", path, Accept=accept, Accept_Encoding="gzip;q=0.5, br")
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.body) < len(plain.body)
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"].startswith("W/") or packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_short_answer_when_gzip_is_accepted_then_plain_unless_that_is_refused(server):
    assert server.ask("GET", ask_path(COUNT), Accept_Encoding="gzip").headers["Content-Encoding"] is None
    forced = server.ask("GET", ask_path(COUNT), Accept_Encoding="gzip, identity;q=0")
    assert forced.headers["Content-Encoding"] == "gzip"
    answer = server.ask("GET", ask_path(COUNT), Accept_Encoding="br, *;q=0")
    assert answer.status == 406
    assert "gzip, identity" in answer.json()["detail"]


def test_error_when_it_is_long_and_gzip_is_accepted_then_it_can_be_read(server):
    path = "/queries/list_tool_experiences.csv?" + urllib.parse.urlencode({"tool": "x" * 2000})
    answer = server.ask("GET", path, Accept_Encoding="gzip")
    assert (answer.status, answer.headers["Content-Encoding"]) == (422, "gzip")
    assert b"will not do" in gzip.decompress(answer.body)
