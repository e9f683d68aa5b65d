"""The HTTP surface as a table: every path but those of single queries, what it takes and what it answers.

It describes and routes nothing; a test compares it with the routes of the application, another asks them for all that it says.
"""

from api.operations import (
    GRAPH_TYPES,
    INTEGER,
    IRI,
    IRIS,
    MAYBE_INTEGER,
    OF_PAGE,
    TEXT,
    WHEN,
    WORDS,
    Field,
    Operation,
    Schema,
    list_of,
    tree_of,
)
from api.surface_growing import GROWING
from kg.catalogue import AREAS
from kg.names import GRAPH
from kg.parameters import LANGUAGES
from kg.store.dumper import NAMES


def _number(name: str, meaning: str) -> Field:
    return Field(name, "query", meaning, {"type": "integer", "minimum": 1, "maximum": 999_999_999})


_BOTH = tree_of(en=TEXT, es=TEXT)
_TEXTS = {"type": "object", "additionalProperties": TEXT}
_CANDIDATE = tree_of(query=TEXT, title=TEXT, question=_BOTH, given=_TEXTS, missing=list_of(TEXT), score={"type": "number"},
                   ask=TEXT)
_ANSWER = {**_CANDIDATE, "properties": {**_CANDIDATE["properties"], "sparql": TEXT,
                                        "results": {"$ref": "#/components/schemas/Results"}}}
_ASKED = tree_of(question=TEXT, language={"enum": list(LANGUAGES)}, answer={"anyOf": [_ANSWER, {"type": "null"}]},
               named=list_of(tree_of(words=TEXT, things=list_of(tree_of(thing=IRI, kind=TEXT)))), others=list_of(_CANDIDATE),
               near=list_of(_CANDIDATE))
_REASON = tree_of(statement={**list_of(TEXT), "minItems": 3, "maxItems": 3}, graphs=IRIS, rule=TEXT,
                premises=list_of({"type": "object"}))
_FOUND = tree_of(found=list_of(tree_of(thing=IRI, kind=TEXT, label=TEXT, language=TEXT, passage={"type": ["string", "null"]},
                                 snippet=TEXT, marked=list_of({**list_of(INTEGER), "minItems": 2, "maxItems": 2}))),
               taken_for=_TEXTS, unknown=list_of(TEXT))
_SUGGESTED: Schema = {"type": "array", "minItems": 4, "maxItems": 4,
                      "items": {"anyOf": [TEXT, list_of(TEXT)]}}  # what was typed, names, kinds, addresses
_VOCABULARY = tree_of(terms=list_of(tree_of(iri=IRI, term=TEXT, label=TEXT, definition=TEXT,
                                                  kind={"enum": ["class", "property"]})),
                    prefixes=_TEXTS, examples=list_of(tree_of(name=TEXT, question=TEXT, query=TEXT)))
_ROWS: Schema = {"enum": ["tool", "approach", "product"]}
_COLUMNS: Schema = {"enum": ["entry-way", "country", "organizational-model"]}
_AXIS = tree_of(side=TEXT, things=list_of(tree_of(key=TEXT, label=TEXT)))
_CUBE = tree_of(rows=_AXIS, columns=_AXIS, slices={"anyOf": [_AXIS, {"type": "null"}]}, kept={"type": "object"}, query=IRI,
              cells=list_of(tree_of(experiences={"type": "integer"}, passages={"type": "integer"})), revision={"type": "integer"})
_PARTS = tree_of(revision={"type": "integer"}, sections={"type": "object", "additionalProperties": tree_of(
    title=TEXT, question=IRI, more={"type": "boolean"}, late={"type": "boolean"}, rows=list_of(tree_of(said_in=IRIS)))})
_CATALOGUE = list_of(tree_of(name=TEXT, title=TEXT, area={"enum": list(AREAS)}, question=_BOTH, example=TEXT, ask=TEXT,
                         parameters=list_of(tree_of(name=TEXT, type=TEXT, default=TEXT, meaning=TEXT)),
                         columns=list_of(tree_of(name=TEXT, type=TEXT, unit=TEXT, meaning=TEXT))))

