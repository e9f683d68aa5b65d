"""Turns the revision that is served into validators of answers, and a client's conditions into 304 or 412.

A validator is made of the revision, of the address, of the format and of the program, all known before a query is asked: a
client that has the answer already costs no query. Source: RFC 9110, sections 8.8 and 13.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from flask import Response, current_app, g, request
from werkzeug.exceptions import HTTPException, PreconditionFailed

from api import negotiation
from api.answers import accepted_language, inquiry, is_of_earlier
from api.negotiation import PAGE
from kg.catalogue import Catalogue
from kg.inquire import Inquiry
from kg.store.revisions import Revision

ZIPPED = "-gzip"


def check(format: str, language: str = "", weak: bool = False) -> None:
    """Give the answer to this request a validator; end the request with 304 or 412 where the client's conditions say so.

    weak: the answer means the same each time, but its bytes may differ.
    """
    revision = inquiry().revision()
    state, made = _state(revision), revision.made
    if is_of_earlier():  # it is told otherwise than while it was the newest, and has been so for as long as it is not
        state, made = (*state, "earlier"), current_app.extensions["inquiry"].revision().made
    check_state(state, datetime.fromisoformat(made), format, language, weak)


def check_state(state: tuple[str, ...], made: datetime, format: str, language: str = "", weak: bool = False) -> None:
    """Do the same for an answer that another state than that of the revision decides, and that was made at another time.

    A preview is kept by nobody, and has none.
    """
    if "preview" in g:
        return
    language = language or (accepted_language() if format == PAGE.type else "")
    address = request.url_root + request.path + "?" + request.query_string.decode("latin-1")
    g.tag = _digest(*state, current_app.extensions["fingerprint"], address, format, language)
    g.weak = weak
    g.modified = made
    if request.method not in ("GET", "HEAD"):
        return
    if not _may_proceed():
        raise PreconditionFailed("This is not the version that If-Match or If-Unmodified-Since names. Read it anew.")
    if _is_known():
        raise HTTPException(response=Response(status=304))


def entity_tag(revision: Revision, *parts: str) -> str:
    """Return the validator of what the parts name, as of a revision, without quotes."""
    return _digest(*_state(revision), *parts)


def _state(revision: Revision) -> tuple[str, ...]:
    return str(revision.number), revision.build_key, revision.made


def _digest(*parts: str) -> str:
    text = "\0".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def fingerprint(inquiry: Inquiry) -> str:
    """Return what differs when the program that makes answers differs: its own files and the queries of the catalogue."""
    return hashlib.sha256(b"\0".join((*_program(), *_texts(inquiry.catalogue)))).hexdigest()


def stamp(response: Response) -> None:
    """Put the validators that ``check`` found on a response. A date is told only once the second of the revision is over.

    Another revision of the same second would have the same date, and a client that asks by date alone would never see it.
    """
    if response.status_code not in (200, 304) or "tag" not in g:
        return
    response.set_etag(g.tag, g.weak)
    if _is_settled():
        response.last_modified = g.modified


def _may_proceed() -> bool:
    if request.if_match:
        return request.if_match.star_tag or any(request.if_match.contains(tag) and not g.weak for tag in (g.tag, g.tag + ZIPPED))
    since = request.if_unmodified_since
    return since is None or since >= g.modified


def _is_known() -> bool:
    if "If-None-Match" in request.headers:
        if request.if_none_match.star_tag or request.if_none_match.contains_weak(g.tag):
            return True
        packed = negotiation.coding(request.headers.get("Accept-Encoding", "")) == "gzip"
        if packed and request.if_none_match.contains_weak(g.tag + ZIPPED):
            g.tag += ZIPPED
            return True
        return False
    since = request.if_modified_since
    return since is not None and _is_settled() and since >= g.modified


def _is_settled() -> bool:
    return int(datetime.now(UTC).timestamp()) > int(g.modified.timestamp())


def _program() -> Iterable[bytes]:
    for package in ("api", "kg"):
        root = Path(__file__).resolve().parent.parent / package
        for path in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".html")):
            yield path.read_bytes()


def _texts(catalogue: Catalogue) -> Iterable[bytes]:
    for query in catalogue.all():
        yield repr(query).encode()
