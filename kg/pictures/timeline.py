"""Turns what happened in which years into a timeline: below the name of each event a bar from its first year to its last."""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.pictures.svg import LINE, bar, outline, picture, text, wrapped

WIDTH, TOP, BAR, YEAR, TICKS = 400, 26, 9, 34, 8


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
    scale = WIDTH / (last - first + 1)
    step = next(years for years in (1, 2, 5, 10, 20, 50, 1000) if (last - first + 1) / years <= TICKS)
    drawn, bars, y = [], [], float(TOP)
    for one in moments:
        x = (one.year - first) * scale
        for name in wrapped(f"{one.name} ({one.case})" if one.case and one.case != one.name else one.name, WIDTH - 60):
            drawn.append(text(name, 0, y + LINE - 4))
            y += LINE
        drawn.append(bar("first", x, y, max(5, (one.until - one.year + 1) * scale - 2), BAR))
        bars.append(y)
        y += BAR + 6
    marked = [year for year in range(first - first % step, last + 1, step) if year >= first]
    years = [text(str(year), min((year - first) * scale, WIDTH - YEAR), LINE - 3) for year in marked]
    ruled = [(TOP - 6, 6), *((one - 2, BAR + 4) for one in bars)]  # not through the names
    rules = "".join(f"M{(year - first) * scale:g},{top:g}v{height}" for year in marked for top, height in ruled)
    told = "; ".join(f"{one.year}{f'–{one.until}' if one.until > one.year else ''}: {one.name}" for one in moments[:40])
    return picture("timeline", WIDTH, y + 4, title, told, [*years, outline("line", rules), *drawn])
