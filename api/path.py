"""Turns a position, a product and a place into a way to the market with its evidence: ``/path``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry, local, names_in, say_in
from api.as_data import answered, parts_given_as
from api.canvas import blocks_of
from api.choices import choices_of
from api.grouped import phases, risks
from api.memory import remembered
from api.negotiation import GRAPHS, PAGE, PAGES, RESULTS, SHOWN
from api.path_choices import Choice, Offered, called, offered
from api.path_parts import MOST_ROWS, SHOWN_FIRST, others_of, part_of, sections_of
from api.sections import Filled, Section, fill, filled
from api.taking import citable, page
from kg.errors import ParameterInvalid
from kg.inquire import Cell

blueprint = Blueprint("path", __name__)

MOST_CANVAS_ROWS = 5000
MOST_WAY_ROWS = 1000
MOST_EXAMPLES = 60  # with more experiences than these behind the entry ways, no list of all of them helps
_GIVEN = ("who", "product", "place", "entry_way")
_FIELDS = (*_GIVEN, "have", *fields.OF_PAGE)
_THE_WAY = Section("way", "The entry way", "La vía de entrada", "count_fitting_entry_ways", {},
                   ("entry_way", "entry_way_label", "definition", "experiences"), most=MOST_ROWS)


@dataclass(frozen=True)
class Looser:
    """A way to ask for less: which fields change, to what that is wider or to nothing, and how much is found then.

    wider: the name of what stands in the place of a product or a place, or nothing where fields are left out; cases: how many
    other cases are found, where there is nothing else.
    """

    changed: Mapping[str, str]
    wider: str
    count: int
    cases: int = 0


@blueprint.get("/path")
def path() -> Response:
    """Ask who one is, what one has and what one wants; tell which entry ways fit, and of one of them all that it takes."""
    format = choose((*SHOWN, *citable()), page=True)
    fields.refuse_others("/path", _FIELDS)
    language = accepted_language()
    conditional.check(format.type, language)
    given = {name: fields.once(name).strip() for name in _GIVEN}
    have = sorted({key for key in request.args.getlist("have") if key})
    choices = offered(language)
    near = {name: one for name in ("product", "place") if (one := _near(choices[name], given[name]))}
    reached = {**given, **{name: one.wider[0] for name, one in near.items() if one.wider}}
    asked = _asked(reached)
    ways = _fitting(asked, language) if asked or given["entry_way"] else []
    of_anyone = {name: value for name, value in asked.items() if name not in ("role", "sector")}
    apart = not ways and given["who"] != "" and bool(of_anyone)  # of a position nobody like that is documented: what others did
    ways = _fitting(of_anyone, language) if apart else ways
    way = given["entry_way"].rpartition("/")[2]
    found = next((row for row in _fitting({}, language) if row["entry_way"] == way), None) if way else None
    if way and not found:
        raise fields.none_of("entry_way", way, dict(choices_of("par:EntryWay", language)))
    kept, link, say = of_anyone if apart else asked, _linker(given, have), say_in(language)
    parts = filled(sections_of(way, asked, have) if way else [_ways(kept)] if kept else [], language)
    others = filled([others_of(_asked(given))], language) if asked and (not ways or apart or near) else []
    examples = _examples(kept, ways, language) if kept and not way else None
    if format not in PAGES:
        shown = [_of_way(fill(_THE_WAY, language), way), *parts] if way else [*parts, *([examples] if examples else [])]
        return parts_given_as([*shown, *others], format, "path", {**given, "have": have}, language)
    of_ways = {row["entry_way"]: _of_way(examples, row["entry_way"]) for row in ways} if examples else {}
    names, mine = _names(given, choices, near, language), say("My path", "Mi camino")
    told = [found["entry_way_label"]] if found else []
    told += [names[name] for name in ("who", "product", "place") if given[name]]
    return page("path.html", ": ".join([mine, ", ".join(told)] if told else [mine]),
                [(mine, link(entry_way=""))] if found else [], bare=not (asked or way), given=given, have=have, choices=choices,
                tools=choices_of("par:Tool", language), near=near, names=names, ways=ways, way=found, asked=asked,
                examples=of_ways, apart=apart and bool(ways),
                looser=_looser(reached, choices, ways, way, bool(others), language), others=others[0] if others else None,
                parts=[part_of(one) for one in parts] if way else [], link=link, tell=_telling(given, choices), phases=phases,
                risks=risks, shown_first=SHOWN_FIRST)


@blueprint.get("/path/canvas")
def canvas() -> Response:
    """Show the nine blocks of a business model canvas, of an entry way's experiences or of one case, to print or take along."""
    format = choose((*RESULTS, *GRAPHS, *citable()), page=True)
    fields.refuse_others("/path/canvas", ("entry_way", "case", *fields.OF_PAGE))
    language = accepted_language()
    conditional.check(format.type, language)
    case, way = fields.once("case"), fields.once("entry_way").rpartition("/")[2]
    if case and way:
        raise ParameterInvalid("A canvas is of an entry way or of a case: leave out entry_way or case.",
                               "Un lienzo es de una vía de entrada o de un caso: quite entry_way o case.")
    if not case and not way and format == PAGE:
        return redirect("/path", 303)  # type: ignore[return-value]  # where both are chosen
    if case:
        asked = Section("canvas", "Canvas", "Lienzo", "fill_canvas", {"case": case}, most=MOST_CANVAS_ROWS)
        thing = inquiry().meant("fill_canvas", {"case": case})["case"]  # one that is not there is told as an error, not a sheet
        name = inquiry().labels({thing}, language).get(thing, case)
    else:
        thing, ways = "", dict(choices_of("par:EntryWay", language))
        if way not in ways:
            raise fields.none_of("entry_way", way, ways)
        name = ways[way]
        taken = next((int(row["experiences"]) for row in _fitting({}, language) if row["entry_way"] == way), 0)
        query = "fill_entry_way_canvas" if taken <= MOST_EXAMPLES else "count_canvas_entries"
        asked = Section("canvas", "Canvas", "Lienzo", query, {"entry_way": way}, most=MOST_CANVAS_ROWS)
    if format not in PAGES:
        return answered(asked.query, {**asked.given, "language": language}, format, "canvas")
    whole, say = fill(asked, language), say_in(language)
    above = [(say("My path", "Mi camino"), "/path"), (name, f"/path?entry_way={way}")] if way else [(name, local(thing))]
    return page("path_canvas.html", f"{say('Business model canvas', 'Lienzo de modelo de negocio')}: {name}", above, way=way,
                whole=whole, blocks=blocks_of(whole, choices_of("par:CanvasBlock", language)))


