"""The bench: what its generator writes is like the real thing, and it measures what it says that it measures."""

import subprocess
import sys
from collections import Counter

import pytest

from bench.building import Cost, extrapolated
from bench.catalogue import AIM_MS, MACHINE, REASONS, Measured, as_page, measure_all
from bench.classes import KEY, Class, classes
from bench.folders import make
from bench.generate import experience_of, graph_of, shipped_values, synthetic
from kg.build import shipped_sources
from kg.catalogue import Catalogue
from kg.errors import ShapesViolated
from kg.load import load
from kg.settings import shipped
from kg.store.engine import Opened
from kg.store.revisions import DataFolder
from kg.verify import read_checks, run_check
from tests.machine import ROOT


@pytest.fixture(scope="module")
def values():
    return shipped_values(load(shipped_sources()).quads)


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """A data folder of what is shipped and three synthetic experiences: they pass the shapes and the rules, or there is none."""
    path = tmp_path_factory.mktemp("bench") / "var"
    make(path, 3)
    return DataFolder(path)


def test_generator_when_asked_for_three_then_about_350_triples_each_in_a_graph_of_its_own(values):
    count = Counter(quad.graph_name.value for quad in synthetic(3, values))
    assert set(count) == {graph_of(n) for n in range(3)}
    assert all(250 < n < 450 for n in count.values())
    many = sum(1 for _ in synthetic(50, values)) / 50
    assert 330 < many < 370


def test_generator_when_run_again_in_another_process_then_the_same(values):
    command = [sys.executable, "-m", "bench.generate", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert done.stdout == "".join(f"{quad} .\n" for quad in synthetic(3, values))


def test_generator_when_asked_for_more_then_the_first_ones_stay(values):
    more = list(synthetic(5, values))
    assert more[:len(list(synthetic(3, values)))] == list(synthetic(3, values))
    assert set(synthetic(1, values, first=4)) <= set(more)


def test_data_folder_when_made_with_three_then_every_check_holds(three):
    graph = Opened(three.directory(three.current()))
    assert graph.rows(f"SELECT ?tool {{ <{experience_of(2)}> <https://w3id.org/cocina-par/ontology#usesTool> ?tool }}")
    found = {check.name: run_check(check, graph).findings for check in read_checks(shipped("checks"))}  # the shapes held before
    assert {name: findings for name, findings in found.items() if findings} == {}


def test_data_folder_when_a_record_is_at_fault_then_the_shapes_refuse_it(values, tmp_path, monkeypatch):
    def without_country(count, values, first=0):
        return (quad for quad in synthetic(count, values, first) if not quad.predicate.value.endswith("#inCountry"))

    monkeypatch.setattr("bench.folders.synthetic", without_country)
    with pytest.raises(ShapesViolated, match="in which country"):
        make(tmp_path / "var", 1)


def test_data_folder_when_it_holds_something_then_it_is_left_alone(tmp_path):
    (tmp_path / "mine").touch()
    with pytest.raises(FileExistsError, match="is not empty"):
        make(tmp_path, 1)


def test_catalogue_when_measured_then_every_query_and_the_folder_stays(three):
    before = sorted((path, path.stat().st_mtime_ns) for path in three.path.rglob("*.json*"))
    found = measure_all(three.path, 1)
    assert set(found) == {*(query.name for query in Catalogue(shipped("queries")).all()), *MACHINE}
    assert all(measured.p50_ms > 0 and measured.size for measured in found.values())
    assert sorted((path, path.stat().st_mtime_ns) for path in three.path.rglob("*.json*")) == before


def test_page_of_the_catalogue_when_printed_then_every_query_and_a_reason_for_each_slow_one():
    catalogue = Catalogue(shipped("queries"))
    names = [*(query.name for query in catalogue.all()), *MACHINE]
    slow = dict.fromkeys(names, Measured(AIM_MS + 1, 2, 3))
    page = as_page(slow, slow, 5, catalogue)
    assert [name for name in names[:-len(MACHINE)] if f"| `{name}` | 101.0 | 101.0 | 1.0 | 2 | 3 | " not in page] == []
    assert set(REASONS) <= set(names)
    assert all(reason in page for reason in REASONS.values())


@pytest.mark.parametrize("asked", classes(), ids=lambda asked: asked.name)
def test_class_when_asked_of_the_data_then_it_has_rows(asked, three):
    assert Opened(three.directory(three.current())).rows(asked.text(1, 7))


def test_class_when_written_for_wrk_then_the_pieces_make_the_path(tmp_path):
    asked = Class("", f"ASK {{ <{KEY}> ?p <{KEY}> }}", 1)
    asked.write(tmp_path / "file", "/sparql", 3)
    keys, *pieces = (tmp_path / "file").read_text().splitlines()
    assert keys == "3"
    assert "5".join(pieces) == "/sparql?query=ASK%20%7B%20%3C5%3E%20%3Fp%20%3C5%3E%20%7D%0A%23"


def test_extrapolation_when_growth_is_even_then_it_goes_on():
    costs = [Cost(1, 1, 1, 1, (1.0,)), Cost(2, 3, 4, 5, (6.0,))]
    assert extrapolated([10, 20], costs, 40) == Cost(4, 7, 10, 13, (16.0,))
