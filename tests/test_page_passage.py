"""Pages of passages over HTTP: a table that is printed stands as a table, and each thing that is told of has a line."""

import re
from html import unescape

import pytest

from tests.asking import PREFIXES
from tests.marked import lines_of

TABLES = PREFIXES + """SELECT ?passage (COUNT(DISTINCT ?one) AS ?n) { ?passage par:hasNamedGraph ?g
  { GRAPH ?g { ?one par:onEntryWay ?way } }
  UNION { GRAPH ?g { ?one par:project ?project ; par:financeSource|par:focusArea ?side } }
} GROUP BY ?passage HAVING(COUNT(DISTINCT ?one) > 40)"""
LARGEST = PREFIXES + """SELECT ?passage (COUNT(DISTINCT ?one) AS ?n) { ?passage par:hasNamedGraph ?g . GRAPH ?g { ?one ?p ?o } }
GROUP BY ?passage ORDER BY DESC(?n) LIMIT 3"""


def page_of(server, passage, language="en"):
    answer = server.get(f"/id/{passage}?language={language}", "text/html")
    assert answer.status == 200
    return answer.text


@pytest.mark.parametrize(("language", "caption", "rest"), [("en", "tool × entry way", "The same as a list"),
                                                           ("es", "herramienta × vía de entrada", "Lo mismo como lista")])
def test_passage_when_it_holds_a_matrix_then_drawn_with_each_statement_in_its_cell(language, caption, rest, server, rows):
    page = page_of(server, "passage/toolbox/tools-by-entry-ways", language)
    table = re.search(r"<table>\s*<caption.*?</table>", page, re.DOTALL)[0]
    assert caption in table
    assert len(re.findall('<th scope="col">', table)) == 9
    assert len(re.findall('<th scope="row">', table)) == 10
    stated = {one for one, *_ in rows("SELECT ?one { GRAPH graph:toolbox\\/tools-by-entry-ways { ?one a par:ToolApplication } }")}
    assert set(re.findall(r'id="([^"]+)" tabindex', table)) == {one.partition("/id/")[2] or one for one in stated}
    ketal = lines_of(page)["tool-application/ketal-supermarkets-quality"]
    assert len(ketal.split(" / ")) == 3
    assert "Ketal" in ketal.split(" / ")[2]
    assert rest in page.partition(table)[2]


def test_passages_when_what_they_state_fills_a_table_then_it_is_drawn_and_else_it_is_not(server, rows):
    tables = [passage for passage, _ in rows(TABLES)]
    assert len(tables) >= 4
    for passage in tables:
        assert "<caption" in page_of(server, f"passage/{passage.partition('passage/')[2]}"), passage
    for passage in ("toolbox/4-4-3", "alliances-review/figure-8"):
        assert page_of(server, f"passage/{passage}").count("<caption") == (passage == "alliances-review/figure-8"), passage


def test_passage_when_it_is_among_the_largest_then_every_thing_that_it_states_has_one_line_that_is_not_folded(server, rows):
    for passage, count in rows(LARGEST):
        page = page_of(server, f"passage/{passage.partition('passage/')[2]}")
        anchors = re.findall(r'id="([^"]+/[^"]+)" tabindex="-1"', page)
        assert len(anchors) == len(set(anchors)) == int(count), passage
        open_parts = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
        assert set(re.findall(r'id="([^"]+/[^"]+)" tabindex="-1"', open_parts)) == set(anchors)


def test_passage_when_others_are_inside_it_then_what_they_state_folds_and_leads_to_their_lines(server):
    page = page_of(server, "passage/toolbox/4")
    inside = page.partition("In the passages inside it")[2]
    marks = [unescape(one) for one in re.findall(r'class="mark" href="(/id/passage/toolbox/4-[^"]+)"', inside)]
    assert len(marks) > 100
    for mark in marks[::40]:
        passage, _, anchor = mark.partition("#")
        assert anchor in lines_of(page_of(server, passage.removeprefix("/id/"))), mark


def test_passage_when_given_as_data_then_rows_are_said_in_it_without_an_anchor(server):
    told = server.get("/id/passage/toolbox/tools-by-entry-ways.json").json()["sections"]["says"]
    said = {iri for row in told["rows"] for iri in row["said_in"]}
    assert said == {"https://w3id.org/cocina-par/id/passage/toolbox/tools-by-entry-ways"}
    assert "#tool-application/" not in server.get("/id/experience/ketal.json").text
