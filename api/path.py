"""Turns a position, a product and a place into a way to the market with its evidence: ``/path``."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import combinations, groupby
from typing import cast

from flask import Blueprint, Response, request

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry, local, say_in
from api.as_data import answered, parts_given_as
from api.canvas import blocks_of
from api.choices import choices_of
from api.memory import remembered
from api.negotiation import GRAPHS, PAGES, RESULTS, SHOWN
from api.sections import Filled, Line, Section, fill, filled
from api.taking import citable, page
from kg.errors import ParameterInvalid
from kg.inquire import Cell
from kg.names import BASE, thing_iri

blueprint = Blueprint("path", __name__)

SHOWN_FIRST = 8
MOST_ROWS = 60
MOST_TOOL_ROWS = 200
MOST_CANVAS_ROWS = 5000
MOST_WAY_ROWS = 1000
MOST_EXAMPLES = 60  # with more experiences than these behind the entry ways, no list of all of them helps
_FIELDS = ("who", "product", "place", "have", "entry_way", *fields.OF_PAGE)
_CHOICES = {"role": "par:Role", "sector": "par:Sector", "product": "par:Product", "place": "par:Place", "tool": "par:Tool",
            "entry_way": "par:EntryWay"}


@blueprint.get("/path")
def path() -> Response:
    """Ask who one is, what one has and what one wants; tell which entry ways fit, and of one of them all that it takes."""
    format = choose((*SHOWN, *citable()), page=True)
    fields.refuse_others("/path", _FIELDS)
    language = accepted_language()
    conditional.check(format.type, language)
    given = {name: fields.once(name).strip() for name in ("who", "product", "place", "entry_way")}
    have = sorted({key for key in request.args.getlist("have") if key})
    asked = _asked(given)
    choices = {name: choices_of(kind, language) for name, kind in _CHOICES.items()}
    ways = _fitting(asked, language) if asked or given["entry_way"] else []
    others = {name: value for name, value in asked.items() if name not in ("role", "sector")}
    apart = not ways and given["who"] != "" and bool(others)  # of a position nobody like that is documented: what others did
    ways = _fitting(others, language) if apart else ways
    way = given["entry_way"].rpartition("/")[2]
    found = next((row for row in _fitting({}, language) if row["entry_way"] == way), None) if way else None
    if way and not found:
        raise _no_way(way, choices["entry_way"])
    kept, link, say = others if apart else asked, _linker(given, have), say_in(language)
    parts = filled(sections_of(way, asked, have) if way else [_ways(kept)] if kept else [], language)
    if format not in PAGES:
        return parts_given_as(parts, format, "path", {**given, "have": have}, language)
    names, mine = _names(given, choices), say("My path", "Mi camino")
    told = [found["entry_way_label"]] if found else []
    told += [names[name] for name in ("who", "product", "place") if given[name]]
    return page("path.html", ": ".join([mine, ", ".join(told)] if told else [mine]),
                [(mine, link(entry_way=""))] if found else [], bare=not (asked or way), given=given, have=have, choices=choices,
                names=names, ways=ways, way=found, asked=asked, examples=_examples(kept, ways, language),
                apart=apart and bool(ways), looser=_looser(given, ways, way, language),
                parts=[_folded(one) for one in parts] if way else [], link=link, phases=phases)


@blueprint.get("/path/canvas")
def canvas() -> Response:
    """Show the nine blocks of a business model canvas, of an entry way's experiences or of one case, to print or take along."""
    format = choose((*RESULTS, *GRAPHS, *citable()), page=True)
    fields.refuse_others("/path/canvas", ("entry_way", "case", *fields.OF_PAGE))
    language = accepted_language()
    conditional.check(format.type, language)
    case, way = fields.once("case"), fields.once("entry_way").rpartition("/")[2]
    if case and way:
        raise ParameterInvalid("A canvas is of an entry way or of a case: leave out entry_way or case.")
    if case:
        asked = Section("canvas", "Canvas", "Lienzo", "fill_canvas", {"case": case}, most=MOST_CANVAS_ROWS)
        inquiry().bound("fill_canvas", {"case": case})  # a case that is not there is told as an error, not as an empty sheet
        thing = case if case.startswith(BASE) else thing_iri(*case.removeprefix("/").removeprefix("id/").split("/", 1))
        name = inquiry().labels({thing}, language).get(thing, case)
    else:
        thing, ways = "", choices_of("par:EntryWay", language)
        if way not in dict(ways):
            raise _no_way(way, ways)
        name = dict(ways)[way]
        taken = next((int(row["experiences"]) for row in _fitting({}, language) if row["entry_way"] == way), 0)
        query = "fill_entry_way_canvas" if taken <= MOST_EXAMPLES else "count_canvas_entries"
        asked = Section("canvas", "Canvas", "Lienzo", query, {"entry_way": way}, most=MOST_CANVAS_ROWS)
    if format not in PAGES:
        return answered(asked.query, {**asked.given, "language": language}, format, "canvas")
    whole, say = fill(asked, language), say_in(language)
    above = [(say("My path", "Mi camino"), "/path"), (name, f"/path?entry_way={way}")] if way else [(name, local(thing))]
    return page("path_canvas.html", f"{say('Business model canvas', 'Lienzo de modelo de negocio')}: {name}", above, way=way,
                case=thing, whole=whole, blocks=blocks_of(whole, choices_of("par:CanvasBlock", language)))


