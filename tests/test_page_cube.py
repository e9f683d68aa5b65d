"""The cube as a page: its counts are those of the question beside it, what is not documented is said so, a cell leads on."""

import collections
import csv
import html
import io
import re
import urllib.parse

import pytest

from api import create_app, cube
from kg import inquire

SIDES = ("tool", "entry-way", "approach", "country", "organizational-model", "product")
PAIRS = [(rows, columns) for rows in SIDES for columns in SIDES if rows != columns]


def page(server, address, language="en"):
    answer = server.get(address, "text/html", headers={"Accept-Language": language})
    assert answer.status == 200, answer.text
    return answer.text


def linked(text, name):
    """Return the address of the first link with this text."""
    return html.unescape(re.search(rf'<a[^>]*href="([^"]+)"[^>]*>{name}', text)[1])


@pytest.mark.parametrize(("rows", "columns"), PAIRS, ids=lambda side: side)
def test_matrix_when_any_two_sides_are_chosen_then_its_counts_are_those_of_the_question_beside_it(rows, columns, server):
    address = f"/cube?rows={rows}&columns={columns}"
    tree = server.get(address, "application/json").json()
    question = urllib.parse.urlsplit(linked(page(server, address), "The question behind this"))
    answer = csv.DictReader(io.StringIO(server.get(f"{question.path}.csv?{question.query}").text))
    there = {(frozenset((row["row"].rpartition("/")[2], row["column"].rpartition("/")[2])) - {""}, row["experiences"],
              row["passages"]) for row in answer}
    assert there
    assert there == {(frozenset((cell.get("row", ""), cell.get("column", ""))) - {""}, str(cell["experiences"]),
                      str(cell["passages"])) for cell in tree["cells"]}


def test_matrix_when_its_query_is_read_then_it_is_what_the_editor_opens_and_counts_these_cells(server):
    text = page(server, "/cube?rows=country&columns=product")
    query = html.unescape(re.search(r"<pre tabindex=.0.>(.*?)</pre>", text, re.S)[1])
    editor = urllib.parse.urlsplit(linked(text, "Change it in SPARQL"))
    assert urllib.parse.parse_qs(editor.query)["query"] == [query]
    cells = server.get("/cube?rows=country&columns=product", "application/json").json()["cells"]
    assert len(server.get(f"/sparql?{editor.query}", "application/json").json()["results"]["bindings"]) == len(cells)


def test_matrix_when_turned_round_then_the_same_cells(server):
    one, other = (server.get(f"/cube?rows={a}&columns={b}", "application/json").json()["cells"]
                  for a, b in (("tool", "entry-way"), ("entry-way", "tool")))
    def turned(cell):
        return cell.get("row"), cell.get("column"), cell["experiences"], cell["passages"]
    assert {turned(cell) for cell in one} == {turned({**cell, "row": cell.get("column"), "column": cell.get("row")})
                                              for cell in other}


def test_tools_by_entry_ways_when_counted_then_the_printed_matrix_and_not_the_cross_of_what_experiences_have(server, rows):
    cells = server.get("/cube", "application/json").json()["cells"]
    counted = sum(cell["experiences"] for cell in cells if "row" in cell and "column" in cell)
    assert counted == 111  # as many entries as the table of the toolbox has
    crossed, = rows("SELECT (COUNT(*) AS ?n) { ?e a par:SystematizedExperience ; par:usesTool ?t ; par:usesEntryWay ?w }")
    assert counted < int(crossed[0])


def test_total_when_an_experience_stands_in_several_cells_then_it_is_counted_once(server):
    cells = server.get("/cube", "application/json").json()["cells"]
    whole, = (cell["experiences"] for cell in cells if "row" not in cell and "column" not in cell)
    assert whole == 13


@pytest.mark.parametrize("address", ["/cube?rows=country&columns=tool&cell=peru,financing", "/cube?cell=financing,entire-chain",
                                     "/cube?rows=product&columns=approach&cell=potato,innovation",
                                     "/cube?slices=country&cell=financing,entire-chain,chile"])
def test_cell_when_opened_then_as_many_experiences_and_passages_as_it_says(address, server):
    text = page(server, address)
    experiences, passages = re.search(r'class="cell \w+ open"><a [^>]*>(\d+)<.*?class="passages">(\d+)', text).groups()
    behind = text[text.index('id="cell"'):]
    assert len(set(re.findall(r'href="/id/experience/([^"]+)"', behind))) == int(experiences) > 0
    assert len(set(re.findall(r'class="mark" href="([^"#]+)[^"]*"', behind))) == int(passages)


