"""The hard limits: each query ends in time, whatever it is, and others hardly notice. Over a real socket.

The limit of the server that is asked is 2 s. Where a test was seen to fail on a server without the defence, its
docstring says so.
"""

import contextlib
import gzip
import http.server
import json
import os
import re
import shutil
import signal
import socket
import sys
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api import front
from kg.store import crew
from kg.store.rdf import Literal, NamedNode, Quad
from kg.store.revisions import DataFolder
from tests.conftest import PREFIXES, children_of, descendants_of, is_alive, start_server

LIMIT_S = 2
COUNT = PREFIXES + "SELECT (COUNT(*) AS ?n) { ?a a par:ToolApplication }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
DOUBLED = "BIND(STR('0123456789abcdef') AS ?x0) " + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40))
REPLACED = "BIND('aaaaaaaaaa' AS ?x0) " + " ".join(f"BIND(REPLACE(?x{i}, 'a', 'aaaaaaaaaa') AS ?x{i + 1})" for i in range(12))
RUNAWAYS = {
    "endless cross product": ENDLESS,
    "endless distinct": "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "endless rows": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = 1) }",
    "five thousand brackets": "SELECT * { FILTER(" + "(" * 5_000 + "1" + ")" * 5_000 + ") }",
    "five thousand groups": "SELECT * { " + "{" * 5_000 + "}" * 5_000 + " }",
    "calls in calls": "SELECT (" + "STR(" * 5_000 + "1" + ")" * 5_000 + " AS ?x) {}",
    "denials": "SELECT * { FILTER(" + "!" * 20_000 + "true) }",
    "sort of a cross product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g",
    "doubled strings": f"SELECT (STRLEN(?x40) AS ?n) {{ {DOUBLED} }}",
    "replaced strings": f"SELECT (STRLEN(?x12) AS ?n) {{ {REPLACED} }}",
    "a thousand optionals": "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o " * 1_000 + "}" * 1_000 + " }",
    "a thousand patterns": "SELECT * { " + " ".join(f"?s{i} ?p{i} ?s{i + 1} ." for i in range(1_000)) + " }",
    "path both ways": "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>|^!<x:y>)* ?b . ?c (!<x:y>|^!<x:y>)* ?d }",
    "path of stars": "SELECT * { ?a " + "(" * 100 + "<x:y>" + ")*" * 100 + " ?b }",
}


@pytest.fixture(scope="module")
def limited(folder):
    """A server of this module's own, with a time limit of 2 s and answers of 2 MB."""
    server = start_server(folder.path, PARKG_TIME_LIMIT_S=str(LIMIT_S), PARKG_RESULT_LIMIT_MB="2")
    yield server
    server.end()


def path_of(query):
    return "/sparql?" + urllib.parse.urlencode({"query": query})


def processor_s(pid):
    """Return the processor time that a process and those that it started have used; of those that still are."""
    used = 0.0
    for process in [pid, *descendants_of(pid)]:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


def assert_at_rest(server):
    """No processor burns: in a second nothing is used, but for a server that has just forked a reader."""
    time.sleep(1)
    before = processor_s(server.process.pid)
    time.sleep(1)
    assert processor_s(server.process.pid) - before < 0.2


