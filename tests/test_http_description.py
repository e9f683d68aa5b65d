"""What the server says of itself: service description, VoID and DCAT, compared with the graph and with the vocabularies."""

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, FOAF, RDF, VOID

from api.negotiation import GRAPHS, QUADS, RESULTS
from kg.describe import RESULT_FORMATS

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
DATASET = rdflib.URIRef("https://w3id.org/cocina-par/.well-known/void#dataset")
SERVICE = rdflib.URIRef("https://w3id.org/cocina-par/.well-known/void#sparql")
# The terms of the SPARQL 1.1 Service Description, section 3; of W3C's unique URIs for formats, those for RDF and results.
SD_TERMS = {
    "Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile", "GraphCollection",
    "Dataset", "Graph", "NamedGraph", "SPARQL10Query", "SPARQL11Query", "SPARQL11Update", "DereferencesURIs",
    "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery", "endpoint", "feature",
    "defaultEntailmentRegime", "entailmentRegime", "defaultSupportedEntailmentProfile", "supportedEntailmentProfile",
    "extensionFunction", "extensionAggregate", "languageExtension", "supportedLanguage", "propertyFeature",
    "defaultDataset", "availableGraphs", "resultFormat", "inputFormat", "defaultGraph", "namedGraph", "name", "graph"}
FORMATS = {
    "N3", "N-Triples", "N-Quads", "JSON-LD", "Turtle", "TriG", "RDFa", "RDF_JSON", "RDF_XML", "SPARQL_Results_XML",
    "SPARQL_Results_JSON", "SPARQL_Results_CSV", "SPARQL_Results_TSV"}
NEW_IN_DCAT_3 = {"version"}  # rdflib's list is that of DCAT 2


def read(server, path):
    return rdflib.Graph().parse(data=server.get(path, "text/turtle").body, format="turtle")


@pytest.fixture(scope="module")
def void(server):
    return read(server, "/.well-known/void")


@pytest.fixture(scope="module")
def service(server):
    return read(server, "/sparql")


def unknown(iri):
    """Return whether an IRI of one of the vocabularies is none of its terms."""
    for namespace, terms in ((str(SD), SD_TERMS), ("http://www.w3.org/ns/formats/", FORMATS)):
        if iri.startswith(namespace):
            return iri.removeprefix(namespace) not in terms
    for closed, more in ((VOID, set()), (DCAT, NEW_IN_DCAT_3), (DCTERMS, set()), (FOAF, set())):
        if iri.startswith(str(closed)) and iri != str(closed):
            return rdflib.URIRef(iri) not in closed and iri.removeprefix(str(closed)) not in more
    return False


def test_terms_when_used_in_a_description_then_their_vocabulary_has_them(void, service):
    assert unknown(str(SD) + "endpont")
    assert unknown(str(VOID) + "triple")
    assert unknown(str(DCAT) + "download")
    used = {str(term) for graph in (void, service) for triple in graph for term in triple[1:] if isinstance(term, rdflib.URIRef)}
    assert {str(SD.endpoint), str(VOID.triples), str(DCAT.Dataset)} <= used
    assert not {iri for iri in used if unknown(iri)}


def test_service_when_described_then_endpoint_language_formats_and_every_graph_with_its_count(server, service, rows):
    assert set(service.subjects(RDF.type, SD.Service)) == {SERVICE}
    assert set(service.objects(SERVICE, SD.endpoint)) == {rdflib.URIRef(server.address + "/sparql")}
    assert set(service.objects(SERVICE, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(service.objects(SERVICE, SD.feature)) == {SD.UnionDefaultGraph}
    dataset = service.value(SERVICE, SD.defaultDataset)
    whole = rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0][0]
    assert str(service.value(service.value(dataset, SD.defaultGraph), VOID.triples)) == whole
    named = {(str(service.value(node, SD.name)), str(service.value(service.value(node, SD.graph), VOID.triples)))
             for node in service.objects(dataset, SD.namedGraph)}
    assert named == set(rows("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"))
    assert len(named) > 100


def test_formats_when_described_then_those_that_negotiation_has(service):
    assert len(RESULT_FORMATS) == len((*RESULTS, *GRAPHS, *QUADS)) == len(set(service.objects(SERVICE, SD.resultFormat)))


def test_counts_when_described_then_those_of_the_graph(void, rows):
    stated = {name: int(void.value(DATASET, VOID[name])) for name in
              ("entities", "classes", "properties", "distinctSubjects", "distinctObjects", "triples")}
    assert stated == {
        "entities": int(rows('SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o FILTER(CONTAINS(STR(?s), "cocina-par/id/")) }')[0][0]),
        "classes": int(rows("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c FILTER(ISIRI(?c)) }")[0][0]),
        "properties": int(rows("SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }")[0][0]),
        "distinctSubjects": int(rows("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")[0][0]),
        "distinctObjects": int(rows("SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }")[0][0]),
        "triples": int(rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0][0]),
    }


