"""Turns questions about the IRIs that a submission names into queries of the published graph and of its index of names."""

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterator

from kg.entries import LONGEST_NAME, PART
from kg.inquire import Inquiry
from kg.names import (
    BASE,
    INFERRED_GRAPH,
    KIND_OF_CLASS,
    ONTOLOGY_GRAPH,
    PREFIXES,
    RDF_TYPE,
    RDFS_LABEL,
    expand,
    is_public_graph,
)
from kg.parameters import LANGUAGES
from kg.store.rdf import Literal, NamedNode
from kg.store.sparql import among, bind
from kg.submissions.known import Thing, Vocabulary
from kg.words import singular, stem, words_of

AT_ONCE, NEAR, MOST_LISTED = 200, 3, 1000
SHORTEST_TELLING, MOST_TELLING = 5, 3  # letters, and words: short words stand everywhere, and a search for them finds everything
# Kinds whose lists do not grow with the experiences, so that all of a list can be looked through for what is near.
_LISTS = {kind: expand(of_class) for of_class, kind in KIND_OF_CLASS.items()
          if kind in ("tool", "entry-way", "approach", "action-phase", "country")}

_TERMS = f"""SELECT ?term ?above {{ GRAPH ?ontology {{ ?term a ?kind
  OPTIONAL {{ ?term <{PREFIXES["rdfs"]}subClassOf> ?above FILTER(ISIRI(?above)) }} }} FILTER(ISIRI(?term)) }}"""
# Two queries, since the engine goes through every class and label that there is when it is asked for either in one.
_ASKED = [f"SELECT ?thing ?value {{ VALUES ?thing {{}} ?thing <{property}> ?value }} ORDER BY ?thing ?value"
          for property in (RDF_TYPE, RDFS_LABEL)]
_OF_CLASS = "SELECT DISTINCT ?thing { ?thing a ?class FILTER(ISIRI(?thing)) } ORDER BY ?thing"
_NAMED_BY = " ".join(f"<{name}>" for name in (RDFS_LABEL, PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "notation"))
_LABELLED = (f"SELECT DISTINCT ?thing {{ VALUES ?label {{}} VALUES ?named {{ {_NAMED_BY} }} ?thing ?named ?label "
             "FILTER(ISIRI(?thing)) } ORDER BY ?thing")
_HOMES = "SELECT DISTINCT ?thing ?graph { VALUES ?thing {} GRAPH ?graph { ?thing ?property ?value } } ORDER BY ?thing ?graph"


class KnownThings:
    """Answers over one revision what kg.submissions.known.Known asks."""

    def __init__(self, inquiry: Inquiry) -> None:
        """Ask the revision that is served now. Raises StoreUnavailable."""
        self._inquiry = inquiry.pinned()

    def vocabulary(self) -> Vocabulary:
        """Return the terms of the ontology."""
        above = defaultdict(set)
        terms = set()
        for term, over in self._rows(bind(_TERMS, {"ontology": NamedNode(ONTOLOGY_GRAPH)})):
            terms.add(term)
            if over:
                above[term].add(over)
        return Vocabulary(frozenset(terms), {term: frozenset(over) for term, over in above.items()})

    def things(self, iris: Collection[str]) -> dict[str, Thing]:
        """Return those of these IRIs that have a class or a label, by IRI."""
        classes: dict[str, set[str]] = defaultdict(set)
        labels: dict[str, dict[str, str]] = defaultdict(dict)
        for part in _parts(iris):
            of_classes, of_labels = (self._inquiry.table(among(query, "thing", part)).rows for query in _ASKED)
            for thing, value in of_classes:
                if thing and value:
                    classes[thing.text].add(value.text)
            for thing, value in of_labels:
                if thing and value:
                    labels[thing.text].setdefault(value.language, value.text)
        return {iri: Thing(iri, frozenset(classes[iri]), labels[iri]) for iri in sorted({*classes, *labels})}

    def homes(self, iris: Collection[str]) -> dict[str, frozenset[str]]:
        """Return the public graphs that state something of each of these IRIs, by IRI; not what is inferred."""
        found: dict[str, set[str]] = defaultdict(set)
        for part in _parts(iris):
            for thing, graph in self._rows(among(_HOMES, "thing", part)):
                if is_public_graph(graph) and graph != INFERRED_GRAPH:
                    found[thing].add(graph)
        return {iri: frozenset(graphs) for iri, graphs in found.items()}

    def called(self, label: str, language: str) -> list[Thing]:
        """Return the things whose name is the same but for case, accents and number."""
        words = words_of(label)
        if not words or len(words) > LONGEST_NAME:
            return []
        found = self._inquiry.called([" ".join(map(singular, words))], language)
        return list(self.things({one.thing for one in found if one.whole}).values())

    def labelled(self, label: str) -> list[Thing]:
        """Return the things that have exactly this label or other name, in either language, or this notation, such as ``kg``."""
        labels = [Literal(label), *(Literal(label, language=language) for language in LANGUAGES)]
        return list(self.things({iri for iri, in self._rows(among(_LABELLED, "label", labels))}).values())

    def like(self, label: str, language: str, kind: str) -> list[Thing]:
        """Return the first few things of a kind that have a name, or a word of one, in common with a label."""
        words = words_of(label)[:LONGEST_NAME]
        called = self._inquiry.called([" ".join(map(singular, words)), *(PART + stem(word) for word in words)], language)
        found = [one.thing for one in called if one.kind == kind]
        telling = sorted((word for word in words if len(word) >= SHORTEST_TELLING), key=len, reverse=True)[:MOST_TELLING]
        found += [one.thing for one in self._inquiry.search(" ".join(telling), language, (kind,), NEAR).found]
        if kind in _LISTS:
            rows = self._rows(bind(_OF_CLASS, {"class": NamedNode(_LISTS[kind])}))
            listed = {iri.rpartition("/")[2]: iri for iri, in rows}
            found += [listed[key] for key in difflib.get_close_matches("-".join(words), listed, NEAR)]
        found = list(dict.fromkeys(found))
        things = self.things(found[:NEAR])
        return [things[iri] for iri in found[:NEAR] if iri in things]

    def listed(self, of_class: str) -> list[Thing]:
        """Return the things of a class that can be told by a name, at most MOST_LISTED."""
        iris = [iri for iri, in self._rows(bind(f"{_OF_CLASS} LIMIT {MOST_LISTED}", {"class": NamedNode(of_class)}))]
        return [thing for thing in self.things(iris).values() if thing.labels]

    def _rows(self, query: str) -> Iterator[list[str]]:
        for row in self._inquiry.table(query).rows:
            yield [cell.text if cell else "" for cell in row]


def _parts(iris: Collection[str]) -> Iterator[list[NamedNode]]:
    """Yield IRIs of ours, as many at a time as a query can hold."""
    known = [NamedNode(iri) for iri in sorted({iri for iri in iris if iri.startswith(BASE)})]
    for start in range(0, len(known), AT_ONCE):
        yield known[start:start + AT_ONCE]
