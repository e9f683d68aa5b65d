"""The catalogue: each query gives exactly its expected rows, and a spoiled file is named while the others go on."""

import csv
import io
import re
import shutil

import pytest

from kg.catalogue import Catalogue, read_query
from kg.errors import ParameterInvalid, QueryFileMalformed, QueryUnknown
from kg.names import path_of
from kg.settings import shipped
from kg.store.sparql import variables
from tests.machine import ROOT

CATALOGUE = Catalogue(shipped("queries"))


def test_catalogue_when_read_then_no_fault_and_an_expected_answer_for_each():
    assert not CATALOGUE.faults
    names = {q.name for q in CATALOGUE.all()}
    assert len(names) >= 12
    assert names == {p.stem for p in (ROOT / "tests/expected").glob("*.csv")}
    assert all(re.fullmatch(r"(list|show|find|count|read|fill)_[a-z_]+", name) for name in names)


@pytest.mark.parametrize("query", CATALOGUE.all(), ids=lambda q: q.name)
def test_query_when_asked_with_its_example_then_exactly_the_expected_rows(query, inquiry):
    answer = inquiry.answer(inquiry.bound(query.name, query.example), "csv").decode().replace("\r\n", "\n")
    assert answer == (ROOT / f"tests/expected/{query.name}.csv").read_text(encoding="utf-8")
    assert answer.count("\n") > 1, "an example that finds nothing shows nothing"


@pytest.mark.parametrize("query", CATALOGUE.all(), ids=lambda q: q.name)
def test_query_when_asked_then_its_columns_are_those_of_its_header(query, inquiry):
    answer = inquiry.answer(inquiry.bound(query.name, query.example), "csv").decode()
    assert next(csv.reader(io.StringIO(answer))) == [column.name for column in query.columns]


@pytest.mark.parametrize("query", CATALOGUE.all(), ids=lambda q: q.name)
def test_query_when_asked_in_spanish_then_as_many_rows_as_in_english(query, inquiry):
    counts = {len(inquiry.table(inquiry.bound(query.name, {**query.example, "language": code})).rows) for code in ("en", "es")}
    assert len(counts) == 1


@pytest.mark.parametrize("query", CATALOGUE.all(), ids=lambda q: q.name)
def test_query_when_bound_then_no_parameter_is_left_free(query):
    given = [p.name for p in query.parameters if query.example.get(p.name) or p.default not in ("any", "required")]
    body = query.bound(query.example).partition("WHERE")[2]
    assert not set(given) & variables(body)


