"""What must hold of the shipped graph: every check fires on its bad example, and the command tells of that.

That every check holds on what ships is seen where the README's `parkg verify` is run, which ends with exit code 0.
"""

import json
import subprocess

import pytest

from kg.names import EDITORIAL_GRAPH, INFERRED_GRAPH, OFFER_GRAPH, ONTOLOGY_GRAPH
from kg.settings import shipped
from kg.store.engine import Opened
from kg.store.rdf import NamedNode, read_file
from kg.store.revisions import DataFolder
from kg.verify import read_checks, run_check
from tests.machine import ROOT
from tests.servers import PARKG

CHECKS = read_checks(shipped("checks"))
BAD = {path.stem.removesuffix("_bad"): path for path in (ROOT / "tests/hygiene").glob("*_bad.*")}


def opened(folder):
    return Opened(folder.directory(folder.current()))


def quads_of(path):
    """The quads of an example: of Turtle in the editorial graph, of TriG where they say."""
    return read_file(path) if path.suffix == ".trig" else read_file(path, into=NamedNode(EDITORIAL_GRAPH))


def test_checks_when_counted_then_each_has_a_bad_example_and_none_is_left_over():
    assert len(CHECKS) >= 38
    assert {check.name for check in CHECKS} == set(BAD)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_check_when_run_on_its_bad_example_then_it_fires(check, tmp_path):
    folder = DataFolder(tmp_path)
    folder.commit("bad", lambda graph: True, quads_of(BAD[check.name]))
    assert run_check(check, opened(folder)).findings


def test_stated_triples_when_counted_then_each_stands_in_a_graph_of_a_passage_the_ontology_or_the_editorial_one(rows, folder):
    """Stated triples by where they stand; what is inferred or offered is stated nowhere; nothing stands in the union alone."""
    passages = {graph for graph, in rows("SELECT ?graph { ?passage par:hasNamedGraph ?graph }")}
    stated = opened(folder).stated()
    graphs = {quad.graph_name.value for quad in stated}
    assert graphs <= passages | {EDITORIAL_GRAPH, ONTOLOGY_GRAPH}
    inferred = set(rows(f"SELECT ?s ?p ?o {{ GRAPH <{INFERRED_GRAPH}> {{ ?s ?p ?o }} }}"))
    offered, union = (int(rows(f"SELECT (COUNT(*) AS ?n) {{ {asked} }}")[0][0])
                      for asked in (f"GRAPH <{OFFER_GRAPH}> {{ ?s ?p ?o }}", "?s ?p ?o"))
    assert union == len({quad.triple for quad in stated}) + len(inferred) + offered
    assert len(stated) > 30_000


def run(*arguments, data):
    return subprocess.run([*PARKG, "--data", str(data), *arguments], capture_output=True, text=True, timeout=120)


def test_command_when_something_does_not_hold_then_it_is_named_and_exit_code_1(tmp_path):
    folder = DataFolder(tmp_path)
    folder.commit("bad", lambda graph: True, quads_of(BAD["number_without_unit"]))
    done = run("verify", "--json", data=tmp_path)
    assert done.returncode == 1
    outcomes = {outcome["name"]: outcome for outcome in json.loads(done.stdout)}
    assert outcomes["number_without_unit"]["findings"] == ["quantity/x"]
    assert not outcomes["cell_entered_twice"]["findings"]


def test_command_when_there_is_no_graph_then_exit_code_2_and_what_to_do(tmp_path):
    done = run("verify", data=tmp_path)
    assert done.returncode == 2
    assert "Run parkg build" in done.stderr
