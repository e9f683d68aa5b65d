"""Turns the catalogue into paths: the list of it, and each query with its parameters in the address."""

import time
from collections.abc import Mapping
from contextlib import suppress

from flask import Blueprint, Response, jsonify, request

from api import conditional, fields
from api.answers import accepted_language, by_suffix, choose, inquiry, names_in, say_in
from api.as_data import answered
from api.error_texts import advice_on
from api.negotiation import GRAPHS, JSON, PAGE, PAGES, RESULTS, Format
from api.paging import page_asked_for
from api.said import expect_in
from api.snippets import snippets
from api.taking import citable, page, suffixed
from kg.catalogue import AREAS, RESERVED, Query
from kg.errors import ParameterInvalid
from kg.parameters import Parameter

blueprint = Blueprint("queries", __name__)

FORMATS = RESULTS + GRAPHS
_FILTERS = ("area", "about", "words")
_SHOWN_IN_A_CHOICE = 500


@blueprint.get("/queries")
def catalogue() -> Response:
    """List the catalogue, or the queries of an area, about a thing or with words in them; each with how to ask it."""
    format = choose((*JSON, *citable()), page=True)
    language = accepted_language() if format in PAGES or fields.once("language") else ""
    conditional.check(format.type, language if format in PAGES else "")
    entries = _entries(language if format in PAGES else "")
    if format in PAGES:
        return page("queries.html", say_in(language)("Questions", "Preguntas"), entries=entries, areas=AREAS, given=request.args)
    return jsonify([{
        "name": q.name, "title": q.title, "area": q.area, "question": {"en": q.question, "es": q.question_es},
        "example": example(q), "ask": address,
        "parameters": [{"name": p.name, "type": p.type, "default": p.default, "meaning": p.meaning} for p in q.parameters],
        "columns": [{"name": c.name, "type": c.type, "unit": c.unit, "meaning": c.meaning} for c in q.columns],
    } for q, address in entries])


def _entries(language: str) -> list[tuple[Query, str]]:
    """Return the queries that the fields leave, each with the path that asks it; language: of the page, if it is one."""
    fields.refuse_others("/queries", (*_FILTERS, *fields.OF_PAGE))
    found = [(query, example(query, language)) for query in inquiry().catalogue.all()]
    if about := request.args.get("about", ""):
        found = [(query, query.path({parameter: about})) for query, parameter in inquiry().about(about)]
    if area := request.args.get("area", ""):
        kept = inquiry().catalogue.of_area(area)
        found = [entry for entry in found if entry[0] in kept]
    if words := request.args.get("words", ""):
        kept = inquiry().catalogue.matching(words)
        found = [entry for entry in found if entry[0] in kept]
    return found


@blueprint.get("/queries/<name>")
def query(name: str) -> Response:
    """Ask a query of the catalogue; ``.csv`` and the like after the name choose the format."""
    stem, _, suffix = name.partition(".")
    entry = inquiry().catalogue.get(stem)
    format = by_suffix(suffix, (*FORMATS, *citable()), f"/queries/{stem}")
    given = {key: value for key, value in request.args.items() if key not in RESERVED and value}
    by_language = any(p.name == "language" for p in entry.parameters)
    language = accepted_language() if by_language or format in PAGES else ""
    conditional.check(format.type, language, weak=format == PAGE)  # a page tells how long it took
    if by_language:
        given.setdefault("language", language)
    if format in PAGES:
        return _page(entry, given, language, format)
    return answered(stem, given, format)


def _page(entry: Query, given: Mapping[str, str], language: str, format: Format) -> Response:
    needed = [p.name for p in entry.parameters if p.default == "required" and p.name not in given]
    text, table, part, fault, advice, status, about = entry.sparql, None, None, "", None, 200, list[str]()
    started = time.monotonic()
    if not needed or set(given) - {"language"}:
        try:
            meant = inquiry().meant(entry.name, given)
            text, about = entry.bound(meant), list(meant.values())
            asked, part = page_asked_for(text, always=True)
            table = inquiry().table(asked)
            expect_in(table)
        except ParameterInvalid as error:
            if format != PAGE:
                raise
            fault, advice, status = str(error), advice_on(error, 422), 422
    say = say_in(language)
    response = page("query.html", say(entry.title, entry.question_es), [(say("Questions", "Preguntas"), "/queries")],
                    by=given, bare=not table, about=about, query=entry, given=given, table=table, part=part, fault=fault,
                    advice=advice, text=text, seconds=time.monotonic() - started, example=example(entry, language),
                    snippets=snippets(request.url_root.rstrip("/") + suffixed(entry.path(given), "csv"), entry.name, given),
                    choices={p.name: _choices(p, language) for p in entry.parameters},
                    meanings={c.name: c.told(language)[1] for c in entry.columns},
                    names=names_in(table, given.get("language", language)) if table else {})
    response.status_code = status
    return part.told(response) if part else response


def _choices(parameter: Parameter, language: str) -> list[tuple[str, str]]:
    """Return the values that a form offers for a parameter, as key and name; none for one that is typed in."""
    if parameter.kind == "language":
        return [("en", "English"), ("es", "Español")]
    rows = []
    with suppress(ParameterInvalid):  # in a graph that knows no such class there is nothing to offer
        if parameter.of_class:
            rows = inquiry().table(inquiry().bound("list_things", {"class": parameter.of_class, "language": language})).rows
        elif parameter.of_property:
            rows = inquiry().table(inquiry().bound("list_values", {"property": parameter.of_property, "language": language})).rows
    choices = sorted(((row[0].text, row[1].text) for row in rows if row[0] and row[1]), key=lambda choice: choice[1])
    return choices if len(choices) <= _SHOWN_IN_A_CHOICE else []


def example(entry: Query, language: str = "") -> str:
    """Return the path that asks a query with its example values; of a page in the language of that, if the query has one."""
    return entry.path({**entry.example, **({"language": language} if language and "language" in entry.example else {})})
