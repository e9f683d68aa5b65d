"""Turns the name of a module into a process at the end of a pipe, which can be ended at any time and started anew."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from kg.errors import StoreUnavailable

START_S = 10.0
_LATE = object()


class Piped:
    """A process that answers each message with another, and says once, before all, that it is ready. For one thread at a time."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._ready = False

    def start(self) -> None:
        """Have the process running; do not wait until it is ready."""
        if self._process and self._process.poll() is None:
            return
        self.end()
        ours, theirs = socket.socketpair()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "MALLOC_ARENA_MAX": "2"}
        with theirs:
            command = [sys.executable, "-P", "-m", self._module, str(theirs.fileno())]
            self._process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                                             stderr=subprocess.DEVNULL)
        self._pipe = Connection(ours.detach())

    def ask(self, message: object, time_limit_s: float) -> object:
        """Send a message and return its answer; an answer that is an error is raised.

        Raises TimeoutError after the limit, EOFError where the process was lost, StoreUnavailable where it cannot be started.
        After any of these the process has ended; the next message starts another.
        """
        pipe = self._started()
        try:
            pipe.send(message)
            answer = pipe.recv() if pipe.poll(time_limit_s) else _LATE
        except (EOFError, OSError) as error:
            self.end()
            raise EOFError from error
        if answer is _LATE:
            self.end()
            raise TimeoutError
        if isinstance(answer, Exception):
            raise answer
        return answer

    def end(self) -> None:
        """End the process, if there is one."""
        if self._process:
            self._process.kill()
            self._process.wait()
        if self._pipe:
            self._pipe.close()
        self._process = self._pipe = None
        self._ready = False

    def _started(self) -> Connection:
        self.start()
        assert self._pipe
        with suppress(EOFError, OSError):
            self._ready = self._ready or (self._pipe.poll(START_S) and self._pipe.recv() is not None)
        if not self._ready:
            self.end()
            raise StoreUnavailable("A process could not be started; the machine may be out of memory or processes.")
        return self._pipe
