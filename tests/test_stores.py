"""The same application on three stores: our own, Virtuoso and the Oxigraph server. Real ones, over real sockets."""

import csv
import io
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from kg.catalogue import Catalogue
from kg.errors import ParkgError, StoreDown
from kg.inquire import Inquiry
from kg.settings import shipped
from kg.store.elsewhere import Elsewhere
from kg.store.graphs import GraphStore
from kg.store.publish import Place, publish
from kg.store.published import read_state, union_of
from kg.store.rdf import Literal, NamedNode, Quad
from kg.store.readers import Readers
from kg.tokens import Tokens
from tests import virtuoso as virtuosos
from tests.asking import COUNT, ask_path
from tests.machine import ROOT, need
from tests.oxigraphs import OxigraphServer
from tests.servers import PARKG, start_server

STORES = ("oxigraph", "virtuoso")
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SECRET = "urn:of-somebody-else"
PATIENCE_S = 60


@pytest.fixture(scope="module")
def place(request, tmp_path_factory):
    """A store of each kind to which what is shipped was published, with a graph of somebody else beside it."""
    folder = request.getfixturevalue("folder")
    if request.param == "virtuoso":
        running, server = request.getfixturevalue("virtuoso"), None
    else:
        running = server = OxigraphServer(tmp_path_factory.mktemp("oxigraph") / "store").start()
    place = Place(running.address, running.graphs)
    publish(folder, folder.current(), place)
    GraphStore(place.graphs, PATIENCE_S).put(SECRET, b"<urn:a> <urn:b> <urn:c> .\n")
    yield place
    if server:
        server.end()


on_each = pytest.mark.parametrize("place", STORES, indirect=True)


@pytest.fixture(scope="module")
def elsewhere(place, folder):
    readers = Readers(30, size=1)
    store = Elsewhere(place, readers, folder)
    yield Inquiry(store, store, Catalogue(shipped("queries")))
    readers.close()


@pytest.fixture(scope="module")
def served(place, folder):
    """``parkg serve`` on each store."""
    server = start_server(folder.path, PARKG_STORE=f"{place.query} {place.graphs}")
    yield server
    server.end()


