"""The hard limits of reach: no query, update or document makes the server open a connection or a file.

`python -m tests.defences` takes each defence away and looks that the test named for it fails.
"""

import asyncio
import errno
import http.server
import multiprocessing
import os
import threading
import time
import urllib.parse
import urllib.request
import xml.sax

import pytest
import rdflib

from kg.errors import QueryMalformed, UpdateFailed
from kg.names import OWL_IMPORTS, PREFIXES
from kg.reason import check_with_hermit
from kg.store import writer
from kg.store.changes import Update
from kg.store.engine import Question
from kg.store.pool import Pool
from kg.store.rdf import NamedNode, Triple
from kg.store.wire import question_bytes
from kg.store.writers import Writer
from kg.tokens import Tokens
from tests.asking import FORM, ask_path
from tests.servers import start_server

DIRECT = "application/sparql-query"


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
    answers = [limited.get(ask_path(query)), limited.post("/sparql", query.encode(), DIRECT),
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
    """The second lock, the seal, alone: a keeper is asked directly. Seen to fail without it."""
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


def test_writer_when_the_check_of_the_text_is_passed_by_then_the_network_is_sealed_all_the_same(tmp_path, trap):
    """The second lock, the seal, alone: a writer is asked directly. Seen to fail without it."""
    own = Writer(20)
    called = f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{trap.address}> {{ ?s ?p ?o }} }}"
    try:
        for number, text in enumerate((f"LOAD <{trap.address}>", called)):
            with pytest.raises(UpdateFailed):
                own.change(None, tmp_path / str(number), Update(text))
    finally:
        own.close()
    assert not trap.came


RDF = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e.org/'"
DOCUMENTS = {
    "context": ("application/ld+json", '{{"@context": "{at}", "@id": "http://e.org/a", "http://e.org/b": 1}}'),
    "imported context": ("application/ld+json", '{{"@context": {{"@version": 1.1, "@import": "{at}"}}, "http://e.org/b": 1}}'),
    "entity": ("application/rdf+xml", f"<!DOCTYPE r [<!ENTITY a SYSTEM '{{at}}'>]><rdf:RDF {RDF}><rdf:Description "
               "rdf:about='http://e.org/a'><e:b>&a;</e:b></rdf:Description></rdf:RDF>"),
    "parameter entity": ("application/rdf+xml", f"<!DOCTYPE r [<!ENTITY % a SYSTEM '{{at}}'> %a;]><rdf:RDF {RDF}/>"),
    "doctype": ("application/rdf+xml", f"<!DOCTYPE r SYSTEM '{{at}}'><rdf:RDF {RDF}/>"),
    "inclusion": ("application/rdf+xml", f"<rdf:RDF {RDF} xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='{{at}}'/>"
                  "</rdf:RDF>"),
    "import": ("text/turtle", "@base <{at}> . <> a <http://www.w3.org/2002/07/owl#Ontology> ; "
               "<http://www.w3.org/2002/07/owl#imports> <{at}> , <> ."),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """An empty store, and a token that may change it."""
    data = tmp_path_factory.mktemp("plain")
    token = Tokens(data).make("me", "admin", 1)
    server = start_server(data, PARKG_PLAIN="1")
    yield server, token
    server.end()


class Pipe:
    """A file that notes whether anybody opens it: whoever does waits until it is written to, which nobody does."""

    def __init__(self, path):
        os.mkfifo(path)
        self.path = path
        self.address = path.as_uri()

    def is_opened(self):
        try:
            os.close(os.open(self.path, os.O_WRONLY | os.O_NONBLOCK))
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            return False
        return True


@pytest.mark.parametrize("text", ["LOAD SILENT <{}>", "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT <{}> {{ ?s ?p ?o }} }}"])
def test_writer_when_the_network_cannot_be_sealed_then_an_update_that_could_reach_it_is_refused(tmp_path, trap, text):
    """Seen to fail where the outcome of the sealing is not looked at: the trap is then reached."""
    ours, theirs = multiprocessing.Pipe()
    thread = threading.Thread(target=writer._change_all, args=(theirs, False), daemon=True)
    thread.start()
    assert ours.poll(5)
    ours.recv()
    ours.send((None, tmp_path / "made", Update(text.format(trap.address)), True))
    assert ours.poll(20)
    answer = ours.recv()
    ours.close()
    assert isinstance(answer, QueryMalformed)
    assert not trap.came



@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_when_it_names_a_host_or_a_file_then_neither_is_opened(plain, trap, tmp_path, name):
    """Other parsers do follow some of these (the two tests below); ours has nothing that would."""
    server, token = plain
    pipe = Pipe(tmp_path / "pipe")
    type, document = DOCUMENTS[name]
    for address in (trap.address, pipe.address):
        body, headers = document.format(at=address).encode(), {"Content-Type": type, "Authorization": f"Bearer {token}"}
        begun = time.monotonic()
        answer = server.send(urllib.request.Request(f"{server.address}/store?default", body, headers, method="PUT"))
        assert answer.status in (201, 204, 400)
        assert time.monotonic() - begun < 5
    assert not trap.came
    assert not pipe.is_opened()


def test_trap_when_a_parser_that_follows_contexts_is_asked_then_it_is_reached(trap):
    with pytest.raises(Exception, match="404"):
        rdflib.Graph().parse(data=DOCUMENTS["context"][1].format(at=trap.address), format="json-ld")
    assert trap.came


def test_pipe_when_a_parser_that_follows_entities_is_asked_then_it_is_opened(tmp_path):
    pipe, parser = Pipe(tmp_path / "pipe"), xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, True)
    document = tmp_path / "document.rdf"
    document.write_text(DOCUMENTS["entity"][1].format(at=pipe.address))
    threading.Thread(target=parser.parse, args=(str(document),), daemon=True).start()
    deadline = time.monotonic() + 5
    while not (opened := pipe.is_opened()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert opened


def test_ontology_when_it_imports_from_a_host_then_the_reasoner_does_not_go_there(trap):
    """Seen to fail where the reasoner is given the import. pyshacl follows none in data, whatever it is told."""
    ontology, imported = NamedNode("http://e.org/ontology"), NamedNode(trap.address)
    triples = [Triple(ontology, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(PREFIXES["owl"] + "Ontology")),
               Triple(ontology, NamedNode(OWL_IMPORTS), imported)]
    check_with_hermit(triples)
    assert not trap.came
