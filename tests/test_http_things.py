"""Things, graphs and the ontology under their paths: RDF by suffix or by what is accepted, or a page."""

import pytest
import rdflib


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
    assert 'href="/graph/toolbox/tools-by-entry-ways"' in page.text
    spanish = server.get("/id/experience/ketal", "text/html", headers={"Accept-Language": "es-BO,es;q=0.9,en;q=0.5"})
    assert "<h1 lang=\"es\">Supermercados Ketal</h1>" in spanish.text
    assert "Accept-Language" in spanish.headers["Vary"]


def test_thing_when_turtle_or_json_ld_is_accepted_then_given(server):
    assert server.get("/id/tool/financing", "text/turtle").type == "text/turtle"
    assert server.get("/id/tool/financing", "application/ld+json").type == "application/ld+json"
    assert server.get("/id/tool/financing", "image/png").status == 406


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
