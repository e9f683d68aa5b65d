"""The hard limits of bodies: one that is too large, however it is packed or cut up, is 413 and changes nothing.

`python -m tests.defences` takes each defence away and looks that the test named for it fails.
"""

import contextlib
import gzip
import urllib.parse

import pytest

from kg.store.revisions import DataFolder
from kg.tokens import Tokens
from tests.asking import FORM
from tests.limits import connect
from tests.servers import start_server

MOST = 64 << 20
LEFT = "<http://e.org/left>"


def exchange(server, head, body):
    """Send a request as it is, and return the answer."""
    told = []
    with connect(server) as client, contextlib.suppress(ConnectionError):
        with contextlib.suppress(ConnectionError):
            client.sendall(head.replace("\n", "\r\n").encode() + b"\r\nConnection: close\r\n\r\n" + body)
        while part := client.recv(65536):
            told.append(part)
    return b"".join(told).decode()


def chunked(body, piece=64 << 10):
    pieces = [body[start:start + piece] for start in range(0, len(body), piece)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in pieces) + b"0\r\n\r\n"


def sent(body, how):
    """Return the headers and the bytes by which a body is sent: plain, chunked or packed, or chunked and packed."""
    body = gzip.compress(body, 1) if "gzip" in how else body
    headers = "\nContent-Encoding: gzip" if "gzip" in how else ""
    if "chunked" in how:
        return headers + "\nTransfer-Encoding: chunked", chunked(body)
    return headers + f"\nContent-Length: {len(body)}", body


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """An empty store, and a token that may change it."""
    data = tmp_path_factory.mktemp("plain")
    token = Tokens(data).make("me", "admin", 1)
    server = start_server(data, PARKG_PLAIN="1")
    yield server, token, DataFolder(data)
    server.end()


@pytest.mark.parametrize("how", ["plain", "chunked", "gzip", "gzip, chunked"])
@pytest.mark.parametrize(("line", "type", "written"), [
    ("PUT /store?default", "text/turtle", f"{LEFT} {LEFT} {LEFT} .\n#"),
    ("POST /update", "application/sparql-update", f"INSERT DATA {{ {LEFT} {LEFT} {LEFT} }} #"),
    ("POST /update", FORM, "update=" + urllib.parse.quote(f"INSERT DATA {{ {LEFT} {LEFT} {LEFT} }}") + "&x="),
], ids=["graph", "update", "form"])
def test_change_when_its_body_is_over_the_limit_then_413_and_nothing_changes(plain, line, type, written, how):
    """What comes before the limit would be a change by itself. Seen to fail where a body is cut off."""
    server, token, folder = plain
    before = folder.current().number
    headers, body = sent(written.encode() + b"x" * MOST, how)
    answer = exchange(server, f"{line} HTTP/1.1\nHost: x\nAuthorization: Bearer {token}\nContent-Type: {type}{headers}", body)
    assert answer.startswith("HTTP/1.1 413 ")
    assert f"{MOST:,} bytes" in answer
    assert folder.current().number == before
    asked = server.get("/sparql?query=" + urllib.parse.quote(f"ASK {{ {LEFT} ?p ?o }}"))
    assert asked.json()["boolean"] is False


@pytest.mark.parametrize("how", ["plain", "chunked", "gzip", "gzip, chunked"])
def test_body_when_within_the_limit_however_it_is_sent_then_taken(limited, how):
    headers, body = sent(b"query=ASK{}", how)
    assert exchange(limited, f"POST /sparql HTTP/1.1\nHost: x\nContent-Type: {FORM}{headers}", body).startswith("HTTP/1.1 200 ")


@pytest.mark.parametrize(("headers", "body", "status"), [
    ("Content-Encoding: gzip", b"query=ASK{}", 400), ("Content-Encoding: gzip", gzip.compress(b"query=ASK{}")[:-9], 400),
    ("Content-Encoding: br", b"query=ASK{}", 415), ("Content-Length: 999999999999\nExpect: 100-continue", b"", 413),
    ("X: y", b"query=" + b"+" * (2 << 20), 413),
], ids=["not gzip", "gzip cut off", "other coding", "announced", "a query too long"])
def test_body_when_it_will_not_do_then_its_status(limited, headers, body, status):
    headers += "" if "Length" in headers else f"\nContent-Length: {len(body)}"
    answer = exchange(limited, f"POST /sparql HTTP/1.1\nHost: x\nContent-Type: {FORM}\n{headers}", body)
    assert answer.startswith(f"HTTP/1.1 {status} ")
