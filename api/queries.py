"""Turns the catalogue into paths: the list of it, and each query with its parameters in the address."""

from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request

from api import conditional
from api.answers import accepted_language, by_suffix, choose, inquiry, local, respond, shown
from api.negotiation import PAGE, RESULTS, Format
from kg.catalogue import Query
from kg.errors import ParameterInvalid
from kg.names import KIND_OF_CLASS

blueprint = Blueprint("queries", __name__)

_LIST = (Format("json", "application/json", "json"),)


@blueprint.get("/queries")
def catalogue() -> Response:
    """List the catalogue: name, question, parameters, columns and an example of each query."""
    format = choose(_LIST, page=True)
    conditional.check(format.type)
    if format == PAGE:
        return Response(render_template("queries.html", queries=inquiry().catalogue.all(), example=example))
    return jsonify([{
        "name": q.name, "title": q.title, "question": {"en": q.question, "es": q.question_es}, "example": example(q),
        "parameters": [{"name": p.name, "type": p.type, "default": p.default, "meaning": p.meaning} for p in q.parameters],
        "columns": [{"name": c.name, "type": c.type, "unit": c.unit, "meaning": c.meaning} for c in q.columns],
    } for q in inquiry().catalogue.all()])


@blueprint.get("/queries/<name>")
def query(name: str) -> Response:
    """Ask a query of the catalogue; ``.csv`` and the like after the name choose the format."""
    stem, _, suffix = name.partition(".")
    entry = inquiry().catalogue.get(stem)
    given = {key: value for key, value in request.args.items() if key != "format" and value}
    format = by_suffix(suffix, RESULTS, f"/queries/{stem}")
    conditional.check(format.type, accepted_language() if format == PAGE else "")
    if format == PAGE:
        return _page(entry, given)
    return respond(inquiry().answer(inquiry().bound(stem, given), format.key), format, stem)


def _page(entry: Query, given: dict[str, str]) -> Response:
    needed = [p.name for p in entry.parameters if p.default == "required" and p.name not in given]
    text, table, fault, status = entry.sparql, None, "", 200
    language = given.get("language") or accepted_language()
    if not needed or given:
        try:
            text = inquiry().bound(entry.name, {**_language(entry, language), **given})
            table = inquiry().table(text)
        except ParameterInvalid as error:
            fault, status = str(error), 422
    page = render_template("query.html", query=entry, given=given, table=table, fault=fault, text=text, example=example(entry),
                           choices={p.name: _choices(p.type, language) for p in entry.parameters},
                           meanings={c.name: c.meaning for c in entry.columns}, local=local, shown=shown)
    return Response(page, status)


def _language(entry: Query, language: str) -> dict[str, str]:
    return {"language": language} if any(p.name == "language" for p in entry.parameters) else {}


def _choices(type: str, language: str) -> list[tuple[str, str]]:
    """Return the values that a form offers for a type, as key and name; none for a type that is typed in."""
    if type == "language":
        return [("en", "English"), ("es", "Español")]
    if type not in KIND_OF_CLASS:
        return []
    language = language if language in ("en", "es") else "en"
    rows = inquiry().table(inquiry().bound("list_things", {"class": type, "language": language})).rows
    return sorted(((row[0].text, row[1].text) for row in rows if row[0] and row[1]), key=lambda choice: choice[1])


def example(entry: Query) -> str:
    """Return the path that asks a query with its example values."""
    values = urlencode(entry.example, safe="/:")
    return f"/queries/{entry.name}" + (f"?{values}" if values else "")
