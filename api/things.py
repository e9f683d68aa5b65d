"""Turns the IRI of a thing, a graph or the ontology into what is stated of it: RDF for programs, a page for people."""

from collections.abc import Mapping

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from api import conditional, fields, taking, thing_page, versions
from api.answers import accepted_language, by_suffix, choose, inquiry, respond, say_in, with_links
from api.grouped import phases, risks
from api.kinds import class_of
from api.memory import remembered
from api.negotiation import GRAPHS, LINKED_JSON, PAGE, PAGES, QUADS, SHOWN, Format
from api.neighbours import PAGE_SIZE, Neighbours, neighbours_of
from api.terms import modules_of
from kg.inquire import Cell, Table
from kg.names import BASE, GRAPH, ONTOLOGY, ONTOLOGY_GRAPH, PREFIXES, path_of
from kg.store.context import own_context
from kg.store.rdf import Literal, NamedNode
from kg.store.sparql import bind, page_of

blueprint = Blueprint("things", __name__)

FORMATS = GRAPHS + QUADS
_FIELDS = ("page", "version", *fields.OF_PAGE)
_SAID = SHOWN[:2]  # after RDF: whoever accepts any JSON gets what is stated

_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?thing { ?s ?p ?o } }"
_GRAPH_AS_QUADS = "SELECT ?s ?p ?o ?graph WHERE { BIND(?thing AS ?graph) GRAPH ?thing { ?s ?p ?o } }"
_STATED = "ASK { ?thing ?p ?o }"
_IN_MODULE = "{ ?thing ?p ?o BIND(?thing AS ?s) } UNION { ?s ?defined ?thing ; ?p ?o }"
_MODULE = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_IN_MODULE} }} ORDER BY ?s ?p ?o"
_MODULE_AS_QUADS = f"""SELECT ?s ?p ?o ?graph WHERE {{ {_IN_MODULE} GRAPH ?graph {{ ?s ?p ?o }}
FILTER(STRSTARTS(STR(?graph), ?public)) }} ORDER BY ?graph ?s ?p ?o"""


@blueprint.get("/id/<path:path>")
def thing(path: str) -> Response:
    """Describe a thing: statements of it, and statements that name it, page by page."""
    return _describe("id/", path)


@blueprint.get("/graph/<path:path>")
def graph(path: str) -> Response:
    """Give everything that a named graph holds; its page describes the graph."""
    return _describe("graph/", path)


@blueprint.get("/ontology")
@blueprint.get("/ontology.<suffix>")
def ontology(suffix: str = "") -> Response:
    """Give the ontology; its page lists every term."""
    whole = {"thing": NamedNode(ONTOLOGY_GRAPH)}
    return _terms("", suffix, "/ontology", bind(_GRAPH, whole), bind(_GRAPH_AS_QUADS, whole))


