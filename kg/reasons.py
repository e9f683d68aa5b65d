"""Turns what a person writes for a term into the term, and a reason into lines of text or a tree for JSON."""

import re
from collections.abc import Iterator
from typing import Any

from kg.errors import ParameterInvalid
from kg.explain import Reason
from kg.names import BASE, GRAPH, RDF_TYPE, compact
from kg.parameters import iri_of
from kg.store.rdf import Literal, NamedNode, Triple

_LITERAL = re.compile(r'"(.*)"(?:@([A-Za-z-]+)|\^\^(\S+))?$', re.DOTALL)


def term_of(text: str, literal: bool = False) -> Any:
    """Return the term that a person wrote: kind/key, prefixed name, IRI or ``a``; where a literal may stand, also one in quotes.

    Raises ParameterInvalid, saying how to write it.
    """
    match = _LITERAL.match(text) if literal else None
    if text == "a":
        return NamedNode(RDF_TYPE)
    try:
        if match is None:
            return NamedNode(iri_of(text))
        if match[2]:
            return Literal(match[1], language=match[2])
        return Literal(match[1], datatype=NamedNode(iri_of(match[3]))) if match[3] else Literal(match[1])
    except ValueError as error:
        raise ParameterInvalid(
            f"{text} is not a term: write kind/key, a prefixed name or an IRI, and a text in quotes, as in '\"Ketal\"@en'.",
            f"{text} no es un término: escriba tipo/clave, un nombre con prefijo o un IRI, y un texto entre comillas, como "
            "'\"Ketal\"@en'.") from error


def as_lines(reason: Reason, depth: int = 0) -> Iterator[str]:
    """Yield a reason as lines, its premises indented below it."""
    indent = "    " * depth
    yield indent + _statement(reason.triple)
    if reason.graphs:
        yield f"{indent}  stated in {', '.join(graph.removeprefix(GRAPH) for graph in reason.graphs)}"
    elif reason.rule:
        yield f"{indent}  follows by a rule: {reason.rule}"
        for premise in reason.premises:
            yield from as_lines(premise, depth + 1)
    else:
        yield f"{indent}  not stated, not inferred"


def as_tree(reason: Reason) -> dict[str, Any]:
    """Return a reason as plain values: the statement, its graphs, its rule, its premises."""
    return {"statement": [_term(t) for t in _terms(reason.triple)], "graphs": reason.graphs, "rule": reason.rule,
            "premises": [as_tree(premise) for premise in reason.premises]}


def graphs_of(reason: Reason) -> set[str]:
    """Return the graphs that state a reason's statement, or what it comes down to."""
    return set(reason.graphs).union(*map(graphs_of, reason.premises))


def _terms(triple: Triple) -> tuple[object, object, object]:
    return triple.subject, triple.predicate, triple.object


def _statement(triple: Triple) -> str:
    return " ".join(_term(term) for term in _terms(triple))


def _term(term: object) -> str:
    return compact(term.value).removeprefix(BASE + "id/") if isinstance(term, NamedNode) else str(term)
