"""Turns what a user wrote for a parameter into a value that the graph has, or tells the nearest ones that it has."""

import difflib
import re
from collections.abc import Callable

from kg.errors import ParameterInvalid
from kg.names import PREFIXES, compact, expand, kind_of, thing_iri
from kg.parameters import LANGUAGES, Parameter, iri_of, names_iri
from kg.store.rdf import Literal, NamedNode
from kg.store.sparql import bind
from kg.words import folded

_IS_OF_CLASS = "ASK { ?thing a ?class }"
_NAMES_OF_CLASS = f"""PREFIX rdfs: <{PREFIXES["rdfs"]}> PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?thing ?name WHERE {{ ?thing a ?class ; rdfs:label|skos:altLabel ?name }}"""
_LABELS_OF_CLASS = f"""PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT ?thing ?name WHERE {{ ?thing a ?class ; rdfs:label ?name }} ORDER BY ?thing LANG(?name) ?name"""
_THINGS = "SELECT DISTINCT ?thing WHERE { ?thing a ?class FILTER(ISIRI(?thing)) }"
_VALUES = f"""PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT DISTINCT ?value ?name WHERE {{ ?thing ?property ?value OPTIONAL {{ ?value rdfs:label ?name }} }}"""
_IS_SPOKEN_OF = "ASK { { ?thing ?p ?o } UNION { ?s ?thing ?o } UNION { ?s ?p ?thing } UNION { GRAPH ?thing { ?s ?p ?o } } }"
_ENDING_IN = """SELECT DISTINCT ?thing
WHERE { ?thing a ?class FILTER(ISIRI(?thing) && REPLACE(STR(?thing), "^.*[/#]", "") = ?last) } ORDER BY ?thing LIMIT 3"""
SHOWN = 12

Ask = Callable[[str], list[list[str]]]


def looked_up(parameter: Parameter, text: str, ask: Ask) -> str:
    """Return what a text names, as Parameter.term takes it: an IRI for a thing, else the text itself.

    ask: SPARQL → the texts of its rows, in which an ASK has one, ``true`` or ``false``. Raises ParameterInvalid for what is not
    in the graph, with the nearest that is.
    """
    if parameter.kind == "class":
        return _thing(parameter, text, ask)
    if parameter.kind == "one of":
        return _value(parameter, text, ask)
    if parameter.kind == "iri":
        _check_is_spoken_of(parameter, text, ask)
    return text


def offered(parameter: Parameter, ask: Ask) -> dict[str, list[str]]:
    """Return what may be written for a parameter, in order, each with its labels, English first; nothing where no list is finite.

    ask: as looked_up takes it. For an ``iri`` all things and terms are given, without labels.
    """
    if parameter.kind == "language":
        return {language: [] for language in LANGUAGES}
    kind = kind_of(parameter.of_class)
    if parameter.kind == "class":
        rows = ask(bind(_LABELS_OF_CLASS, {"class": NamedNode(expand(parameter.of_class))}))
    elif parameter.kind == "one of":
        rows = ask(bind(_VALUES, {"property": NamedNode(expand(parameter.of_property))}))
    else:
        rows = ask(_THINGS) if parameter.kind == "iri" else []
    found: dict[str, list[str]] = {}
    for iri, *names in rows:
        found.setdefault(_key(iri, kind), []).extend(filter(None, names))
    return dict(sorted(found.items()))


