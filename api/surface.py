"""The HTTP surface as a table: every path but those of single queries, what it takes and what it answers.

It describes and routes nothing; a test compares it with the routes of the application, another asks them for all that it says.
"""

from dataclasses import dataclass, field
from typing import Any

from kg.catalogue import AREAS
from kg.contributions.ledger import ACTIONS
from kg.contributions.reports import ACTIONS as ANSWERS
from kg.contributions.reports import LONGEST_FIELD, LONGEST_REPORT
from kg.entry.sheets import SHEET_FORMATS
from kg.names import GRAPH
from kg.parameters import LANGUAGES
from kg.store.dumper import NAMES

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_WORDS: Schema = {"type": "string", "pattern": r"\S"}
_IRI: Schema = {"type": "string", "format": "iri"}
_IRIS: Schema = {"type": "array", "items": _IRI}
_FILES: Schema = {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}
JSON_LD: Schema = {"type": ["object", "array"], "items": {"type": "object"}}
_GRAPH_TYPES = (("text/turtle", _TEXT), ("application/n-triples", _TEXT), ("application/ld+json", JSON_LD),
                ("application/rdf+xml", _TEXT), ("multipart/form-data", _FILES))


@dataclass(frozen=True)
class Field:
    """A value in a path, a query string or a header.

    place: ``path``, ``query`` or ``header``; schema: its JSON Schema; empty: whether it may be there without a value, which is as
    if it were not there.
    """

    name: str
    place: str
    meaning: str
    schema: Schema
    example: str = ""
    required: bool = False
    empty: bool = False


