"""My path, the editor of SPARQL, the ontology and what is told of the data, over HTTP: what each answers, in both languages."""

import re
import shutil
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from api.metrics import Meters
from api.path_parts import SHOWN_FIRST
from tests.desk import publish
from tests.machine import ROOT, need
from tests.test_openapi import browse

PAGES = ["/path", "/path?who=role/producer&place=country/chile", "/path?who=role/producer&entry_way=fairs&have=quality",
         "/path/canvas?entry_way=chefs", "/sparql", "/ontology/toolbox", "/about", "/coverage",
         "/coverage?document=toolbox", "/queries", "/search", "/search?q=zzzzqqq",
         "/queries/list_path_tools?entry_way=fairs"]
WORDS_OF_A_SENTENCE = 4  # fewer are names, such as that of a licence


class Texts(HTMLParser):
    """The texts of a page outside of what names a language of its own, of links into the data, of code and of cells."""

    APART = ("code", "pre", "script", "style", "textarea", "td", "option", "dd", "title")

    def __init__(self):
        super().__init__()
        self.found, self.open = set(), []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "link", "input", "br", "img"):
            given = dict(attrs)
            data = given.get("href", "").startswith(("/id/", "/graph/"))
            apart = data or tag in self.APART or (tag != "html" and "lang" in given)
            self.open.append((tag, apart))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(apart for _, apart in self.open) and len(re.findall(r"[^\W\d_]{2,}", data)) >= WORDS_OF_A_SENTENCE:
            self.found.add(" ".join(data.split()))


def page(server, path, language="en"):
    answer = server.get(path, "text/html", headers={"Accept-Language": language})
    assert answer.status == 200, path
    return answer.text


def texts(html):
    reader = Texts()
    reader.feed(html)
    return reader.found


@pytest.mark.parametrize("path", PAGES)
def test_page_when_asked_in_spanish_then_no_sentence_of_the_english_one_is_left(server, path):
    english, spanish = texts(page(server, path)), texts(page(server, path, "es"))
    assert english
    assert spanish
    assert not english & spanish


@pytest.mark.parametrize("path", PAGES)
def test_page_when_read_then_one_heading_and_no_style_or_script_within(server, path):
    html = page(server, path)
    assert len(re.findall("<h1", html)) == 1
    assert not re.search(r"<[^>]+ style=|<script>|<style|\son\w+=", html)


def test_path_when_position_and_place_are_given_then_the_ways_that_the_catalogue_counts(server):
    told = server.get("/queries/count_fitting_entry_ways.json?sector=sector/public&place=country/chile").json()
    rows = told["results"]["bindings"]
    html = page(server, "/path?who=sector/public&place=country/chile")
    for row in rows:
        assert f'entry_way={row["entry_way"]["value"].rpartition("/")[2]}' in html
    assert f"{len(rows)} entry ways are documented" in html
    assert 'class="mark" href="/id/passage/' in html


def test_path_when_an_entry_way_is_chosen_then_every_section_has_passages_and_its_query(server):
    html = page(server, "/path?who=role/producer&entry_way=fairs&have=quality")
    for name in ("reasons", "tools", "missing", "experiences", "lessons", "risks", "conditions", "actions", "stakes", "next"):
        assert f'<h2 id="{name}">' in html, name
    for query in ("list_path_tools", "list_path_lessons", "list_path_risks", "list_missing_tools", "list_role_stakes"):
        assert f'href="/queries/{query}?' in html


def test_path_when_nothing_is_documented_then_it_says_that_this_is_no_failure_and_leads_to_less_conditions(server):
    html = page(server, "/path?who=role/lender&product=gold&place=country/chile")
    assert "nothing is documented for this combination" in html
    assert "does not mean that it does not work" in html
    loosened = re.search(r'<li><a href="(/path\?[^"]+)">Without', html)
    assert loosened
    assert "entry_way=" in page(server, loosened[1].replace("&amp;", "&"))


@pytest.mark.parametrize("path", ["/path?who=nobody", "/path?who=role/nobody", "/path?place=nowhere", "/path?entry_way=moon",
                                  "/path?colour=red", "/path/canvas?entry_way=nothing",
                                  "/coverage?document=nothing"])
def test_page_when_a_field_will_not_do_then_422_that_says_what_is_expected(server, path):
    answer = server.get(path, "text/html")
    assert answer.status == 422
    assert "<h1" in answer.text


def test_canvas_when_shown_then_nine_blocks_with_what_the_query_puts_into_them(server):
    html = page(server, "/path/canvas?entry_way=chefs")
    assert len(re.findall('<section class="block ', html)) == 9
    rows = server.get("/queries/fill_entry_way_canvas.json?entry_way=chefs").json()["results"]["bindings"]
    entries = {row["entry"]["value"].partition("/id/")[2] for row in rows if "entry" in row}
    assert entries
    assert all(f'href="/id/{entry}"' in html for entry in entries)


@pytest.mark.parametrize("case", ["ketal", "experience/ketal", "/id/experience/ketal", "Ketal",
                                  "https://w3id.org/cocina-par/id/experience/ketal"])
def test_canvas_when_its_case_is_named_in_any_way_then_it_leads_to_the_page_of_the_case(case, server):
    crumbs = re.search('<p class="crumbs">.*', page(server, f"/path/canvas?case={case}"))[0]
    assert '<a href="/id/experience/ketal">Ketal Supermarkets</a>' in crumbs


