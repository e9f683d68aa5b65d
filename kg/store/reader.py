"""Turns questions that come in over a pipe into answers; the main module of a reader's process.

The process has no network to reach, writes no core file, has a bound on its memory, and ends when its parent does. Questions
are answered in a thread with a deep stack, while the main thread watches over the parent: pyoxigraph lets go of the
interpreter during a query.
"""

import ctypes
import os
import resource
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from kg.errors import QueryAborted
from kg.store.engine import answer, open_revision

MEMORY_LIMIT_BYTES = 1 << 30
STACK_BYTES = 64 << 20
WATCH_S = 1.0
READY = "ready"
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def main() -> None:
    """Answer over the pipe whose descriptor is the first argument, until it closes."""
    pipe = Connection(int(sys.argv[1]))
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_answer_all, args=(pipe,), daemon=True)
    thread.start()
    while thread.is_alive() and os.getppid() == parent:
        thread.join(WATCH_S)
    os._exit(0)


def _answer_all(pipe: Connection) -> None:
    opened: Path | None = None
    pipe.send(READY)
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


if __name__ == "__main__":
    main()
