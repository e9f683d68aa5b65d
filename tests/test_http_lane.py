"""The fast lane over a raw socket: what it answers past the parser is what the parser and the application would have answered."""

import random
import re
import socket
import time
import urllib.parse

import pytest

from api import lane
from tests.asking import COUNT, PREFIXES, ask_path

LABEL = PREFIXES + "SELECT ?label { id:%s rdfs:label ?label FILTER(LANG(?label) = 'en') }"
THINGS = ("tool\\/financing", "country\\/peru", "tool\\/alliances")


class Client:
    """A connection that sends bytes as they are, and reads whole answers."""

    def __init__(self, host):
        self.host = host
        self.socket = socket.create_connection(tuple(host.split(":")), 10)
        self.left = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def request(self, query, *headers, encode=urllib.parse.quote, version="1.1", accept="text/csv"):
        lines = [f"GET /sparql?query={encode(query)} HTTP/{version}", f"Host: {self.host}", f"Accept: {accept}", *headers, "", ""]
        return "\r\n".join(lines).encode()

    def answer(self):
        """Return an answer: its status, its headers but the date, its body."""
        while b"\r\n\r\n" not in self.left:
            self._more()
        head, _, self.left = self.left.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        while len(self.left) < length:
            self._more()
        body, self.left = self.left[:length], self.left[length:]
        status, *lines = head.decode().lower().split("\r\n")
        return status, sorted(line for line in lines if not line.startswith("date:")), body.decode()

    def ask(self, data):
        self.socket.sendall(data)
        return self.answer()

    def ask_in_pieces(self, start, end):
        self.socket.sendall(start)
        time.sleep(0.1)  # so that the server has the one before the other
        return self.ask(end)

    def ended(self):
        return self.left == b"" and self.socket.recv(1) == b""

    def _more(self):
        more = self.socket.recv(65536)
        assert more, "the connection ended within an answer"
        self.left += more


@pytest.fixture
def client(server):
    """A client of whose headers the lane has taken note, for all forms of query that these tests ask."""
    with Client(server.address.removeprefix("http://")) as client:
        for _ in range(3):
            assert client.ask(client.request(COUNT))[2].split() == ["n", "111"]
        yield client


def test_queries_when_only_they_differ_then_each_gets_its_own_answer(server, client):
    """Seen to fail where the address is not part of what a request is known by."""
    for _ in range(3):
        found = [client.ask(client.request(LABEL % thing))[2] for thing in THINGS]
        assert found == [server.get(ask_path(LABEL % thing), "text/csv").text for thing in THINGS]
    assert len(set(found)) == len(THINGS)


@pytest.mark.parametrize("encode", [urllib.parse.quote, urllib.parse.quote_plus, lambda q: urllib.parse.quote(q, safe=""),
                                    lambda q: re.sub("%..", lambda m: m[0].lower(), urllib.parse.quote(q, safe="")),
                                    lambda q: "".join(f"%{b:02X}" for b in q.encode())],
                         ids=["quote", "quote_plus", "quote all", "lower case", "every byte"])
def test_address_when_written_in_any_way_then_headers_and_body_are_those_of_the_application(client, encode):
    """Seen to fail, for two of them, where the link to another format is taken from the address as it was written."""
    query = COUNT + "# ~ñ +-_.!*'() "
    known = [client.ask(client.request(query, encode=encode)) for _ in range(2)]
    assert known == [client.ask(client.request(query, "X-For-The-Application: 1", encode=encode))] * 2


@pytest.mark.parametrize("first", ["long", "short"])
def test_headers_when_learned_from_a_query_of_another_length_then_links_are_as_the_application_gives_them(client, first):
    """Seen to fail: what came after a query too long to be linked was without links too."""
    accept = f"text/csv;q=0.{len(first)}"  # so that nothing was learned of it before
    queries = {"short": COUNT, "long": COUNT + "#" + "x" * lane.LONGEST_LINKED_QUERY}
    for length in (first, *(queries.keys() - {first})):
        for _ in range(3):
            answer = client.ask(client.request(queries[length], accept=accept))
            assert answer == client.ask(client.request(queries[length], "X-For-The-Application: 1", accept=accept))
            assert any(line.startswith("link:") for line in answer[1]) == (length == "short")


def test_request_when_it_comes_in_pieces_or_several_at_once_then_all_are_answered_in_order(client):
    """Seen to fail where a request is looked for in the middle of another."""
    first, second, third = (client.request(LABEL % thing) for thing in THINGS)
    expected = [client.ask(data) for data in (first, second, third)]
    for cut in (1, 20, len(first) - 3, len(first) - 1):
        assert client.ask_in_pieces(first[:cut], first[cut:]) == expected[0]
    client.socket.sendall(first + second + third)
    assert [client.answer() for _ in range(3)] == expected
    client.socket.sendall(first)
    client.socket.sendall(second)
    client.socket.sendall(third)
    assert [client.answer() for _ in range(3)] == expected
    post = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: {len(first)}\r\n\r\n"
    status, _, body = client.ask_in_pieces(post.encode(), first)  # a body that reads like a request is a body
    assert "400" in status
    assert "There is no SELECT" in body
    status, _, body = client.ask_in_pieces(b"GET /healthz HTTP/1.1\r\nX-Note: ", first)  # and a header is a header
    assert "200" in status
    assert "ok" in body
    assert client.ask(second) == expected[1]


def test_connection_when_it_is_to_close_then_it_closes_after_one_answer(client):
    for headers, version in ((["Connection: close"], "1.1"), ([], "1.0")):
        for _ in range(3):
            with Client(client.host) as other:
                data = other.request(COUNT, *headers, version=version)
                assert other.ask(data)[2].split() == ["n", "111"]
                assert other.ended()


@pytest.mark.parametrize("line", ["GET /sparql?query=ASK%20{} HTTP/1.1", "GET /sparql?query=ASK{}&format=csv HTTP/1.1",
                                  "GET /sparql?query=ASK%7B%7D HTTP/1.1 ", "GET  /sparql?query=ASK%7B%7D HTTP/1.1",
                                  "get /sparql?query=ASK%7B%7D HTTP/1.1", "GET /sparql?query=ASK%7B%7D HTTP/9.9",
                                  "HEAD /sparql?query=ASK%7B%7D HTTP/1.1", "GET /sparql?query=%FF HTTP/1.1",
                                  "GET /sparql?query= HTTP/1.1", "GET /sparql?query=SELECT HTTP/1.1"])
def test_line_of_a_request_when_odd_then_the_headers_that_are_known_make_no_difference(server, client, line):
    """The same line under known headers and under others that say the same."""
    def first_line(*more):
        with socket.create_connection(tuple(client.host.split(":")), 10) as other:
            lines = [line, f"Host: {client.host}", "Accept: text/csv", *more, "", ""]
            other.sendall("\r\n".join(lines).encode())
            return other.recv(65536).partition(b"\r\n")[0]
    known, other = first_line(), first_line("X-For-The-Application: 1")
    assert known == other
    assert known.startswith(b"HTTP/1.1 ")


def test_decoding_when_a_query_string_is_quoted_as_we_quote_then_the_same_as_that_of_the_library():
    random_texts = random.Random(11)
    for _ in range(5_000):
        length = random_texts.randint(0, 40)
        text = "".join(random_texts.choices("aZ09 .~-_+=%&?#<>{}\"'\\/:;@,()*!$|^`[]\n\r\t\x00\x7fñ€𝒳", k=length))
        written = urllib.parse.quote_plus(text).encode()
        assert lane._AS_WE_WRITE_IT.fullmatch(written)
        assert lane._decoded(written) == text.encode()
