"""Turns amounts into a chart of bars that lie: below each name one line a bar, its amount written behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.amounts import written
from kg.pictures.svg import LINE, bar, picture, text, wrapped

WIDTH, ROOM, BAR = 400, 130, 12  # as wide as a telephone shows without making the letters small


@dataclass(frozen=True)
class Bars:
    """A name and its bars: what each is, and how much; without an amount the words stand alone, where a bar would begin."""

    name: str
    amounts: tuple[tuple[str, float | None], ...]


def bars(name: str, title: str, parts: Sequence[Bars], say: Callable[[str, str], str], apart: bool = False) -> str:
    """Return a chart as SVG; nothing where no amount is above nought. say: of a text in English and in Spanish gives the one.

    All bars have one scale, from nought; or, apart, those of each name their own, where names count different things.
    """
    most = _most(parts)
    if most <= 0:
        return ""
    drawn, y = [], 4.0
    for one in parts:
        greatest = (_most([one]) if apart else most) or 1
        for words in wrapped(one.name, WIDTH - 60):
            drawn.append(text(words, 0, y + LINE - 4, bold=True))
            y += LINE
        for place, (what, amount) in enumerate(one.amounts):
            length = (WIDTH - ROOM) * (amount or 0) / greatest
            drawn += [bar("first" if place == 0 else "second", 0, y + 3, length, BAR)] if amount is not None else []
            drawn.append(text(_said(what, amount, say), length + 6 if amount is not None else 0, y + LINE - 4))
            y += LINE
        y += 8
    told = "; ".join(f"{one.name}: " + ", ".join(_said(what, amount, say) for what, amount in one.amounts) for one in parts)
    return picture(name, WIDTH, y, title, told, drawn)


def _most(parts: Sequence[Bars]) -> float:
    return max((amount for one in parts for _, amount in one.amounts if amount is not None), default=0)


def _said(what: str, amount: float | None, say: Callable[[str, str], str]) -> str:
    return what if amount is None else f"{say(*written(f'{amount:.6g}'))} {what}".strip()
