"""Turns a user's query into one that may leave for another store: every name written out, and the dataset chosen here.

Stores differ in what they take for a keyword, in which prefixes they know without being told, and in what they make of a graph
that is not in the dataset. So none of this is left to them: prefixed and relative names become IRIs, the clauses FROM
and FROM NAMED are written here, and a constant after GRAPH that is not in the dataset becomes a graph that never is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urljoin

from kg.errors import QueryMalformed, QueryUnsupported
from kg.names import BASE, GRAPH, NO_GRAPH, is_public_graph
from kg.store.sparql import Token, query_form, tokens

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_LOCAL_ESCAPE = re.compile(r"\\(.)")
_KEPT = ("FROM", "GRAPH", "SERVICE")
_ENDS = frozenset({"WHERE", "ORDER", "GROUP", "HAVING", "LIMIT", "OFFSET", "VALUES"})
# Names of functions by which Virtuoso lets a query run its own procedures, reach files and other servers.
_PROCEDURES = ("bif:", "sql:")


@dataclass(frozen=True)
class Outgoing:
    """A query without its dataset, and the dataset that it or its request chooses, if they do.

    names_graphs: whether it reads a graph under its own name, and not only the union.
    """

    tokens: tuple[Token, ...]
    default: tuple[str, ...]
    named: tuple[str, ...]
    names_graphs: bool

    def text(self, union: str, graphs: tuple[str, ...]) -> str:
        """Return the text to send. union, graphs: the dataset where none is chosen."""
        default, named = self.default, self.named
        if not default and not named:
            default, named = (union,), graphs if self.names_graphs else ()
        clauses = "".join(f" FROM <{graph}>" for graph in default or (NO_GRAPH,))
        clauses += "".join(f" FROM NAMED <{graph}>" for graph in named)
        written, absent = _without_absent(self.tokens, frozenset(named))
        if absent:  # Virtuoso counts one solution where it can tell beforehand that there is none
            clauses += f" FROM NAMED <{NO_GRAPH}>"
        return "".join(_with_dataset(written, clauses + " "))


def outgoing(query: str, default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = ()) -> Outgoing:
    """Return a query as it may leave. The graphs are those that its request chooses, which come before those of the query.

    The query must be SPARQL by our engine's parser already. Raises QueryMalformed for a dataset with a graph that is not public,
    for SERVICE, and for a word that hides a keyword; QueryUnsupported for a procedure of a store.
    """
    query_form(query)
    kept, default, named = _without_dataset(_resolved(query))
    if default_graphs or named_graphs:
        default, named = default_graphs, named_graphs
    for graph in (*default, *named):
        if not is_public_graph(graph):
            raise QueryMalformed(f"<{graph}> is not a graph of this endpoint. Those that a query may choose begin with {GRAPH}; "
                                 "GET /sparql with Accept: text/turtle lists them.")
    names = any(token.kind == "word" and token.text.upper() == "GRAPH" for token in kept)
    return Outgoing(tuple(kept), default, named, names or bool(default or named))


def _resolved(query: str) -> Iterator[Token]:
    """Yield the tokens of a query, its names as IRIs, without prologue and comments."""
    base, prefixes = BASE, dict[str, str]()
    declaring: list[str] = []
    for token in tokens(query):
        text, word = token.text, token.text.upper() if token.kind == "word" else ""
        if token.kind in ("space", "comment"):
            yield Token("space", "\n" if "\n" in text or token.kind == "comment" else " ", token.line, token.column)
        elif word in ("PREFIX", "BASE"):
            declaring = [word]
        elif declaring == ["PREFIX"]:
            declaring.append(text.removesuffix(":"))
        elif declaring and token.kind == "iri":
            iri = _absolute(base, text[1:-1])
            if len(declaring) == 2:
                prefixes[declaring[1]] = iri
            else:
                base = iri
            declaring = []
        elif token.kind == "iri":
            yield _as_iri(token, _absolute(base, text[1:-1]))
        elif token.kind == "name" and not text.startswith("_:"):
            prefix, _, local = text.partition(":")
            if prefix not in prefixes:
                raise QueryMalformed(f"The prefix {prefix}: at line {token.line}, column {token.column} is not declared.",
                                     token.line, token.column)
            yield _as_iri(token, prefixes[prefix] + _LOCAL_ESCAPE.sub(r"\1", local))
        elif word not in _KEPT and any(kept in word for kept in _KEPT):
            raise QueryMalformed(f"{text} at line {token.line}, column {token.column} runs two words together. Write them "
                                 "apart.", token.line, token.column)
        else:
            yield token


def _as_iri(token: Token, iri: str) -> Token:
    if iri.lower().startswith(_PROCEDURES):
        raise QueryUnsupported(f"This endpoint does not have the function <{iri}>. It has those of SPARQL 1.1 and the casts of "
                               "XML Schema.")
    return Token("iri", f"<{iri}>", token.line, token.column)


def _without_dataset(found: Iterable[Token]) -> tuple[list[Token], tuple[str, ...], tuple[str, ...]]:
    """Return the tokens without clauses FROM and FROM NAMED, and the graphs that these name."""
    kept: list[Token] = []
    default: list[str] = []
    named: list[str] = []
    into: list[str] | None = None
    for token in found:
        word = token.text.upper() if token.kind == "word" else ""
        if word == "FROM":
            into = default
        elif into is None:
            kept.append(token)
        elif word == "NAMED" and into is default:
            into = named
        elif token.kind == "iri":
            into.append(token.text[1:-1])
            into = None
        elif token.kind != "space":
            raise QueryMalformed(f"After FROM at line {token.line}, column {token.column} the IRI of a graph is expected.",
                                 token.line, token.column)
    return kept, tuple(default), tuple(named)


def _without_absent(found: Sequence[Token], known: frozenset[str]) -> tuple[list[Token], bool]:
    """Return the tokens with NO_GRAPH for each constant after GRAPH that is not known, and whether any asks what is in one."""
    written = [token for token in found if token.kind != "space"]
    absent = {id(token) for before, token in pairwise(written)
              if token.kind == "iri" and before.text.upper() == "GRAPH" and token.text[1:-1] not in known}
    asks = any(id(token) in absent and written[place + 2].text != "}" for place, token in enumerate(written[:-2]))
    return [token._replace(text=f"<{NO_GRAPH}>") if id(token) in absent else token for token in found], asks


def _with_dataset(found: Sequence[Token], clauses: str) -> Iterator[str]:
    """Yield the texts of a query with its dataset clauses in their place."""
    depth, placed, previous = 0, False, ""
    for token in found:
        word = token.text.upper() if token.kind == "word" else ""
        opens = token.text == "{" and previous != "CONSTRUCT"  # what follows that word is a template
        if not placed and depth == 0 and (opens or word in _ENDS):
            yield clauses
            placed = True
        depth += (token.text in ("{", "(")) - (token.text in ("}", ")"))
        yield token.text
        if token.kind != "space":
            previous = word or token.text
    if not placed:  # DESCRIBE <iri>
        yield clauses


def _absolute(base: str, written: str) -> str:
    """Return the IRI that is written, escapes and all, between < and >."""
    iri = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), written)
    if _SCHEME.match(iri):
        return iri
    joined = urljoin(base, iri)
    lost = iri[-1:] if iri.endswith(("#", "?")) and not joined.endswith(iri[-1]) else ""  # urljoin drops what is empty
    return joined + lost
