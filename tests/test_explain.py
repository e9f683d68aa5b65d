"""Explanation: a stated triple leads to its passages, an inferred one by rules to stated triples; each one inferred can be."""

import random

import pytest

from kg.build import shipped_sources
from kg.explain import explain
from kg.reason import read_rules
from kg.reasons import as_lines, term_of
from kg.store.engine import Opened
from kg.store.rdf import Triple

RULES = read_rules(shipped_sources().rules)


@pytest.fixture(scope="module")
def graph(folder):
    return Opened(folder.directory(folder.current()))


def why(graph, *written):
    subject, property, value = written
    return explain(Triple(term_of(subject), term_of(property), term_of(value, literal=True)), RULES, graph)


def leaves(reason):
    return [leaf for premise in reason.premises for leaf in leaves(premise)] or [reason]


def test_stated_triple_when_explained_then_every_graph_that_states_it(graph):
    reason = why(graph, "experience/ketal", "par:inCountry", "country/bolivia")
    assert [g.removeprefix("https://w3id.org/cocina-par/graph/") for g in reason.graphs] == ["toolbox/1", "toolbox/3-2-3"]
    assert not reason.rule


def test_shortcut_when_explained_then_the_cell_and_its_passage(graph):
    reason = why(graph, "experience/ketal", "par:usesTool", "tool/quality")
    assert reason.rule == "A chain of two properties gives the property that it is a chain of."
    stated = {(str(leaf.triple.predicate.value).rpartition("#")[2], leaf.graphs[0].rpartition("/")[2]) for leaf in leaves(reason)}
    assert stated == {("ofExperience", "tools-by-entry-ways"), ("appliesTool", "tools-by-entry-ways"), ("inverseOf", "ontology")}


@pytest.mark.parametrize("written", [("experience/ketal", "par:usesTool", "tool/financing"),
                                     ("experience/ketal", "par:usesTool", '"x"'), ("experience/nobody", "rdf:type", "par:Tool")])
def test_triple_when_neither_stated_nor_inferred_then_said_so(graph, written):
    reason = why(graph, *written)
    assert not reason.holds
    assert list(as_lines(reason))[-1].strip() == "not stated, not inferred"


def test_inferred_triples_when_a_sample_is_explained_then_each_comes_down_to_stated_ones(graph):
    inferred = graph.construct("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <https://w3id.org/cocina-par/graph/inferred> { ?s ?p ?o } }")
    assert len(inferred) > 1000
    for triple in random.Random(7).sample(sorted(inferred, key=str), 150):
        reason = explain(triple, RULES, graph)
        assert reason.rule, triple
        assert all(leaf.graphs for leaf in leaves(reason)), triple


def test_class_when_asked_with_a_as_turtle_has_it_then_the_rule_of_its_definition(graph):
    reason = why(graph, "experience/ketal", "a", "par:IntermediaryDrivenExperience")
    assert reason.rule.startswith("A class and one value that define another class")
    assert [premise.graphs for premise in reason.premises]
    assert all(premise.graphs for premise in reason.premises)
