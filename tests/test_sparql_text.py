"""Query text as tokens: binding touches variables alone, wherever they stand and whatever the value."""

import subprocess
import sys

import pytest

from kg.errors import QueryMalformed
from kg.store.rdf import Literal, NamedNode, Quad
from kg.store.sparql import assigned_variables, bind, query_form, tokens, variables

X = NamedNode("http://example.org/x")

TEXTS = [
    "SELECT ?a { ?a <http://e.org/?a> \"?a\" , '?a' , '''?a'a''' , \"\"\"?a\"\"\" . # ?a\n ?a ex:a.b ?b }",
    "SELECT * { ?s ?p 1.5e3, .5, 3, true, \"x\"@en-GB, \"1\"^^xsd:integer FILTER(?s<?p && ?p>3) }",
    "ASK { _:b1 :p [] ; a ex:a\\-b . $x ?y \"esc \\\" ?y\" }",
    "",
    "SELECT 'unclosed \\",
    'SELECT """unclosed " "" ',
    "a." * 20_000,
    "'\\" * 20_000,
    "a-" * 20_000 + ":",
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_tokens_when_joined_then_the_text_is_whole(text):
    assert "".join(token.text for token in tokens(text)) == text


def test_bind_when_a_variable_stands_in_string_comment_or_iri_then_these_stay():
    text = 'SELECT ?b { ?a <http://e.org/?a> "?a" , \'?a\' , """?a""" . # ?a\n $a ?p ?ab }'
    assert bind(text, {"a": X}) == 'SELECT ?b { <http://example.org/x> <http://e.org/?a> "?a" , \'?a\' , """?a""" . # ?a\n ' \
                                   '<http://example.org/x> ?p ?ab }'


@pytest.mark.parametrize(("before", "after"), [
    ("SELECT ?a { ?a ?p ?o }", "SELECT (<http://example.org/x> AS ?a) { <http://example.org/x> ?p ?o }"),
    ("SELECT (COUNT(?a) AS ?n) { ?a ?p ?o }", "SELECT (COUNT(<http://example.org/x>) AS ?n) { <http://example.org/x> ?p ?o }"),
    ("SELECT ?o { ?a ?p ?o } GROUP BY ?o ?a", "SELECT ?o { <http://example.org/x> ?p ?o } GROUP BY ?o COALESCE(<http://example.org/x>)"),
    ("SELECT ?o { ?a ?p ?o } ORDER BY DESC(?a) ?a LIMIT 1",
     "SELECT ?o { <http://example.org/x> ?p ?o } ORDER BY DESC(<http://example.org/x>) COALESCE(<http://example.org/x>) LIMIT 1"),
    ("SELECT ?o { { SELECT ?a ?o { ?a ?p ?o } } }",
     "SELECT ?o { { SELECT (<http://example.org/x> AS ?a) ?o { <http://example.org/x> ?p ?o } } }"),
])
def test_bind_when_projected_grouped_ordered_or_nested_then_the_text_is_sparql_and_keeps_the_column(before, after):
    assert bind(before, {"a": X}) == after


@pytest.mark.parametrize("value", ['"', "\\", '" } DROP ALL #', "a\nb\r\tc", "'''", "é ñ 🥔", "?a", "\x01", '"@en'])
def test_bind_when_a_text_is_hostile_then_it_arrives_as_the_value_that_it_was(value):
    from pyoxigraph import Store
    store = Store()
    store.extend([Quad(X, X, Literal(value)), Quad(X, X, Literal("another"))])
    found = list(store.query(bind("SELECT ?s ?v { ?s ?p ?v }", {"v": Literal(value)})))
    assert len(found) == 1
    assert found[0]["v"] == Literal(value)


def test_query_form_when_words_hide_in_names_then_the_form_is_found():
    assert query_form("PREFIX select: <http://e.org/ask> # CONSTRUCT\nDESCRIBE select:ask") == "DESCRIBE"


@pytest.mark.parametrize(("query", "line", "column"), [
    ("SELECT * {\n  SERVICE <http://e.org> { ?s ?p ?o } }", 2, 3),
    ("SELECT * { service silent <http://e.org> { ?s ?p ?o } }", 1, 12),
    ("INSERT DATA { <a:b> <a:b> 1 }", 1, 1),
    ("SELECT * {#\rSERVICE <http://e.org> { ?s ?p ?o }\n}", 1, 13),
    ("SELECT * { SERVICESILENT<http://e.org>{ ?s ?p ?o } }", 1, 12),
    ("PREFIX s:<http://e.org> SELECT * { SERVICEs:x { ?s ?p ?o } }", 1, 36),
    ("SELECT * { <http://a/\\u0041#x> ?p ?o SERVICE <http://e.org> { ?s ?p ?o } }", 1, 38),
    ("SELECT * { <http://a/\\u0041'> ?p ?o SERVICE <http://e.org> { ?s ?p ?o } . <http://b/'> ?q ?r }", 1, 37),
])
def test_query_form_when_it_reaches_out_or_writes_then_refused_with_its_place(query, line, column):
    with pytest.raises(QueryMalformed) as caught:
        query_form(query)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_query_form_when_service_is_a_name_then_it_is_allowed():
    assert query_form('SELECT ?service { ?service <http://e.org/SERVICE> "SERVICE" . ?s ex:service _:service }') == "SELECT"


def test_variables_when_listed_then_none_of_strings_and_those_assigned_are_known():
    text = "SELECT (1 AS ?n) { ?s $p '?no' VALUES ?v { 1 } VALUES (?a ?b) { (1 2) } BIND(2 AS ?m) }"
    assert variables(text) == {"n", "s", "p", "v", "a", "b", "m"}
    assert assigned_variables(text) == {"n", "v", "a", "b", "m"}


def test_seal_when_namespaces_are_denied_then_the_filter_keeps_sockets_away():
    code = ("import ctypes, socket; from kg.store.sandbox import seal_by_filter; assert seal_by_filter(ctypes.CDLL(None))\n"
            "try: socket.socket()\nexcept PermissionError: print('sealed')")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "sealed\n", done.stderr