def test_policy_when_a_page_is_not_the_editor_then_no_style_within_and_no_script(server):
    assert "unsafe-inline" in server.get("/sparql", "text/html").headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in server.get("/sparql", "text/html").headers["Content-Security-Policy"].split("style-src")[0]
    for path in ("/path", "/ontology", "/about", "/coverage"):
        policy = server.get(path, "text/html").headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "script-src" not in policy


def test_vocabulary_when_asked_for_in_spanish_then_every_term_with_its_spanish_name(server):
    told = server.get("/vocabulary?language=es").json()
    labels = {one["term"]: one["label"] for one in told["terms"]}
    assert labels["par:EntryWay"] == "vía de entrada"
    assert len(told["examples"]) > 80
    assert "par" in told["prefixes"]


def test_editor_when_opened_in_a_browser_then_it_has_the_query_of_the_address_and_asks_no_other_host(server, tmp_path):
    need(shutil.which("chromium"), "Chromium")
    html, asked = browse(server.address + "/sparql?query=SELECT+%3Fs+%7B+%3Fs+a+%3Chttp%3A%2F%2Fx.org%2FRare%3E+%7D", tmp_path)
    assert "CodeMirror" in html
    assert html.count("Rare") >= 2
    assert all(address.startswith(server.address) for address in asked)
    assert any(address.endswith("/static/vendor/yasgui.js") for address in asked)


def test_ontology_when_read_then_every_term_has_its_anchor_once_and_inverses_are_linked(server):
    html = page(server, "/ontology")
    terms = {row["term"]["value"].partition("#")[2]
             for row in server.get("/queries/list_terms.json").json()["results"]["bindings"]}
    anchors = re.findall(r'<dt id="(\w+)"', html)
    assert sorted(anchors) == sorted(terms)
    assert re.search(r'inverse <a href="/ontology#\w+">', html)


def test_coverage_when_asked_for_as_data_then_the_rows_of_its_query(server):
    told = server.get("/coverage?document=toolbox&format=json&language=en").json()["results"]["bindings"]
    assert told == server.get("/queries/count_passage_statements.json?document=toolbox&language=en").json()["results"]["bindings"]


def test_sitemap_when_read_then_every_address_in_it_that_is_tried_answers(server):
    tree = ElementTree.fromstring(server.get("/sitemap.xml").text)
    addresses = [place.text for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(addresses) == len(set(addresses)) > 1000
    for address in addresses[15::400]:
        assert server.get(address.removeprefix(server.address), "text/html").status == 200, address
    assert f"Sitemap: {server.address}/sitemap.xml" in server.get("/robots.txt").text


def test_metrics_when_requests_were_answered_then_counted_by_route_and_status_and_by_nothing_of_who_asked(server):
    server.get("/path?who=sector/public")
    server.get("/queries/no_such_query")
    text = server.get("/metrics").text
    assert re.search(r'^parkg_requests_total\{route="/path",status="2xx"\} [1-9]', text, re.MULTILINE)
    assert re.search(r'^parkg_requests_total\{route="/queries",status="4xx"\} [1-9]', text, re.MULTILINE)
    assert "sector/public" not in text
    assert "no_such_query" not in text
    assert "127.0.0.1" not in text


def test_meters_when_counted_then_each_bucket_holds_those_below_it():
    meters = Meters()
    for took_s in (0.001, 0.03, 20.0):
        meters.count("/x", 200, took_s)
    told = dict(line.rsplit(" ", 1) for line in meters.lines() if not line.startswith("#"))
    buckets = [told[f'parkg_request_seconds_bucket{{route="/x",le="{bound}"}}'] for bound in ("0.005", "0.05", "10", "+Inf")]
    assert buckets == list("1223")


def test_path_when_nobody_of_the_position_is_documented_then_what_others_did_is_shown_and_said_to_be_theirs(server):
    text = server.get("/path?who=sector/public&product=potato&place=country/peru&language=en", "text/html").text
    assert "Nobody in your position is documented with this" in text
    assert re.search(r'id="ways">Entry ways that fit <span class="quiet">[1-9]', text)
    assert "whatever their position" not in server.get("/path?product=potato&language=en", "text/html").text


@pytest.mark.parametrize("way", ["fairs", "chefs", "supermarkets", "public-purchases"])
def test_part_when_it_has_more_than_is_shown_first_then_the_fold_says_how_many_things_are_in_it(server, way):
    text = server.get(f"/path?who=sector/public&entry_way={way}", "text/html").text
    for count, part in re.findall(r"The next (-?\d+)<span class=\"hidden\">: ([^<]*)", text):
        (whole,) = re.findall(rf"<h2 id=\"[^\"]*\">{re.escape(part)} <span class=\"quiet\">(?:more than )?(\d+)</span>", text)
        assert int(count) == int(whole) - SHOWN_FIRST > 0, part


def test_path_when_a_case_names_nobody_then_it_is_listed_as_it_is_counted(desk):
    nobody = (ROOT / "docs/examples/new_experience.ttl").read_bytes()
    assert b"Participation" not in nobody
    publish(desk, nobody)
    for language, name in (("en", "Cheese of the lake"), ("es", "Queso del lago")):
        html = page(desk.server, f"/path?entry_way=public-purchases&language={language}")
        took = int(re.search(r"(\d+) (?:experience|experiencia)s? (?:took|tom)", html)[1])
        part = html.partition('id="experiences"')[2].partition("</section>")[0]
        assert int(re.search(r'<span class="quiet">(\d+)</span>', part)[1]) == took
        assert re.search(rf'<a href="/id/experience/lake-cheese"[^>]*>{name}</a>', part)
    assert "lake-cheese" not in desk.server.get(
        "/queries/list_path_experiences.csv?entry_way=public-purchases&sector=sector/public").text
