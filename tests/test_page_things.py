"""Pages of things, pictures alone and reasons, over HTTP."""

import html
import json
import re

import pytest

from api.of_kind import OTHERWISE, SECTIONS
from api.rule_texts import in_spanish
from kg.reason import read_rules
from kg.settings import shipped

KINDS = {"experience/mieles-del-sur": ("features", "story", "cells", "who", "chain", "canvas", "similar"),
         "tool/quality": ("aim", "steps", "users"), "entry-way/fairs": ("tools", "next"), "approach/innovation": ("experiences",),
         "product/honey": ("experiences",), "country/peru": ("experiences", "told"), "project/p083051": ("targets", "finance"),
         "document/toolbox": ("holds", "passages"), "passage/toolbox/4-8-3": ("says",), "theme/trust": ("insights",),
         "role/buyer": ("actions", "stakes"), "cluster-case/dr-mango-cluster": ("who", "chain"), "agent/ifad": ("part",),
         "process/alliances-review-cycle": ("stages",), "lesson/toolbox-own-mapping-is-stimulating": ("told",)}


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_page_when_of_a_kind_then_its_sections_with_marks_and_all_statements_folded(server, path, language):
    answer = server.get(f"/id/{path}?language={language}", "text/html")
    assert answer.status == 200
    page = answer.text
    for name in KINDS[path]:
        assert f'id="{name}"' in page, name
    assert "<details><summary" in page
    assert 'class="mark"' in page
    assert ("All that is stated of it" in page) == (language == "en")
    assert page.count("<h1") == 1
    assert " style=" not in page


def test_products_when_no_other_vocabulary_has_one_then_its_page_is_without_that_part(server):
    told = server.get("/queries/list_product_matches.json").json()["results"]["bindings"]
    there = {row["product"]["value"].partition("/id/")[2]: "external" in row for row in told}
    assert set(there.values()) == {True, False}
    for path, is_elsewhere in there.items():
        answer = server.get(f"/id/{path}", "text/html")
        assert answer.status == 200, path
        assert ('id="vocabularies"' in answer.text) == is_elsewhere, path


def part(page, name):
    """Return the section of a page whose heading has a name."""
    return page.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_page_when_a_risk_or_a_tool_is_told_by_several_rows_then_it_stands_once(server):
    risks = part(server.get("/id/tool/financing", "text/html").text, "risks")
    named = re.findall(r'<li class="risk"><a href="([^"]+)"', risks)
    assert len(named) == len(set(named)) == 6
    assert risks.count("<li>") > len(named)  # what was set against them
    tools = part(server.get("/id/entry-way/entire-chain", "text/html").text, "tools")
    assert len(set(re.findall(r"/id/tool/[a-z-]+", tools))) == len(re.findall(r"/id/tool/[a-z-]+", tools)) == 10
    assert tools.count("/id/experience/maqueo") > 1


def test_table_when_it_is_long_then_the_rest_of_it_is_folded_from_the_next_thing_on(server):
    page = server.get("/id/tool/financing", "text/html").text
    first, _, rest = part(page, "guidance").partition('<summary id="guidance-more">')
    before, after = (re.findall(r"<td[^>]*><a href=\"(/id/guidance/[^\"]+)", text) for text in (first, rest))
    assert len(before) >= 10
    assert len(after) > 4
    assert before[-1] != after[0]
    assert rest.startswith(f"{len(set(after))} more")
    assert "-more" not in part(page, "steps")


def test_table_when_its_rows_have_no_room_on_a_telephone_then_their_values_are_named(server):
    page = server.get("/id/tool/financing", "text/html").text
    steps, users = part(page, "steps"), part(page, "users")
    assert 'class="wide stacked"' in steps
    assert 'data-name="examples"' in steps
    assert "stacked" not in users
    assert "data-name" not in users


def test_page_when_it_has_many_parts_then_it_begins_with_their_names(server):
    page = server.get("/id/experience/ketal", "text/html").text
    within = re.search(r'<ul class="tools within">.*?</ul>', page)[0]
    assert all(f'id="{name}"' in page for name in re.findall('href="#([^"]+)"', within))
    assert within.count("<li>") > 5
    assert 'class="tools within"' not in server.get("/id/discrepancy/alliances-model-first-letter", "text/html").text


