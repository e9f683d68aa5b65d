"""Turns the directory of a revision into readers that are linked to the server's event loop.

A Keep is the server's side of kg.store.keeper, a Link that of one reader. Both only carry; what is asked of whom is decided in
kg.store.crew.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import cast

from kg.store.keeper import LOADED, PID
from kg.store.wire import ANSWER, LENGTH, fault_of

LARGEST_FAULT_BYTES = 4096
LOW_PRIORITY = 10
Outcome = bytes | Exception


class Asked:
    """A question on its way: its bytes, when it must be answered, and whom to tell. Once told it is over."""

    __slots__ = ("body", "deadline", "over", "since", "tell")

    def __init__(self, body: bytes, since: float, deadline: float, tell: Callable[[Outcome], None]) -> None:
        self.body = body
        self.since = since
        self.deadline = deadline
        self.tell = tell
        self.over = False

    def end(self, outcome: Outcome) -> None:
        """Tell the outcome, unless it was told or nobody wants it any more."""
        if not self.over:
            self.over = True
            self.tell(outcome)


class Link(asyncio.Protocol):
    """One reader: what it was sent and has not answered, in order.

    since: when it began to work on the first of these, or to have none; took_s: how long the last took; watched: the question
    that it was last seen working on, and used_s: the processor time it had used by then; slow: gets nothing more until it has
    answered; spent: is to be replaced when it has.
    """

    def __init__(self, pid: int, process: int, answered: Callable[["Link"], None], lost: Callable[["Link"], None]) -> None:
        self.pid = pid
        self.sent: deque[Asked] = deque()
        self.took_s = 0.0
        self.watched: Asked | None = None
        self.used_s = 0.0
        self.slow = False
        self.spent = False
        self._process = process
        self._answered = answered
        self._lost = lost
        self._buffer = bytearray()
        self._unsent = b""
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self.since = self._loop.time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def cpu_s(self) -> float:
        """Return the processor time that the reader has used. Source: Linux manual page clock_getcpuclockid(3)."""
        try:
            return time.clock_gettime(~self.pid << 3 | 2)
        except OSError:
            return 0.0

    def step_back(self) -> None:
        """Have the reader take a processor only where no other process wants it. Linux: a priority is that of a thread."""
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{self.pid}/task"):
                os.setpriority(os.PRIO_PROCESS, int(thread), LOW_PRIORITY)

    def send(self, asked: Asked) -> None:
        """Send a question; its answer comes after those of the questions before it."""
        if not self.sent:
            self.since = self._loop.time()
        self.sent.append(asked)
        if not self._unsent:  # what comes in together is handed on together: a system call each would cost more than all else
            self._loop.call_soon(self._flush)
        self._unsent += LENGTH.pack(len(asked.body)) + asked.body

    def _flush(self) -> None:
        if self._transport:
            self._transport.write(self._unsent)
        self._unsent = b""

    def data_received(self, data: bytes) -> None:
        """Tell every answer that is there whole."""
        alone = not self._buffer and self.sent and len(data) > LENGTH.size
        if alone and LENGTH.unpack_from(data)[0] == len(data) - LENGTH.size:  # one, and whole: so it is most often
            self._tell(data[LENGTH.size], data[LENGTH.size + 1:])
            self._answered(self)
            return
        self._buffer += data
        start = 0
        while len(self._buffer) - start >= LENGTH.size:
            end = start + LENGTH.size + LENGTH.unpack_from(self._buffer, start)[0]
            if end > len(self._buffer) or not self.sent:
                break
            mark = self._buffer[start + LENGTH.size]
            with memoryview(self._buffer) as view:
                body = bytes(view[start + LENGTH.size + 1:end])
            start = end
            self._tell(mark, body)
        if start:
            del self._buffer[:start]
            self._answered(self)

    def _tell(self, mark: int, body: bytes) -> None:
        now = self._loop.time()
        self.took_s, self.since = now - self.since, now
        self.sent.popleft().end(body if mark == ANSWER[0] else fault_of(body))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that the reader has ended."""
        with suppress(OSError):
            os.close(self._process)
        self._process = -1
        self._lost(self)

    def kill(self) -> None:
        """End the process at once, whatever it is doing; it gets no more questions."""
        self.slow = True
        if self._process >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)
        if self._transport:
            self._transport.abort()


class Keep:
    """A keeper's process, which loads a revision and then gives readers of it."""

    def __init__(self, directory: Path, memory_bytes: int, largest_answer_bytes: int, loaded: Callable[[str], None],
                 joined: Callable[[socket.socket, int, int], None], failed: Callable[[], None], lost: Callable[[], None]) -> None:
        """Start the process.

        memory_bytes: the most memory that the revision may take, or 0 to read it from disk;
        loaded: told once, with what is wrong or nothing; joined: told of each reader, its socket, process descriptor and number;
        failed: told where the machine has no room for another; lost: told if the process ends.
        """
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        self._told = False
        self._loaded, self._joined, self._failed, self._lost = loaded, joined, failed, lost
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "MALLOC_ARENA_MAX": "2",
                       "GLIBC_TUNABLES": "glibc.malloc.tcache_count=500"}  # to parse a query takes many small pieces of memory
        with theirs:
            command = [sys.executable, "-P", "-m", "kg.store.keeper", str(theirs.fileno()), str(directory),
                       str(largest_answer_bytes), str(memory_bytes)]
            self._process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                                             stderr=subprocess.DEVNULL)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._control.fileno(), self._heard)

    def fork(self) -> None:
        """Ask for one more reader."""
        with suppress(OSError):  # a keeper that is gone is told by ``lost``
            self._control.send(b"f")

    def close(self) -> None:
        """End the keeper, and its readers with it."""
        if self._control.fileno() >= 0:
            self._loop.remove_reader(self._control.fileno())
            self._control.close()
            self._process.kill()
            self._process.wait()

    def _heard(self) -> None:
        try:
            if not self._told:
                text = self._control.recv(LARGEST_FAULT_BYTES)
                self._told = True
                fault = text[1:].decode(errors="replace") or "The process that loads it has ended."
                self._loaded("" if text == LOADED else fault)
                return
            message, descriptors, _, _ = socket.recv_fds(self._control, PID.size, 2, socket.MSG_CMSG_CLOEXEC)
        except BlockingIOError:
            return
        except OSError:
            message, descriptors = b"", []
        if len(descriptors) == 2:
            self._joined(socket.socket(fileno=descriptors[0]), descriptors[1], PID.unpack(message)[0])
        elif message:
            self._failed()
        else:
            self.close()
            self._lost()
