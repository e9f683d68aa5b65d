"""Turns questions that come in over a pipe into answers; the main module of a reader's process.

The process has no network to reach, writes no core file, has a bound on its memory, and ends when its parent does. Questions
are answered in a thread with a deep stack, while the main thread watches over the parent: pyoxigraph lets go of the
interpreter during a query.
"""

import ctypes
import errno
import os
import resource
import struct
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from kg.errors import QueryAborted, QueryMalformed
from kg.store.engine import answer, open_revision

MEMORY_LIMIT_BYTES = 1 << 30
STACK_BYTES = 64 << 20
WATCH_S = 1.0
READY = "ready"
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
SOCKET_CALL = {"x86_64": 41, "aarch64": 198}


def main() -> None:
    """Answer over the pipe whose descriptor is the first argument, until it closes."""
    pipe = Connection(int(sys.argv[1]))
    parent = os.getppid()
    sealed = seal()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_answer_all, args=(pipe, sealed), daemon=True)
    thread.start()
    while thread.is_alive() and os.getppid() == parent:
        thread.join(WATCH_S)
    os._exit(0)


def seal() -> bool:
    """Take the network away from this process, by a namespace of its own or a filter of system calls; tell whether it worked.

    Source: Linux manual pages unshare(2) and seccomp(2).
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    return libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 or seal_by_filter(libc)


def seal_by_filter(libc: ctypes.CDLL) -> bool:
    """Have every call that makes a socket fail with EACCES; tell whether the system took the filter."""
    number = SOCKET_CALL.get(os.uname().machine)
    if number is None or libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in (
        (0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x00050000 | errno.EACCES), (0x06, 0, 0, 0x7FFF0000)))
    text = ctypes.create_string_buffer(program, len(program))
    filter = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(text)))
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter, 0, 0) == 0)


def _answer_all(pipe: Connection, sealed: bool) -> None:
    opened: tuple[Path, int] | None = None
    pipe.send(READY)
    while True:
        try:
            directory, question = pipe.recv()
        except EOFError:
            return
        outcome: bytes | Exception
        try:
            if not sealed and "service" in question.query.lower():
                raise QueryMalformed("This machine cannot keep a query from the network, so none may hold the word service.")
            found = (directory, _identity(directory))
            if found != opened:
                store = open_revision(directory)
                opened = found
            outcome = answer(store, question)
        except MemoryError:
            outcome = QueryAborted("The query needed more memory than a query may have and was ended. Ask for less at a time.")
        except Exception as error:
            outcome = error
        pipe.send(outcome)


def _identity(directory: Path) -> int:
    """Return a number that differs for a directory that was put in the place of another."""
    try:
        return directory.stat().st_ino
    except OSError:
        return 0


if __name__ == "__main__":
    main()
