"""What leaves for another store: names written out, the dataset ours, and nothing that only a store would understand."""

import pytest

from kg.errors import QueryMalformed, QueryUnsupported
from kg.store.outgoing import outgoing

UNION, ONE = "urn:x-parkg:revision:1", "https://w3id.org/cocina-par/graph/toolbox/1"


def sent(query, graphs=(ONE,), default_graphs=(), named_graphs=()):
    return " ".join(outgoing(query, default_graphs, named_graphs).text(UNION, graphs).split())


@pytest.mark.parametrize(("query", "text"), [
    ("SELECT * { ?s ?p ?o }", f"SELECT * FROM <{UNION}> {{ ?s ?p ?o }}"),
    ("PREFIX e: <http://e/#>\nSELECT ?s # e:x\nWHERE { ?s e:p 'e:q' , <id/a> }",
     f"SELECT ?s FROM <{UNION}> WHERE {{ ?s <http://e/#p> 'e:q' , <https://w3id.org/cocina-par/id/a> }}"),
    ("BASE <http://e/a/>PREFIX : <b#>ASK{:x <c> :y\\-z}", f"ASK FROM <{UNION}> {{<http://e/a/b#x> <http://e/a/c> <http://e/a/b#y-z>}}"),
    ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", f"CONSTRUCT {{ ?s ?p ?o }} FROM <{UNION}> {{ ?s ?p ?o }}"),
    ("CONSTRUCT WHERE { ?s ?p ?o }", f"CONSTRUCT FROM <{UNION}> WHERE {{ ?s ?p ?o }}"),
    ("DESCRIBE <http://e/a>", f"DESCRIBE <http://e/a> FROM <{UNION}>"),
    ("DESCRIBE <http://e/a> LIMIT 1", f"DESCRIBE <http://e/a> FROM <{UNION}> LIMIT 1"),
    ("SELECT (EXISTS { ?s ?p ?o } AS ?e) { }", f"SELECT (EXISTS {{ ?s ?p ?o }} AS ?e) FROM <{UNION}> {{ }}"),
    ("SELECT * { GRAPH ?g { ?s ?p ?o } }", f"SELECT * FROM <{UNION}> FROM NAMED <{ONE}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"),
    ("SELECT * FROM <graph/a> FROM NAMED <graph/b> { GRAPH <graph/b> { } }",
     "SELECT * FROM <https://w3id.org/cocina-par/graph/a> FROM NAMED <https://w3id.org/cocina-par/graph/b> "
     "{ GRAPH <https://w3id.org/cocina-par/graph/b> { } }"),
    ("SELECT * FROM NAMED <graph/b> { ?s ?p ?o }",
     "SELECT * FROM <urn:x-parkg:none> FROM NAMED <https://w3id.org/cocina-par/graph/b> { ?s ?p ?o }"),
    ("ASK { GRAPH <urn:secret> { } }", f"ASK FROM <{UNION}> FROM NAMED <{ONE}> {{ GRAPH <urn:x-parkg:none> {{ }} }}"),
    ("ASK { GRAPH <urn:secret> { ?s ?p ?o } }", f"ASK FROM <{UNION}> FROM NAMED <{ONE}> FROM NAMED <urn:x-parkg:none> "
                                                "{ GRAPH <urn:x-parkg:none> { ?s ?p ?o } }"),
])
def test_query_when_it_leaves_then_its_names_and_its_dataset_are_written_out(query, text):
    assert sent(query) == text


def test_dataset_when_the_request_chooses_one_then_that_and_not_the_one_in_the_text():
    assert sent("ASK FROM <graph/b> { ?s ?p ?o }", default_graphs=(ONE,)) == f"ASK FROM <{ONE}> {{ ?s ?p ?o }}"


@pytest.mark.parametrize("query", [
    "SELECT * FROM <urn:secret> { ?s ?p ?o }",
    "SELECT * FROM NAMED <urn:secret> { GRAPH ?g { ?s ?p ?o } }",
    "PREFIX s: <urn:> SELECT * FROM s:secret { ?s ?p ?o }",
    "PREFIX s: <urn:> SELECT * fRoM # <graph/a>\n nAmEd s:secret { ?s ?p ?o }",
    "SELECT * FROM <urn:secr\\u0065t> { ?s ?p ?o }",
    "BASE <urn:> SELECT * FROM <secret> { ?s ?p ?o }",
    "SELECT * FROM <graph/a> FROM <urn:secret> { ?s ?p ?o }",
    "PREFIX : <urn:> ASKFROM:secret { ?s ?p ?o }",
    "PREFIX : <urn:> SELECT *FROM:secret { ?s ?p ?o }",
    "PREFIX : <urn:> SELECT * FROM NAMED:secret { GRAPH ?g { ?s ?p ?o } }",
    "PREFIX : <urn:> SELECT * { FILTER(trueGRAPH:secret) }",
    "ASKFROM <urn:secret> { { SELECT * { ?s ?p ?o } } }",
    "SELECT * { ?s ?p trueGRAPH <urn:secret> { ?a ?b ?c } }",
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { sErViCe SILENT <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * {#\nSERVICE#\n<http://127.0.0.1/>{ ?s ?p ?o } }",
    "PREFIX e: <http://127.0.0.1/> SELECT * { SERVICEe:x { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE <http://127.0.0.1/> { ?a ?b ?c } }",
])
def test_query_when_it_reaches_for_what_is_not_ours_then_refused(query):
    with pytest.raises(QueryMalformed):
        sent(query)


@pytest.mark.parametrize("graphs", [{"default_graphs": ("urn:secret",)}, {"named_graphs": (ONE, "urn:secret")}])
def test_request_when_it_chooses_what_is_not_ours_then_refused(graphs):
    with pytest.raises(QueryMalformed, match="urn:secret"):
        sent("ASK { ?s ?p ?o }", **graphs)


@pytest.mark.parametrize("query", [
    "SELECT (<bif:http_get>('http://127.0.0.1/') AS ?x) { }",
    "PREFIX b: <bif:> SELECT (b:file_to_string('/etc/passwd') AS ?x) { }",
    "PREFIX b: <bI\\u0066:> SELECT (b:exec('x') AS ?x) { }",
    "SELECT * { FILTER(false && <SQL:x>(1)) }",
])
def test_query_when_it_calls_a_procedure_of_a_store_then_refused(query):
    with pytest.raises(QueryUnsupported):
        sent(query)
