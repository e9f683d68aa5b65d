"""Things, graphs and the ontology under their paths: RDF by suffix or by what is accepted, or a page."""

import json

import pytest
import rdflib

from tests.machine import ROOT


@pytest.mark.parametrize(("suffix", "parser"), [("ttl", "turtle"), ("jsonld", "json-ld"), ("nt", "nt"), ("rdf", "xml")])
def test_thing_when_asked_by_suffix_then_it_is_described(server, suffix, parser):
    graph = rdflib.Graph().parse(data=server.get(f"/id/experience/ketal.{suffix}").body, format=parser)
    ketal = rdflib.URIRef("https://w3id.org/cocina-par/id/experience/ketal")
    par = rdflib.Namespace("https://w3id.org/cocina-par/ontology#")
    assert (ketal, par.inCountry, rdflib.URIRef("https://w3id.org/cocina-par/id/country/bolivia")) in graph
    assert len(list(graph.objects(ketal, par.usesTool))) == 8
    assert len(list(graph.subjects(par.ofExperience, ketal))) == 12


def test_thing_when_a_browser_asks_then_a_page_with_its_label_and_passages(server):
    page = server.get("/id/experience/ketal", "text/html,application/xhtml+xml,*/*;q=0.8")
    assert page.type == "text/html"
    assert "<h1 lang=\"en\">Ketal Supermarkets</h1>" in page.text
    assert 'href="/id/passage/toolbox/tools-by-entry-ways#experience/ketal"' in page.text
    spanish = server.get("/id/experience/ketal", "text/html", headers={"Accept-Language": "es-BO,es;q=0.9,en;q=0.5"})
    assert "<h1 lang=\"es\">Supermercados Ketal</h1>" in spanish.text
    assert "Accept-Language" in spanish.headers["Vary"]


def test_thing_when_turtle_or_json_ld_is_accepted_then_given(server):
    assert server.get("/id/tool/financing", "text/turtle").type == "text/turtle"
    assert server.get("/id/tool/financing", "application/ld+json").type == "application/ld+json"
    assert server.get("/id/tool/financing", "image/png").status == 406


def test_context_when_fetched_then_another_program_reads_json_ld_by_it_and_may_keep_it(server):
    answer = server.ask("GET", "/context.jsonld", Accept="application/ld+json, application/json;q=0.5")
    assert (answer.status, answer.type, answer.headers["Access-Control-Allow-Origin"]) == (200, "application/ld+json", "*")
    again = server.ask("GET", "/context.jsonld", Accept="application/ld+json", If_None_Match=answer.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    example = json.loads((ROOT / "docs/examples/new_experience.jsonld").read_text(encoding="utf-8"))
    read = rdflib.Graph().parse(data=json.dumps({**example, **answer.json()}), format="json-ld")
    assert len(read) == 28
    assert set(read) == set(rdflib.Graph().parse(ROOT / "docs/examples/new_experience.ttl"))


def test_graph_and_ontology_when_asked_then_what_they_hold(server):
    graph = rdflib.Graph().parse(data=server.get("/graph/toolbox/tools-by-entry-ways.ttl").body, format="turtle")
    applications = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef("https://w3id.org/cocina-par/ontology#ToolApplication")))
    assert len(applications) == 111
    ontology = rdflib.Graph().parse(data=server.get("/ontology", "text/turtle").body, format="turtle")
    assert (rdflib.URIRef("https://w3id.org/cocina-par/ontology#Tool"), rdflib.RDF.type, rdflib.OWL.Class) in ontology
    assert 'id="EntryWay"' in server.get("/ontology", "text/html").text


@pytest.mark.parametrize("path", ["/queries/list_entry_ways.xlsx", "/id/nothing",
                                  "/ontology/nothing", "/graph/toolbox/nothing"])
def test_path_when_there_is_nothing_then_404(server, path):
    assert server.get(path, "text/html").status == 404


def test_module_and_kind_when_asked_then_terms_and_things(server):
    module = rdflib.Graph().parse(data=server.get("/ontology/toolbox.ttl").body, format="turtle")
    par = rdflib.Namespace("https://w3id.org/cocina-par/ontology#")
    assert (par.Tool, rdflib.RDF.type, rdflib.OWL.Class) in module
    assert (par.Document, rdflib.RDF.type, rdflib.OWL.Class) not in module
    assert "Financing" in server.get("/id/tool", "text/html").text


@pytest.mark.parametrize(("path", "there"), [
    ("/id/event", "/id/event/"), ("/id/quality-scheme", "mieles-del-sur-certification"),
    ("/id/agent", "/id/agent/"), ("/id/experience", "Maqueo"), ("/id/place", "Chilo"), ("/id/stage", "/id/stage/"),
    ("/id", "/ontology#GuidanceItem"), ("/graph", 'href="/graph/alliances')])
def test_kind_of_any_class_and_what_has_no_key_when_asked_then_a_list(server, path, there):
    page = server.get(path, "text/html")
    assert page.status == 200
    assert there in page.text


@pytest.mark.parametrize(("path", "told"), [
    ("/id/experience/ketal.xml", ".xml is not a form that this is given in. There is: .ttl, .nt, .jsonld"),
    ("/graph/toolbox/1.csv", ".csv is not a form"),
    ("/id/passage/nothing", "/id/passage leads to the list of what is there"),
    ("/id/nothing/x", "/id leads to the list of what is there"), ("/graph/nothing", "/graph leads to the list"),
    ("/id/nothing", "There is no list of a kind nothing"), ("/nothing", "There is nothing at /nothing."),
    ("/update", "/update does not take GET; it takes OPTIONS, POST.")])
def test_path_when_nothing_is_there_then_told_why_and_where_to_look(server, path, told):
    assert told in server.get(path, "application/json").json()["detail"]


def test_page_when_opened_then_it_leads_to_what_can_be_asked_of_it_and_to_the_files_of_its_own_module(server):
    assert 'href="/queries?about=experience/ketal"' in server.get("/id/experience/ketal", "text/html").text
    module = server.get("/ontology/toolbox", "text/html").text
    assert 'href="/ontology/toolbox.ttl"' in module
    assert 'href="/ontology.ttl"' not in module
    assert 'href="/ontology/heritage">heritage</a>' in server.get("/ontology", "text/html").text
