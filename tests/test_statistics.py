"""The tables of the review of alliances against the totals that they print, and against a second count of their cells."""

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

QB = """PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX sdmx-measure: <http://purl.org/linked-data/sdmx/2009/measure#>
PREFIX sdmx-dimension: <http://purl.org/linked-data/sdmx/2009/dimension#>
"""
COLUMNS = {
    0: "access-to-market", 1: "competitiveness", 2: "social-inclusion", 3: "organizational-strengthening", 4: "environment",
    5: "technical-assistance", 6: "public-goods"}
# Figure 6 read a second time, row by row: the number of asterisks in each of the seven columns.
ASTERISKS = {
    "p083051": "2133121", "p127743": "2122222", "p108766": "2111323", "p094321": "3231122", "p101209": "3323121",
    "p120139": "2321213", "p110614": "2231113", "p083997": "2232313", "p126343": "1122223", "p108443": "3212222",
    "p101508": "1122322", "p126684": "2223322", "p082651": "2232223", "p118540": "1311223", "p041642": "2223121",
    "p104567": "3222121", "p064918": "3221221", "p105122": "3221112", "p079165": "2321111"}


def key(thing):
    return thing.rpartition("/")[2]


def cells(rows, graph, *dimensions):
    """Return (value, key of each dimension) of every cell that the graph of a passage states, totals aside."""
    names = " ".join(f"?d{i}" for i in range(len(dimensions)))
    joins = " ".join(f"; {dimension} ?d{i}" for i, dimension in enumerate(dimensions))
    found = rows(f"""{QB} SELECT ?value {names} WHERE {{ GRAPH graph:alliances-review\\/{graph} {{
        ?cell a qb:Observation ; sdmx-measure:obsValue ?value {joins} }} }}""")
    return [(Decimal(value), *map(key, rest)) for value, *rest in found]


def printed_totals(rows, graph, *dimensions):
    names = " ".join(f"?d{i}" for i in range(len(dimensions)))
    joins = " ".join(f"; {dimension} ?d{i}" for i, dimension in enumerate(dimensions))
    found = rows(f"""{QB} SELECT ?value {names} WHERE {{ GRAPH graph:alliances-review\\/{graph} {{
        ?total a par:PrintedTotal ; sdmx-measure:obsValue ?value {joins} }} }}""")
    return {tuple(map(key, rest)): Decimal(value) for value, *rest in found}


def sums(found, *places):
    totals = defaultdict(Decimal)
    for cell in found:
        totals[tuple(cell[i] for i in places)] += cell[0]
    return dict(totals)


def filled(found, *places):
    return Counter("-".join(cell[i] for i in places) for cell in found)


def test_table_2_when_summed_then_the_four_printed_totals(rows):
    found = cells(rows, "table-2", "par:indicator", "par:valueStatus", "par:project")
    printed = printed_totals(rows, "table-2", "par:indicator", "par:valueStatus")
    assert printed == {("alliances", "target"): 5444, ("alliances", "actual"): 2877,
                       ("households", "target"): 283300, ("households", "actual"): 108409}
    assert sums(found, 1, 2) == printed


def test_table_2_when_counted_then_an_empty_cell_is_no_observation(rows):
    found = cells(rows, "table-2", "par:indicator", "par:valueStatus", "par:project")
    assert filled(found, 1, 2) == {
        "alliances-target": 17, "alliances-actual": 13, "households-target": 15, "households-actual": 11}
    assert len({cell[1:] for cell in found}) == len(found) == 56
    without_alliances = set(ASTERISKS) - {project for _, indicator, _, project in found if indicator == "alliances"}
    assert without_alliances == {"p101508", "p126684"}  # the two of Rio, to which the category does not apply
    assert [cell[1:3] for cell in found if cell[3] == "p108766"] == [("alliances", "target")]
    assert [cell[1:3] for cell in found if cell[3] == "p105122" and cell[1] == "households"] == [("households", "actual")]


def test_table_4_when_read_then_a_percentage_for_each_country_of_the_strict_portfolio(rows):
    found = cells(rows, "table-4", "sdmx-dimension:refArea", "par:unit")
    assert {(country, int(value)) for value, country, unit in found if unit == "percent"} == {
        ("peru", 30), ("honduras", 10), ("panama", 10), ("colombia", 61), ("bolivia", 30), ("guatemala", 15), ("jamaica", 10)}
    assert len(found) == 7


def test_figure_6_when_read_twice_then_every_rating_agrees(rows):
    found = cells(rows, "figure-6", "par:project", "par:focusArea")
    assert set(found) == {
        (Decimal(mark), project, COLUMNS[i]) for project, marks in ASTERISKS.items() for i, mark in enumerate(marks)}
    assert len(found) == 19 * 7
    assert filled(found, 2) == dict.fromkeys(COLUMNS.values(), 19)


def test_figure_6_when_asked_for_public_goods_then_strong_in_most_of_brazil_and_in_mexico_as_section_5_says(rows):
    strong = {key(project): key(country) for project, country in rows(f"""{QB} SELECT ?project ?country WHERE {{
        ?cell par:project ?project ; par:focusArea <https://w3id.org/cocina-par/id/focus-area/public-goods> ;
              sdmx-measure:obsValue ?rating . ?project par:inCountry ?country FILTER(?rating = 3) }}""")}
    assert Counter(strong.values()) == {"brazil": 6, "mexico": 1}
    assert strong["p118540"] == "brazil"  # Santa Catarina, whose row is printed a column too far left


def test_figure_8_when_summed_then_the_printed_total_of_each_project(rows):
    found = cells(rows, "figure-8", "par:project", "par:financeSource")
    printed = printed_totals(rows, "figure-8", "par:project")
    assert len(printed) == 19
    assert sums(found, 1) == printed
    assert sum(printed.values()) == Decimal("2085.17")


