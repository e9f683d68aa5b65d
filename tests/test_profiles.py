"""The ontology is OWL 2 DL, and its core safe for OWL 2 RL, by the OWL API's own checkers, which owlready2 carries."""

import pytest

from kg.build import shipped_sources
from kg.names import OWL_IMPORTS
from kg.store.rdf import n_triples, read_file
from tests.machine import ROOT

PREFIXES = """@prefix par: <https://w3id.org/cocina-par/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
CORE = [p for p in shipped_sources().files() if p.parent.name == "ontology" and p.name != "dl_closure.ttl"]


@pytest.fixture(scope="module")
def checkers(java):
    """Return a function from Turtle and RDF files and the name of a profile to the violations found."""
    manager = java("org.semanticweb.owlapi.apibinding.OWLManager")
    file = java("java.io.File")

    def violations(paths, profile, folder):
        triples = [q.triple for path in paths for q in read_file(path) if q.predicate.value != OWL_IMPORTS]
        (folder / "merged.ttl").write_bytes(n_triples(triples))
        ontology = manager.createOWLOntologyManager().loadOntologyFromOntologyDocument(file(str(folder / "merged.ttl")))
        assert ontology.getAxiomCount() > 100
        report = java(f"org.semanticweb.owlapi.profiles.{profile}")().checkOntology(ontology)
        return [str(violation) for violation in report.getViolations()]

    return violations


def test_core_when_counted_then_every_module_is_in_it():
    assert {p.name for p in CORE} >= {p.name for p in (ROOT / "ontology").glob("*.ttl")} - {"dl_closure.ttl"}


@pytest.mark.parametrize("profile", ["OWL2DLProfile", "OWL2RLProfile"])
def test_ontology_when_checked_then_in_the_profile(checkers, profile, tmp_path):
    assert not checkers(CORE, profile, tmp_path)


@pytest.mark.parametrize(("profile", "seeded"), [
    ("OWL2DLProfile", "par:isWithin a owl:FunctionalProperty ."),
    ("OWL2DLProfile", "par:usesTool a owl:FunctionalProperty ."),
    ("OWL2DLProfile", "par:undeclared rdfs:domain par:Tool . par:Tool rdfs:subClassOf [ a owl:Restriction ; "
                      "owl:onProperty par:undeclared ; owl:someValuesFrom par:Case ] ."),
    ("OWL2RLProfile", "par:Tool rdfs:subClassOf [ a owl:Restriction ; owl:onProperty par:hasStep ; "
                      "owl:someValuesFrom par:ToolStep ] ."),
    ("OWL2RLProfile", "par:Application owl:equivalentClass [ owl:unionOf ( par:ToolApplication par:ApproachApplication ) ] ."),
])
def test_checker_when_a_violation_is_seeded_then_found(checkers, profile, seeded, tmp_path):
    bad = tmp_path / "seeded.ttl"
    bad.write_text(PREFIXES + seeded, encoding="utf-8")
    assert checkers([*CORE, bad], profile, tmp_path)