def test_cell_when_opened_then_one_click_to_a_comparison_and_from_there_to_a_citation_of_the_revision(server):
    compared = linked(page(server, "/cube?cell=financing,entire-chain"), "Compare them")
    text = page(server, compared)
    number = server.get("/readyz").json()["revision"]
    assert text.count('<th scope="col"><a href="/id/experience/') == 4
    cited = server.get(linked(text, "BibTeX"), "text/html")
    assert (cited.status, cited.type) == (200, "application/x-bibtex")
    assert f"revision {number}" in cited.text
    assert "Campos de Hielo" in cited.text


@pytest.mark.parametrize(("language", "words", "add", "tool"), [
    ("en", "nothing documented, which says nothing about whether it works", "Know one\\? Add it", "Financing"),
    ("es", "nada documentado, lo que no dice nada sobre si funciona", "¿Conoce una\\? Agréguela", "Financiamiento")])
def test_cell_when_nothing_is_documented_then_it_says_so_and_leads_to_a_form(language, words, add, tool, server):
    text = page(server, "/cube?cell=financing,meetings&country=peru", language)
    assert words in text
    assert 'class="cell none open"' in text
    form = linked(text, add)
    assert set(urllib.parse.parse_qsl(form.partition("?")[2])) == {("tool", "financing"), ("entry-way", "meetings"),
                                                                   ("country", "peru")}
    filled = page(server, form, language)
    assert f"<option selected>{tool}</option>" in filled
    assert {"en": 'value="Peru"', "es": 'value="Perú"'}[language] in filled


def test_filters_when_one_is_repeated_then_any_of_it_and_of_several_all(server):
    def whole(address):
        cells = server.get(address, "application/json").json()["cells"]
        return max((cell["experiences"] for cell in cells), default=0)
    peru, bolivia = whole("/cube?country=peru"), whole("/cube?country=bolivia")
    assert whole("/cube?country=peru&country=bolivia") == peru + bolivia > max(peru, bolivia) > 0
    assert whole("/cube?country=peru&entry-way=chefs") < peru


def test_page_when_nothing_has_all_of_what_is_kept_then_it_says_what_to_do(server):
    text = page(server, "/cube?rows=tool&columns=entry-way&country=chile&product=native-potato")
    assert "No experience has all of this" in text


@pytest.mark.parametrize(("address", "said"), [
    ("/cube?rows=tool&columns=tool", "different sides"), ("/cube?rows=colour", "rows=colour will not do"),
    ("/cube?country=atlantis", "country=atlantis will not do"), ("/cube?cell=financing", "cell=financing will not do"),
    ("/cube?colour=red", "has no parameter colour"),
    ("/cube?cell=financing,nowhere", "cell=financing,nowhere will not do")])
def test_address_when_it_will_not_do_then_422_with_what_is_expected(address, said, server):
    answer = server.get(address, "text/html")
    assert answer.status == 422
    assert said in answer.text


def test_page_when_read_by_machine_then_a_table_with_caption_scopes_and_a_region_to_scroll(server):
    text = page(server, "/cube")
    assert text.count("<h1>") == 1
    assert '<caption id="matrix">' in text
    assert 'role="region" tabindex="0" aria-labelledby="matrix"' in text
    assert len(re.findall(r'<th scope="row">', text)) == 10 + 1
    assert len(re.findall(r'<th scope="col">', text)) == 8 + 2


def test_cell_when_one_experience_is_all_then_it_is_not_shown_as_several_and_asks_for_another(server):
    cells = server.get("/cube?rows=country&columns=product", "application/json").json()["cells"]
    one = next(cell for cell in cells if "row" in cell and "column" in cell and cell["experiences"] == 1 and cell["passages"] > 1)
    text = page(server, f"/cube?rows=country&columns=product&cell={one['row']},{one['column']}")
    assert "It rests on one single experience." in text
    new = linked(text, "Know one")
    assert urllib.parse.parse_qs(urllib.parse.urlsplit(new).query) == {"country": [one["row"]], "product": [one["column"]]}


