"""Turns queries into answers in processes of their own, each of which can be ended without harm to the others.

pyoxigraph has no time limit, and deep nesting or a large sort can end its process. So the process that speaks with users
opens no store: it hands a query to a reader, waits as long as the limit allows, and replaces the reader if it is late or
gone. What runs in a reader is kg.store.reader.
"""

import os
import queue
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

from kg.errors import QueryAborted, QueryTimeout, StoreUnavailable, TooManyQueries
from kg.store.engine import Question
from kg.store.received import Checked, Received

READERS = 4
WAIT_S = 2.0
START_S = 10.0


class Readers:
    """A pool of processes that answer queries over the revision in a directory."""

    def __init__(self, time_limit_s: float, size: int = READERS) -> None:
        self.time_limit_s = time_limit_s
        self._idle: queue.Queue[_Reader] = queue.Queue()
        for _ in range(size):
            self._idle.put(_Reader())

    def answer(self, directory: Path | None, question: Question | Checked | Received, within_s: float | None = None) -> bytes:
        """Answer a query over the revision in ``directory``, or do what needs none; within_s: what is left of the time limit.

        Raises QueryMalformed, QueryTimeout after the limit, QueryAborted where the reader was lost, and TooManyQueries
        where none became free in time. Never returns part of an answer.
        """
        with self._reader() as reader:
            return reader.ask(directory, question, self.time_limit_s, self.time_limit_s if within_s is None else within_s)

    def close(self) -> None:
        """End every idle reader."""
        while not self._idle.empty():
            self._idle.get().end()

    @contextmanager
    def _reader(self) -> "Iterator[_Reader]":
        try:
            reader = self._idle.get(timeout=WAIT_S)
        except queue.Empty:
            raise TooManyQueries("All readers are busy. Ask again in a few seconds.") from None
        try:
            yield reader
        finally:
            self._idle.put(reader)


class _Reader:
    """One process and the pipe to it."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "MALLOC_ARENA_MAX": "2"}
        with theirs:
            command = [sys.executable, "-P", "-m", "kg.store.reader", str(theirs.fileno())]
            self._process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                                             stderr=subprocess.DEVNULL)
        self._pipe = Connection(ours.detach())
        self._ready = False

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._pipe.close()

    def ask(self, directory: Path | None, question: Question | Checked | Received, time_limit_s: float, within_s: float) -> bytes:
        self._await_ready()
        deadline = time.monotonic() + within_s
        try:
            self._pipe.send((directory, question))
            if not self._pipe.poll(max(0.0, deadline - time.monotonic())):
                self._restart()
                raise QueryTimeout(f"The query took longer than the limit of {time_limit_s:g} s and was ended. Ask for less: "
                                   "join on something the query names, or add a LIMIT inside a subquery.")
            outcome = self._pipe.recv()
        except (EOFError, OSError) as error:
            self._restart()
            raise QueryAborted("The query needed more memory or nests deeper than a query may, and was ended. Ask for less at "
                               "a time, or write it with fewer brackets.") from error
        if isinstance(outcome, Exception):
            raise outcome
        assert isinstance(outcome, bytes)
        return outcome

    def _await_ready(self) -> None:
        if self._process.poll() is not None:
            self._restart()
        if self._ready:
            return
        with suppress(EOFError, OSError):
            self._ready = self._pipe.poll(START_S) and self._pipe.recv() is not None
        if not self._ready:
            self._restart()
            raise StoreUnavailable("A reader could not be started; the machine may be out of memory or processes.")

    def _restart(self) -> None:
        self.end()
        self._start()