@dataclass(frozen=True)
class Operation:
    """A method of a path.

    answer: ``any`` of SPARQL, ``graph``, ``quads``, ``json``, ``versions``, ``changes``, ``citation``, ``file``, ``context`` or
    ``nothing``;
    page: whether there is a page too; statuses: those that it can have besides the ones of every path; body: media type and
    schema of each body that it takes; scope: of the token it needs; conditional: whether its answers always, sometimes or never
    have an ETag; paged: whether it can answer in parts; tree: the schema of an answer in JSON; unready: the schema of the JSON
    that it gives with a 503.
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
    tree: Schema = field(default_factory=dict)
    unready: Schema = field(default_factory=dict)


def _tree(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _number(name: str, meaning: str) -> Field:
    return Field(name, "query", meaning, {"type": "integer", "minimum": 1, "maximum": 999_999_999})


_INTEGER = {"type": "integer"}
_BOTH = _tree(en=_TEXT, es=_TEXT)
_TEXTS = {"type": "object", "additionalProperties": _TEXT}
_CANDIDATE = _tree(query=_TEXT, title=_TEXT, question=_BOTH, given=_TEXTS, missing=_list(_TEXT), score={"type": "number"},
                   ask=_TEXT)
_ANSWER = {**_CANDIDATE, "properties": {**_CANDIDATE["properties"], "sparql": _TEXT,
                                        "results": {"$ref": "#/components/schemas/Results"}}}
_ASKED = _tree(question=_TEXT, language={"enum": list(LANGUAGES)}, answer={"anyOf": [_ANSWER, {"type": "null"}]},
               named=_list(_tree(words=_TEXT, things=_list(_tree(thing=_IRI, kind=_TEXT)))), others=_list(_CANDIDATE),
               near=_list(_CANDIDATE))
_REASON = _tree(statement={**_list(_TEXT), "minItems": 3, "maxItems": 3}, graphs=_IRIS, rule=_TEXT,
                premises=_list({"type": "object"}))
_FOUND = _tree(found=_list(_tree(thing=_IRI, kind=_TEXT, label=_TEXT, language=_TEXT, passage={"type": ["string", "null"]},
                                 snippet=_TEXT, marked=_list({**_list(_INTEGER), "minItems": 2, "maxItems": 2}))),
               taken_for=_TEXTS)
_VOCABULARY = _tree(terms=_list(_tree(iri=_IRI, term=_TEXT, label=_TEXT, definition=_TEXT, kind={"enum": ["class", "property"]})),
                    prefixes=_TEXTS, examples=_list(_tree(name=_TEXT, question=_TEXT, query=_TEXT)))
_ROWS: Schema = {"enum": ["tool", "approach", "product"]}
_COLUMNS: Schema = {"enum": ["entry-way", "country", "organizational-model"]}
_AXIS = _tree(side=_TEXT, things=_list(_tree(key=_TEXT, label=_TEXT)))
_CUBE = _tree(rows=_AXIS, columns=_AXIS, slices={"anyOf": [_AXIS, {"type": "null"}]}, kept={"type": "object"}, query=_IRI,
              cells=_list(_tree(experiences={"type": "integer"}, passages={"type": "integer"})), revision={"type": "integer"})
_CATALOGUE = _list(_tree(name=_TEXT, title=_TEXT, area={"enum": list(AREAS)}, question=_BOTH, example=_TEXT, ask=_TEXT,
                         parameters=_list(_tree(name=_TEXT, type=_TEXT, default=_TEXT, meaning=_TEXT)),
                         columns=_list(_tree(name=_TEXT, type=_TEXT, unit=_TEXT, meaning=_TEXT))))

_WHEN: Schema = {"type": "string", "format": "date-time"}
_MAYBE: Schema = {"type": ["string", "null"]}
_MAYBE_INTEGER: Schema = {"type": ["integer", "null"]}
_CONTRIBUTION = _tree(id=_TEXT, experience=_IRI, state=_TEXT, edition=_INTEGER, version=_MAYBE_INTEGER, shapes=_MAYBE_INTEGER,
                      sent_by=_TEXT, moved=_WHEN, page=_TEXT)
_BEHIND = Field("behind", "query", "1: those published with an earlier edition of the shapes, which are to be carried over.",
                {"enum": ["1"]})
_TAKEN = {**_CONTRIBUTION, "properties": {**_CONTRIBUTION["properties"], "findings": _list({"type": "object"})}}
_SEEN = {**_CONTRIBUTION, "properties": {
    **_CONTRIBUTION["properties"],
    "events": _list(_tree(at=_WHEN, who=_TEXT, did=_TEXT, edition=_INTEGER, note=_TEXT, version=_MAYBE_INTEGER)),
    "changes": _tree(adds=_list(_TEXT), removes=_list(_TEXT), follows={"anyOf": [_list(_TEXT), {"type": "null"}]},
                     contradicts={"type": ["string", "null"]})}}

_CHANGES = {"adds": _list(_TEXT), "removes": _list(_TEXT)}
_REVISION = _tree(number=_INTEGER, made=_WHEN, cause={"type": ["string", "null"]}, adds=_MAYBE_INTEGER, removes=_MAYBE_INTEGER,
                  graphs_touched=_MAYBE_INTEGER, experiences=_list({"type": "object"}), address=_IRI)
_VERSION = _tree(version=_INTEGER, at=_WHEN, contributor=_TEXT, reviewer=_TEXT, publisher=_TEXT, note=_TEXT, address=_IRI)

_QUERY = Field("query", "query", "A query of SPARQL 1.1.", _TEXT, "SELECT * { ?s a ?class } LIMIT 3")
_DATASET = (Field("default-graph-uri", "query", "A graph of the default graph of the query; may be repeated.", _IRIS),
            Field("named-graph-uri", "query", "A graph that GRAPH of the query may name; may be repeated.", _IRIS))
_CHOSEN = {"default-graph-uri": _IRI, "named-graph-uri": _IRI}
_USING = (Field("using-graph-uri", "query", "A graph of the default graph of WHERE; may be repeated.", _IRIS),
          Field("using-named-graph-uri", "query", "A graph that GRAPH of WHERE may name; may be repeated.", _IRIS))
_KEY = Field("path", "path", "Kind and key of a thing; .ttl, .jsonld, .nt, .rdf, .trig or .nq after it names a format.", _TEXT,
             "experience/ketal")
_CASE = Field("key", "path", "The key of an experience.", {"type": "string", "pattern": "^[a-z0-9-]+$"})
_OF_VERSION = _number("version", "Of a contributed experience: as it was published under this number.")
_MOMENT = Field("Accept-Datetime", "header", "Of a contributed experience: 302 to the version of then (RFC 7089).",
                {"type": "string", "enum": ["Thu, 31 May 2029 20:35:00 GMT"]})
_NUMBER = Field("number", "path", "The number of a revision.", {"type": "integer", "minimum": 1, "maximum": 999_999_999}, "1")
_FILE = Field("name", "path", "Which file.", {"enum": list(NAMES)}, NAMES[-1])
_PAGE = Field("page", "query", "Which part of a thing's neighbours.", {"type": "integer", "minimum": 1})
_NAMED = Field("graph", "query", "The IRI of a graph. One of graph and default is given.", _IRI, GRAPH + "toolbox/1")
_DEFAULT = Field("default", "query", "Present, with or without a value: the default graph.", _TEXT)
_UNCHANGED = Field("If-Match", "header", "The ETag of a graph as it was read, or * for whichever it is: else 412.",
                   {"type": "string", "pattern": r'^("r[0-9]{1,18}[!#-~]*"|\*)$'})
_NEW = Field("If-None-Match", "header", "*: only where there is no such graph yet; else 412.",
             {"type": "string", "pattern": r"^\*$"})
_ID = Field("id", "path", "The id of a contribution.", {"type": "string", "pattern": "^[a-z2-7]{12}$"})
_REPEATS = Field("Idempotency-Key", "header", "A request with the key of an earlier one of the same token does nothing again.",
                 {"type": "string", "pattern": "^[!-~]{1,200}$"})
_SENDING = (Field("draft", "query", "1: keep it as a draft, whatever is to be mended.", {"enum": ["1"]}),
            Field("note", "query", "What is told to who reviews it.", _TEXT),
            Field("language", "query", "Of what is found.", {"enum": list(LANGUAGES)}), _REPEATS)
_OF_PAGE = Field("language", "query", "Of the page; else the one that Accept-Language prefers.", {"enum": list(LANGUAGES)})
_SENT = (401, 403, 409, 422)
_BINARY: Schema = {"type": "string", "format": "binary"}
_CASE_TYPES = (*_GRAPH_TYPES[:4], ("application/trig", _TEXT), ("application/n-quads", _TEXT),
               *((type, _BINARY) for type in SHEET_FORMATS.values()))
_REPORT = _tree(id=_TEXT, state={"enum": ["waiting", "answered", "closed"]}, at=_WHEN, what=_TEXT, about=_MAYBE, where=_MAYBE,
                source=_MAYBE, page=_TEXT, answers=_list(_tree(at=_WHEN, did=_TEXT, note=_TEXT)))
_REPORTED: Schema = {"type": "object", "required": ["what"], "additionalProperties": False, "properties": {
    "what": {"type": "string", "pattern": r"\S", "maxLength": LONGEST_REPORT},
    **{name: {"type": "string", "maxLength": LONGEST_FIELD} for name in ("about", "where", "source", "contact")}}}
_ANSWERED: Schema = {"type": "object", "required": ["note"], "additionalProperties": False, "properties": {
    "note": {"type": "string", "pattern": r"\S", "maxLength": LONGEST_REPORT}}}
_RECEIPT = Field("id", "path", "The id of a report.", {"type": "string", "pattern": "^[a-z2-7]{26}$"})
_NOTE: Schema = {"type": "object", "properties": {
    "note": _TEXT, "person": _TEXT, "into": _TEXT, "version": {"type": ["integer", "string"]}}}
_ASKED_OF_OTHERS = (403, 413, 422, 502)
_WRITE = (401, 403, 409, 412, 422)
_READ = "SPARQL"
_STORES = "Graphs, as a store"
_CATALOGUED = "The catalogue"
_DATA = "Linked data"
_CONTRIBUTIONS = "Contributions"
_REPORTS = "Reports of wrong facts"
_WHOLE = "The whole and its revisions"
_ABOUT = "About the service"

OPERATIONS = (
    Operation("get", "/sparql", _READ, "Ask a query; without one, the service description or an editor", "any",
              fields=(_QUERY, *_DATASET), statuses=_ASKED_OF_OTHERS, conditional="sometimes"),
    Operation("post", "/sparql", _READ, "Ask a query that is sent as the body", "any", page=False, fields=_DATASET,
              statuses=_ASKED_OF_OTHERS, conditional="never",
              body=(("application/sparql-query", _TEXT),
                    ("application/x-www-form-urlencoded", {"type": "object", "required": ["query"],
                                                           "properties": {"query": _TEXT, **_CHOSEN}}))),
    Operation("post", "/update", _STORES, "Change graphs by SPARQL 1.1 Update; one request is one revision", "nothing",
              page=False, success=(204,), statuses=(*_WRITE, 502), scope="admin", fields=(*_USING, _UNCHANGED),
              body=(("application/sparql-update", _TEXT),
                    ("application/x-www-form-urlencoded", {"type": "object", "required": ["update"],
                                                           "properties": {"update": _TEXT}}))),
    Operation("get", "/store", _STORES, "Read a graph", "graph", page=False, fields=(_NAMED, _DEFAULT), statuses=(404, 422)),
    Operation("put", "/store", _STORES, "Replace a graph", "nothing", page=False, success=(201, 204), statuses=_WRITE,
              fields=(_NAMED, _DEFAULT, _UNCHANGED, _NEW), body=_GRAPH_TYPES, scope="admin"),
    Operation("post", "/store", _STORES, "Add to a graph; without a name, to a new one, and Location names it", "nothing",
              page=False, success=(201, 204), statuses=_WRITE, fields=(_NAMED, _DEFAULT, _UNCHANGED, _NEW), body=_GRAPH_TYPES,
              scope="admin"),
    Operation("delete", "/store", _STORES, "Remove a graph", "nothing", page=False, success=(204,), statuses=(404, *_WRITE),
              fields=(_NAMED, _DEFAULT, _UNCHANGED), scope="admin"),
    Operation("get", "/queries", _CATALOGUED, "List the queries that are ready to ask", "json", statuses=(422,), tree=_CATALOGUE,
              fields=(Field("area", "query", "Only those of an area.", {"enum": list(AREAS)}, empty=True),
                      Field("about", "query", "Only those that can be asked of this thing, such as tool/financing.", _TEXT),
                      Field("words", "query", "Only those with these words in their texts.", _TEXT))),
    Operation("get", "/ask", _CATALOGUED, "Answer a question in plain words with the query that fits it best", "json",
              statuses=(404, 422), paged=True, tree=_ASKED,
              fields=(Field("q", "query", "A question in English or Spanish.", _WORDS, "which tools did Maqueo use", True),)),
    Operation("get", "/cube", _CATALOGUED, "Count experiences and passages by two or three sides of the cube", "json",
              statuses=(422,), tree=_CUBE, fields=(
                  Field("rows", "query", "A side of the cube; tool where none is named.", _ROWS, empty=True),
                  Field("columns", "query", "Another; entry-way where none is named.", _COLUMNS, empty=True),
                  Field("country", "query", "Only experiences of this country, by its key; may be repeated, and the other sides "
                        "name what is kept in the same way.", {"enum": ["peru", "bolivia"]}, empty=True))),
    Operation("get", "/explain", _CATALOGUED, "Tell why a statement holds: what states it, or the rule and what that rests on",
              "json", statuses=(400, 404, 422), tree=_REASON, fields=(
                  Field("s", "query", "The subject: kind/key, a prefixed name or an IRI.", _WORDS, "experience/ketal", True),
                  Field("p", "query", "The property.", _WORDS, "par:isExampleOf", True),
                  Field("o", "query", "The value; a text in quotes, with its language.", _WORDS, "tool/associativity", True),
                  Field("language", "query", "Of the page.", {"enum": list(LANGUAGES)}, empty=True))),
    Operation("get", "/search", _CATALOGUED, "Find things by the words of their labels and texts", "json", statuses=(422,),
              tree=_FOUND, fields=(
                  Field("q", "query", "Words in English or Spanish; accents and case do not matter.", _WORDS, "miel", True),
                  Field("kind", "query", "Only things of this kind, such as experience; may be repeated.", _list(_TEXT)),
                  Field("language", "query", "Of labels and snippets; else the one that Accept-Language prefers.",
                        {"enum": list(LANGUAGES)}, empty=True),
                  Field("limit", "query", "The most things that are given.",
                        {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}, empty=True))),
    Operation("get", "/coverage", _DATA, "Count the passages of each document, or what each passage of one yielded", "any",
              statuses=(422,), fields=(Field("document", "query", "The key of a document.", _WORDS, "toolbox"), _OF_PAGE)),
    Operation("get", "/vocabulary", _READ, "Give the terms, prefixes and examples that an editor completes from", "json",
              page=False, tree=_VOCABULARY, fields=(_OF_PAGE,)),
    Operation("get", "/id/{path}", _DATA, "Describe a thing; a kind alone leads to the list of its things", "quads",
              fields=(_KEY, _PAGE, _OF_VERSION, _MOMENT), statuses=(302, 303, 308, 404, 410, 422)),
    Operation("get", "/id/experience/{key}/versions", _DATA, "List the versions of a contributed experience; a Memento time map",
              "versions", statuses=(404,), fields=(_CASE,), tree=_tree(
                  experience=_IRI, current=_MAYBE_INTEGER, versions=_list(_VERSION), taken_back={"type": ["object", "null"]})),
    Operation("get", "/id/experience/{key}/diff", _DATA, "Tell what changed between two versions, the last two unless named",
              "changes", statuses=(404, 422), fields=(_CASE, _number("from", "The earlier version."),
                                                      _number("to", "The later version.")),
              tree=_tree(**{"experience": _IRI, "from": _INTEGER, "to": _INTEGER, **_CHANGES})),
    Operation("get", "/id/experience/{key}/citation", _DATA, "Cite a version of a contributed experience", "citation",
              statuses=(404, 422), fields=(_CASE, _OF_VERSION)),
    Operation("get", "/graph/{path}", _DATA, "Give a named graph", "quads", statuses=(308, 404, 422), fields=(
        Field("path", "path", "Document and section.", _TEXT, "toolbox/3-2-8"), _PAGE)),
    Operation("get", "/ontology", _DATA, "Give the ontology", "quads", statuses=(422,)),
    Operation("get", "/ontology/{module}", _DATA, "Give one module of the ontology", "quads", statuses=(308, 404, 422), fields=(
        Field("module", "path", "The name of a module.", _TEXT, "toolbox"),)),
    Operation("get", "/context.jsonld", _DATA, "Give the JSON-LD context of the ontology", "context", page=False),
    Operation("get", "/contributions", _CONTRIBUTIONS, "List the contributions that moved last", "json", statuses=(422,),
              fields=(_OF_PAGE, _BEHIND), conditional="never", tree=_tree(contributions=_list(_CONTRIBUTION))),
    Operation("post", "/contributions", _CONTRIBUTIONS, "Send a new experience, as RDF or as a workbook", "json", page=False,
              success=(200, 201), statuses=_SENT, fields=_SENDING, body=_CASE_TYPES, scope="write", conditional="never",
              tree=_TAKEN),
    Operation("get", "/contributions/{id}", _CONTRIBUTIONS, "Show where a contribution stands and what it changes", "json",
              statuses=(404, 422), fields=(_ID, _OF_PAGE), conditional="never", tree=_SEEN),
    Operation("post", "/contributions/{id}", _CONTRIBUTIONS, "Send the next edition of a contribution", "json", page=False,
              statuses=(404, *_SENT), fields=(_ID, *_SENDING), body=_CASE_TYPES, scope="write", conditional="never", tree=_TAKEN),
    Operation("get", "/contributions/{id}/editions/{name}", _CONTRIBUTIONS, "Give an edition of a contribution", "quads",
              statuses=(404,), conditional="never", fields=(_ID, Field(
                  "name", "path", "Its number; .ttl, .trig, .jsonld, .nt, .nq or .rdf after it names a format.", _TEXT))),
    Operation("post", "/contributions/{id}/{action}", _CONTRIBUTIONS,
              "Comment on a contribution, ask for changes, accept, refuse, publish, carry over, revert, withdraw or join it",
              "json",
              statuses=(303, 404, *_SENT), scope="write", conditional="never", tree=_CONTRIBUTION, fields=(_ID, Field(
                  "action", "path", "What is done.", {"enum": list(ACTIONS)}), _REPEATS),
              body=(("application/json", _NOTE), ("application/x-www-form-urlencoded", _NOTE))),
    Operation("post", "/reports", _REPORTS, "Report a wrong fact; takes no token", "json", success=(201,),
              statuses=(303, 403, 422), conditional="never", tree=_REPORT,
              body=(("application/json", _REPORTED), ("application/x-www-form-urlencoded", _REPORTED))),
    Operation("get", "/reports", _REPORTS, "List the reports that wait", "json", statuses=(401, 403, 422), scope="review",
              conditional="never", tree=_tree(reports=_list(_REPORT))),
    Operation("get", "/reports/{id}", _REPORTS, "Show where a report stands, to whoever knows its address", "json",
              statuses=(404,), fields=(_RECEIPT,), conditional="never", tree=_REPORT),
    Operation("post", "/reports/{id}/{action}", _REPORTS, "Answer a report, or close it, with a note", "json",
              statuses=(303, 404, *_SENT), scope="review", conditional="never", tree=_REPORT, fields=(_RECEIPT, Field(
                  "action", "path", "What is done.", {"enum": list(ANSWERS)})),
              body=(("application/json", _ANSWERED), ("application/x-www-form-urlencoded", _ANSWERED))),
    Operation("get", "/revisions", _WHOLE, "List the revisions of the dataset, the last first", "json", statuses=(422,), fields=(
        _number("before", "Only those before this one."),), tree=_tree(
            revisions=_list(_REVISION), next={"type": ["string", "null"]})),
    Operation("get", "/revisions/{name}", _WHOLE, "Show what a revision changed; as RDF Patch, every statement", "changes",
              statuses=(404, 422), fields=(
                  Field("name", "path", "Its number; .json or .rdfp after it names a format.", _TEXT, "1"),
                  _number("from", "Of a patch: the earlier revision from which it leads here.")),
              tree={**_REVISION, "properties": {**_REVISION["properties"], "graphs": _list(_tree(
                  **{"graph": _IRI, "adds": _INTEGER, "removes": _INTEGER, "is": _TEXT})), "files": _list(_IRI)}}),
    Operation("get", "/revisions/{number}/citation", _WHOLE, "Cite a revision", "citation", statuses=(404,), fields=(_NUMBER,)),
    Operation("get", "/revisions/{number}/{name}", _WHOLE, "Give a file of a revision", "file", page=False, success=(200, 206),
              fields=(_NUMBER, _FILE), statuses=(404, 416)),
    Operation("get", "/download", _WHOLE, "List the files of the newest revision, with size and checksum", "json", tree=_tree(
        revision=_INTEGER, made=_WHEN, licence=_IRI, files=_list(_tree(
            name=_TEXT, address=_IRI, type=_TEXT, holds=_TEXT, size_bytes=_INTEGER, sha256=_TEXT)))),
    Operation("get", "/download/{name}", _WHOLE, "Give a file of the newest revision", "file", page=False, fields=(_FILE,),
              success=(200, 206), statuses=(404, 416)),
    Operation("get", "/.well-known/void", _ABOUT, "Describe the data set: VoID and DCAT", "graph", page=False),
    Operation("get", "/openapi.json", _ABOUT, "This document", "json", page=False,
              tree=_tree(openapi=_TEXT, info={"type": "object"}, paths={"type": "object"})),
    Operation("get", "/healthz", _ABOUT, "Whether the server lives", "json", page=False, conditional="never",
              tree=_tree(status={"const": "ok"})),
    Operation("get", "/readyz", _ABOUT, "Whether a question would be answered now, and from which revision", "json", page=False,
              conditional="never",
              tree=_tree(status={"const": "ready"}, revision=_INTEGER, made=_WHEN,
                         read_from={"enum": ["disk", "memory", "another store"]}),
              unready=_tree(status={"const": "not ready"}, reason=_TEXT)),
)
