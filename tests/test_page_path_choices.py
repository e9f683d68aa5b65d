"""The form of a path offers what leads somewhere, with how many; what is near or looser is shown; parts count what they tell."""

import html
import re
import urllib.parse

import pytest

LANGUAGES = ("en", "es")
FAIRS = "/path?who=role/producer&product=honey&place=country/chile&entry_way=fairs"
OTHER = {"en": "other cases", "es": "otros casos"}
HONEY = "<https://w3id.org/cocina-par/id/product/honey>"
OWN = {"role": "?e par:hasParticipation/par:hasRole ?c", "sector": "?e par:involvesSector ?c",
       "product": "?e par:involvesProduct ?c", "place": "?e par:inCountry|par:takesPlaceIn ?c",
       "entry_way": "?e par:usesEntryWay ?c"}


def page(server, path, language="en"):
    answer = server.get(path, "text/html", headers={"Accept-Language": language})
    assert answer.status == 200, path
    return answer.text


def options(text, name):
    """Return the choices of a field: its value, its name and how many; of those that are near alone, what they belong to, too."""
    whole = re.search(rf'<select id="{name}".*?</select>', text, re.DOTALL)[0]
    found = re.findall(r'<option value="([^"]+)"( selected)?>([^<]*?) \((?:([^<]*): )?(\d+)\)</option>', whole)
    assert len(found) == whole.count("<option") - 1  # all but the first, which leaves it open
    return [(value, html.unescape(name), html.unescape(wider), int(count)) for value, _, name, wider, count in found]


def section(text, name):
    return re.search(rf'<section class="path-parts"><h2 id="{name}">.*?</section>', text, re.DOTALL)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_form_when_it_offers_a_choice_then_it_leads_to_entry_ways_or_to_other_cases(language, server):
    text = page(server, "/path", language)
    for name in ("who", "product", "place"):
        offered = options(text, name)
        assert offered
        assert {wider == OTHER[language] for _, _, wider, _ in offered} == {True, False}
        for value, label, wider, count in offered:
            assert count > 0
            leads_to = "others" if wider == OTHER[language] else "ways"
            assert f'id="{leads_to}"' in page(server, f"/path?{name}={urllib.parse.quote(value)}", language), label


@pytest.mark.parametrize("field", OWN)
def test_choices_when_other_cases_alone_have_them_then_they_are_offered_with_how_many(field, server, rows):
    of_cases = "SELECT ?c (COUNT(DISTINCT ?e) AS ?n) { ?e a par:Case FILTER NOT EXISTS { ?e par:usesEntryWay ?w } " \
               f"{OWN[field]} }} GROUP BY ?c"
    told = {} if field == "entry_way" else dict(rows(of_cases))
    own = {one for one, in rows(f"SELECT DISTINCT ?c {{ ?e par:usesEntryWay ?w . {OWN[field]} }}")}
    offered = options(page(server, "/path"), "who" if field in ("role", "sector") else field)
    kinds = {"role": "role/", "sector": "sector/"}.get(field, "")
    prefix = {"product": "product/"}.get(field, "")
    near = {prefix + value for value, _, wider, _ in offered if wider and wider != OTHER["en"]}
    other = {prefix + value: str(count) for value, _, wider, count in offered if wider == OTHER["en"] and value.startswith(kinds)}
    assert other == {choice: count for choice, count in told.items() if choice not in own | near}


@pytest.mark.parametrize("asked", ["product=mango", "product=coffee", "place=country/brazil", "who=role/funder",
                                   "product=mango&place=country/dominican-republic", "who=sector/public&product=mango",
                                   "product=mango&entry_way=fairs"])
def test_path_when_other_cases_alone_have_it_then_they_are_shown_with_their_passages(asked, server):
    text = page(server, f"/path?{asked}")
    assert "nothing is documented" not in text
    assert "Nobody in your position is documented" not in text
    part = re.search(r'<section><h2 id="others">.*?</section>', text, re.DOTALL)[0]
    address = html.unescape(re.search(r'<a href="(/queries/list_other_cases[^"]+)">The question', part)[1])
    told = server.get(address.replace("?", ".json?", 1)).json()["results"]["bindings"]
    assert told
    assert any("passage" in row for row in told)
    for row in told:
        for name in {"case", "shared", "passage"} & row.keys():
            assert re.search(f'href="/id/{row[name]["value"].partition("/id/")[2]}["#]', part)


