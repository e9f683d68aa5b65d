"""Turns requests of the SPARQL 1.1 Protocol into answers, and a visit without a query into an editor.

Source: SPARQL 1.1 Protocol (W3C, 2013), section 2.1: GET, POST of a form, POST of the query itself.
"""

import time

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from api.answers import GRAPH_TYPES, RESULT_TYPES, choose, inquiry, local, respond, shown
from kg.errors import QueryMalformed
from kg.store.sparql import query_form

blueprint = Blueprint("sparql", __name__)

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
EXAMPLE = "list_experiences"


@blueprint.get("/sparql")
def get() -> Response:
    """Answer ?query=, or show the editor where there is none."""
    queries = request.args.getlist("query")
    if not queries:
        if request.accept_mimetypes.best_match(["application/sparql-results+json", "text/html"]) != "text/html":
            raise BadRequest("There is no query. Send it as ?query=…, or by POST.")
        return Response(render_template("sparql.html", query=inquiry().bound(EXAMPLE, {}), table=None))
    return _answer(_only(queries), request.args.getlist("default-graph-uri"), request.args.getlist("named-graph-uri"))


@blueprint.post("/sparql")
def post() -> Response:
    """Answer a query sent as a form or as the body itself."""
    if request.mimetype == FORM:
        return _answer(_only(request.form.getlist("query")), request.form.getlist("default-graph-uri"),
                       request.form.getlist("named-graph-uri"))
    if request.mimetype == QUERY:
        try:
            query = request.get_data().decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadRequest(f"The query is not UTF-8: {error}") from error
        return _answer(query, request.args.getlist("default-graph-uri"), request.args.getlist("named-graph-uri"))
    raise UnsupportedMediaType(f"A query is posted as {FORM} (query=…) or as {QUERY}, not as {request.mimetype or 'nothing'}.")


def _only(queries: list[str]) -> str:
    if len(queries) != 1:
        raise BadRequest(f"A request has one query; this one has {len(queries)}.")
    return queries[0]


def _answer(query: str, default_graphs: list[str], named_graphs: list[str]) -> Response:
    form = query_form(query)
    types = RESULT_TYPES if form in ("SELECT", "ASK") else GRAPH_TYPES
    page = request.method == "GET" and types is RESULT_TYPES
    format = choose(types, page)
    if format == "html":
        return _page(query, tuple(default_graphs), tuple(named_graphs))
    body = inquiry().answer(query, format, tuple(default_graphs), tuple(named_graphs))
    return respond(body, types[format], f"answer.{format}")


def _page(query: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]) -> Response:
    started = time.monotonic()
    try:
        table = inquiry().table(query, default_graphs, named_graphs)
    except QueryMalformed as error:
        return Response(render_template("sparql.html", query=query, table=None, fault=str(error)), 400)
    return Response(render_template("sparql.html", query=query, table=table, local=local, shown=shown,
                                    seconds=time.monotonic() - started))
