"""Turns the plainest requests for a query into questions to the readers, past Flask: the fast lane.

It takes a GET of /sparql with a query and no other parameter, and no header that could ask for anything special. All that an
answer is besides its body (the headers, and the format that the Accept header leads to) it has seen the application give to
such a request before; until then, and for whatever is not plain, the application answers. So there is one way to negotiate.

Likewise it parses no headers: it knows again, byte for byte, those that the parser read before. So there is one way to parse.
"""

import binascii
import re
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote_to_bytes

from api.conditional import entity_tag
from api.negotiation import GRAPHS, QUADS, RESULTS
from api.transfer import LONGEST_LINKED_QUERY
from kg.store.crew import Crew
from kg.store.pool import Pool
from kg.store.revisions import Revision
from kg.store.served import Served
from kg.store.sparql import is_plainly_repeatable, plain_form
from kg.store.wire import plain_question_bytes

PATH = b"/sparql?query="
MOST_REMEMBERED, LONGEST_REMEMBERED, LONGEST_KIND = 4096, 2048, 512
_WHOLE = re.compile(rb"GET (/sparql\?query=[\w.~%+/:@?,;=$!'()*-]*) HTTP/1\.1\r\n(.*)", re.DOTALL)
_AS_WE_WRITE_IT = re.compile(rb"(?:[\w.~+-]|%(?:[01][0-9A-F]|2[1-9A-CF]|3[A-F]|40|5[B-E]|60|7[BCDF]|[89A-F][0-9A-F]))*")
_FORMAT_OF = {(tabular, type): format.key for tabular, formats in ((True, RESULTS), (False, GRAPHS + QUADS))
              for format in formats for type in (format.type, *format.also)}
