"""Turns the terms of the ontology into its reference: by module, in both languages, with what hangs together with each."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.answers import inquiry, names_of, shown
from api.memory import remembered
from kg.inquire import Cell
from kg.names import expand
from kg.parameters import LANGUAGES
from kg.store.rdf import Literal
from kg.store.sparql import bind

_TITLES = f"""SELECT ?module ?title {{ ?module a <{expand("owl:Ontology")}> ; <{expand("dcterms:title")}> ?title
  FILTER(LANG(?title) = ?language) }}"""


MOST_ASKED = 50  # terms in one query


@dataclass(frozen=True)
class Term:
    """A class or a property. key: its anchor; short: with its prefix; the other texts: in the other language.

    parent, domain, range, inverse: terms, or None where there is none; count: how many things are of a class; example: a thing
    of the class, or one that has the property and its value, each with its name; nothing where the data have none.
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
    example: list[tuple[Cell, str]]


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
    examples = _examples([(row[0], row[3]) for row in own if row[0] and row[3]], language)
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
            inverses.get(term.text), counts.get(term.text, ""), examples.get(term.text, [])))
    titles = {row[0].text: row[1].text for row in inquiry().table(bind(_TITLES, {"language": Literal(language)})).rows
              if row[0] and row[1]}
    names = {home: home.rpartition("/")[2] for home in found}
    return [Module(names[home], titles.get(home, "").rpartition(": ")[2] or names[home].replace("_", " "), home, terms)
            for home, terms in sorted(found.items())]


def _examples(terms: Iterable[tuple[Cell, Cell]], language: str) -> dict[str, list[tuple[Cell, str]]]:
    """Return by term what the index has first of it: a thing, or a thing and a value; terms: each with its kind."""
    first = dict.fromkeys(f"{{ SELECT (<{term.text}> AS ?term) ?thing ?value {{ ?thing "
                          + (f"a <{term.text}>" if kind.text.endswith("#Class") else
                             f'<{term.text}> ?value FILTER(!ISLITERAL(?value) || LANG(?value) IN ("", "{language}"))')
                          + " } LIMIT 1 }" for term, kind in terms)
    asked = list(first)
    rows = [row for at in range(0, len(asked), MOST_ASKED) for row in remembered(
        "SELECT ?term ?thing ?value {\n" + "\nUNION ".join(asked[at:at + MOST_ASKED]) + " }").rows]
    names = names_of({cell.text for row in rows for cell in row if cell and cell.kind == "uri"}, language)
    return {row[0].text: [(cell, names.get(cell.text) or shown(cell)) for cell in row[1:] if cell] for row in rows if row[0]}