@pytest.mark.parametrize(("old", "new", "message"), [
    ("#+ title:", "#+ titel:", "line 1: '#+ titel: A cell of the cube' is not a header line"),
    ("#+ question:", "#+ title:", "needs one line '#+ title: …', and has 2"),
    ("| required | the row", "| the row", "line 7: write four parts"),
    ("par:Tool |", "par:tool |", "unknown type par:tool"),
    ("?tool ", "?toool ", "no variable ?tool for its parameter tool"),
    ("?experience ", "?experiment ", "no variable ?experience for its column experience"),
    ("#+ column: experience |", "#+ column: experiment |", "one line '#+ column-es: experience | …' stands under one"),
    ("#+ column-es: passage | -", "#+ column-es: passage", "write three parts"),
    ("#+ param-es: tool |", "#+ param-es: tool", "write two parts"),
    ("\nPREFIX par", "PREFIX par", "end the header with a blank line"),
    ("SELECT", "CONSTRUCT", "a query of the catalogue is a SELECT"),
    ("?experience rdfs:label ?experience_label ;", "BIND(1 AS ?tool)", "AS or VALUES may not assign it"),
    ("tool=financing entry_way", "entry_way", "show_cell needs tool (the row)"),
])
def test_file_when_spoiled_then_file_and_fault_are_named_and_the_others_go_on(old, new, message, tmp_path):
    shutil.copytree(shipped("queries"), tmp_path / "queries")
    path = tmp_path / "queries/show_cell.rq"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(QueryFileMalformed) as caught:
        read_query(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    catalogue = Catalogue(tmp_path / "queries")
    assert len(catalogue.faults) == 1
    assert len(catalogue.all()) == len(CATALOGUE.all()) - 1


@pytest.mark.parametrize(("name", "given", "message"), [
    ("show_cell", {"tool": "financing"}, "show_cell needs entry_way (the column). For example: show_cell tool=financing"),
    ("show_cell", {"tool": "finance", "entry_way": "fairs"}, "no tool of that key or name. Did you mean financing"),
    ("show_cell", {"toool": "financing"}, "has no parameter toool. Did you mean tool?"),
    ("list_experiences", {"language": "fr"}, "language=fr will not do: en or es is expected"),
    ("list_experiences", {"country": "pe ru"}, "country=pe ru will not do"),
    ("list_things", {"class": "Tool"}, "Did you mean par:Tool?"),
    ("find_statements", {"thing": "ketal"}, "Did you mean experience/ketal?"),
    ("find_statements", {"thing": "experience/ketal", "property": "inCountry"}, "Did you mean par:inCountry?"),
    ("list_experiences", {"country": "https://w3id.org/cocina-par/id/tool/financing"}, "there is no country of that key or name"),
])
def test_parameter_when_it_will_not_do_then_it_value_and_expectation_are_named(name, given, message, inquiry):
    with pytest.raises(ParameterInvalid) as caught:
        inquiry.bound(name, given)
    assert message in str(caught.value)


def test_value_when_a_key_and_a_label_near_it_differ_in_case_alone_then_one_choice(inquiry):
    with pytest.raises(ParameterInvalid) as caught:
        inquiry.bound("list_tool_experiences", {"tool": "finance"})
    assert "Did you mean financing or " in str(caught.value)
    assert "Financing" not in str(caught.value)


def test_name_when_nearly_right_then_the_right_one_is_suggested():
    with pytest.raises(QueryUnknown, match="Did you mean show_cell"):
        CATALOGUE.get("show_cel")


@pytest.mark.parametrize("value", ["financing", "tool/financing", "id/tool/financing", "Financing", "FINANCIAMIENTO",
                                   "https://w3id.org/cocina-par/id/tool/financing", "http://localhost:8000/id/tool/financing"])
def test_thing_when_given_by_key_path_address_or_name_then_found(value, inquiry):
    assert "<https://w3id.org/cocina-par/id/tool/financing>" in inquiry.bound("list_tool_experiences", {"tool": value})


@pytest.mark.parametrize("query", CATALOGUE.all(), ids=lambda q: q.name)
def test_query_when_its_example_is_asked_then_every_column_has_a_value_in_some_row(query):
    """A column that is always empty is a fault that rows do not show: an aggregate over a value that one branch lacks."""
    text = (ROOT / f"tests/expected/{query.name}.csv").read_text(encoding="utf-8")
    rows_shown = list(csv.DictReader(io.StringIO(text)))
    assert rows_shown
    may_be_empty = {column.name for column in query.columns if re.search(r"\bwhere\b|\bempty\b|\bif\b", column.meaning)}
    assert not [c.name for c in query.columns if c.name not in may_be_empty and not any(row[c.name] for row in rows_shown)]


OURS = re.compile(r"<(https://w3id\.org/cocina-par/id/[^>]+)>")
TERM = re.compile(r"\bpar:\w+")


def test_queries_when_read_then_every_thing_and_term_that_one_names_is_there(rows):
    """A name that the graph does not know gives no error and no row, so that a misspelled one would go unseen."""
    terms = {f"par:{term.rpartition('#')[2]}" for term, in rows("SELECT ?term { ?term rdfs:isDefinedBy ?module }")}
    things = {f"https://w3id.org/cocina-par/id/{thing}" for thing, in rows("SELECT DISTINCT ?thing { ?thing a ?class }")}
    texts = {query.name: "\n".join(line for line in query.sparql.split("\n") if not line.startswith("PREFIX"))
             for query in CATALOGUE.all()}
    assert not [(name, term) for name, text in texts.items() for term in set(TERM.findall(text)) - terms]
    assert not [(name, thing) for name, text in texts.items() for thing in set(OURS.findall(text)) - things]


def test_list_inferences_when_read_then_it_knows_every_rule():
    text = CATALOGUE.get("list_inferences").sparql
    named = set(re.findall(r'BIND\("(\w+)" AS \?rule\)', text))
    assert named == {path.stem for path in shipped("rules").glob("*.rq") if not path.stem.startswith("inconsistent_")}


@pytest.mark.parametrize("thing", ["experience/tambinas-schools", "passage/toolbox/3-2-7", "product/garlic",
                                   "tool-application/corpapa-fairs-financing", "agent/fao", "project/p083051", "par:Tool"])
def test_list_inferences_when_asked_then_every_inferred_statement_has_a_rule(thing, inquiry, rows):
    iri = f"<https://w3id.org/cocina-par/id/{thing}>" if "/" in thing else thing
    inferred = set(rows(f"SELECT ?p ?o {{ GRAPH graph:inferred {{ {iri} ?p ?o }} }}"))
    answer = inquiry.table(inquiry.bound("list_inferences", {"thing": thing})).rows
    given = {(row[0].text, row[1].text.removeprefix("https://w3id.org/cocina-par/id/")) for row in answer}
    assert given == inferred
    assert given


def test_show_case_when_numbers_are_told_of_it_then_each_stands_with_its_unit(inquiry):
    """A variable that was bound already kept the text of every number empty."""
    rows = inquiry.table(inquiry.bound("show_case", {"case": "experience/el-bodegon"})).rows
    told = [row[3].text if row[3] else "" for row in rows if row[0] and row[0].text == "has quantity"]
    assert any(text.startswith("50 percent: ") for text in told)
    assert all(told)


# Queries that read numericValue and may leave out its upper end or how exactly it is given, with the reason.
NUMBERS_ALONE: dict[str, str] = {}


def test_queries_when_they_read_a_number_then_also_its_upper_end_its_qualifier_and_its_status():
    """A range without its upper end, or "more than 80" without its "more than", is another number than the source gives."""
    needs = ("par:upperValue", "par:hasQualifier", "par:hasValueStatus", "par:hasUnit")
    reading = {query.name: query.sparql for query in CATALOGUE.all() if "par:numericValue" in query.sparql}
    assert len(reading) > 4
    assert {name for name, text in reading.items() if any(need not in text for need in needs)} == set(NUMBERS_ALONE)


@pytest.mark.parametrize(("name", "given", "english", "spanish"), [
    ("list_place_statements", {"place": "place/ayacucho"}, "3000–3800 metres above sea level: ", "3000–3800 metros"),
    ("list_place_statements", {"place": "country/peru"}, "28000–30000 students: ", "28000–30000 estudiantes: "),
    ("list_entry_way_facts", {"entry_way": "public-purchases"}, "28000–30000 students: ", "28000–30000 estudiantes: "),
    ("show_case", {"case": "experience/tambinas-schools"}, "28000–30000 students: ", "28000–30000 estudiantes: "),
    ("list_group_statements", {"group": "population-group/women"}, "30–40 percent: ", "30–40 por ciento: "),
    ("read_passage", {"passage": "partnerships/paragraph-24"}, "2–3 parties: ", "2–3 partes: "),
])
def test_number_when_it_is_a_range_then_its_text_has_both_ends(name, given, english, spanish, inquiry):
    for language, start in (("en", english), ("es", spanish)):
        table = inquiry.table(inquiry.bound(name, {**given, "language": language}))
        texts = [cell.text for row in table.rows if (cell := row[table.columns.index("text")])]
        assert any(text.startswith(start) for text in texts), (language, start)
        assert not any(text.startswith(("between ", "entre ")) for text in texts)


def test_similar_experiences_when_reckoned_by_hand_then_the_same_likeness_and_the_rarest_shared_thing_first(inquiry, rows):
    having = {}
    for case, thing in rows("""SELECT DISTINCT ?case ?thing { ?case a par:SystematizedExperience ; ?of ?thing VALUES ?of {
            par:usesEntryWay par:usesTool par:usesApproach par:inCountry par:hasOrganizationalModel par:involvesProduct } }"""):
        having.setdefault(thing, set()).add(case)
    cases = set().union(*having.values())
    table = inquiry.table(inquiry.bound("find_similar_experiences", {"experience": "ketal"}))
    found = {path_of(row[0].text): (float(row[2].text), int(row[3].text), len(row[4].text.split("; "))) for row in table.rows}
    assert len(found) == 10
    for other, (likeness, shared, named) in found.items():
        weights = [1 - len(of) / len(cases) for of in having.values() if {"experience/ketal", other} <= of and of != cases]
        assert (likeness, shared, named) == (pytest.approx(sum(weights), abs=0.006), len(weights), len(weights))
    assert [*found.values()] == sorted(found.values(), key=lambda one: -one[0])
    assert table.rows[2][4].text.startswith("Bolivia; ")  # four experiences are there, and ten analysed their ecosystem
