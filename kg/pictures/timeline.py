"""Turns what happened in which years into a timeline: one line an event, from the first year to the last."""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.pictures.svg import LINE, bar, line, picture, text, wrapped

WIDTH, LABEL, TOP = 900, 420, 26


@dataclass(frozen=True)
class Moment:
    """An event: its first and last year, what happened, and in which case."""

    year: int
    until: int
    name: str
    case: str = ""


def timeline(title: str, moments: Sequence[Moment]) -> str:
    """Return a timeline as SVG, in the order given; nothing without a moment."""
    if not moments:
        return ""
    first, last = min(one.year for one in moments), max(max(one.year, one.until) for one in moments)
    scale = (WIDTH - LABEL - 60) / max(1, last - first + 1)
    step = next(years for years in (1, 2, 5, 10, 20, 50, 1000) if (last - first + 1) / years <= 10)
    height = TOP + len(moments) * (LINE + 2) + 8
    drawn = []
    for year in range(first - first % step, last + 1, step):
        if year >= first:
            x = LABEL + (year - first) * scale
            drawn += [text(str(year), x, LINE - 3), line(x, TOP - 6, x, height - 4, dashed=True)]
    for place, one in enumerate(moments):
        y = TOP + place * (LINE + 2)
        name = wrapped(f"{one.name} ({one.case})" if one.case and one.case != one.name else one.name, LABEL - 20)
        x = LABEL + (one.year - first) * scale
        drawn += [text(name[0] + ("…" if len(name) > 1 else ""), LABEL - 10, y + LINE - 4, "end"),
                  bar("first", x, y + 4, max(5, (one.until - one.year + 1) * scale - 2), 11)]
    told = "; ".join(f"{one.year}{f'–{one.until}' if one.until > one.year else ''}: {one.name}" for one in moments[:40])
    return picture("timeline", WIDTH, height, title, told, drawn)
