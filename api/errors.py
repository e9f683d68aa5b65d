"""Turns errors into responses: a table of statuses, problem details (RFC 9457) for programs and a page for people."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from api import negotiation
from api.error_texts import Advice, advice_on
from api.negotiation import PAGE, PROBLEM
from api.transfer import address_of, alternates, as_of_now, with_other
from kg.errors import (
    AnswerTooLarge,
    AnswerUnwritable,
    ContributionFaulty,
    ContributionUnknown,
    GraphProtected,
    GraphUnknown,
    HostNotAllowed,
    MoveForbidden,
    MoveImpossible,
    OntologyInconsistent,
    ParameterInvalid,
    ParkgError,
    QueryAborted,
    QueryMalformed,
    QueryTimeout,
    QueryTooLong,
    QueryUnknown,
    QueryUnsupported,
    ReportUnknown,
    RevisionAhead,
    RevisionPast,
    RevisionStale,
    RevisionUnknown,
    ServiceFailed,
    StoreDown,
    StoreUnavailable,
    StoreUnwritable,
    TooManyQueries,
    TooManyReports,
    UpdateFailed,
    UploadMalformed,
    WritingUnsupported,
)

STATUS: dict[type[ParkgError], tuple[int, str]] = {
    QueryMalformed: (400, "The query cannot be read"),
    UploadMalformed: (400, "The body cannot be read"),
    GraphProtected: (403, "That graph has one way in"),
    HostNotAllowed: (403, "That host is not asked from here"),
    ServiceFailed: (502, "Another server failed"),
    GraphUnknown: (404, "No such graph"),
    RevisionStale: (412, "The graph has changed"),
    RevisionUnknown: (404, "No such revision"),
    RevisionAhead: (404, "No such revision yet"),
    RevisionPast: (410, "That revision cannot be asked here"),
    QueryUnknown: (404, "No such query"),
    ContributionUnknown: (404, "No such contribution"),
    ReportUnknown: (404, "No such report"),
    TooManyReports: (429, "Too many reports"),
    ContributionFaulty: (422, "There is something to mend"),
    OntologyInconsistent: (422, "That contradicts what is there"),
    MoveImpossible: (409, "Not in this state"),
    MoveForbidden: (403, "Not with this token"),
    UpdateFailed: (409, "The graphs are not as the update needs them"),
    QueryUnsupported: (501, "The query asks for what this endpoint cannot do"),
    QueryTooLong: (413, "The query is too long"),
    AnswerTooLarge: (422, "The answer is too large"),
    AnswerUnwritable: (406, "The answer cannot be written in this format"),
    ParameterInvalid: (422, "A parameter will not do"),
    QueryTimeout: (503, "The query took too long"),
    QueryAborted: (503, "The query needed too much"),
    TooManyQueries: (429, "Too many queries at once"),
    StoreUnavailable: (503, "There is no graph to ask"),
    StoreUnwritable: (503, "The server has no room"),
    StoreDown: (503, "The store does not answer"),
    WritingUnsupported: (501, "The graph is not changed here"),
}
NOT_TOLD: dict[type[ParkgError], str] = {  # what is told in place of a text that names folders; that is logged
    StoreUnavailable: "The graph is not built yet, or cannot be read.",
    StoreUnwritable: "What was sent cannot be kept: the disk is full, or may not be written. Nothing was changed. Whoever runs "
                     "the server finds more in its log; send it again when that is mended.",
    StoreDown: "The store that this endpoint asks does not answer, or is being brought to its next revision. Try again in a few "
               "seconds; nothing else has to be done.",
}
RETRY_AFTER_S = 5


def register(app: Flask) -> None:
    """Have the application answer every error by the table; whatever is not in it is a fault of ours, logged and told as such."""
    app.register_error_handler(ParkgError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def _known(error: ParkgError) -> Response:
    status, title = STATUS.get(type(error), (500, "The server failed"))
    if status == 500:
        return _unknown(error)
    place: dict[str, Any] = {}
    if isinstance(error, QueryMalformed | UploadMalformed) and error.line:
        place = {"line": error.line, "column": error.column}
    if isinstance(error, ContributionFaulty):
        place = {"findings": error.findings}
    if isinstance(error, RevisionAhead | RevisionPast):
        other = ({"href": "/revisions", "title": "All revisions"} if isinstance(error, RevisionAhead) else
                 {"href": f"/revisions/{error.number}", "title": "The revision that the address names"})
        place = {"links": [{"href": as_of_now(), "title": "The same of the newest revision"}, other]}
    if isinstance(error, ParameterInvalid) and error.instead and error.given[0] in request.args:
        place = {"links": [{"href": with_other(*error.given, key), "title": name} for key, name in error.instead.items()]}
    if type(error) in NOT_TOLD:
        logging.getLogger("parkg").error("%s", error)
    response = problem(status, title, NOT_TOLD.get(type(error), str(error)), place, advice_on(error, status))
    if isinstance(error, TooManyReports):
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _http(error: HTTPException) -> Response:
    advice = advice_on(None, error.code or 500)
    if isinstance(error, NotFound) and error.description == NotFound.description:
        advice = replace(advice, whole=True)
    response = problem(error.code or 500, error.name, _said(error), spanish=advice)
    for name, value in error.get_headers():
        if name in ("Allow", "Location", "Retry-After", "WWW-Authenticate"):
            response.headers.add(name, value)
    if error.code in (301, 302, 303, 307, 308):
        response.headers["Location"] = error.get_response().headers["Location"]
    return response


def _said(error: HTTPException) -> str:
    """Return what an error tells; where the router raised it, which knows no more than the path, in our words."""
    if error.description == type(error).description:
        if isinstance(error, NotFound):
            return f"There is nothing at {request.path}. / is the first page, and /api lists every path."
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            return f"{request.path} does not take {request.method}; it takes {', '.join(sorted(error.valid_methods))}."
    return error.description or ""


def _unknown(error: Exception) -> Response:
    logging.getLogger("parkg").error("a request failed: %s", request.path, exc_info=error)
    return problem(500, "The server failed", "This is a fault of the server, not of the request; it has been logged. "
                                             "Try again, and report it if it happens again.")


def problem(status: int, title: str, detail: str, more: Mapping[str, object] | None = None,
            spanish: Advice | None = None) -> Response:
    """Return an error as a page where the client prefers one, else as problem details; a 406 names every other format.

    spanish: what a page in Spanish says of it; without it, what is said of that status.
    """
    if status == 406 and "offered" in g:
        more = {**(more or {}), "available": [{"type": format.type, "address": address_of(format)} for format in alternates()]}
    if negotiation.best(request.headers.get("Accept", ""), (PROBLEM, PAGE)) == PAGE:
        body = render_template("error.html", title=title, detail=detail, status=status, links=(more or {}).get("links", ()),
                               findings=(more or {}).get("findings", ()),
                               advice=spanish or advice_on(None, status))
        type = "text/html; charset=utf-8"
    else:
        fields = {"type": "about:blank", "title": title, "status": status, "detail": detail, **(more or {})}
        body, type = json.dumps(fields, ensure_ascii=False) + "\n", PROBLEM.type
    response = Response(body, status, content_type=type)
    if status in (429, 503):
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response
