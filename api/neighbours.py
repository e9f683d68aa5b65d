"""Turns a thing, however many neighbours it has, into pages of what is stated of it and of what names it.

Page n has the n-th five hundred statements of the thing and the n-th five hundred that name it, so that no page grows with the
graph. What a thing is called comes before what it is linked with, so the first page has its labels.

Which five hundred is left to the order of the index, which does not change as long as the revision does not: sorting ten thousand
neighbours to show five hundred took a hundred times as long. What is then found is sorted, so a page has the same bytes each
time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import request
from werkzeug.exceptions import NotFound

from api.answers import inquiry
from api.memory import remembered
from kg.inquire import Table
from kg.names import GRAPH, PREFIXES
from kg.store.rdf import Literal, NamedNode
from kg.store.sparql import at_offset, bind

PAGE_SIZE = 500

_COUNTED = """SELECT ?out ?in ?held {
{ SELECT (COUNT(*) AS ?out) { ?thing ?p ?o } } { SELECT (COUNT(*) AS ?in) { ?s ?q ?thing } }
{ SELECT (COUNT(*) AS ?held) { GRAPH ?thing { ?x ?y ?z } } } }"""
_OUT = f"{{ SELECT ?p ?o {{ ?thing ?p ?o }} ORDER BY ISIRI(?o) LIMIT {PAGE_SIZE} OFFSET 0 }}"
_IN = f"{{ SELECT ?s ?q {{ ?s ?q ?thing }} LIMIT {PAGE_SIZE} OFFSET 0 }}"
_AS_GRAPH = f"CONSTRUCT {{ ?thing ?p ?o . ?s ?q ?thing }} WHERE {{ {_OUT} UNION {_IN} }}\nORDER BY ?p STR(?o) LANG(?o) ?o ?q ?s"
_AS_QUADS = f"""SELECT ?subject ?property ?value ?graph {{
{{ {_OUT} GRAPH ?graph {{ ?thing ?p ?o }} BIND(?thing AS ?subject) BIND(?p AS ?property) BIND(?o AS ?value) }}
UNION {{ {_IN} GRAPH ?graph {{ ?s ?q ?thing }} BIND(?s AS ?subject) BIND(?q AS ?property) BIND(?thing AS ?value) }}
FILTER(STRSTARTS(STR(?graph), ?public)) }}
ORDER BY ?graph ?subject ?property STR(?value) LANG(?value) ?value"""
_NAMED = f"""
  OPTIONAL {{ ?property <{PREFIXES["rdfs"]}label> ?property_label FILTER(LANG(?property_label) = ?language) }}
  OPTIONAL {{ ?passage <{PREFIXES["par"]}hasNamedGraph> ?graph ; <{PREFIXES["rdfs"]}label> ?passage_label
    FILTER(LANG(?passage_label) = ?language) }}
  OPTIONAL {{ ?graph <{PREFIXES["rdfs"]}label> ?graph_label FILTER(LANG(?graph_label) = ?language) }}
  BIND(COALESCE(?passage_label, ?graph_label) AS ?source)
  FILTER(STRSTARTS(STR(?graph), ?public)) }}"""
_STATEMENTS = f"""SELECT ?property ?property_label ?value ?value_label ?graph ?source ?passage WHERE {{
  {{ SELECT (?p AS ?property) (?o AS ?value) WHERE {_OUT} }} GRAPH ?graph {{ ?thing ?property ?value }}
  OPTIONAL {{ ?value <{PREFIXES["rdfs"]}label> ?value_label FILTER(LANG(?value_label) = ?language) }}{_NAMED}
ORDER BY ?property STR(?value) LANG(?value) ?graph ?value_label"""
_MENTIONS = f"""SELECT ?subject ?subject_label ?property ?property_label ?graph ?source ?passage WHERE {{
  {{ SELECT (?s AS ?subject) (?q AS ?property) WHERE {_IN} }} GRAPH ?graph {{ ?subject ?property ?thing }}
  OPTIONAL {{ ?subject <{PREFIXES["rdfs"]}label> ?subject_label FILTER(LANG(?subject_label) = ?language) }}{_NAMED}
ORDER BY ?property ?subject ?graph"""


@dataclass(frozen=True)
class Neighbours:
    """A thing and one page of its neighbours: how many statements there are of it, that name it, and in a graph of its name."""

    thing: NamedNode
    out: int
    into: int
    held: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-max(self.out, self.into) // PAGE_SIZE))

    def graph(self) -> str:
        """Return the query for this page as a graph."""
        return self._of_page(_AS_GRAPH)

    def quads(self) -> str:
        """Return the query for this page as statements in the graphs that make them."""
        return self._of_page(_AS_QUADS)

    def statements(self, language: str) -> Table:
        """Return this page of what is stated of the thing: property, value, graph, source and its passage, with labels."""
        return remembered(self._of_page(_STATEMENTS, language))

    def mentions(self, language: str) -> Table:
        """Return this page of what is stated of others and names the thing: as statements does, with a subject for each value."""
        return remembered(self._of_page(_MENTIONS, language))

    def links(self) -> Mapping[str, str]:
        """Return the addresses of the first, previous, next and last page, as far as there are any."""
        if self.pages == 1:
            return {}
        found = {"first": 1, "prev": self.page - 1, "next": self.page + 1, "last": self.pages}
        return {name: _address(page) for name, page in found.items() if 1 <= page <= self.pages}

    def _of_page(self, query: str, language: str = "en") -> str:
        values: dict[str, NamedNode | Literal] = {"thing": self.thing, "public": Literal(GRAPH), "language": Literal(language)}
        return bind(at_offset(query, (self.page - 1) * PAGE_SIZE), values)


def neighbours_of(thing: NamedNode) -> Neighbours:
    """Count the neighbours of a thing and return the page that ``?page=`` asks for, or the first.

    Raises NotFound for a page that there is none of, saying which is the last.
    """
    (row,) = inquiry().table(bind(_COUNTED, {"thing": thing})).rows
    out, into, held = (int(cell.text) if cell else 0 for cell in row)
    asked = request.args.get("page", "1")
    found = Neighbours(thing, out, into, held, int(asked) if asked.isdecimal() and len(asked) < 9 else 0)
    if not 1 <= found.page <= found.pages:
        raise NotFound(f"There is no page {asked}; pages are numbered from 1 to {found.pages}.")
    return found


def _address(page: int) -> str:
    fields = {**request.args.to_dict(), "page": str(page)}
    return f"{quote(request.path, safe='/:@-._~')}?{urlencode(fields)}"
