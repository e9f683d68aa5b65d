"""Turns the address that a query or an update names into what stands there, if the settings allow its host; else into a refusal.

Nothing else in the project goes to an address that a user wrote. Hosts are compared as origins: scheme, host and port.
"""

import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from kg.errors import EndpointFailed, HostNotAllowed, QueryTimeout, ServiceFailed, TooManyQueries
from kg.settings import origin_of
from kg.store import remote
from kg.store.calls import Call, Reply
from kg.store.federation import federated
from kg.store.pool import CALLER
from kg.store.sparql import LONGEST_QUERY, calls_a_service

MOST_AT_ONCE = 8
LARGEST_SOLUTIONS_BYTES, LARGEST_DOCUMENT_BYTES = 2 << 20, 64 << 20
SOLUTIONS = "application/sparql-results+json"
_IN_PATHS = "/:@!$&'()*+,;=~-._%"


class Abroad:
    """The hosts that may be asked, a few questions at a time. For threads that may wait."""

    def __init__(self, allowed: tuple[str, ...] = (), time_limit_s: float = 0.0) -> None:
        """allowed: origins as kg.settings.origin_of gives them."""
        self.allowed = allowed
        self.time_limit_s = time_limit_s
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)

    def federated(self, query: str) -> str:
        """Return a query as it is or, where it calls other endpoints, with what they gave in place of the calls.

        Raises what kg.store.federation.federated and ``solutions`` raise; where no host is allowed the call is for the form of
        the query to refuse.
        """
        if not self.allowed or not calls_a_service(query) or len(query) > LONGEST_QUERY:
            return query
        deadline = time.monotonic() + self.time_limit_s
        return federated(query, lambda endpoint, select: self.solutions(endpoint, select, deadline))

    def solutions(self, endpoint: str, query: str, deadline: float) -> bytes:
        """Ask a SELECT of an endpoint, and return its solutions as JSON as they came. deadline: by time.monotonic.

        Raises HostNotAllowed; ServiceFailed where the endpoint has none to give; QueryTimeout; AnswerTooLarge; TooManyQueries.
        """
        with self._call(endpoint, deadline, LARGEST_SOLUTIONS_BYTES) as (call, address):
            return remote.ask(address, query, SOLUTIONS, call.time_limit_s, LARGEST_SOLUTIONS_BYTES, call=call)

    def document(self, iri: str, types: tuple[str, ...]) -> Reply:
        """Fetch a document, of one of these media types if it can be had as such. Raises what ``solutions`` raises."""
        with self._call(iri, time.monotonic() + self.time_limit_s, LARGEST_DOCUMENT_BYTES) as (call, address):
            return call.send(urllib.request.Request(address, headers={"Accept": ", ".join(types)}))

    @contextmanager
    def _call(self, iri: str, deadline: float, most_bytes: int) -> Iterator[tuple[Call, str]]:
        address = self._address(iri)
        if not self._places.acquire(blocking=False):
            raise TooManyQueries("Too many queries ask other servers already. Ask again in a few seconds.")
        call = Call(max(0.0, deadline - time.monotonic()), most_bytes)
        try:
            if caller := CALLER.get():
                caller.add(lambda _: call.end())
            yield call, address
        except QueryTimeout as error:
            raise QueryTimeout(f"<{iri}> had not answered in full when the limit of {self.time_limit_s:g} s was over; nothing is "
                               "given of the answer. Ask it for less.") from error
        except EndpointFailed as error:
            raise ServiceFailed(f"Another server failed, and nothing is given of the answer: {error}. Where that is no matter, "
                                "say SILENT.") from error
        finally:
            self._places.release()

    def _address(self, iri: str) -> str:
        """Return the address to ask, whose host is the one that was compared. Raises HostNotAllowed."""
        try:
            origin, parts = origin_of(iri), urlsplit(iri)
        except ValueError:
            raise HostNotAllowed(f"<{iri}> is no address of http or https, written in full, that names a host.") from None
        if origin not in self.allowed:
            raise HostNotAllowed(f"<{iri}> is not at a host that this server asks. Whoever runs it can allow {origin} with the "
                                 "setting PARKG_ALLOWED_HOSTS; or ask there yourself, and send the data to /store.")
        path = quote(parts.path or "/", safe=_IN_PATHS)
        return f"{origin}{path}" + (f"?{quote(parts.query, safe=_IN_PATHS + '?')}" if parts.query else "")