def parkg(*arguments, **environment):
    return subprocess.run([*PARKG, *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def rows_of(inquiry, query):
    """Return the rows of a query of the catalogue, as texts, or the class of its error.

    What SPARQL leaves open is not compared: the order of the parts that GROUP_CONCAT joins, and the value that SAMPLE takes.
    """
    open_columns = set(re.findall(r"SAMPLE\([^)]*\) AS \?(\w+)", query.sparql))
    compared = [place for place, column in enumerate(query.columns) if column.name not in open_columns]
    try:
        answer = inquiry.answer(inquiry.bound(query.name, query.example), "csv").decode()
    except ParkgError as error:
        return type(error).__name__
    return [[sorted(re.split(r"[,;] ", row[place])) for place in compared] for row in csv.reader(io.StringIO(answer))]


def known_differences(store):
    with (ROOT / "tests/stores/differences.csv").open(encoding="utf-8", newline="") as file:
        known = [row for row in csv.DictReader(file) if row["store"] == store]
    assert all(row["cause"].strip() for row in known)
    return {row["query"] for row in known}


@on_each
def test_catalogue_when_asked_of_another_store_then_the_same_answers_but_for_those_that_are_listed(inquiry, elsewhere, place):
    queries = elsewhere.catalogue.all()
    assert len(queries) > 50
    differ = {query.name for query in queries if rows_of(elsewhere, query) != rows_of(inquiry, query)}
    assert differ == known_differences("virtuoso" if place.query.endswith("/sparql") else "oxigraph")


PAGES = ["/", "/queries", "/queries/list_experiences", "/queries/list_experiences.csv", "/id/experience/ketal", "/ontology",
         "/id/experience/ketal.ttl", "/id/experience/ketal.trig", "/graph/toolbox/2-3.nt", "/sparql", "/.well-known/void",
         "/store?graph=https://w3id.org/cocina-par/graph/toolbox/1", "/store?default", ask_path(COUNT), "/healthz", "/readyz"]


@on_each
def test_paths_when_asked_then_answered_from_the_other_store(served):
    answers = {path: served.get(path, "text/html, */*;q=0.5") for path in PAGES}
    assert {path: answer.status for path, answer in answers.items()} == dict.fromkeys(PAGES, 200)
    assert served.get("/readyz").json()["status"] == "ready"
    assert served.get(ask_path(COUNT), "text/csv").text.split() == ["n", "111"]
    described = served.get("/.well-known/void", "application/n-triples").text
    assert 'http://rdfs.org/ns/void#triples> "' in described


@on_each
def test_formats_when_asked_for_then_as_our_own_engine_writes_them(served, server):
    queries = {"SELECT ?label ?lang { <id/tool/financing> <http://www.w3.org/2000/01/rdf-schema#label> ?label "
               "BIND(LANG(?label) AS ?lang) } ORDER BY ?lang":
               ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"],
               "ASK { <id/tool/financing> ?p ?o }": ["application/sparql-results+json", "application/sparql-results+xml"],
               "ASK { <id/tool/nothing> ?p ?o }": ["application/sparql-results+json", "application/sparql-results+xml"],
               "CONSTRUCT { <id/tool/financing> a ?class } { <id/tool/financing> a ?class } ORDER BY ?class LIMIT 1":
               ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]}
    for query, types in queries.items():
        for type in types:
            answer, wanted = served.get(ask_path(query), type), server.get(ask_path(query), type)
            assert (answer.status, answer.type) == (200, type)
            assert answer.body == wanted.body


@on_each
def test_syntax_error_when_asked_then_the_line_and_column_of_our_own_parser(served, server):
    broken = ask_path("SELECT *\nWHERE { ?s ?p ")
    assert served.get(broken).json() == server.get(broken).json()
    assert served.get(broken).json()["line"] == 2


@on_each
@pytest.mark.parametrize("query", [
    "SELECT ?s { GRAPH <urn:of-somebody-else> { ?s ?p ?o } }",
    "SELECT ?s { VALUES ?g { <urn:of-somebody-else> } GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?s { BIND(<urn:of-somebody-else> AS ?g) GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?s { GRAPH ?g { ?s ?p ?o } FILTER(?g = <urn:of-somebody-else>) }",
    "SELECT ?s { GRAPH ?g { ?s <urn:b> ?o } }",
    "SELECT ?s { ?s <urn:b> ?o }",
    "SELECT ?s FROM <urn:of-somebody-else> { ?s ?p ?o }",
    "SELECT ?s FROM NAMED <urn:of-somebody-else> { GRAPH ?g { ?s ?p ?o } }",
    "PREFIX : <urn:> SELECT ?s FROM :of-somebody-else { ?s ?p ?o }",
    "PREFIX : <urn:> SELECT ?s { GRAPH:of-somebody-else { ?s ?p ?o } }",
    "SELECT ?s { { SELECT ?s { GRAPH <urn:of-somebody-else> { ?s ?p ?o } } } }",
    "DESCRIBE <urn:a>",
])
def test_graph_of_somebody_else_when_asked_for_in_any_way_then_nothing_of_it_is_given(served, query):
    answer = served.get(ask_path(query), "text/csv" if "SELECT" in query else "application/n-triples")
    assert answer.status == 400 or (answer.status, answer.text.strip()) in ((200, "s"), (200, ""))


@on_each
def test_graph_of_somebody_else_when_its_statements_are_counted_then_none(served):
    """Virtuoso counts one, where the graph is named to it as it stands in the query."""
    answer = served.get(ask_path(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{SECRET}> {{ ?s ?p ?o }} }}"), "text/csv")
    assert answer.text.split() == ["n", "0"]


@on_each
def test_graph_of_somebody_else_when_the_request_chooses_it_then_refused(served):
    for name in ("default-graph-uri", "named-graph-uri"):
        answer = served.get(ask_path("ASK { ?s ?p ?o }", **{name: SECRET}))
        assert (answer.status, answer.type) == (400, "application/problem+json")
    assert served.get(f"/store?graph={SECRET}").status == 404


@on_each
def test_change_when_asked_for_then_refused_with_what_to_do_and_nothing_changed(served, folder, place):
    token = Tokens(folder.path).make(f"admin-{urllib.parse.quote(place.query, safe='')[-20:]}", "admin", 1)
    before = read_state(place.query, 10)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sparql-update"}
    done = post_as(served, "/update", b"INSERT DATA { <urn:x> <urn:y> <urn:z> }", headers)
    assert done.status == 501
    assert "parkg build" in done.json()["detail"]
    headers["Content-Type"] = "text/turtle"
    assert post_as(served, "/store?graph=urn:mine", b"<urn:x> <urn:y> <urn:z> .", headers).status == 501
    assert read_state(place.query, 10) == before


def post_as(server, path, body, headers):
    return server.send(urllib.request.Request(server.address + path, body, headers, method="POST"))


@on_each
def test_command_when_told_of_the_store_then_it_asks_there(place, tmp_path):
    done = parkg("query", "list_entry_ways", "--json", PARKG_STORE=place.query, PARKG_DATA=str(tmp_path / "nothing"))
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["results"]["bindings"]) == 8


