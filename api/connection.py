"""Turns the bytes of a connection into requests for the fast lane or the application, and ends clients that are too slow.

uvicorn's protocol with four things added: the fast lane, a clock on each connection in place of a timer for each request,
room for a new client when there are too many connections, and a bound on all that a client sends besides bodies.
"""

import asyncio
import functools
import json
import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from api.lane import PATH, Known, Lane, Plain
from kg.errors import ParkgError
from kg.store.links import Asked, Outcome

MOST_CONNECTIONS = 1000
QUIET_S = 10.0  # between requests, and for a request's line and headers
BODY_S = 30.0
STUCK_S = 20.0  # without taking a byte of its answer
LARGE_BYTES = 256 << 10
MOST_HEAD_BYTES = 128 << 10  # the parser copies a line anew with each piece of it that comes in


def _spelled(data: bytes) -> bytes:
    """Return what came with the letters of its first line that are beyond ASCII percent-encoded: not every client does that."""
    line, end, rest = data.partition(b"\r\n")
    return re.sub(rb"[\x80-\xff]", lambda found: b"%%%02X" % ord(found[0]), line) + end + rest if end else data


class _NoEvent:
    def set(self) -> None:
        pass


_NO_EVENT = _NoEvent()


class _Ride:
    """A request in the fast lane; has the part of a RequestResponseCycle that uvicorn's protocol looks at."""

    __slots__ = ("asked", "body", "disconnected", "keep_alive", "message_event", "more_body", "plain",
                 "response_complete", "scope", "url")

    def __init__(self, plain: Plain, url: bytes, scope: Any, keep_alive: bool) -> None:
        self.plain = plain
        self.url = url
        self.scope = scope
        self.keep_alive = keep_alive
        self.asked: Asked | None = None
        self.body = b""
        self.more_body = False
        self.response_complete = self.disconnected = False
        self.message_event = _NO_EVENT


