"""Turns the catalogue, and what was counted of the data, into statements by which SPARQL editors find their way.

Editors that know the convention ask an endpoint for its examples (``sh:SPARQLExecutable``), for its prefixes (``sh:declare``),
and for the classes with the properties that their things have (VoID partitions): they stand in a graph of their own.
Source: SHACL Advanced Features (W3C, 2017), section 5; SHACL (W3C, 2017), section 5.2.1; Describing Linked Datasets with the VoID
Vocabulary (W3C, 2011), section 4.5.
"""

from collections.abc import Iterable, Iterator

from kg.catalogue import Catalogue, Query
from kg.names import BASE, OFFER_GRAPH, OFFERING, PREFIXES, RDF_TYPE, RDFS_LABEL
from kg.store.partitions import partitions
from kg.store.rdf import Literal, NamedNode, Quad, Triple

_QUERIES = BASE + "queries"
_DECLARED = NamedNode(_QUERIES + "#prefixes")


def offer(catalogue: Catalogue, triples: Iterable[Triple]) -> list[Quad]:
    """Return what an endpoint over the triples offers, in OFFER_GRAPH."""
    graph = NamedNode(OFFER_GRAPH)
    found = [*_prefixes(), *(triple for query in catalogue.all() for triple in _executable(query)), *partitions(triples)]
    return [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in found]


def _prefixes() -> Iterator[Triple]:
    for prefix, namespace in PREFIXES.items():
        declaration = NamedNode(f"{_QUERIES}#prefix-{prefix}")
        yield Triple(_DECLARED, _term("sh:declare"), declaration)
        yield Triple(declaration, _term("sh:prefix"), Literal(prefix))
        yield Triple(declaration, _term("sh:namespace"), Literal(namespace, datatype=_term("xsd:anyURI")))


def _executable(query: Query) -> Iterator[Triple]:
    """Yield a query with the values of its example in place, so that it can be run as it is."""
    node = NamedNode(f"{_QUERIES}/{query.name}")
    for kind in ("sh:SPARQLExecutable", "sh:SPARQLSelectExecutable"):
        yield Triple(node, NamedNode(RDF_TYPE), _term(kind))
    for language, name, question in (("en", query.title, query.question), ("es", query.question_es, query.question_es)):
        yield Triple(node, NamedNode(RDFS_LABEL), Literal(name, language=language))
        yield Triple(node, _term("rdfs:comment"), Literal(question, language=language))
    yield Triple(node, _term("sh:select"), Literal(query.bound(query.example)))
    yield Triple(node, _term("sh:prefixes"), _DECLARED)
    yield Triple(node, _term("schema:target"), NamedNode(BASE + "sparql"))
    yield Triple(node, _term("schema:keywords"), Literal(query.area))


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode({**PREFIXES, **OFFERING}[prefix] + local)
