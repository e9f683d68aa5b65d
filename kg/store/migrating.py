"""Turns quads and SPARQL Updates into the quads that these leave, in memory."""

from collections.abc import Iterable

from pyoxigraph import Store

from kg.errors import SourceUnreadable
from kg.names import BASE
from kg.store.rdf import Quad


def migrated(quads: Iterable[Quad], updates: Iterable[str]) -> list[Quad]:
    """Return what updates make of quads, one after the other, sorted. Raises SourceUnreadable where one is no SPARQL Update."""
    store = Store()
    store.bulk_extend(quads)
    for update in updates:
        try:
            store.update(update, base_iri=BASE)
        except (SyntaxError, ValueError) as error:
            raise SourceUnreadable(f"A migration is not SPARQL Update: {error}") from error
    return sorted(store, key=str)
