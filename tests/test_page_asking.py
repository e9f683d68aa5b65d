"""Asking for a case where nothing or little is documented: in the cube itself, and on the page of an experience."""

import html
import re
import urllib.parse

import pytest

from tests.browser import PHONE, Look, Walk, faults, walked
from tests.desk import HONEY, publish

KEY = "asked-honey"
ADD = re.compile(r'<a class="add" href="([^"]+)"><span aria-hidden="true">\+</span><span class="hidden">([^<]+)</span></a>')


def page(server, path, language="en"):
    answer = server.get(path, "text/html", headers={"Accept-Language": language})
    assert answer.status == 200, path
    return answer.text


def asked(address):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(html.unescape(address)).query)


@pytest.mark.parametrize(("language", "said"), [("en", "Tell of a case: Financing × Participation in fairs (Agro-fairs)"),
                                                ("es", "Cuente un caso: Financiamiento × Participación en ferias")])
def test_matrix_when_a_cell_has_little_or_nothing_then_it_asks_for_a_case_with_its_coordinates(language, said, server):
    cells = re.findall(r'<td class="cell (\w+)">(.*?)</td>', page(server, "/cube", language), re.DOTALL)
    assert len(cells) == 80
    links = [found for look, cell in cells if look != "several" for found in [ADD.search(cell)] if found]
    assert len(links) == sum(look != "several" for look, _ in cells) > 0
    assert len({link[2] for link in links}) == len(links)  # each is called otherwise
    one = next(link for link in links if html.unescape(link[2]) == said)
    assert asked(one[1]) == {"tool": ["financing"], "entry-way": ["fairs"]}


def test_matrix_when_a_cell_rests_on_several_then_it_asks_for_none(server):
    cells = re.findall(r'<td class="cell several">(.*?)</td>', page(server, "/cube?rows=country&columns=tool"), re.DOTALL)
    assert cells
    assert not any(ADD.search(cell) for cell in cells)


def test_matrix_when_experiences_are_kept_and_it_has_slices_then_the_case_has_all_of_it(server):
    links = ADD.findall(page(server, "/cube?slices=organizational-model&country=peru"))
    assert all(set(asked(address)) == {"tool", "entry-way", "organizational-model", "country"} for address, _ in links)
    assert len({name for _, name in links}) == len(links) > 100


def test_matrix_when_it_is_large_then_the_cells_that_are_opened_ask_alone(server):
    large, small = (page(server, f"/cube?rows=product&columns={side}") for side in ("tool", "entry-way"))
    cells = [len(re.findall('<td class="cell ', text)) for text in (large, small)]
    assert cells[0] > 400 >= cells[1]
    assert not ADD.search(large)
    assert ADD.search(small)
    assert "Know one?" in page(server, "/cube?rows=product&columns=tool&cell=honey,public-policy")


@pytest.mark.parametrize(("language", "words"), [("en", "In brackets: how many experiences have it"),
                                                 ("es", "Entre paréntesis: cuántas experiencias lo tienen")])
def test_filters_when_nothing_has_a_choice_then_it_is_not_offered_and_others_say_how_many(language, words, server, rows):
    text = page(server, "/cube?country=italy", language)
    assert words in text
    offered = re.findall(r'<option value="([\w-]+)"( selected)?>[^<(]+ \((\d+)\)',
                         re.search(r'<select name="country".*?</select>', text, re.DOTALL)[0])
    told = dict(rows("SELECT ?c (COUNT(DISTINCT ?e) AS ?n) { ?e a par:SystematizedExperience ; par:inCountry ?c } GROUP BY ?c"))
    assert {f"country/{key}": count for key, chosen, count in offered if not chosen} == told
    assert ("italy", " selected", "0") in offered
    for side in ("tool", "entry-way", "approach", "country", "organizational-model", "product"):
        shown = re.search(rf'<select name="{side}".*?</select>', page(server, "/cube", language), re.DOTALL)[0]
        counts = re.findall(r"\((\d+)\)</option>", shown)
        assert len(counts) == shown.count("<option") > 0
        assert all(int(count) > 0 for count in counts)


@pytest.mark.parametrize(("language", "tell", "missing"), [("en", "Tell what you know", "Not documented yet"),
                                                           ("es", "Cuente lo que sabe", "Aún no documentado")])
def test_experience_when_it_is_shipped_then_what_is_missing_is_told_to_a_reviewer_with_its_name(language, tell, missing, server):
    text = page(server, "/id/experience/mieles-del-sur", language)
    address = html.unescape(re.search(rf'<a href="([^"]+)">{tell}', text)[1])
    fields = asked(address)
    assert fields["about"] == ["/id/experience/mieles-del-sur"]
    assert fields["what"][0].startswith(missing)
    form = page(server, address, language)
    assert re.search(r'name="about" maxlength="\d+" value="/id/experience/mieles-del-sur"', form)
    assert fields["what"][0] in html.unescape(form)


def test_experience_when_it_was_contributed_then_its_next_edition_is_opened_with_what_it_says(desk):
    publish(desk, HONEY.replace(b"andean-honey", KEY.encode()))
    text = page(desk.server, f"/id/experience/{KEY}")
    form, = re.findall(r'<a href="(/contributions/\w+/form/short)">Tell what you know', text)
    assert 'name="SystematizedExperience.0.label@en" value="Honey of the high valleys"' in page(desk.server, form)
    assert re.search(r'<a href="/reports/new\?about=/id/experience/asked-honey&amp;what=[^"]+">tell a reviewer', text)


def test_cube_when_seen_on_a_phone_then_its_cells_ask_and_nothing_is_wrong(server):
    (seen,) = walked(server.address, [Walk("/cube", width=PHONE, looks=(Look(PHONE),))])
    assert not faults(seen)
    assert "The table goes on to the right" in seen["text"]
    (wide,) = walked(server.address, [Walk("/cube")])
    assert "The table goes on to the right" not in wide["text"]
