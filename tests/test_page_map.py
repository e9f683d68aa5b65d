"""The map of the countries and the projects in charts: what they show is what the questions beside them count."""

import html
import re
import xml.etree.ElementTree as ET

import pytest

from kg.pictures.outlines import outline_of
from tests.desk import HONEY, publish

SVG = "{http://www.w3.org/2000/svg}"


def page(server, address, language="en"):
    answer = server.get(f"{address}{'&' if '?' in address else '?'}language={language}", "text/html")
    assert answer.status == 200, answer.text
    return answer.text


def svg_in(text):
    return ET.fromstring(re.search(r"<svg [^>]*picture.*?</svg>", text, re.DOTALL)[0])


def told(svg):
    """Return what the links of a map say, by the address that each leads to."""
    return {link.get("href"): link.get("aria-label") for link in svg.iter(SVG + "a")}


def rows_of(server, address):
    return server.get(address, "application/json").json()["results"]["bindings"]


@pytest.fixture(scope="module")
def desk(desk):
    """A server to which two invented experiences were published while it ran: one of Peru, one of Korea, which has no outline."""
    desk.before = page(desk.server, "/map")
    for key, country in (("peru-honey", b"country:peru"), ("korea-honey", b"country:korea")):
        publish(desk, HONEY.replace(b"andean-honey", key.encode()).replace(b"country:peru", country))
    return desk


@pytest.mark.parametrize("count", ["experiences", "projects", "cases"])
def test_map_when_shown_then_its_counts_are_those_of_the_question_beside_it(server, count):
    shown = page(server, f"/map?count={count}")
    address = html.unescape(re.search(r'href="(/queries/count_cases_by_place\?[^"]+)"', shown)[1])
    rows = rows_of(server, address)
    assert rows
    said = told(svg_in(shown))
    assert len(said) == len(rows)
    for row in rows:
        words = said["/" + row["place"]["value"].partition("/cocina-par/")[2]]
        assert words.startswith(row["place_label"]["value"] + ": ")
        number = row[count]["value"]
        assert words.split(": ")[1].split()[0] == ("no" if number == "0" else number)


def test_map_when_a_country_has_no_count_then_it_is_not_shaded_and_says_that_nothing_is_documented(server):
    svg = svg_in(page(server, "/map", "es"))
    link = next(one for one in svg.iter(SVG + "a") if one.get("href") == "/id/country/brazil")
    assert link.get("aria-label") == "Brasil: ninguna experiencia documentada"
    assert {one.get("class") for one in link.iter(SVG + "path")} == {"pic-named"}
    assert svg.get("role") == "group"
    assert svg.find(SVG + "title").text == "Países por número de experiencias"


def test_map_when_an_experience_is_published_then_it_counts_at_once_and_what_has_no_outline_is_told(desk):
    before, after = told(svg_in(desk.before)), page(desk.server, "/map")
    number = int(re.search(r"\d+", before["/id/country/peru"])[0])
    assert told(svg_in(after))["/id/country/peru"] == f"Peru: {number + 1} experiences"
    assert "on no outline" not in desk.before
    assert re.search(r'on no outline of the map[^<]*<a href="/id/country/korea">Korea</a>', after)


def test_map_when_a_field_will_not_do_then_422_with_what_is_expected(server):
    answer = server.get("/map?count=tools", "text/html")
    assert answer.status == 422
    assert "experiences, projects, cases" in answer.text


def test_country_when_shown_then_it_alone_is_marked_with_its_places_beneath(server):
    shown = page(server, "/id/country/peru")
    shaded = [one.get("class") for one in svg_in(shown).iter(SVG + "path")]
    assert shaded.count("pic-level") == 1
    assert "pic-land" in shaded
    assert 'href="/id/place/ayacucho"' in shown.partition('id="where"')[2].partition("</section>")[0]
    assert 'href="/map?count=cases"' in shown


@pytest.mark.parametrize(("name", "code"), [("Bolivia", "068"), ("Dominican Republic", "214"), ("united states", "840"),
                                            ("Cote d'Ivoire", "384"), ("The Gambia", "270"), ("Grenada", "308")])
def test_outline_when_a_country_is_called_so_then_found(name, code):
    assert outline_of(name).code == code


@pytest.mark.parametrize("name", ["Korea", "Guinea Ecuatorial", "America", ""])
def test_outline_when_no_country_is_called_exactly_so_then_none_is_guessed(name):
    assert outline_of(name) is None


def test_places_when_listed_then_a_region_names_its_country_and_a_place_keeps_to_what_is_within_it(server):
    places = rows_of(server, "/queries/count_cases_by_place?within=country/peru")
    assert {row["country_label"]["value"] for row in places if "country_label" in row} == {"Peru"}
    assert "Chiloé" not in {row["place_label"]["value"] for row in places}
    assert "Ayacucho" in {row["place_label"]["value"] for row in places}


