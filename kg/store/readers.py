"""Turns queries into answers in processes of their own, each of which can be ended without harm to the others.

pyoxigraph has no time limit, and deep nesting or a large sort can end its process. So the process that speaks with users
opens no store: it hands a query to a reader, waits as long as the limit allows, and replaces the reader if it is late or
gone. What runs in a reader is kg.store.reader.
"""

import queue
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import QueryAborted, QueryTimeout, TooManyQueries
from kg.store.engine import LARGEST_ANSWER_BYTES, Question, rows_of
from kg.store.piped import Piped
from kg.store.rdf import BlankNode, Literal, NamedNode, Triple
from kg.store.received import Checked, Received

READERS = 4
WAIT_S = 2.0


class Readers:
    """A pool of processes that answer queries over the revision in a directory."""

    def __init__(self, time_limit_s: float, size: int = READERS) -> None:
        self.time_limit_s = time_limit_s
        self._idle: queue.Queue[Piped] = queue.Queue()
        for _ in range(size):
            reader = Piped("kg.store.reader")
            reader.start()
            self._idle.put(reader)

    def answer(self, directory: Path | None, question: Question | Checked | Received, within_s: float | None = None,
               most_bytes: int = LARGEST_ANSWER_BYTES) -> bytes:
        """Answer a query over the revision in ``directory``, or do what needs none; within_s: what is left of the time limit.

        Raises QueryMalformed, QueryTimeout after the limit, QueryAborted where the reader was lost, AnswerTooLarge beyond
        ``most_bytes``, and TooManyQueries where none became free in time. Never returns part of an answer.
        """
        with self._reader() as reader:
            limit_s = self.time_limit_s
            left_s = limit_s - (question.spent_s if isinstance(question, Question) else 0.0) if within_s is None else within_s
            try:
                answer = reader.ask((directory, question, most_bytes), max(0.0, left_s))
            except TimeoutError as error:
                raise QueryTimeout(f"The query took longer than the limit of {limit_s:g} s and was ended. Ask for "
                                   "less: join on something the query names, or add a LIMIT inside a subquery.") from error
            except EOFError as error:
                raise QueryAborted("The query needed more memory or nests deeper than a query may, and was ended. Ask for less "
                                   "at a time, or write it with fewer brackets.") from error
        assert isinstance(answer, bytes)
        return answer

    def close(self) -> None:
        """End every idle reader."""
        while not self._idle.empty():
            self._idle.get().end()

    @contextmanager
    def _reader(self) -> Iterator[Piped]:
        try:
            reader = self._idle.get(timeout=WAIT_S)
        except queue.Empty:
            raise TooManyQueries("All readers are busy. Ask again in a few seconds.") from None
        try:
            yield reader
        finally:
            with suppress(OSError):  # without room for another process, the next question says so
                reader.start()
            self._idle.put(reader)


class Unserved:
    """A revision that nobody is served yet, asked for rows; one that an index is made of."""

    def __init__(self, readers: Readers, store: Path) -> None:
        self._readers = readers
        self._store = store

    def rows(self, select: str) -> list[list[NamedNode | BlankNode | Literal | Triple | None]]:
        """Return the rows of a SELECT query, in its order. Raises what Readers.answer raises."""
        return rows_of(self._readers.answer(self._store, Question(select, "json")))
