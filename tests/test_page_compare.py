"""Two to six cases side by side, as a page, as data and as a citation."""

import csv
import html
import io
import re
import urllib.parse

import pytest

from tests.desk import HONEY, publish

PAIR = "/compare?case=experience/ketal&case=experience/gustu"
PROJECTS = "/compare?case=project/p083051&case=project/p101209"


def page(server, address, language="en"):
    answer = server.get(address, "text/html", headers={"Accept-Language": language})
    assert answer.status == 200, answer.text
    return answer.text


def rows_of(text):
    """Return the rows of the comparison: heading without marks, and whether it is marked as different."""
    return {re.sub(r"<[^>]+>", "", row).replace("≠ differs: ", "").strip(): "≠" in row
            for row in re.findall(r'<tr[^>]*><th scope="row">(.*?) <span class="quiet">', text)}


def test_comparison_when_opened_then_every_value_of_the_question_with_a_mark_to_its_passage(server):
    text = page(server, PAIR)
    there = list(csv.DictReader(io.StringIO(server.get(PAIR + "&format=csv").text)))
    assert len(there) > 10
    said = {tuple(row[column] for column in ("property", "value", "case", "passage")) for row in there}
    assert len(re.findall(r'class="mark"', text)) == len(said)
    assert set(rows_of(text)) == {row["property_label"] for row in there}


def test_row_when_cases_state_something_else_then_it_is_marked_in_words(server):
    marked = rows_of(page(server, PAIR))
    assert marked["in country"] is False
    assert marked["has organizational model"] is True


def test_rows_when_only_differences_or_what_is_shared_then_those_and_both_are_all(server):
    whole = set(rows_of(page(server, PAIR)))
    differences, shared = (set(rows_of(page(server, f"{PAIR}&only={only}"))) for only in ("differences", "shared"))
    assert differences | shared == whole
    assert not differences & shared
    assert "in country" in shared
    chosen = set(rows_of(page(server, f"{PAIR}&property=par:inCountry&property=par:involvesProduct")))
    assert chosen == {"in country", "involves product"}


@pytest.mark.parametrize("narrowed", ["&only=differences", "&only=shared", "&property=par:inCountry&property=par:involvesProduct",
                                      "&only=shared&property=uses+tool"])
def test_data_when_rows_are_chosen_then_those_that_are_shown_and_as_rdf_as_many(narrowed, server):
    shown = set(rows_of(page(server, PAIR + narrowed)))
    links = re.findall(r'<li><a href="(/compare[^"]*format=(?:csv|turtle)[^"]*)" type="[^"]*">(CSV|Turtle)</a>',
                       page(server, PAIR + narrowed))
    addresses = {name: html.unescape(address) for address, name in links}
    there = list(csv.DictReader(io.StringIO(server.get(addresses["CSV"]).text)))
    whole = list(csv.DictReader(io.StringIO(server.get(PAIR + "&format=csv").text)))
    assert {row["property_label"] for row in there} == shown
    assert there == [row for row in whole if row["property_label"] in shown]
    assert len(re.findall("csvw:Row", server.get(addresses["Turtle"]).text)) == len(there)


def test_data_when_only_cases_that_state_something_are_left_then_no_other(server):
    whole = list(csv.DictReader(io.StringIO(server.get(PAIR + "&format=csv").text)))
    both = {row["case"] for row in whole}
    text = next(row["value_label"] for row in whole if {other["case"] for other in whole
                                                        if other["value_label"] == row["value_label"]} != both)
    left = list(csv.DictReader(io.StringIO(server.get(f"{PAIR}&format=csv&states={urllib.parse.quote(text)}").text)))
    assert len({row["case"] for row in left}) == 1
    assert left == [row for row in whole if row["case"] == left[0]["case"]]


def test_citation_when_followed_after_the_graph_has_changed_then_the_page_is_of_then_and_says_so(desk):
    address = re.search(r"/compare\?case=\S+revision=1\b", desk.server.get(PAIR + "&format=text").text)[0]
    assert "how it stood" not in page(desk.server, address)
    publish(desk, HONEY)
    text = page(desk.server, address)
    assert re.search(r'how it stood in revision <a href="/revisions/1">1</a>', text)
    assert "revision=2" in desk.server.get(PAIR + "&format=text").text


@pytest.mark.parametrize(("address", "status", "english", "spanish"), [
    ("/compare", 200, "Choose two to six experiences", "Elija de dos a seis"),
    ("/compare?case=experience/ketal", 422, "choose at least one more", "elija al menos uno más"),
    ("/compare?" + "&".join(f"case=experience/{key}" for key in "abcdefg"), 422, "7 cases do not fit", "7 casos no caben")])
def test_page_when_too_few_or_too_many_are_given_then_it_says_what_to_choose(address, status, english, spanish, server):
    for language, said in (("en", english), ("es", spanish)):
        answer = server.get(address, "text/html", headers={"Accept-Language": language})
        assert answer.status == status
        assert said in answer.text
        assert 'name="case" value="experience/gustu"' in answer.text


def test_page_when_a_case_is_not_there_then_422_with_the_nearest(server):
    answer = server.get("/compare?case=experience/ketal&case=experience/gusto", "text/html")
    assert answer.status == 422
    told = "case=experience/gusto will not do: there is no case of that key or name. Did you mean Gustu"
    assert told in html.unescape(answer.text)