@pytest.mark.parametrize("language", ["en", "es"])
def test_projects_when_shown_then_five_charts_each_with_all_the_rows_of_its_question(server, language):
    shown = page(server, "/projects", language)
    parts = re.findall(r'<section><h2 id="(list|alliances|households|finance|focus)">.*?</section>', shown, re.DOTALL)
    assert parts == ["list", "alliances", "households", "finance", "focus"]
    for part in re.findall(r"<section><h2 id=.*?</section>", shown, re.DOTALL)[:5]:
        address = html.unescape(re.search(r'href="(/queries/[^"]+)">(?:The question|La pregunta)', part)[1])
        rows = rows_of(server, address)
        assert part.count("<tr>") == len(rows) + 1
        assert svg_in(part).find(SVG + "title").text
    ids = re.findall(r' id="([^"]+)"', shown)
    assert len(ids) == len(set(ids))


def test_projects_when_shown_then_each_figure_has_its_passage_and_each_project_its_page(server):
    shown = page(server, "/projects")
    for name, passage in (("alliances", "table-2"), ("finance", "figure-8"), ("focus", "figure-6")):
        part = shown.partition(f'id="{name}"')[2].partition("</section>")[0]
        rows = re.findall(r"<tr><td.*?</tr>", part, re.DOTALL)
        assert rows
        assert all(re.search(f'/id/passage/alliances-review/{passage}["#]', row) for row in rows)
        first = [row for row in rows if 'href="/id/project/' in row]  # of those of one project
        assert all('<td><span class="hidden">' in row for row in rows if row not in first)
        assert len({re.search(r"/id/project/[^\"]+", row)[0] for row in first}) == len(first) > 10


def test_projects_when_a_figure_is_not_documented_then_no_bar_and_words_that_say_so(server):
    svg = server.get("/pictures/targets.svg?project=p127743&indicator=alliances").text
    assert "nothing documented as reached" in svg
    assert "0 reached" not in svg
    assert 'class="pic-second"' not in svg


def test_projects_when_of_a_country_then_its_alone_and_another_is_refused(server):
    shown = page(server, "/projects?country=peru")
    assert 'href="/id/project/p079165"' in shown
    assert 'href="/id/project/p083051"' not in shown
    assert server.get("/projects?country=chile", "text/html").status == 422


def test_canvas_when_of_an_experience_then_nine_blocks_on_its_page_and_alone(server):
    rows = rows_of(server, "/queries/fill_canvas?case=experience/mieles-del-sur")
    entries = {row["entry"]["value"].partition("/id/")[2] for row in rows if "entry" in row}
    assert entries
    for address in ("/id/experience/mieles-del-sur", "/path/canvas?case=experience/mieles-del-sur"):
        shown = page(server, address)
        blocks = re.findall(r'<section class="block .*?</section>', shown, re.DOTALL)
        assert len(blocks) == 9
        on_sheet = {entry for entry in entries if any(f'href="/id/{entry}"' in block for block in blocks)}
        assert len(on_sheet) > len(entries) / 2
        assert all(f'href="/id/{entry}"' in shown for entry in entries)  # what has no room on the sheet stands below it
    assert 'href="/path/canvas?case=experience/mieles-del-sur"' in page(server, "/id/experience/mieles-del-sur")


@pytest.mark.parametrize("fields", ["case=experience/nobody", "case=country/peru", "case=experience/ketal&entry_way=chefs"])
def test_canvas_when_there_is_no_such_case_then_422(server, fields):
    assert server.get(f"/path/canvas?{fields}", "text/html").status == 422


@pytest.mark.parametrize("thing", ["cluster-case/dr-mango-cluster", "project/p104567", "document/alliances-review"])
def test_page_when_several_years_are_told_then_a_timeline_with_its_table(server, thing):
    part = next(one for one in re.findall(r"<section>.*?</section>", page(server, f"/id/{thing}"), re.DOTALL)
                if "timeline-title" in one)
    svg = svg_in(part)
    assert svg.findall(SVG + "rect")
    assert len(re.findall("<tr>", part)) > len({one.get("x") for one in svg.findall(SVG + "rect")})
    assert 'class="mark"' in part


def test_page_when_one_event_alone_has_a_year_then_no_timeline(server):
    assert "timeline-title" not in page(server, "/id/experience/tambinas-schools")


def test_document_when_shown_then_its_passages_are_called_by_name(server):
    part = page(server, "/id/document/toolbox").partition('id="passages"')[2].partition("</section>")[0]
    rows = re.findall(r"<tr><td.*?</tr>", part, re.DOTALL)
    assert rows
    assert all(re.match(r'<tr><td><a href="/id/passage/toolbox/[^"]+"[^>]*>\S', row) for row in rows)


def test_timeline_when_kept_to_a_document_then_what_that_tells_alone(server):
    rows = rows_of(server, "/queries/list_timeline?document=document/partnerships")
    assert rows
    assert all("/id/passage/partnerships/" in row["passage"]["value"] for row in rows)
