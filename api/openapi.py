"""Turns the catalogue and the table of paths into an OpenAPI 3.1 document of the whole HTTP surface, and a page to try it.

Source: OpenAPI Specification 3.1.1; RFC 9457 for problem details; RFC 8288 for the links of pages.
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from api import conditional, fields
from api.answers import choose, inquiry
from api.negotiation import CITATIONS, GRAPHS, JSON, LINKED_JSON, LINKS, PAGE, PATCH, PROBLEM, QUADS, RESULTS, SHOWN, Format
from api.operation_texts import ABOUT, in_spanish
from api.operations import JSON_LD, Field, Operation
from api.paging import LARGEST_SIZE, MOST_PAGES, USUAL_SIZE
from api.surface import OPERATIONS
from kg.catalogue import AREAS, Query
from kg.names import ONTOLOGY, compact
from kg.parameters import LANGUAGES, LARGEST, Parameter

blueprint = Blueprint("openapi", __name__)

# Swagger UI and the editor of SPARQL write styles into elements and pictures into addresses; scripts come from this server alone.
UI_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
             "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
_BODIES = {"any": RESULTS + GRAPHS + QUADS, "rows": RESULTS + GRAPHS, "shown": SHOWN, "graph": GRAPHS,
           "quads": GRAPHS + QUADS, "thing": GRAPHS + QUADS + SHOWN[:2], "json": JSON, "nothing": (),
           "versions": (LINKS, *JSON), "changes": (*JSON, PATCH), "citation": CITATIONS,
           "context": (LINKED_JSON,),
           "file": (Format("gzip", "application/gzip", "gz"), GRAPHS[0])}
_STATUSES = {
    201: "Done, and the graph is new.",
    204: "Done.",
    206: "The part of the file that Range names.",
    302: "Leads to the version of the time that Accept-Datetime names.",
    303: "Leads to the list of the things of a kind.",
    304: "What the client has already still holds.",
    308: "Leads to the same path without empty segments.",
    400: "The request cannot be read.",
    401: "A token is needed; WWW-Authenticate says how to send it.",
    403: "The token does not allow this, the graph has one way in, another site's page asks, or a host is not asked from here.",
    404: "There is nothing of that name, or no page of that number.",
    406: "None of the formats or codings that the client accepts can be given; the problem lists those that can.",
    409: "The graphs are not as the update needs them.",
    410: "It was in the graph and was taken back; the problem says why, and links to its versions; or the address names a "
         "revision that others have followed and that cannot be made again, and the problem links to the same of now.",
    412: "This is not the version, or not the state, that the conditions of the request name.",
    413: "The query or the body is larger than it may be.",
    415: "A body of this media type, character set or coding is not taken.",
    416: "Range names no part of the file.",
    422: "A parameter will not do, or the answer is larger than it may be.",
    429: "Too many at once; Retry-After says when to ask again.",
    431: "The line and headers of the request are longer than they may be.",
    501: "The query asks for what the engine does not have, or the body is sent in a manner that is not taken.",
    502: "Another server, which the query or the update names, failed.",
    503: "The time limit, the memory limit or a store that is away; Retry-After says when to ask again.",
}
_ALWAYS = (400, 406, 413, 415, 429, 431, 501, 503)  # what every request can meet before it comes to its operation
_ABOUT = """Every path that is read by GET is read by HEAD as well, and tells by OPTIONS what it allows; any other method is a 405
with Allow. Errors are problem details, or a page where the client prefers one. What has several formats is given in the one that
Accept prefers, that `format` names, or whose suffix (`.csv`, `.ttl` …) follows the path."""


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Give the document."""
    format = choose(JSON, page=False)
    conditional.check(format.type)
    return jsonify(document(inquiry().catalogue.all(), request.url_root, inquiry().revision().number))


@blueprint.get("/api")
def ui() -> Response:
    """Show the document as a page: a list without JavaScript, with it Swagger UI, which can try each."""
    choose((), page=True)
    fields.refuse_others("/api", ("language",))
    conditional.check(PAGE.type)
    queries = inquiry().catalogue.all()
    page = Response(render_template("api.html", operations=OPERATIONS, queries=queries, in_spanish=in_spanish,
                                    about=(_ABOUT.replace("`", ""), ABOUT)))
    page.headers["Content-Security-Policy"] = UI_POLICY
    return page


