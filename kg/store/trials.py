"""Turns publications that are not made into what the store would be after them: whole, to be asked, and in nobody else's reach.

A trial is a copy of the newest revision (hard links, so cheap) with the publication made to it by the writer, and an index. Some
of the last are kept, until the next revision is made; one is asked at a time, by one reader, for as long as one query may take:
whatever is tried costs those who ask the published graph a process, and the disk what the publications change.
"""

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kg.errors import StoreUnavailable, TooManyQueries
from kg.store.engine import Question
from kg.store.publication import Publication
from kg.store.readers import WAIT_S, Readers, Unserved
from kg.store.revisions import DataFolder, Revision, index_of
from kg.store.writers import Writer

MOST_KEPT = 8
_OPEN = Question("ASK {}", "json")

AmendIndex = Callable[[Unserved, Path, Path, Collection[str]], None]
"""Makes the index of a store as a file, from the index before, for the things of which it tells something else."""


class Trial:
    """The store as it would be, for an inquiry: in one, what is asked and what answers."""

    def __init__(self, revision: Revision, store: Path, readers: Readers, ends: float) -> None:
        self.path = store
        self._revision = revision
        self._readers = readers
        self._ends = ends

    def current(self) -> Revision:
        """Return the revision that it starts from, under a build key of its own, made when it was tried."""
        return self._revision

    def directory(self, revision: Revision) -> Path:
        """Return where its store stands."""
        return self.path

    def index(self, revision: Revision) -> Path:
        """Return the file that is its index."""
        return index_of(self.path)

    def read_from(self, revision: Revision) -> str:
        """Return where it is read from."""
        return "disk"

    def answer(self, place: Path, question: Question) -> bytes:
        """Answer a question over it, in what is left of the time that all its questions have together.

        Raises what Readers.answer raises.
        """
        return self._readers.answer(place, question, max(0.0, self._ends - time.monotonic()))


class Trials:
    """The trials of a data folder."""

    def __init__(self, folder: DataFolder, writer: Writer, amend_index: AmendIndex) -> None:
        self._folder = folder
        self._writer = writer
        self._amend_index = amend_index
        self._readers: Readers | None = None
        self._asked = threading.Lock()
        self._kept: dict[str, tuple[Revision, Path]] = {}

    @contextmanager
    def of(self, change: Publication) -> Iterator[Trial]:
        """Give the newest revision as it would be after a publication, for as long as it is asked, by nobody else meanwhile.

        Raises TooManyQueries where another is being asked, StoreUnavailable before the first revision, and what
        DataFolder.change and Readers.answer raise.
        """
        if not self._asked.acquire(timeout=WAIT_S):
            raise TooManyQueries("Another preview is being made. Ask again in a few seconds.")
        try:
            self._readers = self._readers or Readers(self._writer.time_limit_s, 1)
            revision, store = self._opened(change, self._readers)
            yield Trial(revision, store, self._readers, time.monotonic() + self._writer.time_limit_s)
        finally:
            self._asked.release()

    def forget(self) -> None:
        """Take away every trial, and end the reader if there is one, once none is asked."""
        with self._asked:
            while self._kept:
                self._drop(next(iter(self._kept)))
            if self._readers:
                self._readers.close()
            self._readers = None

    def _opened(self, change: Publication, readers: Readers) -> tuple[Revision, Path]:
        """Return a trial that the reader has open: a revision that is made from then on takes only its name away."""
        for last in (False, True):
            revision, store = self._tried(change)
            try:
                readers.answer(store, _OPEN)
                break
            except StoreUnavailable:
                if last or store.exists():  # else a revision was made just then, and took it away
                    raise
        return revision, store

    def _tried(self, change: Publication) -> tuple[Revision, Path]:
        before = self._folder.current()
        if before is None:
            raise StoreUnavailable(f"There is no graph in {self._folder.path} yet. Run parkg build.")
        over = [key for key, (made, store) in self._kept.items() if made.number != before.number or not store.exists()]
        for key in over:
            self._drop(key)
        key = _digest(before, change)
        if key in self._kept:
            self._kept[key] = self._kept.pop(key)  # the one asked last goes last
            return self._kept[key]
        while len(self._kept) >= MOST_KEPT:
            self._drop(next(iter(self._kept)))
        store, _ = self._folder.set_aside(before, change, self._writer, self._index)
        self._kept[key] = (Revision(before.number, key, datetime.now(UTC).isoformat(timespec="seconds")), store)
        return self._kept[key]

    def _index(self, store: Path, before: Path, index: Path, things: set[str]) -> None:
        assert self._readers
        self._amend_index(Unserved(self._readers, store), before, index, things)

    def _drop(self, key: str) -> None:
        _, store = self._kept.pop(key)
        shutil.rmtree(store.parent, ignore_errors=True)


def _digest(before: Revision, change: Publication) -> str:
    """Return what differs for another revision, or for graphs that hold something else."""
    parts = (str(before.number).encode(), before.made.encode(), *(part for name, body in change.graphs
                                                                  for part in (name.encode(), str(len(body)).encode(), body)))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
