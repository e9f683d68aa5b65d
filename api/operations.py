"""What a path takes and what it answers, as the table of the HTTP surface has it, and the schemas that many of them share."""

from dataclasses import dataclass, field
from typing import Any

from kg.parameters import LANGUAGES

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WORDS: Schema = {"type": "string", "pattern": r"\S"}
IRI: Schema = {"type": "string", "format": "iri"}
IRIS: Schema = {"type": "array", "items": IRI}
_FILES: Schema = {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}
JSON_LD: Schema = {"type": ["object", "array"], "items": {"type": "object"}}
GRAPH_TYPES = (("text/turtle", TEXT), ("application/n-triples", TEXT), ("application/ld+json", JSON_LD),
                ("application/rdf+xml", TEXT), ("multipart/form-data", _FILES))


@dataclass(frozen=True)
class Field:
    """A value in a path, a query string or a header.

    place: ``path``, ``query`` or ``header``; schema: its JSON Schema; example: a value, or several of one that is repeated;
    empty: whether it may be there without a value, which is as if it were not there.
    """

    name: str
    place: str
    meaning: str
    schema: Schema
    example: str | tuple[str, ...] = ""
    required: bool = False
    empty: bool = False


@dataclass(frozen=True)
class Operation:
    """A method of a path.

    answer: ``any`` of SPARQL, ``rows`` as such or as RDF, ``shown`` as a tree or as such rows, ``graph``, ``quads``, ``thing``
    as these or as what is shown of it, ``json``, ``versions``, ``changes``, ``citation``, ``file``, ``context`` or ``nothing``;
    page: whether there is a page too; statuses: those that it can have besides the ones of every path; body: media type and
    schema of each body that it takes; scope: of the token it needs; conditional: whether its answers always, sometimes or never
    have an ETag; paged: whether it can answer in parts; cited: whether it tells how it is cited as well; tree: the schema of an
    answer in JSON; unready: the schema of the JSON that it gives with a 503.
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
    body: tuple[tuple[str, Schema], ...] = ()
    scope: str = ""
    conditional: str = "always"
    paged: bool = False
    cited: bool = False
    tree: Schema = field(default_factory=dict)
    unready: Schema = field(default_factory=dict)


def tree_of(**properties: Schema) -> Schema:
    """Return the schema of an object that has all of these properties."""
    return {"type": "object", "required": list(properties), "properties": properties}


def list_of(items: Schema) -> Schema:
    """Return the schema of a list of such items."""
    return {"type": "array", "items": items}


INTEGER = {"type": "integer"}
WHEN: Schema = {"type": "string", "format": "date-time"}
MAYBE: Schema = {"type": ["string", "null"]}
MAYBE_INTEGER: Schema = {"type": ["integer", "null"]}
OF_PAGE = Field("language", "query", "Of the page; else the one that Accept-Language prefers.", {"enum": list(LANGUAGES)})