def test_section_when_listed_then_it_names_a_query_its_parameter_and_columns_of_it(inquiry):
    for section in (*OTHERWISE, *(one for of_kind in SECTIONS.values() for one in of_kind)):
        query = inquiry.catalogue.get(section.query)
        assert set(section.given) <= {parameter.name for parameter in query.parameters}
        assert set(section.columns) <= {column.name for column in query.columns}


def test_page_when_of_an_experience_then_says_what_is_not_documented_and_how_to_cite(server):
    page = server.get("/id/experience/ketal", "text/html").text
    assert "Not documented yet: assets, actors and food community" in page
    assert "lack" not in page.partition("<details>")[0].partition("Not documented")[2].partition("</p>")[0]
    assert "Supermarkets. Revision" in page
    data, _ = re.findall(r'<script type="application/ld\+json">(.+?)</script>', page)
    assert json.loads(data)["@id"].endswith("/id/experience/ketal")


def test_statement_when_it_follows_then_its_mark_leads_to_the_reason(server):
    page = server.get("/id/experience/ketal", "text/html").text
    address = next(one for one in re.findall(r'class="mark inferred" href="([^"]+)"', page) if "isExampleOf" in one)
    reason = server.get(address.replace("&amp;", "&"), "text/html")
    assert reason.status == 200
    assert "A property and its inverse hold both ways" in reason.text
    assert "Said in" in reason.text


def test_explain_when_stated_then_its_graphs_and_no_rule(server):
    told = server.get("/explain?s=experience/ketal&p=par:inCountry&o=country/bolivia", "application/json").json()
    assert told["graphs"]
    assert (told["rule"], told["premises"]) == ("", [])


def test_explain_when_a_text_with_its_language_then_found(server):
    asked = "/explain?s=experience/ketal&p=rdfs:label&o=%22Ketal+Supermarkets%22@en"
    assert server.get(asked, "application/json").json()["graphs"]


@pytest.mark.parametrize(("fields", "status", "words"), [
    ("s=experience/ketal&p=par:inCountry&o=country/peru", 404, "does not say that experience/ketal par:inCountry country/peru"),
    ("s=experience/ketal", 400, "Give a statement"), ("s=experience/ketal&p=par:inCountry&o=%3C%3E", 422, "is not a term")])
def test_explain_when_it_cannot_then_plain_words(server, fields, status, words):
    answer = server.get("/explain?" + fields, "text/html")
    assert answer.status == status
    assert words in answer.text


def test_rules_when_they_conclude_then_each_has_a_spanish_sentence():
    concluding = [rule for rule in read_rules(shipped("rules")) if not rule.contradicts]
    assert concluding
    assert [rule.name for rule in concluding if in_spanish(rule.sentence) == rule.sentence] == []


@pytest.mark.parametrize("path", ["chain.svg?case=experience/mieles-del-sur", "timeline.svg?from=2005", "targets.svg",
                                  "finance.svg?project=p083051", "focus.svg?language=es"])
