"""Turns a first visit into a page that says what is here, and a probe into a sign of life."""

from flask import Blueprint, Response, jsonify, render_template

from api import conditional, errors
from api.answers import accepted_language, choose, inquiry
from api.entrance import MOST_SHADED, entrance
from api.memory import remembered
from api.negotiation import PAGE
from api.queries import example
from kg.catalogue import AREAS
from kg.errors import ParkgError
from kg.names import compact

blueprint = Blueprint("home", __name__)

MOST_EXPERIENCES = 20
_LISTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("ways", "list_entry_ways", {}), ("tools", "list_tools_by_phase", {}), ("experiences", "list_experiences", {}),
    ("documents", "list_things", {"class": "par:Document"}))


@blueprint.get("/")
def home() -> Response:
    """Say what is here and how to ask."""
    choose((), page=True)
    conditional.check(PAGE.type, accepted_language())
    table = remembered(inquiry().bound("count_things", {}))
    counts = {compact(row[0].text): row[2].text for row in table.rows if row[0] and row[2]}
    things = {type: remembered(inquiry().bound(name, {"language": accepted_language(), **given})).rows
              for type, name, given in _LISTS if given.get("class") in (None, *counts)}
    queries = inquiry().catalogue.all()
    countries = len({row[2].text for row in things["experiences"] if row[2]})
    small = int(counts.get("par:SystematizedExperience", 0)) <= MOST_SHADED
    return Response(render_template(
        "home.html", counts=counts, cube=entrance(accepted_language(), shaded=small), things=things, queries=queries,
        example=example, areas=AREAS, countries=countries, most=MOST_EXPERIENCES))


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the server lives, and asks nobody for it; in JSON whatever is accepted, since probes ask for anything."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Say whether a question would be answered now, and from which revision; or why not."""
    try:
        revision = inquiry().revision()
        inquiry().answer("ASK { ?s a ?class }", "json")
    except ParkgError as error:
        reason = errors.NOT_TOLD.get(type(error)) or str(error)
        response = jsonify(status="not ready", reason=reason)
        response.headers["Retry-After"] = str(errors.RETRY_AFTER_S)
        return response, 503
    return jsonify(status="ready", revision=revision.number, made=revision.made, read_from=inquiry().read_from()), 200
