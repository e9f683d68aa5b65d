"""The modules of the ontology: who imports whom, one version for all, a header that says what it is, every file read."""

import re

from kg.build import shipped_sources
from kg.load import load, read_closure
from kg.names import ONTOLOGY_GRAPH, OWL_IMPORTS, PREFIXES
from kg.store.rdf import Literal, NamedNode, read_file
from tests.machine import ROOT


def test_modules_when_listed_then_all_imports_each_and_nothing_imports_an_alignment():
    imports = {}
    for path in (ROOT / "ontology").glob("*.ttl"):
        imports[path.stem] = {q.object.value.rpartition("/")[2] for q in read_file(path) if q.predicate.value == OWL_IMPORTS}
    alignments = {name for name in imports if name.startswith("align_")}
    closures = {"dl_closure"}
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
    assert expected - files == {ROOT / "ontology/dl_closure.ttl"}
    assert files < expected
    assert read_closure(shipped_sources())
    assert ONTOLOGY_GRAPH in loaded.files_of_graph


EVERY_MODULE = {"title", "description", "creator", "created", "license", "versionIRI", "versionInfo"}
THE_ROOT = EVERY_MODULE | {"publisher", "contributor", "issued", "modified", "bibliographicCitation", "source", "language",
                           "abstract", "status", "preferredNamespacePrefix", "preferredNamespaceUri"}


def test_header_when_read_then_it_has_what_foops_asks_that_can_be_true_without_a_network():
    """OM1 to OM3, OM4.1, OM5.1, OM5.2, VER1, FIND1 of FOOPS!; a DOI and a logo do not exist and are not invented."""
    for path in (ROOT / "ontology").glob("*.ttl"):
        triples = [q.triple for q in read_file(path)]
        (module,) = {t.subject.value for t in triples if t.object == NamedNode(PREFIXES["owl"] + "Ontology")}
        header = [t for t in triples if getattr(t.subject, "value", "") == module]
        texts = [(re.split("[/#]", t.predicate.value)[-1], t.object) for t in header]
        names = {name for name, _ in texts}
        assert names >= (THE_ROOT if path.name == "all.ttl" else EVERY_MODULE), path.name
        languages = {(name, text.language) for name, text in texts if isinstance(text, Literal)}
        assert languages >= {(name, language) for name in ("title", "description") for language in ("en", "es")}, path.name
        versions = {t.object.value for t in header if t.predicate.value.endswith("#versionIRI")}
        assert versions
        assert module not in versions
