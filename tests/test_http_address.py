"""What the server says of its own address: what PARKG_BASE_URL says, whatever a client calls it."""

import socket
import subprocess

import pytest

from kg.settings import origin_of
from kg.tokens import Tokens
from tests.asking import COUNT, ask_path
from tests.servers import PARKG, start_server

OWN = "https://graph.example.org"
CALLED = [{"Host": "elsewhere.example"}, {"Host": "elsewhere.example:99", "X-Forwarded-Host": "other.example"},
          {"X-Forwarded-Proto": "ftp", "X-Forwarded-Prefix": "/x", "X-Forwarded-Port": "9", "X-Script-Name": "/x"},
          {"Forwarded": "host=elsewhere.example;proto=http", "X-Original-URL": "/x", "X-Host": "elsewhere.example"}]
ASKED = [("/.well-known/void", "text/turtle"), ("/sparql", "text/turtle"), ("/id/tool/financing", "text/turtle"),
         ("/", "text/html"), ("/queries", "application/json"), (ask_path(COUNT), "text/csv"),
         (ask_path("SELECT * { oops"), "*/*"), ("/none", "*/*")]


@pytest.fixture(scope="module")
def addressed(folder):
    """A server that is reached as OWN."""
    server = start_server(folder.path, PARKG_BASE_URL="https://Graph.Example.org:443/")
    yield server
    server.end()


@pytest.mark.parametrize(("path", "accept"), ASKED)
def test_answer_when_a_client_calls_the_server_otherwise_then_it_is_the_same(addressed, path, accept):
    """Seen to fail where the Host header is believed: the descriptions then name the client's host, and all ETags differ."""
    def ask(**headers):
        answer = addressed.get(path, accept, headers=headers)
        return answer.status, sorted((n, v) for n, v in answer.headers.items() if n.lower() != "date"), answer.body

    expected = ask()
    for headers in CALLED:
        assert ask(**headers) == ask(**headers) == expected  # the second time the fast lane has learned
        assert b"elsewhere.example" not in expected[2]


def test_descriptions_when_read_then_they_name_the_address_from_outside(addressed):
    assert f"<{OWN}/sparql>" in addressed.get("/sparql", "application/n-triples").text
    assert f"<{OWN}/sparql>" in addressed.get("/.well-known/void", "application/n-triples").text


def test_graph_when_made_under_another_name_of_the_host_then_it_is_told_by_the_own_one(tmp_path):
    token = Tokens(tmp_path).make("me", "admin", 1)
    server = start_server(tmp_path, PARKG_PLAIN="1", PARKG_BASE_URL=OWN)
    try:
        host, port = server.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(b"POST /store HTTP/1.1\r\nHost: elsewhere.example\r\nContent-Type: text/turtle\r\n"
                           b"Connection: close\r\nAuthorization: Bearer %s\r\n"
                           b"Content-Length: 14\r\n\r\n<> <> <a:b> . " % token.encode())
            told = b"".join(iter(lambda: client.recv(4096), b"")).decode()
        assert "\r\nlocation: https://graph.example.org/store/" in told
        assert server.post("/update", b"", "text/plain").status == 401
        assert server.ask("POST", "/update", Origin=server.address, Authorization=f"Bearer {token}").status == 403
        assert server.ask("POST", "/update", Origin=OWN, Authorization=f"Bearer {token}").status == 415
    finally:
        server.end()


@pytest.mark.parametrize(("name", "value"), [
    ("PARKG_BASE_URL", "graph.example.org"), ("PARKG_BASE_URL", "https://a.example/below"), ("PARKG_BASE_URL", "ftp://a.example"),
    ("PARKG_BASE_URL", "https://a.example https://b.example"), ("PARKG_ALLOWED_HOSTS", "https://a.example b.example"),
    ("PARKG_ALLOWED_HOSTS", "https://me@a.example"), ("PARKG_ALLOWED_HOSTS", "https://*.example"),
    ("PARKG_ALLOWED_HOSTS", "https://a.example:port"), ("PARKG_ALLOWED_HOSTS", "https://a.example?x")])
def test_setting_when_it_is_no_origin_then_it_is_named(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    done = subprocess.run([*PARKG, "query"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"{name}={value} is not" in done.stderr


@pytest.mark.parametrize(("address", "origin"), [
    ("https://a.example", "https://a.example"), ("HTTPS://A.Example:443/x?y#z", "https://a.example"),
    ("http://a.example:443", "http://a.example:443"), ("http://[::1]:80/", "http://[::1]"), ("http://10.0.0.1:8000", "http://10.0.0.1:8000")])
def test_origin_when_spelled_in_several_ways_then_one(address, origin):
    assert origin_of(address) == origin


@pytest.mark.parametrize("address", [
    "https://a.example@b.example", "https://:x@b.example/", "https://", "https:///a", "//a.example", "file:///etc/passwd",
    "https://a.example\\@b.example", "https://a.example\n.b.example", "https://a.exam\u2100ple", "https://\uff41.example",
    "https://a.example:0", "https://a.example:99999", "https://a.example .b", "https://a%2eexample", "https://[::1%lo]",
    "javascript:x"])
def test_origin_when_the_address_is_none_or_a_trick_then_refused(address):
    with pytest.raises(ValueError, match=r"."):
        origin_of(address)
