"""Turns the RDF in which the oldest suites write expected results into truths and rows.

Source: the DAWG's vocabulary for result sets, http://www.w3.org/2001/sw/DataAccess/tests/result-set.
"""

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

Term = NamedNode | BlankNode | Literal | Triple
Row = tuple[Term | None, ...]

_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def result_set(quads: Iterable[Quad]) -> bool | tuple[list[str], list[Row], bool] | None:
    """Return the truth, or columns, rows and whether they are in order, that a graph encodes; None where it encodes nothing."""
    said: dict[tuple[object, str], list[Term]] = defaultdict(list)
    top: object = None
    for quad in quads:
        said[quad.subject, quad.predicate.value.removeprefix(_RS)].append(quad.object)
        if quad.predicate.value == _RS + "boolean":
            return _text(quad.object) == "true"
        if quad.predicate.value == _TYPE and quad.object == NamedNode(_RS + "ResultSet"):
            top = quad.subject
    if top is None:
        return None
    columns = [_text(name) for name in said[top, "resultVariable"]]
    solutions: list[tuple[int | None, Row]] = []
    for solution in said[top, "solution"]:
        row = {_text(said[b, "variable"][0]): said[b, "value"][0] for b in said[solution, "binding"]}
        place = said.get((solution, "index"))
        solutions.append((int(_text(place[0])) if place else None, tuple(row.get(c) for c in columns)))
    ordered = bool(solutions) and all(place is not None for place, _ in solutions)
    if ordered:
        solutions.sort(key=lambda solution: solution[0] or 0)
    return columns, [row for _, row in solutions], ordered


def _text(term: Term) -> str:
    return "" if isinstance(term, Triple) else term.value
