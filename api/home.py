"""Turns a first visit into a page that says what is here, and a probe into a sign of life."""

from flask import Blueprint, Response, jsonify

from api import conditional, errors, fields, linked
from api.answers import accepted_language, choose, inquiry, say_in
from api.entrance import entrance, is_counted
from api.memory import remembered
from api.path_choices import is_offered, offered
from api.queries import example
from api.taking import citable, page
from kg.catalogue import AREAS
from kg.errors import ParkgError
from kg.names import compact

blueprint = Blueprint("home", __name__)

MOST_COUNTED = 200  # experiences; of more, what is slow to count is shown once it has been counted, and nobody waits for it
MOST_LISTED = 20
MOST_PRODUCTS = 100  # of more than these nobody chooses from a list
# Of each area the question that is shown, where the catalogue has it; else its first.
FIRST_QUESTIONS = ("list_entry_ways", "find_paths", "list_public_private_cases", "list_recurring_factors", "list_products",
                   "list_projects", "list_risks", "list_discrepancies", "list_missing_conditions", "list_terms")
_LISTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("ways", "list_entry_ways", {}), ("tools", "list_tools_by_phase", {}), ("experiences", "list_experiences", {}),
    ("documents", "list_things", {"class": "par:Document"}))


@blueprint.get("/")
def home() -> Response:
    """Say what is here and how to ask."""
    format = choose(citable(), page=True)
    fields.refuse_others("/", fields.OF_PAGE)
    language = accepted_language()
    table = remembered(inquiry().bound("count_things", {}))
    counts = {compact(row[0].text): row[2].text for row in table.rows if row[0] and row[2]}
    whole = int(counts.get("par:SystematizedExperience", 0)) <= MOST_COUNTED or (is_counted(language) and is_offered(language))
    conditional.check(format.type, language if whole else f"{language}, uncounted")
    things = {type: remembered(inquiry().bound(name, {"language": language, **given})).rows
              if given.get("class") in (None, *counts) else [] for type, name, given in _LISTS}
    countries = len({row[2].text for row in things["experiences"] if row[2]})
    title = say_in(language)("How small producers reach a market", "Cómo llegan los pequeños productores al mercado")
    return page("home.html", title, linked=linked.site(inquiry().revision(), language), counts=counts,
                cube=entrance(language, shaded=whole), things=things, queries=inquiry().catalogue.all(), example=example,
                areas=AREAS, countries=countries, most=MOST_LISTED, first_questions=FIRST_QUESTIONS,
                most_products=MOST_PRODUCTS, products=list(offered(language)["product"].own.values()) if whole else [])


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
