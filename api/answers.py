"""Turns what a client accepts into the format that it gets, and answers into pages that show them."""

from typing import cast

from flask import Response, current_app, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable, NotFound

from kg.inquire import Cell, Inquiry
from kg.names import BASE, compact

HTML = "text/html"
RESULT_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPH_TYPES = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}
SUFFIXES = {"ttl": "turtle", "nt": "ntriples", "jsonld": "jsonld", "rdf": "rdfxml",
            "csv": "csv", "tsv": "tsv", "json": "json", "xml": "xml"}
_ALSO = {"application/json": "application/sparql-results+json", "application/xml": "application/sparql-results+xml"}
_TEXT = ("text/", "application/sparql-results", "application/n-triples")


def inquiry() -> Inquiry:
    """Return what the application answers from."""
    return cast(Inquiry, current_app.extensions["inquiry"])


def choose(types: dict[str, str], page: bool) -> str:
    """Return the key of the format to answer in: ``html`` for a page, if there is one, or a key of ``types``.

    ``?format=`` comes before the Accept header; one that these types lack is left out of account, as clients send it for all
    forms of query alike. Raises NotAcceptable, listing what there is.
    """
    asked = request.values.get("format", "")
    if asked in types or (asked == "html" and page):
        return asked
    accepted = MIMEAccept([(type.partition(";")[0].strip(), quality) for type, quality in request.accept_mimetypes])
    offered = list(types.values()) + [alias for alias, type in _ALSO.items() if type in types.values()] + ([HTML] if page else [])
    if not accepted or accepted.best == "*/*":
        return next(iter(types))
    best = accepted.best_match(offered)
    if best == HTML:
        return "html"
    for key, type in types.items():
        if best and type in (best, _ALSO.get(best)):
            return key
    raise NotAcceptable("Nothing that the Accept header asks for can be given. There is: "
                        + ", ".join([*types.values(), *([HTML] if page else [])]) + ".")


def by_suffix(suffix: str, types: dict[str, str]) -> str:
    """Return the key of the format that a suffix names, or without one the format that the client accepts.

    Raises NotFound for a suffix that these types do not have, listing those that they have.
    """
    if not suffix:
        return choose(types, page=True)
    format = SUFFIXES.get(suffix)
    if format not in types:
        there = ", ".join(f".{name}" for name, key in SUFFIXES.items() if key in types)
        raise NotFound(f".{suffix} is not a form that this is given in. There is: {there}.")
    return format


def accepted_language() -> str:
    """Return the language that the client prefers, of those that the graph has: ``en`` or ``es``."""
    return "es" if request.accept_languages.best_match(["en", "es"]) == "es" else "en"


def respond(body: bytes, type: str, name: str = "") -> Response:
    """Return a response of a media type; a name makes browsers save CSV and TSV under it."""
    charset = "; charset=utf-8" if type.startswith(_TEXT) and "sparql-results" not in type else ""
    response = Response(body, content_type=type + charset)
    if name and type in (RESULT_TYPES["csv"], RESULT_TYPES["tsv"]):
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def local(iri: str) -> str:
    """Return the path on this server for an IRI of ours, or the IRI if it can be linked, or nothing."""
    if iri.startswith(BASE):
        path = iri.removeprefix(BASE).lstrip("/")
        return "/ontology#" + path.partition("#")[2] if path.startswith("ontology#") else "/" + path
    return iri if iri.startswith(("http://", "https://")) else ""


def shown(cell: Cell | None) -> str:
    """Return the text that a page shows for a cell."""
    if cell is None:
        return ""
    return compact(cell.text).removeprefix(BASE) if cell.kind == "uri" else cell.text
