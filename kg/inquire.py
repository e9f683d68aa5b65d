"""Turns questions into answers over the current revision: a query's text, or a name of the catalogue with parameters.

Every face of the project (command line, pages, API) asks here, and differs only in how it shows the answer.
"""

import copy
import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from kg.catalogue import Catalogue, Query
from kg.errors import AnswerTooLarge, QueryMalformed, QueryTimeout, StoreUnavailable
from kg.lookup import looked_up
from kg.names import compact
from kg.parameters import Parameter
from kg.search import Called, Counted, Hits, Index
from kg.settings import Settings
from kg.store.abroad import Abroad
from kg.store.elsewhere import Elsewhere
from kg.store.engine import Question
from kg.store.indexes import IndexAt
from kg.store.publish import place_of
from kg.store.rdf import Literal, NamedNode
from kg.store.readers import Readers
from kg.store.revisions import DataFolder, Revision
from kg.store.sparql import bind, counted, query_form

_CLASSES = "SELECT DISTINCT ?class { ?thing a ?class }"

LARGEST_TABLE_BYTES = 8 << 20
MOST_CELLS = 200_000


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


Place = TypeVar("Place")
Found = TypeVar("Found", covariant=True)
Asked = TypeVar("Asked", contravariant=True)


class Serving(Protocol[Found]):
    """What is needed of a store: which revision it serves, and where each stands."""

    path: Any

    def current(self) -> Revision | None:
        """Return the revision that is served, or None before the first build. Raises StoreUnavailable."""

    def directory(self, revision: Revision) -> Found:
        """Return where a revision stands."""

    def index(self, revision: Revision) -> IndexAt:
        """Return where the index of a revision is."""

    def read_from(self, revision: Revision) -> str:
        """Return where a revision is read from now: disk, memory or another store."""


class Answering(Protocol[Asked]):
    """What is needed of what answers."""

    def answer(self, place: Asked, question: Question, /) -> bytes:
        """Answer a question over the revision that stands in a place. Raises what Readers.answer raises."""


