"""Turns a request to another server into its whole answer, within a time and a size, or into an error that says what was wrong.

A timeout of sockets bounds each wait, not the whole: a server that sends a byte now and then would keep a caller for ever. So a
thread waits for the server and the caller waits for the thread, and at the limit the connection is cut, whatever it is at.
Redirects are not followed, no proxy is taken from the environment, and no scheme but http and https is known.
"""

import http.client
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from kg.errors import AnswerTooLarge, EndpointFailed, QueryTimeout

PIECE_BYTES = 64 << 10
MOST_FAULT_BYTES = 2000
SLACK_S = 5.0
CUT_HEADER = "X-SPARQL-MaxRows"  # how Virtuoso says that it may have cut the rows of an answer, and at how many


@dataclass(frozen=True)
class Reply:
    """An answer that came whole: its body and its media type, without parameters."""

    body: bytes
    type: str


class Call:
    """One request to another server. time_limit_s: for all of it; most_bytes: of the body of the answer.

    headers: those of the answer, once there is one.
    """

    def __init__(self, time_limit_s: float, most_bytes: int) -> None:
        self.time_limit_s = time_limit_s
        self.headers: Mapping[str, str] = {}
        self._most = most_bytes
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._over = False

    def send(self, request: urllib.request.Request) -> Reply:
        """Send a request and return the answer, if its status is one of success.

        User and password in the address are used where the server asks for them. Raises EndpointFailed where there is no server,
        where it answers with an error or a redirect, or breaks off; QueryTimeout after the limit; AnswerTooLarge.
        """
        told: Future[Reply] = Future()
        thread = threading.Thread(target=_tell, args=(told, lambda: self._exchange(request)), daemon=True)
        thread.start()
        try:
            return told.result(self.time_limit_s)
        except TimeoutError as error:
            raise QueryTimeout(f"{shown(request.full_url)} had not answered in full within the limit of {self.time_limit_s:g} s; "
                               "nothing of its answer is given. Ask for less: join on something the query names, or add a LIMIT "
                               "inside a subquery.") from error
        finally:
            self.end()

    def end(self) -> None:
        """Cut the connection, so that whoever waits for the answer gets an error."""
        with self._lock:
            self._over = True
            for line in self._sockets:
                with suppress(OSError):
                    socket.socket.shutdown(line, socket.SHUT_RDWR)

    def _exchange(self, request: urllib.request.Request) -> Reply:
        where = shown(request.full_url)
        try:
            with self._opener(request).open(request, timeout=self.time_limit_s + SLACK_S) as response:
                self.headers = response.headers
                return Reply(self._whole(response, where), response.headers.get_content_type())
        except urllib.error.HTTPError as error:
            with error:
                text = error.read(MOST_FAULT_BYTES).decode(errors="replace") if not 300 <= error.code < 400 else "a redirect"
            challenge = str(error.headers.get("WWW-Authenticate", ""))
            raise EndpointFailed(f"{where} answered {error.code}: {text.strip()}", error.code, challenge) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise EndpointFailed(f"{where} gave no whole answer: {str(reason) or type(reason).__name__}") from error

    def _whole(self, response: http.client.HTTPResponse, where: str) -> bytes:
        parts, left = [], self._most
        while part := response.read(min(PIECE_BYTES, left + 1)):
            left -= len(part)
            if left < 0:
                raise AnswerTooLarge(f"The answer of {where} is larger than the limit of {self._most / 2**20:g} MB, and nothing "
                                     "of it is given. Ask for it in parts, with ORDER BY, LIMIT and OFFSET.")
            parts.append(part)
        if response.length:  # reading in pieces, http.client does not say so
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(parts)

    def _opener(self, request: urllib.request.Request) -> urllib.request.OpenerDirector:
        opener = urllib.request.OpenerDirector()
        handlers: list[urllib.request.BaseHandler] = [
            _Plain(self._noted), _Secure(self._noted), urllib.request.UnknownHandler(), urllib.request.HTTPErrorProcessor(),
            urllib.request.HTTPDefaultErrorHandler()]
        parts = urlsplit(request.full_url)
        if parts.username is not None:
            address = without_user(request.full_url)
            known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
            known.add_password(None, address, unquote(parts.username), unquote(parts.password or ""))
            request.full_url = address
            handlers += [urllib.request.HTTPDigestAuthHandler(known), urllib.request.HTTPBasicAuthHandler(known)]
        for handler in handlers:
            opener.add_handler(handler)
        return opener

    def _noted(self, connection: http.client.HTTPConnection) -> http.client.HTTPConnection:
        """Have a connection tell its socket once it has one, so that it can be cut."""
        connect = connection.connect

        def connect_and_tell() -> None:
            connect()
            with self._lock:
                self._sockets.append(connection.sock)
                if self._over:
                    raise OSError("the call is over")

        connection.connect = connect_and_tell  # type: ignore[method-assign]
        return connection


_Noted = Callable[[http.client.HTTPConnection], http.client.HTTPConnection]


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, noted: _Noted) -> None:
        super().__init__()
        self._noted = noted

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(lambda *given, **more: self._noted(http.client.HTTPConnection(*given, **more)), req)


class _Secure(urllib.request.HTTPSHandler):
    def __init__(self, noted: _Noted) -> None:
        super().__init__()
        self._noted = noted

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(lambda *given, **more: self._noted(http.client.HTTPSConnection(*given, **more)), req)


def without_user(url: str) -> str:
    """Return an address without the user and password in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def shown(url: str) -> str:
    """Return an address as it may be told: without user, password, query and fragment."""
    return urlsplit(without_user(url))._replace(query="", fragment="").geturl()


def _tell(told: "Future[Any]", work: Callable[[], object]) -> None:
    try:
        told.set_result(work())
    except Exception as error:  # whoever waits raises it
        told.set_exception(error)
