"""Turns a revision into the rows of an index: the labels and texts of its things, and the names by which they are called."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from kg.names import BASE, HAS_NAMED_GRAPH, PREFIXES, RDFS_LABEL, SKOS_DEFINITION, XSD_STRING, compact
from kg.parameters import LANGUAGES
from kg.store.rdf import BlankNode, Literal, NamedNode, Triple
from kg.store.sparql import among
from kg.words import singular, stem, words_of

# What is named after a sentence, or after something else, is nothing that a question names.
_UNNAMED = {"guidance", "argument", "claim", "participation", "observation", "graph", "passage", "quantity", "discrepancy",
            "tool-application", "approach-application", "concept-scheme", "ontology", "unit", "component", "value-status",
            "canvas-group", "chain-element", "guidance-kind", "passage-kind", "queries"}
LONGEST_NAME = 9  # words
PART = "~"  # before a stem that is a part of a name
# One word of its name tells an entry way or a tool, unless more names than these have it.
TOLD_BY_A_WORD, MOST_NAMES_OF_A_WORD = ("entry-way", "tool"), 100
# The words of its name, so many of them, tell one of these in whatever order they stand and whatever stands between.
_TOLD_BY_WORDS, MOST_WORDS_OF_A_NAME = ("tool", "entry-way", "experience", "process", "project", "cluster-case", "theme",
                                        "partnership-case", "alliance-case", "policy-instrument", "financing-source"), 4

_NAMING = {RDFS_LABEL, PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "prefLabel"}
_THINGS = "VALUES ?thing {}"  # in a query of all things left out
_LITERALS = f"""SELECT ?thing ?p ?o {{ {_THINGS}
  ?thing ?p ?o FILTER(ISIRI(?thing) && ISLITERAL(?o)
  && (LANG(?o) IN ("en", "es") || DATATYPE(?o) = <{XSD_STRING}>)) }}"""
# Of the passages that speak of a thing the one that says most; the first where two say as much.
_PASSAGES = f"""SELECT ?thing ?passage {{
  {{ SELECT ?thing ?passage (COUNT(?p) AS ?statements)
     {{ {_THINGS}
        ?passage <{HAS_NAMED_GRAPH}> ?graph GRAPH ?graph {{ ?thing ?p ?o }} }} GROUP BY ?thing ?passage }}
}} ORDER BY ?statements DESC(?passage)"""
# A quantity, an event and the like are told of a thing.
_WHOSE = f"""PREFIX par: <{PREFIXES["par"]}>
SELECT ?thing ?whose {{ {_THINGS}
  ?whose par:hasQuantity|par:hasEvent|par:hasParticipation|par:hasGuidance ?thing
  FILTER(ISIRI(?whose)) }} ORDER BY ?thing ?whose"""
_CLASSES = f"""SELECT ?thing ?class {{ {_THINGS}
  ?thing a|<{PREFIXES["rdfs"]}subClassOf> ?class
  FILTER(STRSTARTS(STR(?class), "{PREFIXES["par"]}")) }} ORDER BY ?thing ?class"""


class Asked(Protocol):
    """What is needed of a revision."""

    def rows(self, select: str) -> list[list[NamedNode | BlankNode | Literal | Triple | None]]:
        """Return the rows of a SELECT query, in its order."""


def entries(revision: Asked, things: Collection[str] = ()) -> Iterator[tuple[str, str, str, str, str, str, str]]:
    """Yield a row for each thing and language: names, texts, IRI, kind, language, passage, the things of which it is told.

    things: the IRIs of those that are wanted, if not all are.
    """
    names: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    texts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for thing, property, value in revision.rows(_of(_LITERALS, things)):
        assert isinstance(thing, NamedNode)
        assert isinstance(property, NamedNode)
        assert isinstance(value, Literal)
        into = names if property.value in _NAMING else texts
        first = property.value in (RDFS_LABEL, SKOS_DEFINITION)
        for language in (value.language,) if value.language else LANGUAGES:
            into[thing.value][language].insert(0 if first else len(into[thing.value][language]), value.value)
    passages: dict[str, str] = {}
    for thing, passage in revision.rows(_of(_PASSAGES, things)):
        assert isinstance(passage, NamedNode)
        if isinstance(thing, NamedNode):
            passages[thing.value] = passage.value
    whose: dict[str, list[str]] = defaultdict(list)
    for thing, of in revision.rows(_of(_WHOSE, things)):
        if isinstance(thing, NamedNode) and isinstance(of, NamedNode):
            whose[thing.value].append(of.value)
    for iri in sorted(iri for iri in names if kind_of_thing(iri)):
        for language in LANGUAGES:
            named = names[iri][language] or [label for other in LANGUAGES for label in names[iri][other]]
            yield ("; ".join(named), " · ".join(texts[iri][language]), iri, kind_of_thing(iri), language, passages.get(iri, ""),
                   " ".join(whose[iri]))


def called(revision: Asked, having: Iterable[tuple[str, str, str, str]], things: Collection[str] = ()
           ) -> Iterator[tuple[str, str, str, str, bool, str]]:
    """Yield each thing's names, then of those told by a word the stems that no other of their kind has.

    having: thing, kind, language and label of all, or of those that are wanted where none is told by a word; things: the IRIs of
    those that are wanted, if not all are.
    """
    classes: dict[str, list[str]] = defaultdict(list)
    for one, of_class in revision.rows(_of(_CLASSES, things)):
        if isinstance(one, NamedNode) and isinstance(of_class, NamedNode):
            classes[one.value].append(compact(of_class.value))
    of_word: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for thing, kind, language, label in having:
        names = [words_of(name) for name in label.split("; ")]
        if kind in (*TOLD_BY_A_WORD, "experience"):
            names.append(words_of(thing.rpartition("/")[2]))
        for name in names:
            for word in name:
                of_word[language, stem(word)].add((thing, kind))
            if things and thing not in things:
                continue
            if len(name) <= LONGEST_NAME and kind not in _UNNAMED:
                yield " ".join(map(singular, name)), language, thing, kind, True, " ".join(classes[thing])
            bag = bag_of(name)
            if kind in _TOLD_BY_WORDS and 1 < len(bag) <= MOST_WORDS_OF_A_NAME:
                yield PART + " ".join(bag), language, thing, kind, False, " ".join(classes[thing])
    for (language, word), bearers in of_word.items():
        for kind in TOLD_BY_A_WORD if len(bearers) <= MOST_NAMES_OF_A_WORD else ():
            of_kind = [thing for thing, its_kind in bearers if its_kind == kind]
            if len(of_kind) == 1 and (not things or of_kind[0] in things):
                yield PART + word, language, of_kind[0], kind, False, " ".join(classes[of_kind[0]])


def _of(query: str, things: Collection[str]) -> str:
    """Return a query asked of some things alone, if there are some."""
    return among(query, "thing", map(NamedNode, sorted(things))) if things else query.replace(_THINGS, "")


def bag_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return the stems of some words, each once and in order of the alphabet, without those of less than four letters."""
    return tuple(sorted({stem(word) for word in words if len(word) > 3}))


def kind_of_thing(iri: str) -> str:
    """Return what a thing is called a kind of: the folder of /id/, ``term``, ``graph``, or nothing for what is not ours."""
    path = iri.removeprefix(BASE)
    if path == iri:
        return ""
    return "term" if path.startswith("ontology#") else path.removeprefix("id/").partition("/")[0]
