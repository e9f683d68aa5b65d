"""Turns requests of the SPARQL 1.1 Protocol into answers, and a visit without a query into an editor or a service description.

Source: SPARQL 1.1 Protocol (W3C, 2013), section 2.1: GET, POST of a form, POST of the query itself; SPARQL 1.1 Service
Description (W3C, 2013), section 2.
"""

import time
from urllib.parse import parse_qs

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, NotAcceptable, UnsupportedMediaType

from api import conditional, description
from api.answers import choose, inquiry, local, respond, shown
from api.negotiation import GRAPHS, PAGE, QUADS, RESULTS
from kg.errors import QueryMalformed
from kg.store.sparql import is_repeatable, query_form

blueprint = Blueprint("sparql", __name__)

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
MOST_FIELDS = 10_000
EXAMPLE = "list_experiences"

_Fields = dict[str, list[str]]


@blueprint.get("/sparql")
def get() -> Response:
    """Answer ?query=; where there is none, show the editor or describe the service, as the client accepts."""
    fields = _fields(request.query_string)
    if "query" in fields or "update" in fields:
        return _answer(_only_query(fields), fields)
    try:
        format = choose(GRAPHS, page=True)
    except NotAcceptable as error:
        error.description = f"There is no query; send one as ?query=… or by POST. Without one: {error.description}"
        raise
    conditional.check(format.type)
    if format == PAGE:
        return Response(render_template("sparql.html", query=inquiry().bound(EXAMPLE, {}), table=None))
    return respond(description.of_service(format.key), format)


@blueprint.post("/sparql")
def post() -> Response:
    """Answer a query sent as a form or as the body itself."""
    if request.mimetype not in (FORM, QUERY):
        raise UnsupportedMediaType(f"A query is posted as {FORM} (query=…) or as {QUERY}, not as {request.mimetype or 'nothing'}"
                                   ".")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise BadRequest(f"A query is UTF-8; this one says that it is {charset}.")
    fields = _fields(request.query_string)
    if request.mimetype == FORM:
        for name, values in _fields(request.get_data()).items():
            fields.setdefault(name, []).extend(values)
    else:
        fields.setdefault("query", []).append(_utf8(request.get_data()))
    return _answer(_only_query(fields), fields)


def _fields(encoded: bytes) -> _Fields:
    """Return the fields of a form or of an address. Raises BadRequest where a text is not UTF-8: it would be another query."""
    try:
        return parse_qs(_utf8(encoded), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadRequest(f"The fields of the request cannot be read as UTF-8: {error}") from error


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The query is not UTF-8: {error}") from error


def _only_query(fields: _Fields) -> str:
    if "update" in fields:
        raise BadRequest("This is an update, and /sparql answers queries and changes nothing. Updates are posted to /update.")
    queries = fields.get("query", [])
    if len(queries) != 1:
        raise BadRequest(f"A request has one query; this one has {len(queries)}.")
    return queries[0]


def _answer(query: str, fields: _Fields) -> Response:
    form = query_form(query)
    tabular = form in ("SELECT", "ASK")
    formats = RESULTS if tabular else GRAPHS + QUADS
    graphs = tuple(fields.get("default-graph-uri", ())), tuple(fields.get("named-graph-uri", ()))
    format = choose(formats, page=tabular and request.method in ("GET", "HEAD"))
    if is_repeatable(query):
        # Weak, since nothing fixes the order of rows or the labels of new nodes: the engine swaps the sides of a UNION at will.
        conditional.check(format.type, weak=form != "ASK" or format == PAGE)
    if format == PAGE:
        return _page(query, *graphs)
    return respond(inquiry().answer(query, format.key, *graphs), format, "answer")


def _page(query: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]) -> Response:
    started = time.monotonic()
    try:
        table = inquiry().table(query, default_graphs, named_graphs)
    except QueryMalformed as error:
        return Response(render_template("sparql.html", query=query, table=None, fault=str(error)), 400)
    return Response(render_template("sparql.html", query=query, table=table, local=local, shown=shown,
                                    seconds=time.monotonic() - started))