@pytest.mark.parametrize(("cases", "narrowed", "states"), [
    (PAIR, "&property=par:usesTool&property=par:inCountry", "country/bolivia"), (PAIR, "&only=differences", "tool/quality"),
    ("/compare?case=project/p083051&case=project/p082651", "", "")])
def test_choice_when_made_in_one_language_then_the_same_in_the_other(server, cases, narrowed, states):
    whole = page(server, cases)
    keys = re.findall(r'name="property" value="([^"]*)"', whole)
    assert len(keys) > 5
    narrowed = narrowed or "".join(f"&property={urllib.parse.quote(html.unescape(key))}" for key in keys[:3])
    asked = f"{cases}{narrowed}{'&states=' + states if states else ''}"
    english, spanish = (page(server, asked, language) for language in ("en", "es"))
    assert 0 < len(rows_of(english)) == len(rows_of(spanish)) < len(rows_of(whole))
    assert len(re.findall("<th scope=\"col\">", english)) == len(re.findall("<th scope=\"col\">", spanish))
    assert bool(states) == ("cases state" in english) == ("casos dicen" in spanish)


def test_choice_when_words_are_given_then_only_cases_that_have_them_and_those_chosen(server):
    text = page(server, "/compare?words=chile")
    assert 'value="experience/maqueo"' in text
    assert 'value="experience/gustu"' not in text
    assert "None has these words" in page(server, "/compare?words=zzzz")


def test_cases_when_a_value_is_chosen_then_only_those_that_state_it_stay(server):
    three = f"{PAIR}&case=experience/campos-de-hielo"
    assert page(server, three).count('<th scope="col"><a href="/id/experience/') == 3
    text = page(server, f"{three}&states=Bolivia")
    assert text.count('<th scope="col"><a href="/id/experience/') == 2
    assert "2 of 3 cases state <strong>Bolivia</strong>" in text


def stated_by_all(text):
    """Return the rows that every case states."""
    return {re.sub(r"<[^>]+>", "", row).replace("≠ differs: ", "").strip() for row, stating, cases in re.findall(
        r'<tr[^>]*><th scope="row">(.*?) <span class="quiet">(\d+)/(\d+)', text) if stating == cases}


def test_projects_when_compared_then_by_all_that_they_state_and_not_by_their_figures_alone(server):
    text = page(server, PROJECTS)
    assert text.count('<th scope="col"><a href="/id/project/') == 2
    assert {"in country", "start year", "end year", "involves product", "implementer", "funder", "has source of finance",
            "uses service", "alliances: aimed at", "alliances: actual", "project finance", "degree of focus: Environment",
            "lesson", "argument", "document"} <= stated_by_all(text)


def test_project_when_beside_an_experience_then_rows_of_what_both_state(server):
    text = page(server, "/compare?case=experience/ketal&case=project/p101209")
    assert {"in country", "involves product", "has source of finance", "has quantity", "lesson", "argument",
            "document"} <= stated_by_all(text)
    assert "share of supply covered by direct articulation: 85 percent" in text


@pytest.mark.parametrize("cases", ["case=experience/ketal&case=project/p101209", "case=project/p083051&case=project/p101209"])
def test_rows_when_a_project_is_compared_then_in_the_same_order_in_both_languages_and_years_as_they_ran(cases, server):
    keys = [re.findall(r'name="property" value="([^"]*)"', page(server, f"/compare?{cases}", language))
            for language in ("en", "es")]
    assert keys[0] == keys[1]
    assert keys[0].index("par:startYear") + 1 == keys[0].index("par:endYear")
    assert keys[0].index("par:inCountry") == 0


@pytest.mark.parametrize("format", ["csv", "turtle", "jsonld", "text"])
def test_project_rows_when_taken_along_then_those_that_are_shown(format, server):
    asked = f"{PROJECTS}&property=par:startYear&property=indicator/alliances%2Bvalue-status/target"
    assert set(rows_of(page(server, asked))) == {"start year", "alliances: aimed at"}
    text = server.get(f"{asked}&format={format}").text
    if format == "text":
        assert "par:startYear" in urllib.parse.unquote(text)
    else:
        assert all(said in text for said in ("2006", "2011", "675 alliances", "150 alliances"))
        assert "779 alliances" not in text


def test_cases_when_a_value_of_one_row_is_chosen_then_not_those_that_state_it_in_another(server):
    three = f"{PROJECTS}&case=project/p104567"
    choice = "par:startYear=2011"
    assert f'<option value="{choice}">2011</option>' in page(server, three)
    for language in ("en", "es"):
        text = page(server, f"{three}&states={choice}", language)
        assert re.findall(r'<th scope="col"><a href="/id/([^"]*)', text) == ["project/p101209"]
        assert f'<option value="{choice}" selected>' in text
    assert not re.findall(r'<th scope="col"><a href="/id/', page(server, f"{three}&states=par:endYear=2011"))


@pytest.mark.parametrize(("format", "type"), [
    ("text", "text/plain"), ("bibtex", "application/x-bibtex"), ("cff", "application/yaml"), ("csv", "text/csv"),
    ("turtle", "text/turtle"), ("jsonld", "application/ld+json")])
def test_comparison_when_taken_along_then_in_each_form(format, type, server):
    answer = server.get(f"{PAIR}&format={format}", "text/html")
    assert (answer.status, answer.type) == (200, type)
    assert "Gustu" in answer.text
