"""Turns an opened store and SPARQL text into a serialized answer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store, parse_query_results

from kg.errors import AnswerTooLarge, QueryMalformed, QueryUnsupported, StoreUnavailable
from kg.names import BASE, INFERRED_GRAPH, OFFER_GRAPH, PREFIXES, is_public_graph, is_shipped_graph
from kg.store.rdf import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, Triple
from kg.store.sparql import as_insert, undeclared_prefix
from kg.store.written import GRAPH_FORMATS, QUAD_FORMATS, RESULT_FORMATS, checked_xml, quads_of, write_graph

__all__ = ["GRAPH_FORMATS", "RESULT_FORMATS", "Opened", "Question", "Scratch", "answer", "columns", "malformed", "open_revision",
           "written"]

LARGEST_ANSWER_BYTES = 100 << 20
WIDEST_LINE = 120

_PLACE = re.compile(r"error at (\d+):(\d+): ?(.*)", re.DOTALL)
_UNKNOWN_FUNCTION = re.compile(r"custom function (<.*>) is not supported")


@dataclass(frozen=True)
class Question:
    """A query, and the format of its answer: a key of RESULT_FORMATS for SELECT and ASK, of GRAPH_FORMATS otherwise.

    A SELECT of four columns (subject, predicate, object, graph) can also be answered in one of QUAD_FORMATS: its rows are then
    statements in their graphs, which a CONSTRUCT cannot give. A relative IRI in the query is resolved against kg.names.BASE:
    ``<id/tool/financing>`` is the IRI of that thing.

    default_graphs and named_graphs are the dataset that the SPARQL Protocol lets a request choose; both empty: the default
    graph is that of the revision, the union of the public graphs, and all graphs can be named. spent_s: how much of its time
    limit is over already.
    """

    query: str
    format: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    spent_s: float = 0.0


class Scratch:
    """Triples in memory, without graphs, to run rules over."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._store = Store()
        self._store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in triples)

    def __len__(self) -> int:
        return len(self._store)

    def __iter__(self) -> Iterator[Triple]:
        return (quad.triple for quad in self._store)

    def add_constructed(self, construct: str) -> None:
        """Add what a CONSTRUCT query constructs. Raises QueryMalformed."""
        try:
            self._store.update(as_insert(construct))
        except SyntaxError as error:
            raise malformed(str(error), construct) from error

    def rows(self, select: str) -> list[list[NamedNode | BlankNode | Literal | Triple | None]]:
        """Return the rows of a SELECT query, in its order. Raises QueryMalformed."""
        return _rows(self._store, select)


class Opened:
    """A revision opened in this process, for questions of the project's own that cannot run away."""

    def __init__(self, path: Path) -> None:
        self._store = open_revision(path)

    def graphs_of(self, triple: Triple) -> list[str]:
        """Return the names of the graphs that hold a triple, sorted."""
        quads = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object)
        return sorted(q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode))

    def construct(self, query: str) -> list[Triple]:
        """Return what a CONSTRUCT query constructs, each triple once. Raises QueryMalformed."""
        try:
            triples = self._store.query(query)
        except SyntaxError as error:
            raise malformed(str(error), query) from error
        assert isinstance(triples, QueryTriples)
        return list(dict.fromkeys(triples))

    def rows(self, select: str) -> list[list[NamedNode | BlankNode | Literal | Triple | None]]:
        """Return the rows of a SELECT query, in its order. Raises QueryMalformed."""
        return _rows(self._store, select)

    def contributed(self) -> set[Triple]:
        """Return what the graphs of contributed experiences state."""
        return {quad.triple for quad in self.contributed_quads()}

    def contributed_quads(self) -> list[Quad]:
        """Return the same in its graphs, in no order."""
        graphs = (graph for graph in self._store.named_graphs() if isinstance(graph, NamedNode)
                  and is_public_graph(graph.value) and not is_shipped_graph(graph.value))
        return [quad for graph in graphs for quad in self._store.quads_for_pattern(None, None, None, graph)]

    def stated(self) -> list[Quad]:
        """Return every quad that is stated, in no order: of every named graph but what is inferred and what is offered."""
        quads = (quad for quad in self._store if isinstance(quad.graph_name, NamedNode))
        return [quad for quad in quads if quad.graph_name not in (NamedNode(INFERRED_GRAPH), NamedNode(OFFER_GRAPH))]


def _rows(store: Store, select: str) -> list[list[NamedNode | BlankNode | Literal | Triple | None]]:
    try:
        solutions = store.query(select)
    except SyntaxError as error:
        raise malformed(str(error), select) from error
    assert isinstance(solutions, QuerySolutions)
    return [list(solution) for solution in solutions]


