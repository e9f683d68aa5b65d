"""Turns the catalogue and the table of paths into an OpenAPI 3.1 document of the whole HTTP surface, and a page to try it.

Source: OpenAPI Specification 3.1.1; RFC 9457 for problem details; RFC 8288 for the links of pages.
"""

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from api import conditional
from api.answers import choose, inquiry
from api.negotiation import GRAPHS, JSON, PAGE, PROBLEM, QUADS, RESULTS, Format
from api.paging import LARGEST_SIZE, MOST_PAGES, USUAL_SIZE
from api.surface import OPERATIONS, Field, Operation
from kg.catalogue import AREAS, Query
from kg.names import ONTOLOGY, compact
from kg.parameters import LANGUAGES, Parameter

blueprint = Blueprint("openapi", __name__)

# Swagger UI writes styles into elements and pictures into addresses; scripts come from this server alone.
UI_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
             "form-action 'self'")
_BODIES = {"results": RESULTS, "graph": GRAPHS, "quads": GRAPHS + QUADS, "json": JSON, "page": ()}
_STATUSES = {
    304: "What the client has already still holds.",
    400: "The request cannot be read.",
    401: "A token is needed; WWW-Authenticate says how to send it.",
    403: "The token does not allow this, the graph has one way in, or a page of another site asks.",
    404: "There is nothing of that name, or no page of that number.",
    406: "None of the formats that the client accepts can be given; the problem lists those that can.",
    409: "The graphs are not as the update needs them.",
    412: "The graph has changed since If-Match was true.",
    413: "The query or the body is larger than it may be.",
    415: "A body of this media type is not taken.",
    422: "A parameter will not do, or the answer is larger than it may be.",
    429: "Too many queries at once; Retry-After says when to ask again.",
    501: "The query asks for what the engine does not have.",
    503: "The time limit, the memory limit or a store that is away; Retry-After says when to ask again.",
}
_ALWAYS = (304, 400, 406, 412, 429, 503)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Give the document."""
    format = choose(JSON, page=False)
    conditional.check(format.type)
    return jsonify(document(inquiry().catalogue.all(), request.url_root))


@blueprint.get("/api")
def ui() -> Response:
    """Show the document as a page: a list without JavaScript, with it Swagger UI, which can try each."""
    choose((), page=True)
    conditional.check(PAGE.type)
    queries = inquiry().catalogue.all()
    page = Response(render_template("api.html", operations=OPERATIONS, queries=queries))
    page.headers["Content-Security-Policy"] = UI_POLICY
    return page


def document(queries: Sequence[Query], address: str) -> dict[str, Any]:
    """Return the OpenAPI document: the paths of api.surface, and one path for each query of the catalogue."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    for query in queries:
        paths[f"/queries/{query.name}"] = {"get": _of_query(query)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "How small producers and rural entrepreneurs reach a market: a knowledge graph",
                 "version": version("parkg"), "summary": "SPARQL, linked data and a catalogue of queries that are ready to ask.",
                 "license": {"name": "MIT", "identifier": "MIT"}},
        "servers": [{"url": address.rstrip("/")}],
        "externalDocs": {"url": address + "ontology", "description": f"The ontology, {ONTOLOGY}"},
        "tags": [*({"name": name} for name in dict.fromkeys(o.tag for o in OPERATIONS)),
                 *({"name": english, "description": spanish} for english, spanish in AREAS.values())],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM, "Results": _RESULTS},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}, "basic": {"type": "http", "scheme": "basic"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "tags": [operation.tag], "summary": operation.summary,
        "operationId": operation.method + "_" + operation.path.strip("/").translate(str.maketrans("/.-{}", "_____")).strip("_"),
        "parameters": [_field(field) for field in operation.fields],
        "responses": _responses(operation.success, _BODIES[operation.answer], operation.page, operation.statuses),
    }
    if operation.body:
        described["requestBody"] = {"required": True, "content": {type: {"schema": schema} for type, schema in operation.body}}
    if operation.scope:
        described["security"] = [{"bearer": []}, {"basic": []}]
        described["description"] = f"Needs a token with the scope {operation.scope}."
    return described