def statement(text, graph="https://w3id.org/cocina-par/graph/experience/new/1"):
    return Quad(NamedNode("urn:new"), NamedNode("urn:says"), Literal(text), NamedNode(graph))


OLD_AND_NEW = ["https://w3id.org/cocina-par/graph/experience/a/1", "https://w3id.org/cocina-par/graph/experience/b/1"]


@pytest.mark.parametrize("kind", ["oxigraph", "another_virtuoso"])
def test_revisions_when_published_one_after_the_other_then_whoever_asks_sees_one_of_them_whole(kind, request, built):
    """Both graphs and the union say the same number in each revision."""
    running = request.getfixturevalue(kind)
    place = Place(running.address, running.graphs)
    publish(built, built.current(), place)
    readers = Readers(30, size=3)
    store = Elsewhere(place, readers, built)
    asking = Inquiry(store, store, Catalogue(shipped("queries")))
    before = read_state(place.query, 10)
    seen, faults, over = set(), [], threading.Event()

    def commit(number):
        revision = built.commit(f"number {number}", lambda graph: graph in OLD_AND_NEW,
                                [statement(str(number), graph) for graph in OLD_AND_NEW])
        publish(built, revision, place)

    named = "SELECT DISTINCT ?n { GRAPH ?g { <urn:new> <urn:says> ?n } }"
    union = "SELECT DISTINCT ?n { <urn:new> <urn:says> ?n }"

    def ask(query):
        while not over.is_set():
            with suppress(StoreDown):
                found = [row[0].text for row in asking.pinned().table(query).rows]
                seen.add((query, *found))
                if len(found) != 1:
                    faults.append(found)

    try:
        commit(0)
        with ThreadPoolExecutor(2) as pool:
            running = [pool.submit(ask, query) for query in (named, union)]
            for number in range(1, 4):
                commit(number)
            deadline = time.monotonic() + PATIENCE_S
            while not {(named, "3"), (union, "3")} <= seen and time.monotonic() < deadline:
                time.sleep(0.1)
            over.set()
            for each in running:
                each.result()
    finally:
        readers.close()
    assert not faults
    assert {(named, "3"), (union, "3")} <= seen
    assert len(seen) > 2
    state = read_state(place.query, 10)
    assert state.revision == built.current()
    assert before.union in [union for union, _ in state.earlier]


@pytest.fixture
def oxigraph(tmp_path):
    server = OxigraphServer(tmp_path / "store").start()
    yield server
    server.end()


@pytest.fixture
def another_virtuoso(tmp_path):
    """A Virtuoso that no server publishes to."""
    need(all(map(shutil.which, virtuosos.PROGRAMS)), "Virtuoso")
    (tmp_path / "virtuoso").mkdir()
    virtuoso = virtuosos.start_virtuoso(tmp_path / "virtuoso")
    yield virtuoso
    virtuoso.end()


def wait_for(server, status, path="/readyz"):
    deadline = time.monotonic() + PATIENCE_S
    while (answer := server.get(path)).status != status:
        assert time.monotonic() < deadline, (answer.status, answer.text)
        time.sleep(0.1)
    return answer


@pytest.mark.parametrize("kind", ["oxigraph", "another_virtuoso"])
def test_endless_query_when_asked_then_503_in_time_with_the_limit_and_others_are_answered(kind, request, built):
    running = request.getfixturevalue(kind)  # Oxigraph's goes on with it until it is ended
    place = Place(running.address, running.graphs)
    publish(built, built.current(), place)
    server = start_server(built.path, PARKG_STORE=place.query, PARKG_TIME_LIMIT_S="2")
    try:
        with ThreadPoolExecutor(1) as pool:
            started = time.monotonic()
            slow = pool.submit(server.get, ask_path(ENDLESS))
            assert server.get(ask_path(COUNT), "text/csv").status == 200
            answer = slow.result()
            took = time.monotonic() - started
        assert (answer.status, "limit of 2 s" in answer.json()["detail"]) == (503, True)
        assert answer.headers["Retry-After"]
        assert took < 10
    finally:
        server.end()