_OF_ONE_ADDRESS = (b"content-length", b"etag", b"link")
_LINKED = re.compile(rb"format=(\w+)>(.*)", re.DOTALL)
_ANY = re.compile(b"")
_PLAIN = {b"host": _ANY, b"user-agent": _ANY, b"accept": _ANY, b"accept-encoding": re.compile(rb"identity\Z"),
          b"connection": re.compile(rb"(?i)(?:keep-alive|close)\Z")}

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a kind of request is answered: the format, nothing if that is for the application alone, and the headers.

    type: the media type by which the validator is made; head: the headers, each with its line's end; weak: how the validator
    begins; links: the other formats, with the rest of their links.
    """

    format: str
    type: str
    head: bytes
    weak: bool
    links: list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Plain:
    """A plain request: what it asks of whom, and how to answer it; without a manner it is to be learned from the application."""

    kind: tuple[str, bytes, bytes, bool]  # the form of the query, the Accept header, the host, whether the address is linked
    revision: object
    crew: Crew
    body: bytes
    manner: Manner | None
    head: bytes

    def headers(self) -> Headers:
        """Return the headers of the answer one by one."""
        return [(name, value) for name, _, value in (line.partition(b": ") for line in self.head.split(b"\r\n")[:-1])]


@dataclass(frozen=True, slots=True)
class Known:
    """The headers of a plain request, and what its answer depends on besides the address."""

    headers: Headers
    accept: bytes
    host: bytes


class Lane:
    """What the connections share: manners that were learned, and plain requests that were seen. All of one revision."""

    def __init__(self, pool: Pool, served: Served, fingerprint: str, base_url: str = "") -> None:
        self.pool = pool
        self._base_url = base_url.encode()
        self._fingerprint = fingerprint
        self._served = served
        self._revision: object = None
        self._crew: Crew | None = None
        self._manners: dict[tuple[str, bytes, bytes, bool], Manner] = {}
        self._seen: dict[tuple[bytes, bytes, bytes], Plain] = {}
        self._known: dict[bytes, Known] = {}

    def glance(self, data: bytes) -> tuple[bytes, Known] | None:
        """Return the address and the headers of a whole request, if all but its query was noted before."""
        match = _WHOLE.fullmatch(data)
        known = self._known.get(match[2]) if match else None
        return (match[1], known) if match and known else None

    def note(self, data: bytes, url: bytes, headers: Headers) -> None:
        """Know the headers of a plain request again. The parser has read it, and nothing else, from ``data``."""
        match = _WHOLE.fullmatch(data)
        if match and match[1] == url and len(match[2]) <= LONGEST_REMEMBERED and (known := self.known(headers)):
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[match[2]] = known

    def known(self, headers: Headers) -> Known | None:
        """Return the headers of a request as those of a plain one, if they are that."""
        accept = host = b""
        for name, value in headers:
            if name == b"host" and not host:
                host = value
            elif name == b"accept" and not accept:
                accept = value
            elif name in (b"host", b"accept") or name not in _PLAIN or not _PLAIN[name].match(value):
                return None
        if not host or len(host) + len(accept) > LONGEST_KIND:
            return None
        return Known(headers, accept, host)

    def plain(self, url: bytes, known: Known) -> Plain | None:
        """Return a request for the fast lane, if it is one. Raises StoreUnavailable where there is no revision to ask."""
        self._renew()
        return self._seen.get((url, known.accept, known.host)) or self._look(url, known.accept, known.host)

    def learn(self, plain: Plain, headers: Headers) -> None:
        """Take note of the headers with which the application answered a plain request with status 200."""
        if plain.revision is self._revision:
            if len(self._manners) >= MOST_REMEMBERED:
                self._manners.clear()
            named = dict(headers)
            type = named.get(b"content-type", b"").partition(b";")[0].decode()
            links = [(m[1], m[2]) for name, value in headers if name == b"link" and (m := _LINKED.search(value))]
            lasting = b"".join(b"%s: %s\r\n" % header for header in headers if header[0] not in _OF_ONE_ADDRESS)
            format = _FORMAT_OF.get((plain.kind[0] in ("SELECT", "ASK"), type), "") if b"etag" in named else ""
            self._manners[plain.kind] = Manner(format, type, lasting, named.get(b"etag", b"").startswith(b"W/"), links)

    def _head(self, manner: Manner, host: bytes, url: bytes, written: bytes) -> bytes:
        """Return the headers of an answer, those of this address alone among them; written: the query as we quote it."""
        assert isinstance(self._revision, Revision)
        path, _, encoded = url.partition(b"?")
        root = self._base_url or b"http://" + host
        address = f"{root.decode('latin-1')}/{path.decode()}?{encoded.decode('latin-1')}"  # as the application has it
        tag = entity_tag(self._revision, self._fingerprint, address, manner.type, "").encode()
        own = b'etag: W/"%s"\r\n' % tag if manner.weak else b'etag: "%s"\r\n' % tag
        return b"".join([manner.head, own, *(b"link: <%s?query=%s&format=%s>%s\r\n" % (path, written, format, rest)
                                             for format, rest in manner.links)])

    def _renew(self) -> None:
        revision = self._served.current()
        if revision is not self._revision or self._crew is None or self._crew.fault or self._crew.replaced:
            self._manners.clear()
            self._seen.clear()
            self._revision = revision
            self._crew = self.pool.crew(self._served.directory(revision)) if revision else None

    def _look(self, url: bytes, accept: bytes, host: bytes) -> Plain | None:
        encoded = url[len(PATH):]
        if b"&" in encoded or b"#" in encoded or self._crew is None:
            return None
        written = encoded.replace(b"%20", b"+")
        if _AS_WE_WRITE_IT.fullmatch(written):
            query = _decoded(written)
        else:
            query, written = unquote_to_bytes(encoded.replace(b"+", b" ")), b""
        try:
            text = query.decode()
        except UnicodeDecodeError:
            return None
        form = plain_form(text)
        if not form or not is_plainly_repeatable(text):
            return None
        kind = (form, accept, host, len(url.partition(b"?")[2]) <= LONGEST_LINKED_QUERY)
        manner = self._manners.get(kind)
        body = plain_question_bytes(query, manner.format) if manner and manner.format else b""
        head = self._head(manner, host, url, written or quote_plus(query).encode()) if manner and body else b""
        plain = Plain(kind, self._revision, self._crew, body, manner, head)
        if body and len(url) <= LONGEST_REMEMBERED:
            if len(self._seen) >= MOST_REMEMBERED:
                self._seen.clear()
            self._seen[(url, accept, host)] = plain
        return plain


def _decoded(written: bytes) -> bytes:
    """Return what stands in a query string that is quoted as we quote: by a decoder of the same code with another sign, in C."""
    return binascii.a2b_qp(written.replace(b"=", b"=3D").replace(b"%", b"=").replace(b"+", b" "))
