"""Turns sides of the cube and what is held fast into a matrix of counts, and a cell into its experiences: ``/cube``."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry, say_in
from api.as_data import given_as
from api.choices import choices_of
from api.cube_sides import SIDES, Cube, Plan, Side, cube_of, plan
from api.lines import Line
from api.memory import remembered
from api.negotiation import PAGES, SHOWN
from api.sections import Filled, Section, fill
from api.side_by_side import beside
from api.taking import citable, page
from kg.errors import AnswerTooLarge, ParameterInvalid
from kg.names import path_of

blueprint = Blueprint("cube", __name__)

MOST_SHOWN = 120  # things of a side on a page
MOST_ASKING = 400  # cells of a matrix each of which asks for a case by itself; in a larger one those that are opened do
_FIELDS = ("rows", "columns", "slices", "cell", *fields.OF_PAGE, *SIDES)

Choices = list[tuple[str, str]]
Counts = dict[str, list[tuple[str, str, int]]]


@dataclass(frozen=True)
class Asked:
    """What an address asks of the cube. sides: rows, columns and perhaps slices; kept: the keys of things, by side."""

    sides: tuple[Side, ...]
    kept: Mapping[str, tuple[str, ...]]

    @property
    def filters(self) -> dict[str, str]:
        """Return the parameters of the queries that keep some experiences."""
        return {SIDES[key].filter: " ".join(keys) for key, keys in self.kept.items()}

    def address(self, **more: str) -> str:
        """Return the path that asks the same, with more fields."""
        roles = dict(zip(("rows", "columns", "slices"), (side.key for side in self.sides), strict=False))
        kept = [(side, key) for side, keys in self.kept.items() for key in keys]
        return "/cube?" + urlencode([*roles.items(), *kept, *more.items()], safe="/:,")


@blueprint.get("/cube")
def cube() -> Response:
    """Count experiences and passages by two or three sides of the cube; tell what stands behind a cell."""
    format = choose((*SHOWN, *citable()), page=True)
    fields.refuse_others("/cube", _FIELDS)
    language = accepted_language()
    conditional.check(format.type, language)
    choices = {key: choices_of(side.of_class, language) for key, side in SIDES.items()}
    asked = Asked(_sides(), _kept(choices))
    planned = plan(asked.sides, asked.filters)
    given = {**planned.given, "language": language}
    try:
        table = remembered(inquiry().bound(planned.query, given))
    except AnswerTooLarge:
        raise _too_many(asked, language) from None
    counted = cube_of(table, planned.order)
    address = inquiry().catalogue.get(planned.query).path(given)
    axes = [_axis(side, choices[side.key], counted, place) for place, side in enumerate(asked.sides)]
    if format not in PAGES:
        return (jsonify(_tree(asked, axes, counted, address)) if format.key == "json"
                else given_as(table, format, f"queries/{planned.query}", list(given.items())))
    cell = _cell(asked, choices)
    say, filters = say_in(language), _filters(asked, choices, language)
    shown = [_most_told(axis, place, counted, cell) for place, axis in enumerate(axes)]
    rows, columns = (say(side.english, side.spanish) for side in asked.sides[:2])
    return page("cube.html", f"{rows.capitalize()} {say('by', 'por')} {columns}", [(say("The cube", "El cubo"), "/cube")],
                asked=asked, axes=shown, cube=counted, choices=choices, filters=filters, all_sides=SIDES,
                cut=[(side.key, len(few), len(axis)) for side, few, axis in zip(asked.sides, shown, axes, strict=True)
                     if len(few) < len(axis)],
                asking=len(shown[0]) * len(shown[1]) <= MOST_ASKING, question=address, cell=cell,
                behind=_behind(planned, asked, cell, language) if cell else None, names=[dict(axis) for axis in axes], new=_new,
                text=inquiry().bound(planned.query, given), compared=_compared,
                throughout=_throughout(asked, axes, counted, language), beyond=_beyond(asked, filters, counted))


def _sides() -> tuple[Side, ...]:
    """Return the sides that are asked for. Raises ParameterInvalid for one that there is not, or that is asked for twice."""
    keys = [fields.once("rows") or "tool", fields.once("columns") or "entry-way", fields.once("slices")]
    for name, key in zip(("rows", "columns", "slices"), keys, strict=True):
        if key and key not in SIDES:
            say = say_in(accepted_language())
            raise fields.none_of(name, key, {one: say(side.english, side.spanish) for one, side in SIDES.items()})
    given = [key for key in keys if key]
    if len(set(given)) < len(given):
        raise ParameterInvalid("Rows, columns and slices have to be different sides: choose another for one of them.",
                               "Filas, columnas y capas tienen que ser lados distintos: elija otro para uno de ellos.")
    return tuple(SIDES[key] for key in given)


def _kept(choices: Mapping[str, Choices]) -> dict[str, tuple[str, ...]]:
    """Return what is held fast. Raises ParameterInvalid for a thing that the graph does not know."""
    found = {}
    for side, known in choices.items():
        keys = tuple(dict.fromkeys(key.removeprefix(f"{side}/") for key in request.args.getlist(side) if key))
        for key in keys:
            if key not in dict(known):
                raise fields.none_of(side, key, dict(known))
        if keys:
            found[side] = keys
    return found


def _filters(asked: Asked, choices: Mapping[str, Choices], language: str) -> Counts:
    """Return by side the things that experiences can be kept by, key, name and how many have it: those that some have."""
    found: dict[str, dict[str, tuple[str, int]]] = {side: {} for side in SIDES}
    for side, thing, label, experiences in remembered(inquiry().bound("count_sides", {"language": language})).rows:
        if side and thing and label and experiences:
            found[side.text.replace("_", "-")][path_of(thing.text).partition("/")[2]] = (label.text, int(experiences.text))
    for kept, keys in asked.kept.items():  # what is asked for stays to be seen, whatever it has
        found[kept] |= {key: (dict(choices[kept])[key], 0) for key in keys if key not in found[kept]}
    return {name: sorted(((key, *told) for key, told in things.items()), key=lambda one: (one[1].casefold(), one[0]))
            for name, things in found.items()}


def _cell(asked: Asked, choices: Mapping[str, Choices]) -> tuple[str, ...]:
    """Return the keys of the cell that is open, one for each side, or nothing. Raises ParameterInvalid."""
    given = fields.once("cell")
    named = given.split(",") if given else []
    keys = tuple(key.removeprefix(f"{side.key}/") for key, side in zip(named, asked.sides, strict=False))
    known = [key in dict(choices[side.key]) for key, side in zip(keys, asked.sides, strict=False)]
    if named and (len(named) != len(asked.sides) or not all(known)):
        sides = ", ".join(side.key for side in asked.sides)
        raise ParameterInvalid(f"cell={given} will not do: write a key for each side, {sides}, with commas between them, as in "
                               "cell=financing,entire-chain.",
                               f"cell={given} no sirve: escriba una clave para cada lado, {sides}, con comas entre ellas, como "
                               "en cell=financing,entire-chain.")
    return keys


def _axis(side: Side, known: Choices, counted: Cube, place: int) -> Choices:
    """Return the things of a side that are shown, as key and name, by name."""
    shown = {**dict(known if side.whole else ()), **counted.names[place]}
    return sorted(shown.items(), key=lambda pair: pair[1].casefold())


def _most_told(axis: Choices, place: int, counted: Cube, cell: Sequence[str]) -> Choices:
    """Return the things of a side that a page has room for: of many those of which most is told, and that of an open cell."""
    if len(axis) <= MOST_SHOWN:
        return axis
    told: Counter[str] = Counter()
    for keys, one in counted.cells.items():
        told[keys[place]] += one.experiences
    kept = {*sorted((key for key, _ in axis), key=lambda key: (-told[key], key))[:MOST_SHOWN], *cell[place:place + 1]}
    return [one for one in axis if one[0] in kept]


def _beyond(asked: Asked, filters: Counts, counted: Cube) -> dict[tuple[str, str], int]:
    """Return of each row and column how many experiences have its thing, where of some of them no other side is told."""
    if asked.kept or len(asked.sides) > 2:
        return {}
    have = {keys: experiences for place, side in enumerate(asked.sides) for thing, _, experiences in filters.get(side.key, ())
            for keys in [(thing, "") if place == 0 else ("", thing)]}
    return {keys: experiences for keys, experiences in have.items() if 0 < counted.at(*keys).experiences < experiences}


def _too_many(asked: Asked, language: str) -> ParameterInvalid:
    """Return the refusal of sides that have too many cells: what to choose instead of the last of them."""
    name, last, say = ("rows", "columns", "slices")[len(asked.sides) - 1], asked.sides[-1].key, say_in(language)
    return ParameterInvalid("These sides have too many cells to be counted at once. Leave out one of them, choose another in its "
                            "place, or keep to some experiences.",
                            "Estos lados tienen demasiadas celdas para contarlas de una vez. Quite uno de ellos, elija otro en "
                            "su lugar, o quédese con algunas experiencias.", (name, last),
                            {key: say(side.english, side.spanish) for key, side in SIDES.items() if side not in asked.sides})


def _behind(planned: Plan, asked: Asked, cell: Sequence[str], language: str) -> Filled:
    section = Section("cell", "Behind this cell", "Detrás de esta celda", planned.listing,
                      planned.behind(cell, asked.sides, asked.filters), ("experience", "experience_label", "country_label"))
    return fill(section, language)


def _throughout(asked: Asked, axes: Sequence[Choices], counted: Cube, language: str) -> dict[str, list[Line]]:
    """Return by key the approaches that stand in no cell since they are told of experiences as a whole, and who says so."""
    keys = [side.key for side in asked.sides]
    found = {}
    if {"approach", "entry-way"} <= set(keys):
        place = keys.index("approach")
        for key in {key for key, _ in axes[place]} - {cell[place] for cell in counted.cells}:
            section = Section("throughout", "", "", "list_approach_experiences", {"approach": f"approach/{key}"})
            lines = fill(section, language).lines
            if lines and not any(line.cells["entry_way"] for line in lines):
                found[key] = lines
    return found


def _compared(behind: Filled) -> str:
    """Return the path that compares the experiences behind a cell."""
    return beside(cell.text for line in behind.lines if (cell := line.cells["experience"]))


def _new(asked: Asked, *cell: str) -> str:
    """Return the path of a new contribution with the coordinates of a cell filled in."""
    given = [(side.key, key) for side, key in zip(asked.sides, cell, strict=False) if key]
    given += [(side, keys[0]) for side, keys in asked.kept.items() if len(keys) == 1 and side not in dict(given)]
    return "/contributions/new?" + urlencode(given, safe="/")


def _tree(asked: Asked, axes: Sequence[Choices], counted: Cube, address: str) -> dict[str, Any]:
    """Return the matrix as JSON: its sides with their things, and each cell that something stands behind; totals lack a key."""
    sides = [{"side": side.key, "things": [{"key": key, "label": label} for key, label in axis]}
             for side, axis in zip(asked.sides, axes, strict=True)]
    cells = [{**{name: key for name, key in zip(("row", "column", "slice"), keys, strict=True) if key},
              "experiences": one.experiences, "passages": one.passages} for keys, one in counted.cells.items()]
    return {"rows": sides[0], "columns": sides[1], "slices": sides[2] if len(sides) > 2 else None,
            "kept": {side: list(keys) for side, keys in asked.kept.items()}, "cells": cells,
            "query": request.url_root.rstrip("/") + address, "revision": inquiry().revision().number}
