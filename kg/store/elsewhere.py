"""Turns questions into answers from another store that speaks SPARQL 1.1, over the revision that is served from there.

Takes the part of a data folder and of its readers at once (kg.inquire): which revision is served, and what it answers. A reader
(kg.store.readers) reads each query before it leaves and writes each answer anew, so that errors, functions and formats are the
same whichever store answers.
"""

import re
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from kg.errors import AnswerTooLarge, EndpointFailed, QueryTimeout, QueryUnsupported, StoreDown, StoreUnavailable, TooManyQueries
from kg.store.calls import CUT_HEADER, Call
from kg.store.engine import LARGEST_ANSWER_BYTES, Question
from kg.store.outgoing import outgoing
from kg.store.pool import CALLER
from kg.store.publish import Place
from kg.store.published import State, read_graphs, read_state, union_of
from kg.store.readers import Readers
from kg.store.received import ROWS, TRIPLES, Checked, Received
from kg.store.remote import ask
from kg.store.revisions import DataFolder, Revision
from kg.store.sparql import query_form

MOST_AT_ONCE = 32
FRESH_S = 1.0
STATE_TIME_S = 2.0
_LATE = re.compile(r"S1T00|time[d ]{0,2}out", re.IGNORECASE)
_CANNOT = frozenset({400, 500, 501})

T = TypeVar("T")


class Elsewhere:
    """Another store and the revision of ours in it."""

    def __init__(self, place: Place, readers: Readers, folder: DataFolder,
                 largest_answer_bytes: int = LARGEST_ANSWER_BYTES) -> None:
        self.path = place.name
        self.index = folder.index  # what another machine published has none here
        self.time_limit_s = readers.time_limit_s
        self._url = place.query
        self._readers = readers
        self._largest = largest_answer_bytes
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._lock = threading.Lock()
        self._state: State | None = None
        self._fault = ""
        self._looked = float("-inf")
        self._graphs: tuple[str, tuple[str, ...]] = ("", ())

    def current(self) -> Revision | None:
        """Return the revision that is served, or None where none is; looked up once a second.

        Raises StoreDown where the store does not answer in time.
        """
        state = self._look()
        return state.revision if state else None

    def directory(self, revision: Revision) -> Revision:
        """Return where a revision stands: it is known by itself."""
        return revision

    def read_from(self, revision: Revision) -> str:
        """Return where a revision is read from."""
        return "another store"

    def catch_up(self) -> None:
        """Look up the revision that is served anew, whenever it was looked up last. Raises StoreDown."""
        self._look(0.0)

    def answer(self, revision: Revision, question: Question) -> bytes:
        """Answer a question over a revision that is served, or was until a few minutes ago.

        Raises what kg.store.readers.Readers.answer raises, and StoreDown where the store is down, or where the question names
        graphs and these are being renewed. Never returns part of an answer, nor one of two revisions.
        """
        if not self._room.acquire(blocking=False):
            raise TooManyQueries("Too many queries wait for the store already. Ask again in a few seconds.")
        try:
            return self._answer(revision, question)
        finally:
            self._room.release()

    def close(self) -> None:
        """End every reader."""
        self._readers.close()

    def _answer(self, revision: Revision, question: Question) -> bytes:
        deadline = time.monotonic() + self.time_limit_s - question.spent_s
        self._readers.answer(None, Checked(question.query))
        leaving = outgoing(question.query, question.default_graphs, question.named_graphs)
        state = self._at_rest(revision) if leaving.names_graphs else None
        text = leaving.text(union_of(revision), self._graphs_of(state) if state else ())
        body, type = self._asked(text, query_form(question.query), deadline)
        if state and self._look(0.0) != state:
            raise _renewed()
        received = Received(body, type, question.format, self._largest)
        return self._readers.answer(None, received, max(0.0, deadline - time.monotonic()))

    def _asked(self, text: str, form: str, deadline: float) -> tuple[bytes, str]:
        type = ROWS if form in ("SELECT", "ASK") else TRIPLES
        call = Call(max(0.001, deadline - time.monotonic()), self._largest)
        caller = CALLER.get()
        if caller:
            if caller.gone:
                raise TooManyQueries("Nobody waits for this answer any more.")
            caller.add(lambda _: call.end())
        try:
            body = ask(self._url, text, type, call.time_limit_s, self._largest, form, call=call)
        except QueryTimeout as error:
            raise self._late() from error
        except EndpointFailed as error:
            self._looked = float("-inf")  # it may have been away, and have come back without the graph
            if error.status in _CANNOT and not _LATE.search(str(error)):
                raise QueryUnsupported(f"The store of this endpoint cannot answer this query: {error}") from error
            if _LATE.search(str(error)):
                raise self._late() from error
            raise StoreDown(str(error)) from error
        if most := call.headers.get(CUT_HEADER):
            raise AnswerTooLarge(f"The store of this endpoint gives no more than {most} rows and has cut the answer, so nothing "
                                 "of it is given. Ask for it in parts, with ORDER BY, LIMIT and OFFSET.")
        return body, type

    def _late(self) -> QueryTimeout:
        return QueryTimeout(f"The query took longer than the limit of {self.time_limit_s:g} s and was given up. Ask for less: "
                            "join on something the query names, or add a LIMIT inside a subquery.")

    def _at_rest(self, revision: Revision) -> State:
        """Return the state, if it is that of a revision whose graphs can be named. Raises StoreUnavailable if not."""
        state = self._look(0.0)
        if state is None or state.revision != revision or state.changing:
            raise _renewed()
        return state

    def _graphs_of(self, state: State) -> tuple[str, ...]:
        union, graphs = self._graphs
        if union != state.union:
            graphs = tuple(self._tried(lambda: read_graphs(self._url, state.union, STATE_TIME_S)))
            self._graphs = (state.union, graphs)
        return graphs

    def _look(self, fresh_s: float = FRESH_S) -> State | None:
        """Return the state, looked up not longer ago than fresh_s, or while this was waiting. A fault is kept as long."""
        asked = time.monotonic()
        with self._lock:
            if self._looked < asked - fresh_s:
                self._looked, self._fault = time.monotonic(), ""
                try:
                    self._state = self._tried(lambda: read_state(self._url, STATE_TIME_S))
                except StoreUnavailable as error:
                    self._fault = str(error)
                    self._looked = time.monotonic()
            if self._fault:
                raise StoreDown(self._fault)
            return self._state

    def _tried(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except (EndpointFailed, QueryTimeout) as error:
            raise StoreDown(str(error)) from error


def _renewed() -> StoreDown:
    return StoreDown("The graphs that the query names were being renewed while it ran. Ask again in a few seconds.")