@pytest.mark.parametrize("side", SIDES)
def test_form_when_a_cell_names_a_side_then_the_form_has_it_filled_in_or_ticked(side, server):
    key, label = server.get(f"/cube?rows={side}&columns={'country' if side != 'country' else 'tool'}",
                            "application/json").json()["rows"]["things"][0].values()
    text = page(server, f"/contributions/new?{side}={key}" + ("&entry-way=fairs" if side == "tool" else ""))
    assert re.search(rf'value="{re.escape(html.escape(label))}"|<option[^>]* selected>{re.escape(html.escape(label))}', text) or \
        re.search(rf'checked>\s*{re.escape(html.escape(label))}', text) or f'checked> {html.escape(label)}' in text


@pytest.mark.parametrize(("language", "words"), [("en", "told of 13 experiences as a whole, not by entry way"),
                                                 ("es", "se cuenta de 13 experiencias en conjunto, no por vía de entrada")])
def test_matrix_when_an_approach_holds_for_all_and_not_by_entry_way_then_its_row_says_so_and_asks_for_no_case(
        language, words, server):
    """Seen with PAR, the common thread of the toolbox: eight times nothing documented, each with a case asked for."""
    text = page(server, "/cube?rows=approach&columns=entry-way", language)
    row = re.search(rf"<tr>(?:(?!</tr>).)*{words}.*?</tr>", text, re.S)[0]
    assert row.count("<td") == 1
    assert "/id/passage/toolbox/2-3" in row
    assert 'class="add"' not in row
    turned = page(server, "/cube?rows=entry-way&columns=approach", language)
    assert turned.count('class="cell throughout"') == 8
    assert "throughout" not in page(server, "/cube?rows=approach&columns=country", language)


def test_total_when_of_some_experiences_nothing_is_told_of_the_other_side_then_it_says_of_how_many(server):
    """CORPAPA took the way of a territorial brand, and no tool is told of it there."""
    brand = {"en": 'class="total">1 <span class="quiet">of 2</span>', "es": 'class="total">1 <span class="quiet">de 2</span>'}
    for language, told in brand.items():
        assert told in server.get(f"/cube?language={language}", "text/html").text
    by_country = server.get("/cube?rows=country&columns=entry-way", "text/html").text
    assert 'class="total">2</td>' in by_country
    assert '<span class="quiet">of ' not in by_country.partition("<tbody>")[2]


@pytest.fixture
def app(inquiry, amending):
    return create_app(inquiry, amending)


def test_sides_when_they_have_more_things_than_there_is_room_for_then_those_of_which_most_is_told_and_how_many(app, monkeypatch):
    whole = app.test_client().get("/cube?rows=product&columns=tool&format=json").json
    told = collections.Counter()
    for cell in whole["cells"]:
        if "column" in cell:
            told[cell.get("row")] += cell["experiences"]
    monkeypatch.setattr(cube, "MOST_SHOWN", 5)
    answer = app.test_client().get("/cube?rows=product&columns=tool", headers={"Accept": "text/html"}).text
    assert f"the 5 products of which most is told, of {len(whole['rows']['things'])}." in answer
    named = {thing["label"]: thing["key"] for thing in whole["rows"]["things"]}
    rows = [html.unescape(name) for name in re.findall(r'<th scope="row">([^<]+)</th>', answer)][:-1]
    least = min(told[named[name]] for name in rows)
    assert len(rows) == 5
    assert all(told[key] <= least for name, key in named.items() if name not in rows)
    hidden = next(key for name, key in named.items() if name not in rows)
    assert f"cell={hidden}," not in answer
    opened = app.test_client().get(f"/cube?rows=product&columns=tool&cell={hidden},financing", headers={"Accept": "text/html"})
    assert len(re.findall('<th scope="row">', opened.text)) == 7  # that of the open cell, and the total


def test_sides_when_they_have_too_many_cells_to_be_counted_then_others_are_offered_in_words_for_people(app, monkeypatch):
    monkeypatch.setattr(inquire, "MOST_CELLS", 700)
    answer = app.test_client().get("/cube?rows=tool&columns=entry-way&slices=product", headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert "These sides have too many cells to be counted at once" in answer.text
    assert "LIMIT" not in answer.text
    assert '<a href="/cube?rows=tool&amp;columns=entry-way&amp;slices=country">countries</a>' in answer.text


def test_cube_when_a_field_is_repeated_then_its_links_have_it_once(server):
    once, often = (page(server, "/cube?" + "&".join(["tool=financing"] * times)) for times in (1, 300))
    assert often.count("tool=financing") == once.count("tool=financing")
