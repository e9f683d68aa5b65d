"""Turns questions into answers from memory, over whichever revision they are asked of, for the event loop and for threads.

Has the same ``answer`` as kg.store.readers, and answers from forked readers (kg.store.crew) in place of processes that open the
revision on disk. Keeps answers by revision and question, so that a repeated one costs nothing.
"""

import asyncio
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import ContextVar
from pathlib import Path
from typing import Protocol, TypeVar

from kg.errors import StoreUnavailable, TooManyQueries
from kg.store.crew import Crew
from kg.store.engine import LARGEST_ANSWER_BYTES, Question
from kg.store.links import Asked, Outcome
from kg.store.wire import question_bytes

CACHE_BYTES, LARGEST_CACHED_BYTES = 64 << 20, 4 << 20
MOST_CREWS = 3
MOST_SEEN = 8192
MOST_BLOCKED = 48
GRACE_S = 30
RETRY_S, POLL_S = 1.0, 0.005
_NEVER_THE_SAME = re.compile(rb"(?i)\b(?:rand|now|uuid|struuid|bnode)\b")

T = TypeVar("T")
Key = tuple[Crew, bytes]


class Ends(Protocol):
    """A question on its way, as far as the end of it goes."""

    def end(self, outcome: Outcome, /) -> None:
        """End it."""


class Caller:
    """Whoever waits for the answers to a request; once they hung up, their questions are ended."""

    def __init__(self) -> None:
        self.gone = False
        self.asked: list[Ends] = []

    def hang_up(self) -> None:
        """End the questions of the request, and let whoever waits for them go on. To be called in the loop."""
        self.gone = True
        for asked in self.asked:
            asked.end(TooManyQueries("Nobody waits for this answer any more."))


CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)


