"""Turns three sides, and how often things of two of them go together, into the cube of the toolbox, each face a link.

Rows of the front are tools, its columns entry ways; approaches lie behind each other. A cell is the darker the more experiences
stand behind it; one without a line of its colour has none, which says nothing about whether it works.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.pictures.svg import lines, link, outline, picture, text

CELL, DEPTH, LIFT, EDGE = 27.0, 20.0, 11.0, 110.0
LIGHTEST, DARKEST = 0.18, 0.85

Point = tuple[float, float]


@dataclass(frozen=True)
class Face:
    """A face: where it leads and what that is called, its rows and columns by key, and a count for each pair that has one."""

    address: str
    words: str
    rows: Sequence[str]
    columns: Sequence[str]
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)


def toolbox(front: Face, top: Face, side: Face, title: str, names: tuple[str, str, str], description: str) -> str:
    """Return the cube as SVG. names: what stands at its edges, for rows, columns and depth.

    front: tools by entry ways; top: approaches by entry ways; side: tools by approaches.
    """
    wide, high = len(front.columns) * CELL, len(front.rows) * CELL
    deep = len(top.rows)
    left, head = EDGE, deep * LIFT + 8
    most = max([*front.counts.values(), *top.counts.values(), *side.counts.values()], default=1)

    def shade(face: Face, row: int, column: int) -> float:
        count = face.counts.get((face.rows[row], face.columns[column]), 0)
        return LIGHTEST + (DARKEST - LIGHTEST) * count / most if count else 0

    def drawn(face: Face, place: Callable[[float, float], Point]) -> str:
        cells = [_cell([place(row, column), place(row, column + 1), place(row + 1, column + 1), place(row + 1, column)],
                       shade(face, row, column)) for row in range(len(face.rows)) for column in range(len(face.columns))]
        return link(face.address, face.words, "".join(cells))

    parts = [drawn(top, lambda row, column: (left + column * CELL + row * DEPTH, head - row * LIFT)),
             drawn(side, lambda row, column: (left + wide + column * DEPTH, head + row * CELL - column * LIFT)),
             drawn(front, lambda row, column: (left + column * CELL, head + row * CELL)),
             lines(names[0], left - 8, head + high / 2, EDGE - 24, "end", bold=True),
             text(names[1], left + wide / 2, head + high + 20, "middle", bold=True),
             text(names[2], left + wide + deep * DEPTH / 2 + 8, head + high + 6, "start", bold=True)]
    return picture("cube", left + wide + deep * DEPTH + EDGE / 2, head + high + 30, title, description, parts, role="group")


def _cell(corners: Sequence[Point], shade: float) -> str:
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z"
    return outline("level" if shade else "named", path, shade)
