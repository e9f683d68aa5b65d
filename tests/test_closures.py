"""The closure of the rules against HermiT's, over everything that ships: the same statements, the same answers to every query."""

import pytest

from kg.build import shipped_sources, stated_triples
from kg.load import load, read_closure
from kg.names import INFERRED_GRAPH, OWL_IMPORTS, PREFIXES
from kg.reason import infer, read_rules
from kg.settings import shipped
from kg.store.engine import Question, answer, open_revision
from kg.store.rdf import NamedNode, Quad, Triple, n_triples
from kg.store.revisions import DataFolder
from tests.test_queries import CATALOGUE

TYPE = PREFIXES["rdf"] + "type"
NOT_OF_DL = {PREFIXES["rdfs"] + "label", PREFIXES["rdfs"] + "subClassOf", PREFIXES["rdfs"] + "subPropertyOf"}


@pytest.fixture(scope="module")
def by_hermit(java, tmp_path_factory):
    """What HermiT says of every individual: its classes and its values of every property, those at the top aside."""
    file = tmp_path_factory.mktemp("hermit") / "merged.nt"
    sources = shipped_sources()
    file.write_bytes(n_triples(t for t in [*stated_triples(sources), *read_closure(sources)] if t.predicate.value != OWL_IMPORTS))
    manager = java("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(java("java.io.File")(str(file)))
    configuration = java("org.semanticweb.HermiT.Configuration")()
    configuration.ignoreUnsupportedDatatypes = True
    reasoner = java("org.semanticweb.HermiT.Reasoner")(configuration, ontology)
    assert reasoner.isConsistent()
    found = set()
    individuals = list(ontology.getIndividualsInSignature())
    for thing in individuals:
        found |= {(str(thing.getIRI()), TYPE, str(c.getIRI())) for c in reasoner.getTypes(thing, False).getFlattened()
                  if not c.isOWLThing()}
    for property in ontology.getObjectPropertiesInSignature():
        if property.isOWLTopObjectProperty():
            continue
        for thing in individuals:
            values = reasoner.getObjectPropertyValues(thing, property).getFlattened()
            found |= {(str(thing.getIRI()), str(property.getIRI()), str(value.getIRI())) for value in values}
    assert len(individuals) > 3000
    return {Triple(*map(NamedNode, triple)) for triple in found}


@pytest.fixture(scope="module")
def by_rules():
    """What the sources state, in its graphs, and what the rules infer from that alone."""
    sources = shipped_sources()
    stated = load(sources).quads
    return {"stated": stated, "inferred": set(infer({quad.triple for quad in stated}, read_rules(sources.rules)))}


def test_closures_when_compared_then_the_rules_miss_nothing_that_hermit_says(by_hermit, by_rules):
    everything = {quad.triple for quad in by_rules["stated"]} | by_rules["inferred"]
    assert len(by_hermit) > 30_000
    assert not by_hermit - everything


def test_closures_when_compared_then_the_rules_say_nothing_of_things_that_hermit_does_not(by_hermit, by_rules):
    of_things = {t for t in by_rules["inferred"] if t.predicate.value not in NOT_OF_DL}
    assert len(of_things) > 10_000
    more = of_things - by_hermit
    assert not more, sorted(map(str, more))[:20]


def test_queries_when_asked_of_both_closures_then_the_same_answers(by_hermit, by_rules, tmp_path):
    """Two revisions; in the second what is inferred of things is HermiT's."""
    stated = {quad.triple for quad in by_rules["stated"]}
    inferred = (by_hermit - stated) | {t for t in by_rules["inferred"] if t.predicate.value in NOT_OF_DL}
    stores = []
    for name, found in (("rules", by_rules["inferred"]), ("hermit", inferred)):
        quads = [Quad(t.subject, t.predicate, t.object, NamedNode(INFERRED_GRAPH)) for t in found]
        data = DataFolder(tmp_path / name)
        data.commit(name, lambda name: True, by_rules["stated"] + quads)
        stores.append(open_revision(data.directory(data.current())))
    assert len(list(shipped("queries").glob("*.rq"))) == len(CATALOGUE.all())
    differing = [query.name for query in CATALOGUE.all()
                 if len({answer(store, Question(query.bound(query.example), "csv")) for store in stores}) > 1]
    assert not differing
