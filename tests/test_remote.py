"""Another endpoint is asked within a time and a size: over real sockets, by servers that do what no good one does."""

import re
import socket
import threading
import time
from contextlib import suppress

import pytest

from kg.errors import AnswerTooLarge, EndpointFailed, QueryTimeout
from kg.store.remote import ask

OK = b"HTTP/1.1 200 OK\r\n"


def drip_headers(line):
    line.sendall(OK)
    while True:
        line.sendall(b"X-More: of the same\r\n")
        time.sleep(0.05)


def drip_body(line):
    line.sendall(OK + b"Content-Length: 1000000\r\n\r\n")
    while True:
        line.sendall(b".")
        time.sleep(0.05)


def be_silent(line):
    line.recv(1)


MANNERS = {
    "never answers": (be_silent, QueryTimeout, "limit of 0.5 s"),
    "drips headers": (drip_headers, QueryTimeout, "limit of 0.5 s"),
    "drips its body": (drip_body, QueryTimeout, "limit of 0.5 s"),
    "says too much": (lambda line: line.sendall(OK + b"Content-Length: 2000\r\n\r\n" + b"." * 2000), AnswerTooLarge,
                      "larger than"),
    "says too much in chunks": (lambda line: line.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"400\r\n" + b"." * 1024
                                                          + b"\r\n0\r\n\r\n"), AnswerTooLarge, "larger than"),
    "breaks off": (lambda line: line.sendall(OK + b"Content-Length: 900\r\n\r\nhalf"), EndpointFailed, "no whole answer"),
    "breaks off between chunks": (lambda line: line.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
                                  EndpointFailed, "no whole answer"),
    "is no web server": (lambda line: line.sendall(b"220 mail at your service\r\n"), EndpointFailed, "no whole answer"),
    "refuses": (lambda line: line.sendall(b"HTTP/1.1 400 No\r\nContent-Length: 9\r\n\r\nnot today"), EndpointFailed, "not today"),
}


@pytest.fixture
def endpoint():
    """Start a server with a manner; returns its address and how often it was called."""
    listeners = []

    def start(manner):
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        calls = []

        def answer(line):
            with line, suppress(OSError):
                request = b""
                while b"\r\n\r\n" not in request:
                    request += line.recv(65536)
                head, _, body = request.partition(b"\r\n\r\n")
                left = int(re.search(rb"(?i)content-length: (\d+)", head)[1]) - len(body)
                while left > 0:
                    left -= len(line.recv(65536))
                manner(line)

        def listen():
            with suppress(OSError):
                while True:
                    line, _ = listener.accept()
                    calls.append(line)
                    threading.Thread(target=answer, args=(line,), daemon=True).start()

        threading.Thread(target=listen, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/sparql", calls

    yield start
    for listener in listeners:
        listener.close()


@pytest.mark.parametrize(("manner", "error", "words"), MANNERS.values(), ids=MANNERS)
def test_endpoint_when_it_misbehaves_then_an_error_in_time_and_nothing_of_its_answer(manner, error, words, endpoint):
    address, _ = endpoint(manner)
    started = time.monotonic()
    with pytest.raises(error, match=words):
        ask(address, "ASK {}", "application/sparql-results+json", 0.5, 1000)
    assert time.monotonic() - started < 5


def test_endpoint_when_it_answers_with_a_redirect_then_nobody_else_is_asked(endpoint):
    elsewhere, calls = endpoint(lambda line: line.sendall(OK + b"Content-Length: 2\r\n\r\nyes"))
    to = f"HTTP/1.1 307 Go\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n".encode()
    address, _ = endpoint(lambda line: line.sendall(to))
    with pytest.raises(EndpointFailed, match="a redirect"):
        ask(address, "ASK {}", "application/sparql-results+json", 5, 1000)
    assert not calls


def test_endpoint_when_it_answers_then_its_body(endpoint):
    address, calls = endpoint(lambda line: line.sendall(OK + b"Content-Length: 3\r\n\r\nyes"))
    assert ask(address, "ASK {}", "text/csv", 5, 3) == b"yes"
    assert len(calls) == 1


def test_query_when_made_to_keep_regular_expressions_busy_then_asked_all_the_same(endpoint):
    """SPARQLWrapper looks for the form of a query by regular expressions; with its own way this ran on for minutes."""
    address, _ = endpoint(lambda line: line.sendall(OK + b"Content-Length: 3\r\n\r\nyes"))
    started = time.process_time()
    assert ask(address, "PREFIX " + ":<" * 40_000, "text/csv", 30, 3) == b"yes"
    assert time.process_time() - started < 5


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"])
def test_address_when_of_another_scheme_then_nothing_is_opened(address):
    with pytest.raises(EndpointFailed, match="unknown url type"):
        ask(address, "ASK {}", "text/csv", 5, 1000)