def connect(server):
    host, port = server.address.removeprefix("http://").split(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # what a client does not read, stays with the server
    client.settimeout(30)
    client.connect((host, int(port)))
    return client


@pytest.mark.parametrize("query", RUNAWAYS.values(), ids=RUNAWAYS)
def test_runaway_when_asked_then_ended_in_time_with_the_limit_told_while_others_are_answered(limited, query):
    """Seen to fail for the endless cross product where no reader is killed at its deadline: it then ran for 32 s."""
    with ThreadPoolExecutor(1) as pool:
        started = time.monotonic()
        asked = pool.submit(limited.post, "/sparql", query.encode(), DIRECT)
        slowest = 0.0
        while not asked.done():
            begun = time.monotonic()
            assert limited.get(path_of(COUNT + f"#{begun}"), "text/csv").text.split() == ["n", "111"]
            slowest = max(slowest, time.monotonic() - begun)
            time.sleep(0.1)
        seconds = time.monotonic() - started
    answer = asked.result()
    assert seconds < LIMIT_S + 0.5 + 0.5  # half a second for the machine of a test
    assert slowest < 1
    if answer.status != 200:  # never a part of the answer
        assert answer.type == "application/problem+json"
        limit = {503: "limit of 2 s|limit of 1024 MB", 422: "limit of 2 MB"}[answer.status]
        assert re.search(limit, answer.json()["detail"])
        assert answer.status == 422 or answer.headers["Retry-After"]
    else:
        assert json.loads(answer.body)["results"]["bindings"] is not None
    assert limited.process.poll() is None


def test_runaways_when_they_are_over_then_no_processor_burns(limited):
    """Would fail where a late reader is left to itself, as threads of one process must be; not seen."""
    with ThreadPoolExecutor(4) as pool:
        assert {a.status for a in pool.map(lambda n: limited.get(path_of(ENDLESS + f"#{n}")), range(4))} == {503}
    assert_at_rest(limited)


@pytest.mark.parametrize("accept", ["*/*", "text/turtle;q=0.1, */*"], ids=["fast lane", "application"])
def test_client_when_it_hangs_up_then_its_query_is_ended(folder, accept):
    """Seen to fail, in each lane, where nobody watches the connection: the query runs on to its limit, here a minute."""
    server = start_server(folder.path, PARKG_TIME_LIMIT_S="60")
    try:
        host = server.address.removeprefix("http://")
        server.get(path_of("SELECT * { }"), accept)  # so that the lane has learned
        for _ in range(3):
            with connect(server) as client:
                client.sendall(f"GET {path_of(ENDLESS)} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n\r\n".encode())
                time.sleep(0.3)
        assert_at_rest(server)
        assert server.get(path_of(COUNT), "text/csv").text.split() == ["n", "111"]
    finally:
        server.end()


def test_queries_when_too_many_are_long_then_some_get_429_and_a_short_one_is_answered_within_a_second(folder):
    """Seen to fail where long queries may have every reader: the short ones then get 429."""
    server = start_server(folder.path, PARKG_TIME_LIMIT_S="6")
    try:
        with ThreadPoolExecutor(12) as pool:
            asked = [pool.submit(server.get, path_of(ENDLESS + f"#{n}")) for n in range(12)]
            for number in range(4):
                time.sleep(0.6)
                begun = time.monotonic()
                assert server.get(path_of(COUNT + f"# short {number}"), "text/csv").text.split() == ["n", "111"]
                assert time.monotonic() - begun < 1.5  # half a second for the machine of a test
        answers = [a.result() for a in asked]
        assert {a.status for a in answers} == {429, 503}
        assert sum(a.status == 503 for a in answers) >= crew.MOST_LONG
        assert all(a.headers["Retry-After"] and a.type == "application/problem+json" for a in answers)
        assert_at_rest(server)
        assert len(descendants_of(server.process.pid)) <= 1 + crew.MOST_READERS
    finally:
        server.end()


def test_readers_when_they_are_killed_under_load_then_every_other_query_is_answered(limited):
    """Seen to fail where what stands behind the question of a reader that dies is lost with it."""
    server, some = limited, PREFIXES + "SELECT (COUNT(*) AS ?n) { ?a par:ofExperience ?e . ?b par:ofExperience ?e }"
    done, killed = threading.Event(), []

    def kill():
        while not done.wait(0.2):
            for pid in descendants_of(server.process.pid)[1:2]:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    expected = server.get(path_of(some), "text/csv").body
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda n: server.get(path_of(some + f"# {n}"), "text/csv"), range(600)))
    done.set()
    killer.join()
    lost = [a for a in answers if a.status != 200]
    assert all(a.status == 503 for a in lost)
    assert len(lost) <= len(killed)  # only what a reader was working on when it was killed
    assert all(a.body == expected for a in answers if a.status == 200)


@pytest.mark.parametrize("format", ["application/sparql-results+json", "text/csv", "text/turtle"])
def test_answer_when_too_large_then_422_names_the_limit(limited, format):
    """Seen to fail where there is no bound: the answer is then given."""
    head = "CONSTRUCT { ?s ?p ?o }" if format == "text/turtle" else "SELECT *"
    answer = limited.get(path_of(f"{head} {{ ?s ?p ?o }}"), format)
    assert answer.status == 422
    assert "limit of 2 MB" in answer.json()["detail"]
    assert "LIMIT" in answer.json()["detail"]


def test_query_when_too_long_then_413_names_the_limit(limited):
    answer = limited.post("/sparql", b"SELECT * { ?s ?p '" + b"a" * 200_000 + b"' }", DIRECT)
    assert answer.status == 413
    assert "100,000" in answer.json()["detail"]


def chunked(piece, times):
    return b"".join([b"%x\r\n%s\r\n" % (len(piece), piece)] * times) + b"0\r\n\r\n"