def _no_way(way: str, ways: list[tuple[str, str]]) -> ParameterInvalid:
    return ParameterInvalid(f"entry_way={way} will not do: one of {', '.join(key for key, _ in ways)} is expected.")


def sections_of(way: str, asked: Mapping[str, str], have: list[str]) -> list[Section]:
    """Return what is told of an entry way to someone of a position, in the order in which one needs it."""
    this = {"entry_way": way}
    role = {name: asked[name] for name in ("role", "sector") if name in asked}
    like = {name: asked[name] for name in ("product", "place") if name in asked}
    needed = Section("missing", "Tools that you would still need", "Herramientas que le faltarían", "list_missing_tools",
                     {**this, "have": ",".join(have)}, ("phase_label", "tool", "tool_label", "experiences", "experience_labels"))
    return [
        Section("reasons", "Why this way, and what it asks of you", "Por qué esta vía, y qué le pide", "list_entry_way_reasons",
                this, ("aspect_label", "statement", "statement_label", "text"), most=MOST_ROWS),
        Section("tools", "Tools, in their order", "Herramientas, en su orden", "list_path_tools", this,
                ("phase_label", "tool", "tool_label", "objective", "experience", "experience_label"), "tools", MOST_TOOL_ROWS),
        *([needed] if have else []),
        Section("experiences", "Experiences like yours", "Experiencias como la suya", "list_path_experiences", {**this, **like},
                ("case", "case_label", "role_label", "agent", "agent_label", "contribution"), most=MOST_ROWS),
        Section("lessons", "Lessons and advice", "Lecciones y consejos", "list_path_lessons", this,
                ("kind_label", "insight", "insight_label", "definition", "through"), most=MOST_ROWS),
        Section("risks", "Risks, and what was set against them", "Riesgos, y qué se opuso a ellos", "list_path_risks", this,
                ("risk", "risk_label", "falls_to", "response", "response_label", "response_passage"), most=MOST_ROWS),
        Section("conditions", "What must be in place, and what was missing", "Lo que debe existir, y lo que faltaba",
                "list_path_conditions", this, ("because_label", "condition", "condition_label", "needing", "needing_label"),
                most=MOST_ROWS),
        *([Section("actions", "What you can do from your position", "Lo que puede hacer desde su posición",
                   "list_role_actions", role, ("kind_label", "action", "action_label", "text", "case", "case_label"),
                   most=MOST_ROWS)] if role else []),
        *([Section("stakes", "What you stand to gain and to lose", "Lo que puede ganar y perder", "list_role_stakes",
                   {"role": asked["role"]}, ("kind_label", "insight", "insight_label", "definition"),
                   most=MOST_ROWS)] if "role" in asked else []),
        Section("next", "Where it can lead next", "A dónde puede llevar después", "list_next_entry_ways", this,
                ("next", "next_label", "because_label", "experience", "experience_label"), most=MOST_ROWS),
    ]


