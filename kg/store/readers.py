"""Turns queries into answers in processes of their own, each of which can be ended without harm to the others.

pyoxigraph has no time limit, and deep nesting or a large sort can end its process. So the process that speaks with users
opens no store: it hands a query to a reader, waits as long as the limit allows, and replaces the reader if it is late or
gone. A reader has no network to reach and a bound on its memory.
"""

import ctypes
import multiprocessing
import queue
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from kg.errors import QueryAborted, QueryTimeout, TooManyQueries
from kg.store.engine import Question, answer, open_revision

READERS = 2
WAIT_S = 2.0
MEMORY_LIMIT_BYTES = 1 << 30
STACK_BYTES = 64 << 20
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000

_spawn = multiprocessing.get_context("spawn")


class Readers:
    """A pool of processes that answer queries over the revision in a directory."""

    def __init__(self, time_limit_s: float, size: int = READERS) -> None:
        self.time_limit_s = time_limit_s
        self._idle: queue.Queue[_Reader] = queue.Queue()
        for _ in range(size):
            self._idle.put(_Reader())

    def answer(self, directory: Path, question: Question) -> bytes:
        """Answer a query over the revision in ``directory``.

        Raises QueryMalformed, QueryTimeout after the limit, QueryAborted where the reader was lost, and TooManyQueries
        where none became free in time. Never returns part of an answer.
        """
        with self._reader() as reader:
            return reader.ask(directory, question, self.time_limit_s)

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
        self._pipe, theirs = _spawn.Pipe()
        self._process = _spawn.Process(target=_serve, args=(theirs,), daemon=True, name="parkg-reader")
        self._process.start()
        theirs.close()

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def ask(self, directory: Path, question: Question, time_limit_s: float) -> bytes:
        deadline = time.monotonic() + time_limit_s
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

    def _restart(self) -> None:
        self.end()
        self._start()


def _serve(pipe: Connection) -> None:
    """Answer questions until the pipe closes; runs in the reader's process, in a thread with a deep stack."""
    ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_answer_all, args=(pipe,))
    thread.start()
    thread.join()


def _answer_all(pipe: Connection) -> None:
    opened: Path | None = None
    while True:
        try:
            directory, question = pipe.recv()
        except EOFError:
            return
        outcome: bytes | Exception
        try:
            if directory != opened:
                store = open_revision(directory)
                opened = directory
            outcome = answer(store, question)
        except MemoryError:
            outcome = QueryAborted("The query needed more memory than a query may have and was ended. Ask for less at a time.")
        except Exception as error:
            outcome = error
        pipe.send(outcome)