def _of_query(query: Query) -> dict[str, Any]:
    columns = "\n".join(f"- `{c.name}`: {c.meaning}" + (f" ({c.unit})" if c.unit != "-" else "") for c in query.columns)
    paging = (Field("page", "query", "The part of the answer to give; without it, the whole.",
                    {"type": "integer", "minimum": 1, "maximum": MOST_PAGES}),
              Field("page_size", "query", f"The most rows of a part, {USUAL_SIZE} where it is not said.",
                    {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE}))
    return {
        "tags": [AREAS[query.area][0]], "summary": query.question,
        "description": f"{query.question_es}\n\nColumns:\n\n{columns}", "operationId": query.name,
        "parameters": [*(_parameter(p, query.example.get(p.name)) for p in query.parameters), *map(_field, paging)],
        "responses": _responses((200,), RESULTS + GRAPHS, True, (404, 422)),
    }


def _parameter(parameter: Parameter, example: str | None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.kind in ("integer", "year", "decimal"):
        schema = {"type": "number" if parameter.kind == "decimal" else "integer"}
        if parameter.kind == "year":
            schema |= {"minimum": 1000, "maximum": 9999}
        least, most = parameter.range
        if least:
            number = float if parameter.kind == "decimal" else int
            schema |= {"minimum": number(least), "maximum": number(most)}
    elif parameter.kind == "language":
        schema["enum"] = list(LANGUAGES)
    if parameter.default not in ("required", "any"):
        schema["default"] = int(parameter.default) if schema["type"] == "integer" else parameter.default
    kind = f" A {compact(parameter.of_class)}: its key, name or IRI." if parameter.of_class else ""
    described = {"name": parameter.name, "in": "query", "required": parameter.default == "required",
                 "description": f"{parameter.meaning[:1].upper()}{parameter.meaning[1:]}.{kind}", "schema": schema}
    return {**described, "example": example} if example is not None and schema["type"] == "string" else described


def _field(field: Field) -> dict[str, Any]:
    described = {"name": field.name, "in": field.place, "required": field.required or field.place == "path",
                 "description": field.meaning, "schema": field.schema}
    return {**described, "example": field.example} if field.example else described


def _responses(success: Iterable[int], formats: Sequence[Format], page: bool, statuses: Iterable[int]) -> dict[str, Any]:
    content = {format.type: {"schema": _schema(format)} for format in (*formats, *((PAGE,) if page else ()))}
    found: dict[str, Any] = {}
    for status in success:
        found[str(status)] = {"description": "Done." if status in (201, 204) else "The answer."}
        if content and status == 200:
            found[str(status)] |= {"content": content, "headers": _HEADERS}
    for status in sorted({*_ALWAYS, *statuses}):
        found[str(status)] = {"description": _STATUSES[status]}
        if status != 304:
            found[str(status)]["content"] = {
                PROBLEM.type: {"schema": {"$ref": "#/components/schemas/Problem"}}, PAGE.type: {"schema": {"type": "string"}}}
    return found


def _schema(format: Format) -> dict[str, Any]:
    if format.key == "json" and format.type.startswith("application/sparql-results"):
        return {"$ref": "#/components/schemas/Results"}
    return {} if format.type.endswith("json") else {"type": "string"}


_HEADERS = {
    "ETag": {"schema": {"type": "string"}, "description": "Made of the revision, the address, the format and the language."},
    "Link": {"schema": {"type": "string"}, "description": "The other formats; of a part the first, prev, next and last."},
    "X-Total-Count": {"schema": {"type": "string"}, "description": "Of a part: how many rows there are in all, or unknown."},
}
_PROBLEM = {
    "type": "object", "description": "What was wrong, where, and what to do (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                   "detail": {"type": "string"}, "line": {"type": "integer"}, "column": {"type": "integer"},
                   "available": {"type": "array", "items": {"type": "object"}}},
}
_RESULTS = {
    "type": "object", "description": "SPARQL 1.1 Query Results JSON Format.", "required": ["head"],
    "properties": {"head": {"type": "object", "properties": {"vars": {"type": "array", "items": {"type": "string"}}}},
                   "results": {"type": "object", "required": ["bindings"],
                               "properties": {"bindings": {"type": "array", "items": {"type": "object"}}}},
                   "boolean": {"type": "boolean"}},
}
