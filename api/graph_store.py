"""Turns requests of the SPARQL 1.1 Graph Store HTTP Protocol into graphs read and graphs changed.

Source: SPARQL 1.1 Graph Store HTTP Protocol (W3C, 2013), sections 4 and 5: ?default, ?graph=, or the path itself as the graph.
"""

import uuid
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound, UnsupportedMediaType

from api import fields
from api.access import amending, expected_existence, expected_revision, require, tag
from api.answers import choose, inquiry, respond
from api.negotiation import GRAPHS, Format
from kg.amend import GraphChange, Upload
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
    """Replace, add to or remove a graph, by one revision; a POST that names none makes a new one and tells where."""
    require("admin")
    made = request.method == "POST" and not path and not {"default", "graph"} & set(fields.of_address())
    graph = f"{_address()}/{uuid.uuid4()}" if made else _graph(path)
    uploads = () if request.method == "DELETE" else _uploads()
    asked = GraphChange(request.method, graph, uploads, graph or _address(), expected_existence())
    revision, changed = amending().change(asked, expected_revision())
    headers = {"ETag": f'"{tag(revision)}"', **({"Location": graph} if made else {})}
    return Response(status=201 if made or not changed.existed else 204, headers=headers)


def _graph(path: str) -> str:
    """Return the IRI of the graph that a request names, or nothing for the default graph. Raises BadRequest unless it does."""
    given = fields.of_address()
    graphs = given.get("graph", [])
    if bool(path) + ("default" in given) + len(graphs) != 1:
        raise BadRequest("Name one graph: ?default, ?graph= with its IRI, or a path below /store.")
    if path:
        return _node(_address()).value
    return _node(graphs[0]).value if graphs else ""


def _address() -> str:
    """Return the address of the request without its query, as the client wrote it: decoding it would make it another IRI."""
    written = request.environ.get("REQUEST_URI") or quote(request.path)
    return request.host_url[:-1] + urlsplit(written).path.rstrip("/")


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise BadRequest(f"{iri!r} will not do as the name of a graph: an absolute IRI is expected.") from error


def _uploads() -> tuple[Upload, ...]:
    """Return the graphs that the body holds, one but for a form of several files, each with its format.

    Raises BadRequest for a form without files, or with a field that is none: to leave it out would be to lose it.
    """
    if request.mimetype != MULTIPART:
        return (Upload(request.get_data(), _format(request.mimetype, request.mimetype_params)),)
    files = [file for _, file in request.files.items(multi=True)]
    if request.form or not files:
        raise BadRequest(f"{MULTIPART} holds graphs as files: each part with a filename and a Content-Type.")
    return tuple(Upload(file.read(), _format(file.mimetype, file.mimetype_params)) for file in files)


def _format(type: str, parameters: Mapping[str, str]) -> str:
    if type not in _TYPES:
        raise UnsupportedMediaType(f"A graph is sent as {', '.join(_TYPES)}, not as {type or 'nothing'}.")
    fields.check_charset(parameters.get("charset", "utf-8"))
    return _TYPES[type]
