"""The API document is kept: what it allows and what it forbids is asked of real servers, and answered as it says."""

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from kg.tokens import Tokens
from tests.contract import ask
from tests.servers import Server, start_server


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """An empty server that may be written to, and a token for it."""
    data = tmp_path_factory.mktemp("contract")
    token = Tokens(data).make("contract", "admin", 1)
    server = start_server(data, PARKG_PLAIN="1", PARKG_TIME_LIMIT_S="30")
    yield server, token
    server.end()


@pytest.fixture(scope="module")
def patient(folder):
    """A server of what ships that ends no query for being slow: a 503 would be a fault."""
    server = start_server(folder.path, PARKG_TIME_LIMIT_S="30")
    yield server
    server.end()


def passed(told):
    return int(re.search(r"(\d+) generated, \1 passed", told)[1])


def test_reading_when_asked_for_all_that_the_document_says_then_answered_as_it_says(patient, tmp_path):
    code, told = ask(patient, "", tmp_path, written=False, examples=3)
    assert code == 0, told
    assert passed(told) > 2000


def test_writing_when_asked_for_all_that_the_document_says_then_answered_as_it_says(plain, tmp_path):
    code, told = ask(*plain, tmp_path, written=True, examples=10)
    assert code == 0, told
    assert passed(told) > 200


class Teapot(BaseHTTPRequestHandler):
    """A server whose document promises a 200 and no more."""

    def do_GET(self):
        described = {"openapi": "3.1.0", "info": {"title": "tea", "version": "1"},
                     "paths": {"/tea": {"get": {"responses": {"200": {"description": "Tea."}}}}}}
        body = json.dumps(described).encode() if self.path == "/openapi.json" else b""
        self.send_response(200 if body else 418)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


def test_status_when_the_document_does_not_have_it_then_found(tmp_path):
    teapot = ThreadingHTTPServer(("127.0.0.1", 0), Teapot)
    Thread(target=teapot.serve_forever).start()
    try:
        address = f"http://127.0.0.1:{teapot.server_port}"
        code, told = ask(Server(None, address, ""), "", tmp_path, written=False, examples=1)
    finally:
        teapot.shutdown()
        teapot.server_close()
    assert code == 1
    assert "Received: 418" in told
