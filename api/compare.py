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
from api.side_by_side import Property, cases_compared, projects_compared
from kg.citation import Citation, cite
from kg.errors import ParameterInvalid
from kg.inquire import Table
from kg.names import thing_iri
from kg.rows import as_graph
from kg.store.written import write_graph
from kg.words import folded

blueprint = Blueprint("compare", __name__)

LEAST, MOST = 2, 6
MOST_OFFERED = 60
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
_FIELDS = ("case", "property", "only", "states", "words", "language", "format")
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
        return Response(_page(cases, only, [], fault, language), 422 if fault else 200)
    name, given = _question(cases, language)
    text = inquiry().bound(name, given)
    if format in CITATIONS:
        return respond(cite(_citation(cases, language), format.key).encode(), format)
    if format != PAGE:
        return _data(name, given, text, format)
    table = inquiry().table(text)
    found = (projects_compared if name == "list_project_comparison" else cases_compared)(table)
    return Response(_page(cases, only, found, "", language, table, inquiry().catalogue.get(name).path(given)))


def _question(cases: Sequence[str], language: str) -> tuple[str, dict[str, str]]:
    """Return the query that compares cases, with its parameters: projects by their figures, others by what they state."""
    projects = [case for case in cases if case.startswith("project/")]
    name = "list_project_comparison" if len(projects) == len(cases) else "list_case_comparison"
    return name, {**dict(zip(_PLACES, cases, strict=False)), "language": language}


def _data(name: str, given: Mapping[str, str], text: str, format: Format) -> Response:
    if format.key in {one.key for one in GRAPHS}:
        asked = urlencode(sorted(given.items()), safe="/:")
        return respond(write_graph(as_graph(name, asked, inquiry().table(text), 1), format.key), format)
    return respond(inquiry().answer(text, format.key), format, "comparison")


def _page(cases: Sequence[str], only: str, found: Sequence[Property], fault: str, language: str, table: Table | None = None,
          question: str = "") -> str:
    chosen = [name for name in request.args.getlist("property") if name]
    shown = [one for one in found if (not chosen or one.name in chosen)
             and (not only or (one.differs or len(one.values) < len(cases)) == (only == "differences"))]
    columns = [(case, thing_iri(*case.split("/", 1)) if "/" in case else case) for case in cases]
    states = fields.once("states")
    split = [text for one in found for text in one.texts() if not one.is_shared(text, [iri for _, iri in columns])]
    kept = [column for column in columns if not states or any(one.is_shared(states, column[1:]) for one in found)]
    labels = inquiry().labels({iri for _, iri in columns}, language)
    offered, more = _offered(cases, language)
    citation = _citation(cases, language) if question else None
    return render_template("compare.html", cases=cases, columns=kept, labels=labels, states=states,
                           split=sorted(set(split), key=str.casefold), found=found, shown=shown, only=only, chosen=chosen,
                           fault=fault, offered=offered, more=more, words=fields.once("words"), address=_address,
                           question=question, citation=citation, cite=cite, most=MOST, least=LEAST,
                           passages=names_in(table, language) if table else {}, revision=inquiry().revision().number)


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


def _address(cases: Sequence[str], properties: Sequence[str] = (), only: str = "", **more: str) -> str:
    given = [("case", case) for case in cases] + [("property", name) for name in properties] + ([("only", only)] if only else [])
    return "/compare?" + urlencode([*given, *more.items()], safe="/:")


def _citation(cases: Sequence[str], language: str) -> Citation:
    """Return what a citation of a comparison says, as of the revision that is served."""
    say, whole = say_in(language), citation_of(inquiry().revision(), language)
    labels = inquiry().labels({thing_iri(*case.split("/", 1)) for case in cases if "/" in case}, language)
    names = [labels.get(thing_iri(*case.split("/", 1)), case) if "/" in case else case for case in cases]
    title = say("Comparison: ", "Comparación: ") + ", ".join(names)
    return replace(whole, title=title, within=whole.title, address=request.url_root.rstrip("/") + _address(cases))
