"""Turns public graphs that come, change and go into a changed store: these graphs, their union, what follows, and counts.

What it costs depends on these graphs and not on the store. Runs in the writer's process.
"""

import hashlib
from dataclasses import dataclass, replace

from pyoxigraph import Store

from kg.names import INFERRED_GRAPH, OFFER_GRAPH, RDF_TYPE, is_public_graph
from kg.store.following import Followed, Following, Law
from kg.store.partitions import recount
from kg.store.patch import Delta, delta_of
from kg.store.rdf import Literal, NamedNode, Quad, RdfFormat, Triple

_INFERRED = NamedNode(INFERRED_GRAPH)


@dataclass(frozen=True)
class Publication:
    """Graphs that replace those of the same name: each with its triples as N-Triples, none for one that goes.

    laws: the rules by which the rest follows; contradictions: those of which none may be broken.
    """

    graphs: tuple[tuple[str, bytes], ...]
    laws: tuple[Law, ...]
    contradictions: tuple[Law, ...]

    @property
    def digest(self) -> str:
        """Return what differs for graphs that hold something else."""
        parts = (part for name, body in self.graphs for part in (name.encode(), str(len(body)).encode(), body))
        return hashlib.sha256(b"\0".join(parts)).hexdigest()


@dataclass(frozen=True)
class Moved:
    """What a publication did to the union of the public graphs: triples that are there now, and that are there no longer.

    stated and inferred are the two parts of what came. delta: what it did to the graphs themselves.
    """

    stated: frozenset[Triple]
    inferred: frozenset[Triple]
    gone: frozenset[Triple]
    delta: Delta

    @property
    def told(self) -> set[str]:
        """Return the IRIs of the things that have other texts or classes than before."""
        return {t.subject.value for part in (self.stated, self.inferred, self.gone) for t in part
                if isinstance(t.subject, NamedNode) and (isinstance(t.object, Literal) or t.predicate.value == RDF_TYPE)}


def publish_graphs(store: Store, change: Publication) -> Moved:
    """Put the triples of each graph in the place of those that it has, and keep the default graph and what follows up with them.

    Raises OntologyInconsistent with what contradicts what; the store is then worthless.
    """
    gone: set[Triple] = set()
    fresh: set[Triple] = set()
    old: dict[str, set[Quad]] = {}
    new: dict[str, set[Quad]] = {}
    for name, body in change.graphs:
        graph = NamedNode(name)
        old[name] = before = set(store.quads_for_pattern(None, None, None, graph))
        if before:
            store.remove_graph(graph)
        store.load(body, RdfFormat.N_TRIPLES, to_graph=graph)
        # As the store writes them: it turns 60.0 into 60.
        new[name] = after = set(store.quads_for_pattern(None, None, None, graph))
        gone |= {quad.triple for quad in before - after}
        fresh |= {quad.triple for quad in after - before}
    following = Following(store, change.laws)
    lost = {triple for triple in gone if not _stated(store, triple)}
    left = following.without(lost, lambda triple: _stated(store, triple)) if lost else Followed()
    come = {triple for triple in fresh if Quad(*triple) not in store}
    store.extend(Quad(*triple) for triple in come)
    followed = following.along(come)
    old[INFERRED_GRAPH], new[INFERRED_GRAPH] = _keep_inferred(store, remove=left.gone | fresh, add=left.fresh | followed)
    following.check(come | followed, change.contradictions)
    gone = ((lost - left.fresh) | left.gone) - come - followed
    old[OFFER_GRAPH], new[OFFER_GRAPH] = recount(store, come | followed, gone)
    delta = replace(delta_of(old, new, (INFERRED_GRAPH, OFFER_GRAPH)), silent=frozenset({OFFER_GRAPH}))
    return Moved(frozenset(come), frozenset(followed), frozenset(gone), delta)


def _stated(store: Store, triple: Triple) -> bool:
    """Tell whether a public graph states a triple, other than that of what follows."""
    return any(isinstance(quad.graph_name, NamedNode) and quad.graph_name != _INFERRED and is_public_graph(quad.graph_name.value)
               for quad in store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))


def _keep_inferred(store: Store, remove: set[Triple], add: set[Triple]) -> tuple[set[Quad], set[Quad]]:
    """Return which of these statements the graph of what follows had before, and which it has now."""
    out, into = ({Quad(triple.subject, triple.predicate, triple.object, _INFERRED) for triple in part} for part in (remove, add))
    before = {quad for quad in out | into if quad in store}
    for quad in out:
        store.remove(quad)
    store.extend(into)
    return before, (before - out) | into