class Inquiry:
    """Answers questions over whatever revision the store serves at the moment of asking."""

    def __init__(self, folder: Serving[Place], readers: Answering[Place], catalogue: Catalogue,
                 abroad: Abroad | None = None) -> None:
        """abroad: the hosts that queries may ask; without it they may ask none."""
        self.catalogue = catalogue
        self.abroad = abroad or Abroad()
        self._pinned: Revision | None = None
        self._path = folder.path
        self._current = folder.current
        self._index_of = folder.index
        self._read_from = folder.read_from
        self._ask: Callable[[Revision, Question], bytes] = lambda revision, question: readers.answer(
            folder.directory(revision), question)

    def pinned(self) -> "Inquiry":
        """Return an inquiry into the revision that is served now, whatever is committed while it asks.

        What is asked in several queries, or carries the number of its revision, needs one. Raises StoreUnavailable.
        """
        pinned = copy.copy(self)
        pinned._pinned = self.revision()
        return pinned

    def revision(self) -> Revision:
        """Return the revision that is served. Raises StoreUnavailable before the first build."""
        revision = self._pinned or self._current()
        if revision is None:
            raise StoreUnavailable(f"There is no graph in {self._path} yet. Run parkg build, or name the folder that "
                                   "has one with PARKG_DATA.")
        return revision

    def read_from(self) -> str:
        """Return where the revision is read from now: disk, memory or another store. Raises StoreUnavailable."""
        return self._read_from(self.revision())

    def answer(self, query: str, format: str, default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = ()) -> bytes:
        """Answer SPARQL text in a format of kg.store.engine, over the dataset chosen.

        Raises what Readers.answer raises; for a query that calls other endpoints also what Abroad.federated raises.
        """
        began = time.monotonic()
        query = self.abroad.federated(query)
        spent_s = time.monotonic() - began
        return self._ask(self.revision(), Question(query, format, default_graphs, named_graphs, spent_s))

    def form(self, query: str) -> str:
        """Return the form of a query. Raises what kg.store.sparql.query_form raises."""
        return query_form(query, bool(self.abroad.allowed))

    def table(self, query: str, default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = ()) -> Table:
        """Answer SPARQL text as rows; an ASK has one column, ``answer``, of one row.

        Raises what Readers.answer raises, QueryMalformed for a query whose answer is a graph, and AnswerTooLarge.
        """
        if self.form(query) in ("CONSTRUCT", "DESCRIBE"):
            raise QueryMalformed("The answer to this query is a graph, not a table. "
                                 "Ask for Turtle, JSON-LD, N-Triples or RDF/XML.")
        body = self.answer(query, "json", default_graphs, named_graphs)
        answer = json.loads(body) if len(body) <= LARGEST_TABLE_BYTES else None
        if answer is None or _cells(answer) > MOST_CELLS:
            raise AnswerTooLarge("The answer is too large for a table to be read. Ask for it as CSV, TSV, JSON or XML, or add a "
                                 "LIMIT.")
        if "boolean" in answer:
            return Table(["answer"], [[Cell("true" if answer["boolean"] else "false")]])
        columns = answer["head"]["vars"]
        return Table(columns, [[_cell(binding.get(c)) for c in columns] for binding in answer["results"]["bindings"]])

    def search(self, text: str, language: str = "en", kinds: Collection[str] = (), limit: int = 20, texts: str = "",
               begun: bool = False, after: int = 0) -> Hits:
        """Find the things whose labels and texts have the words of a text, as kg.search.Index.find does."""
        return self._index().find(text, language, kinds, limit, texts, begun, after)

    def counted(self, text: str, texts: str = "", kinds: Collection[str] = ()) -> Counted:
        """Count the things that a search would find, as kg.search.Index.counted does."""
        return self._index().counted(text, texts, kinds)

    def called(self, names: Collection[str], language: str) -> list[Called]:
        """Return the things that are called one of these names, as kg.search.Index.called does."""
        return self._index().called(names, language)

    def known(self, things: Collection[str]) -> list[Called]:
        """Return what is known of the things of these IRIs, as kg.search.Index.known does."""
        return self._index().known(things)

    def labels(self, things: Collection[str], language: str) -> dict[str, str]:
        """Return the labels of things, as kg.search.Index.labels does."""
        return self._index().labels(things, language)

    def stated_in(self, things: Collection[str]) -> dict[str, str]:
        """Return the passages that say most of things, as kg.search.Index.stated_in does."""
        return self._index().stated_in(things)

    def telling(self, stems: Collection[str], language: str, limit: int) -> list[tuple[str, str, list[str]]]:
        """Return what the entries say that have most of some stems, as kg.search.Index.telling does."""
        return self._index().telling(stems, language, limit)

    def spelled_like(self, word: str) -> list[str]:
        """Return the words that are spelled like a word, as kg.search.Index.spelled_like does."""
        return self._index().spelled_like(word)

    def familiar(self, words: Collection[str]) -> dict[str, float]:
        """Return how often the texts have each word, as kg.search.Index.familiar does."""
        return self._index().familiar(words)

    def _index(self) -> Index:
        return Index(self._index_of(self.revision()))

    def total(self, select: str) -> int | None:
        """Return how many rows a SELECT query has; None where counting them takes longer than a query may."""
        try:
            (row,) = self._texts(counted(select))
        except QueryTimeout:
            return None
        return int(row[0])

    def bound(self, name: str, given: Mapping[str, str]) -> str:
        """Return the SPARQL of a query of the catalogue with its parameters in place.

        A thing may be given by its key, its IRI or its name in either language. Raises QueryUnknown or ParameterInvalid; for a
        thing that is not there, with the nearest ones that are.
        """
        return self.catalogue.get(name).bound(self.meant(name, given))

    def meant(self, name: str, given: Mapping[str, str]) -> dict[str, str]:
        """Return the parameters of a query as given, but of each thing that they name its IRI. Raises what ``bound`` raises."""
        query = self.catalogue.get(name)
        query.bound(given)  # whatever can be seen without the graph is told first
        found = dict(given)
        for parameter in query.parameters:
            if text := given.get(parameter.name, "").strip():
                found[parameter.name] = looked_up(parameter, text, self._texts)
        return found

    def about(self, thing: str) -> list[tuple[Query, str]]:
        """Return the queries that can be asked of a thing, given as kind and key or as an IRI, with the parameter that takes it.

        Raises ParameterInvalid for a thing that is not in the graph.
        """
        term = self.named("about", thing)
        return self.catalogue.taking({compact(row[0]) for row in self._texts(bind(_CLASSES, {"thing": term}))})

    def named(self, name: str, text: str) -> NamedNode | Literal:
        """Return the thing or term that a text names: kind and key, a prefixed name or an IRI; name: what it is the value of.

        Raises ParameterInvalid for one of which the graph says nothing, with the nearest that it has.
        """
        parameter = Parameter(name, "iri", "required", "a thing, such as tool/financing")
        parameter.term(text)  # whatever can be seen without the graph is told first
        return parameter.term(looked_up(parameter, text, self._texts))

    def _texts(self, query: str) -> list[list[str]]:
        return [[cell.text if cell else "" for cell in row] for row in self.table(query).rows]


@contextmanager
def asking(settings: Settings, catalogue: Catalogue, at_once: int = 1) -> Iterator[Inquiry]:
    """Give an inquiry into the store that the settings name, for as long as a command runs; at_once: the queries it may have."""
    readers = Readers(settings.time_limit_s, at_once)
    place, abroad = place_of(settings), Abroad(settings.allowed_hosts, settings.time_limit_s)
    try:
        if place:
            elsewhere = Elsewhere(place, readers, DataFolder(settings.data), settings.result_limit_bytes)
            yield Inquiry(elsewhere, elsewhere, catalogue, abroad)
        else:
            yield Inquiry(DataFolder(settings.data), readers, catalogue, abroad)
    finally:
        readers.close()


def _cells(answer: Mapping[str, Any]) -> int:
    return len(answer["head"].get("vars", ())) * len(answer.get("results", {}).get("bindings", ()))


def _cell(binding: Mapping[str, str] | None) -> Cell | None:
    if binding is None:
        return None
    if not isinstance(binding["value"], str):
        return Cell(json.dumps(binding["value"], ensure_ascii=False), "triple")
    return Cell(binding["value"], binding["type"], binding.get("xml:lang", ""), binding.get("datatype", ""))