def _thing(parameter: Parameter, text: str, ask: Ask) -> str:
    of_class = NamedNode(expand(parameter.of_class))
    kind = kind_of(parameter.of_class)
    for iri in (iri_of(text, kind), iri_of(text)):
        if ask(bind(_IS_OF_CLASS, {"thing": NamedNode(iri), "class": of_class})) == [["true"]]:
            return iri
    named = ask(bind(_NAMES_OF_CLASS, {"class": of_class}))
    chosen = _chosen(text, named)
    if chosen:
        return chosen
    keys = {_key(iri, kind): iri for iri, _ in sorted(named)}
    near = _near(text, [*keys, *(name for _, name in named)])
    english, spanish = _choice(near, keys)
    raise ParameterInvalid(
        f"{parameter.name}={text} will not do: there is no {kind or _worded(parameter.of_class)} of that key or name. {english} "
        f"The query list_things with class={parameter.of_class} lists them all.",
        f"{parameter.name}={text} no sirve: no hay nada de esa clase ({kind or parameter.of_class}) con esa clave o ese nombre. "
        f"{spanish} La pregunta list_things con class={parameter.of_class} los muestra todos.",
        (parameter.name, text), {one: one for one in near})


def _worded(of_class: str) -> str:
    """Return what a class is called in a sentence, from its name as a term."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", of_class.partition(":")[2]).lower()


def _value(parameter: Parameter, text: str, ask: Ask) -> str:
    found = ask(bind(_VALUES, {"property": NamedNode(expand(parameter.of_property))}))
    named = [(value, name or value) for value, name in found]
    if text in {value for value, _ in named}:
        return text
    if names_iri(text) and iri_of(text) in {value for value, _ in named}:
        return iri_of(text)
    if chosen := _chosen(text, [list(pair) for pair in named]):
        return chosen
    keys = {_key(value, ""): value for value, _ in sorted(named)}
    english, spanish = _choice(_near(text, [*keys]), keys)
    raise parameter.refusal(text, f"{parameter.of_property} has no such value in the graph. {english}",
                            f"{parameter.of_property} no tiene ese valor en el grafo. {spanish}")


def _check_is_spoken_of(parameter: Parameter, text: str, ask: Ask) -> None:
    iri = iri_of(text)
    if ask(bind(_IS_SPOKEN_OF, {"thing": NamedNode(iri)})) == [["true"]]:
        return
    last = re.split(r"[/#:]", text)[-1]
    near = [_key(row[0], "") for row in ask(bind(_ENDING_IN, {"last": Literal(last)}))]
    english, spanish = (_meant(near) if near else
                        ("Write a prefixed name (par:Tool), kind and key (tool/quality) or an IRI.",
                         "Escriba un nombre con prefijo (par:Tool), tipo y clave (tool/quality) o un IRI."))
    raise ParameterInvalid(f"{parameter.name}={text} will not do: the graph says nothing of <{iri}>. {english}",
                           f"{parameter.name}={text} no sirve: el grafo no dice nada de <{iri}>. {spanish}")


def _chosen(text: str, named: list[list[str]]) -> str:
    """Return the one thing that has this name, or whose IRI ends in it; nothing where there is none, or more than one."""
    by_name = {iri for iri, name in named if folded(name) == folded(text)}
    by_key = {iri for iri, _ in named if iri.rpartition("/")[2] == text}
    for found in (by_name, by_key):
        if len(found) == 1:
            return found.pop()
    return ""


def _near(text: str, names: list[str]) -> list[str]:
    """Return the names that are spelled much like a text, the nearest first."""
    once = {folded(name): name for name in reversed(names)}  # a key and a label that differ in case alone are one choice
    return difflib.get_close_matches(text.rpartition("/")[2], list(once.values()), 3, 0.4)


def _choice(near: list[str], keys: dict[str, str]) -> tuple[str, str]:
    """Return what to write in the place of a text, in English and in Spanish: what is near it, or the first keys."""
    some = ", ".join(list(keys)[:SHOWN])
    return _meant(near) if near else (f"Choose from: {some}.", f"Elija entre: {some}.")


def _meant(near: list[str]) -> tuple[str, str]:
    return f"Did you mean {' or '.join(near)}?", f"¿Quiso decir {' o '.join(near)}?"


def _key(iri: str, kind: str) -> str:
    """Return what a user may write for a thing: its key where the kind is known, else kind and key or a prefixed name."""
    key = iri.removeprefix(thing_iri(kind, "")) if kind else iri
    return compact(key).removeprefix(thing_iri("", "").removesuffix("/"))
