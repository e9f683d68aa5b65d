"""Turns SPARQL text into tokens, and tokens into text with its parameters bound.

A parameter is a plain variable. Its value is written as an RDF term in place of the variable's tokens, so that nothing
inside a string, a comment or an IRI is touched, and subqueries are reached. Token grammar: SPARQL 1.1 Query, section 19.8.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.errors import QueryMalformed, QueryTooLong
from kg.store.rdf import BlankNode, Literal, NamedNode

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>\#[^\n\r]*)
    | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    | (?P<string>'''(?:'{0,2}(?:[^'\\]|\\.))*(?:''')?|\"{3}(?:\"{0,2}(?:[^\"\\]|\\.))*(?:\"{3})?
                |'(?:[^'\\\n\r]|\\.)*'?|"(?:[^"\\\n\r]|\\.)*"?)
    | (?P<variable>[?$]\w+)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<name>(?:[^\W\d_][\w.\-]{0,200}+)?:(?:[\w\-:%]|\\.|\.(?=[\w\-:%\\]))*|_:\w[\w.\-]*)
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)

LONGEST_QUERY = 100_000
LONGEST_KEPT = 10_000  # of queries whose tokens are kept

_PLAIN = re.compile(
    r"""(?:\s++|\#[^\n\r]*+|prefix\s++[^\s:<>\#"'\\]*+:\s*+<[^\s<>"{}|^`\\]*+>|base\s*+<[^\s<>"{}|^`\\]*+>)*+
        (select|ask|construct|describe)\b""", re.VERBOSE | re.IGNORECASE)
_GLUED = re.compile("(?:TRUE|FALSE)?SERVICE")  # the engine takes a word right after another's last letter
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_CHANGING = ("NOW", "RAND", "UUID", "SERVICE")
_CLAUSES = {"SELECT": "SELECT", "GROUP": "GROUP", "ORDER": "ORDER"}
_CLAUSE_ENDS = frozenset({"WHERE", "FROM", "HAVING", "LIMIT", "OFFSET", "VALUES"})


class Token(NamedTuple):
    """A token of SPARQL text: its kind, its text and where it starts (line and column from 1)."""

    kind: str
    text: str
    line: int
    column: int


def tokens(query: str) -> Iterator[Token]:
    """Yield every token, spaces and comments among them: joined, their texts are the query again."""
    return iter(_kept_tokens(query)) if len(query) <= LONGEST_KEPT else _tokens(query)


@functools.lru_cache(maxsize=1)
def _kept_tokens(query: str) -> tuple[Token, ...]:
    """Return the tokens of a query; those of the last one are kept, since several things are asked of a text in turn."""
    return tuple(_tokens(query))


def _tokens(query: str) -> Iterator[Token]:
    line, line_start = 1, 0
    for match in _TOKEN.finditer(query):
        text = match.group()
        yield Token(str(match.lastgroup), text, line, match.start() - line_start + 1)
        if newlines := text.count("\n"):
            line += newlines
            line_start = match.start() + text.rindex("\n") + 1


def plain_form(query: str) -> str:
    """Return the form of a query that can be told at a glance and names no service, else nothing; at the speed of one search."""
    match = _PLAIN.match(query) if len(query) <= LONGEST_QUERY else None
    return match[1].upper() if match and not calls_a_service(query) else ""


def calls_a_service(query: str) -> bool:
    """Tell whether a query may call another endpoint; at the speed of one search, so it may be a name that only looks like it."""
    return "service" in query.lower()


def query_form(query: str, services: bool = False) -> str:
    """Return SELECT, ASK, CONSTRUCT or DESCRIBE, and refuse a query that calls another endpoint, unless ``services``.

    A word or prefix that begins with SERVICE is refused too, since pyoxigraph takes ``SERVICEs:x`` for a call. Raises
    QueryMalformed where there is no such word, with what to write instead, and QueryTooLong.
    """
    if len(query) > LONGEST_QUERY:
        raise QueryTooLong(f"The query has {len(query):,} characters, and may have {LONGEST_QUERY:,}. Spread its VALUES over "
                           "several requests.")
    if plain := plain_form(query):
        return plain
    form = ""
    for token in tokens(query):
        word = token.text.upper() if token.kind == "word" else ""
        if not form and word in _FORMS:
            form = word
        if not services and token.kind in ("word", "name") and is_service(token):
            raise QueryMalformed(
                f"{token.text} at line {token.line}, column {token.column}: this endpoint asks no other endpoint. Run the part "
                "inside SERVICE at its own endpoint; if this is a prefix, call it something else.", token.line, token.column)
        if not form and word in {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "WITH"}:
            raise QueryMalformed(f"{word} is an update; this path answers queries and changes nothing.", token.line, token.column)
    if not form:
        raise QueryMalformed("There is no SELECT, ASK, CONSTRUCT or DESCRIBE in the query.")
    return form


def is_repeatable(query: str) -> bool:
    """Tell whether a query has the same answer as long as the graph is the same: not one that asks for the time, by
    lot or another server.

    A word that ends so counts too, since pyoxigraph takes ``ORDER BYRAND()`` for ``ORDER BY RAND()``.
    """
    return is_plainly_repeatable(query) or not any(
        token.kind == "word" and token.text.upper().endswith(_CHANGING) for token in tokens(query))


def is_plainly_repeatable(query: str) -> bool:
    """Tell whether it can be seen at a glance that a query is repeatable; at the speed of one search."""
    lowered = query.lower()
    return not any(word in lowered for word in ("now", "rand", "uuid", "service"))


def is_service(token: Token) -> bool:
    """Tell whether a word or a name would be taken for a call of another endpoint."""
    return _GLUED.match(token.text.upper()) is not None


def at_offset(query: str, offset: int) -> str:
    """Return a query of one page as a query of another: with the number after each OFFSET replaced."""
    out: list[str] = []
    previous = ""
    for token in tokens(query):
        out.append(str(offset) if token.kind == "number" and previous == "OFFSET" else token.text)
        previous = previous if token.kind == "space" else token.text.upper()
    return "".join(out)


def in_pages(query: str) -> bool:
    """Tell whether a query has a LIMIT or an OFFSET of its own, outside all brackets, so that none can be put to it."""
    depth = 0
    for token in tokens(query):
        depth += (token.text in ("{", "(")) - (token.text in ("}", ")"))
        if depth == 0 and token.kind == "word" and token.text.upper() in ("LIMIT", "OFFSET"):
            return True
    return False


def page_of(query: str, size: int, offset: int) -> str:
    """Return a query that gives ``size`` rows of a query's answer, from ``offset`` on; for one without a LIMIT of its own."""
    return f"{query.rstrip()}\nLIMIT {size:d} OFFSET {offset:d}\n"


def counted(select: str, column: str = "") -> str:
    """Return a query for the number of rows, ``total``, that a SELECT query has; column: and how many values it has there."""
    head = "SELECT (COUNT(*) AS ?total)" + (f" (COUNT(DISTINCT ?{column}) AS ?values)" if column else "") + " WHERE { {\n"
    out: list[str] = []
    for token in tokens(select):
        if token.kind == "word" and token.text.upper() == "SELECT" and head not in out:
            out.append(head)
        out.append(token.text)
    return "".join(out).rstrip() + "\n} }\n"


def variables(query: str) -> set[str]:
    """Return the names of all variables in a query, without ? or $."""
    return {token.text[1:] for token in tokens(query) if token.kind == "variable"}


def undeclared_prefix(query: str) -> Token | None:
    """Return the first prefixed name whose prefix the query does not declare."""
    declared: set[str] = set()
    previous = ""
    for token in tokens(query):
        if token.kind in ("space", "comment"):
            continue
        if token.kind == "name" and not token.text.startswith("_:"):
            prefix = token.text.partition(":")[0]
            if previous == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                return token
        previous = token.text.upper()
    return None


def bind(query: str, values: Mapping[str, NamedNode | Literal]) -> str:
    """Return the query with variables replaced by terms; a variable without a value stays a variable.

    In the head of a SELECT a bound variable becomes ``(term AS ?variable)``, so that its column stays in the answer; in
    GROUP BY and ORDER BY it becomes ``COALESCE(term)``, which every engine takes there. A variable that the query
    itself assigns (AS, VALUES) must not be bound: the catalogue refuses such a parameter.
    """
    out: list[str] = []
    clause, depth, clause_depth = "", 0, 0
    for token in tokens(query):
        word = token.text.upper() if token.kind == "word" else ""
        if token.text in ("{", "("):
            depth += 1
            clause = "" if token.text == "{" and depth == clause_depth + 1 else clause
        elif token.text in ("}", ")"):
            depth -= 1
            clause = "" if depth < clause_depth else clause
        elif word in _CLAUSES:
            clause, clause_depth = _CLAUSES[word], depth
        elif word in _CLAUSE_ENDS:
            clause = ""
        value = values.get(token.text[1:]) if token.kind == "variable" else None
        if value is None:
            out.append(token.text)
        elif clause == "SELECT" and depth == clause_depth:
            out.append(f"({value} AS {token.text})")
        elif clause and depth == clause_depth:
            out.append(f"COALESCE({value})")
        else:
            out.append(str(value))
    return "".join(out)


def among(query: str, variable: str, terms: Iterable[NamedNode | Literal]) -> str:
    """Return a query with terms for a variable in the place of its empty ``VALUES ?variable {}``."""
    return query.replace(f"VALUES ?{variable} {{}}", f"VALUES ?{variable} {{ {' '.join(map(str, terms))} }}")


def held(select: str, columns: Sequence[str], rows: Iterable[Sequence[NamedNode | BlankNode | Literal | None]]) -> str:
    """Return a SELECT query with those of its rows alone that have in some columns what one of the rows has; None is anything."""
    values = " ".join(f"({' '.join('UNDEF' if term is None else str(term) for term in row)})" for row in rows)
    return f"{select.rstrip()}\nVALUES ({' '.join('?' + column for column in columns)}) {{ {values} }}\n"


def assigned_variables(query: str) -> set[str]:
    """Return the variables that a query gives a value to by AS or VALUES; these cannot be parameters."""
    found: set[str] = set()
    previous = ""
    for token in tokens(query):
        if token.kind in ("space", "comment"):
            continue
        if token.kind == "variable" and previous in ("AS", "VALUES", "VALUES ("):
            found.add(token.text[1:])
        elif token.text == "(" and previous == "VALUES":
            previous = "VALUES ("
        else:
            previous = token.text.upper()
    return found


def clauses(query: str) -> tuple[str, str, str]:
    """Return the prologue of a query, its form with what it gives (the template of a CONSTRUCT among it), and what WHERE holds.

    Raises QueryMalformed where there is no WHERE.
    """
    parts, at, depth = ["", "", ""], 0, 0
    for token in tokens(query):
        word = token.text.upper() if token.kind == "word" and depth == 0 else ""
        depth += (token.text == "{") - (token.text == "}")
        if at == 0 and word in _FORMS:
            at = 1
        elif at == 1 and word == "WHERE":
            at = 2
            continue
        parts[at] += token.text
    start, end = parts[2].find("{"), parts[2].rfind("}")
    if end < 0:
        raise QueryMalformed("There is no WHERE { } in the query.")
    return parts[0], parts[1].strip(), parts[2][start + 1:end]


def as_insert(construct: str) -> str:
    """Return the update that adds what a CONSTRUCT query constructs."""
    out: list[str] = []
    done = False
    for token in tokens(construct):
        if not done and token.kind == "word" and token.text.upper() == "CONSTRUCT":
            out.append("INSERT")
            done = True
        else:
            out.append(token.text)
    if not done:
        raise QueryMalformed("There is no CONSTRUCT in the rule.")
    return "".join(out)
