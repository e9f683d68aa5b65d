"""Turns the ontology, and the texts that are stated by its terms, into the JSON-LD context that ships with it."""

import json
from collections import defaultdict
from collections.abc import Iterable

from kg.build import shipped_sources
from kg.load import load
from kg.names import (
    BASE,
    GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS_DEFINITION,
    compact,
    expand,
    kind_of,
    path_of,
)
from kg.store.rdf import Literal, NamedNode, Quad

Term = str | dict[str, object]

# What is said by the terms of others.
OTHERS: dict[str, Term] = {
    "label": {"@id": compact(RDFS_LABEL), "@container": "@language"},
    "definition": {"@id": compact(SKOS_DEFINITION), "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@container": ["@language", "@set"]},
    "license": {"@id": "dcterms:license", "@type": "@id"},
    "bibliographicCitation": {"@id": "dcterms:bibliographicCitation", "@container": "@language"},
}


def context(quads: Iterable[Quad]) -> str:
    """Return the context: prefixes, then the terms of others, then classes and properties of ours, a line each."""
    types, ranges, stated, folders = defaultdict(set), {}, defaultdict(set), set()
    for quad in quads:
        folders.add(path_of(getattr(quad.subject, "value", "")).partition("/")[0])
        if quad.graph_name.value != ONTOLOGY_GRAPH:
            stated[compact(quad.predicate.value)].add(isinstance(quad.object, Literal) and bool(quad.object.language))
        elif isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            name = compact(quad.subject.value)
            if name.startswith("par:") and quad.predicate.value == RDF_TYPE:
                types[name].add(compact(quad.object.value))
            elif quad.predicate.value == expand("rdfs:range"):
                ranges[name] = compact(quad.object.value)
    classes = sorted(name for name in types if "owl:Class" in types[name])
    properties = {name.removeprefix("par:"): _property(name, types[name], ranges.get(name), stated[name] == {True})
                  for name in sorted(types) if any(type.endswith("Property") for type in types[name])}
    kinds = {kind: f"{BASE}id/{kind}/" for kind in sorted({*folders, *map(kind_of, classes)} - {"", *properties})}
    terms: dict[str, object] = {"@version": 1.1, "id": "@id", "type": "@type", **PREFIXES, "graph": GRAPH, "thing": BASE + "id/",
                                **kinds, **OTHERS, **{name.removeprefix("par:"): name for name in classes}, **properties}
    assert not properties.keys() & {*PREFIXES, *OTHERS, "id", "type", "graph", "thing"}
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(term)}" for name, term in terms.items())
    return f'{{\n  "@context": {{\n{lines}\n  }}\n}}\n'


def _property(name: str, types: set[str], range: str | None, text: bool) -> Term:
    if "owl:ObjectProperty" in types:
        return {"@id": name, "@type": "@id"}
    if text:
        return {"@id": name, "@container": "@language"}
    return {"@id": name, "@type": range} if range and range != "xsd:string" else name


def shipped_context() -> str:
    """Return the context of what ships."""
    return context(load(shipped_sources()).quads)
