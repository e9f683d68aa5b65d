"""Turns a passage and what a row says into the address of the line of the passage's page that states it.

On the page of a passage each thing that it states something of has a line, with kind and key of the thing as its anchor. The line
of a row is that of the thing whose statements in the passage have most of what the row says: of an application the line where a
tool, an entry way and an experience come together, of a number that of its quantity.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from flask import g

from api.answers import inquiry, local
from api.memory import keep, recalled
from kg.inquire import Table
from kg.names import HAS_NAMED_GRAPH, PREFIXES, RDFS_LABEL, path_of
from kg.store.rdf import Literal, NamedNode
from kg.store.sparql import among, bind

_NOT_SHOWN = PREFIXES["par"] + "hasGuidance"  # whose values have lines of their own, which name the thing
_TOGETHER = 20  # passages of which a page asks at once
_MOST = 12_000  # IRIs and texts that are looked at for one page; with more behind it, its other marks lead to whole passages
_KEPT = "stated in a passage"
_STATED = f"""SELECT ?passage ?subject ?property ?value WHERE {{
  VALUES ?passage {{}}
  ?passage <{HAS_NAMED_GRAPH}> ?graph .
  GRAPH ?graph {{ ?subject ?property ?stated }}
  FILTER EXISTS {{ ?subject <{RDFS_LABEL}> ?label FILTER(LANG(?label) = ?language) }}
  OPTIONAL {{ ?subject ?property ?said FILTER(LANG(?stated) != "" && LANG(?said) = ?language) }}
  BIND(COALESCE(?said, ?stated) AS ?value)
}}
ORDER BY ?passage ?subject ?property STR(?value)"""

Told = Mapping[str, set[str]]
"""By each IRI and text of what a passage states the things of which it states it, or that it is."""


def expect(passages: Iterable[str]) -> None:
    """Have what these passages state looked up together, once a mark leads to the first of them; each is an IRI."""
    expected: dict[str, None] = g.setdefault("expected", {})
    expected.update(dict.fromkeys(one for one in passages if path_of(one).startswith("passage/")))


def expect_in(table: Table) -> None:
    """Do the same with the passages that a table names."""
    expect(cell.text for row in table.rows for cell in row if cell and cell.kind == "uri")


def said_at(passage: str, says: Mapping[str, int] | Iterable[str], language: str) -> str:
    """Return the path at which a passage says something: that of its page, with the anchor of the line where it has one.

    says: the IRIs and texts of a row, each with how much it tells, if they do not tell the same.
    """
    page = local(passage)
    if not path_of(passage).startswith("passage/"):
        return page
    stated, says = _stated_in(passage, language), Counter(says)
    found: Counter[str] = Counter()
    for one, tells in says.items():
        for thing in stated.get(one, ()):
            found[thing] += tells
    meant = {thing for one in says if not _is_number(one) for thing in stated.get(one, ())}
    best = min(meant, key=lambda thing: (-found[thing], thing not in says, thing), default="")
    return f"{page}#{path_of(best)}" if best else page


def _is_number(text: str) -> bool:
    """Tell whether a text is a number, which by itself says nothing of what it is a number of."""
    return text.lstrip("-").replace(".", "", 1).isdecimal()


def _stated_in(passage: str, language: str) -> Told:
    known: dict[tuple[str, str], Told] = g.setdefault("stated_in", {})
    if (passage, language) not in known:
        expect([passage])
        unknown = [one for one in g.expected if (one, language) not in known]
        for at in range(0, len(unknown), _TOGETHER):
            together = unknown[at:at + _TOGETHER]
            enough = sum(map(len, known.values())) > _MOST
            known.update({(one, language): {} for one in together} if enough else _told(together, language))
    return known[passage, language]


def _told(passages: Sequence[str], language: str) -> dict[tuple[str, str], Told]:
    kept = {(one, language): told for one in passages if (told := recalled(_KEPT, one, language)) is not None}
    missing = [one for one in passages if (one, language) not in kept]
    return kept | (_looked_up(missing, language) if missing else {})


def _looked_up(passages: Sequence[str], language: str) -> dict[tuple[str, str], Told]:
    found: dict[str, dict[str, set[str]]] = {passage: {} for passage in passages}
    asked = among(bind(_STATED, {"language": Literal(language)}), "passage", map(NamedNode, passages))
    for row in inquiry().table(asked).rows:
        passage, subject, property, value = (cell.text if cell else "" for cell in row)
        if path_of(subject):
            for one in (subject, property, *([value] if property != _NOT_SHOWN else ())):
                found[passage].setdefault(one, set()).add(subject)
    for passage, told in found.items():
        keep(told, 1 + sum(map(len, told.values())), _KEPT, passage, language)
    return {(passage, language): told for passage, told in found.items()}
