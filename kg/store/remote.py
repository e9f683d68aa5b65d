"""Turns a query into the answer of another SPARQL endpoint, whole and in time; the only door to SPARQLWrapper.

Source: SPARQL 1.1 Protocol (W3C, 2013), section 2.1.3: a query posted as a form, so that neither query nor dataset can be too
long for an address.
"""

import io
from typing import Any

import SPARQLWrapper

from kg.store.calls import Call


def ask(url: str, query: str, accept: str, time_limit_s: float, most_bytes: int, form: str = "SELECT",
        default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = (), call: Call | None = None) -> bytes:
    """Ask a SPARQL endpoint a query, and return the body of its answer.

    accept: the media type to ask for. form: SELECT, ASK, CONSTRUCT or DESCRIBE. The graphs are the dataset, as the Protocol lets
    a request choose it. call: one of the caller's own, with its limits, so that the caller can end it.
    Raises what Call.send raises. Never returns part of an answer.
    """
    asking = _Asking(url, form, call or Call(time_limit_s, most_bytes))
    asking.setQuery(query)
    asking.setMethod(SPARQLWrapper.POST)
    asking.setOnlyConneg(True)
    asking.addCustomHttpHeader("Accept", accept)
    for name, graphs in (("default-graph-uri", default_graphs), ("named-graph-uri", named_graphs)):
        for graph in graphs:
            asking.addParameter(name, graph)
    body = asking.query().response.read()
    assert isinstance(body, bytes)
    return body


class _Asking(SPARQLWrapper.SPARQLWrapper):
    """A SPARQLWrapper that waits no longer and reads no more than it may.

    Its own timeout is one of sockets, and it looks for the form of a query by regular expressions that a hostile query can
    keep busy for hours.
    """

    def __init__(self, url: str, form: str, call: Call) -> None:
        self._form = form
        self._call = call
        super().__init__(url)

    def _parseQueryType(self, query: str) -> str:
        return self._form

    def _query(self) -> tuple[Any, str]:
        return io.BytesIO(self._call.send(self._createRequest()).body), self.returnFormat
