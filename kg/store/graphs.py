"""Turns graphs into graphs of another store, over the address at which it speaks the Graph Store Protocol.

Source: SPARQL 1.1 Graph Store HTTP Protocol (W3C, 2013), section 5; RFC 7616 and RFC 7617 for who may write.
"""

import base64
import urllib.error
import urllib.request
from urllib.parse import quote, unquote, urlsplit

from kg.errors import EndpointFailed
from kg.store.calls import Call, shown, without_user

TURTLE = "text/turtle"  # every store takes it, and N-Triples are Turtle
MOST_BYTES = 64 << 10
_NOBODY = "urn:x-parkg:nobody"


class GraphStore:
    """An address that takes graphs. User and password stand in it, if the store asks for them."""

    def __init__(self, url: str, time_limit_s: float) -> None:
        parts = urlsplit(url)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._address = without_user(url)
        self._time_limit_s = time_limit_s
        self._challenge: str | None = None

    def put(self, graph: str, triples: bytes) -> None:
        """Replace a graph by triples, written as N-Triples.

        Raises EndpointFailed or QueryTimeout; the graph may then be replaced, or not, or in part.
        """
        self._send("PUT", graph, triples)

    def add(self, graph: str, triples: bytes) -> None:
        """Add triples, written as N-Triples, to a graph. Raises what put raises."""
        self._send("POST", graph, triples)

    def drop(self, graph: str) -> None:
        """Remove a graph, if it is there. Raises EndpointFailed or QueryTimeout."""
        try:
            self._send("DELETE", graph, None)
        except EndpointFailed as error:
            if error.status != 404:
                raise

    def _send(self, method: str, graph: str, body: bytes | None) -> None:
        if self._user and self._challenge is None:
            self._challenge = self._asked_for()
        for again in (True, False):
            try:
                Call(self._time_limit_s, MOST_BYTES).send(self._request(method, graph, body))
                return
            except EndpointFailed as error:
                if error.status != 401 or not self._user or not again:
                    raise
            self._challenge = self._asked_for()  # it had grown old

    def _request(self, method: str, graph: str, body: bytes | None) -> urllib.request.Request:
        sign = "&" if "?" in self._address else "?"
        request = urllib.request.Request(f"{self._address}{sign}graph={quote(graph, safe='')}", body, method=method)
        if body is not None:
            request.add_header("Content-Type", TURTLE)
        if self._challenge:
            request.add_header("Authorization", self._authorization(request, self._challenge))
        return request

    def _asked_for(self) -> str:
        """Return how the store wants to be told who writes, or nothing where it does not.

        A server that wants to know cuts the connection in the middle of a large body, so it is asked without one.
        """
        self._challenge = ""
        try:
            Call(self._time_limit_s, MOST_BYTES).send(self._request("DELETE", _NOBODY, None))
        except EndpointFailed as error:
            if error.status == 401:
                return error.challenge
            if error.status not in (403, 404):
                self._challenge = None
                raise
        return ""

    def _authorization(self, request: urllib.request.Request, challenge: str) -> str:
        scheme, _, parameters = challenge.partition(" ")
        if scheme.lower() == "basic":
            return "Basic " + base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, self._address, self._user, self._password)
        if scheme.lower() == "digest":
            fields = urllib.request.parse_keqv_list(urllib.request.parse_http_list(parameters))
            if written := urllib.request.AbstractDigestAuthHandler(known).get_authorization(request, fields):
                return f"Digest {written}"
        raise EndpointFailed(f"{shown(self._address)} asks who writes by {scheme}, and Basic and Digest can be told.", 401)