class Connection(HttpToolsProtocol):
    """One client's connection."""

    def __init__(self, lane: Lane | None, **options: Any) -> None:
        super().__init__(**options)
        self._lane = lane
        self.clock = self.loop.time()
        self.receiving = True
        self._unsent = 0
        self._head_bytes = 0
        self._begun = 0
        self._between = True  # whether the parser has read whole messages and no more

    def data_received(self, data: bytes) -> None:
        """Take a request of which all but the query is known already; have the parser read any other."""
        between, begun, before = self._between, self._begun, self.cycle
        if between and not data.isascii():
            data = _spelled(data)
        if self._lane and between and (found := self._lane.glance(data)) and self._take(*found):
            return
        self._read(data)
        ride = self.cycle
        if self._lane and between and self._between and self._begun == begun + 1 and ride is not before and \
                isinstance(ride, _Ride) and ride.keep_alive:
            self._lane.note(data, ride.url, self.headers)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; where there are too many connections, end the one that has been silent longest."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            silent = [c for c in self.connections if isinstance(c, Connection) and c.receiving and c is not self]
            if silent:
                min(silent, key=lambda connection: connection.clock).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the question that the client no longer waits for."""
        ride = self.cycle
        super().connection_lost(exc)
        if isinstance(ride, _Ride) and ride.asked:
            ride.asked.over = True

    def send_400_response(self, msg: str) -> None:
        """Say that what came is no HTTP."""
        self._refuse(400, "Bad Request", "This is not a request as HTTP/1.1 has them.")

    def on_body(self, body: bytes) -> None:
        """Take in a piece of a body, which has bounds of its own."""
        self._head_bytes = 0
        super().on_body(body)

    def on_message_begin(self) -> None:
        """Set the clock for a request."""
        super().on_message_begin()
        self.clock = self.loop.time()
        self.receiving = True
        self._begun += 1
        self._between = False

    def on_message_complete(self) -> None:
        """Stop the clock."""
        self._head_bytes = 0
        self.receiving = self.cycle is None or self.cycle.response_complete
        self._between = not self.parser.should_upgrade()
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        """Choose the lane."""
        if self._lane and self.url.startswith(PATH) and self._free() and self.parser.get_method() == b"GET" and \
                (known := self._lane.known(self.headers)):
            plain = self._plain(self.url, known)
            if plain and plain.body:
                keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
                self._ride(plain, self.url, keep_alive)
                return
            if plain and not plain.manner:
                self.scope["state"]["learn"] = functools.partial(self._lane.learn, plain)
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Go on to the next request, if one has come in already."""
        self.server_state.total_requests += 1
        self.clock = self.loop.time()
        self.receiving = True
        if not self.transport.is_closing():
            self.flow.resume_reading()
            if self.pipeline:
                self._start_asgi_task(*self.pipeline.pop())

    def sweep(self, now: float) -> None:
        """End the connection if the client is too slow: to ask, or to take its answer."""
        unsent = self.transport.get_write_buffer_size()
        if unsent:
            if unsent != self._unsent:
                self._unsent, self.clock = unsent, now
            elif now - self.clock > STUCK_S:
                self.transport.abort()
        elif self.receiving:
            body = self.cycle is not None and not self.cycle.response_complete
            if now - self.clock > (BODY_S if body else QUIET_S):
                self.transport.abort()

    def _refuse(self, status: int, title: str, detail: str) -> None:
        """End the connection, saying why unless an answer is on its way, of which it would seem a part."""
        waits = isinstance(self.cycle, RequestResponseCycle) and not self.cycle.response_started and not self.pipeline
        if waits or self.cycle is None or self.cycle.response_complete:
            problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
            body = json.dumps(problem).encode() + b"\n"
            self.transport.write(b"%scontent-type: application/problem+json\r\nx-content-type-options: nosniff\r\n"
                                 b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (STATUS_LINE[status], len(body), body))
        self.transport.close()

    def _read(self, data: bytes) -> None:
        """Take in what came, unless it goes on and on without being a request."""
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes > MOST_HEAD_BYTES and not self.transport.is_closing():
            self._refuse(431, "Request Header Fields Too Large", "The line and headers of a request, and what a chunked body has "
                         f"besides data, may have {MOST_HEAD_BYTES:,} bytes. Send a long query by POST.")

    def _free(self) -> bool:
        return (self.cycle is None or self.cycle.response_complete) and not self.flow.write_paused

    def _plain(self, url: bytes, known: Known) -> Plain | None:
        assert self._lane
        try:
            return self._lane.plain(url, known)
        except ParkgError:  # the application says it
            return None

    def _take(self, url: bytes, known: Known) -> bool:
        """Take a whole request of the fast lane past the parser, if the lane is free and can answer it."""
        plain = self._plain(url, known) if self._free() else None
        if not plain or not plain.body:
            return False
        self.on_message_begin()
        self.scope["headers"] = known.headers
        self._ride(plain, url, keep_alive=True)
        self.on_message_complete()
        return True

    def _ride(self, plain: Plain, url: bytes, keep_alive: bool) -> None:
        assert self._lane
        ride = _Ride(plain, url, self.scope, keep_alive)
        self.cycle = ride  # type: ignore[assignment]
        ride.asked = self._lane.pool.ask(plain.crew, plain.body, lambda outcome: self._arrive(ride, outcome))

    def _arrive(self, ride: _Ride, outcome: Outcome) -> None:
        if ride.disconnected:
            return
        if isinstance(outcome, Exception):
            self._hand_over(ride, "error", outcome)
        elif len(outcome) > LARGE_BYTES:
            self._hand_over(ride, "answer", (ride.plain.headers(), outcome))
        else:
            self.transport.write(b"".join([
                b"HTTP/1.1 200 OK\r\n", *[b"%s: %s\r\n" % header for header in self.server_state.default_headers],
                ride.plain.head, b"content-length: %d\r\n" % len(outcome),
                b"\r\n" if ride.keep_alive else b"connection: close\r\n\r\n", outcome]))
            ride.response_complete = True
            if not ride.keep_alive:
                self.transport.close()
            self.on_response_complete()

    def _hand_over(self, ride: _Ride, what: str, outcome: object) -> None:
        """Have the front send what is not a short answer: the application's word on an error, or a long answer in pieces."""
        path, _, query = ride.url.partition(b"?")
        ride.scope.update(method="GET", path=path.decode("ascii"), raw_path=path, query_string=query)
        ride.scope["state"][what] = outcome
        cycle = RequestResponseCycle(
            scope=ride.scope, transport=self.transport, flow=self.flow, logger=self.logger, access_logger=self.access_logger,
            access_log=self.access_log, default_headers=self.server_state.default_headers, message_event=asyncio.Event(),
            expect_100_continue=False, keep_alive=ride.keep_alive, on_response=self.on_response_complete)
        cycle.more_body = False
        cycle.message_event.set()
        if self.cycle is ride:  # type: ignore[comparison-overlap]
            self.cycle = cycle
        self._start_asgi_task(cycle, self.app)
