"""Questions of the catalogue that tell the same of a case: what one has, by a passage or as our own reading, all have."""

from collections import defaultdict

import pytest

from kg.names import EDITORIAL_GRAPH, local_name, path_of

# What the facts of a case hold and a comparison leaves out.
NOT_COMPARED = {
    "hasGuidance": "advice and lists of a document, which are text and not what cases have in common",
    "namesAgent": "whom a text names, which is not who took part",
}


@pytest.fixture(scope="module")
def rows(inquiry):
    """Ask a query of the catalogue; each row as texts by column."""
    def asked(name, **given):
        table = inquiry.table(inquiry.bound(name, {**given, "language": "en"}))
        return [{column: cell.text if cell else "" for column, cell in zip(table.columns, row, strict=True)}
                for row in table.rows]
    return asked


@pytest.fixture(scope="module")
def experiences(rows):
    return [path_of(row["experience"]) for row in rows("list_experiences")]


@pytest.fixture(scope="module")
def projects(rows):
    return [path_of(row["project"]) for row in rows("list_projects")]


def source(row):
    return row["passage"] or row["graph"]


def told(rows, role, agent):
    return {(row[role], row[agent], source(row)) for row in rows if path_of(row[agent]).startswith("agent/")}


def test_participations_when_asked_in_four_ways_then_the_same_with_the_same_source(rows, experiences, projects):
    own, on_canvas = set(), 0
    for case in experiences + projects:
        participants = rows("list_participants", case=case)
        who = told(participants, "role_label", "agent")
        beside = [row for row in rows("list_case_comparison", first=case) if path_of(row["property"]).startswith("role/")]
        assert told(beside, "property_label", "value") == who, case
        on_map = [row for row in rows("list_chain_map", case=case) if path_of(row["part"]).startswith("role/")]
        assert told(on_map, "part_label", "agent") >= who, case  # and those of a chain that is told apart
        canvas = told(rows("fill_canvas", case=case), "because_label", "entry")
        filling = {because for because, _, _ in canvas} & {role for role, _, _ in who}
        runs = {row["agent"] for row in participants  # no block of its own canvas has who runs it
                if row["role_label"] == "operator" or row["agent_label"] == beside[0]["case_label"]}
        assert {one for one in canvas if one[0] in filling} == {
            one for one in who if one[0] in filling and one[1] not in runs}, case
        own |= {(case, agent) for _, agent, by in who if by == EDITORIAL_GRAPH}
        on_canvas += len(filling)
    assert {case for case, _ in own} == {f"experience/{key}" for key in ("campos-de-hielo", "mieles-del-sur", "punta-chilen")}
    assert on_canvas > 20


def test_facts_of_an_experience_when_compared_then_all_but_those_left_out_for_a_reason(rows, experiences, projects):
    missing = defaultdict(set)
    for case in experiences + projects:
        facts = {(local_name(row["property"]), row["value"], source(row)) for row in rows("list_case_attributes", case=case)
                 if row["value"]}
        beside = {(local_name(row["property"]), row["value"], source(row)) for row in rows("list_case_comparison", first=case)}
        for property, value, _ in facts - beside:
            missing[property].add((case, value))
    assert set(missing) == set(NOT_COMPARED)


def test_figures_of_a_project_when_on_its_page_and_compared_then_the_same_with_the_same_discrepancies(rows, projects):
    number = 0
    for project in projects:
        page = {("aimed at", row["target"], row["target_disputed"]) for row in rows("list_project_targets", project=project)}
        page |= {("actual", row["actual"], row["actual_disputed"]) for row in rows("list_project_targets", project=project)}
        page |= {(row["source_label"], row["amount"], row["amount_disputed"])
                 for row in rows("list_project_finance", project=project)}
        page |= {(row["focus_area_label"], row["rating"], row["rating_disputed"])
                 for row in rows("list_project_focus", project=project)}
        beside = {(row["aspect_label"], row["value"], row["disputed"]) for row in rows("list_project_comparison", first=project)
                  if row["aspect_label"]}  # a total, which the table prints, is on no side
        compared = {(row["aspect_label"], row["value_label"].partition(" ")[0], row["disputed"])
                    for row in rows("list_case_comparison", first=project) if row["aspect_label"]}
        assert {one for one in page if one[1]} == beside == compared, project
        number += len(beside)
    assert number > 200


def test_numbers_when_a_discrepancy_concerns_them_then_it_stands_beside_them_wherever_they_are_told(inquiry, rows):
    asked = """PREFIX par: <https://w3id.org/cocina-par/ontology#>
        SELECT DISTINCT ?case ?number ?discrepancy
        WHERE { ?number par:isQuantityOf ?case . ?case a par:Case . ?discrepancy par:concerns ?number }
        ORDER BY ?case ?number ?discrepancy"""
    disputed = [tuple(cell.text for cell in row) for row in inquiry.table(asked).rows]
    assert len(disputed) > 15
    for case, number, discrepancy in disputed:
        for name, parameter, value in (("list_quantities", "thing", "quantity"), ("list_case_comparison", "first", "value")):
            found = {row["disputed"] for row in rows(name, **{parameter: path_of(case)}) if row[value] == number}
            assert discrepancy in found, (name, case, number)


@pytest.mark.parametrize(("language", "own", "odds"), [
    ("en", "This project&#39;s own reading", "At odds in the sources: Which supermarkets Campos de Hielo supplies"),
    ("es", "Lectura de este proyecto", "No cuadra en las fuentes: ")])
def test_comparison_when_a_value_is_our_reading_or_disputed_then_its_mark_says_so(server, language, own, odds):
    text = server.get("/compare?case=experience/campos-de-hielo&case=experience/ketal", "text/html",
                      headers={"Accept-Language": language}).text
    partner = text.partition('href="/id/agent/prodesal"')[2].partition("</li>")[0]
    assert own in partner
    assert 'class="mark"' not in partner
    buyer = text.partition('href="/id/agent/unimarc"')[2].partition("</li>")[0]
    assert odds in buyer
    assert 'href="/id/discrepancy/supermarkets-of-walmart"' in buyer


@pytest.mark.parametrize("page", ["/id/project/p079165", "/projects?country=peru",
                                  "/compare?case=project/p079165&case=project/p064918"])
def test_figure_when_a_discrepancy_concerns_it_then_a_mark_beside_it_leads_there(server, page):
    text = server.get(page, "text/html").text
    beside = [part.partition("</li>" if page.startswith("/compare") else "</td>")[0]
              for part in text.replace("35,000", "35000").split("35000")[1:]]
    assert any('href="/id/discrepancy/alliances-review-cost-per-beneficiary"' in part for part in beside)

