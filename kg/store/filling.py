"""Turns the store of a revision, and quads that take the place of some of its graphs, into the store of the next one."""

import itertools
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from pyoxigraph import Store

from kg.names import is_public_graph
from kg.store.engine import open_revision
from kg.store.patch import Delta, delta_of
from kg.store.rdf import NamedNode, Quad, Triple


def fill(directory: Path, before: Path | None, replaces: Callable[[str], bool], quads: Iterable[Quad]) -> Delta:
    """Fill a directory with a store, and return what is different in its public graphs.

    before: the store that it starts from, of which the graphs go whose IRI ``replaces`` accepts; quads: what comes. Raises
    OSError.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(directory, ignore_errors=True)
    if before:
        open_revision(before).backup(str(directory))
    store = Store(str(directory))
    replaced = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode) and replaces(graph.value)]
    quads = list(quads)
    touched = {*replaced, *(quad.graph_name for quad in quads if isinstance(quad.graph_name, NamedNode))}
    old = _public_quads(store, touched)
    gone = _public_triples(quad for graph in old.values() for quad in graph)
    for graph in replaced:
        store.remove_graph(graph)
    fresh = _public_triples(quads)
    store.bulk_extend(itertools.chain(quads, (Quad(*triple) for triple in fresh)))
    _drop_from_default_graph(store, gone - fresh)
    store.flush()
    if replaced:
        store.optimize()
    return delta_of(old, _public_quads(store, touched))


def _public_triples(quads: Iterable[Quad]) -> set[Triple]:
    """Return the triples of public graphs: these are in the default graph as well, in which each stands once.

    pyoxigraph 0.5 can treat all graphs as one, but then meets a triple once for each graph that holds it, and counts wrong.
    """
    return {quad.triple for quad in quads if isinstance(quad.graph_name, NamedNode) and is_public_graph(quad.graph_name.value)}


def _public_quads(store: Store, graphs: Iterable[NamedNode]) -> dict[str, set[Quad]]:
    """Return what those graphs hold that are public, by name."""
    public = (graph for graph in graphs if is_public_graph(graph.value))
    return {graph.value: set(store.quads_for_pattern(None, None, None, graph)) for graph in public}


def _drop_from_default_graph(store: Store, gone: Iterable[Triple]) -> None:
    """Take out the triples that no public graph holds any more."""
    for triple in gone:
        if not _public_triples(store.quads_for_pattern(*triple)):
            store.remove(Quad(*triple))