@pytest.mark.parametrize(("language", "without"), [("en", "Without the place</a>: 4 other cases"),
                                                   ("es", "Sin el lugar</a>: otros 4 casos")])
def test_path_when_other_cases_have_a_part_of_it_then_less_conditions_lead_to_them(language, without, server):
    assert without in page(server, "/path?product=coffee&place=country/chile", language)


def test_path_when_given_as_data_then_the_other_cases_are_part_of_it(server):
    told = server.get("/path?product=mango&format=json").json()["sections"]
    assert {row["case"].rpartition("/")[2] for row in told["others"]["rows"]} == {"cpp", "dr-mango-cluster"}
    assert "others" not in server.get("/path?product=honey&format=json").json()["sections"]


@pytest.mark.parametrize("field", OWN)
def test_choices_when_counted_then_as_many_experiences_as_the_graph_has_on_some_entry_way(field, server, rows):
    told = dict(rows("SELECT ?c (COUNT(DISTINCT ?e) AS ?n) { ?e a par:SystematizedExperience ; par:usesEntryWay ?w . "
                     f"{OWN[field]} }} GROUP BY ?c"))
    offered = options(page(server, "/path"), "who" if field in ("role", "sector") else field)
    kinds = {"role": "role/", "sector": "sector/", "product": "", "place": "", "entry_way": ""}[field]
    prefix = {"product": "product/", "entry_way": "entry-way/"}.get(field, "")
    own = {prefix + value: str(count) for value, _, wider, count in offered if not wider and value.startswith(kinds)}
    assert own == told


@pytest.mark.parametrize(("language", "said"), [("en", "Of Cochabamba itself no experience is documented"),
                                                ("es", "De «Cochabamba» no se documenta ninguna experiencia")])
def test_path_when_a_place_is_within_a_documented_one_then_that_one_answers_and_it_says_so(language, said, server):
    text = page(server, "/path?place=place/cochabamba", language)
    assert ("place/cochabamba", "Cochabamba", "Bolivia", 4) in options(text, "place")
    assert '<option value="place/cochabamba" selected>' in text
    assert said in text
    near, wider = ([re.sub(r"place=[\w/-]+", "", one) for one in re.findall(r'<li class="card"><h3>.*?</h3>', of_place)]
                   for of_place in (text, page(server, "/path?place=country/bolivia", language)))
    assert near == wider != []


def test_form_when_what_was_asked_for_is_on_no_list_then_it_stays_chosen_and_counts_nought(server):
    assert re.search(r"<option value=\"country/haiti\" selected>[^<]+ \(0\)</option>", page(server, "/path?place=country/haiti"))
    assert '<option value="role/trader" selected>trader (0)</option>' in page(server, "/path?who=role/trader")
    assert '<option value="role/trader"' not in page(server, "/path")
    assert '<option value="honey" selected>miel (2)</option>' in page(server, "/path?product=Miel", "es")


@pytest.mark.parametrize(("language", "without"), [("en", "Without the place"), ("es", "Sin el lugar")])
def test_path_when_nobody_like_that_took_the_way_then_less_conditions_lead_to_some_who_did(language, without, server):
    text = page(server, FAIRS, language)
    looser = html.unescape(re.search(rf'<a href="([^"]+)">{without}</a>: (\d+)', text)[1])
    assert looser == "/path?who=role/producer&product=honey&entry_way=fairs"
    there = page(server, looser, language)
    assert 'class="notice"' not in there
    assert 'id="experiences"' in there
    assert re.search(r'href="/path\?who=role/producer&amp;product=honey&amp;place=country/chile">', text)  # any other way


def test_path_when_a_place_has_nothing_then_what_it_lies_in_is_offered(server):
    text = page(server, "/path?place=place/chiloe&product=cheese")
    assert re.search(r'<a href="/path\?product=cheese&amp;place=country/chile">In Chile</a>: [1-9]', text)


