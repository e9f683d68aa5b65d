"""Turns a response into what goes over the wire: other sites may read it, caches know what it depends on, long ones packed."""

import functools
import gzip
from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, urlencode

from flask import Response, g, request
from werkzeug.exceptions import BadRequest, NotAcceptable

from api import conditional, negotiation
from api.fields import given_once, reads
from api.negotiation import PAGE, Format

PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
SCRIPT_POLICY = PAGE_POLICY + "; script-src 'self'; connect-src 'self'"  # of a page that a script of ours helps
EXPOSED = ("Accept-Ranges, Allow, Content-Disposition, Content-Range, ETag, Last-Modified, Link, Location, Memento-Datetime, "
           "Repr-Digest, Retry-After, X-Total-Count")
ASKED_WITH = "Accept, Accept-Datetime, Accept-Language, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Range, Range"
SMALLEST_PACKED_BYTES = 1024
LONGEST_LINKED_QUERY = 2000
PACKED = ("text/", "application/")


def refuse_unanswerable() -> None:
    """Refuse, before anything is asked, a client that takes neither a plain body nor a packed one, or names no host."""
    if not request.host or ("HTTP_HOST" not in request.environ and request.environ["SERVER_PROTOCOL"] == "HTTP/1.1"):
        raise BadRequest("The Host header is missing, or no name of a host.")
    if not negotiation.coding(_accepted_codings()):
        raise NotAcceptable("The Accept-Encoding header takes neither gzip nor identity. There is: gzip, identity.")


def finish(response: Response) -> Response:
    """Put on the headers that every response has, and pack it where the client takes that."""
    _let_others_read(response)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    response.headers.setdefault("Cache-Control", "no-cache")
    response.vary.update(("Accept", "Accept-Encoding", *g.get("depends_on", ())))
    if "earlier" in g:
        response.headers["X-Robots-Tag"] = "noindex"
    conditional.stamp(response)
    if response.status_code in (200, 406) and "offered" in g:
        _link_alternates(response)
    return _packed(response)


def alternates() -> list[Format]:
    """Return the formats, other than the one chosen, that this request could have had."""
    return [format for format in g.offered if (g.chosen is None or format.key != g.chosen.key) and (format is not PAGE or g.page)]


def address_of(format: Format) -> str:
    """Return where this same resource is found in another format: by suffix where it has one, else by ``?format=``."""
    given = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
    return placed(format, [(name, value) for name, value in dict.fromkeys(given) if name != "format"])


def as_of_now() -> str:
    """Return where this same resource is found as of the newest revision, whichever the request names."""
    given = [(name, value) for name, value in given_once() if name != "revision"]
    return quote(request.path, safe="/:@-._~") + (f"?{urlencode(given, safe='/:')}" if given else "")


def with_other(name: str, value: str, other: str) -> str:
    """Return where this same resource is found with another value of a field; the one that it replaces may follow its kind."""
    given = [(one, other if one == name and text.endswith(value) else text) for one, text in given_once()]
    return quote(request.path, safe="/:@-._~") + f"?{urlencode(given, safe='/:')}"


def placed(format: Format, fields: Sequence[tuple[str, str]]) -> str:
    """Return where this resource is found in a format, asked for with these fields."""
    path, given = (f"{g.stem}.{format.suffix}", [*fields]) if g.stem else (request.path, [*fields, ("format", format.key)])
    return quote(path, safe="/:@-._~") + (f"?{urlencode(given)}" if given else "")


def _let_others_read(response: Response) -> None:
    response.headers.setdefault("Access-Control-Allow-Origin", "*")
    response.headers.setdefault("Access-Control-Expose-Headers", EXPOSED)
    if request.method == "OPTIONS" and response.status_code == 200:
        response.status_code = 204
        response.set_data(b"")
        del response.headers["Content-Type"]
        allowed = filter(reads, response.headers.get("Allow", "").split(", "))
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(allowed))
        response.headers["Access-Control-Allow-Headers"] = ASKED_WITH
        response.headers["Access-Control-Max-Age"] = "86400"


def _link_alternates(response: Response) -> None:
    """Name every other format of what was asked for; a long query is not repeated in each of their addresses."""
    if request.method not in ("GET", "HEAD") or len(request.query_string) > LONGEST_LINKED_QUERY:
        return
    for format in alternates():
        response.headers.add("Link", f'<{address_of(format)}>; rel="alternate"; type="{format.type}"')


def _packed(response: Response) -> Response:
    ours = request.endpoint == "static" and response.status_code == 200 and (response.mimetype or "").startswith(PACKED)
    if ours and "Range" not in request.headers:
        response.direct_passthrough = False  # a file of ours is small enough to be read and packed whole
        response.make_sequence()
    if (response.direct_passthrough or response.is_streamed or "Content-Encoding" in response.headers
            or not (response.mimetype or "").startswith(PACKED)):
        return response
    body = response.get_data()
    if not body or negotiation.coding(_accepted_codings(), len(body) <= SMALLEST_PACKED_BYTES) != "gzip":
        return response
    response.set_data(_zipped(body) if ours else gzip.compress(body, 5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    tag, weak = response.get_etag()
    if tag and not weak:
        response.set_etag(tag if ours else tag + conditional.ZIPPED, weak=ours)
    return response


@functools.lru_cache(maxsize=16)
def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


def _accepted_codings() -> str:
    return request.headers.get("Accept-Encoding", "")