def test_store_when_down_then_503_and_red_and_when_up_again_then_green_by_itself(oxigraph, built):
    server = start_server(built.path, *without_building(), PARKG_STORE=f"{oxigraph.address} {oxigraph.graphs}")
    try:
        wait_for(server, 200)
        assert server.get(ask_path(COUNT)).status == 200
        oxigraph.end()
        red = wait_for(server, 503).json()
        assert (red["status"], "does not answer" in red["reason"]) == ("not ready", True)
        answer = server.get(ask_path(COUNT))
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert "127.0.0.1" not in answer.text + red["reason"]
        assert server.get("/healthz").status == 200
        oxigraph.start()
        wait_for(server, 200)
        assert server.get(ask_path(COUNT)).status == 200
    finally:
        server.end()


def test_store_when_it_comes_back_empty_then_red_until_it_is_published_to_again(built):
    oxigraph = OxigraphServer().start()
    server = start_server(built.path, *without_building(), PARKG_STORE=f"{oxigraph.address} {oxigraph.graphs}")
    try:
        wait_for(server, 200)
        full = server.get(ask_path(COUNT), "text/csv").text
        oxigraph.end()
        wait_for(server, 503)
        oxigraph.start()
        assert server.get(ask_path(COUNT), "text/csv").status in (200, 503)
        wait_for(server, 200)
        assert server.get(ask_path(COUNT), "text/csv").text == full
    finally:
        server.end()
        oxigraph.end()


def test_store_when_down_at_the_start_then_served_red_and_green_once_it_is_up(oxigraph, built):
    oxigraph.end()
    server = start_server(built.path, *without_building(), PARKG_STORE=f"{oxigraph.address} {oxigraph.graphs}")
    try:
        assert "tried again" in server.said
        assert server.get("/readyz").status == 503
        assert server.get("/healthz").status == 200
        oxigraph.start()
        wait_for(server, 200)
    finally:
        server.end()


def test_store_when_it_takes_connections_and_never_answers_then_503_in_time(built):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/sparql"
        server = start_server(built.path, PARKG_STORE=address, PARKG_TIME_LIMIT_S="2")
        try:
            started = time.monotonic()
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(server.get, ["/readyz", *[ask_path(COUNT)] * 7]))
            assert [answer.status for answer in answers] == [503] * 8
            assert server.get("/healthz").status == 200
            assert time.monotonic() - started < 10
        finally:
            server.end()


def test_store_when_it_is_read_only_then_build_says_so_and_a_second_server_reads_what_was_published(oxigraph, built, tmp_path):
    publish(built, built.current(), Place(oxigraph.address, oxigraph.graphs))
    server = start_server(tmp_path / "of_another_machine", PARKG_STORE=oxigraph.address)
    try:
        assert wait_for(server, 200).json()["revision"] == built.current().number
        assert server.get(ask_path(COUNT)).status == 200
    finally:
        server.end()
    done = parkg("build", PARKG_STORE=oxigraph.address, PARKG_DATA=str(built.path))
    assert done.returncode == 2
    assert "names no second address" in done.stderr


def test_virtuoso_when_it_cuts_answers_then_nothing_is_published_and_no_answer_is_cut(built, tmp_path):
    need(all(map(shutil.which, virtuosos.PROGRAMS)), "Virtuoso")
    virtuoso = virtuosos.start_virtuoso(tmp_path, most_rows=100)
    readers = Readers(30, size=1)
    try:
        place = Place(virtuoso.address, virtuoso.graphs)
        with pytest.raises(StoreDown, match="cuts answers at 100 rows"):
            publish(built, built.current(), place)
        union = union_of(built.current())
        with pytest.raises(ParkgError, match="no more than 100 rows"):
            Elsewhere(place, readers, built)._asked(f"SELECT * FROM <{union}> {{ ?s ?p ?o }}", "SELECT", time.monotonic() + 30)
    finally:
        readers.close()
        virtuoso.end()


@pytest.mark.parametrize(("value", "word"), [("localhost:7878", 1), ("http://", 1), ("http://a/query ftp://a/store", 2),
                                             ("http://a/ http://b/ http://c/", 3), ("http://a:0/", 1), ("http://[/", 1)])
def test_setting_when_it_will_not_do_then_which_part_is_told_and_no_password(value, word, tmp_path):
    done = parkg("query", "list_entry_ways", PARKG_STORE=value, PARKG_DATA=str(tmp_path))
    assert done.returncode == 2
    assert f"Word {word} of it will not do" in done.stderr


def without_building():
    """Return a command that serves the data folder as it is: a build of what ships would take ten seconds each time."""
    script = ("import kg.console, kg.build; from kg.build import Built; "
              "kg.console.build_graph = lambda folder, *_: Built(folder.current(), False); from kg.cli import main; main()")
    return PARKG[0], "-c", script, "serve", "--port", "0"
