"""Turns requests of the SPARQL 1.1 Graph Store HTTP Protocol into graphs read and graphs changed.

Source: SPARQL 1.1 Graph Store HTTP Protocol (W3C, 2013), sections 4 and 5: ?default, ?graph=, or the path itself as the graph.
"""

import uuid

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound, UnsupportedMediaType

from api.access import amending, body, expected_revision, require, tag
from api.answers import choose, inquiry, respond
from api.negotiation import GRAPHS, Format
from kg.amend import GraphChange
from kg.store.rdf import NamedNode
from kg.store.sparql import bind

blueprint = Blueprint("graph_store", __name__)

MULTIPART = "multipart/form-data"
_TYPES = {format.type: format.key for format in GRAPHS}
_DEFAULT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_NAMED = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"
_IS_THERE = "ASK { GRAPH ?graph { } }"


@blueprint.get("/store")
@blueprint.get("/store/<path:path>")
def get(path: str = "") -> Response:
    """Give a graph in the format that the client accepts."""
    format = choose(GRAPHS, page=False)
    graph = _graph(path) or amending().default_graph()
    if not graph:
        return _give(_DEFAULT, format)
    named = {"graph": _node(graph)}
    if graph != amending().default_graph() and b"true" not in inquiry().answer(bind(_IS_THERE, named), "json"):
        raise NotFound(f"There is no graph <{graph}>.")
    return _give(bind(_NAMED, named), format)


def _give(query: str, format: Format) -> Response:
    revision = inquiry().revision()
    response = respond(inquiry().answer(query, format.key), format)
    response.set_etag(tag(revision, format.key))
    response.make_conditional(request)
    return response


@blueprint.route("/store", methods=["PUT", "POST", "DELETE"])
@blueprint.route("/store/<path:path>", methods=["PUT", "POST", "DELETE"])
def change(path: str = "") -> Response:
    """Replace, add to or remove a graph; a POST that names none makes a new one and tells where."""
    require("admin")
    made = request.method == "POST" and not path and not {"default", "graph"} & set(request.args)
    graph = f"{request.base_url}/{uuid.uuid4()}" if made else _graph(path)
    parts = [(b"", "")] if request.method == "DELETE" else _parts()
    existed, expected = True, expected_revision()
    for data, format in parts:
        asked = GraphChange(request.method, graph, data, format, graph or request.base_url)
        revision, changed = amending().change(asked, expected)
        existed, expected = existed and changed.existed, revision.number
    headers = {"ETag": f'"{tag(revision)}"', **({"Location": graph} if made else {})}
    return Response(status=201 if made or not existed else 204, headers=headers)


def _graph(path: str) -> str:
    """Return the IRI of the graph that a request names, or nothing for the default graph. Raises BadRequest unless it does."""
    if path:
        return request.base_url
    graphs = request.args.getlist("graph")
    if ("default" in request.args) + len(graphs) != 1:
        raise BadRequest("Name one graph: ?default, or ?graph= with its IRI.")
    if not graphs:
        return ""
    return _node(graphs[0]).value


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise BadRequest(f"{iri!r} will not do as the name of a graph: an absolute IRI is expected.") from error


def _parts() -> list[tuple[bytes, str]]:
    """Return the graphs that the body holds, one but for a form of several files, each with its format."""
    if request.mimetype == MULTIPART:
        return [(file.read(), _format(file.mimetype)) for file in request.files.values()]
    return [(body(), _format(request.mimetype))]


def _format(type: str) -> str:
    if type not in _TYPES:
        raise UnsupportedMediaType(f"A graph is sent as {', '.join(_TYPES)}, not as {type or 'nothing'}.")
    return _TYPES[type]
