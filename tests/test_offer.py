"""What SPARQL editors find by themselves: examples that run as they are, prefixes, classes with their properties."""

import pytest

from kg.catalogue import Catalogue
from kg.names import PREFIXES
from kg.settings import shipped

OFFERED = "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX void: <http://rdfs.org/ns/void#> "
QUERIES = Catalogue(shipped("queries")).all()


def test_examples_when_an_editor_asks_for_them_then_every_query_with_both_questions(inquiry):
    """The query is the one that editors of this convention ask."""
    rows = inquiry.table(OFFERED + """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?example ?comment ?query {
          ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct ?query }""").rows
    assert {(row[0].text.rpartition("/")[2], row[1].text, row[2].text) for row in rows} == {
        (q.name, question, q.bound(q.example)) for q in QUERIES for question in (q.question, q.question_es)}


def test_examples_when_run_as_they_stand_then_each_finds_something(inquiry):
    texts = [row[0].text for row in inquiry.table(OFFERED + "SELECT ?query { ?example sh:select ?query }").rows]
    assert len(texts) == len(QUERIES)
    assert all(inquiry.table(text).rows for text in texts)


def test_prefixes_when_an_editor_asks_for_them_then_ours(inquiry):
    rows = inquiry.table(OFFERED + "SELECT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix }").rows
    assert {row[0].text: row[1].text for row in rows} == PREFIXES


@pytest.mark.parametrize("name", ["Tool", "SystematizedExperience", "Insight", "Quantity"])
def test_classes_when_an_editor_asks_for_them_then_their_things_and_properties_are_as_many_as_there_are(name, inquiry, rows):
    found = inquiry.table(OFFERED + f"""PREFIX par: <{PREFIXES["par"]}> SELECT ?entities ?property ?triples {{
        ?class void:class par:{name} ; void:entities ?entities ; void:propertyPartition ?part .
        ?part void:property ?property ; void:triples ?triples }}""").rows
    assert {row[0].text for row in found} == {rows(f"SELECT (COUNT(*) AS ?n) {{ ?s a par:{name} }}")[0][0]}
    counted = rows(f"SELECT ?p (COUNT(*) AS ?n) {{ ?s a par:{name} ; ?p ?o }} GROUP BY ?p")
    assert {(row[1].text, row[2].text) for row in found} == set(counted)
    assert len(counted) > 3
