"""Turns the IRI of a thing, a graph or the ontology into what is stated of it: RDF for programs, a page for people."""

from flask import Blueprint, Response, redirect, render_template
from werkzeug.exceptions import NotFound

from api.answers import GRAPH_TYPES, SUFFIXES, accepted_language, by_suffix, inquiry, local, respond, shown
from kg.inquire import Cell, Table
from kg.names import BASE, KIND_OF_CLASS, ONTOLOGY, ONTOLOGY_GRAPH, PREFIXES, RDF_TYPE, RDFS_LABEL, SKOS_DEFINITION
from kg.store.rdf import NamedNode
from kg.store.sparql import bind

blueprint = Blueprint("things", __name__)

_DESCRIBED = """CONSTRUCT { ?thing ?p ?o . ?s ?q ?thing }
WHERE { { ?thing ?p ?o } UNION { ?s ?q ?thing } }"""
_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?thing { ?s ?p ?o } }"
_MODULE = "CONSTRUCT { ?thing ?p ?o . ?term ?q ?v } WHERE { { ?thing ?p ?o } UNION { ?term ?defined ?thing ; ?q ?v } }"
_STATED = "ASK { { ?thing ?p ?o } UNION { GRAPH ?thing { ?s ?p ?o } } }"


@blueprint.get("/id/<path:path>")
def thing(path: str) -> Response:
    """Describe a thing: every statement of it, and statements that name it."""
    return _describe("id/", path, _DESCRIBED)


@blueprint.get("/graph/<path:path>")
def graph(path: str) -> Response:
    """Give everything that a named graph holds; its page describes the graph."""
    return _describe("graph/", path, _GRAPH)


@blueprint.get("/id/<kind>")
def kind(kind: str) -> Response:
    """Lead from a kind to the list of its things."""
    for name, known in KIND_OF_CLASS.items():
        if known == kind:
            return redirect(f"/queries/list_things?class={name}", 303)  # type: ignore[return-value]
    raise NotFound(f"There is no kind {kind}. Kinds are {', '.join(sorted(KIND_OF_CLASS.values()))}.")


@blueprint.get("/ontology")
@blueprint.get("/ontology.<suffix>")
def ontology(suffix: str = "") -> Response:
    """Give the ontology; its page lists every term."""
    return _terms("", suffix, bind(_GRAPH, {"thing": NamedNode(ONTOLOGY_GRAPH)}))


@blueprint.get("/ontology/<name>")
def module(name: str) -> Response:
    """Give the terms of one module of the ontology."""
    stem, _, suffix = name.partition(".")
    try:
        node = NamedNode(f"{ONTOLOGY}/{stem}")
    except ValueError:
        raise NotFound(f"/ontology/{stem} is not the path of a module.") from None
    if not _holds(_STATED, node):
        raise NotFound(f"There is no module {stem}; /ontology lists every term with its module.")
    return _terms(node.value, suffix, bind(_MODULE, {"thing": node}))


def _terms(module: str, suffix: str, query: str) -> Response:
    format = by_suffix(suffix, GRAPH_TYPES)
    if format != "html":
        return respond(inquiry().answer(query, format), GRAPH_TYPES[format])
    given = {"module": module} if module else {}
    english, spanish = (inquiry().table(inquiry().bound("list_terms", {**given, "language": code})) for code in ("en", "es"))
    in_spanish = {row[0]: row for row in spanish.rows}
    terms = [(row, in_spanish.get(row[0], row)) for row in english.rows]
    return Response(render_template("ontology.html", terms=terms, shown=shown, local=local, iri=module or ONTOLOGY,
                                    namespace=PREFIXES["par"]))


def _describe(folder: str, path: str, query: str) -> Response:
    stem, dot, suffix = path.rpartition(".")
    if not dot or SUFFIXES.get(suffix) not in GRAPH_TYPES:
        stem, suffix = path, ""
    try:
        node = NamedNode(BASE + folder + stem)
    except ValueError:
        raise NotFound(f"/{folder}{stem} is not the path of a thing.") from None
    if not _holds(_STATED, node):
        raise NotFound(f"Nothing is stated of /{folder}{stem}. /queries/list_things?class=par:Tool lists the tools, and so "
                       "for other classes; /ontology lists the classes.")
    format = by_suffix(suffix, GRAPH_TYPES)
    if format != "html":
        return respond(inquiry().answer(bind(query, {"thing": node}), format), GRAPH_TYPES[format])
    language = accepted_language()
    asked = {"thing": node.value, "language": language}
    statements = inquiry().table(inquiry().bound("find_statements", asked))
    statements.rows.sort(key=_interest)
    mentions = inquiry().table(inquiry().bound("find_mentions", asked))
    held = inquiry().table(inquiry().bound("list_graph_statements", {"graph": node.value, "language": language}))
    page = render_template("thing.html", title=_title(statements, language) or stem, iri=node.value, path=f"/{folder}{stem}",
                           statements=statements, mentions=mentions, held=held, language=language, local=local, shown=shown)
    return Response(page)


def _holds(ask: str, node: NamedNode) -> bool:
    return inquiry().table(bind(ask, {"thing": node})).rows[0][0] == Cell("true")


def _interest(row: list[Cell | None]) -> int:
    """Return the place of a statement on a page: what a thing is called and means first, types last."""
    property = row[0].text if row[0] else ""
    if property == RDF_TYPE:
        return 3
    return 0 if property in (RDFS_LABEL, SKOS_DEFINITION) else 1 if property.startswith(PREFIXES["par"]) else 2


def _title(statements: Table, language: str) -> str:
    for row in statements.rows:
        if row[0] and row[2] and row[0].text == RDFS_LABEL and row[2].language == language:
            return row[2].text
    return ""
