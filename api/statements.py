"""Turns triples into what a page shows of them: thing by thing, each with its name, its properties and values by theirs."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.answers import names_of
from kg.contributions.versions import label_of
from kg.names import brief
from kg.store.rdf import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Statement:
    """A property and a value of a thing, with what they are called; a value that is a text has its language, if it has one."""

    property: str
    property_name: str
    value: str
    value_name: str
    is_thing: bool
    language: str = ""


@dataclass(frozen=True)
class Group:
    """What is stated of one thing."""

    thing: str
    name: str
    statements: list[Statement]


def grouped(triples: Iterable[Triple], known: list[Triple], language: str) -> list[Group]:
    """Return triples by thing, in their order; names are those that ``known`` states, or else those of the revision."""
    triples = list(triples)
    iris = {term.value for triple in triples for term in (triple.subject, triple.predicate, triple.object)
            if isinstance(term, NamedNode)}
    names = {**{iri: brief(iri) for iri in iris}, **names_of(iris, language)}
    names |= {iri: name for iri in iris if (name := label_of(known, iri, language)) != iri}
    groups: dict[str, Group] = {}
    for triple in triples:
        thing = _text(triple.subject)
        group = groups.setdefault(thing, Group(thing, names.get(thing, thing), []))
        group.statements.append(_statement(triple, names))
    return list(groups.values())


def _statement(triple: Triple, names: dict[str, str]) -> Statement:
    value, property = triple.object, triple.predicate.value
    text = _text(value)
    language = (value.language or "") if isinstance(value, Literal) else ""
    return Statement(property, names[property], text, names.get(text, text) if isinstance(value, NamedNode) else text,
                     isinstance(value, NamedNode), language)


def _text(term: Term) -> str:
    return str(term) if isinstance(term, Triple) else term.value
