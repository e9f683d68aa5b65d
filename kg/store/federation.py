"""Turns a query that calls other endpoints into one that calls none: each SERVICE clause into the VALUES that its endpoint gave.

SPARQL evaluates from the inside: the pattern of a clause sees nothing of what stands around it, and its solutions are joined with
the rest as those of VALUES are. So each endpoint is asked for all solutions of the pattern, before the query is.
Source: SPARQL 1.1 Federated Query (W3C, 2013), section 4; SPARQL 1.1 Query, section 10.
"""

import json
from collections.abc import Callable
from typing import Any

from kg.errors import AnswerTooLarge, ParkgError, QueryUnsupported, ServiceFailed
from kg.names import BASE
from kg.store.prologue import Reading, is_declaration, refused
from kg.store.rdf import Literal, NamedNode
from kg.store.sparql import Token, is_service, variables

MOST_CLAUSES, MOST_ROWS = 8, 10_000
NO_SOLUTION_LOST = "VALUES () { () }"  # what a SILENT clause that failed counts as: one solution without a variable

Solutions = Callable[[str, str], bytes]


def federated(query: str, solutions: Solutions) -> str:
    """Return the query with VALUES in place of each SERVICE clause; what follows stays on its line.

    solutions: given an endpoint and a SELECT, gives the answer as SPARQL 1.1 Query Results JSON. Raises what it raises, but not
    ServiceFailed where the clause is SILENT; QueryMalformed, with line and column, for a clause that cannot be asked in front of
    the query; QueryUnsupported for blank nodes and triple terms, which VALUES cannot hold; AnswerTooLarge.
    """
    return _Clauses(query, solutions).replaced()


class _Clauses:
    """The clauses of a query, read and asked one after another."""

    def __init__(self, query: str, solutions: Solutions) -> None:
        self._reading = Reading(query)
        self._solutions = solutions
        self._count = 0

    def replaced(self) -> str:
        """Return the query with each clause replaced."""
        reading, out = self._reading, [""]
        while reading.at < len(reading.tokens):
            start, token = reading.at, reading.tokens[reading.at]
            reading.at += 1
            if is_declaration(token):
                reading.declare(token)
            values = self._asked(token) if token.kind in ("word", "name") and is_service(token) else ""
            read = "".join(token.text for token in reading.tokens[start:reading.at])
            out.append(f" {values} " + "\n" * read.count("\n") if values else read)
        return "".join(out)

    def _asked(self, service: Token) -> str:
        """Read a clause from behind its first word, ask it, and return what it is replaced by."""
        reading = self._reading
        if service.text.upper() != "SERVICE":
            raise refused(service, "what begins with SERVICE is taken for a call of an endpoint. If this is a prefix, call it "
                          "something else")
        endpoint = reading.take()
        if silent := endpoint.text.upper() == "SILENT":
            endpoint = reading.take()
        if endpoint.kind == "variable":
            raise refused(service, "a SERVICE whose endpoint is a variable is not served, since hosts are asked before the query "
                          "is. Write the IRI of the endpoint")
        if endpoint.kind not in ("iri", "name") or reading.take().text != "{":
            raise refused(service, "SERVICE is followed by the IRI of an endpoint and a pattern in braces")
        self._count += 1
        if self._count > MOST_CLAUSES:
            raise refused(service, f"a query may have {MOST_CLAUSES} SERVICE clauses")
        iri, pattern = reading.iri(endpoint), self._pattern(service)
        select = f"BASE <{BASE}>\n{reading.declared}SELECT * WHERE {{{pattern}}} LIMIT {MOST_ROWS + 1}"
        try:
            return values_of(self._solutions(iri, select), iri, variables(pattern))
        except ServiceFailed:
            if silent:
                return NO_SOLUTION_LOST
            raise

    def _pattern(self, service: Token) -> str:
        """Read up to the brace that closes the pattern, and return what stands before it."""
        reading, out, depth = self._reading, [""], 1
        while reading.at < len(reading.tokens):
            token = reading.tokens[reading.at]
            reading.at += 1
            if token.kind in ("word", "name") and is_service(token):
                raise refused(token, "a SERVICE within a SERVICE is not served. Ask the inner endpoint beside the outer one")
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if depth == 0:
                return "".join(out)
            out.append(token.text)
        raise refused(service, "the pattern of this SERVICE is not closed")


def values_of(body: bytes, endpoint: str, known: set[str]) -> str:
    """Return the VALUES clause that has the solutions in an answer as JSON; known: the variables that it may have.

    Raises ServiceFailed for what is no such answer, QueryUnsupported for blank nodes and triple terms, and AnswerTooLarge.
    """
    try:
        answer = json.loads(body)
        names, bindings = list(answer["head"]["vars"]), list(answer["results"]["bindings"])
        if not known.issuperset(names):
            raise ValueError("a variable that was not asked for")
        if len(bindings) > MOST_ROWS:
            raise AnswerTooLarge(f"<{endpoint}> has more solutions than the limit of {MOST_ROWS:,} for a SERVICE. Its pattern is "
                                 "asked by itself: write into it what limits it, VALUES or a subquery with LIMIT, say.")
        rows = [" ".join(_term(row[name], endpoint) if name in row else "UNDEF" for name in names) for row in bindings]
    except ParkgError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ServiceFailed(f"<{endpoint}> did not answer with solutions in JSON that can be read.") from error
    return f"VALUES ({' '.join('?' + name for name in names)}) {{ {' '.join(f'({row})' for row in rows)} }}"


def _term(term: dict[str, Any], endpoint: str) -> str:
    if term["type"] == "uri":
        return str(NamedNode(term["value"]))
    if term["type"] in ("bnode", "triple"):
        what = "blank node" if term["type"] == "bnode" else "triple"
        raise QueryUnsupported(f"<{endpoint}> gave a {what}, which cannot be joined with what is here. Leave it out within the "
                               "SERVICE, by FILTER(!ISBLANK(…)), or select there the texts that describe it.")
    if term["type"] not in ("literal", "typed-literal") or "its:dir" in term:
        raise ValueError(term["type"])
    language, datatype = term.get("xml:lang"), term.get("datatype")
    return str(Literal(term["value"], language=language) if language else
               Literal(term["value"], datatype=NamedNode(datatype)) if datatype else Literal(term["value"]))
