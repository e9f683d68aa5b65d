"""Turns a passage and what a row says into the address of the line of the passage's page that states it.

On the page of a passage each thing that it states something of has a line, with kind and key of the thing as its anchor. The line
of a row is that of the thing whose statements in the passage have most of what the row says: of an application the line where a
tool, an entry way and an experience come together, of a number that of its quantity.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from flask import g

from api.answers import local
from api.memory import remembered
from kg.names import HAS_NAMED_GRAPH, PREFIXES, RDFS_LABEL, path_of
from kg.store.rdf import Literal, NamedNode
from kg.store.sparql import bind

_NOT_SHOWN = PREFIXES["par"] + "hasGuidance"  # whose values have lines of their own, which name the thing
_STATED = f"""SELECT ?subject ?property ?value WHERE {{
  ?passage <{HAS_NAMED_GRAPH}> ?graph .
  GRAPH ?graph {{ ?subject ?property ?stated }}
  FILTER EXISTS {{ ?subject <{RDFS_LABEL}> ?label FILTER(LANG(?label) = ?language) }}
  OPTIONAL {{ ?subject ?property ?said FILTER(LANG(?stated) != "" && LANG(?said) = ?language) }}
  BIND(COALESCE(?said, ?stated) AS ?value)
}}
ORDER BY ?subject ?property STR(?value)"""


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


def _stated_in(passage: str, language: str) -> Mapping[str, set[str]]:
    """Return by each IRI and text of what a passage states the things of which it states it, or that it is."""
    known: dict[tuple[str, str], dict[str, set[str]]] = g.setdefault("stated_in", {})
    if (passage, language) not in known:
        stated = known[passage, language] = {}
        values: dict[str, NamedNode | Literal] = {"passage": NamedNode(passage), "language": Literal(language)}
        for row in remembered(bind(_STATED, values), always=True).rows:
            subject, property, value = (cell.text if cell else "" for cell in row)
            if path_of(subject):
                for one in (subject, property, *([value] if property != _NOT_SHOWN else ())):
                    stated.setdefault(one, set()).add(subject)
    return known[passage, language]
