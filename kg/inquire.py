"""Turns questions into answers over the current revision: a query's text, or a name of the catalogue with parameters.

Every face of the project (command line, pages, API) asks here, and differs only in how it shows the answer.
"""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from kg.catalogue import Catalogue, Query
from kg.errors import ParameterInvalid, QueryMalformed, StoreUnavailable
from kg.names import KIND_OF_CLASS, expand, thing_iri
from kg.store.engine import Question
from kg.store.rdf import NamedNode
from kg.store.readers import Readers
from kg.store.revisions import DataFolder, Revision
from kg.store.sparql import bind, query_form

_THING_EXISTS = "ASK { ?thing a ?class }"
_THINGS_OF_CLASS = "SELECT ?thing WHERE { ?thing a ?class } ORDER BY ?thing LIMIT 10000"


@dataclass(frozen=True)
class Cell:
    """A value in a row: its text, ``uri``, ``literal`` or ``bnode``, and for a literal its language and datatype, if any."""

    text: str
    kind: str = "literal"
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Table:
    """An answer as rows: the columns in order, and for each row its cells; a cell that is None has no value."""

    columns: list[str]
    rows: list[list[Cell | None]]


class Inquiry:
    """Answers questions over whatever revision the data folder serves at the moment of asking."""

    def __init__(self, folder: DataFolder, readers: Readers, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._folder = folder
        self._readers = readers

    def revision(self) -> Revision:
        """Return the revision that is served. Raises StoreUnavailable before the first build."""
        revision = self._folder.current()
        if revision is None:
            raise StoreUnavailable(f"There is no graph in {self._folder.path} yet. Run parkg build.")
        return revision

    def answer(self, query: str, format: str, default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = ()) -> bytes:
        """Answer SPARQL text in a format of kg.store.engine, over the dataset chosen. Raises what Readers.answer raises."""
        question = Question(query, format, default_graphs, named_graphs)
        return self._readers.answer(self._folder.directory(self.revision()), question)

    def table(self, query: str) -> Table:
        """Answer SPARQL text as rows; an ASK has one column, ``answer``, of one row.

        Raises what Readers.answer raises, and QueryMalformed for a query whose answer is a graph.
        """
        if query_form(query) in ("CONSTRUCT", "DESCRIBE"):
            raise QueryMalformed("The answer to this query is a graph, not a table. "
                                 "Ask for Turtle, JSON-LD, N-Triples or RDF/XML.")
        answer = json.loads(self.answer(query, "json"))
        if "boolean" in answer:
            return Table(["answer"], [[Cell("true" if answer["boolean"] else "false")]])
        columns = answer["head"]["vars"]
        return Table(columns, [[_cell(binding.get(c)) for c in columns] for binding in answer["results"]["bindings"]])

    def bound(self, name: str, given: Mapping[str, str]) -> str:
        """Return the SPARQL of a query of the catalogue with its parameters in place.

        Raises QueryUnknown or ParameterInvalid; for a thing that is not there, with the nearest ones that are.
        """
        query = self.catalogue.get(name)
        bound = query.bound(given)
        for parameter in query.parameters:
            text = given.get(parameter.name, "").strip()
            if text and parameter.type in KIND_OF_CLASS:
                self._check_exists(query, parameter.name, parameter.type, text)
        return bound

    def _check_exists(self, query: Query, name: str, type: str, text: str) -> None:
        kind = KIND_OF_CLASS[type]
        iri = expand(text)
        term = NamedNode(iri if "://" in iri else thing_iri(kind, iri))
        of_class = NamedNode(expand(type))
        if self.table(bind(_THING_EXISTS, {"thing": term, "class": of_class})).rows[0][0] == Cell("true"):
            return
        start = thing_iri(kind, "")
        things = self.table(bind(_THINGS_OF_CLASS, {"class": of_class})).rows
        keys = [row[0].text.removeprefix(start) for row in things if row[0]]
        near = difflib.get_close_matches(text.removeprefix(start), keys, 3, 0.4)
        choice = f"Did you mean {' or '.join(near)}?" if near else f"Choose from: {', '.join(keys[:12])}."
        raise ParameterInvalid(f"{name}={text} will not do: there is no {kind} of that key. {choice} "
                               f"All keys: parkg query list_things class={type}")


def _cell(binding: Mapping[str, str] | None) -> Cell | None:
    if binding is None:
        return None
    return Cell(binding["value"], binding["type"], binding.get("xml:lang", ""), binding.get("datatype", ""))
