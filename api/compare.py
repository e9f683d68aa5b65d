"""Turns two to six cases into a table of what each states, property by property: ``/compare``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry, names_in, respond, say_in
from api.memory import remembered
from api.negotiation import CITATIONS, GRAPHS, PAGE, RESULTS, Format
from api.revisions import citation_of
from api.side_by_side import View, cases_compared, projects_compared
from kg.citation import Citation, cite
from kg.errors import ParameterInvalid
from kg.inquire import Table
from kg.names import BASE
from kg.rows import as_graph, term_of
from kg.store.sparql import held
from kg.store.written import write_graph
from kg.words import folded

blueprint = Blueprint("compare", __name__)

LEAST, MOST = 2, 6
MOST_OFFERED = 60
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
_FIELDS = ("case", "property", "only", "states", "words", "revision", "language", "format")
_ONLY = ("", "differences", "shared")

Offered = list[tuple[str, str, str]]


@blueprint.get("/compare")
def compare() -> Response:
    """Put two to six cases side by side; with fewer or more of them say what to choose."""
    format = choose((*RESULTS, *GRAPHS, *CITATIONS), page=True)
    fields.refuse_others("/compare", _FIELDS)
    language = accepted_language()
    conditional.check(format.type, language)
    say = say_in(language)
    named = [case.strip().removeprefix("/").removeprefix("id/") for case in request.args.getlist("case") if case]
    cases = list(dict.fromkeys(named))
    only = fields.once("only")
    if only not in _ONLY:
        raise ParameterInvalid(f"only={only} will not do: differences or shared is expected.")
    fault = ""
    if cases and len(cases) < LEAST:
        fault = say("One case has nothing beside it yet: choose at least one more.",
                    "Un solo caso no tiene con qué compararse: elija al menos uno más.")
    elif len(cases) > MOST:
        fault = say(f"{len(cases)} cases do not fit side by side: keep at most {MOST}.",
                    f"{len(cases)} casos no caben lado a lado: deje {MOST} como máximo.")
    if not cases and format != PAGE:
        fault = say("Name two to six cases, as in case=experience/ketal&case=experience/gustu.",
                    "Nombre de dos a seis casos, como en case=experience/ketal&case=experience/gustu.")
    if fault and format != PAGE:
        raise ParameterInvalid(fault)
    if fault or not cases:
        return Response(_page(View(cases, []), fault, language), 422 if fault else 200)
    name, given = _question(cases, language)
    text = inquiry().bound(name, given)
    table = inquiry().table(text)
    found = (projects_compared if name == "list_project_comparison" else cases_compared)(table)
    view = View(cases, found, only, [name for name in request.args.getlist("property") if name], fields.once("states"))
    if format in CITATIONS:
        return respond(cite(_citation(view, language), format.key).encode(), format)
    if format != PAGE:
        return _data(name, given, text, format, view.left_of(table), view)
    return Response(_page(view, "", language, table, inquiry().catalogue.get(name).path(given)))


def _question(cases: Sequence[str], language: str) -> tuple[str, dict[str, str]]:
    """Return the query that compares cases, with its parameters: projects by their figures, others by what they state."""
    projects = [case for case in cases if case.startswith("project/")]
    name = "list_project_comparison" if len(projects) == len(cases) else "list_case_comparison"
    return name, {**dict(zip(_PLACES, cases, strict=False)), "language": language}


def _data(name: str, given: Mapping[str, str], text: str, format: Format, left: Table, view: View) -> Response:
    """Return what is shown of a comparison as data."""
    if format.key in {one.key for one in GRAPHS}:
        asked = urlencode(sorted(given.items()) + view.asked()[len(view.cases):], safe="/:")
        return respond(write_graph(as_graph(name, asked, left, 1), format.key), format)
    if view != View(view.cases, view.found):
        columns = [at for at, column in enumerate(left.columns) if column.endswith("_label") or column in ("case", "project")]
        rows = dict.fromkeys(tuple(term_of(cell) if (cell := row[at]) else None for at in columns) for row in left.rows)
        text = held(text, [left.columns[at] for at in columns], rows)
    return respond(inquiry().answer(text, format.key), format, "comparison")


def _page(view: View, fault: str, language: str, table: Table | None = None, question: str = "") -> str:
    labels = inquiry().labels({iri for _, iri in view.all_columns}, language)
    offered, more = _offered(view.cases, language)
    revision, cited = inquiry().revision().number, fields.once("revision")
    citation = _citation(view, language) if question else None
    return render_template("compare.html", view=view, bare=View(view.cases, []), labels=labels, fault=fault,
                           offered=offered, more=more, words=fields.once("words"), address=_address, question=question,
                           citation=citation, cite=cite, most=MOST, least=LEAST, revision=revision,
                           passages=names_in(table, language) if table else {},
                           cited=int(cited) if cited.isascii() and cited.isdigit() and 0 < int(cited) < revision else 0)


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


def _address(view: View, **more: str) -> str:
    return "/compare?" + urlencode([*view.asked(), *more.items()], safe="/:")


def _citation(view: View, language: str) -> Citation:
    """Return what a citation of a comparison says, as of the revision that is served, which its address names."""
    revision = inquiry().revision()
    say, whole = say_in(language), citation_of(revision, language)
    labels = inquiry().labels({iri for _, iri in view.all_columns}, language)
    title = say("Comparison: ", "Comparación: ") + ", ".join(labels.get(iri, case) for case, iri in view.all_columns)
    path = _address(view, revision=str(revision.number))[1:]
    return replace(whole, title=title, within=whole.title, iri=BASE + path, address=request.url_root + path)
