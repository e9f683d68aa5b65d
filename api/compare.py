"""Turns two to six cases into a table of what each states, property by property: ``/compare``."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, request

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry, names_in, respond, say_in
from api.as_data import given_as, is_graph
from api.memory import remembered
from api.negotiation import GRAPHS, PAGE, PAGES, RESULTS, Format
from api.said import expect_in
from api.side_by_side import LEAST, MOST, View, compared
from api.taking import citable, page
from kg.errors import ParameterInvalid
from kg.inquire import Table
from kg.rows import term_of
from kg.store.sparql import held
from kg.words import folded

blueprint = Blueprint("compare", __name__)

MOST_OFFERED = 60
_QUESTION = "list_case_comparison"
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
_FIELDS = ("case", "property", "only", "states", "words", *fields.OF_PAGE)
_ONLY = ("", "differences", "shared")

Offered = list[tuple[str, str, str]]


@blueprint.get("/compare")
def compare() -> Response:
    """Put two to six cases side by side; with fewer or more of them say what to choose."""
    format = choose((*RESULTS, *GRAPHS, *citable()), page=True)
    fields.refuse_others("/compare", _FIELDS)
    language = accepted_language()
    conditional.check(format.type, language)
    named = [case.strip().removeprefix("/").removeprefix("id/") for case in request.args.getlist("case") if case]
    cases = list(dict.fromkeys(named))
    only = fields.once("only")
    if only not in _ONLY:
        raise ParameterInvalid(f"only={only} will not do: differences or shared is expected.",
                               f"only={only} no sirve: se espera differences o shared.")
    for case in cases if len(cases) <= MOST else ():
        inquiry().meant("list_participants", {"case": case})  # one that is not there is told as that
    fault = _fault(cases, format == PAGE)
    if any(fault) and format != PAGE:
        raise ParameterInvalid(*fault)
    if any(fault) or not cases:
        shown = _page(View(cases, []), say_in(language)(*fault), language)
        shown.status_code = 422 if any(fault) else 200
        return shown
    given = {**dict(zip(_PLACES, cases, strict=False)), "language": language}
    text = inquiry().bound(_QUESTION, given)
    table = inquiry().table(text)
    view = View(cases, compared(table), only, [name for name in request.args.getlist("property") if name], fields.once("states"))
    if format not in PAGES:
        return _data(given, text, format, view.left_of(table), view)
    expect_in(table)
    return _page(view, "", language, table, inquiry().catalogue.get(_QUESTION).path(given))


def _fault(cases: Sequence[str], on_page: bool) -> tuple[str, str]:
    """Return why these cannot be compared, in English and in Spanish; nothing where they can, or a page is to offer some."""
    if len(cases) > MOST:
        return (f"{len(cases)} cases do not fit side by side: keep at most {MOST}.",
                f"{len(cases)} casos no caben lado a lado: deje {MOST} como máximo.")
    if cases and len(cases) < LEAST:
        return ("One case has nothing beside it yet: choose at least one more.",
                "Un solo caso no tiene con qué compararse: elija al menos uno más.")
    if not cases and not on_page:
        return ("Name two to six cases, as in case=experience/ketal&case=experience/gustu.",
                "Nombre de dos a seis casos, como en case=experience/ketal&case=experience/gustu.")
    return "", ""


def _data(given: Mapping[str, str], text: str, format: Format, left: Table, view: View) -> Response:
    """Return what is shown of a comparison as data."""
    if is_graph(format):
        return given_as(left, format, f"queries/{_QUESTION}", [*given.items(), *view.asked()[len(view.cases):]])
    if view != View(view.cases, view.found):
        columns = [at for at, column in enumerate(left.columns) if column.endswith("_label") or column in ("number", "case")]
        rows = dict.fromkeys(tuple(term_of(cell) if (cell := row[at]) else None for at in columns) for row in left.rows)
        text = held(text, [left.columns[at] for at in columns], rows)
    return respond(inquiry().answer(text, format.key), format, "comparison")


def _page(view: View, fault: str, language: str, table: Table | None = None, question: str = "") -> Response:
    labels = inquiry().labels({iri for _, iri in view.all_columns}, language)
    offered, more = _offered(view.cases, language)
    compared = ", ".join(labels.get(iri, case) for case, iri in view.all_columns)
    title = say_in(language)("Comparison", "Comparación")
    return page("compare.html", f"{title}: {compared}" if compared else title, bare=not question, view=view,
                all_rows=_address(View(view.cases, [])), labels=labels, fault=fault, offered=offered, more=more,
                words=fields.once("words"), question=question, names=names_in(table, language) if table else {})


def _offered(cases: Sequence[str], language: str) -> tuple[Offered, int]:
    """Return the experiences and projects that can be chosen, those that are first, and how many more there are.

    Each is its path, its name and its country; with words only those that have them.
    """
    rows: Offered = []
    for kind, name in (("experience", "list_experiences"), ("project", "list_projects")):
        table = remembered(inquiry().bound(name, {"language": language}))
        at = {column: number for number, column in enumerate(table.columns)}
        for row in table.rows:
            texts = [getattr(row[at[column]], "text", "") for column in (kind, f"{kind}_label", "country_label")]
            rows.append((f"{kind}/{texts[0].rpartition('/')[2]}", texts[1], texts[2]))
    words = folded(fields.once("words")).split()
    kept = [row for row in rows if row[0] not in cases and all(word in folded(" ".join(row)) for word in words)]
    first = [row for row in rows if row[0] in cases]
    return first + kept[:MOST_OFFERED], max(0, len(kept) - MOST_OFFERED)


def _address(view: View) -> str:
    return "/compare?" + fields.encoded(view.asked())