def _ways(asked: Mapping[str, str]) -> Section:
    """Return the entry ways that fit, as a section."""
    return Section("ways", "Entry ways that fit", "Vías de entrada que le convienen", "count_fitting_entry_ways", asked,
                   ("entry_way", "entry_way_label", "definition", "experiences"), most=MOST_ROWS)


def _asked(given: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of the queries that the fields of the form stand for. Raises ParameterInvalid."""
    asked = {name: given[name] for name in ("product", "place") if given[name]}
    if who := given["who"]:
        kind = who.partition("/")[0]
        if kind not in ("role", "sector"):
            raise ParameterInvalid(f"who={who} will not do: a role or a sector is expected, such as role/producer or "
                                   "sector/public.")
        asked[kind] = who
    return asked


def _fitting(asked: Mapping[str, str], language: str) -> list[dict[str, str]]:
    table = remembered(inquiry().bound("count_fitting_entry_ways", {**asked, "language": language}))
    rows = [dict(zip(table.columns, (cell.text if cell else "" for cell in row), strict=True)) for row in table.rows]
    return [{**row, "entry_way": row["entry_way"].rpartition("/")[2]} for row in rows]


def _examples(asked: Mapping[str, str], ways: list[dict[str, str]], language: str) -> dict[str, Filled]:
    """Return the experiences that took each entry way that fits, by its key, where they are few enough to be read."""
    if not asked or sum(int(row["experiences"]) for row in ways) > MOST_EXAMPLES:
        return {}
    whole = fill(Section("ways", "", "", "find_entry_ways", asked, ("experience", "experience_label"), most=MOST_WAY_ROWS),
                 language)
    return {row["entry_way"]: replace(whole, lines=[
        line for line in whole.lines if cast(Cell, line.cells["entry_way"]).text.endswith("/" + row["entry_way"])])
        for row in ways}


def _looser(given: Mapping[str, str], ways: list[dict[str, str]], way: str, language: str) -> list[tuple[dict[str, str], int]]:
    """Return what is found with fewer conditions, where little is found with all: the fields to empty, and how many ways fit.

    One condition is left out; only where that finds no more, two.
    """
    conditions = [name for name in ("who", "product", "place") if given[name]]
    found: list[tuple[dict[str, str], int]] = []
    if way or len(ways) > 1:
        return found
    for left_out in range(1, len(conditions)):
        for names in combinations(conditions, left_out):
            count = len(_fitting(_asked({**given, **dict.fromkeys(names, "")}), language))
            if count > len(ways):
                found.append((dict.fromkeys(names, ""), count))
        if found:
            break
    return found


def _names(given: Mapping[str, str], choices: Mapping[str, list[tuple[str, str]]]) -> dict[str, str]:
    """Return what the chosen values are called, by field."""
    kind, _, key = given["who"].partition("/")
    called = {"who": dict(choices.get(kind, [])).get(key, key)}
    for name in ("product", "place"):
        at = dict(choices[name])
        called[name] = at.get(given[name], at.get(given[name].rpartition("/")[2], given[name].rpartition("/")[2]))
    return called


def phases(lines: list[Line]) -> list[list[list[Line]]]:
    """Return the rows of tools by phase, and within it by tool, each in the order of the rows."""
    def by(column: str, rows: Iterable[Line]) -> list[list[Line]]:
        return [list(group) for _, group in groupby(rows, lambda line: line.cells[column])]
    return [by("tool", phase) for phase in by("phase_label", lines)]


def _folded(one: Filled) -> tuple[Filled, Filled]:
    """Return a section as its first rows and those after them."""
    if one.section.look == "tools":
        return one, replace(one, lines=[])
    rest = replace(one, lines=one.lines[SHOWN_FIRST:], section=replace(one.section, name=one.section.name + "-more"))
    return replace(one, lines=one.lines[:SHOWN_FIRST]), rest


def _linker(given: Mapping[str, str], have: list[str]) -> Callable[..., str]:
    def link(**changed: str) -> str:
        """Return this page's address with some fields otherwise."""
        kept = [(name, value) for name, value in {**given, **changed}.items() if value]
        return "/path?" + fields.encoded([*kept, *(("have", key) for key in have)])
    return link