def test_partitions_when_described_then_each_class_and_property_with_its_count(void, rows):
    classes = {(str(void.value(part, VOID["class"])), str(void.value(part, VOID.entities)))
               for part in void.objects(DATASET, VOID.classPartition)}
    assert classes == set(rows("SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(ISIRI(?c)) } GROUP BY ?c"))
    properties = {(str(void.value(part, VOID.property)), str(void.value(part, VOID.triples)))
                  for part in void.objects(DATASET, VOID.propertyPartition)}
    assert properties == set(rows("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"))
    assert sum(int(count) for _, count in properties) == int(void.value(DATASET, VOID.triples))
    vocabularies = {str(iri) for iri in void.objects(DATASET, VOID.vocabulary)}
    assert {"https://w3id.org/cocina-par/ontology#", "http://www.w3.org/2004/02/skos/core#"} <= vocabularies


def test_links_when_described_then_agrovoc_is_among_the_targets_with_the_right_number(void, rows):
    space = rdflib.Literal("http://aims.fao.org/aos/agrovoc/")
    (target,) = void.subjects(VOID.uriSpace, space)
    assert str(void.value(target, DCTERMS.title)) == "AGROVOC"
    linksets = set(void.subjects(VOID.objectsTarget, target))
    counted = rows(f'SELECT ?p (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(STRSTARTS(STR(?o), "{space}")) }} GROUP BY ?p')
    described = {(str(void.value(links, VOID.linkPredicate)), str(void.value(links, VOID.triples))) for links in linksets}
    assert described == set(counted)
    assert linksets <= set(void.objects(DATASET, VOID.subset))
    assert len(counted) == 5


def test_record_when_described_then_title_licence_dates_and_service(server, void, folder):
    assert {title.language for title in void.objects(DATASET, DCTERMS.title)} == {"en", "es"}
    assert set(void.objects(DATASET, DCTERMS.license)) == {rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/")}
    made = rdflib.Literal(folder.current().made, datatype=rdflib.XSD.dateTime)
    assert void.value(DATASET, DCTERMS.issued) == void.value(DATASET, DCTERMS.modified) == made
    assert set(void.subjects(RDF.type, DCAT.DataService)) == {SERVICE}
    assert (SERVICE, DCAT.servesDataset, DATASET) in void
    assert set(void.objects(DATASET, VOID.sparqlEndpoint)) == {rdflib.URIRef(server.address + "/sparql")}
    examples = list(void.objects(DATASET, VOID.exampleResource))
    assert len(examples) == 3
    for example in examples:
        assert server.get(str(example).removeprefix("https://w3id.org/cocina-par"), "text/turtle").status == 200


def test_files_when_described_then_each_holds_the_whole(seeded):
    """Asked of a server with the usual time limit: the whole graph is more than the two seconds of the other are for."""
    void = read(seeded, "/.well-known/void")
    files = list(void.objects(DATASET, DCAT.distribution))
    assert len(files) == 6
    for file in files:
        answer = seeded.get(str(void.value(file, DCAT.downloadURL)).removeprefix(seeded.address))
        assert answer.status == 200
        assert str(void.value(file, DCAT.compressFormat) or void.value(file, DCAT.mediaType)).endswith(answer.type)
        if answer.type == "application/n-triples":
            assert answer.body.count(b"\n") == int(void.value(DATASET, VOID.triples))


def test_sparql_when_there_is_no_query_then_an_editor_for_people_and_rdf_for_programs(server):
    assert "<textarea" in server.get("/sparql", "text/html,*/*;q=0.8").text
    assert server.get("/sparql").type == "text/turtle"
    problem = server.get("/sparql", "application/sparql-results+json").json()
    assert "There is no query" in problem["detail"]


def test_description_when_the_host_is_named_otherwise_then_no_other_client_sees_that_name(server):
    there = server.ask("GET", "/sparql", Accept="application/n-triples", Host="attacker.example")
    assert "attacker.example/sparql" in there.text
    again = server.get("/sparql", "application/n-triples")
    assert "attacker" not in again.text
    assert again.headers["ETag"] != there.headers["ETag"]


@pytest.mark.parametrize("host", ["x>y", "a b", 'a"b'])
def test_host_when_it_is_none_then_400(server, host):
    assert server.ask("GET", "/sparql", Host=host).status == 400


def test_plain_store_when_described_then_nothing_of_our_own_is_claimed(tmp_path):
    from kg.catalogue import Catalogue
    from kg.describe import describe_dataset, describe_service, measure
    from kg.inquire import Inquiry
    from kg.settings import shipped
    from kg.store.rdf import NamedNode, Quad
    from kg.store.readers import Readers
    from kg.store.revisions import DataFolder
    from kg.store.written import write_graph
    node, readers = NamedNode("http://example.org/g"), Readers(10, size=1)
    try:
        folder = DataFolder(tmp_path / "var")
        folder.commit("plain", lambda _: False, [Quad(node, node, node, node)])
        figures = measure(Inquiry(folder, readers, Catalogue(shipped("queries"))))
    finally:
        readers.close()
    text = (write_graph(describe_service(figures, "http://here.example/"), "ntriples")
            + write_graph(describe_dataset(figures, "http://here.example/"), "ntriples")).decode()
    assert "<http://example.org/g>" in text
    assert "cocina-par" not in text.lower()
    assert "UnionDefaultGraph" not in text
