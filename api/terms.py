"""Turns the terms of the ontology into its reference: by module, in both languages, with what hangs together with each."""

from dataclasses import dataclass

from api.answers import inquiry, shown
from api.memory import remembered
from kg.inquire import Cell
from kg.names import expand
from kg.parameters import LANGUAGES
from kg.store.rdf import Literal
from kg.store.sparql import bind

_TITLES = f"""SELECT ?module ?title {{ ?module a <{expand("owl:Ontology")}> ; <{expand("dcterms:title")}> ?title
  FILTER(LANG(?title) = ?language) }}"""


@dataclass(frozen=True)
class Term:
    """A class or a property. key: its anchor; short: with its prefix; the other texts: in the other language.

    parent, domain, range, inverse: terms, or None where there is none; count: how many things are of a class.
    """

    key: str
    short: str
    is_class: bool
    label: str
    definition: str
    other_label: str
    other_definition: str
    parent: Cell | None
    domain: Cell | None
    range: Cell | None
    inverse: Cell | None
    count: str


@dataclass(frozen=True)
class Module:
    """A module of the ontology with its terms by name. title: what a page calls it; iri: empty for terms of no module."""

    name: str
    title: str
    iri: str
    terms: list[Term]


def modules_of(module: str, language: str) -> list[Module]:
    """Return the modules of the ontology, or the one of an IRI, each with its terms; by name."""
    given = {"module": module} if module else {}
    own, other = (remembered(inquiry().bound("list_terms", {**given, "language": code})).rows
                  for code in sorted(LANGUAGES, key=lambda code: code != language))
    elsewhere = {row[0]: row for row in other}
    inverses = {row[0].text: row[2] for row in remembered(inquiry().bound("list_inverse_properties", {})).rows if row[0]}
    counts = {row[0].text: row[2].text for row in remembered(inquiry().bound("count_things", {})).rows if row[0] and row[2]}
    found: dict[str, list[Term]] = {}
    seen: set[tuple[str, str]] = set()
    for row in own:
        term, label, definition, kind, parent, domain, range, where = row
        home = where.text if where else ""
        if term is None or label is None or definition is None or kind is None or (home, term.text) in seen:
            continue
        seen.add((home, term.text))
        _, label_there, definition_there, *_ = elsewhere.get(term, row)
        found.setdefault(home, []).append(Term(
            term.text.partition("#")[2] or term.text, shown(term), kind.text.endswith("#Class"), label.text, definition.text,
            label_there.text if label_there else "", definition_there.text if definition_there else "", parent, domain, range,
            inverses.get(term.text), counts.get(term.text, "")))
    titles = {row[0].text: row[1].text for row in inquiry().table(bind(_TITLES, {"language": Literal(language)})).rows
              if row[0] and row[1]}
    names = {home: home.rpartition("/")[2] for home in found}
    return [Module(names[home], titles.get(home, "").rpartition(": ")[2] or names[home].replace("_", " "), home, terms)
            for home, terms in sorted(found.items())]
