"""Turns the IRI of a thing, a graph or the ontology into what is stated of it: RDF for programs, a page for people."""

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from api.answers import GRAPH_TYPES, SUFFIXES, choose, inquiry, local, respond, shown
from kg.inquire import Table
from kg.names import BASE, ONTOLOGY, ONTOLOGY_GRAPH, RDFS_LABEL
from kg.store.rdf import NamedNode
from kg.store.sparql import bind

blueprint = Blueprint("things", __name__)

_DESCRIBED = """CONSTRUCT { ?thing ?p ?o . ?s ?q ?thing }
WHERE { { ?thing ?p ?o } UNION { SELECT ?s ?q WHERE { ?s ?q ?thing } ORDER BY ?q ?s LIMIT 500 } }"""
_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?thing { ?s ?p ?o } }"
_STATED = "ASK { { ?thing ?p ?o } UNION { GRAPH ?thing { ?s ?p ?o } } }"


@blueprint.get("/id/<path:path>")
def thing(path: str) -> Response:
    """Describe a thing: every statement of it, and statements that name it."""
    return _describe("id/", path, _DESCRIBED)


@blueprint.get("/graph/<path:path>")
def graph(path: str) -> Response:
    """Give everything that a named graph holds; its page describes the graph."""
    return _describe("graph/", path, _GRAPH)


@blueprint.get("/ontology")
@blueprint.get("/ontology.<suffix>")
def ontology(suffix: str = "") -> Response:
    """Give the ontology; its page lists every term."""
    format = _by_suffix(suffix)
    if format == "html":
        english, spanish = (inquiry().table(inquiry().bound("list_terms", {"language": code})) for code in ("en", "es"))
        terms = zip(english.rows, spanish.rows, strict=True)
        return Response(render_template("ontology.html", terms=terms, shown=shown, iri=ONTOLOGY))
    query = bind(_GRAPH, {"thing": NamedNode(ONTOLOGY_GRAPH)})
    return respond(inquiry().answer(query, format), GRAPH_TYPES[format])


def _describe(folder: str, path: str, query: str) -> Response:
    stem, dot, suffix = path.rpartition(".")
    if not dot or SUFFIXES.get(suffix) not in GRAPH_TYPES:
        stem, suffix = path, ""
    try:
        node = NamedNode(BASE + folder + stem)
    except ValueError:
        raise NotFound(f"/{folder}{stem} is not the path of a thing.") from None
    if inquiry().table(bind(_STATED, {"thing": node})).rows[0][0].text != "true":  # type: ignore[union-attr]
        raise NotFound(f"Nothing is stated of /{folder}{stem}. /queries/list_things?class=par:Tool lists the tools, and so "
                       "for other classes; /ontology lists the classes.")
    format = _by_suffix(suffix)
    if format != "html":
        return respond(inquiry().answer(bind(query, {"thing": node}), format), GRAPH_TYPES[format])
    language = "es" if request.accept_languages.best_match(["en", "es"]) == "es" else "en"
    asked = {"thing": node.value, "language": language}
    statements = inquiry().table(inquiry().bound("find_statements", asked))
    mentions = inquiry().table(inquiry().bound("find_mentions", asked))
    page = render_template("thing.html", title=_title(statements, language) or stem, iri=node.value, path=f"/{folder}{stem}",
                           statements=statements, mentions=mentions, language=language, local=local, shown=shown)
    return Response(page)


def _by_suffix(suffix: str) -> str:
    if not suffix:
        return choose(GRAPH_TYPES, page=True)
    format = SUFFIXES.get(suffix)
    if format not in GRAPH_TYPES:
        raise NotFound(f".{suffix} is not a form that this is given in. There is: .ttl, .nt, .jsonld, .rdf.")
    return format


def _title(statements: Table, language: str) -> str:
    for row in statements.rows:
        if row[0] and row[2] and row[0].text == RDFS_LABEL and row[2].language == language:
            return row[2].text
    return ""
