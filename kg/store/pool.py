"""Turns questions into answers, over whichever revision they are asked of, for the event loop and for threads.

Has the same ``answer`` as kg.store.readers, and answers from forked readers (kg.store.crew). A revision is answered from disk at
once, and from memory as soon as it has been loaded there; one that is too large for memory stays on disk. Keeps answers by
revision and question, so that a repeated one costs nothing.
"""

import asyncio
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar

from kg.errors import StoreUnavailable, TooManyQueries
from kg.store.crew import Crew
from kg.store.engine import LARGEST_ANSWER_BYTES, Question
from kg.store.links import Asked, Outcome
from kg.store.sandbox import machine_bytes
from kg.store.wire import question_bytes

CACHE_BYTES, LARGEST_CACHED_BYTES = 64 << 20, 4 << 20
MOST_CREWS = 6
MOST_SEEN = 8192
MOST_BLOCKED = 48
GRACE_S = 30
RETRY_S, POLL_S = 1.0, 0.005
LINGER_S = 2.0  # more than lies between two questions of a page
LOAD_AFTER_S = 1.0  # a revision that the next one follows at once is not worth loading
MEMORY_SHARE = 1 / 3  # of the machine's, for one revision: while the next one is loaded there are two, and queries need some
_NEVER_THE_SAME = re.compile(rb"(?i)(?:rand|now|uuid|bnode)\b")  # at the end of a word: BYRAND() is taken for BY RAND()

T = TypeVar("T")
Key = tuple[Crew, bytes]


class Caller:
    """Whoever waits for the answers to a request; once they hung up, their questions are ended."""

    def __init__(self) -> None:
        self.gone = False
        self._ends: list[Callable[[Exception], None]] = []

    def add(self, end: Callable[[Exception], None]) -> None:
        """Have something ended by this function once the caller hangs up."""
        self._ends.append(end)
        if self.gone:
            end(_nobody_waits())

    def hang_up(self) -> None:
        """End the questions of the request, and let whoever waits for them go on. To be called in the loop."""
        self.gone = True
        for end in self._ends:
            end(_nobody_waits())


def _nobody_waits() -> TooManyQueries:
    return TooManyQueries("Nobody waits for this answer any more.")


CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)


