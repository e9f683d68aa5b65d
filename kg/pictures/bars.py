"""Turns amounts into a chart of bars that lie: one line a bar, its amount written behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.pictures.svg import LINE, bar, picture, text, wrapped

WIDTH, LABEL, ROOM, BAR = 560, 190, 120, 12


@dataclass(frozen=True)
class Bars:
    """A name and its bars: what each is, and how much."""

    name: str
    amounts: tuple[tuple[str, float], ...]


def bars(name: str, title: str, parts: Sequence[Bars]) -> str:
    """Return a chart as SVG; nothing where no amount is above nought. All bars have one scale, from nought."""
    most = max((amount for one in parts for _, amount in one.amounts), default=0)
    if most <= 0:
        return ""
    drawn, y = [], 6.0
    for one in parts:
        names = wrapped(one.name, LABEL - 10)
        drawn += [text(line, LABEL - 10, y + LINE * (place + 1) - 4, "end") for place, line in enumerate(names)]
        for place, (what, amount) in enumerate(one.amounts):
            top, length = y + place * LINE, (WIDTH - LABEL - ROOM) * amount / most
            drawn += [bar("first" if place == 0 else "second", LABEL, top + 3, length, BAR),
                      text(f"{amount:,.6g} {what}".strip(), LABEL + length + 6, top + LINE - 4)]
        y += LINE * max(len(names), len(one.amounts)) + 8
    told = "; ".join(f"{one.name}: " + ", ".join(f"{what} {amount:,.6g}".strip() for what, amount in one.amounts)
                     for one in parts)
    return picture(name, WIDTH, y, title, told, drawn)
