"""Turns the classes that a form asks for into what can be chosen of each: names as a person would write them."""

from collections import Counter
from collections.abc import Mapping

from kg.entry.form import Form
from kg.names import brief
from kg.submissions.known import Known, Thing
from kg.words import folded


def choices_of(form: Form, known: Known, language: str) -> dict[str, list[str]]:
    """Return, by the IRI of each class of which things are asked for, what these are called in a language, in its order.

    A name that several have is followed by kind and key in brackets, by which it can be told.
    """
    classes = {one.of_class for record in form.records for one in record.asked() if one.kind == "thing" and one.of_class}
    return {of_class: _names(known.listed(of_class), language) for of_class in sorted(classes)}


def _names(things: list[Thing], language: str) -> list[str]:
    names = {thing.iri: _name(thing.labels, language) for thing in things}
    often = Counter(map(folded, names.values()))
    told = [name if often[folded(name)] == 1 else f"{name} ({brief(iri)})" for iri, name in names.items()]
    return sorted(told, key=folded)


def _name(labels: Mapping[str, str], language: str) -> str:
    return labels.get(language) or next(iter(labels.values()))
