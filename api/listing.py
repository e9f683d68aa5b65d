"""Turns a kind of things, such as tool, into the list of them: as a page, and as data."""

from flask import Blueprint, Response, redirect
from werkzeug.exceptions import NotFound

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry, say_in
from api.as_data import answered
from api.kinds import class_of, kinds_in
from api.memory import remembered
from api.negotiation import GRAPHS, PAGES, RESULTS
from api.paging import FIELDS, page_asked_for
from api.taking import citable, page

blueprint = Blueprint("listing", __name__)


@blueprint.get("/id")
def kinds() -> Response:
    """Lead to the classes, each with how many things are of it."""
    return redirect("/queries/count_things", 303)  # type: ignore[return-value]


@blueprint.get("/graph")
def graphs() -> Response:
    """Lead to the list of the named graphs."""
    return redirect("/queries/list_things?class=par:NamedGraph", 303)  # type: ignore[return-value]


@blueprint.get("/id/<kind>")
def things(kind: str) -> Response:
    """List the things of a kind, part by part, those of a part by their names."""
    format = choose((*RESULTS, *GRAPHS, *citable()), page=True)
    of_class = class_of(kind)
    if not of_class:
        raise NotFound(f"There is no list of a kind {kind}. Kinds are called after their classes, such as quality-scheme; /id "
                       "leads to the classes. A thing stands at its kind and its key, such as /id/tool/financing.")
    fields.refuse_others(f"/id/{kind}", (*FIELDS, *fields.OF_PAGE))
    language = accepted_language()
    conditional.check(format.type, language)
    given = {"class": of_class, "language": language}
    if format not in PAGES:
        return answered("list_things", given, format, kind)
    text, part = page_asked_for(inquiry().bound("list_things", given), always=True)
    rows = [(label.text, thing.text) for _, label, thing in remembered(text).rows if label and thing]
    named = kinds_in(language).get(kind, kind)
    shown = page("listing.html", named[:1].upper() + named[1:], [(say_in(language)("What is in it", "Qué contiene"), "/about")],
                 kind=kind, of_class=of_class, part=part, question=inquiry().catalogue.get("list_things").path(given),
                 things=sorted(rows, key=lambda row: (row[0].casefold(), row[1])))
    return part.told(shown) if part else shown