_CHANGES = {"adds": list_of(TEXT), "removes": list_of(TEXT)}
_REVISION = tree_of(number=INTEGER, made=WHEN, cause={"type": ["string", "null"]}, adds=MAYBE_INTEGER, removes=MAYBE_INTEGER,
                  graphs_touched=MAYBE_INTEGER, experiences=list_of({"type": "object"}), address=IRI)
_VERSION = tree_of(version=INTEGER, at=WHEN, contributor=TEXT, reviewer=TEXT, publisher=TEXT, note=TEXT, address=IRI)

_QUERY = Field("query", "query", "A query of SPARQL 1.1.", TEXT, "SELECT * { ?s a ?class } LIMIT 3")
_DATASET = (Field("default-graph-uri", "query", "A graph of the default graph of the query; may be repeated.", IRIS),
            Field("named-graph-uri", "query", "A graph that GRAPH of the query may name; may be repeated.", IRIS))
_CHOSEN = {"default-graph-uri": IRI, "named-graph-uri": IRI}
_USING = (Field("using-graph-uri", "query", "A graph of the default graph of WHERE; may be repeated.", IRIS),
          Field("using-named-graph-uri", "query", "A graph that GRAPH of WHERE may name; may be repeated.", IRIS))
_KEY = Field("path", "path", "Kind and key of a thing; .ttl, .jsonld, .nt, .rdf, .trig or .nq after it names a format of "
             "RDF, .json or .csv what its page says part by part.", TEXT, "experience/ketal")
_CASE = Field("key", "path", "The key of an experience.", {"type": "string", "pattern": "^[a-z0-9-]+$"})
_OF_VERSION = _number("version", "Of a contributed experience: as it was published under this number.")
_MOMENT = Field("Accept-Datetime", "header", "Of a contributed experience: 302 to the version of then (RFC 7089).",
                {"type": "string", "enum": ["Thu, 31 May 2029 20:35:00 GMT"]})
_NUMBER = Field("number", "path", "The number of a revision.", {"type": "integer", "minimum": 1, "maximum": 999_999_999}, "1")
_FILE = Field("name", "path", "Which file.", {"enum": list(NAMES)}, NAMES[-1])
_PAGE = Field("page", "query", "Which part of a thing's neighbours.", {"type": "integer", "minimum": 1})
_NAMED = Field("graph", "query", "The IRI of a graph. One of graph and default is given.", IRI, GRAPH + "toolbox/1")
_DEFAULT = Field("default", "query", "Present, with or without a value: the default graph.", TEXT)
_UNCHANGED = Field("If-Match", "header", "The ETag of a graph as it was read, or * for whichever it is: else 412.",
                   {"type": "string", "pattern": r'^("r[0-9]{1,18}[!#-~]*"|\*)$'})
_NEW = Field("If-None-Match", "header", "*: only where there is no such graph yet; else 412.",
             {"type": "string", "pattern": r"^\*$"})
_ASKED_OF_OTHERS = (403, 413, 422, 502)
_WRITE = (401, 403, 409, 412, 422)
_READ = "SPARQL"
_STORES = "Graphs, as a store"
_CATALOGUED = "The catalogue"
_DATA = "Linked data"
_WHOLE = "The whole and its revisions"
_ABOUT = "About the service"

