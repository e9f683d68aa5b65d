"""Turns named graphs into the passages whose statements stand in them, with what these are called."""

from collections.abc import Iterable

from api.answers import names_of
from api.memory import remembered
from kg.names import HAS_NAMED_GRAPH
from kg.store.rdf import NamedNode
from kg.store.sparql import bind

_PASSAGE = f"SELECT ?passage WHERE {{ ?passage <{HAS_NAMED_GRAPH}> ?graph }} ORDER BY ?passage LIMIT 1"


def passages_of(graphs: Iterable[str], language: str) -> dict[str, tuple[str, str]]:
    """Return the IRI and the name of the passage of each of some graphs, in their order; of those alone that have one."""
    found = {}
    for graph in graphs:
        rows = remembered(bind(_PASSAGE, {"graph": NamedNode(graph)})).rows
        if rows and rows[0][0]:
            found[graph] = rows[0][0].text
    names = names_of(found.values(), language)
    return {graph: (passage, names.get(passage) or passage) for graph, passage in found.items()}
