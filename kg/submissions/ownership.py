"""Turns the quads of a submission into findings about what is not its own: things, graphs and terms of others."""

import re
from collections.abc import Iterator

from kg.names import (
    BASE,
    GRAPH,
    ONTOLOGY,
    PREFIXES,
    RDF_TYPE,
    RDFS_LABEL,
    brief,
    compact,
    expand,
    kind_of,
    path_of,
)
from kg.store.rdf import NamedNode, Quad
from kg.submissions.draft import KEY, SHARED_LISTS, Draft
from kg.submissions.finding import Finding, shown

# Things of others that a contribution may only point at, and the properties by which it may.
_GUARDED = frozenset(map(expand, ("par:Case", "par:Document", "par:Passage")))
_POINTING = frozenset(map(expand, (
    "par:restsOn", "par:bearsOn", "par:refersTo", "par:concerns", "par:claimedIn", "par:citesSource", "par:contradicts",
    "par:contradictedBy", "par:respondsTo", "par:repeatsCase", "par:comparedIdea",
    "rdfs:seeAlso", "dcterms:source", "dcterms:relation",
    "dcterms:references", "skos:related")))
# Of the properties that are read from the other end, those that say something of the thing itself.
_OF_ITSELF = frozenset(map(expand, ("par:isPartOfPlace", "par:isMemberOf", "par:isProvidedBy", "par:isUnder")))
_FROM_THE_OTHER_END = re.compile(re.escape(PREFIXES["par"]) + "is[A-Z]")
_RDFS_ALLOWED = {RDFS_LABEL, *map(expand, ("rdfs:comment", "rdfs:seeAlso"))}


def check_ownership(draft: Draft) -> Iterator[Finding]:
    """Yield what a submission says, itself or by what follows from it, about what is not its own; and IRIs of another form."""
    for quad in draft.quads:
        if isinstance(quad.subject, NamedNode):
            yield from _of_statement(draft, quad, quad.subject.value)
    for record in draft.about:
        if path_of(record) and (draft.is_own(record) or draft.is_new_shared(record)):
            yield from _of_record(draft, record)


def _of_statement(draft: Draft, quad: Quad, record: str) -> Iterator[Finding]:
    field, found = quad.predicate.value, shown(quad.object)
    triple = f"{brief(record)} {compact(field)} {found}"
    target = quad.object.value if isinstance(quad.object, NamedNode) else ""
    if record.startswith(ONTOLOGY):
        yield draft.tell("ontology", record, field, found, triple=triple)
    elif field.startswith(PREFIXES["prov"]) or (field == RDF_TYPE and target.startswith(PREFIXES["prov"])):
        yield draft.tell("review", record, field, found, triple=triple)
    elif _is_schema(field, target):
        yield draft.tell("schema", record, field, found, triple=triple)
    elif draft.elsewhere(record) and (draft.is_own(record) or path_of(record)):
        kind = path_of(record).partition("/")[0]
        if draft.is_own(record):
            yield draft.tell("taken", record, "", brief(draft.elsewhere(record)[0]), kind=kind)
        else:
            yield draft.tell("not_own", record, field, found, triple=triple)
    elif not draft.is_own(record) and not draft.is_new_shared(record):
        yield draft.tell("not_own", record, field, found, triple=triple)
    elif target and not draft.is_own(target) and not draft.may_state(target) and _adds(draft, field, target):
        yield draft.tell("adds_to_other", record, field, brief(target), triple=triple)


def _is_schema(field: str, target: str) -> bool:
    if field == RDF_TYPE:
        return any(target.startswith(PREFIXES[prefix]) for prefix in ("owl", "rdf", "rdfs"))
    if field.startswith(PREFIXES["rdfs"]):
        return field not in _RDFS_ALLOWED
    return field.startswith((PREFIXES["owl"], PREFIXES["rdf"])) and field != RDF_TYPE


def _adds(draft: Draft, field: str, target: str) -> bool:
    """Tell whether a statement, read from its other end, would say something about a thing of others."""
    if field in _POINTING or field == RDF_TYPE:
        return False
    if _FROM_THE_OTHER_END.match(field):
        return field not in _OF_ITSELF and target.startswith(BASE)
    if target.startswith(GRAPH):
        return True
    known = draft.things.get(target)
    return known is not None and not known.classes.isdisjoint(_GUARDED)


def _of_record(draft: Draft, record: str) -> Iterator[Finding]:
    kind, _, key = path_of(record).partition("/")
    parts = [kind, *(key.split("/", 1) if kind == "passage" else [key])]
    if not all(KEY.fullmatch(part) for part in parts):
        yield draft.tell("key_form", record)
    stated = [value.value for value in draft.values(record, RDF_TYPE) if isinstance(value, NamedNode)]
    if not stated:
        yield draft.tell("no_class", record)
    for of_class in map(compact, stated):
        if not SHARED_LISTS.isdisjoint(draft.vocabulary.over([expand(of_class)])):
            yield draft.tell("shared_list", record, RDF_TYPE, of_class)
        folder = kind_of(of_class) if of_class.startswith("par:") else ""
        if folder and expand(of_class) in draft.vocabulary.terms and folder != kind and len(stated) == 1:
            yield draft.tell("kind", record, RDF_TYPE, of_class, kind=folder)


def check_graphs(draft: Draft) -> Iterator[Finding]:
    """Yield the graphs that are not a submission's own, and those of its own that no passage of it has."""
    of_passages = {value.value for about in draft.about.values() for value in about.get(expand("par:hasNamedGraph"), [])
                   if isinstance(value, NamedNode)}
    for graph in sorted({quad.graph_name.value for quad in draft.quads if isinstance(quad.graph_name, NamedNode)}):
        if graph != draft.graph and not graph.startswith(draft.graph + "/"):
            yield draft.tell("graph", graph, "", graph)
        elif graph not in of_passages:
            yield draft.tell("graph_of_no_passage", "", "", graph, graph=graph)


