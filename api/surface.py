"""The HTTP surface as a table: every path but those of single queries, what it takes and what it answers.

It describes and routes nothing; a test compares it with the routes of the application.
"""

from dataclasses import dataclass
from typing import Any

from kg.names import GRAPH

_TEXT = {"type": "string"}
_IRI = {"type": "string", "format": "iri"}
_GRAPH_TYPES = tuple((type, _TEXT) for type in ("text/turtle", "application/n-triples", "application/ld+json",
                                                 "application/rdf+xml"))


@dataclass(frozen=True)
class Field:
    """A value in a path or a query string. place: ``path`` or ``query``; schema: its JSON Schema."""

    name: str
    place: str
    meaning: str
    schema: dict[str, Any]
    example: str = ""
    required: bool = False


@dataclass(frozen=True)
class Operation:
    """A method of a path.

    answer: ``results``, ``graph``, ``quads``, ``json`` or ``page``; page: whether there is a page too; statuses: those that it
    can have besides the ones of every path; body: media type and schema of each body that it takes; scope: of the token it needs.
    """

    method: str
    path: str
    tag: str
    summary: str
    answer: str
    page: bool = True
    fields: tuple[Field, ...] = ()
    statuses: tuple[int, ...] = ()
    success: tuple[int, ...] = (200,)
    body: tuple[tuple[str, dict[str, Any]], ...] = ()
    scope: str = ""


_QUERY = Field("query", "query", "A query of SPARQL 1.1.", _TEXT, "SELECT * { ?s a ?class } LIMIT 3")
_DATASET = (Field("default-graph-uri", "query", "A graph of the default graph.", _IRI),
            Field("named-graph-uri", "query", "A graph that GRAPH may name.", _IRI))
_KEY = Field("path", "path", "Kind and key of a thing; .ttl, .jsonld, .nt, .rdf, .trig or .nq after it names a format.", _TEXT,
             "experience/ketal")
_PAGE = Field("page", "query", "Which part of a thing's neighbours.", {"type": "integer", "minimum": 1})
_NAMED = Field("graph", "query", "The IRI of a graph.", _IRI, GRAPH + "toolbox/1")
_DEFAULT = Field("default", "query", "Present: the default graph.", _TEXT)
_STORE = (404, 501)
_WRITE = (401, 403, 404, 409, 413, 415, 501)
_READ = "SPARQL"
_STORES = "Graphs, as a store"
_DATA = "Linked data"
_ABOUT = "About the service"

OPERATIONS = (
    Operation("get", "/sparql", _READ, "Ask a query; without one, the service description or an editor", "results",
              fields=(_QUERY, *_DATASET), statuses=(413, 422, 501)),
    Operation("post", "/sparql", _READ, "Ask a query that is sent as the body", "results", page=False, fields=_DATASET,
              statuses=(413, 415, 422, 501),
              body=(("application/sparql-query", _TEXT),
                    ("application/x-www-form-urlencoded", {"type": "object", "properties": {"query": _TEXT}}))),
    Operation("post", "/update", _STORES, "Change graphs by SPARQL 1.1 Update; one request is one revision", "page", page=False,
              success=(204,), statuses=_WRITE, scope="admin",
              fields=(Field("using-graph-uri", "query", "A graph of the default graph of WHERE.", _IRI),
                      Field("using-named-graph-uri", "query", "A graph that GRAPH of WHERE may name.", _IRI)),
              body=(("application/sparql-update", _TEXT),
                    ("application/x-www-form-urlencoded", {"type": "object", "properties": {"update": _TEXT}}))),
    Operation("get", "/store", _STORES, "Read a graph", "graph", page=False, fields=(_NAMED, _DEFAULT), statuses=_STORE),
    Operation("put", "/store", _STORES, "Replace a graph", "page", page=False, fields=(_NAMED, _DEFAULT), success=(201, 204),
              statuses=_WRITE, body=_GRAPH_TYPES, scope="admin"),
    Operation("post", "/store", _STORES, "Add to a graph; without a name, to a new one", "page", page=False,
              fields=(_NAMED, _DEFAULT), success=(201, 204), statuses=_WRITE, body=_GRAPH_TYPES, scope="admin"),
    Operation("delete", "/store", _STORES, "Remove a graph", "page", page=False, fields=(_NAMED, _DEFAULT), success=(204,),
              statuses=_WRITE, scope="admin"),
    Operation("get", "/queries", "The catalogue", "List the queries that are ready to ask", "json", statuses=(422,),
              fields=(Field("area", "query", "Only those of an area, such as cube.", _TEXT),
                      Field("about", "query", "Only those that can be asked of this thing, such as tool/financing.", _TEXT),
                      Field("words", "query", "Only those with these words in their texts.", _TEXT))),
    Operation("get", "/ask", "The catalogue", "Answer a question in plain words with the query that fits it best", "json",
              statuses=(404, 422), fields=(
                  Field("q", "query", "A question in English or Spanish.", _TEXT, "which tools did Maqueo use", True),
                  Field("page", "query", "Which part of the answer.", {"type": "integer", "minimum": 1}),
                  Field("page_size", "query", "The most rows of a part.", {"type": "integer", "minimum": 1, "maximum": 10_000}))),
    Operation("get", "/search", "The catalogue", "Find things by the words of their labels and texts", "json", statuses=(422,),
              fields=(Field("q", "query", "Words in English or Spanish; accents and case do not matter.", _TEXT, "miel", True),
                      Field("kind", "query", "Only things of this kind, such as experience; may be repeated.", _TEXT),
                      Field("language", "query", "Of labels and snippets, en or es.", {"enum": ["en", "es"]}),
                      Field("limit", "query", "The most things that are given.",
                            {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}))),
    Operation("get", "/id/{path}", _DATA, "Describe a thing", "quads", fields=(_KEY, _PAGE), statuses=(404,)),
    Operation("get", "/graph/{path}", _DATA, "Give a named graph", "quads", statuses=(404,), fields=(
        Field("path", "path", "Document and section.", _TEXT, "toolbox/3-2-8"), _PAGE)),
    Operation("get", "/ontology", _DATA, "Give the ontology", "quads"),
    Operation("get", "/ontology/{module}", _DATA, "Give one module of the ontology", "quads", statuses=(404,), fields=(
        Field("module", "path", "The name of a module.", _TEXT, "toolbox"),)),
    Operation("get", "/.well-known/void", _ABOUT, "Describe the data set: VoID and DCAT", "graph", page=False),
    Operation("get", "/openapi.json", _ABOUT, "This document", "json", page=False),
    Operation("get", "/healthz", _ABOUT, "Whether the server lives", "json", page=False),
    Operation("get", "/readyz", _ABOUT, "Whether a question would be answered now, and from which revision", "json", page=False),
)
