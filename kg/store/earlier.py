"""Turns a store of the newest revision into one of an earlier: what the patches after it changed is taken back.

What it costs depends on these patches and not on the store. Runs in the writer's process.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from kg.names import is_public_graph
from kg.store.journal import taken_back
from kg.store.patch import Delta
from kg.store.publication import Moved
from kg.store.rdf import NamedNode, Quad, Triple, read_n_quads


@dataclass(frozen=True)
class TakingBack:
    """What leads from the newest revision to an earlier one.

    number: of that one; patches: those after it, last first, of each its file and its digest, as kg.store.journal has them.
    """

    number: int
    patches: tuple[tuple[Path, str], ...]

    @property
    def digest(self) -> str:
        """Return what differs for another revision, and for patches that say something else."""
        return hashlib.sha256("\n".join((str(self.number), *(digest for _, digest in self.patches))).encode()).hexdigest()


def take_back(store: Store, change: TakingBack) -> Moved:
    """Take the patches back in the public graphs and in their union, and take out all else, of which no patch tells.

    Raises StoreUnavailable where a patch is not what was written.
    """
    for other in [graph for graph in store.named_graphs() if isinstance(graph, NamedNode) and not is_public_graph(graph.value)]:
        store.remove_graph(other)
    comes, goes = (read_n_quads("".join(f"{one}\n" for one in lines).encode()) for lines in taken_back(change.patches))
    for quad in goes:
        store.remove(quad)
    store.extend(comes)
    for graph in {quad.graph_name for quad in goes}:
        if isinstance(graph, NamedNode) and not any(store.quads_for_pattern(None, None, None, graph)):
            store.remove_graph(graph)
    come = {triple for triple in _triples(comes) if Quad(*triple) not in store}
    gone = {triple for triple in _triples(goes) if not _is_stated(store, triple)}
    store.extend(Quad(*triple) for triple in come)
    for triple in gone:
        store.remove(Quad(*triple))
    return Moved(frozenset(come), frozenset(), frozenset(gone), Delta(frozenset(comes), frozenset(goes)))


def _is_stated(store: Store, triple: Triple) -> bool:
    return any(isinstance(quad.graph_name, NamedNode)
               for quad in store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))


def _triples(quads: Iterable[Quad]) -> set[Triple]:
    return {quad.triple for quad in quads}
