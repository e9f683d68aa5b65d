"""The order in which a case is told: one, declared once, on pages and beside other cases, in both languages and in the form."""

import re

import pytest
from rdflib import SH
from rdflib.namespace import Namespace

from kg.names import local_name, path_of
from kg.validate import read_shapes
from tests.machine import ROOT

SHAPE = Namespace("https://w3id.org/cocina-par/shape/")
PLACES = "SELECT ?property ?place { ?property sh:order ?place } ORDER BY ?place"
CASES = ["experience/mieles-del-sur", "experience/tarija-aromas-and-flavors", "project/p104567", "cluster-case/pra"]


@pytest.fixture(scope="module")
def asked(inquiry):
    """Ask a query of the catalogue; each row as texts by column."""
    def ask(name, **given):
        table = inquiry.table(inquiry.bound(name, given))
        return [{column: cell.text if cell else "" for column, cell in zip(table.columns, row, strict=True)}
                for row in table.rows]
    return ask


@pytest.mark.parametrize("case", CASES)
def test_facts_when_told_in_two_languages_then_their_properties_in_the_same_order(case, asked):
    for query, parameter in (("list_case_attributes", "case"), ("list_case_comparison", "first")):
        told = [asked(query, language=language, **{parameter: case}) for language in ("en", "es")]
        orders = [list(dict.fromkeys(row["property"] + row.get("aspect", "") for row in rows)) for rows in told]
        assert orders[0] == orders[1]
        assert len(orders[0]) > 4


def test_facts_on_the_page_of_a_project_when_read_then_where_and_when_first_and_the_start_before_the_end(server):
    for language, first in (("en", ["in country", "takes place in", "start year", "end year"]),
                            ("es", ["en el país", "tiene lugar en", "año de inicio", "año de fin"])):
        text = server.get("/id/project/p101508", "text/html", headers={"Accept-Language": language}).text
        told = re.findall(r"<dt>([^<]*)</dt>", text.partition('<h2 id="features">')[2].partition("</section>")[0])
        assert [one for one in told if one in first] == first
        assert told[0] == first[0]


def test_order_of_pages_when_the_form_orders_the_same_then_alike(inquiry):
    shapes = read_shapes(ROOT / "ontology/shapes")
    in_groups = [(shapes.value(part, SH.group), part) for part in shapes.objects(SHAPE.systematizedExperience, SH.property)]
    asked_for = [(float(shapes.value(group, SH.order)), float(shapes.value(part, SH.order)),
                  local_name(str(shapes.value(part, SH.path)))) for group, part in in_groups if group]
    table = inquiry.table(f"PREFIX sh: <{SH}> {PLACES}")
    places = {local_name(row[0].text): int(row[1].text) for row in table.rows}
    in_form = [name for _, _, name in sorted(asked_for) if name in places]
    assert len(in_form) > 12
    assert in_form == sorted(in_form, key=places.__getitem__)


def test_places_when_declared_then_no_two_properties_or_roles_share_one(inquiry):
    table = inquiry.table(f"PREFIX sh: <{SH}> {PLACES}")
    places = [int(row[1].text) for row in table.rows if not path_of(row[0].text).startswith(("value-status/", "finance-source/",
                                                                                             "focus-area/"))]
    assert len(places) == len(set(places)) > 60
