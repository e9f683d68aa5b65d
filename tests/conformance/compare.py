"""Turns two answers into nothing where they say the same, or into a Mismatch: up to the names of blank nodes and of numbers."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tests.conformance.answers import Answer, Graph, Table, Texts, Truth
from tests.conformance.result_sets import Row, Term
from tests.conformance.verdicts import Mismatch

SHOWN = 3
_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = {"integer", "int", "long", "short", "byte", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger",
             "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"}

Rows = Sequence[tuple[object, ...]]
Colours = dict[str, int]


def compare(got: Answer, want: Answer, ordered: bool = False, reduced: bool = False) -> None:
    """Raise Mismatch unless the two answers are the same.

    Numbers of one datatype are compared by value, since the recommendation lets an engine choose how to write them. ordered: the
    rows of a table must come in this order; reduced: a row may come fewer times than expected, as REDUCED allows.
    """
    if type(got) is not type(want):
        raise Mismatch(f"expected a {type(want).__name__.lower()}, got a {type(got).__name__.lower()}")
    if isinstance(got, Truth) or isinstance(want, Truth):
        if got != want:
            raise Mismatch(f"expected {want}, got {got}")
        return
    left, right = _rows(got, want)
    if reduced:
        if set(left) != set(right) or not len(set(right)) <= len(left) <= len(right):
            raise Mismatch("REDUCED gave solutions that it may not give")
        return
    by_value: Callable[[Term], Term] = _number if isinstance(got, Texts) else _by_value
    for same in (lambda term: term), by_value:
        a, b = ([tuple(same(term) if term else None for term in row) for row in rows] for rows in (left, right))
        if isomorphic(a, b):
            if ordered and not isomorphic(*([(*row, place) for place, row in enumerate(rows)] for rows in (a, b))):
                raise Mismatch("the right solutions in the wrong order")
            return
    raise Mismatch(f"{len(left)} rows, expected {len(right)}; only got {_some(left, right)}, only expected {_some(right, left)}")


def isomorphic(a: Rows, b: Rows) -> bool:
    """Tell whether two lists of rows are equal, each row as often, up to a renaming of blank nodes."""
    return len(a) == len(b) and _match(a, b, *(_refined(rows, dict.fromkeys(_blank(rows), 0)) for rows in (a, b)))


def _rows(got: Answer, want: Answer) -> tuple[list[Row], list[Row]]:
    """Return the rows of both, those of tables by the same order of columns: the suites' own expectations take it freely."""
    if isinstance(got, Table) and isinstance(want, Table):
        order = sorted(want.columns)
        if sorted(got.columns) != order:
            raise Mismatch(f"the columns are {got.columns}, expected {want.columns}")
        both = ([tuple(row[t.columns.index(c)] for c in order) for row in t.rows] for t in (got, want))
        return next(both), next(both)
    assert isinstance(got, Graph)
    assert isinstance(want, Graph)
    return got.rows, want.rows


def _some(rows: list[Row], others: list[Row]) -> str:
    return str([" ".join(map(str, row)) for row in dict.fromkeys(rows) if row not in others][:SHOWN])


def _by_value(term: Term) -> Term:
    """Return a term with its number written in the one canonical way of its datatype."""
    if isinstance(term, Triple):
        subject = _by_value(term.subject)
        assert not isinstance(subject, Literal)
        return Triple(subject, term.predicate, _by_value(term.object))
    if not isinstance(term, Literal):
        return term
    type, text = term.datatype.value.removeprefix(_XSD), term.value
    with suppress(ValueError, ArithmeticError):
        if type in ("float", "double"):
            text = repr(float(text))
        elif type == "decimal":
            text = str(Decimal(text).normalize() + 0)
        elif type == "boolean":
            text = {"1": "true", "0": "false"}.get(text, text)
        elif type in _INTEGERS:
            text = str(int(text))
    return Literal(text, datatype=term.datatype) if text != term.value else term


def _number(term: Term) -> Term:
    """Return a cell of CSV, which has no datatype, with its number, if it is one, written in one way."""
    with suppress(ValueError):
        return Literal(repr(float(term.value))) if isinstance(term, Literal) else term
    return term


def _names(term: object) -> Iterator[str]:
    if isinstance(term, BlankNode):
        yield term.value
    elif isinstance(term, Triple):
        yield from _names(term.subject)
        yield from _names(term.object)


def _blank(rows: Rows) -> list[str]:
    return [name for row in rows for term in row for name in _names(term)]


def _shape(term: object, colours: Colours) -> Hashable:
    """Return a term with the colours of its blank nodes in place of their names."""
    if isinstance(term, BlankNode):
        return ("blank", colours[term.value])
    if isinstance(term, Triple):
        return (_shape(term.subject, colours), term.predicate, _shape(term.object, colours))
    assert term is None or isinstance(term, NamedNode | Literal | int)
    return term


def _refined(rows: Rows, colours: Colours) -> Colours:
    """Colour blank nodes by where they stand, until that tells no more of them apart."""
    while True:
        stands: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            for name in set(_blank([row])):
                stands[name].append(hash(tuple(_shape(term, {**colours, name: -1}) for term in row)))
        finer = {name: hash((colour, tuple(sorted(stands[name])))) for name, colour in colours.items()}
        if len(set(finer.values())) <= len(set(colours.values())):
            return finer
        colours = finer


def _match(a: Rows, b: Rows, of_a: Colours, of_b: Colours) -> bool:
    if Counter(of_a.values()) != Counter(of_b.values()):
        return False
    shared = next((colour for colour, count in Counter(of_a.values()).items() if count > 1), None)
    if shared is None:
        counts = (Counter(tuple(_shape(term, c) for term in row) for row in rows) for rows, c in ((a, of_a), (b, of_b)))
        return next(counts) == next(counts)
    one = next(name for name, colour in of_a.items() if colour == shared)  # alike as far as colours tell: try each partner
    told = _refined(a, {**of_a, one: 1})
    return any(_match(a, b, told, _refined(b, {**of_b, other: 1})) for other, colour in of_b.items() if colour == shared)
