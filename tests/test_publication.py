"""A publication as one change of a revision: its graphs, their union, what follows, all of it or nothing."""

import shutil

import pytest
from pyoxigraph import Store

from bench.generate import graph_of, shipped_values, synthetic
from kg.build import shipped_sources
from kg.errors import OntologyInconsistent
from kg.load import load
from kg.names import INFERRED_GRAPH, OFFER_GRAPH
from kg.reason import infer, read_rules
from kg.store.engine import open_revision
from kg.store.partitions import partitions
from kg.store.publication import Publication
from kg.store.rdf import NamedNode, n_triples
from kg.store.revisions import DataFolder
from kg.store.writers import Writer

AN_ENTRY_WAY = (b"<https://w3id.org/cocina-par/id/tool/financing> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
                b"<https://w3id.org/cocina-par/ontology#EntryWay> .\n")


@pytest.fixture(scope="module")
def rules():
    return read_rules(shipped_sources().rules)


@pytest.fixture
def copy(folder, tmp_path):
    found = DataFolder(tmp_path / "var")
    shutil.copytree(folder.path, found.path)
    return found


@pytest.fixture(scope="module")
def writer():
    writer = Writer(20)
    yield writer
    writer.close()


def publication(graphs, rules):
    return Publication(tuple(graphs.items()), tuple(r.law() for r in rules if not r.contradicts),
                       tuple(r.law() for r in rules if r.contradicts))


def assert_kept(folder, rules):
    """The default graph is the union of the public graphs, and what is inferred is what a full run infers."""
    quads = list(open_revision(folder.directory(folder.current())))
    named = [quad for quad in quads if isinstance(quad.graph_name, NamedNode)]
    apart = {NamedNode(INFERRED_GRAPH), NamedNode(OFFER_GRAPH)}
    inferred = {quad.triple for quad in named if quad.graph_name == NamedNode(INFERRED_GRAPH)}
    stated = {quad.triple for quad in named if quad.graph_name not in apart}
    assert inferred == set(infer(stated, rules))
    assert {quad.triple for quad in quads if not isinstance(quad.graph_name, NamedNode)} == {quad.triple for quad in named}
    offered = {quad.triple for quad in named if quad.graph_name == NamedNode(OFFER_GRAPH)}
    counted = set(partitions(stated | inferred))
    assert counted
    subjects = {one.subject for one in counted}
    assert {triple for triple in offered if triple.subject in subjects} == counted


def test_experience_when_published_changed_and_withdrawn_then_each_revision_is_what_a_build_would_make(copy, rules, writer):
    quads = list(synthetic(2, shipped_values(load(shipped_sources()).quads)))
    first, second = ([quad.triple for quad in quads if quad.graph_name.value == graph_of(number)] for number in (0, 1))
    before = set(open_revision(copy.directory(copy.current())))
    _, changed = copy.change(publication({graph_of(0): n_triples(first), graph_of(1): n_triples(second)}, rules), writer)
    assert {"https://w3id.org/cocina-par/id/experience/synthetic-0"} <= changed.moved.told
    assert changed.moved.inferred
    assert not changed.moved.gone
    assert_kept(copy, rules)
    _, changed = copy.change(publication({graph_of(0): n_triples(first[: len(first) // 2])}, rules), writer)
    assert changed.moved.gone
    assert_kept(copy, rules)
    copy.change(publication({graph_of(0): b"", graph_of(1): b""}, rules), writer)
    assert set(open_revision(copy.directory(copy.current()))) == before


def test_contradiction_when_published_then_refused_and_the_revision_is_the_one_before(copy, rules, writer):
    before = copy.current()
    with pytest.raises(OntologyInconsistent, match="tool/financing"):
        copy.change(publication({graph_of(0): AN_ENTRY_WAY}, rules), writer)
    assert copy.current() == before
    assert not list((copy.path / "revisions").glob("*.partial"))
    assert Store.read_only(str(copy.directory(before)))
