"""Turns a revision with a person's name into the same one without it, in files that never held it. Runs in the writer's process.

A store only marks what is removed from it, and what it marks stays in its files for as long as it likes: so every quad is
read out and written into a store that is new.
"""

import functools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from kg.errors import GraphProtected
from kg.names import INFERRED_GRAPH, OFFER_GRAPH, is_shipped_graph
from kg.redaction import MARKS, NAMING, Redaction
from kg.store.engine import open_revision
from kg.store.rdf import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

PATIENCE_S = 900.0  # for a rare act that goes through all there is


@dataclass(frozen=True)
class Rewriting:
    """What is taken out of every graph, and what is told of that: graphs with N-Triples that come into each."""

    redaction: Redaction
    told: tuple[tuple[str, bytes], ...] = ()
    patience_s: float = field(default=PATIENCE_S)


def rewrite(source: Path, target: Path, change: Rewriting) -> dict[str, int]:
    """Write a revision into a new directory without what is taken out; return in how many statements of which graph it stood.

    Raises GraphProtected where a graph that ships holds it.
    """
    found: Counter[str] = Counter()
    store = Store(str(target))
    before = open_revision(source)
    store.bulk_extend(_redacted(before, change.redaction, found))
    for graph in before.named_graphs():
        store.add_graph(_term(graph, change.redaction))  # type: ignore[arg-type]
    for name, body in change.told:
        store.extend(Quad(one.subject, one.predicate, one.object, graph) for one in parse(body, RdfFormat.N_TRIPLES)
                     for graph in (NamedNode(name), DefaultGraph()))
    store.flush()
    return dict(found)


def _redacted(store: Store, redaction: Redaction, found: Counter[str]) -> Iterator[Quad]:
    for quad in store:
        fresh = redacted_quad(quad, redaction)
        if fresh != quad and isinstance(quad.graph_name, NamedNode):
            name = quad.graph_name.value
            if is_shipped_graph(name) and name not in (INFERRED_GRAPH, OFFER_GRAPH):
                raise GraphProtected(f"The graph {name} holds that too, and it is made from files that ship. Take it out there, "
                                     "and build; then ask for this again. If it is no name, say the name.")
            found[name] += 1
        yield fresh


def redacted_quad(quad: Quad, redaction: Redaction) -> Quad:
    """Return a quad without what is taken out; what names the person whose IRI goes is a mark and nothing else."""
    of_person = isinstance(quad.subject, NamedNode) and quad.subject.value == redaction.person
    if isinstance(quad.object, Literal) and of_person and quad.predicate.value in NAMING:
        mark = MARKS.get(quad.object.language or "en", MARKS["en"])
        fresh = Literal(mark, language=quad.object.language) if quad.object.language else Literal(mark)
        quad = Quad(quad.subject, quad.predicate, fresh, quad.graph_name)
    return Quad(*(_term(term, redaction) for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)))  # type: ignore[arg-type]


@functools.lru_cache(maxsize=200_000)  # the same terms stand in many statements
def _term(term: NamedNode | BlankNode | Literal | Triple | DefaultGraph, redaction: Redaction) -> object:
    if isinstance(term, NamedNode):
        return NamedNode(redaction.iri(term.value)) if redaction.holds(term.value) else term
    if isinstance(term, Literal) and redaction.holds(term.value):
        text = redaction.redacted(term.value, term.language or "en")
        return Literal(text, language=term.language) if term.language else Literal(text, datatype=term.datatype)
    if isinstance(term, Triple):
        return Triple(*(_term(part, redaction) for part in (term.subject, term.predicate, term.object)))  # type: ignore[arg-type]
    return term
