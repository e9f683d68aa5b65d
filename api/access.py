"""Turns the credentials of a request into leave to write, or into a refusal that says what is needed.

Programs send ``Authorization: Bearer``, browsers and curl may send Basic with the token as password. What a browser sends on
behalf of another site's page is refused, since it would carry the credentials that the browser keeps for us.
"""

import re

from flask import current_app, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import BadRequest, Forbidden, Unauthorized

from kg.amend import Amending
from kg.store.revisions import Revision
from kg.tokens import Token

_REVISION = re.compile(r'"r(\d{1,18})[^"]*"')


def amending() -> Amending:
    """Return what carries out changes."""
    found = current_app.extensions["amending"]
    assert isinstance(found, Amending)
    return found


def refuse_other_sites() -> None:
    """Refuse what a browser sends on behalf of another site's page. Raises Forbidden."""
    site, origin = request.headers.get("Sec-Fetch-Site", "none"), request.headers.get("Origin")
    if site not in ("none", "same-origin") or (origin and origin != request.host_url[:-1]):
        raise Forbidden("A page of another site may not write here. Send the request from a program, or from a page of this one.")


def bearer() -> Token | None:
    """Return the token that a request shows, if it shows one that is worth something."""
    text = _shown()
    return amending().bearer(text) if text else None


def _shown() -> str:
    given = request.authorization
    return {"bearer": given.token, "basic": given.password}.get(given.type) or "" if given else ""


def require(scope: str) -> Token:
    """Let a request pass that may do what a scope allows, and return its token.

    Raises Unauthorized (401, with what to send), and Forbidden (403) for a token of a smaller scope or another site's page.
    """
    refuse_other_sites()
    token = bearer()
    if token is None:
        what = "The token is unknown or has ended." if _shown() else "There is no token."
        raise Unauthorized(f"{what} Writing needs one with the scope {scope}: parkg token make NAME --scope {scope}. Send it as "
                           "Authorization: Bearer …, or as the password of Basic.",
                           www_authenticate=[WWWAuthenticate("bearer", {"realm": "parkg"}),
                                             WWWAuthenticate("basic", {"realm": "parkg"})])
    if not token.allows(scope):
        raise Forbidden(f"The token {token.name} has the scope {token.scope}; this needs {scope}.")
    return token


def expected_revision() -> int | None:
    """Return the number of the revision that If-Match names, if it names one. Raises BadRequest for what is no ETag of ours."""
    text = request.headers.get("If-Match", "*").strip()
    if text == "*":
        return None
    match = _REVISION.fullmatch(text)
    if not match:
        raise BadRequest('If-Match takes one ETag as this server gives it, such as "r12-turtle".')
    return int(match[1])


def expected_existence() -> bool | None:
    """Return whether the graph must be there (If-Match: *) or must not (If-None-Match: *); None where it is no matter.

    Raises BadRequest for an If-None-Match that names versions: to leave it out of account would be to change them.
    """
    if "If-None-Match" in request.headers:
        if request.headers["If-None-Match"].strip() != "*":
            raise BadRequest("If-None-Match takes * where a graph is changed: only if there is none of that name yet.")
        return False
    return True if request.headers.get("If-Match", "").strip() == "*" else None


def tag(revision: Revision, format: str = "") -> str:
    """Return the ETag, without quotes, of a graph in a format as of a revision; If-Match takes it back."""
    return f"r{revision.number}" + (f"-{format}" if format else "")