class Pool:
    """Crews of readers, one for each revision that is being asked; the newest two or three."""

    def __init__(self, time_limit_s: float, largest_answer_bytes: int = LARGEST_ANSWER_BYTES) -> None:
        """Belong to the running event loop."""
        self.time_limit_s = time_limit_s
        self._largest = largest_answer_bytes
        self._loop = asyncio.get_running_loop()
        self._crews: OrderedDict[tuple[str, int], Crew] = OrderedDict()
        self._cached: OrderedDict[Key, bytes] = OrderedDict()
        self._once: dict[Key, None] = {}
        self._cached_bytes = 0
        self._current: Crew | None = None
        self._thread = threading.get_ident()
        self._blocked = 0
        self._lock = threading.Lock()

    def answer(self, directory: Path, question: Question) -> bytes:
        """Answer a question over the revision in ``directory``. For threads other than the loop's.

        Raises what kg.store.readers.Readers.answer raises. Never returns part of an answer.
        """
        caller, told, body = CALLER.get(), Future[Outcome](), question_bytes(question)

        def start() -> None:
            if caller and caller.gone:
                told.set_result(TooManyQueries("Nobody waits for this answer any more."))
                return
            asked = self.ask(self.crew(directory), body, told.set_result)
            if caller and asked:
                caller.asked.append(asked)

        with self._lock:
            self._blocked += 1
        try:
            if self._blocked > MOST_BLOCKED:
                raise TooManyQueries("Too many queries wait already. Ask again in a few seconds.")
            self._loop.call_soon_threadsafe(start)
            outcome = told.result(self.time_limit_s + GRACE_S)
        finally:
            with self._lock:
                self._blocked -= 1
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def ask(self, crew: Crew, body: bytes, tell: Callable[[Outcome], None]) -> Asked | None:
        """Have a question answered and the outcome told, at once where it is kept. In the loop."""
        key = (crew, body)
        if (kept := self._cached.get(key)) is not None:
            self._cached.move_to_end(key)
            tell(kept)
            return None

        now = self._loop.time()
        asked = Asked(body, now, now + self.time_limit_s, tell)
        if key in self._once:  # what is asked a second time is kept
            del self._once[key]
            asked.tell = lambda outcome: self._keep_and_tell(key, outcome, tell)
        else:
            self._once[key] = None
            if len(self._once) > MOST_SEEN:
                self._once.clear()
        crew.ask(asked)
        return asked

    def crew(self, directory: Path) -> Crew:
        """Return the readers of the revision in a directory; the first time, they begin to load it. In the loop."""
        try:
            key = (str(directory), directory.stat().st_ino)
        except OSError:  # it was put aside: what was loaded of it is still good
            key = next((key for key in reversed(self._crews) if key[0] == str(directory)), (str(directory), 0))
        crew = self._crews.get(key)
        if crew is None:
            crew = self._crews[key] = Crew(directory, self.time_limit_s, self._largest, self._on_settled)
        return crew

    def ready(self, directory: Path) -> bool:
        """Tell whether the newest revision can be asked at once; begin to load it if not. For any thread.

        Once it is, older revisions are let go as soon as nobody waits for an answer from them.
        """
        crew = self._in_loop(lambda: self._newest(directory))
        return crew is not None and crew.ready

    def prepare(self, directory: Path) -> None:
        """Wait until the newest revision can be asked, so that whoever wrote it reads it. For threads other than the loop's.

        Raises StoreUnavailable where it cannot be loaded.
        """
        while (crew := self._in_loop(lambda: self._newest(directory))) is None or not crew.ready:
            if crew and crew.fault:
                raise StoreUnavailable(crew.fault)
            time.sleep(POLL_S)

    async def settle(self, directory: Path) -> None:
        """Wait until a revision is loaded, or it is known that it cannot be. In the loop."""
        while not (crew := self.crew(directory)).ready and not crew.fault:
            await asyncio.sleep(POLL_S)

    def _newest(self, directory: Path) -> Crew | None:
        if any(not crew.ready and not crew.fault and key[0] != str(directory) for key, crew in self._crews.items()):
            return None  # one at a time
        crew = self.crew(directory)
        if crew.ready and crew is not self._current:
            self._current = crew
            self._loop.call_soon(self._let_go)
        return crew

    def _in_loop(self, function: Callable[[], T]) -> T:
        if threading.get_ident() == self._thread:
            return function()
        told: Future[T] = Future()
        self._loop.call_soon_threadsafe(lambda: told.set_result(function()))
        return told.result()

    def close(self) -> None:
        """End every reader. In the loop."""
        for crew in list(self._crews.values()):
            crew.close("The server is being ended.")
        self._crews.clear()

    def _on_settled(self, crew: Crew) -> None:
        if crew.fault:  # one that could not be loaded is kept for a moment, so that not every question tries again
            self._loop.call_later(0 if crew.was_ready else RETRY_S, self._forget, crew)

    def _forget(self, gone: Crew) -> None:
        self._crews = OrderedDict((key, crew) for key, crew in self._crews.items() if crew is not gone)
        for key in [key for key in self._cached if key[0] is gone]:
            self._cached_bytes -= len(self._cached.pop(key)) + len(key[1])
        self._once.clear()

    def _let_go(self) -> None:
        """Close the crews of older revisions that nobody waits for, and the oldest in any case where there are too many."""
        old = [crew for crew in self._crews.values() if crew is not self._current and (crew.ready or crew.fault)]
        for crew in old:
            if not crew.busy or len(self._crews) > MOST_CREWS:
                crew.close("The graph was renewed several times while the query ran. Ask again.")
                self._forget(crew)
            else:
                self._loop.call_later(RETRY_S, self._let_go)

    def _keep_and_tell(self, key: Key, outcome: Outcome, tell: Callable[[Outcome], None]) -> None:
        if isinstance(outcome, bytes) and len(outcome) <= LARGEST_CACHED_BYTES and not _NEVER_THE_SAME.search(key[1]):
            self._cached_bytes += len(outcome) + len(key[1]) if key not in self._cached else 0
            self._cached[key] = outcome
            while self._cached_bytes > CACHE_BYTES:
                (_, question), oldest = self._cached.popitem(last=False)
                self._cached_bytes -= len(oldest) + len(question)
        tell(outcome)