def document(queries: Sequence[Query], address: str, newest: int) -> dict[str, Any]:
    """Return the OpenAPI document: the paths of api.surface, and one path for each query of the catalogue.

    newest: the number of the revision that is served, the last that an address may name.
    """
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, newest)
    for query in queries:
        paths[f"/queries/{query.name}"] = {"get": _of_query(query, newest)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "How small producers and rural entrepreneurs reach a market: a knowledge graph",
                 "version": version("parkg"), "summary": "SPARQL, linked data and a catalogue of queries that are ready to ask.",
                 "description": _ABOUT,
                 "license": {"name": "MIT", "identifier": "MIT"}},
        "servers": [{"url": address.rstrip("/")}],
        "externalDocs": {"url": address + "ontology", "description": f"The ontology, {ONTOLOGY}"},
        "tags": [*({"name": name} for name in dict.fromkeys(o.tag for o in OPERATIONS)),
                 *({"name": english, "description": spanish} for english, spanish in AREAS.values())],
        "security": [],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM, "Results": _RESULTS},
            "responses": {f"Status{status}": _response(status) for status in _STATUSES},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}, "basic": {"type": "http", "scheme": "basic"}},
        },
    }


def _operation(operation: Operation, newest: int) -> dict[str, Any]:
    formats = (*_BODIES[operation.answer], *(CITATIONS if operation.cited else ()))
    fields = [*operation.fields, *(_PAGING if operation.paged else ()), *([_FORMAT] if len(formats) + operation.page > 1 else []),
              *([_read_at(newest)] if operation.cited else [])]
    described: dict[str, Any] = {
        "tags": [operation.tag], "summary": operation.summary,
        "operationId": operation.method + "_" + operation.path.strip("/").translate(str.maketrans("/.-{}", "_____")).strip("_"),
        "parameters": [_field(field) for field in fields],
        "responses": _responses(operation, formats),
    }
    if operation.body:
        described["requestBody"] = {"required": True, "content": {type: {"schema": schema} for type, schema in operation.body}}
    if operation.scope:
        described["security"] = [{"bearer": []}, {"basic": []}]
        described["description"] = f"Needs a token with the scope {operation.scope}."
    return described


def _of_query(query: Query, newest: int) -> dict[str, Any]:
    columns = "\n".join(f"- `{c.name}`: {c.meaning}" + (f" ({c.unit})" if c.unit != "-" else "") for c in query.columns)
    return {
        "tags": [AREAS[query.area][0]], "summary": query.question,
        "description": f"{query.question_es}\n\nColumns:\n\n{columns}", "operationId": query.name,
        "parameters": [*(_parameter(p, query.example.get(p.name)) for p in query.parameters),
                       *map(_field, (*_PAGING, _FORMAT, _read_at(newest)))],
        "responses": _responses(_A_QUERY, RESULTS + GRAPHS + CITATIONS),
    }