class Pool:
    """Crews of readers, one for each revision that is being asked; the newest few."""

    def __init__(self, time_limit_s: float, largest_answer_bytes: int = LARGEST_ANSWER_BYTES) -> None:
        """Belong to the running event loop."""
        self.time_limit_s = time_limit_s
        self._largest = largest_answer_bytes
        self._loop = asyncio.get_running_loop()
        self._memory_bytes = int(machine_bytes() * MEMORY_SHARE)
        self._crews: OrderedDict[tuple[str, int], Crew] = OrderedDict()
        self._loading: Crew | None = None
        self._replaced: list[Crew] = []
        self._cached: OrderedDict[Key, bytes] = OrderedDict()
        self._once: dict[int, None] = {}  # of a question that may stay the only one of its kind, no more than a number
        self._cached_bytes = 0
        self._current: Crew | None = None
        self._letting_go: asyncio.TimerHandle | None = None
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
                told.set_result(_nobody_waits())
                return
            asked = self.ask(self.crew(directory), body, told.set_result, question.spent_s)
            if caller and asked:
                caller.add(asked.end)

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

    def ask(self, crew: Crew, body: bytes, tell: Callable[[Outcome], None], spent_s: float = 0.0) -> Asked | None:
        """Have a question answered and the outcome told, at once where it is kept. In the loop.

        spent_s: how much of its time is over already.
        """
        key = (crew, body)
        if (kept := self._cached.get(key)) is not None:
            self._cached.move_to_end(key)
            tell(kept)
            return None

        now = self._loop.time()
        asked = Asked(body, now, now + self.time_limit_s - spent_s, tell)
        number = hash(key)
        if number in self._once:  # what is asked a second time is kept
            del self._once[number]
            asked.tell = lambda outcome: self._keep_and_tell(key, outcome, tell)
        else:
            self._once[number] = None
            if len(self._once) > MOST_SEEN:
                self._once.clear()
        crew.ask(asked)
        return asked

    def crew(self, directory: Path) -> Crew:
        """Return the readers of the revision in a directory; the first time, they begin to open it. In the loop."""
        key = self._key(directory)
        crew = self._crews.get(key)
        if crew is None:
            crew = self._crews[key] = Crew(directory, 0, self.time_limit_s, self._largest, self._on_settled)
        return crew

    def _key(self, directory: Path) -> tuple[str, int]:
        try:
            return str(directory), directory.stat().st_ino
        except OSError:  # it was put aside: what was loaded of it is still good
            return next((key for key in reversed(self._crews) if key[0] == str(directory)), (str(directory), 0))

    def in_memory(self, directory: Path) -> bool:
        """Tell whether the revision in a directory is answered from memory. For any thread."""
        return self.in_loop(lambda: self.crew(directory).in_memory)

    def ready(self, directory: Path) -> bool:
        """Tell whether the newest revision can be asked at once; begin to open it if not. For any thread.

        Once it is, older revisions are let go as soon as nobody waits for an answer from them.
        """
        crew = self.in_loop(lambda: self._newest(directory))
        return crew is not None and crew.ready

    def check(self, directory: Path) -> None:
        """Raise StoreUnavailable where the revision in a directory cannot be opened. For any thread."""
        crew = self.in_loop(lambda: self._crews.get(self._key(directory)))
        if crew and crew.fault:
            raise StoreUnavailable(crew.fault)

    async def settle(self, directory: Path) -> None:
        """Wait until a revision can be asked, or it is known that it cannot be. In the loop."""
        while not (crew := self.crew(directory)).ready and not crew.fault:
            await asyncio.sleep(POLL_S)

    def _newest(self, directory: Path) -> Crew | None:
        key = self._key(directory)
        if key not in self._crews and any(not crew.ready and not crew.fault for crew in self._crews.values()):
            return None  # one is opened at a time
        crew = self.crew(directory)
        self._crews.move_to_end(key)  # one before it may have been opened anew, by a request that began with it
        if crew.ready and crew is not self._current:
            self._current = crew
            self._loop.call_soon(self._let_go)
        return crew

    def in_loop(self, function: Callable[[], T]) -> T:
        """Return what a function returns when it is called in the loop, where nothing else is done meanwhile. For any thread.

        Raises what the function raises.
        """
        if threading.get_ident() == self._thread:
            return function()

        async def call() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result()

    def close(self) -> None:
        """End every reader. In the loop."""
        if self._letting_go:
            self._letting_go.cancel()
        for crew in [*self._crews.values(), *self._replaced, *([self._loading] if self._loading else [])]:
            crew.close("The server is being ended.")
        self._crews.clear()
        self._replaced.clear()
        self._loading = None

    def _on_settled(self, crew: Crew) -> None:
        if crew is self._loading:
            self._loading = None
            if crew.ready:
                self._replace_by(crew)
        elif crew.fault:  # one that could not be opened is kept for a moment, so that not every question tries again
            self._loop.call_later(0 if crew.was_ready else RETRY_S, self._forget, crew)
        else:
            self._loop.call_later(LOAD_AFTER_S, self._load, crew)

    def _load(self, crew: Crew) -> None:
        """Begin to load the revision of a crew that reads from disk, if it is the newest; what was being loaded is not, then."""
        if not self._memory_bytes or crew.fault or not self._crews or crew is not next(reversed(self._crews.values())):
            self._let_go()  # one of before that was asked once more
            return
        if self._loading:
            self._loading.close()
        self._loading = Crew(crew.directory, self._memory_bytes, self.time_limit_s, self._largest, self._on_settled)

    def _replace_by(self, crew: Crew) -> None:
        """Have a revision answered from memory from now on; whoever asked it on disk still gets the answer."""
        for key, before in self._crews.items():
            if before.directory == crew.directory:
                self._crews[key] = crew
                before.replaced = True
                self._replaced.append(before)
                if self._current in (before, None):
                    self._current = crew
                self._let_go()
                return
        crew.close()

    def _forget(self, gone: Crew) -> None:
        self._crews = OrderedDict((key, crew) for key, crew in self._crews.items() if crew is not gone)
        self._replaced = [crew for crew in self._replaced if crew is not gone]
        self._current = None if gone is self._current else self._current
        for key in [key for key in self._cached if key[0] is gone]:
            self._cached_bytes -= len(self._cached.pop(key)) + len(key[1])
        self._once.clear()

    def _let_go(self) -> None:
        """Close the crews of older revisions that nobody has asked for a while; of too many the oldest in any case.

        Whatever asks one revision several times, such as a page, finds it open until the end.
        """
        if self._letting_go:
            self._letting_go.cancel()
            self._letting_go = None
        now, kept = self._loop.time(), (self._current, next(reversed(self._crews.values()), None))
        old = [crew for crew in self._crews.values() if crew not in kept and (crew.ready or crew.fault)]
        idle = [crew for crew in old if not crew.busy and now - crew.asked > LINGER_S]
        idle += [crew for crew in self._replaced if not crew.busy]
        left = sorted((crew for crew in old if crew not in idle), key=lambda crew: crew.busy)
        too_many = left[:max(0, len(self._crews) - len(idle) - MOST_CREWS)]
        for crew in [*idle, *too_many]:
            crew.close("The graph was renewed several times while the query ran. Ask again.")
            self._forget(crew)
        if len(left) > len(too_many) or self._replaced:
            self._letting_go = self._loop.call_later(RETRY_S, self._let_go)

    def _keep_and_tell(self, key: Key, outcome: Outcome, tell: Callable[[Outcome], None]) -> None:
        if isinstance(outcome, bytes) and len(outcome) <= LARGEST_CACHED_BYTES and not _NEVER_THE_SAME.search(key[1]):
            self._cached_bytes += len(outcome) + len(key[1]) if key not in self._cached else 0
            self._cached[key] = outcome
            while self._cached_bytes > CACHE_BYTES:
                (_, question), oldest = self._cached.popitem(last=False)
                self._cached_bytes -= len(oldest) + len(question)
        tell(outcome)