def test_picture_when_asked_alone_then_svg_with_a_validator(server, path):
    answer = server.get("/pictures/" + path)
    assert (answer.status, answer.type) == (200, "image/svg+xml")
    assert answer.text.startswith("<svg")
    again = server.get("/pictures/" + path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304


@pytest.mark.parametrize(("path", "status"), [("cubes.svg", 404), ("chain.svg?case=country/peru", 404), ("chain.svg", 422)])
def test_picture_when_there_is_none_then_plain_words(server, path, status):
    assert server.get("/pictures/" + path).status == status


def test_discrepancy_when_shown_then_each_side_with_its_passage_and_the_reading(server):
    part = server.get("/id/discrepancy/clusters-incomes-of-sesame-farmers?language=en", "text/html").text.partition(
        'id="claims"')[2].partition("</section>")[0]
    assert "one verb too many" in part
    assert len(re.findall(r'<a href="/id/passage/clusters/[^"#]+#claim/', part)) == 2


@pytest.mark.parametrize("language", ["en", "es"])
def test_discrepancy_when_between_documents_then_each_claim_names_its_own_and_the_reading_stands_once_above(server, language):
    one = "https://w3id.org/cocina-par/id/discrepancy/between-intermediaries"
    rows = server.get(f"/queries/list_discrepancies.json?thing={one}&language={language}").json()["results"]["bindings"]
    part = html.unescape(server.get(f"/id/discrepancy/between-intermediaries?language={language}", "text/html").text.partition(
        'id="claims"')[2].partition("</section>")[0])
    above, _, table = part.partition("<table>")
    assert len({row["in_document"]["value"] for row in rows}) == 3
    assert (above.count(rows[0]["reading"]["value"]), table.count(rows[0]["reading"]["value"])) == (1, 0)
    assert above.count('class="mark own"') == 2  # beside the reading and beside what is at odds
    lines = re.findall(r"<tr><td>.*?</tr>", table, re.DOTALL)
    assert len(lines) == len(rows) == 5
    for row, line in zip(rows, lines, strict=True):
        assert row["in_document_label"]["value"] in line
        assert f'href="/id/passage/{row["passage"]["value"].partition("/id/passage/")[2]}#claim/' in line
        assert row["claim"]["value"] in line
    assert {f'href="/id/document/{row["in_document"]["value"].rpartition("/")[2]}"' for row in rows} == set(
        re.findall(r'href="/id/document/[^"]+"', table))


def test_fact_when_it_follows_then_its_mark_opens_why_and_no_passage(server):
    text = server.get("/id/agent/segeplan?language=en", "text/html").text
    marks = re.findall(r'<a class="mark inferred" href="(/explain[^"]+)"', text)
    assert marks
    assert server.get(html.unescape(marks[0]), "text/html").status == 200
    assert 'class="mark" href="/graph/inferred"' not in text


@pytest.mark.parametrize("path", [
    "/search?q=miel", "/ask", "/queries", "/queries/list_experiences", "/sparql", "/download", "/revisions", "/contributions",
    "/contributions/new", "/map", "/id/tool/financing", "/nowhere"])
def test_page_when_it_is_not_the_first_then_crumbs_lead_back_to_that(path, server):
    assert re.findall(r'<p class="crumbs"><a href="/">Start</a> ›', server.get(path, "text/html").text) != []


@pytest.mark.parametrize(("path", "section"), [
    ("/id/tool/financing", "aim"), ("/id/tool/financing", "steps"), ("/id/theme/trust", "insights"),
    ("/id/product/honey", "experiences"), ("/id/process/alliances-model-project-cycle", "stages")])
def test_row_when_its_question_names_no_passage_then_marked_with_one_that_tells_of_it(path, section, server, rows):
    part = server.get(path, "text/html").text.partition(f'id="{section}"')[2].partition("</section>")[0]
    shown = re.findall(r"<tr><td.*?</tr>", part, re.DOTALL) or [part]
    marks = [re.findall(r'class="mark" href="(/id/passage/[^"#]+)', row) for row in shown]
    assert part
    assert all(marks)
    things = [re.search(r'href="/(id/(?!passage)[^"]+)"', row) for row in shown]
    for thing, (passage, *_) in list(zip(things, marks, strict=True))[:3]:
        if thing:
            (told,), = rows(f"SELECT (COUNT(*) AS ?n) {{ <{passage[1:]}> par:hasNamedGraph ?g "
                            f"GRAPH ?g {{ <{thing[1]}> ?p ?o }} }}")
            assert int(told) > 0


def test_lead_when_shown_in_either_language_then_its_mark_opens_a_passage(server):
    for language in ("en", "es"):
        for path in ("/id/experience/ketal", "/id/tool/financing"):
            lead = re.search(r'<p class="lead">.*?</p>', server.get(f"{path}?language={language}", "text/html").text)[0]
            assert 'class="mark" href="/id/passage/' in lead


@pytest.mark.parametrize(("path", "type"), [
    ("/id/experience/ketal", "Article"), ("/id/tool/financing", "HowTo"), ("/id/country/peru", "Country"),
    ("/id/project/p083051", "Project"), ("/id/theme/trust", "DefinedTerm"), ("/about", "Dataset")])
def test_page_when_read_by_a_machine_then_schema_org_says_what_it_is_of(path, type, server):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', server.get(path, "text/html").text, re.DOTALL)
    linked = json.loads(found[1])
    assert linked["@type"] == type
    assert linked["name"]
    assert {"isPartOf", "subjectOf", "distribution"} & set(linked)


@pytest.mark.parametrize(("language", "words"), [
    ("en", "small producers and rural entrepreneurs"), ("es", "pequeños productores y emprendedores rurales")])
def test_page_when_its_texts_abbreviate_then_the_first_is_written_out_and_the_others_explained(server, language, words):
    page = server.get("/id/tool/alliances", "text/html", headers={"Accept-Language": language}).text
    body = page.partition("<main")[2]
    assert body.index(f"{words} (SP/RE)") < body.index(f'<abbr title="{words}">SP/RE</abbr>')
    assert body.count(f"{words} (SP/RE)") == 1


@pytest.mark.parametrize("path", ["product/route-of-the-potato", "approach/tas", "experience/ketal", "document/toolbox"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_number_when_nobody_aimed_at_it_then_it_is_not_called_reached(server, path, language):
    """Seen with an altitude, and with the principles of an approach."""
    page = server.get(f"/id/{path}?language={language}", "text/html").text
    assert not re.search(r">\s*(reached|alcanzado)\s*<|\((reached|alcanzado)", page)


@pytest.mark.parametrize(("case", "value"), [("ketal", "85"), ("tambinas-schools", "21"), ("peasant-agro-fairs", "14")])
def test_number_when_told_of_a_case_and_of_its_event_then_it_stands_once(server, case, value):
    part = server.get(f"/id/experience/{case}", "text/html").text.partition('<h2 id="numbers">')[2].partition("</section>")[0]
    assert len(re.findall(rf'<td class="short"[^>]*><span>{value}</span>', part)) == 1


@pytest.mark.parametrize("passage", ["3-2-3", "tools-by-entry-ways", "3-2-7"])
@pytest.mark.parametrize(("language", "heading", "kind"), [("en", "-driven", "systematized experience"),
                                                           ("es", "impulsada por", "experiencia sistematizada")])
def test_passage_when_rules_find_what_a_thing_is_then_it_stands_under_what_is_stated(server, passage, language, heading, kind):
    """Seen with a supermarket that a passage tells to deal directly, under "intermediary-driven experience"."""
    page = server.get(f"/id/passage/toolbox/{passage}?language={language}", "text/html").text
    headings = re.findall(r'<(?:summary|h3) id="says-\d+">([^<]*)', page)
    assert kind.casefold() in [one.strip().casefold() for one in headings]
    assert not [one for one in headings if heading in one]


@pytest.mark.parametrize(("project", "named"), [("p083051", ["Other (IDA): 58.4"]), ("p104567", ["Other: 9.9"])])
def test_finance_when_the_table_names_who_is_behind_a_source_then_the_chart_does(server, project, named):
    drawn = server.get(f"/pictures/finance.svg?project={project}").text
    assert [one for one in named if one not in drawn] == []


@pytest.mark.parametrize(("path", "part", "language", "count"), [
    ("experience/corpapa", "assets", "en", "6"), ("experience/peasant-agro-fairs", "assets", "es", "28"),
    ("tool/alliances", "risks", "en", "17 in "), ("tool/alliances", "risks", "es", "17 en ")])
def test_heading_when_it_counts_things_and_there_are_more_rows_then_it_says_of_both(server, path, part, language, count):
    """Seen with a count of kinds of asset above 21 rows of assets."""
    page = server.get(f"/id/{path}?language={language}", "text/html").text
    section = page.partition(f'<h2 id="{part}">')[2].partition("</section>")[0]
    said = re.search(r'<span class="quiet">([^<]*)</span></h2>', section)[1]
    assert said.startswith(count)
    rows = len(re.findall(r'class="marks"|<li class="risk">', section))
    assert str(rows) in said.split()


def test_actors_when_recorded_under_par_then_they_stand_with_the_assets_and_whose_reading_their_tier_is(server):
    page = server.get("/id/experience/peasant-agro-fairs", "text/html").text
    part = page.partition('<h2 id="assets">')[2].partition("</section>")[0]
    kinds = ("primary actors", "secondary actors", "actor of the food heritage")  # the registry lists seven
    assert [part.count(f">{kind}</a>") for kind in kinds] == [2, 2, 3]
    assert "This project's own reading" in part.replace("&#39;", "'")