def _parameter(parameter: Parameter, example: str | None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.kind in ("integer", "year", "decimal"):
        schema = {"type": "number" if parameter.kind == "decimal" else "integer"}
        schema |= {"minimum": 1000, "maximum": 9999} if parameter.kind == "year" else {"minimum": -LARGEST, "maximum": LARGEST}
        least, most = parameter.range
        if least:
            number = float if parameter.kind == "decimal" else int
            schema |= {"minimum": number(least), "maximum": number(most)}
    elif parameter.kind == "language":
        schema["enum"] = list(LANGUAGES)
    if parameter.default not in ("required", "any"):
        schema["default"] = int(parameter.default) if schema["type"] == "integer" else parameter.default
    kind = f" A {compact(parameter.of_class)}: its key, name or IRI." if parameter.of_class else ""
    required = parameter.default == "required"
    if required and schema == {"type": "string"}:
        schema["pattern"] = r"\S"
    meaning = f"{parameter.meaning[:1].upper()}{parameter.meaning[1:]}.{kind}"
    return _field(Field(parameter.name, "query", meaning, schema, example or "" if schema["type"] == "string" else "", required,
                        empty=not required and ("enum" in schema or schema["type"] != "string")))


def _field(field: Field) -> dict[str, Any]:
    described = {"name": field.name, "in": field.place, "required": field.required or field.place == "path",
                 "description": field.meaning, "schema": field.schema}
    return {**described, **({"example": field.example} if field.example else {}),
            **({"allowEmptyValue": True} if field.empty else {})}


def _responses(operation: Operation, formats: Sequence[Format]) -> dict[str, Any]:
    """Return what an operation answers by its status: what it gives, where it leads, and what can be wrong."""
    content = {type: {"schema": (operation.tree if format in JSON else {}) or _schema(format)}
               for format in formats for type in (format.type, *format.also)}
    if operation.page:
        content[PAGE.type] = {"schema": {"type": "string"}}
    headers = {"Link": False, **({"X-Total-Count": False} if operation.paged else {}),
               **({"ETag": operation.conditional == "always"} if operation.conditional != "never" else {})}
    conditions = (*((304, 412) if operation.method == "get" and operation.conditional != "never" else ()),
                  *((404, 410) if operation.cited else ()))  # of the revision that the address names
    found: dict[str, Any] = {}
    for status in (*operation.success, *sorted({*_ALWAYS, *operation.statuses, *conditions})):
        found[str(status)] = {"$ref": f"#/components/responses/Status{status}"}
    if 200 in operation.success:
        found["200"] = {"description": "The answer.", "content": content, "headers": _headers(headers)}
    if 201 in operation.success and content:
        found["201"] = {**_response(201), "content": content, "headers": _headers({"Location": True})}
    if operation.unready:
        found["503"] = {**_response(503), "content": {**_FAULT, "application/json": {"schema": operation.unready}}}
    return found


def _read_at(newest: int) -> Field:
    return Field("revision", "query", "The revision as of which it is answered; without it the newest. One that cannot be made "
                 "again is refused, and so is one that is yet to come.",
                 {"type": "integer", "minimum": 1, "maximum": max(1, newest)})


def _response(status: int) -> dict[str, Any]:
    """Return what is told by a status, which is the same wherever it is told."""
    return {"description": _STATUSES[status], "headers": _headers(_HEADERS_OF.get(status, {})),
            **({"content": _FAULT} if status >= 400 else {})}


def _headers(names: Mapping[str, bool]) -> dict[str, Any]:
    return {name: {"schema": {"type": "string"}, "description": _HEADERS[name], "required": always}
            for name, always in names.items()}


def _schema(format: Format) -> dict[str, Any]:
    if format.key == "json" and format.type.startswith("application/sparql-results"):
        return {"$ref": "#/components/schemas/Results"}
    return JSON_LD if format.type.endswith("json") else {"type": "string"}


_PAGING = (Field("page", "query", "The part of the answer to give.", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES},
                 empty=True),
           Field("page_size", "query", f"The most rows of a part, {USUAL_SIZE} where it is not said.",
                 {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE}, empty=True))
_FORMAT = Field("format", "query", "A format by its short name, suffix or media type, before Accept; one that there is not is "
                "left out of account.", {"type": "string"})
_A_QUERY = Operation("get", "", "", "", "rows", statuses=(404, 422), paged=True, cited=True)
_FAULT = {PROBLEM.type: {"schema": {"$ref": "#/components/schemas/Problem"}}, PAGE.type: {"schema": {"type": "string"}}}
_HEADERS_OF = {201: {"ETag": True, "Location": False}, 204: {"ETag": True}, 302: {"Location": True}, 303: {"Location": True},
               304: {"ETag": True},
               308: {"Location": True}, 401: {"WWW-Authenticate": True}, 406: {"Link": False}, 429: {"Retry-After": True},
               503: {"Retry-After": True}}  # each with whether it is always there
_HEADERS = {
    "ETag": "Of what is read: made of the revision, the address, the format and the language. Of a change: of the new revision.",
    "Link": "The other formats; of a part the first, prev, next and last.",
    "Location": "Where it leads, or the graph that was made.",
    "Retry-After": "In how many seconds to ask again.",
    "WWW-Authenticate": "How to send a token.",
    "X-Total-Count": "Of a part: how many rows there are in all, or unknown.",
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
