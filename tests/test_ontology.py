"""Hygiene of the ontology and the data: each rule is a query whose rows are failures, and each fires on a bad example."""

import re

import pytest

from kg.build import shipped_sources, stated_triples
from kg.load import load
from kg.names import ONTOLOGY_GRAPH, OWL_IMPORTS
from kg.store.engine import Scratch
from kg.store.rdf import read_file
from tests.conftest import ROOT

RULES = sorted((ROOT / "tests/hygiene").glob("*.rq"))


@pytest.fixture(scope="module")
def stated():
    return Scratch(stated_triples(shipped_sources()))


def test_hygiene_when_counted_then_there_are_rules():
    assert len(RULES) >= 8
    assert {p.stem for p in RULES} == {p.stem.removesuffix("_bad") for p in (ROOT / "tests/hygiene").glob("*_bad.ttl")}


@pytest.mark.parametrize("rule", RULES, ids=lambda p: p.stem)
def test_hygiene_when_run_on_what_is_shipped_then_no_row(rule, stated):
    found = stated.rows(rule.read_text(encoding="utf-8"))
    assert not found, "\n".join(" ".join(str(t) for t in row) for row in found)


@pytest.mark.parametrize("rule", RULES, ids=lambda p: p.stem)
def test_hygiene_when_run_on_its_bad_example_then_it_fires(rule):
    bad = Scratch(quad.triple for quad in read_file(rule.with_name(rule.stem + "_bad.ttl")))
    assert bad.rows(rule.read_text(encoding="utf-8"))


def test_modules_when_listed_then_all_imports_each_and_nothing_imports_an_alignment():
    imports = {}
    for path in (ROOT / "ontology").glob("*.ttl"):
        imports[path.stem] = {q.object.value.rpartition("/")[2] for q in read_file(path) if q.predicate.value == OWL_IMPORTS}
    alignments = {name for name in imports if name.startswith("align_")}
    closures = {"dl_closure"} & set(imports)
    modules = set(imports) - alignments - closures - {"all"}
    assert len(modules) >= 2
    assert imports["all"] == modules
    assert all(not imported & (alignments | closures) for imported in imports.values())


def test_version_when_read_then_setup_cfg_and_every_module_agree():
    import configparser
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    version = config["metadata"]["version"]
    found = {(path.name, q.object.value) for path in (ROOT / "ontology").glob("*.ttl") for q in read_file(path)
             if q.predicate.value.endswith("owl#versionInfo")}
    assert len(found) >= 4
    assert {v for _, v in found} == {version}
    spelled = re.compile(r"(?:ontology/(?:\w+/)?|version )(\d+\.\d+\.\d+)")
    cited = [other for path in (ROOT / "ontology").glob("*.ttl") for other in spelled.findall(path.read_text(encoding="utf-8"))]
    assert len(cited) >= 4
    assert set(cited) == {version}


def test_files_when_loaded_then_every_one_states_something():
    loaded = load(shipped_sources())
    files = {path for paths in loaded.files_of_graph.values() for path in paths}
    expected = {p for p in shipped_sources().files() if p.suffix == ".trig"} | set((ROOT / "ontology").glob("*.ttl"))
    assert files == expected
    assert ONTOLOGY_GRAPH in loaded.files_of_graph