def test_figure_8_when_counted_then_empty_cells_are_none_and_a_printed_zero_is_one(rows):
    found = cells(rows, "figure-8", "par:project", "par:financeSource")
    assert filled(found, 2) == {"ibrd": 17, "government": 17, "local-government": 4, "private-sector": 7, "other": 6}
    assert len({cell[1:] for cell in found}) == len(found) == 51
    assert {cell[1:] for cell in found if not cell[0]} == {("p094321", "government"), ("p101209", "ibrd")}
    assert sums(found, 2) == {("ibrd",): Decimal("1049.95"), ("government",): Decimal("739.92"),
                              ("local-government",): Decimal("31.79"), ("private-sector",): Decimal("99.52"),
                              ("other",): Decimal("163.99")}


def test_figure_8_when_a_cell_names_who_then_the_observation_does(rows):
    named = rows(f"""{QB} SELECT ?project ?who ?value WHERE {{
        ?cell par:namedFinancier ?who ; par:project ?project ; sdmx-measure:obsValue ?value }}""")
    assert {(key(project), key(who), Decimal(value)) for project, who, value in named} == {
        ("p083051", "ida", Decimal("58.4")), ("p127743", "ida", 50), ("p108766", "gef", Decimal("11.69")),
        ("p094321", "inter-american-development-bank", 30), ("p101209", "cosude", 4)}


def test_observations_when_counted_then_those_of_the_tables_and_23_printed_totals_apart(rows):
    found = dict(rows(f"{QB} SELECT ?set (COUNT(DISTINCT ?o) AS ?n) {{ ?o qb:dataSet ?set }} GROUP BY ?set"))
    assert {key(data_set).removeprefix("alliances-review-"): n for data_set, n in found.items()} == {
        "table-2": "56", "table-2-totals": "4", "table-4": "7", "figure-6": "133", "figure-8": "51", "figure-8-totals": "19"}
    assert rows(f"{QB} SELECT (COUNT(DISTINCT ?o) AS ?n) {{ ?o a qb:Observation }}") == [("270",)]
    totals = rows(f"{QB} SELECT ?set (COUNT(DISTINCT ?o) AS ?n) {{ ?o a par:PrintedTotal ; qb:dataSet ?set }} GROUP BY ?set")
    assert {key(data_set): n for data_set, n in totals} == {
        "alliances-review-table-2-totals": "4", "alliances-review-figure-8-totals": "19"}


@pytest.mark.parametrize(("constraint", "fault"), [
    ("IC-1, a data set for each observation", """?o a qb:Observation FILTER NOT EXISTS { ?o qb:dataSet/a qb:DataSet }"""),
    ("IC-1, one data set", """?o qb:dataSet ?one , ?other FILTER(?one != ?other)"""),
    ("IC-2, a structure for each data set", """?o a qb:DataSet
        FILTER NOT EXISTS { ?o qb:structure/a qb:DataStructureDefinition }"""),
    ("IC-3, a measure in each structure", """?o a qb:DataStructureDefinition
        FILTER NOT EXISTS { ?o qb:component/qb:measure ?p }"""),
    ("IC-11 and IC-14, every dimension and measure", """?o qb:dataSet/qb:structure/qb:component/(qb:dimension|qb:measure) ?p
        FILTER NOT EXISTS { ?o ?p ?value }"""),
    ("no component but those of the structure", """?o qb:dataSet/qb:structure ?s ; ?p ?value .
        ?c qb:dimension|qb:measure|qb:attribute ?p
        FILTER NOT EXISTS { ?s qb:component/(qb:dimension|qb:measure|qb:attribute) ?p }"""),
    ("a unit for each number", """?o a qb:Observation FILTER NOT EXISTS { ?o par:unit ?unit }"""),
    ("one value", """?o sdmx-measure:obsValue ?one , ?other FILTER(?one != ?other)"""),
])
def test_observations_when_checked_against_the_data_cube_recommendation_then_no_fault(constraint, fault, rows):
    assert not rows(f"{QB} SELECT ?o {{ {fault} }} LIMIT 3"), constraint


def test_observations_when_placed_then_no_two_share_a_place(rows):
    """IC-12: in a data set no two observations have the same value for every dimension."""
    places = defaultdict(set)
    for observation, data_set, dimension, value in rows(f"""{QB} SELECT DISTINCT ?o ?set ?p ?value {{
            ?o qb:dataSet ?set . ?set qb:structure/qb:component/qb:dimension ?p . ?o ?p ?value }}"""):
        places[observation] |= {("set", data_set), (dimension, value)}
    assert len(places) == 270
    assert len({frozenset(place) for place in places.values()}) == 270


def test_values_when_read_then_decimals(rows):
    assert rows(f"{QB} SELECT DISTINCT (DATATYPE(?v) AS ?type) {{ ?o sdmx-measure:obsValue ?v }}") == [
        ("http://www.w3.org/2001/XMLSchema#decimal",)]


def test_discrepancies_when_listed_then_the_legend_is_read_and_each_names_what_it_concerns(rows):
    found = {key(d) for d, in rows("""SELECT DISTINCT ?d { ?d a par:Discrepancy ; par:hasClaim/par:claimedIn ?passage .
        ?d par:concerns ?indicator_or_project . ?indicator_or_project a ?class FILTER(?class != par:Document) }""")}
    assert {"alliances-review-focus-legend", "alliances-review-row-of-santa-catarina", "alliances-review-alliances-aimed-at",
            "alliances-review-members-per-alliance", "alliances-review-honduras-alliances-and-plans-with-credit",
            "alliances-review-cost-per-beneficiary", "alliances-review-honduras-without-world-bank-money"} <= found
