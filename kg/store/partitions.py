"""Turns triples into how many things each of our classes has and how many triples with each property, and a change into the next.

They stand in a graph of their own, where SPARQL editors look for them.
Source: Describing Linked Datasets with the VoID Vocabulary (W3C, 2011), section 4.5.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Store

from kg.names import BASE, DESCRIBING, OFFER_GRAPH, PREFIXES, RDF_TYPE, local_name
from kg.store.rdf import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

DATA = NamedNode(BASE + "queries#data")
_GRAPH, _TYPE = NamedNode(OFFER_GRAPH), NamedNode(RDF_TYPE)

Counts = Counter[tuple[NamedNode, NamedNode | None]]
"""How often: of a class its things, of a class and a property its triples."""


def partitions(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield our classes, each with the number of its things and the properties that these have."""
    of_thing: dict[object, list[Triple]] = defaultdict(list)
    for triple in triples:
        of_thing[triple.subject].append(triple)
    counts: Counts = Counter()
    for told in of_thing.values():
        counts.update(_counted(told))
    yield Triple(DATA, _TYPE, _term("Dataset"))
    for (of_class, property), count in sorted(counts.items(), key=lambda entry: str(entry[0])):
        yield from _told(of_class, property, count)


def recount(store: Store, come: set[Triple], gone: set[Triple]) -> tuple[set[Quad], set[Quad]]:
    """Bring the numbers in a store up to a change of its default graph that is made already, at the cost of the change.

    come, gone: the triples that are there now, and that are there no longer. Returns what the graph of the numbers had in the
    place of what it has now, and that. A store that does not have them is left as it is.
    """
    if not store.contains_named_graph(_GRAPH):
        return set(), set()
    changes: dict[NamedNode | BlankNode | Triple, tuple[set[Triple], set[Triple]]] = defaultdict(lambda: (set(), set()))
    for triple in come:
        changes[triple.subject][0].add(triple)
    for triple in gone:
        changes[triple.subject][1].add(triple)
    counts: Counts = Counter()
    for thing, (fresh, lost) in changes.items():
        told = {quad.triple for quad in store.quads_for_pattern(thing, _TYPE, None, DefaultGraph())}
        if any(triple.predicate == _TYPE for triple in fresh | lost):
            told = {quad.triple for quad in store.quads_for_pattern(thing, None, None, DefaultGraph())}
            counts.update(_counted(told))
            counts.subtract(_counted((told - fresh) | lost))
        else:
            for of_class in _classes(told):
                counts.update((of_class, triple.predicate) for triple in fresh)
                counts.subtract((of_class, triple.predicate) for triple in lost)
    old: set[Triple] = set()
    new: set[Triple] = set()
    for (of_class, property), more in counts.items():
        count = _number(store, of_class, property)
        for number, into in ((count, old), (count + more, new)):
            if more and number > 0:
                into.update(_told(of_class, property, number))
    _put(store, old, new)
    return _in_graph(old), _in_graph(new)


def _counted(told: Iterable[Triple]) -> Counts:
    """Count the triples of one thing for each of its classes, and the thing itself."""
    told = list(told)
    counts: Counts = Counter()
    for of_class in _classes(told):
        counts[of_class, None] += 1
        counts.update((of_class, triple.predicate) for triple in told)
    return counts


def _classes(told: Iterable[Triple]) -> set[NamedNode]:
    return {triple.object for triple in told if triple.predicate == _TYPE and isinstance(triple.object, NamedNode)
            and triple.object.value.startswith(PREFIXES["par"])}


def _told(of_class: NamedNode, property: NamedNode | None, count: int) -> Iterator[Triple]:
    node = _node(of_class, None)
    if property is None:
        yield Triple(DATA, _term("classPartition"), node)
        yield Triple(node, _term("class"), of_class)
        yield Triple(node, _term("entities"), Literal(count))
    else:
        part = _node(of_class, property)
        yield Triple(node, _term("propertyPartition"), part)
        yield Triple(part, _term("property"), property)
        yield Triple(part, _term("triples"), Literal(count))


def _number(store: Store, of_class: NamedNode, property: NamedNode | None) -> int:
    quads = store.quads_for_pattern(_node(of_class, property), _term("triples" if property else "entities"), None, _GRAPH)
    return next((int(quad.object.value) for quad in quads if isinstance(quad.object, Literal)), 0)


def _put(store: Store, old: set[Triple], new: set[Triple]) -> None:
    for triple in old - new:
        store.remove(Quad(*triple))
    store.extend(Quad(*triple) for triple in new - old)
    for quad in _in_graph(old - new):
        store.remove(quad)
    store.extend(_in_graph(new - old))


def _in_graph(triples: Iterable[Triple]) -> set[Quad]:
    return {Quad(triple.subject, triple.predicate, triple.object, _GRAPH) for triple in triples}


def _node(of_class: NamedNode, property: NamedNode | None) -> NamedNode:
    of_property = f"-property-{local_name(property.value)}" if property else ""
    return NamedNode(f"{BASE}queries#class-{local_name(of_class.value)}{of_property}")


def _term(name: str) -> NamedNode:
    return NamedNode(DESCRIBING["void"] + name)