OPERATIONS = (
    Operation("get", "/sparql", _READ, "Ask a query; without one, the service description or an editor", "any",
              cited=True, fields=(_QUERY, *_DATASET), statuses=_ASKED_OF_OTHERS, conditional="sometimes"),
    Operation("post", "/sparql", _READ, "Ask a query that is sent as the body", "any", page=False, fields=_DATASET,
              statuses=_ASKED_OF_OTHERS, conditional="never",
              body=(("application/sparql-query", TEXT),
                    ("application/x-www-form-urlencoded", {"type": "object", "required": ["query"],
                                                           "properties": {"query": TEXT, **_CHOSEN}}))),
    Operation("post", "/update", _STORES, "Change graphs by SPARQL 1.1 Update; one request is one revision", "nothing",
              page=False, success=(204,), statuses=(*_WRITE, 502), scope="admin", fields=(*_USING, _UNCHANGED),
              body=(("application/sparql-update", TEXT),
                    ("application/x-www-form-urlencoded", {"type": "object", "required": ["update"],
                                                           "properties": {"update": TEXT}}))),
    Operation("get", "/store", _STORES, "Read a graph", "graph", page=False, fields=(_NAMED, _DEFAULT), statuses=(404, 422)),
    Operation("put", "/store", _STORES, "Replace a graph", "nothing", page=False, success=(201, 204), statuses=_WRITE,
              fields=(_NAMED, _DEFAULT, _UNCHANGED, _NEW), body=GRAPH_TYPES, scope="admin"),
    Operation("post", "/store", _STORES, "Add to a graph; without a name, to a new one, and Location names it", "nothing",
              page=False, success=(201, 204), statuses=_WRITE, fields=(_NAMED, _DEFAULT, _UNCHANGED, _NEW), body=GRAPH_TYPES,
              scope="admin"),
    Operation("delete", "/store", _STORES, "Remove a graph", "nothing", page=False, success=(204,), statuses=(404, *_WRITE),
              fields=(_NAMED, _DEFAULT, _UNCHANGED), scope="admin"),
    Operation("get", "/queries", _CATALOGUED, "List the queries that are ready to ask", "json", cited=True, statuses=(422,),
              tree=_CATALOGUE,
              fields=(Field("area", "query", "Only those of an area.", {"enum": list(AREAS)}, empty=True),
                      Field("about", "query", "Only those that can be asked of this thing, such as tool/financing.", TEXT),
                      Field("words", "query", "Only those with these words in their texts.", TEXT), OF_PAGE)),
    Operation("get", "/ask", _CATALOGUED, "Answer a question in plain words with the query that fits it best", "shown",
              cited=True, statuses=(404, 422), paged=True, tree=_ASKED,
              fields=(Field("q", "query", "A question in English or Spanish.", WORDS, "which tools did Maqueo use", True),
                      OF_PAGE)),
    Operation("get", "/cube", _CATALOGUED, "Count experiences and passages by two or three sides of the cube", "shown",
              cited=True, statuses=(422,), tree=_CUBE, fields=(
                  Field("rows", "query", "A side of the cube; tool where none is named.", _ROWS, empty=True),
                  Field("columns", "query", "Another; entry-way where none is named.", _COLUMNS, empty=True),
                  Field("country", "query", "Only experiences of this country, by its key; may be repeated, and the other sides "
                        "name what is kept in the same way.", {"enum": ["peru", "bolivia"]}, empty=True))),
    Operation("get", "/compare", _CATALOGUED, "Put two to six cases side by side, by what each states", "rows", cited=True,
              statuses=(422,), fields=(
                  Field("case", "query", "A case, two to six times.", {**list_of(TEXT), "minItems": 2, "maxItems": 6},
                        ("experience/ketal", "experience/gustu"), True),
                  Field("property", "query", "Only this property, by its name; may be repeated.", list_of(TEXT)),
                  Field("only", "query", "Only where they differ, or where all say the same.",
                        {"enum": ["differences", "shared"]}, empty=True),
                  Field("states", "query", "Only cases that state this value.", TEXT, empty=True), OF_PAGE)),
    Operation("get", "/path", _CATALOGUED, "Tell which entry ways fit a position, or all that one of them takes", "shown",
              cited=True, statuses=(422,), tree=_PARTS, fields=(
                  Field("who", "query", "A role or a sector, such as sector/public.", TEXT, "sector/public", empty=True),
                  Field("product", "query", "A product, by its key.", TEXT, empty=True),
                  Field("place", "query", "A country or place.", TEXT, empty=True),
                  Field("have", "query", "A tool that one has already, by its key; may be repeated.", list_of(TEXT)),
                  Field("entry_way", "query", "The entry way of which all is told, by its key.", TEXT, "fairs", empty=True),
                  OF_PAGE)),
    Operation("get", "/path/canvas", _CATALOGUED, "Fill a business model canvas from an entry way's experiences or from a case",
              "rows", cited=True, statuses=(422,), fields=(
                  Field("entry_way", "query", "An entry way, by its key.", TEXT, "chefs", empty=True),
                  Field("case", "query", "A case instead, such as experience/ketal.", TEXT, empty=True), OF_PAGE)),
    Operation("get", "/map", _CATALOGUED, "Count the cases of each country and of the places within", "shown", cited=True,
              statuses=(422,), tree=_PARTS, fields=(
                  Field("count", "query", "What is counted.", {"enum": ["experiences", "projects", "cases"]}, empty=True),
                  OF_PAGE)),
    Operation("get", "/projects", _CATALOGUED, "Tell what alliance projects aimed at and reached, and who finances them", "shown",
              cited=True, statuses=(422,), tree=_PARTS, fields=(
                  Field("country", "query", "Only those of a country, by its key.", TEXT, "brazil", empty=True), OF_PAGE)),
    Operation("get", "/explain", _CATALOGUED, "Tell why a statement holds: what states it, or the rule and what that rests on",
              "json", cited=True, statuses=(400, 404, 422), tree=_REASON, fields=(
                  Field("s", "query", "The subject: kind/key, a prefixed name or an IRI.", WORDS, "experience/ketal", True),
                  Field("p", "query", "The property.", WORDS, "par:isExampleOf", True),
                  Field("o", "query", "The value; a text in quotes, with its language.", WORDS, "tool/associativity", True),
                  Field("language", "query", "Of the page.", {"enum": list(LANGUAGES)}, empty=True))),
    Operation("get", "/search", _CATALOGUED, "Find things by the words of their labels and texts", "shown", cited=True,
              statuses=(404, 422), tree=_FOUND, fields=(
                  Field("q", "query", "Words in English or Spanish; accents and case do not matter.", WORDS, "miel", True),
                  Field("kind", "query", "Only things of this kind, such as experience; may be repeated.", list_of(TEXT)),
                  Field("texts", "query", "Only what stands in texts in this language.", {"enum": list(LANGUAGES)}, empty=True),
                  Field("language", "query", "Of labels and snippets; else the one that Accept-Language prefers.",
                        {"enum": list(LANGUAGES)}, empty=True),
                  Field("page", "query", "Which part of what was found, from 1; the Link header leads to the others.",
                        {"type": "integer", "minimum": 1, "default": 1}, empty=True),
                  Field("limit", "query", "The most things of a part.",
                        {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}, empty=True))),
    Operation("get", "/search/suggestions", _CATALOGUED, "Suggest things whose names begin with what is typed", "json",
              page=False, statuses=(422,), tree=_SUGGESTED, fields=(
                  Field("q", "query", "The beginning of a name, at least two characters of it.", WORDS, "mie", empty=True),
                  OF_PAGE,
                  Field("limit", "query", "The most things that are given.",
                        {"type": "integer", "minimum": 1, "maximum": 20, "default": 8}, empty=True))),
    Operation("get", "/coverage", _DATA, "Count the passages of each document, or what each passage of one yielded", "rows",
              cited=True, statuses=(422,), fields=(
                  Field("document", "query", "The key of a document.", WORDS, "toolbox", empty=True), OF_PAGE)),
    Operation("get", "/vocabulary", _READ, "Give the terms, prefixes and examples that an editor completes from", "json",
              page=False, tree=_VOCABULARY, statuses=(422,), fields=(OF_PAGE,)),
    Operation("get", "/id/{path}", _DATA, "Describe a thing; a kind alone leads to the list of its things", "thing", cited=True,
              fields=(_KEY, _PAGE, _OF_VERSION, _MOMENT), statuses=(302, 303, 308, 404, 410, 422)),
    Operation("get", "/id/experience/{key}/versions", _DATA, "List the versions of a contributed experience; a Memento time map",
              "versions", statuses=(404,), fields=(_CASE,), tree=tree_of(
                  experience=IRI, current=MAYBE_INTEGER, versions=list_of(_VERSION), taken_back={"type": ["object", "null"]})),
    Operation("get", "/id/experience/{key}/diff", _DATA, "Tell what changed between two versions, the last two unless named",
              "changes", statuses=(404, 422), fields=(_CASE, _number("from", "The earlier version."),
                                                      _number("to", "The later version.")),
              tree=tree_of(**{"experience": IRI, "from": INTEGER, "to": INTEGER, **_CHANGES})),
    Operation("get", "/id/experience/{key}/citation", _DATA, "Cite a version of a contributed experience", "citation",
              statuses=(404, 422), fields=(_CASE, _OF_VERSION)),
    Operation("get", "/graph/{path}", _DATA, "Give a named graph", "quads", cited=True, statuses=(308, 404, 422), fields=(
        Field("path", "path", "Document and section.", TEXT, "toolbox/3-2-8"), _PAGE)),
    Operation("get", "/ontology", _DATA, "Give the ontology", "quads", cited=True, statuses=(422,)),
    Operation("get", "/ontology/{module}", _DATA, "Give one module of the ontology", "quads", cited=True,
              statuses=(308, 404, 422), fields=(
        Field("module", "path", "The name of a module.", TEXT, "toolbox"),)),
    Operation("get", "/context.jsonld", _DATA, "Give the JSON-LD context of the ontology", "context", page=False),
    *GROWING,
    Operation("get", "/revisions", _WHOLE, "List the revisions of the dataset, the last first", "json", cited=True,
              statuses=(422,), fields=(_number("before", "Only those before this one."),), tree=tree_of(
            revisions=list_of(_REVISION), next={"type": ["string", "null"]})),
    Operation("get", "/revisions/{name}", _WHOLE, "Show what a revision changed; as RDF Patch, every statement", "changes",
              statuses=(404, 422), fields=(
                  Field("name", "path", "Its number; .json or .rdfp after it names a format.", TEXT, "1"),
                  _number("from", "Of a patch: the earlier revision from which it leads here.")),
              tree={**_REVISION, "properties": {**_REVISION["properties"], "graphs": list_of(tree_of(
                  **{"graph": IRI, "adds": INTEGER, "removes": INTEGER, "is": TEXT})), "files": list_of(IRI)}}),
    Operation("get", "/revisions/{number}/citation", _WHOLE, "Cite a revision", "citation", statuses=(404,), fields=(_NUMBER,)),
    Operation("get", "/revisions/{number}/{name}", _WHOLE, "Give a file of a revision", "file", page=False, success=(200, 206),
              fields=(_NUMBER, _FILE), statuses=(404, 416)),
    Operation("get", "/download", _WHOLE, "List the files of the newest revision, with size and checksum", "json", cited=True,
              statuses=(422,), tree=tree_of(
        revision=INTEGER, made=WHEN, licence=IRI, files=list_of(tree_of(
            name=TEXT, address=IRI, type=TEXT, holds=TEXT, size_bytes=INTEGER, sha256=TEXT)))),
    Operation("get", "/download/{name}", _WHOLE, "Give a file of the newest revision", "file", page=False, fields=(_FILE,),
              success=(200, 206), statuses=(404, 416)),
    Operation("get", "/.well-known/void", _ABOUT, "Describe the data set: VoID and DCAT", "graph", page=False),
    Operation("get", "/openapi.json", _ABOUT, "This document", "json", page=False,
              tree=tree_of(openapi=TEXT, info={"type": "object"}, paths={"type": "object"})),
    Operation("get", "/healthz", _ABOUT, "Whether the server lives", "json", page=False, conditional="never",
              tree=tree_of(status={"const": "ok"})),
    Operation("get", "/readyz", _ABOUT, "Whether a question would be answered now, and from which revision", "json", page=False,
              conditional="never",
              tree=tree_of(status={"const": "ready"}, revision=INTEGER, made=WHEN,
                         read_from={"enum": ["disk", "memory", "another store"]}),
              unready=tree_of(status={"const": "not ready"}, reason=TEXT)),
)