@blueprint.get("/ontology/<name>")
def module(name: str) -> Response:
    """Give the terms of one module of the ontology."""
    stem, _, suffix = name.partition(".")
    try:
        node = NamedNode(f"{ONTOLOGY}/{stem}")
    except ValueError:
        raise NotFound(f"/ontology/{stem} is not the path of a module.") from None
    if inquiry().table(bind(_STATED, {"thing": node})).rows[0][0] != Cell("true"):
        raise NotFound(f"There is no module {stem}; /ontology lists every term with its module.")
    values: dict[str, NamedNode | Literal] = {"thing": node, "public": Literal(GRAPH)}
    return _terms(node.value, suffix, f"/ontology/{stem}", bind(_MODULE, values), bind(_MODULE_AS_QUADS, values))


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Give the JSON-LD context by which the terms are written as plain names."""
    format = choose((LINKED_JSON,), page=False)
    conditional.check(format.type, own_context())
    return respond(own_context().encode(), format)


def _terms(module: str, suffix: str, stem: str, query: str, as_quads: str) -> Response:
    fields.refuse_others(stem, fields.OF_PAGE)
    format = by_suffix(suffix, (*FORMATS, *taking.citable()), stem)
    if format not in PAGES:
        return _given(format, query, as_quads)
    language = accepted_language()
    conditional.check(format.type, language)
    modules, title = modules_of(module, language), say_in(language)("Ontology", "Ontología")
    name = modules[0].title if modules else module.rpartition("/")[2]
    return taking.page("ontology.html", f"{title}: {name}" if module else title, [(title, "/ontology")] if module else [],
                       modules=modules, iri=module or ONTOLOGY, namespace=PREFIXES["par"])


def _describe(folder: str, path: str) -> Response:
    stem, dot, suffix = path.rpartition(".")
    offered = (*_forms_in(folder), *taking.citable())
    if not dot or suffix not in {format.suffix for format in (*offered, PAGE)}:
        stem, suffix = path, ""
    address = f"/{folder}{stem}"
    fields.refuse_others(address, _FIELDS)
    if folder == "id/" and (instead := versions.instead_of(stem, suffix)):
        return instead
    try:
        node = NamedNode(BASE + folder + stem)
    except ValueError:
        raise NotFound(f"{address} is not the path of a thing.") from None
    found = neighbours_of(node)
    if not _is_there(found):
        raise _nothing_stated(folder, stem)
    format = by_suffix(suffix, offered, address)
    if format in PAGES:
        return page(found, stem, address, format)
    if format in _SAID:
        language = accepted_language()
        conditional.check(format.type, language)
        return thing_page.told_as_data(found, stem, format, language)
    if folder == "graph/":
        return _given(format, bind(_GRAPH, {"thing": node}), bind(_GRAPH_AS_QUADS, {"thing": node}))
    return _given(format, found.graph(), found.quads(), found.links())


def _forms_in(folder: str) -> tuple[Format, ...]:
    """Return the forms in which what stands in a folder is given: RDF, and of a thing what its page says as well."""
    return (*FORMATS, *_SAID) if folder == "id/" else FORMATS


def _nothing_stated(folder: str, stem: str) -> NotFound:
    """Return the refusal of a path: its ending is no format's, or the thing is not there, and where to look for one that is."""
    whole, dot, suffix = stem.rpartition(".")
    if dot and _is_there(neighbours_of(NamedNode(BASE + folder + whole))):
        return NotFound(f".{suffix} is not a form that this is given in. There is: "
                        + ", ".join(f".{format.suffix}" for format in (*_forms_in(folder), PAGE)) + ".")
    kind = stem.partition("/")[0]
    around = f"/id/{kind}" if folder == "id/" and class_of(kind) else "/" + folder.rstrip("/")
    return NotFound(f"Nothing is stated of /{folder}{stem}. {around} leads to the list of what is there; /search finds things by "
                    "their words.")


def _is_there(found: Neighbours) -> bool:
    return bool(found.out + found.into + found.held)


def _given(format: Format, query: str, as_quads: str, links: Mapping[str, str] | None = None) -> Response:
    """Answer in a format: where it has graphs, each statement in those that make it.

    links: of a description, whose statements are in order; those of a graph are in whatever order they are read.
    """
    conditional.check(format.type, weak=links is None)
    response = respond(inquiry().answer(as_quads if format in QUADS else query, format.key), format)
    return with_links(response, links or {})


def page(found: Neighbours, stem: str, path: str, format: Format = PAGE) -> Response:
    """Return the page of a thing or a graph, of which something is stated, or its citation in a format.

    path: its address when it is published.
    """
    language = accepted_language()
    conditional.check(format.type, language)
    whole = inquiry().bound("list_graph_statements", {"graph": found.thing.value, "language": language}) if found.held else ""
    held = remembered(page_of(whole, PAGE_SIZE, 0)) if whole else Table([], [])
    history = versions.history_of(stem) if path.startswith("/id/") else None
    told = thing_page.told(found, stem, path, language)
    kind = path.split("/")[2] if path.startswith("/id/") else ""
    listed = "/graph" if not kind else f"/id/{kind}" if class_of(kind) else ""
    above = told.within or [(name, listed) for _, name in told.kinds[:1]]
    standing = versions.standing(history) if history else 0
    citation = versions.citation_of(history, history.version(standing), language) if history and standing else None
    shown = taking.page("thing.html", told.title, above, citation, told.linked, path=path, found=found, held=held,
                        why=thing_page.why, this=Cell(found.thing.value, "uri"), history=history, standing=standing,
                        told=told, asked_about=path_of(found.thing.value), phases=phases, risks=risks)
    return with_links(shown, found.links())
