"""Turns a change into the next revision, by a process that can be ended: the door to kg.store.writer."""

import os
import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from kg.errors import QueryAborted, QueryTimeout, StoreUnavailable
from kg.store.changes import Change, Changed

START_S = 10.0


class Writer:
    """One process that changes copies of revisions, one change at a time; started when it is first needed."""

    def __init__(self, time_limit_s: float, plain: bool = False) -> None:
        self.time_limit_s = time_limit_s
        self._plain = plain
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def change(self, source: Path | None, target: Path, change: Change) -> Changed:
        """Make ``target`` a changed copy of the revision in ``source``.

        Raises what the change raises, QueryTimeout after the limit, and QueryAborted where the process was lost; ``target`` is
        then worthless, and nothing else is touched.
        """
        with self._lock:
            pipe = self._started()
            try:
                pipe.send((source, target, change, self._plain))
                if not pipe.poll(self.time_limit_s):
                    self._end()
                    raise QueryTimeout(f"The change took longer than the limit of {self.time_limit_s:g} s and was ended; nothing "
                                       "was changed. Send it in parts.")
                outcome = pipe.recv()
            except (EOFError, OSError) as error:
                self._end()
                raise QueryAborted("The change needed more memory or nests deeper than a change may, and was ended; nothing was "
                                   "changed. Send it in parts, or written flatter.") from error
        if isinstance(outcome, Exception):
            raise outcome
        assert isinstance(outcome, Changed)
        return outcome

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _started(self) -> Connection:
        if self._pipe and self._process and self._process.poll() is None:
            return self._pipe
        self._end()
        ours, theirs = socket.socketpair()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "MALLOC_ARENA_MAX": "2"}
        with theirs:
            command = [sys.executable, "-P", "-m", "kg.store.writer", str(theirs.fileno())]
            self._process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                                             stderr=subprocess.DEVNULL)
        self._pipe = Connection(ours.detach())
        if not self._pipe.poll(START_S):
            self._end()
            raise StoreUnavailable("The writer could not be started; the machine may be out of memory or processes.")
        self._pipe.recv()
        return self._pipe

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        if self._pipe:
            self._pipe.close()
        self._process = self._pipe = None
