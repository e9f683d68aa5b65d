"""Turns what another store answered into an answer as our own engine writes it; what runs in a reader's process.

Whatever a store calls things in its answers (``typed-literal``, ``nodeID://``, a row in place of a truth value), a client sees
one way of writing.
"""

import re
from dataclasses import dataclass

from pyoxigraph import QueryBoolean, QuerySolutions, Store, parse, parse_query_results

from kg.errors import EndpointFailed
from kg.names import BASE
from kg.store.engine import check_functions, malformed, written
from kg.store.rdf import QueryResultsFormat, RdfFormat

ROWS, TRIPLES = "application/sparql-results+json", "application/n-triples"
_NODE = re.compile(rb'("type":\s*"bnode",\s*"value":\s*")nodeID://')
_TRUTH_AS_ROWS = re.compile(rb'\{\s*"head":\s*\{[^}]*"__ASK_RETVAL"\s*\]\s*\}')
_TRUE_ROW = re.compile(rb'"value":\s*"(?:1|true)"')


@dataclass(frozen=True)
class Checked:
    """A query to read, and not to answer: whether it is SPARQL, and calls no function that we do not have."""

    query: str

    def outcome(self) -> bytes:
        """Return nothing. Raises QueryMalformed with line and column, and QueryUnsupported."""
        try:
            Store().query(self.query, base_iri=BASE)
        except SyntaxError as error:
            raise malformed(str(error), self.query) from error
        except (RuntimeError, OSError) as error:
            check_functions(error)
        return b""


@dataclass(frozen=True)
class Received:
    """The answer of another store, as ROWS or TRIPLES, and the format in which it is wanted."""

    body: bytes
    type: str
    format: str
    most_bytes: int

    def outcome(self) -> bytes:
        """Return the answer in its format. Raises AnswerTooLarge, AnswerUnwritable, QueryMalformed; EndpointFailed for none."""
        try:
            if self.type == TRIPLES:
                triples = (quad.triple for quad in parse(self.body, RdfFormat.N_TRIPLES))
                return written(dict.fromkeys(triples), self.format, self.most_bytes)
            return written(_rows(self.body), self.format, self.most_bytes)
        except (SyntaxError, ValueError) as error:
            raise EndpointFailed(f"The store's answer cannot be read: {error}") from error


def _rows(body: bytes) -> QuerySolutions | QueryBoolean:
    if _TRUTH_AS_ROWS.match(body.lstrip()):
        body = b'{"head":{},"boolean":%s}' % (b"true" if _TRUE_ROW.search(body) else b"false")
    return parse_query_results(_NODE.sub(rb"\1", body), QueryResultsFormat.JSON)
