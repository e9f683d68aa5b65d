"""Turns requests of the event loop into calls of the Flask application in threads, and its responses into answers.

No thread waits for a client: a request is taken in whole before a thread gets it, and a response leaves after the thread is done
with it. So slow clients cost memory, of which each has little, and nothing else.
"""

import asyncio
import sys
import tempfile
import zlib
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from flask import Flask
from werkzeug.exceptions import BadRequest, HTTPException, NotImplemented, RequestEntityTooLarge, UnsupportedMediaType

from api.fields import untracked
from kg.errors import StoreUnwritable, TooManyQueries
from kg.store.pool import CALLER, Caller

THREADS = 64
IN_MEMORY_BYTES = 64 << 10
MOST_DISCARDED_BYTES = 64 << 20
PIECE_BYTES = 256 << 10
MOST_LEAVING_BYTES = MOST_ARRIVING_BYTES = 512 << 20
MOST_MEMBERS = 1000
STREAMED = "parkg.streamed"  # in the environment of a request whose answer is read from a file while it leaves

Headers = list[tuple[bytes, bytes]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Front:
    """The ASGI application around the Flask application."""

    def __init__(self, app: Flask, base_url: str = "") -> None:
        """base_url: the origin that the application takes for its own; without one it believes what each client calls it."""
        self._app = app
        self._own = _named(base_url)
        self._threads = ThreadPoolExecutor(THREADS, "request")
        self._most_body = app.config["MAX_CONTENT_LENGTH"] or sys.maxsize
        self._leaving = self._arriving = 0

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request."""
        state = scope["state"]
        with self._body(state) as body:
            environ = {**_environ(scope, body), **self._own}
            if "answer" in state:
                headers, content = state["answer"]
                await self._send(send, 200, headers, content, environ, receive)
                return
            error = state.get("error") or await self._take_in(scope, receive, body)
            if error is _HUNG_UP:
                return
            environ["CONTENT_LENGTH"] = str(state["arrived"])
            status, headers, content = await self._in_a_thread(environ, error, receive)
            if not isinstance(content, bytes):
                await self._stream(send, status, headers, content)
                return
            if "learn" in state and status == 200:
                state["learn"](headers)
            if isinstance(error, RequestEntityTooLarge):
                headers.append((b"connection", b"close"))
            await self._send(send, status, headers, content, environ, receive)

    def close(self) -> None:
        """Let the threads end when they are done."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def _body(self, state: dict[str, Any]) -> Iterator[IO[bytes]]:
        """Give a file for the body of a request; state tells how much has ``arrived``, which counts until all is done."""
        body = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115, since closing it is what may fail
        state["arrived"] = 0
        try:
            yield body
        finally:
            self._arriving -= state["arrived"]
            with suppress(OSError):  # what could not be written before, cannot now
                body.close()

    async def _take_in(self, scope: dict[str, Any], receive: Receive, body: IO[bytes]) -> object:
        """Write the body of a request into a file, unpacked; return what is wrong with it, if anything."""
        given = dict(scope["headers"])
        coding = given.get(b"content-encoding", b"identity").lower()
        if coding not in (b"identity", b"gzip", b"x-gzip"):
            return UnsupportedMediaType("A body is sent as it is, or packed with gzip. Send it without Content-Encoding.")
        if given.get(b"transfer-encoding", b"chunked").lower() != b"chunked":
            return NotImplemented("A body is sent with Transfer-Encoding: chunked or none; packed, with Content-Encoding: gzip.")
        packed = _Packed() if coding != b"identity" else None
        announced = int(given.get(b"content-length", b"0"))
        if announced > MOST_DISCARDED_BYTES or (b"expect" in given and announced > self._most_body):
            return self._too_large()
        error: Exception | None = None
        seen, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return _HUNG_UP
            piece, more = message["body"], message["more_body"]
            seen += len(piece)
            if error is None:
                try:
                    for part in packed.unpack(piece) if packed else (piece,):
                        self._keep(part, body, scope["state"])
                        if packed:
                            await asyncio.sleep(0)  # others are heard while a small piece becomes a large one
                    if not more:
                        body.seek(0)
                except zlib.error as fault:
                    error = BadRequest(f"The body cannot be unpacked: {fault}.")
                except OSError as fault:
                    error = StoreUnwritable(f"The body of a request cannot be kept ({fault}).")
                except (HTTPException, TooManyQueries) as refusal:
                    error = refusal
            if error and seen > MOST_DISCARDED_BYTES:  # until then the client can still read what was wrong
                return error
        if error is None and packed and not packed.whole:
            return BadRequest("The body breaks off before its end.")
        return error

    def _keep(self, part: bytes, body: IO[bytes], state: dict[str, Any]) -> None:
        """Write a part of a body, if there is room. Raises RequestEntityTooLarge, TooManyQueries and OSError."""
        arrived = state["arrived"] + len(part)
        if arrived > self._most_body:
            raise self._too_large()
        if arrived > IN_MEMORY_BYTES and self._arriving + len(part) > MOST_ARRIVING_BYTES:
            raise TooManyQueries("Too many large requests are on their way. Send it again in a few seconds.")
        state["arrived"] = arrived
        self._arriving += len(part)
        body.write(part)

    def _too_large(self) -> RequestEntityTooLarge:
        return RequestEntityTooLarge(f"The body of a request may have {self._most_body:,} bytes, unpacked.")

    async def _in_a_thread(self, environ: dict[str, Any], error: object, receive: Receive) -> tuple[int, Headers, Any]:
        """Have the application answer, and its questions ended if the client hangs up meanwhile."""
        caller = Caller()

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            caller.hang_up()

        watching = None if error else asyncio.ensure_future(watch())  # to listen on would invite the body of a refused request
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, environ, error, caller)
        finally:
            if watching:
                watching.cancel()

    def _run(self, environ: dict[str, Any], error: object, caller: Caller) -> tuple[int, Headers, bytes | Iterable[bytes]]:
        """Have the application answer; what it gives as a file is returned as it is, to be read while it leaves."""
        CALLER.set(caller)
        if isinstance(error, Exception):
            with self._app.request_context(environ):
                response = self._app.finalize_request(self._app.handle_user_exception(error))
                return response.status_code, _encoded(response.headers.to_wsgi_list()), response.get_data()
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None, /) -> Callable[[bytes], object]:
            started[:] = status, headers
            return lambda piece: None  # for what writes in the old manner, which Flask does not

        pieces = self._app(environ, start)
        if STREAMED in environ and hasattr(pieces, "__next__"):
            return int(started[0][:3]), _encoded(started[1]), pieces
        try:
            content = b"".join(pieces)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        return int(started[0][:3]), _encoded(started[1]), content

    async def _send(self, send: Send, status: int, headers: Headers, content: bytes, environ: dict[str, Any],
                    receive: Receive) -> None:
        """Send a response, unless too much is on its way already to clients who are slow to take it."""
        if len(content) > PIECE_BYTES and self._leaving + len(content) > MOST_LEAVING_BYTES:
            error = TooManyQueries("Too many large answers are on their way. Ask again in a few seconds.")
            status, headers, content = await self._in_a_thread(environ, error, receive)
        if not any(name == b"content-length" for name, _ in headers) and status not in (204, 304):
            headers = [*headers, (b"content-length", b"%d" % len(content))]
        self._leaving += len(content)
        try:
            await send({"type": "http.response.start", "status": status, "headers": headers})
            for start in range(0, len(content), PIECE_BYTES):
                await send({"type": "http.response.body", "body": content[start:start + PIECE_BYTES], "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._leaving -= len(content)


    async def _stream(self, send: Send, status: int, headers: Headers, pieces: Any) -> None:
        """Send what is read from a file, piece by piece, as the client takes it: one piece of it is in memory."""
        loop = asyncio.get_running_loop()
        try:
            await send({"type": "http.response.start", "status": status, "headers": headers})
            while piece := await loop.run_in_executor(self._threads, _some, pieces):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            pieces.close()


def _some(pieces: Iterator[bytes]) -> bytes:
    """Return the next pieces as one of a size that is worth a thread; nothing at the end."""
    taken, size = [], 0
    for piece in pieces:
        taken.append(piece)
        size += len(piece)
        if size >= PIECE_BYTES:
            break
    return b"".join(taken)


class _Packed:
    """A body that is packed with gzip, as one member or as several, one after the other. Source: RFC 1952, section 2.2."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)
        self._members = 1

    @property
    def whole(self) -> bool:
        """Whether the last member has come to its end."""
        return self._member.eof

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """Yield what a piece holds, little by little. Raises zlib.error."""
        part = b""
        while piece or (len(part) == PIECE_BYTES and not self._member.eof):
            if piece and self._member.eof:
                self._member, self._members = zlib.decompressobj(31), self._members + 1
                if self._members > MOST_MEMBERS:
                    raise zlib.error(f"more than {MOST_MEMBERS} packed parts")
            part = self._member.decompress(piece, PIECE_BYTES)
            piece = self._member.unconsumed_tail or self._member.unused_data
            yield part


_HUNG_UP = object()


def _named(base_url: str) -> dict[str, str]:
    """Return what an environment says of the server's own address."""
    scheme, _, host = base_url.partition("://")
    return {"wsgi.url_scheme": scheme, "HTTP_HOST": host} if base_url else {}


def _encoded(headers: list[tuple[str, str]]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _environ(scope: dict[str, Any], body: IO[bytes]) -> dict[str, Any]:
    """Return the environment of a request. Source: PEP 3333."""
    client, server = scope["client"] or ("", 0), scope["server"] or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"], "SCRIPT_NAME": "", "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": untracked(scope["query_string"].decode("latin-1")), "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]), "SERVER_PORT": str(server[1]), "REMOTE_ADDR": str(client[0]),
        "wsgi.version": (1, 0), "wsgi.url_scheme": scope["scheme"], "wsgi.input": body, "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if b"_" in name or key in ("CONTENT_LENGTH", "TRANSFER_ENCODING", "CONTENT_ENCODING", "PROXY"):
            continue  # the body is there whole and unpacked; and no client sets HTTP_PROXY
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ
