"""Turns the shipped outlines of countries into what a map needs of each, found by the name of a country in English."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("outlines.txt")

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Outline:
    """A country's outline, in units of which the world is WORLD wide, from the upper left.

    code: its number in ISO 3166-1, or ``-``; names: in English; main: the box of its largest part (left, top, right, bottom);
    inside: a point deep within that; depth: how far the outline is from there; path: as SVG has it.
    """

    code: str
    names: tuple[str, ...]
    main: Box
    inside: tuple[float, float]
    depth: float
    path: str


@cache
def outlines() -> tuple[Outline, ...]:
    """Return every outline that ships."""
    found = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        code, names, numbers, path = line.split("\t")
        left, top, right, bottom, x, y, depth = map(float, numbers.split())
        found.append(Outline(code, tuple(names.split("|")), (left, top, right, bottom), (x, y), depth, path))
    return tuple(found)


def outline_of(name: str) -> Outline | None:
    """Return the outline of the country that is called so in English, or nothing; never one that is only called alike."""
    return _by_name().get(_plain(name))


@cache
def _by_name() -> dict[str, Outline]:
    return {_plain(name): one for one in outlines() for name in one.names}


def _plain(name: str) -> str:
    """Return a name without what people write differently: capitals, accents, signs and an article before it."""
    letters = "".join(one for one in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(one))
    return " ".join(re.findall(r"\w+", letters)).removeprefix("the ")
