"""Turns questions over one revision into outcomes, each within its time, by sharing them out among readers.

- A reader has several questions at a time, as many as it answers in PIPELINE_S, so that it never waits for the next one.
- One that has worked on a question for SLOW_S gets no more; what stands behind that question is asked elsewhere, and a spare
  reader is forked. So nobody waits long behind a slow query, whatever it is.
- At its deadline a question gets QueryTimeout and its reader is killed and replaced. The same, without an answer, for a question
  that nobody waits for any more. A reader that dies takes with it only the question that it was working on.
- Where all readers are busy with slow questions and others wait, those beyond MOST_LONG are ended with TooManyQueries, the
  youngest first, once they have had LONG_S, or less where many wait or somebody has waited for long. Meanwhile who came last and
  who came first are served in turn, so that a short question of another client gets through, whenever it came. A question of
  over LONG_S leaves the processors to others.

Time is that of the event loop, in which all of this runs.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from kg.errors import QueryAborted, QueryTimeout, StoreUnavailable, TooManyQueries
from kg.store.links import Asked, Keep, Link
from kg.store.sandbox import MEMORY_LIMIT_BYTES

READERS, MOST_READERS, MOST_LONG = 3, 10, 4
DEPTH, MOST_WAITING = 16, 1000
PIPELINE_S, BRIEF_S, SLOW_S, LONG_S, WAIT_S, SPARE_S, TICK_S = 0.01, 0.01, 0.05, 0.5, 2.0, 5.0, 0.025


class Crew:
    """The readers of one revision, and the questions that wait for one of them."""

    def __init__(self, directory: Path, memory_bytes: int, time_limit_s: float, largest_answer_bytes: int,
                 settled: Callable[["Crew"], None]) -> None:
        """Begin to load; ``settled`` is told when that has succeeded or failed, and when the keeper is lost.

        memory_bytes: the most memory that the revision may take, or 0 to read it from disk.
        """
        self.directory = directory
        self.in_memory = memory_bytes > 0
        self.replaced = False  # by another crew for the same revision
        self.ready = self.was_ready = False
        self.fault = ""
        self._limit_s = time_limit_s
        self._settled = settled
        self._links: list[Link] = []
        self._waiting: deque[Asked] = deque()
        self._forking = 0
        self._newest = False
        self._depth, self._mean_s = DEPTH, 0.0
        self._loop = asyncio.get_running_loop()
        self.asked = self._loop.time()  # for the last time
        self._timer: asyncio.TimerHandle | None = None
        self._next_tick = 0.0
        self._joining: set[asyncio.Task[None]] = set()
        self._keep = Keep(directory, memory_bytes, largest_answer_bytes, self._loaded, self._joined,
                          self._not_joined, self._lost_keeper)

    @property
    def busy(self) -> bool:
        """Whether a question is under way that somebody waits for."""
        return any(not asked.over for link in self._links for asked in link.sent) or bool(self._waiting)

    def ask(self, asked: Asked) -> None:
        """Have a question answered in its time."""
        self.asked = asked.since
        if self._timer is None:
            self._tick_again()
        if self.fault:
            asked.end(StoreUnavailable(self.fault))
        elif not self._waiting and (link := self._free()):
            link.send(asked)
        elif len(self._waiting) < MOST_WAITING:
            self._waiting.append(asked)
        else:
            asked.end(TooManyQueries("Too many queries wait already. Ask again in a few seconds."))

    def close(self, why: str = "This revision is no longer served.") -> None:
        """End the readers and the keeper; a question that is under way gets StoreUnavailable."""
        self.ready, self.fault = False, why
        self._keep.close()
        for link in self._links:
            link.kill()
        left = [*self._waiting, *(asked for link in self._links for asked in link.sent)]
        self._links, self._waiting = [], deque()
        for asked in left:
            asked.end(StoreUnavailable(why))

    def _loaded(self, fault: str) -> None:
        if fault:
            self.close(fault)
        else:
            self.ready = self.was_ready = True
            for asked in self._waiting:
                asked.since = self._loop.time()  # that they waited for the graph says nothing about the readers
            self._grow()
        self._settled(self)

    def _lost_keeper(self) -> None:
        self.close(self.fault or "The process that holds the graph has ended; another is being started.")
        self._settled(self)

    def _joined(self, channel: socket.socket, process: int, pid: int) -> None:
        link = Link(pid, process, self._answered, self._lost)
        task = self._loop.create_task(self._connect(link, channel))
        self._joining.add(task)
        task.add_done_callback(self._joining.discard)

    async def _connect(self, link: Link, channel: socket.socket) -> None:
        await self._loop.create_connection(lambda: link, sock=channel)
        self._forking -= 1
        if self.fault:
            link.kill()
            return
        self._links.append(link)
        self._share_out()

    def _not_joined(self) -> None:
        self._forking -= 1  # the next tick asks again

    def _answered(self, link: Link) -> None:
        if link.spent:
            link.kill()
        else:
            link.slow = False
            self._mean_s += (link.took_s - self._mean_s) / 8
            self._depth = max(1, min(DEPTH, int(PIPELINE_S / (self._mean_s or PIPELINE_S / DEPTH))))
        if self._waiting:
            self._share_out()

    def _lost(self, link: Link) -> None:
        """Replace a reader that has ended; only the question that it was working on is answered for with an error."""
        if link not in self._links:
            return
        self._links.remove(link)
        if link.sent:
            link.sent.popleft().end(QueryAborted(
                f"The query needed more memory than the limit of {MEMORY_LIMIT_BYTES >> 20} MB, or nests deeper than a query "
                "may, and was ended. Ask for less at a time, or write it with fewer brackets."))
        self._wait_again(link.sent)
        self._grow()
        self._share_out()

    def _wait_again(self, behind: Iterable[Asked]) -> None:
        """Have questions wait once more, in the order in which all came: they may be younger than some that wait."""
        left = [*(asked for asked in behind if not asked.over), *self._waiting]
        self._waiting = deque(sorted(left, key=lambda asked: asked.since))

    def _free(self) -> Link | None:
        """Return the reader with the fewest questions, if one can take another."""
        best, depth = None, 1 if len(self._waiting) > MOST_READERS else self._depth  # none of many is put behind a slow one
        for link in self._links:
            if not link.slow and len(link.sent) < (len(best.sent) if best else depth):
                best = link
        return best

    def _share_out(self) -> None:
        now = self._loop.time()
        crowded = (sum(1 for link in self._links if link.sent and link.slow) >= MOST_LONG
                   or (len(self._waiting) > 0 and now - self._waiting[0].since > LONG_S))
        while self._waiting and (link := self._free()):
            self._newest = crowded and not self._newest
            asked = self._waiting.pop() if self._newest else self._waiting.popleft()
            if not asked.over:
                link.send(asked)

    def _grow(self) -> None:
        """Fork what is missing: READERS, and one more for each that is slow."""
        wanted = min(MOST_READERS, READERS + sum(link.slow for link in self._links))
        while self.ready and len(self._links) + self._forking < wanted:
            self._forking += 1
            self._keep.fork()

    def _tick(self) -> None:
        now = self._loop.time()
        if now > self._next_tick + TICK_S:  # the loop was held up, not the readers: let their answers in first
            self._tick_again()
            return
        for link in list(self._links):
            if link.sent:
                self._look_at(link, now)
        self._end_long_ones(now)
        for asked in list(self._waiting):
            self._look_at_waiting(asked, now)
        self._waiting = deque(asked for asked in self._waiting if not asked.over)
        self._grow()
        self._share_out()
        self._shrink(now)
        self._timer = None
        if self._waiting or self._forking or len(self._links) > READERS or any(link.sent for link in self._links):
            self._tick_again()

    def _tick_again(self) -> None:
        self._next_tick = self._loop.time() + TICK_S
        self._timer = self._loop.call_at(self._next_tick, self._tick)

    def _look_at(self, link: Link, now: float) -> None:
        """Kill a reader whose question is late or wanted by nobody; take from a slow one what waits behind its question."""
        first, worked_s = link.sent[0], now - link.since
        if not first.over and now >= first.deadline:
            first.end(QueryTimeout(f"The query took longer than the limit of {self._limit_s:g} s and was ended. Ask for less: "
                                   "join on something the query names, or add a LIMIT inside a subquery."))
        if link.watched is not first:
            link.watched, link.used_s = first, link.cpu_s()
        # On a crowded machine a reader may wait for a processor; that alone does not make its question a slow one.
        slow_s = min(SLOW_S, self._turn_s(now))
        slow = worked_s > LONG_S or (worked_s > slow_s and link.cpu_s() - link.used_s > slow_s)
        if first.over and worked_s > SLOW_S:
            link.kill()
        elif slow and not link.slow:
            link.slow = True
            behind = list(link.sent)[1:]
            if behind:
                link.sent, link.spent = deque([first]), True
                self._wait_again(behind)
        if worked_s > LONG_S:
            link.spent = True  # it has touched much memory that a fresh one shares with the others
            link.step_back()

    def _look_at_waiting(self, asked: Asked, now: float) -> None:
        if self.ready and now - asked.since > WAIT_S:
            asked.end(TooManyQueries("All readers are busy with other queries. Ask again in a few seconds."))
        elif now >= asked.deadline:
            asked.end(StoreUnavailable("The graph is being opened."))

    def _end_long_ones(self, now: float) -> None:
        if len(self._waiting) <= MOST_READERS and (not self._waiting or len(self._links) < MOST_READERS or self._free()):
            return
        turn_s = self._turn_s(now)
        long = [link for link in self._links if link.slow and link.sent and not link.sent[0].over and now - link.since > turn_s]
        for link in sorted(long, key=lambda link: link.since)[MOST_LONG:]:
            link.sent[0].end(TooManyQueries(
                f"{MOST_LONG} long queries run already, and shorter ones wait; this one was ended to make room. Ask again in a "
                "few seconds."))
            link.kill()

    def _turn_s(self, now: float) -> float:
        """Return how long a question may have a reader that others want: the less, the more wait and the longer the first has."""
        if not self._waiting:
            return LONG_S
        waited_s = now - self._waiting[0].since
        return max(BRIEF_S, min(LONG_S * (MOST_READERS - MOST_LONG) / len(self._waiting), LONG_S - 2 * waited_s))

    def _shrink(self, now: float) -> None:
        spare = [link for link in self._links if not link.sent and now - link.since > SPARE_S]
        for link in spare[:max(0, len(self._links) - READERS)]:
            self._links.remove(link)
            link.kill()
