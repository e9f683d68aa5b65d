"""Turns changes that are not made into what the store would be after them: whole, to be asked, and served to nobody else.

A trial is a copy of the newest revision (hard links, so cheap) with the change made to it by the writer: a publication that is
yet to come, or what was changed since an earlier revision, taken back. Some of the last are kept, until the next revision is
made; one is asked at a time, by one reader, for a bounded time, while a few wait: whatever is tried costs those who ask the
published graph a process, and the disk what the changes change.
"""

import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kg.errors import StoreUnavailable, TooManyQueries
from kg.store.earlier import TakingBack
from kg.store.engine import LARGEST_ANSWER_BYTES, Question
from kg.store.indexes import IndexAt, index_of
from kg.store.publication import Publication
from kg.store.readers import WAIT_S, Readers, Unserved
from kg.store.revisions import DataFolder, Revision
from kg.store.writers import Writer

MOST_KEPT = 8
MOST_WAITING = 4  # each keeps a thread from whoever asks for something else
_OPEN = Question("ASK {}", "json")

TryIndex = Callable[[Unserved, IndexAt, IndexAt, Collection[str]], None]
"""Makes the index of a store in a new file, from the index before, for the things of which it tells something else."""

Tried = Callable[[Revision], tuple[Publication | TakingBack, Revision | None]]
"""Gives the change to the newest revision, which it is told, since one that was meant for another would lead somewhere else.

And what revision it is then; without one the newest under a build key of its own, made when it was tried.
"""


@dataclass(frozen=True)
class _Kept:
    """What was tried: the revision that it starts from, that which it stands for, its store, and the things it tells of."""

    before: Revision
    revision: Revision
    store: Path
    things: set[str]


class Trial:
    """The store as it would be, for an inquiry: in one, what is asked and what answers."""

    def __init__(self, kept: _Kept, before: IndexAt, readers: Readers, try_index: TryIndex, patience: int,
                 largest: int) -> None:
        """before: the index of the revision that it starts from; patience and largest: as those of Trials."""
        self.path = kept.store
        self._kept = kept
        self._before = before
        self._readers = readers
        self._try_index = try_index
        self._limit_s = readers.time_limit_s
        self._largest = largest
        self._ends = time.monotonic() + patience * self._limit_s

    def current(self) -> Revision:
        """Return the revision that it is."""
        return self._kept.revision

    def directory(self, revision: Revision) -> Path:
        """Return where its store stands."""
        return self.path

    def index(self, revision: Revision) -> IndexAt:
        """Return where its index is, made when it is first wanted. Raises StoreUnavailable."""
        index, number = index_of(self.path), self._before.number + 1
        if not index.exists():
            partial = index.with_suffix(".partial")
            try:
                self._try_index(Unserved(self._readers, self.path), self._before, IndexAt(partial, number), self._kept.things)
                partial.replace(index)
            except OSError as error:
                raise StoreUnavailable(f"The index of a copy could not be made ({error}). Ask again.") from error
        return IndexAt(index, number)

    def read_from(self, revision: Revision) -> str:
        """Return where it is read from."""
        return "disk"

    def answer(self, place: Path, question: Question) -> bytes:
        """Answer a question over it, in what is left of the time that all its questions have together.

        Raises what Readers.answer raises.
        """
        left_s = self._ends - time.monotonic()
        return self._readers.answer(place, question, max(0.0, min(self._limit_s - question.spent_s, left_s)), self._largest)


class Trials:
    """The trials of a data folder."""

    def __init__(self, folder: DataFolder, writer: Writer, try_index: TryIndex, called: str,
                 largest: int = LARGEST_ANSWER_BYTES, patience: int = 1) -> None:
        """called: what they are, in the plural, for whoever has to wait.

        largest: how many bytes an answer may have; patience: how often the time of one query all have together that ask one.
        """
        self._folder = folder
        self._writer = writer
        self._try_index = try_index
        self._called = called
        self._patience = patience
        self._largest = largest
        self._readers: Readers | None = None
        self._asked = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_WAITING + 1)
        self._kept: dict[str, _Kept] = {}

    @contextmanager
    def of(self, change: Tried) -> Iterator[Trial]:
        """Give the newest revision as it is after a change, for as long as it is asked, by nobody else meanwhile.

        Raises TooManyQueries where another is being asked, StoreUnavailable before the first revision, and what the change,
        DataFolder.set_aside and Readers.answer raise.
        """
        busy = TooManyQueries(f"Other {self._called} are being read. Ask again in a few seconds.")
        with ExitStack() as held:
            if not self._places.acquire(blocking=False):
                raise busy
            held.callback(self._places.release)
            if not self._asked.acquire(timeout=WAIT_S):
                raise busy
            held.callback(self._asked.release)
            self._readers = self._readers or Readers(self._writer.time_limit_s, 1)
            kept = self._opened(change, self._readers)
            yield Trial(kept, self._folder.index(kept.before), self._readers, self._try_index, self._patience, self._largest)

    def forget(self) -> None:
        """Take away every trial, and end the reader if there is one, once none is asked."""
        with self._asked:
            while self._kept:
                self._drop(next(iter(self._kept)))
            if self._readers:
                self._readers.close()
            self._readers = None

    def _opened(self, change: Tried, readers: Readers) -> _Kept:
        """Return a trial that the reader has open: a revision that is made from then on takes only its name away."""
        for last in (False, True):
            kept = self._tried(change)
            try:
                readers.answer(kept.store, _OPEN)
                break
            except StoreUnavailable:
                if last or kept.store.exists():  # else a revision was made just then, and took it away
                    raise
        return kept

    def _tried(self, change: Tried) -> _Kept:
        before = self._folder.current()
        if before is None:
            raise StoreUnavailable(f"There is no graph in {self._folder.path} yet. Run parkg build.")
        for key in [key for key, one in self._kept.items() if one.before != before or not one.store.exists()]:
            self._drop(key)
        made, revision = change(before)
        key = made.digest
        if key in self._kept:
            self._kept[key] = self._kept.pop(key)  # the one asked last goes last
            return self._kept[key]
        while len(self._kept) >= MOST_KEPT:
            self._drop(next(iter(self._kept)))
        store, changed = self._folder.set_aside(before, made, self._writer)
        revision = revision or Revision(before.number, key, datetime.now(UTC).isoformat(timespec="seconds"))
        self._kept[key] = _Kept(before, revision, store, changed.moved.told if changed.moved else set())
        return self._kept[key]

    def _drop(self, key: str) -> None:
        shutil.rmtree(self._kept.pop(key).store.parent, ignore_errors=True)
