"""Turns a process into one that answers over a pipe, closed off: what reader, writer and inspector have in common.

It has no network to reach, writes no core file, has a bound on its memory, and ends when its parent does. It answers in a thread
with a deep stack, while the main thread watches over the parent: pyoxigraph lets go of the interpreter during a query.
"""

import os
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import NoReturn

from kg.store.sandbox import MEMORY_LIMIT_BYTES, STACK_BYTES, bound, seal_network

WATCH_S = 1.0
READY = "ready"


def run(answer_all: Callable[[Connection, bool], None], memory_bytes: int = MEMORY_LIMIT_BYTES) -> NoReturn:
    """Answer over the pipe whose descriptor is the first argument, until it closes.

    answer_all: does so; it is told whether the process is sealed from the network. memory_bytes: what it may take.
    """
    pipe = Connection(int(sys.argv[1]))
    parent = os.getppid()
    sealed = seal_network()
    bound(memory_bytes)
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=answer_all, args=(pipe, sealed), daemon=True)
    thread.start()
    while thread.is_alive() and os.getppid() == parent:
        thread.join(WATCH_S)
    os._exit(0)
