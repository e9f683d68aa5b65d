"""The two matrices of section 3.1 against a second reading by someone who did not type the first."""

import csv
from collections import Counter

from tests.machine import ROOT

FOUR_APPROACHES = {"supply-chain", "innovation", "communication", "sustainability"}


def second_reading(matrix):
    with (ROOT / "tests/data/second_reading.csv").open(encoding="utf-8") as file:
        return [(r["row"], r["column"], r["experience"]) for r in csv.DictReader(file) if r["matrix"] == matrix]


def in_the_graph(rows, kind, property, graph):
    found = rows(f"""SELECT ?item ?way ?experience
        WHERE {{ GRAPH graph:toolbox\\/{graph} {{
            ?a a par:{kind} ; par:{property} ?item ; par:onEntryWay ?way ; par:ofExperience ?experience }} }}""")
    return [tuple(iri.rpartition("/")[2] for iri in row) for row in found]


def test_tools_matrix_when_read_twice_then_every_entry_agrees(rows):
    stated = in_the_graph(rows, "ToolApplication", "appliesTool", "tools-by-entry-ways")
    assert Counter(stated) == Counter(second_reading("tools"))


def test_tools_matrix_when_counted_then_cells_rows_and_columns_are_those_of_the_document(rows):
    stated = in_the_graph(rows, "ToolApplication", "appliesTool", "tools-by-entry-ways")
    assert len(stated) == 111
    assert len({(tool, way) for tool, way, _ in stated}) == 53
    assert len(rows("SELECT ?t ?w { ?t a par:Tool . ?w a par:EntryWay }")) - 53 == 27
    assert Counter(tool for tool, _, _ in stated) == {
        "ecosystem-analysis": 11, "intervention-strategy": 7, "heritage-registry": 23, "associativity": 7, "alliances": 13,
        "services": 9, "financing": 6, "quality": 12, "public-policy": 1, "communication": 22}
    assert Counter(way for _, way, _ in stated) == {
        "entire-chain": 31, "fairs": 16, "supermarkets": 24, "training-centers": 6, "chefs": 16, "meetings": 6,
        "public-purchases": 5, "territorial-brand": 7}


def test_approaches_matrix_when_read_twice_then_each_name_counts_for_each_of_four_approaches(rows):
    stated = in_the_graph(rows, "ApproachApplication", "takesApproach", "approaches-by-entry-ways")
    read = [(approach, way, experience) for _, way, experience in second_reading("approaches") for approach in FOUR_APPROACHES]
    assert Counter(stated) == Counter(read)
    assert len(stated) == 92
    assert len({(approach, way) for approach, way, _ in stated}) == len(FOUR_APPROACHES) * 8
    assert Counter(approach for approach, _, _ in stated) == dict.fromkeys(FOUR_APPROACHES, 23)
    assert Counter(way for approach, way, _ in stated if approach == "innovation") == {
        "entire-chain": 4, "fairs": 4, "supermarkets": 5, "training-centers": 2, "chefs": 4, "meetings": 2,
        "public-purchases": 1, "territorial-brand": 1}


def test_applications_when_counted_over_the_union_then_each_counts_once(rows):
    assert rows("SELECT (COUNT(*) AS ?n) { ?a a par:ToolApplication }") == [("111",)]
    assert rows("SELECT (COUNT(*) AS ?n) { ?a a par:ApproachApplication }") == [("92",)]
    assert rows("SELECT (COUNT(*) AS ?n) { ?a a par:Tool }") == [("10",)]


def test_cube_when_asked_for_its_axes_then_they_have_their_sizes(rows):
    sizes = {"SystematizedExperience": 13, "EntryWay": 8, "Tool": 10, "Approach": 5, "ActionPhase": 2}
    for name, size in sizes.items():
        assert rows(f"SELECT (COUNT(?x) AS ?n) {{ ?x a par:{name} }}") == [(str(size),)], name
    assert rows("SELECT ?c (COUNT(?e) AS ?n) { ?e a par:SystematizedExperience ; par:inCountry ?c } GROUP BY ?c ORDER BY ?c") == [
        ("country/bolivia", "4"), ("country/chile", "5"), ("country/peru", "4")]
    assert rows("SELECT ?p (COUNT(?t) AS ?n) { ?t par:inPhase ?p } GROUP BY ?p ORDER BY ?p") == [
        ("action-phase/design-and-facilitate", "8"), ("action-phase/understand-and-manage", "2")]
