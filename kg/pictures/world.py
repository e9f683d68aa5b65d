"""Turns countries with a count into a map of the part of the world where they are, shaded by the count."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kg.pictures.outlines import Box, Outline, outlines
from kg.pictures.svg import link, outline, picture, text

WIDTH = 640.0  # of the picture
LEAST = 420.0  # units that a map shows at least from left to right, so that a country is seen among its neighbours
ROOM = 0.08  # left free at each side, of the whole
FLATTEST, STEEPEST = 2.2, 0.95  # width to height
SHADES = (0, .2, .4, .6, .85)
LEVELS = len(SHADES) - 1
DIGIT, TINY = 7.0, 5.0  # half of what a count needs in pixels; what is smaller has a ring around it


@dataclass(frozen=True)
class Place:
    """A country on the map: its outline, what it is called, how many, that in words, and the address of its page."""

    outline: Outline
    name: str
    count: int
    words: str
    address: str


def steps(most: int) -> list[tuple[int, int]]:
    """Return the least and the greatest count of each shade, so that few shades hold few and many alike."""
    base = max(2, math.ceil((most + 1) ** (1 / LEVELS)))
    bounds = [(base ** level, base ** (level + 1) - 1) for level in range(LEVELS)]
    return [(least, greatest) for least, greatest in bounds if least <= most]


def world(title: str, places: Sequence[Place], linked: bool = True) -> str:
    """Return the map as SVG, around the countries that have a count; nothing where none has.

    A country without a count is drawn with a broken line, and one that is not among the places as land. linked: whether each
    is a link to its page.
    """
    counted = [one for one in places if one.count > 0]
    if not counted:
        return ""
    left, top, right, bottom = _frame([one.outline.main for one in counted])
    scale = WIDTH / (right - left)
    shades = steps(max(one.count for one in counted))
    there = {one.outline.path for one in places}
    drawn = [outline("land", one.path) for one in outlines() if one.path not in there and _meets(one, (left, top, right, bottom))]
    for one in sorted(places, key=lambda place: place.count):
        level = next((number for number, (least, most) in enumerate(shades, 1) if least <= one.count <= most), 0)
        shape = outline("level" if level else "named", one.outline.path, SHADES[level], dashed=not level)
        drawn.append(link(one.address, f"{one.name}: {one.words}", shape) if linked else shape)
    marks = []
    for one in counted:
        x, y = (one.outline.inside[0] - left) * scale, (one.outline.inside[1] - top) * scale
        if one.outline.depth * scale >= DIGIT:
            marks.append(text(str(one.count), x, y + 5, "middle", bold=True, kind="count"))
        elif one.outline.depth * scale < TINY:
            marks.append(f'<circle class="pic-ring" cx="{x:.0f}" cy="{y:.0f}" r="7" fill="none" stroke="currentColor"/>')
    whole = f'<g transform="scale({scale:.4f}) translate({-left:.0f} {-top:.0f})">{"".join(drawn)}</g>'
    return picture("map", WIDTH, round((bottom - top) * scale), title, "; ".join(f"{one.name}: {one.words}" for one in counted),
                   [whole, *marks], role="group" if linked else "img")


def _frame(boxes: Sequence[Box]) -> Box:
    """Return the box of all, with room around it, not too small and of a shape that a page can show."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    across, down = max(LEAST, (right - left) * (1 + 2 * ROOM)), (bottom - top) * (1 + 2 * ROOM)
    across, down = max(across, down * STEEPEST), max(down, across / FLATTEST, LEAST / STEEPEST / 2)
    x, y = (left + right) / 2, (top + bottom) / 2
    return x - across / 2, y - down / 2, x + across / 2, y + down / 2


def _meets(one: Outline, frame: Box) -> bool:
    return (one.main[0] < frame[2] and one.main[2] > frame[0] and one.main[1] < frame[3] and one.main[3] > frame[1])
