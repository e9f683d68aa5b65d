"""The client matrix: every client that people use, over a real socket, gets the answer that the engine gives in process.

What a client itself cannot do is told where it is asked, in tests/clients; nothing here is left out in silence.
"""

import json
import shutil
import subprocess
import urllib.parse
import urllib.request

import pyoxigraph
import pytest
import rdflib
import SPARQLWrapper
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from tests.clients.answers import of_body, of_json, of_oxigraph, sorted_rows, texts
from tests.clients.callers import GRAPH_TYPES, RESULT_TYPES, by_service, callers, form_of
from tests.machine import ROOT, need

CLIENTS = ROOT / "tests/clients"
PREFIXES = """PREFIX par: <https://w3id.org/cocina-par/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sdmx-measure: <http://purl.org/linked-data/sdmx/2009/measure#>
"""
FORMS = {"languages and decimals": "SELECT", "catalogue": "SELECT", "yes": "ASK", "no": "ASK", "graph": "CONSTRUCT"}
CALLERS = callers()
MATRIX = [(caller, asked) for caller, how in CALLERS.items() for asked, form in FORMS.items() if form in how.forms]


@pytest.fixture(scope="module")
def questions(inquiry):
    """The questions that every client asks; the catalogue's is its own text, bound as its page would."""
    return {
        "languages and decimals": PREFIXES + """SELECT ?observation ?name ?amount ?upper
WHERE {
  ?observation par:project ?project ; sdmx-measure:obsValue ?amount .
  ?project rdfs:label ?name
  OPTIONAL { ?project par:nothingHasThis ?upper }
}
ORDER BY ?observation ?name ?amount""",
        "catalogue": inquiry.bound("show_cell", {"tool": "financing", "entry_way": "entire-chain", "language": "es"}),
        "yes": PREFIXES + "ASK { ?experience par:inCountry <https://w3id.org/cocina-par/id/country/peru> }",
        "no": PREFIXES + "ASK { ?experience par:inCountry <https://w3id.org/cocina-par/id/country/atlantis> }",
        "graph": PREFIXES + """CONSTRUCT { ?experience par:inCountry ?country ; rdfs:label ?name }
WHERE { ?experience a par:SystematizedExperience ; par:inCountry ?country ; rdfs:label ?name }""",
    }


@pytest.fixture(scope="module")
def expected(folder, questions):
    """What the engine answers in this process, from the revision that is served."""
    store = pyoxigraph.Store.read_only(str(folder.directory(folder.current())))
    return {asked: of_oxigraph(store.query(query)) for asked, query in questions.items()}


@pytest.fixture(scope="module")
def endpoint(server):
    return server.address + "/sparql"


def test_questions_when_answered_in_process_then_they_have_what_a_client_can_lose(questions, expected):
    assert {asked: form_of(query) for asked, query in questions.items()} == FORMS
    rows = expected["languages and decimals"]
    assert len(rows) > 100
    assert {row["name"].language for row in rows} == {"en", "es"}
    assert any("." in row["amount"].value for row in rows)
    assert {row["amount"].datatype for row in rows} == {"http://www.w3.org/2001/XMLSchema#decimal"}
    assert any(not row["name"].value.isascii() for row in rows)
    assert len(expected["catalogue"]) > 3
    assert (expected["yes"], expected["no"]) == (True, False)
    assert len(expected["graph"]) == 13 * 3


@pytest.mark.parametrize(("caller", "asked"), MATRIX, ids=[f"{caller} asks {asked}" for caller, asked in MATRIX])
def test_client_when_it_asks_then_the_answer_of_the_engine_in_process(endpoint, questions, expected, caller, asked):
    how = CALLERS[caller]
    need(not caller.startswith("curl") or shutil.which("curl"), "curl")
    answer, wanted = how.ask(endpoint, questions[asked]), expected[asked]
    if not how.typed:
        wanted = texts(wanted)
    if not how.ordered:
        answer, wanted = sorted_rows(answer), sorted_rows(wanted)
    assert answer == wanted


@pytest.fixture(scope="module", params=["found by itself", "called an endpoint"])
def comunica(request, endpoint, questions):
    """All answers of Comunica, which starts slowly: one that is told nothing of the address, one that is told what it is."""
    need(shutil.which("node"), "Node")
    need((CLIENTS / "node_modules").is_dir(), "Comunica")
    source = endpoint if request.param == "found by itself" else {"type": "sparql", "value": endpoint}
    done = subprocess.run(["node", "comunica.mjs"], cwd=CLIENTS, input=json.dumps({"sources": [source], "queries": questions}),
                          capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("asked", FORMS)
def test_comunica_when_it_asks_then_the_answer_of_the_engine_in_process(comunica, expected, asked):
    assert "error" not in comunica[asked], comunica[asked]["error"]
    assert of_json(comunica[asked]) == expected[asked]


@pytest.mark.parametrize("asked", FORMS)
def test_virtuoso_when_it_calls_us_by_service_then_the_answer_of_the_engine_in_process(
        virtuoso, endpoint, questions, expected, asked):
    format, type = ("ntriples", GRAPH_TYPES["ntriples"]) if FORMS[asked] == "CONSTRUCT" else ("json", RESULT_TYPES["json"])
    address = virtuoso.address + "?" + urllib.parse.urlencode({"query": by_service(endpoint, questions[asked])})
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": type}), timeout=60) as response:
        answer = of_body(response.read(), format)
    if FORMS[asked] == "ASK":  # this release answers an ASK that calls another endpoint with one row or none
        answer = answer if isinstance(answer, bool) else bool(answer)
    assert sorted_rows(answer) == sorted_rows(expected[asked])


def test_sparqlwrapper_when_it_sends_parameters_that_nobody_knows_then_they_are_ignored(endpoint, questions, expected):
    client = SPARQLWrapper.SPARQLWrapper(endpoint)
    for name, value in {"format": "x-unknown", "output": "rdf", "results": "none", "timeout": "1", "debug": "on",
                        "default-graph": "x"}.items():
        client.addParameter(name, value)
    client.setQuery(questions["catalogue"])
    client.setReturnFormat(SPARQLWrapper.JSON)
    client.setOnlyConneg(True)
    for method in (SPARQLWrapper.GET, SPARQLWrapper.POST):
        client.setMethod(method)
        assert of_json(client.queryAndConvert()) == expected["catalogue"]


def test_rdflib_when_it_walks_the_endpoint_as_a_graph_then_it_finds_values(endpoint):
    graph = rdflib.Graph(SPARQLStore(endpoint))
    par = rdflib.Namespace("https://w3id.org/cocina-par/ontology#")
    ketal = rdflib.URIRef("https://w3id.org/cocina-par/id/experience/ketal")
    assert graph.value(ketal, par.inCountry) == rdflib.URIRef("https://w3id.org/cocina-par/id/country/bolivia")
    assert rdflib.Literal("Supermercados Ketal", lang="es") in set(graph.objects(ketal, rdflib.RDFS.label))
    assert (ketal, par.inCountry, rdflib.URIRef("https://w3id.org/cocina-par/id/country/peru")) not in graph
