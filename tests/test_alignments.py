"""Alignment with other vocabularies: every foreign IRI was checked by its label, and no more is said of it than may be."""

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from kg.build import shipped_sources, stated_triples
from kg.errors import OntologyInconsistent
from kg.load import load
from kg.names import BASE, EDITORIAL_GRAPH, PREFIXES, RDFS_LABEL
from kg.reason import infer, read_rules
from kg.store.rdf import Literal, NamedNode, Quad, read_file
from tests.machine import ROOT

ALIGNMENTS = sorted((ROOT / "ontology").glob("align_*.ttl"))
MATCHES = {PREFIXES["skos"] + kind + "Match" for kind in ("exact", "close", "broad", "narrow", "related")}
# What every module of ours says in its header and declarations; who else is named in an alignment must have been checked.
OF_EVERY_FILE = (BASE, PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"], "https://creativecommons.org/licenses/")
SUBCLASS_OF = PREFIXES["rdfs"] + "subClassOf"
MAY_BE_ABOVE = (BASE, PREFIXES["prov"], PREFIXES["skos"], "http://www.w3.org/ns/org#", "http://purl.org/net/p-plan#",
                "http://www.opengis.net/ont/geosparql#")
HEADER = """@prefix par: <https://w3id.org/cocina-par/ontology#> .
@prefix id: <https://w3id.org/cocina-par/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix agrovoc: <http://aims.fao.org/aos/agrovoc/> .
@prefix schema: <https://schema.org/> .
"""


@pytest.fixture(scope="module")
def checked():
    with (ROOT / "tests/data/external_iris.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def alignments():
    return [quad for path in ALIGNMENTS for quad in read_file(path)]


@pytest.fixture(scope="module")
def editorial():
    graph = NamedNode(EDITORIAL_GRAPH)
    return [quad for quad in load(shipped_sources()).quads if quad.graph_name == graph]


@pytest.fixture
def seeded(tmp_path: Path):
    """Return a function from Turtle to its quads."""
    def read(turtle):
        (tmp_path / "seeded.ttl").write_text(HEADER + turtle, encoding="utf-8")
        return read_file(tmp_path / "seeded.ttl")
    return read


def named(quads: Iterable[Quad]) -> set[str]:
    """Return every foreign IRI that stands as subject or object."""
    return {term.value for quad in quads for term in (quad.subject, quad.object)
            if isinstance(term, NamedNode) and not term.value.startswith(OF_EVERY_FILE)}


def matched(quads: Iterable[Quad]) -> set[str]:
    """Return every foreign IRI that something is matched with."""
    return named(q for q in quads if q.predicate.value in MATCHES)


def unlike_the_table(iris: set[str], quads: Iterable[Quad], rows: list[dict[str, str]]) -> list[str]:
    """Return each of the IRIs that no row has, that is matched and has no label, or that is called other than in its row."""
    quads = list(quads)
    label_of = {row["iri"]: row["label"] for row in rows}
    called: dict[str, set[str]] = {}
    for quad in quads:
        if quad.predicate.value == RDFS_LABEL and isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            called.setdefault(quad.subject.value, set()).add(f"{quad.object.value}@{quad.object.language}")
    return ([f"{iri}: not checked" for iri in sorted(iris - set(label_of))]
            + [f"{iri}: matched, but without a label" for iri in sorted(matched(quads) - set(called))]
            + [f"{iri}: called {sorted(called[iri])}, checked as {label_of[iri]}"
               for iri in sorted(iris & set(called) & set(label_of)) if called[iri] != {label_of[iri] + "@en"}])


def above_that_may_not_be(quads: Iterable[Quad]) -> list[str]:
    return [str(q.triple) for q in quads if q.predicate.value == SUBCLASS_OF and isinstance(q.object, NamedNode)
            and not q.object.value.startswith(MAY_BE_ABOVE)]


def same_as(quads: Iterable[Quad]) -> list[str]:
    return [str(q.triple) for q in quads if PREFIXES["owl"] + "sameAs" in (q.predicate.value, getattr(q.object, "value", ""))]


def test_alignments_when_counted_then_there_are_files_matches_and_rows(alignments, editorial, checked):
    assert len(ALIGNMENTS) >= 5
    assert len(matched(alignments)) >= 40
    assert len(matched(editorial)) >= 60
    assert len(checked) >= 100


def test_table_when_read_then_each_iri_once_and_every_field_filled(checked):
    assert len({row["iri"] for row in checked}) == len(checked)
    assert all(set(row) == {"iri", "label", "vocabulary", "checked_in"} and all(row.values()) for row in checked)


def test_table_when_read_then_a_vocabulary_is_one_namespace_checked_in_one_way(checked):
    ways = {(row["vocabulary"], row["iri"][:max(row["iri"].rfind(end) for end in "#/")], row["checked_in"]) for row in checked}
    assert len(ways) == len({row["vocabulary"] for row in checked})


def test_alignments_when_compared_with_the_table_then_every_iri_was_checked(alignments, checked):
    assert not unlike_the_table(named(alignments), alignments, checked)


def test_editorial_matches_when_compared_with_the_table_then_every_iri_was_checked(editorial, checked):
    assert not unlike_the_table(matched(editorial), editorial, checked)


def test_table_when_compared_with_what_is_used_then_every_row_is(alignments, editorial, checked):
    assert {row["iri"] for row in checked} == named(alignments) | matched(editorial)


@pytest.mark.parametrize(("turtle", "fault"), [
    ('id:a skos:exactMatch agrovoc:c_6139 . agrovoc:c_6139 rdfs:label "potatoes"@en .', "not checked"),
    ('id:a skos:exactMatch agrovoc:c_11091 . agrovoc:c_11091 rdfs:label "potatoes"@en .', "checked as garlic"),
    ('id:a skos:broadMatch agrovoc:c_13551 . agrovoc:c_13551 rdfs:label "Potatoes"@en .', "checked as potatoes"),
    ('id:a skos:exactMatch agrovoc:c_13551 . agrovoc:c_13551 rdfs:label "potatoes"@es .', "checked as potatoes"),
    ('id:a skos:exactMatch agrovoc:c_13551 . agrovoc:c_13551 rdfs:label "potatoes"@en , "papas"@en .', "checked as potatoes"),
    ("id:a skos:closeMatch agrovoc:c_13551 .", "without a label"),
    ("par:Person rdfs:subClassOf schema:Thing .", "not checked"),
])
def test_comparison_when_a_fault_is_seeded_then_found(turtle, fault, seeded, checked):
    quads = seeded(turtle)
    found = unlike_the_table(named(quads), quads, checked)
    assert len(found) == 1
    assert fault in found[0]


def test_alignments_when_a_class_is_put_below_another_then_only_of_the_five_vocabularies(alignments):
    assert sum(q.predicate.value == SUBCLASS_OF for q in alignments) >= 10
    assert not above_that_may_not_be(alignments)


def test_alignments_when_a_class_is_put_below_one_of_schema_org_then_found(seeded):
    assert above_that_may_not_be(seeded("par:Product rdfs:subClassOf schema:Product ."))


def test_files_when_searched_then_nothing_is_the_same_as_anything():
    quads = [q for path in shipped_sources().files() if path.suffix in (".ttl", ".trig") for q in read_file(path)]
    assert len(quads) > 10_000
    assert not same_as(quads)


def test_search_when_a_same_as_is_seeded_then_found(seeded):
    assert same_as(seeded("id:a owl:sameAs agrovoc:c_13551 ."))


@pytest.mark.parametrize("contradiction", [
    "id:a a par:Case , <http://purl.org/net/p-plan#Plan> .",
    "id:a a par:Role , par:Organization .",
])
def test_alignments_when_a_case_is_a_plan_or_a_role_a_body_then_refused(contradiction, alignments, seeded):
    rules = read_rules(shipped_sources().rules)
    infer([q.triple for q in alignments], rules)
    with pytest.raises(OntologyInconsistent):
        infer([q.triple for q in [*alignments, *seeded(contradiction)]], rules)


def test_tool_and_its_step_when_inferred_then_a_plan_and_a_step_of_it():
    triples = stated_triples(shipped_sources())
    found = {(t.subject.value, t.predicate.value) for t in infer(triples, read_rules(shipped_sources().rules))
             if isinstance(t.object, NamedNode) and t.object.value == BASE + "id/tool/financing"}
    assert any(predicate == "http://purl.org/net/p-plan#isStepOfPlan" for _, predicate in found)
