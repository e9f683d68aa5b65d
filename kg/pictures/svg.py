"""Turns shapes and texts into the text of an SVG: everything escaped, sizes in pixels, colour left to the page.

Nothing has a style of its own: lines and letters take the colour of the text around the picture, and classes (``pic-…``) let a
page colour what it knows, so that dark mode and print work. Source: SVG 2; the accessible name is WAI-ARIA's Graphics AAM.
"""

import textwrap
from collections.abc import Iterable
from html import escape

from kg.names import SVG

LETTER = 6.6  # mean width of a letter at TEXT_SIZE
TEXT_SIZE = 13
LINE = 17
LONGEST_LABEL = 110


def picture(name: str, width: float, height: float, title: str, description: str, parts: Iterable[str], role: str = "img") -> str:
    """Return an SVG of parts. name: a word that is used once on a page; title and description: what stands for it in words.

    role: ``img``, or ``group`` of a picture that holds links, which nobody would reach in an image.
    """
    return (f'<svg xmlns="{SVG}" class="picture picture-{name}" role="{role}" aria-labelledby="{name}-title {name}-desc" '
            f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" font-family="system-ui, sans-serif" '
            f'font-size="{TEXT_SIZE}" fill="currentColor"><title id="{name}-title">{_safe(title)}</title>'
            f'<desc id="{name}-desc">{_safe(description)}</desc>{"".join(parts)}</svg>')


def shape(kind: str, points: Iterable[tuple[float, float]], dashed: bool = False) -> str:
    """Return a closed outline through points. kind: its class after ``pic-``."""
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polygon class="pic-{kind}" points="{path}" fill="none" stroke="currentColor"{_dashes(dashed)}/>'


def box(kind: str, x: float, y: float, width: float, height: float, rounded: float = 0, dashed: bool = False) -> str:
    """Return a rectangle."""
    return (f'<rect class="pic-{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{rounded:g}" fill="none" '
            f'stroke="currentColor"{_dashes(dashed)}/>')


def outline(kind: str, path: str, shade: float = 0, dashed: bool = False) -> str:
    """Return an outline whose line is as wide whatever its scale.

    path: the data of an SVG path, trusted as it is; shade: how much of the colour fills it, from 0 to 1.
    """
    return (f'<path class="pic-{kind}" d="{path}" fill="currentColor" fill-opacity="{shade:g}" stroke="currentColor" '
            f'vector-effect="non-scaling-stroke"{_dashes(dashed)}/>')


def link(address: str, words: str, part: str) -> str:
    """Return a part as a link, whose name is words."""
    return f'<a href="{_safe(address)}" aria-label="{_safe(words)}"><title>{_safe(words)}</title>{part}</a>'


def bar(kind: str, x: float, y: float, width: float, height: float) -> str:
    """Return a filled bar."""
    return f'<rect class="pic-{kind}" x="{x:g}" y="{y:g}" width="{max(width, 0):.1f}" height="{height:g}" fill="currentColor"/>'


def text(words: str, x: float, y: float, anchor: str = "start", bold: bool = False, kind: str = "text") -> str:
    """Return one line of text, whose foot stands at y. anchor: ``start``, ``middle`` or ``end``."""
    weight = ' font-weight="600"' if bold else ""
    return f'<text class="pic-{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}"{weight}>{_safe(words)}</text>'


def lines(words: str, x: float, y: float, width: float, anchor: str = "middle", bold: bool = False) -> str:
    """Return a text in as many lines as its width needs, the foot of the first at y."""
    return "".join(text(one, x, y + LINE * place, anchor, bold) for place, one in enumerate(wrapped(words, width)))


def height_of(words: str, width: float) -> float:
    """Return how high a text is in a width."""
    return LINE * len(wrapped(words, width))


def wrapped(words: str, width: float) -> list[str]:
    """Return the lines of a text in a width; of a very long one its beginning, with three dots."""
    plain = " ".join(words.split())
    short = plain if len(plain) <= LONGEST_LABEL else plain[:LONGEST_LABEL - 1].rstrip() + "…"
    return textwrap.wrap(short, max(4, int(width / LETTER))) or [""]


def _dashes(dashed: bool) -> str:
    return ' stroke-dasharray="5 4"' if dashed else ""


def _safe(words: str) -> str:
    """Return a text as XML may hold it: without the characters that it may not, markup escaped."""
    return escape("".join(sign for sign in words if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff")))
