"""Turns a test into requests to an endpoint: what a client of the SPARQL Protocol gets.

The store is emptied and filled by one update, and only where it does not hold the data of the test already: each change is a
revision on disk.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException

from pyoxigraph import DefaultGraph, RdfFormat, Triple, serialize

from tests.conformance.answers import MEDIA, Table, read
from tests.conformance.engines import quads_of
from tests.conformance.manifests import DataFile, Text
from tests.conformance.result_sets import Row
from tests.conformance.verdicts import Mismatch, NotAsked

TIMEOUT_S = 60
LONGEST_REASON = 160
QUERY, UPDATE = "application/sparql-query", "application/sparql-update"
_REFUSED = re.compile("asks no other endpoint|fetches nothing")
_SNAPSHOTS = ("SELECT ?s ?p ?o WHERE { ?s ?p ?o }", "SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }")


@dataclass(frozen=True)
class Reply:
    """What came back over the socket."""

    status: int
    headers: Message
    body: bytes

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300

    @property
    def media(self) -> str:
        return str(self.headers["Content-Type"] or "").partition(";")[0]

    def __str__(self) -> str:
        return f"HTTP {self.status} {self.body.decode(errors='replace')[:LONGEST_REASON]!r}"


class OverHttp:
    """A server, by its host and port, whose store the tests may empty and fill."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self.authorization = {"Authorization": f"Bearer {token}"}
        self._held: tuple[DataFile, ...] | None = None

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """Send one request. Raises Mismatch where no answer comes back."""
        connection = HTTPConnection(self.address, timeout=TIMEOUT_S)
        try:
            connection.request(method, target, body, dict(headers))
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        except (OSError, HTTPException) as error:
            raise Mismatch(f"{method} {target}: {type(error).__name__} {error}") from error
        finally:
            connection.close()

    def change(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """Send a request that may change the store, with leave to."""
        self._held = None
        return self.send(method, target, {**headers, **self.authorization}, body)

    def fill(self, files: tuple[DataFile, ...]) -> None:
        """Have the store hold the data of the files, and nothing else. Raises Mismatch where it will not."""
        if self._held == files:
            return
        graphs: dict[str, list[Triple]] = defaultdict(list, {file.graph: [] for file in files})
        for quad in quads_of(files):
            graphs["" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value].append(quad.triple)
        made = "".join(f"CREATE GRAPH <{graph}> ; " for graph in graphs if graph)
        data = "".join(_block(graph, triples) for graph, triples in graphs.items())
        _expect(self._update(f"DROP ALL ; {made} INSERT DATA {{ {data} }}"), "filling the store")
        self._held = files

    def query(self, files: tuple[DataFile, ...], text: Text, accept: str) -> tuple[bytes, str]:
        """Return the answer to a query over the files, and its media type. Raises Mismatch where there is none."""
        self.fill(files)
        reply = _expect(self._query(text.sent, accept), "query")
        return reply.body, reply.media

    def update(self, files: tuple[DataFile, ...], text: Text) -> list[Row]:
        """Return the whole dataset after an update of the files, as rows with a graph. Raises Mismatch where it fails."""
        self.fill(files)
        _expect(self._update(text.sent), "update")
        return [row for query in _SNAPSHOTS for row in self._rows(query)]

    def fault(self, text: Text, is_update: bool) -> str:
        """Return what the server finds wrong with a text, or nothing where it takes it for a query or an update.

        400 is what the Protocol has for a malformed text; 409 and 501 say that it was read and cannot be carried out. Raises
        Mismatch for any other status, and NotAsked where the server refuses, before it reads on, to fetch from elsewhere.
        """
        if is_update:
            self.fill(())
        reply = self._update(text.sent) if is_update else self._query(text.sent, f"{MEDIA['srj']}, {MEDIA['nt']};q=0.9")
        if reply.succeeded or reply.status in (409, 501):
            return ""
        if text.fetches and _REFUSED.search(reply.body.decode()):
            raise NotAsked("the server calls no other, and refuses SERVICE and LOAD before it reads on")
        if reply.status != 400:
            raise Mismatch(str(reply))
        return str(reply)

    def _query(self, text: str, accept: str) -> Reply:
        return self.send("POST", "/sparql", {"Content-Type": QUERY, "Accept": accept}, text.encode())

    def _update(self, text: str) -> Reply:
        return self.change("POST", "/update", {"Content-Type": UPDATE}, text.encode())

    def _rows(self, query: str) -> list[Row]:
        reply = _expect(self._query(query, MEDIA["srj"]), "reading the store back")
        table = read(reply.body, reply.media)
        assert isinstance(table, Table)
        places = [table.columns.index(name) if name in table.columns else None for name in "spog"]
        return [tuple(None if place is None else row[place] for place in places) for row in table.rows]


def _expect(reply: Reply, what: str) -> Reply:
    if not reply.succeeded:
        raise Mismatch(f"{what}: {reply}")
    return reply


def _block(graph: str, triples: list[Triple]) -> str:
    text = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
    return f"GRAPH <{graph}> {{ {text} }} " if graph else text