@pytest.mark.parametrize(("headers", "body", "status"), [
    ("Transfer-Encoding: chunked", chunked(b"query=" + b"+" * 65_000, 40), 413),
    ("Transfer-Encoding: chunked", chunked(b"query=ASK{}", 1), 200),
    ("Content-Encoding: gzip", gzip.compress(b"query=ASK{}" + b" " * (64 << 20)), 413),
    ("Content-Encoding: gzip", gzip.compress(b"query=ASK{}"), 200),
    ("Content-Encoding: gzip", b"query=ASK{}", 400),
    ("Content-Encoding: gzip", gzip.compress(b"query=ASK{}")[:-9], 400),
    ("Content-Encoding: br", b"query=ASK{}", 415),
    ("Content-Length: 999999999999\r\nExpect: 100-continue", b"", 413),
    ("X: y", b"query=" + b"+" * (2 << 20), 413),
], ids=["chunked", "chunked small", "gzip bomb", "gzip small", "not gzip", "gzip cut off", "other coding", "announced", "plain"])
def test_body_when_over_the_limit_however_it_is_packed_then_413(limited, headers, body, status):
    """Seen to fail, for the gzip bomb, without the bound on what is unpacked, and for chunked bodies behind a2wsgi."""
    if "Transfer" not in headers and "Length" not in headers:
        headers += f"\r\nContent-Length: {len(body)}"
    with connect(limited) as client:
        client.sendall(f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n{headers}\r\n\r\n".encode() + body)
        answer = client.recv(65536).decode()
    assert answer.startswith(f"HTTP/1.1 {status} ")


def test_slow_clients_when_four_hundred_then_a_new_one_does_not_wait_and_they_are_ended(limited):
    """Seen to fail with a2wsgi and eight threads, and, for the ending of slow ones, without the sweep."""
    slow = [connect(limited) for _ in range(400)]
    for number, client in enumerate(slow):
        part = (b"GET /sparql?que", b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 900\r\n\r\nqu"
                % FORM.encode(), b"")[number % 3]
        client.sendall(part)
    try:
        for ask in (lambda: limited.get(path_of(COUNT + "# slow"), "text/csv"), lambda: limited.get("/queries"),
                    lambda: limited.post("/sparql", b"query=ASK{}", FORM)):
            begun = time.monotonic()
            assert ask().status == 200
            assert time.monotonic() - begun < 2
        slow[0].settimeout(20)
        assert slow[0].recv(1) == b""  # half a request line, and no more
    finally:
        for client in slow:
            client.close()


def test_slow_readers_when_they_take_no_byte_of_large_answers_then_no_thread_waits_for_them(server):
    """Would fail where a thread sends the answer, as many clients as there are threads then keeping all others out; not seen."""
    query = "SELECT * { ?s ?p ?o } LIMIT 40000"
    request = f"GET {path_of(query)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv, */*;q=0.1\r\n\r\n".encode()
    clients = [connect(server) for _ in range(front.THREADS + 6)]
    try:
        for client in clients:
            client.sendall(request)
        time.sleep(2)
        begun = time.monotonic()
        assert server.get("/queries").status == 200
        assert time.monotonic() - begun < 2
    finally:
        for client in clients:
            client.close()


class Trap:
    """A web server that notes whether anybody came."""

    def __init__(self):
        came = self.came = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                came.append(self.path)
                self.send_response(404)
                self.end_headers()

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def trap():
    trap = Trap()
    yield trap
    trap.server.shutdown()
    trap.server.server_close()


@pytest.mark.parametrize("text", [
    "SELECT * {{ SERVICE <{at}> {{ ?s ?p ?o }} }}", "SELECT * {{ SERVICE SILENT <{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?at {{ <{at}> }} SERVICE ?at {{ ?s ?p ?o }} }}", "LOAD <{at}>", "LOAD SILENT <{at}>",
    "SELECT * FROM <{at}> {{ ?s ?p ?o }}", "SELECT * FROM NAMED <{at}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * FROM <{file}> {{ ?s ?p ?o }}", "LOAD <{file}>", "DESCRIBE <{at}>", "SELECT * {{ GRAPH <{at}> {{ ?s ?p ?o }} }}",
])
def test_query_when_it_names_another_host_or_a_file_then_nothing_is_reached(limited, trap, tmp_path, text):
    """SERVICE came to the trap through a store without the seal (test_trap_when_a_store_without_the_seal_…)."""
    (tmp_path / "secret.ttl").write_text("<a:b> <a:b> <a:b> .")
    query = text.format(at=trap.address, file=(tmp_path / "secret.ttl").as_uri())
    answers = [limited.get(path_of(query)), limited.post("/sparql", query.encode(), DIRECT),
               limited.post("/sparql", urllib.parse.urlencode({"update": query}).encode(), FORM),
               limited.get("/sparql?" + urllib.parse.urlencode({"query": "ASK {}", "default-graph-uri": trap.address}))]
    assert not trap.came
    assert not any("a:b" in a.text and a.status == 200 for a in answers)


def test_trap_when_a_store_without_the_seal_is_asked_then_it_is_reached(trap):
    from pyoxigraph import Store
    with pytest.raises((OSError, RuntimeError)):
        list(Store().query(f"SELECT * {{ SERVICE <{trap.address}> {{ ?s ?p ?o }} }}"))
    assert trap.came


def test_reader_when_the_check_of_the_text_is_passed_by_then_the_network_is_sealed_all_the_same(folder, trap):
    """The second lock alone: a keeper is asked directly, with a query that the server would have refused."""
    import asyncio

    from kg.store.engine import Question
    from kg.store.pool import Pool
    from kg.store.wire import question_bytes

    async def ask():
        pool = Pool(20)
        told = asyncio.get_running_loop().create_future()
        question = Question(f"SELECT * {{ SERVICE <{trap.address}> {{ ?s ?p ?o }} }}", "json")
        pool.ask(pool.crew(folder.directory(folder.current())), question_bytes(question), told.set_result)
        outcome = await told
        pool.close()
        await asyncio.sleep(0.1)
        return outcome

    assert isinstance(asyncio.run(ask()), Exception)
    assert not trap.came


def test_lane_when_it_answers_then_status_and_headers_are_those_of_the_application(limited):
    """Seen to fail where the lane leaves out a header; Date aside, which differs by the second."""
    for query in (COUNT, "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3", "SELECT * { } # ünïcode + %", "SELECT * { broken"):
        for accept in ("*/*", "text/csv", "application/json", "application/sparql-results+xml", "text/turtle", "image/png"):
            def ask(query=query, accept=accept, **headers):
                answer = limited.get(path_of(query), accept, headers=headers)
                headers = sorted((name.lower(), value) for name, value in answer.headers.items() if name.lower() != "date")
                return answer.status, headers, answer.body
            assert ask() == ask() == ask() == ask(x_for_the_application="1")


def test_answer_when_the_query_asks_for_chance_or_the_time_then_it_is_not_kept(limited):
    query = path_of("SELECT (RAND() AS ?r) (NOW() AS ?t) { }")
    assert len({limited.get(query, "text/csv").body for _ in range(5)}) == 5


def test_server_when_told_to_end_then_what_runs_is_answered_and_the_exit_code_is_0(folder):
    server = start_server(folder.path, PARKG_TIME_LIMIT_S="1")
    children = descendants_of(server.process.pid)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(server.get, path_of(ENDLESS))
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        assert asked.result().status == 503
    assert server.process.wait(timeout=10) == 0
    server.process.communicate()
    assert not [pid for pid in children if is_alive(pid)]


def test_revision_when_built_by_another_process_then_the_old_one_is_served_until_the_new_one_is_loaded(built, tmp_path):
    """Every answer meanwhile is 200, of the one revision or the other."""
    served = DataFolder(tmp_path / "served")
    shutil.copytree(built.path, served.path)
    script = "import api.serve; api.serve._build_or_keep = lambda settings: None; from kg.cli import main; main()"
    server = start_server(served.path, sys.executable, "-c", script, "serve", "--port", "0")
    count = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/new> ?o }"
    node = NamedNode("https://w3id.org/cocina-par/graph/experience/new-one/1")
    try:
        assert server.get(path_of(count), "text/csv").text.split() == ["n", "0"]
        served.commit("by hand", lambda _: False, [Quad(node, NamedNode("http://example.org/new"), Literal("x"), node)])
        found, deadline = [], time.monotonic() + 20
        while found[-1:] != ["1"] and time.monotonic() < deadline:
            answer = server.get(path_of(count + f"# {len(found)}"), "text/csv")
            assert answer.status == 200
            found.append(answer.text.split()[1])
        assert found[-1] == "1"
        assert found == sorted(found)
        time.sleep(2.5)
        assert len(children_of(server.process.pid)) == 1  # the keeper of the old revision has ended
    finally:
        server.end()


def test_readers_when_looked_at_then_their_memory_is_bounded_and_the_system_ends_them_before_others(limited):
    for pid in descendants_of(limited.process.pid)[1:]:
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert "unlimited" not in next(line for line in limits.splitlines() if line.startswith("Max data size"))
        assert Path(f"/proc/{pid}/oom_score_adj").read_text().strip() == "1000"
