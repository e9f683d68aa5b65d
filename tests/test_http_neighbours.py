"""Things with ten thousand neighbours come in pages; what XML cannot hold is an error that says the way round."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
import rdflib

from tests.asking import ask_path
from tests.seeded import NEIGHBOURS, SEEDED, tool

HUB = rdflib.URIRef(tool("hub").value)
PAGE_SIZE = 500


@pytest.mark.parametrize(("suffix", "parser"), [("nt", "nt"), ("ttl", "turtle"), ("jsonld", "json-ld")])
def test_thing_when_ten_thousand_name_it_then_pages_that_link_on_and_together_are_all(seeded, suffix, parser):
    found, address, pages = rdflib.Graph(), f"/id/tool/hub.{suffix}", 0
    while address:
        answer = seeded.get(address)
        assert answer.status == 200
        page = rdflib.Graph().parse(data=answer.body, format=parser)
        assert 0 < len(set(page.subjects(None, HUB))) <= PAGE_SIZE
        assert len(page) <= 2 * PAGE_SIZE
        if pages == 0:
            assert {str(label) for label in page.objects(HUB, rdflib.RDFS.label)} == {"Hub", "Eje"}
            assert not answer.links("prev")
        else:
            assert len(answer.links("prev")) == 1
        assert len(found) + len(page) == len(found + page)
        found += page
        pages += 1
        address = answer.links("next")[0][0] if answer.links("next") else ""
    assert pages == NEIGHBOURS / PAGE_SIZE
    assert len(set(found.subjects(None, HUB))) == NEIGHBOURS
    assert len(set(found.objects(HUB, None))) == 702


def test_thing_when_asked_as_trig_then_pages_too_and_graphs_that_are_not_public_stay_out(seeded):
    quads, address = [], "/id/tool/hub.trig"
    while address:
        answer = seeded.get(address)
        page = rdflib.Dataset()
        page.parse(data=answer.body, format="trig")
        quads += [quad for quad in page.quads() if quad[3]]
        address = answer.links("next")[0][0] if answer.links("next") else ""
    assert {str(g) for *_, g in quads} == {SEEDED, SEEDED.replace("/1", "/2")}
    assert len(quads) == len(set(quads)) == NEIGHBOURS + 1 + 702


def test_page_of_a_thing_when_ten_thousand_name_it_then_links_to_the_other_pages(seeded):
    page = seeded.get("/id/tool/hub?page=3", "text/html")
    assert page.status == 200
    assert "Page 3 of 20" in page.text
    assert "(10000)" in page.text
    assert 'rel="next" href="/id/tool/hub?page=4"' in page.text
    assert 'rel="prev" href="/id/tool/hub?page=2"' in page.text
    assert len(set(re.findall(r'href="/id/tool/n(\d{5})"', page.text))) == PAGE_SIZE
    assert len(page.body) < 300_000
    assert "example.org/private" not in page.text + seeded.get("/id/tool/hub", "text/html").text


@pytest.mark.parametrize("page", ["0", "21", "-1", "x", "", "1.5", "99999999999999999999"])
def test_page_when_there_is_none_of_that_number_then_404_says_which_there_are(seeded, page):
    answer = seeded.get(f"/id/tool/hub.ttl?page={page}")
    assert answer.status == 404
    assert "from 1 to 20" in answer.json()["detail"]


def test_thing_of_few_neighbours_when_asked_then_no_pages(seeded):
    answer = seeded.get("/id/experience/ketal.ttl")
    assert not answer.links("next") + answer.links("first")
    assert "Page 1" not in seeded.get("/id/experience/ketal", "text/html").text


def test_xml_when_a_text_holds_what_it_cannot_then_406_says_so_and_other_formats_have_it(seeded):
    path = ask_path(f"SELECT ?l {{ <{tool('bell').value}> ?p ?l FILTER(ISLITERAL(?l)) }}")
    answer = seeded.get(path, "application/sparql-results+xml")
    assert (answer.status, answer.type) == (406, "application/problem+json")
    assert "U+0007" in answer.json()["detail"]
    assert "JSON" in answer.json()["detail"]
    others = {there["type"]: there["address"] for there in answer.json()["available"]}
    read = seeded.get(others["application/sparql-results+json"])
    assert read.json()["results"]["bindings"][0]["l"]["value"] == "ring\x07\r\n"
    thing = seeded.get("/id/tool/bell.rdf")
    assert thing.status == 406
    assert "/id/tool/bell.ttl" in [there["address"] for there in thing.json()["available"]]
    assert rdflib.Graph().parse(data=seeded.get("/id/tool/bell.ttl").body, format="turtle")


@pytest.mark.parametrize("text", ["\\u0000", "\\u000B", "\\u001F", "\\uFFFE", "\\uFFFF"])
def test_xml_when_any_character_is_none_of_its_own_then_406(seeded, text):
    answer = seeded.get(ask_path(f'SELECT ("a{text}b" AS ?x) {{}}'), "application/sparql-results+xml")
    assert answer.status == 406
    assert seeded.get(ask_path(f'SELECT ("a{text}b" AS ?x) {{}}'), "application/sparql-results+json").status == 200


def test_xml_when_a_text_has_a_carriage_return_then_it_is_kept(seeded):
    path = ask_path(f"SELECT ?l {{ <{tool('return').value}> ?p ?l FILTER(ISLITERAL(?l)) }}")
    results = ElementTree.fromstring(seeded.get(path, "application/sparql-results+xml").body)
    assert results.find(".//{*}literal").text == "one\r\ntwo"
    graph = rdflib.Graph().parse(data=seeded.get("/id/tool/return.rdf").body, format="xml")
    assert [str(label) for label in graph.objects(None, rdflib.RDFS.label)] == ["one\r\ntwo"]


@pytest.mark.parametrize("property", ["http://example.org/1", "http://example.org/p/", "urn:x:",
                                      "http://www.w3.org/1999/02/22-rdf-syntax-ns#li",
                                      "http://www.w3.org/1999/02/22-rdf-syntax-ns#about"])
def test_rdf_xml_when_a_property_has_no_name_that_it_allows_then_406_names_it(seeded, property):
    path = ask_path(f"CONSTRUCT {{ <http://example.org/a> <{property}> 1 }} WHERE {{}}")
    answer = seeded.get(path, "application/rdf+xml")
    assert answer.status == 406
    assert f"<{property}>" in answer.json()["detail"]
    assert seeded.get(path, "text/turtle").status == 200


def test_json_ld_when_a_triple_is_a_term_then_406_and_turtle_has_it(seeded):
    path = ask_path("CONSTRUCT { <http://e.org/a> <http://e.org/p> ?t } "
                    "WHERE { BIND(TRIPLE(<http://e.org/a>, <http://e.org/p>, 1) AS ?t) }")
    answer = seeded.get(path, "application/ld+json")
    assert answer.status == 406
    assert "Turtle" in answer.json()["detail"]
    assert seeded.get(path, "text/turtle").status == 200
