"""Turns the tools, entry ways and approaches of the toolbox into the picture of its cube: on the first page, and alone."""

from flask import Blueprint, Response

from api import conditional
from api.answers import accepted_language, inquiry, say_in
from api.choices import choices_of
from api.cube_sides import SIDES, cube_of, plan
from api.memory import remembered
from api.pictures import SVG
from kg.pictures.toolbox import Face, toolbox

blueprint = Blueprint("entrance", __name__)

MOST_SHADED = 200  # experiences; to count more of them, cell by cell, would keep the first page waiting


@blueprint.get("/pictures/cube.svg")
def picture() -> Response:
    """Give the picture alone."""
    language = accepted_language()
    conditional.check(SVG, language)
    return Response(entrance(language, shaded=True), content_type=SVG, headers={"Content-Language": language})


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

    return toolbox(face("tool", "entry-way"), face("approach", "entry-way"), face("tool", "approach"),
                   say("The cube of the toolbox", "El cubo de la caja de herramientas"),
                   (named["tool"], named["entry-way"], named["approach"]),
                   say("Each face sets two sides against each other; the darker a cell, the more experiences are documented in "
                       "it. Opened, a face is a table.",
                       "Cada cara cruza dos lados; cuanto más oscura una celda, más experiencias documentadas hay en ella. "
                       "Abierta, una cara es una tabla."))


def _counts(rows: str, columns: str, language: str) -> dict[tuple[str, str], int]:
    planned = plan((SIDES[rows], SIDES[columns]), {})
    table = remembered(inquiry().bound(planned.query, {**planned.given, "language": language}))
    return {(row, column): one.experiences for (row, column, _), one in cube_of(table, planned.order).cells.items()
            if row and column}