def rows_of(answer: bytes) -> list[list[NamedNode | BlankNode | Literal | Triple | None]]:
    """Return the rows of an answer to a SELECT query that was written as JSON."""
    solutions = parse_query_results(answer, QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    return [list(solution) for solution in solutions]


def columns(select: str) -> list[str]:
    """Return the columns that a SELECT query has, in order, without asking it of anything. Raises QueryMalformed."""
    try:
        solutions = Store().query(select)
    except SyntaxError as error:
        raise malformed(str(error), select) from error
    assert isinstance(solutions, QuerySolutions)
    return [variable.value for variable in solutions.variables]


def open_revision(path: Path) -> Store:
    """Open a revision for reading; it never changes once it is there, so any number of processes may."""
    try:
        return Store.read_only(str(path))
    except (OSError, RuntimeError, ValueError) as error:
        raise StoreUnavailable(f"The revision {path} cannot be opened ({error}). Restore the data folder from a backup, or move "
                               "it aside and run parkg build.") from error


class _Bounded:
    """A file to serialize into that refuses what goes over a bound, so that no answer is made only to be thrown away."""

    def __init__(self, most_bytes: int) -> None:
        self._parts: list[bytes] = []
        self._most = self._left = most_bytes

    def write(self, part: bytes) -> int:
        self._left -= len(part)
        if self._left < 0:
            raise AnswerTooLarge(f"The answer is larger than the limit of {self._most / 2**20:g} MB, and nothing of it is given. "
                                 "Ask for it in parts, with ORDER BY, LIMIT and OFFSET, or as CSV, which is shorter.")
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        pass

    def whole(self) -> bytes:
        return b"".join(self._parts)


def answer(store: Store, question: Question, most_bytes: int = LARGEST_ANSWER_BYTES) -> bytes:
    """Answer a query in the format asked for.

    Raises QueryMalformed with line and column, QueryUnsupported for a function that the engine does not have, AnswerUnwritable
    where the format cannot hold the answer, and AnswerTooLarge beyond ``most_bytes``.
    """
    try:
        return written(_result(store, question), question.format, most_bytes)
    except SyntaxError as error:
        raise malformed(str(error), question.query) from error
    except (RuntimeError, OSError) as error:
        check_functions(error)
        raise QueryMalformed(f"The query could not be answered as {question.format}: {error}") from error


def written(result: QuerySolutions | QueryBoolean | Iterable[Triple], format: str, most_bytes: int) -> bytes:
    """Write the result of a query in a format. Raises AnswerUnwritable, AnswerTooLarge, and QueryMalformed for another's."""
    body = _Bounded(most_bytes)
    if isinstance(result, QuerySolutions) and format in QUAD_FORMATS and len(result.variables) == 4:
        body.write(write_graph(quads_of(result), format))
    elif isinstance(result, QuerySolutions | QueryBoolean) and format in RESULT_FORMATS:
        result.serialize(body, RESULT_FORMATS[format])  # type: ignore[arg-type]
    elif not isinstance(result, QuerySolutions | QueryBoolean) and format in GRAPH_FORMATS:
        body.write(write_graph(dict.fromkeys(result), format))  # CONSTRUCT may make a triple twice
    else:
        raise QueryMalformed(f"The answer to this query cannot be written as {format}.")
    return checked_xml(body.whole()) if format == "xml" else body.whole()


def _result(store: Store, question: Question) -> QuerySolutions | QueryBoolean | QueryTriples:
    if not question.default_graphs and not question.named_graphs:
        return store.query(question.query, base_iri=BASE)
    try:
        default: list[NamedNode | BlankNode | DefaultGraph] = [NamedNode(iri) for iri in question.default_graphs]
        named: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in question.named_graphs]
    except ValueError as error:
        raise QueryMalformed(f"A graph of the dataset is not named by an IRI: {error}") from error
    return store.query(question.query, base_iri=BASE, default_graph=default, named_graphs=named)


def check_functions(error: Exception) -> None:
    """Raise QueryUnsupported where an error of the engine says that it does not have a function."""
    if match := _UNKNOWN_FUNCTION.search(str(error)):
        raise QueryUnsupported(f"This endpoint does not have the function {match[1]}. It has those of SPARQL 1.1 and the casts "
                               "of XML Schema; write what the function does with these, or do it with the answer.") from error


def malformed(message: str, query: str) -> QueryMalformed:
    """Turn a parser's message into an error that shows the line, points at the column and is short enough to read."""
    match = _PLACE.match(message)
    if not match:
        return QueryMalformed(f"The query is not SPARQL 1.1: {message}")
    line, column, expected = int(match[1]), int(match[2]), match[3]
    if token := undeclared_prefix(query):
        prefix = token.text.partition(":")[0]
        return QueryMalformed(
            f"The prefix {prefix}: of {token.text} at line {token.line}, column {token.column} is not declared. Write above "
            f"the query: PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>", token.line, token.column)
    lines = query.split("\n")
    shown = lines[min(line, len(lines)) - 1]
    if len(shown) > WIDEST_LINE:
        start = max(0, column - WIDEST_LINE // 2)
        shown, column_shown = shown[start:start + WIDEST_LINE], column - start
    else:
        column_shown = column
    wanted = re.sub(r",? ?\['.*|,? ?\[_\]|one of (?=\S+$)", "", expected, flags=re.DOTALL).strip(" ,")
    hint = f" The parser would take: {wanted.removeprefix('expected ')}." if wanted.removeprefix("expected").strip() else ""
    return QueryMalformed(
        f"The query is not SPARQL 1.1: it breaks off at line {line}, column {column}.{hint}\n"
        f"{shown}\n{' ' * (column_shown - 1)}^", line, column)