@pytest.mark.parametrize(("language", "tell", "named"), [
    ("en", "Do you know such a case", {"inCountry": "Chile", "involvesProduct": "honey", "hasRole": "producer"}),
    ("es", "¿Conoce un caso así", {"inCountry": "Chile", "involvesProduct": "miel", "hasRole": "productor"})])
def test_path_when_it_asks_for_a_case_then_the_form_has_what_was_said_filled_in(language, tell, named, server):
    told = html.unescape(re.search(rf'<a href="([^"]+)">{re.escape(tell)}', page(server, FAIRS, language))[1])
    assert urllib.parse.parse_qs(told.partition("?")[2]) == {"entry-way": ["fairs"], "product": ["honey"], "country": ["chile"],
                                                             "role": ["producer"]}
    form = page(server, told, language)
    for field, value in named.items():
        assert re.search(rf'<input name="\w+\.0\.{field}" value="{value}"', form), field
    assert re.search(r'usesEntryWay" value="[^"]+" checked>', form)
    within = page(server, "/contributions/new?place=chiloe", language)
    assert 'name="SystematizedExperience.0.takesPlaceIn" value="Chiloé"' in within


@pytest.mark.parametrize("language", LANGUAGES)
def test_tools_when_several_used_one_then_it_is_counted_once(language, server):
    part = section(page(server, "/path?entry_way=fairs", language), "tools")
    tools = re.findall(r'<li><a href="/id/tool/([\w-]+)"', part)
    assert len(tools) == len(set(tools)) == 10
    assert '<span class="quiet">10</span>' in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_risks_when_several_answers_stand_against_one_then_it_is_shown_once_with_them_beneath(language, server):
    told = server.get(f"/queries/list_path_risks.json?entry_way=fairs&language={language}").json()["results"]["bindings"]
    part = section(page(server, "/path?entry_way=fairs", language), "risks")
    shown = re.findall(r'<li class="risk"><a href="/id/risk/([\w-]+)"', part)
    assert len(shown) == len(set(shown)) == len({row["risk"]["value"] for row in told})
    answers = {row["response"]["value"].partition("/id/")[2] for row in told if "response" in row}
    assert answers
    assert all(f'href="/id/{answer}"' in part for answer in answers)
    assert not re.search(r">(https?://|[a-z-]+/[a-z-]+)<", part)  # no key stands where a name should


def test_lessons_when_something_was_said_of_oneself_then_those_that_bear_on_it_come_first_and_say_on_what(server):
    text = page(server, FAIRS)
    lessons = section(text, "lessons")
    assert "First those that bear on what you said:" in lessons
    address = html.unescape(re.search(r'<a href="(/queries/list_path_lessons[^"]+)">The question', lessons)[1])
    told = server.get(address.replace("?", ".json?", 1)).json()["results"]["bindings"]
    bearing = ["bears_on" in row for row in told]
    assert bearing == sorted(bearing, reverse=True)
    assert {"honey", "Chile", "producer"} == {name for row in told if "bears_on" in row for name in
                                              row["bears_on"]["value"].split(", ")}
    assert "First those" not in section(page(server, "/path?entry_way=fairs"), "lessons")


def test_lessons_when_they_bear_on_a_product_then_they_rest_on_or_name_an_experience_with_it(server, rows):
    told = server.get("/queries/list_path_lessons.json?entry_way=fairs&product=honey").json()["results"]["bindings"]
    there = {row["insight"]["value"].partition("/id/")[2] for row in told if "bears_on" in row}
    asked = {row["insight"]["value"].partition("/id/")[2] for row in told}
    resting = {one for one, in rows(f"SELECT DISTINCT ?i {{ ?e par:involvesProduct {HONEY} . ?i par:restsOn|par:bearsOn ?e }}")}
    naming = {one for one, in rows(f"SELECT DISTINCT ?i {{ ?i par:bearsOn {HONEY} }}")}
    assert there == asked & (resting | naming)
    assert there
