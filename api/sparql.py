"""Turns requests of the SPARQL 1.1 Protocol into answers, and a visit without a query into an editor or a service description.

Source: SPARQL 1.1 Protocol (W3C, 2013), section 2.1: GET, POST of a form, POST of the query itself; SPARQL 1.1 Service
Description (W3C, 2013), section 2.
"""

import time

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import BadRequest, NotAcceptable, UnsupportedMediaType

from api import conditional, description, fields
from api.answers import accepted_language, choose, heed_revision, inquiry, respond, say_in
from api.error_texts import Advice, advice_on
from api.negotiation import GRAPHS, PAGE, PAGES, QUADS, RESULTS
from api.openapi import UI_POLICY
from api.taking import citable, page
from api.transfer import LONGEST_LINKED_QUERY
from kg.errors import QueryMalformed
from kg.inquire import Table
from kg.names import PREFIXES
from kg.store.sparql import is_repeatable

blueprint = Blueprint("sparql", __name__)

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
EXAMPLE = "list_experiences"
_FIELDS = {"query", "update", "default-graph-uri", "named-graph-uri"}


@blueprint.get("/sparql")
def get() -> Response:
    """Answer ?query=; where there is no field of the Protocol, show the editor or describe the service, as the client accepts."""
    given = fields.of_address()
    if given.keys() & _FIELDS:
        return _answer(_only_query(given), given)
    try:
        format = choose(GRAPHS, page=True)
    except NotAcceptable as error:
        error.description = f"There is no query; send one as ?query=… or by POST. Without one: {error.description}"
        raise
    if citable():
        heed_revision()
    conditional.check(format.type)
    if format == PAGE:
        return _editor(inquiry().bound(EXAMPLE, {"language": accepted_language()}))
    return respond(description.of_service(format.key), format)


@blueprint.post("/sparql")
def post() -> Response:
    """Answer a query sent as a form or as the body itself."""
    if request.mimetype not in (FORM, QUERY):
        raise UnsupportedMediaType(f"A query is posted as {FORM} (query=…) or as {QUERY}, not as {request.mimetype or 'nothing'}"
                                   ".")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in fields.CHARSETS:
        raise BadRequest(f"A query is UTF-8; this one says that it is {charset}.")
    given = fields.of_address()
    sent = fields.of_form(request.get_data()) if request.mimetype == FORM else {"query": [fields.utf8(request.get_data())]}
    if "revision" in sent:
        raise BadRequest("A revision is named in the address, /sparql?revision=1, not in the body.")
    for name, values in sent.items():
        given.setdefault(name, []).extend(values)
    return _answer(_only_query(given), given)


def _only_query(given: fields.Fields) -> str:
    if "update" in given:
        raise BadRequest("This is an update, and /sparql answers queries and changes nothing. Updates are posted to /update.")
    queries = given.get("query", [])
    if len(queries) != 1:
        raise BadRequest(f"A request has one query; this one has {len(queries)}.")
    return queries[0]


def _answer(query: str, given: fields.Fields) -> Response:
    form = inquiry().form(query)
    tabular = form in ("SELECT", "ASK")
    formats = RESULTS if tabular else GRAPHS + QUADS
    graphs = tuple(given.get("default-graph-uri", ())), tuple(given.get("named-graph-uri", ()))
    shown = tabular and request.method in ("GET", "HEAD")
    format = choose((*formats, *(citable() if shown and _is_linkable() else ())), page=shown)
    if citable():  # whatever the form of the query
        heed_revision()
    if is_repeatable(query):
        # Weak, since nothing fixes the order of rows or the labels of new nodes: the engine swaps the sides of a UNION at will.
        conditional.check(format.type, accepted_language() if format in PAGES else "", weak=form != "ASK" or format == PAGE)
    if format in PAGES:
        return _page(query, *graphs)
    return respond(inquiry().answer(query, format.key, *graphs), format, "answer")


def _is_linkable() -> bool:
    """Tell whether a page links this same query in every format; with a longer one it would be many times as long as that."""
    return len(request.query_string) <= LONGEST_LINKED_QUERY


def _page(query: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]) -> Response:
    started = time.monotonic()
    try:
        table = inquiry().table(query, default_graphs, named_graphs)
    except QueryMalformed as error:
        if g.chosen != PAGE:
            raise
        shown = _editor(query, fault=str(error), advice=advice_on(error, 400))
        shown.status_code = 400
        return shown
    return _editor(query, table, seconds=time.monotonic() - started)


def _editor(query: str, table: Table | None = None, fault: str = "", advice: Advice | None = None,
            seconds: float = 0) -> Response:
    """Return the page with the editor, whose policy lets it write styles into its elements; no other page needs that."""
    title = say_in(accepted_language())("Answer to a SPARQL query", "Respuesta a una consulta SPARQL") if table else "SPARQL"
    shown = page("sparql.html", title, [("SPARQL", "/sparql")] if table else [], bare=not table or not _is_linkable(),
                 prefixes=PREFIXES, query=query, table=table, fault=fault, advice=advice, seconds=seconds,
                 examples=inquiry().catalogue.all())
    shown.headers["Content-Security-Policy"] = UI_POLICY
    return shown
