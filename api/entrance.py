"""Turns the tools, entry ways and approaches of the toolbox into the picture of its cube: on the first page, and alone."""

from flask import Blueprint, Response

from api import conditional
from api.answers import accepted_language, inquiry, say_in
from api.choices import choices_of
from api.cube_sides import SIDES, Plan, cube_of, plan
from api.memory import is_remembered, remembered
from api.pictures import SVG
from kg.pictures.toolbox import Face, toolbox

blueprint = Blueprint("entrance", __name__)

FACES = (("tool", "entry-way"), ("approach", "entry-way"), ("tool", "approach"))  # front, top and side: rows and columns


@blueprint.get("/pictures/cube.svg")
def picture() -> Response:
    """Give the picture alone."""
    language = accepted_language()
    conditional.check(SVG, language)
    return Response(entrance(language, shaded=True), content_type=SVG, headers={"Content-Language": language})


def is_counted(language: str) -> bool:
    """Tell whether the cells of the cube were counted already, so that its picture costs nobody a wait."""
    return all(is_remembered(_asked(rows, columns, language)) for rows, columns in FACES)


def entrance(language: str, shaded: bool) -> str:
    """Return the cube, its cells shaded by how many experiences stand behind each or not; nothing where a side has no things."""
    say = say_in(language)
    keys = {side: [key for key, _ in choices_of(SIDES[side].of_class, language)] for side in ("tool", "entry-way", "approach")}
    if not all(keys.values()):
        return ""
    named = {side: f"{len(things)} {say(SIDES[side].english, SIDES[side].spanish)}" for side, things in keys.items()}

    def face(rows: str, columns: str) -> Face:
        words = f"{named[rows]} × {named[columns]}"
        counts = _counts(rows, columns, language) if shaded else {}
        return Face(f"/cube?rows={rows}&columns={columns}", words, keys[rows], keys[columns], counts)

    front, top, side = (face(rows, columns) for rows, columns in FACES)
    return toolbox(front, top, side, say("The cube of the toolbox", "El cubo de la caja de herramientas"),
                   (named["tool"], named["entry-way"], named["approach"]),
                   say("Each face sets two sides against each other; opened, it is a table.",
                       "Cada cara cruza dos lados; abierta, es una tabla.")
                   + (say(" The darker a cell, the more experiences are documented in it.",
                          " Cuanto más oscura una celda, más experiencias documentadas hay en ella.") if shaded else ""))


def _counts(rows: str, columns: str, language: str) -> dict[tuple[str, str], int]:
    table = remembered(_asked(rows, columns, language), always=True)
    cells = cube_of(table, _planned(rows, columns).order).cells
    return {(row, column): one.experiences for (row, column, _), one in cells.items() if row and column}


def _asked(rows: str, columns: str, language: str) -> str:
    planned = _planned(rows, columns)
    return inquiry().bound(planned.query, {**planned.given, "language": language})


def _planned(rows: str, columns: str) -> Plan:
    return plan((SIDES[rows], SIDES[columns]), {})
