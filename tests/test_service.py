"""SERVICE and LOAD of hosts that PARKG_ALLOWED_HOSTS names, between real servers: what they give, and what is refused.

What a query with SERVICE answers is compared with the engine's own federation, which asks the same endpoint from this process.
"""

import http.server
import json
import threading
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pyoxigraph
import pytest

from kg.store import abroad
from kg.tokens import Tokens
from tests.asking import ask_path
from tests.servers import start_server

LIMIT_S = 2
FAR = b"""@prefix e: <http://e.org/> .
e:a e:name "Ana" , "a \\"quoted\\" \\n ? { } line"@es-CL ; e:age 40 ; e:knows e:b .
e:b e:name "Bo" ; e:age 50 .
e:c e:name "Ci" ."""
NEAR = b"""@prefix e: <http://e.org/> .
e:a e:likes e:c . e:b e:likes e:c . e:x e:likes e:a . e:x e:age 40 . e:d e:name "Bo" ."""
GRAPH = "http://e.org/graph"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + ". ".join(f"?a{i} ?b{i} ?c{i} " for i in range(30)) + "}"
PREFIX = "PREFIX e: <http://e.org/> "


class Odd(http.server.BaseHTTPRequestHandler):
    """A host that is odd in the way that the path asks for."""

    def do_GET(self):
        self.server.came.append(self.path)
        getattr(self, "be_" + self.path.strip("/").partition("?")[0].replace("-", "_"))()

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def give(self, body, type="application/sparql-results+json", status=200, **headers):
        self.send_response(status)
        for name, value in {"Content-Type": type, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def rows(self, *rows, names=("s",)):
        self.give(json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}).encode())

    def be_elsewhere(self):
        self.give(b"", status=302, Location=f"http://localhost:{self.server.server_port}/arrived")

    def be_here(self):
        self.give(b"", status=307, Location="/arrived")

    def be_slow(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        while not self.server.over.wait(0.2):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    def be_silent_for_ever(self):
        self.server.over.wait(20)

    def be_large(self):
        self.give(b" " * (abroad.LARGEST_SOLUTIONS_BYTES + 1))

    def be_lagging(self):
        time.sleep(0.8 * LIMIT_S)
        self.rows({})

    def be_nothing(self):
        self.rows({}, names=[])

    def be_many(self):
        self.rows(*[{}] * 10_001)

    def be_failing(self):
        self.give(b"out of order", "text/plain", 500)

    def be_cut_off(self):
        self.give(b'{"head": {"vars": []}, "results": {"bindings": [{}]}}', **{"Content-Length": "900"})

    def be_page(self):
        self.give(b"<p>Hello</p>", "text/html")

    def be_deep(self):
        self.give(b"[" * 100_000)

    def be_blank(self):
        self.rows({"s": {"type": "bnode", "value": "b"}})

    def be_triple(self):
        self.rows({"s": {"type": "triple", "value": {}}})

    def be_breaking_out(self):
        self.rows({"s": {"type": "uri", "value": "a:b> } } # "}})

    def be_naming(self):
        self.rows({"x) { (1) } } #": {"type": "literal", "value": "x"}}, names=["x) { (1) } } #"])

    def be_unasked(self):
        self.rows({"t": {"type": "literal", "value": "x"}}, names=["t"])

    def be_tagged(self):
        self.rows({"s": {"type": "literal", "value": "x", "xml:lang": "e n"}})

    def be_turtle(self):
        self.give(b"<#a> <b> <> .", "text/turtle; charset=utf-8")

    def be_rdf(self):
        self.give(b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e.org/'><rdf:Description "
                  b"rdf:about='http://e.org/r'><e:b>c</e:b></rdf:Description></rdf:RDF>", "application/rdf+xml")

    def be_broken(self):
        self.give(b"<a> <b", "text/turtle")

    def be_arrived(self):
        self.rows({"s": {"type": "literal", "value": "arrived"}})

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def odd():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    server.came, server.over = [], threading.Event()
    server.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()


class Plain:
    """A plain server and the token to change it."""

    def __init__(self, data, turtle, **settings):
        token = Tokens(data).make("me", "admin", 1)
        self.server = start_server(data, PARKG_PLAIN="1", **settings)
        self.address = self.server.address
        self.allowed = {"Authorization": f"Bearer {token}"}
        for graph in ("default", f"graph={GRAPH}"):
            assert self.send("PUT", f"/store?{graph}", turtle, "text/turtle").status in (201, 204)

    def send(self, method, path, body, type):
        request = urllib.request.Request(self.address + path, body, {"Content-Type": type, **self.allowed}, method=method)
        return self.server.send(request)

    def update(self, text):
        return self.send("POST", "/update", text.encode(), "application/sparql-update")

    def rows(self, query):
        answer = self.server.get(ask_path(query), "application/sparql-results+json")
        assert answer.status == 200, answer.text
        return sorted(json.dumps(row, sort_keys=True) for row in answer.json()["results"]["bindings"])


@pytest.fixture(scope="module")
def far(tmp_path_factory):
    far = Plain(tmp_path_factory.mktemp("far"), FAR)
    yield far
    far.server.end()


@pytest.fixture(scope="module")
def near(tmp_path_factory, far, odd):
    near = Plain(tmp_path_factory.mktemp("near"), NEAR, PARKG_TIME_LIMIT_S=str(LIMIT_S),
                 PARKG_ALLOWED_HOSTS=f"{far.address} {odd.address}")
    yield near
    near.server.end()


def engines_rows(query):
    """Return the rows that the engine's own federation gives."""
    store = pyoxigraph.Store()
    store.load(NEAR, pyoxigraph.RdfFormat.TURTLE)
    store.load(NEAR, pyoxigraph.RdfFormat.TURTLE, to_graph=pyoxigraph.NamedNode(GRAPH))
    answer = json.loads(store.query(query).serialize(format=pyoxigraph.QueryResultsFormat.JSON))
    return sorted(json.dumps(row, sort_keys=True) for row in answer["results"]["bindings"])


@pytest.mark.parametrize("query", [
    "SELECT * { SERVICE <AT> { ?s e:name ?name } }",
    "SELECT * { ?x e:likes ?s SERVICE <AT> { ?s e:name ?name } }",
    "SELECT ?x ?name { ?x e:likes ?s . SERVICE <AT> { ?s e:name ?name } . ?s e:likes ?y }",
    "SELECT * { ?x e:likes ?s OPTIONAL { SERVICE <AT> { ?s e:age ?age } FILTER(?age > 45) } }",
    "SELECT * { ?x e:likes ?s OPTIONAL { SERVICE <AT> { ?s e:age ?age FILTER(?x = e:x) } } }",
    "SELECT * { { ?s e:likes ?o } UNION { SERVICE <AT> { ?s e:knows ?o } } }",
    "SELECT * { ?x e:likes ?s FILTER EXISTS { SERVICE <AT> { ?s e:age ?age } } }",
    "SELECT * { ?x e:likes ?s FILTER NOT EXISTS { SERVICE <AT> { ?s e:age ?age } } }",
    "SELECT * { ?x e:likes ?s MINUS { SERVICE <AT> { ?s e:age ?age } } }",
    "SELECT * { ?x e:likes ?s { SELECT ?s (COUNT(*) AS ?n) { SERVICE <AT> { ?s ?p ?o } } GROUP BY ?s } }",
    "SELECT * { SERVICE <AT> { SELECT ?s (MAX(?age) AS ?m) { ?s e:age ?age } GROUP BY ?s ORDER BY ?s LIMIT 1 } }",
    "SELECT * { SERVICE <AT> { ?s e:name ?name OPTIONAL { ?s e:age ?age } } }",
    "SELECT * { SERVICE <AT> { ?s e:name ?name OPTIONAL { ?s e:age ?age } } ?x e:age ?age }",
    "SELECT * { SERVICE <AT> { e:a e:knows e:b } ?x e:age ?age }",
    "SELECT * { SERVICE <AT> { e:a e:knows e:c } ?x e:age ?age }",
    "SELECT * { SERVICE <AT> { ?s e:name ?n FILTER(?n = \"Bo\" || CONTAINS(?n, '} SERVICE {')) # } SERVICE {\n } }",
    "SELECT * { SERVICE <AT> { VALUES ?s { e:a e:b } ?s e:name ?n . BIND(STRLEN(?n) AS ?l) } }",
    "SELECT * { SERVICE <AT> { ?s e:knows ?o } SERVICE <AT> { ?o e:name ?n } }",
    "SELECT * { VALUES ?s { e:a UNDEF } SERVICE <AT> { ?s e:age ?age } }",
    "PREFIX at: <AT> SELECT * { SERVICE at: { ?s e:age ?age } }",
    "SELECT * { service<AT>{ ?s e:age ?age } }",
    "SELECT * { SERVICE SILENT # why { } not\n <AT> { ?s e:age ?age } }",
    "SELECT ?SERVICE { ?SERVICE e:likes ?o SERVICE <AT> { ?o e:name ?service } }",
    "BASE <http://e.org/> SELECT * { SERVICE <AT> { <a> <age> ?age } }",
    "SELECT * { SERVICE <http\\u003A//HOST/sparql> { ?s e:age ?age } }",
    "SELECT * { SERVICE SILENT <ODD/failing> { ?s ?p ?o } ?x e:age ?age }",
    "SELECT * { GRAPH ?g { ?s e:likes ?o SERVICE <AT> { ?s e:age ?age } } }",
    "SELECT * { GRAPH e:graph { SERVICE <AT> { ?s e:age ?age } } }",
    "ASK { ?x e:likes ?s SERVICE <AT> { ?s e:age 50 } }",
])
def test_query_when_it_calls_an_allowed_endpoint_then_the_rows_are_those_of_the_engines_own_federation(near, far, odd, query):
    query = PREFIX + query.replace("AT", far.address + "/sparql").replace("HOST", far.address[7:]).replace("ODD", odd.address)
    if "ASK" in query:
        assert near.server.get(ask_path(query)).json()["boolean"] is False
        return
    assert near.rows(query) or "e:knows e:c" in query
    assert near.rows(query) == engines_rows(query)


def test_query_when_it_calls_an_endpoint_then_a_graph_or_a_page_can_be_its_answer_and_it_has_no_validator(near, far):
    query = PREFIX + f"CONSTRUCT {{ ?s e:called ?n }} {{ SERVICE <{far.address}/sparql> {{ ?s e:name ?n }} }}"
    answer = near.server.get(ask_path(query), "application/n-triples")
    assert answer.text.count("<http://e.org/called>") == 4
    assert not answer.headers["ETag"]
    page = near.server.get(ask_path(f"SELECT * {{ SERVICE <{far.address}/sparql> {{ ?s ?p 40 }} }}"), "text/html")
    assert "http://e.org/a" in page.text


def test_error_when_it_stands_behind_a_clause_then_its_line_is_that_of_the_query_as_it_was_sent(near, far):
    query = f"SELECT * {{ SERVICE <{far.address}/sparql> {{\n ?s\n ?p\n ?o }}\n ?s oops }}"
    assert near.server.get(ask_path(query)).json()["line"] == 5


@pytest.mark.parametrize(("path", "status", "words"), [
    ("elsewhere", 502, "a redirect"), ("here", 502, "a redirect"), ("slow", 503, "limit of 2 s"),
    ("silent-for-ever", 503, "limit of 2 s"), ("large", 422, "limit of 2 MB"), ("many", 422, "limit of 10,000"),
    ("failing", 502, "out of order"), ("cut-off", 502, "whole"), ("page", 502, "JSON"), ("deep", 502, "JSON"),
    ("blank", 501, "blank node"), ("triple", 501, "triple"), ("breaking-out", 502, "JSON"), ("naming", 502, "JSON"),
    ("unasked", 502, "JSON"), ("tagged", 502, "JSON")])
@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_endpoint_when_it_is_odd_then_an_honest_error_in_time_and_nothing_of_the_answer(near, odd, path, status, words, silent):
    """Seen to fail, for the slow ones, where the time is that of each wait; for the redirects, where they are followed.

    SILENT excuses what the endpoint did, never a limit of ours.
    """
    odd.came.clear()
    begun = time.monotonic()
    answer = near.server.get(ask_path(f"SELECT * {{ SERVICE {silent}<{odd.address}/{path}> {{ ?s ?p ?o }} }}"))
    assert time.monotonic() - begun < LIMIT_S + 0.5 + 0.5  # half a second for the machine of a test
    assert odd.came == ["/" + path]
    if silent and status == 502:
        assert answer.json()["results"]["bindings"] == [{}]
    else:
        assert answer.status == status
        assert words in answer.json()["detail"]
        assert status != 503 or answer.headers["Retry-After"]


def test_query_when_the_endpoint_took_most_of_its_time_then_what_is_left_bounds_the_rest(near, odd):
    """Seen to fail where the query has all its time again once the endpoint has answered."""
    query = f"SELECT * {{ SERVICE <{odd.address}/lagging> {{ ?s ?p ?o }} {{ {ENDLESS} }} }}"
    begun = time.monotonic()
    answer = near.server.get(ask_path(query))
    assert answer.status == 503
    assert "limit of 2 s" in answer.json()["detail"]
    assert time.monotonic() - begun < LIMIT_S + 0.5 + 0.5


def test_clients_when_they_wait_for_slow_endpoints_then_others_are_answered_and_a_hung_up_one_makes_room(near, odd):
    """Seen to fail where any number may wait for endpoints: they then have all the threads."""
    slow = ask_path(f"SELECT * {{ SERVICE <{odd.address}/silent-for-ever> {{ ?s ?p ?o }} }}")
    with ThreadPoolExecutor(80) as pool:
        asked = [pool.submit(near.server.get, slow) for _ in range(80)]
        time.sleep(0.7)
        begun = time.monotonic()
        assert near.server.get("/queries").status == 200
        assert time.monotonic() - begun < 1
        answers = [a.result() for a in asked]
    assert sum(a.status == 503 for a in answers) == abroad.MOST_AT_ONCE
    assert {a.status for a in answers} == {429, 503}
    assert all(a.headers["Retry-After"] for a in answers)


@pytest.mark.parametrize("endpoint", [
    "http://localhost:PORT/arrived", "https://127.0.0.1:PORT/arrived", "http://user@127.0.0.1:PORT/arrived",
    "http://127.0.0.1:PORT@localhost/arrived", "http://[::ffff:127.0.0.1]:PORT/arrived", "http://127.1:PORT/arrived",
    "http://2130706433:PORT/arrived", "http://127.0.0.1.:PORT/arrived", "http://127.0.0.1/arrived", "//127.0.0.1:PORT/arrived",
    "arrived", "file:///etc/passwd", "ftp://127.0.0.1:PORT/arrived", "http://127.0.0.1:PORT\\u0020.example/arrived",
    "http://127.0.0.1:PORT\\u005C@localhost/arrived", "http://127.0.0.1:PORT\\u000A.example/arrived", "http://example.org/",
    "http://\\uFF11\\uFF12\\uFF17.0.0.1:PORT/arrived", "http:127.0.0.1:PORT/arrived", "http://0x7f.0.0.1:PORT/arrived"])
@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_endpoint_when_its_origin_is_not_one_that_is_allowed_then_403_and_nobody_is_reached(near, odd, endpoint, silent):
    """Each is a way to write, or nearly to write, a host that is allowed. Seen to fail where hosts are compared as texts."""
    odd.came.clear()
    endpoint = endpoint.replace("PORT", str(odd.server_port))
    answer = near.server.get(ask_path(f"SELECT * {{ SERVICE {silent}<{endpoint}> {{ ?s ?p ?o }} }}"))
    loaded = near.update(f"LOAD {silent}<{endpoint}>")
    assert answer.status == 403, answer.text
    assert loaded.status == (403 if not silent else 400 if "\\u00" in endpoint else 204), loaded.text
    assert not odd.came


@pytest.mark.parametrize("query", [
    "SELECT * { VALUES ?at { <AT> } SERVICE ?at { ?s ?p ?o } }", "SELECT * { SERVICE <AT> { SERVICE <AT> { ?s ?p ?o } } }",
    "SELECT * { SERVICE <AT> { { ?s ?p ?o } UNION { SERVICE SILENT <AT> { } } } }", "SELECT * { SERVICE <AT> { ?s ?p ?o ",
    "SELECT * { SERVICE none: { ?s ?p ?o } }", "SELECT * { SERVICE <AT> }", "SELECT * { SERVICE SILENT }", "SELECT * { SERVICE",
    "PREFIX SERVICEs: <AT> SELECT * { SERVICEs: { ?s ?p ?o } }", "SELECT * {" + "SERVICE <AT> { } " * 9 + "}"], ids=range(10))
def test_clause_when_it_cannot_be_asked_in_front_of_the_query_then_400_with_its_place(near, odd, query):
    answer = near.server.get(ask_path(query.replace("AT", odd.address + "/nothing")))
    assert answer.status == 400, answer.text
    assert answer.json()["line"] == 1


def test_pattern_when_it_is_asked_then_it_brings_its_declarations_and_no_more_than_it_needs(near, far):
    """A pattern that would be another query by itself: declarations, relative IRIs, braces in texts."""
    query = f"""BASE <http://e.org/x/> PREFIX : <../> # a comment {{
PREFIX e: <wrong> PREFIX e: <http://e.org/>
SELECT * {{ SERVICE <{far.address}/sparql> {{ :a e:age ?age ; :name ?n FILTER(!CONTAINS(?n, "}}")) }} }}"""
    assert len(near.rows(query)) == 1


def update_of(near, text):
    answer = near.update(text)
    return answer.status, answer.text


@pytest.mark.parametrize(("text", "graph", "pattern"), [
    ("LOAD <ODD/turtle> INTO GRAPH <http://e.org/one>", "http://e.org/one", "<ODD/turtle#a> <ODD/b> <ODD/turtle>"),
    ("PREFIX o: <ODD/> load o:rdf into graph <http://e.org/two> ;", "http://e.org/two", "<http://e.org/r> ?p 'c'"),
    ("BASE <http://x.org/> # LOAD\nLOAD SILENT <ODD/turtle>", "", "<ODD/turtle#a> ?p ?o"),
])
def test_document_when_loaded_from_an_allowed_host_then_it_is_in_the_graph(near, odd, text, graph, pattern):
    odd.came.clear()
    assert update_of(near, text.replace("ODD", odd.address)) == (204, "")
    pattern = pattern.replace("ODD", odd.address)
    assert near.rows(f"SELECT * {{ {f'GRAPH <{graph}>' if graph else ''} {{ {pattern} }} }}")
    assert len(odd.came) == 1


@pytest.mark.parametrize(("text", "status", "words"), [
    ("LOAD <ODD/elsewhere>", 502, "a redirect"), ("LOAD <ODD/slow>", 503, "limit of 2 s"), ("LOAD <ODD/failing>", 502, "500"),
    ("LOAD <ODD/page>", 502, "text/html"), ("LOAD <ODD/broken>", 400, "not turtle"), ("LOAD <ODD/cut-off>", 502, "whole"),
    ("LOAD <ODD/turtle> ; CLEAR ALL", 400, "alone"), ("CLEAR ALL ; LOAD <ODD/turtle>", 400, "alone"),
    ("LOAD SILENT <ODD/turtle> ; LOAD <ODD/turtle>", 400, "alone"), ("LOAD <ODD/turtle> INTO <http://e.org/g>", 400, "alone"),
    ("LOAD ?x", 400, "IRI"), ("LOAD", 400, "IRI"),
    ("INSERT { ?s ?p ?o } WHERE { SERVICE <ODD/arrived> { ?s ?p ?o } }", 400, "fetches nothing")])
def test_load_when_it_will_not_do_then_an_honest_error_in_time_and_nothing_changes(near, odd, text, status, words):
    before = near.rows("SELECT * { ?s ?p ?o }")
    begun = time.monotonic()
    answer = near.update(text.replace("ODD", odd.address))
    assert time.monotonic() - begun < LIMIT_S + 0.5 + 0.5
    assert answer.status == status, answer.text
    assert words in answer.json()["detail"]
    assert near.rows("SELECT * { ?s ?p ?o }") == before
    if status == 502:
        assert near.update(text.replace("LOAD", "LOAD SILENT").replace("ODD", odd.address)).status == 204
        assert near.rows("SELECT * { ?s ?p ?o }") == before


def test_server_when_no_host_is_allowed_then_neither_is_reached(far, odd):
    odd.came.clear()
    answers = [far.server.get(ask_path(f"SELECT * {{ SERVICE <{odd.address}/arrived> {{ ?s ?p ?o }} }}")),
               far.update(f"LOAD <{odd.address}/turtle>")]
    assert [answer.status for answer in answers] == [400, 400]
    assert not odd.came