def _ways(asked: Mapping[str, str]) -> Section:
    """Return the entry ways that fit, as a section."""
    return replace(_THE_WAY, name="ways", english="Entry ways that fit", spanish="Vías de entrada que le convienen", given=asked)


def _asked(given: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of the queries that the fields of the form stand for. Raises ParameterInvalid."""
    asked = {name: given[name] for name in ("product", "place") if given[name]}
    if who := given["who"]:
        kind = who.partition("/")[0]
        if kind not in ("role", "sector"):
            raise ParameterInvalid(f"who={who} will not do: a role or a sector is expected, such as role/producer or "
                                   "sector/public.", f"who={who} no sirve: se espera un papel o un sector, como role/producer o "
                                   "sector/public.")
        asked[kind] = who
    return asked


def _fitting(asked: Mapping[str, str], language: str) -> list[dict[str, str]]:
    table = remembered(inquiry().bound("count_fitting_entry_ways", {**asked, "language": language}))
    rows = [dict(zip(table.columns, (cell.text if cell else "" for cell in row), strict=True)) for row in table.rows]
    names = names_in(table, language)
    return [{**row, "iri": row["entry_way"], "entry_way": row["entry_way"].rpartition("/")[2],
             "passage_label": names.get(row["passage"], row["passage"])}
            for row in rows]


def _examples(asked: Mapping[str, str], ways: list[dict[str, str]], language: str) -> Filled | None:
    """Return the experiences that took the entry ways that fit, where they are few enough to be read."""
    if sum(int(row["experiences"]) for row in ways) > MOST_EXAMPLES:
        return None
    return fill(Section("examples", "Who took them", "Quiénes las tomaron", "find_entry_ways", asked,
                        ("entry_way", "entry_way_label", "experience", "experience_label"), most=MOST_WAY_ROWS), language)


def _of_way(whole: Filled, way: str) -> Filled:
    """Return of a part the rows that tell of an entry way, by its key."""
    return replace(whole, lines=[line for line in whole.lines
                                 if cast(Cell, line.cells["entry_way"]).text.rpartition("/")[2] == way])


def _near(choices: Offered, text: str) -> Choice | None:
    """Return the choice that a text names where no experience has it itself and some have what it belongs to."""
    one = choices.get(text) if text else None
    return one if one and one.wider and not one.experiences else None


def _looser(given: Mapping[str, str], choices: Mapping[str, Offered], ways: list[dict[str, str]], way: str, told: bool,
            language: str) -> list[Looser]:
    """Return how more is found, where little is found with all: how many ways fit, or experiences took the one that is chosen.

    A product or a place becomes what it belongs to, or one condition is left out; only where that finds no more, two. told: other
    cases have all of it. Where nothing is found, fewer conditions count by other cases too.
    """
    conditions = [name for name in ("who", "product", "place") if given[name]]
    now = sum(int(row["experiences"]) for row in ways if row["entry_way"] == way) if way else len(ways)
    if now > (0 if way else 1):
        return []

    def tried(changed: Mapping[str, str], wider: str = "") -> list[Looser]:
        asked = _asked({**given, **changed})
        fits = _fitting(asked, language)
        count = sum(int(row["experiences"]) for row in fits if row["entry_way"] == way) if way else len(fits)
        cases = 0 if count or ways or way or told else fill(others_of(asked), language).count
        return [Looser(changed, wider, count, cases)] if count > now or cases else []

    wider = [(name, one.wider) for name in ("product", "place") if (one := choices[name].get(given[name])) and one.wider
             and one.experiences]
    found = [one for name, (key, label) in wider for one in tried({name: key}, label)]
    for left_out in range(1, len(conditions) + (1 if way and not found else 0)):
        without = [one for names in combinations(conditions, left_out) for one in tried(dict.fromkeys(names, ""))]
        if without:
            return found + without
    return found


def _names(given: Mapping[str, str], choices: Mapping[str, Offered], near: Mapping[str, Choice], language: str) -> dict[str, str]:
    """Return what the chosen values are called, by field; what is near alone by the name of what it belongs to."""
    kind, _, _ = given["who"].partition("/")
    names = {"who": called(choices.get(kind), given["who"], kind, language)}
    for name in ("product", "place"):
        one = near.get(name)
        names[name] = one.wider[1] if one and one.wider else called(choices[name], given[name], name, language)
    return names


def _telling(given: Mapping[str, str], choices: Mapping[str, Offered]) -> str:
    """Return the path of a new contribution with what is known of the case filled in."""
    kind, _, key = given["who"].partition("/")
    place = (found.key if (found := choices["place"].get(given["place"])) else given["place"]).rpartition("/")
    told = {"entry-way": given["entry_way"].rpartition("/")[2], "product": given["product"].rpartition("/")[2],
            "country" if place[0].endswith("country") else "place": place[2], "role": key if kind == "role" else ""}
    known = {name: value for name, value in told.items() if value}
    return "/contributions/new" + (f"?{urlencode(known)}" if known else "")


def _linker(given: Mapping[str, str], have: list[str]) -> Callable[..., str]:
    def link(**changed: str) -> str:
        """Return this page's address with some fields otherwise."""
        kept = [(name, value) for name, value in {**given, **changed}.items() if value]
        return "/path?" + fields.encoded([*kept, *(("have", key) for key in have)])
    return link
