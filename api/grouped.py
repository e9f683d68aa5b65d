"""Turns the rows of a part of a page into what they tell of: tools by phase, risks with what was set against each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from api.lines import Line


@dataclass(frozen=True)
class Risk:
    """A risk with all its passages, and what was set against it, each once with the passages that say so."""

    line: Line
    answers: list[Line]


def phases(lines: Iterable[Line]) -> list[list[list[Line]]]:
    """Return the rows of tools by phase, and within it by tool, each in the order of the rows."""
    def runs(column: str, rows: Iterable[Line]) -> list[list[Line]]:
        return [list(group) for _, group in groupby(rows, lambda line: line.cells[column])]
    return [runs("tool", phase) for phase in runs("phase_label", lines)]


def risks(lines: Iterable[Line]) -> list[Risk]:
    """Return the risks of rows in their order; what was set against them is known by its name."""
    return [Risk(_joined(rows), [_joined([_answer(line) for line in answer], "response_label")
                                 for answer in by("response_label", rows)]) for rows in by("risk", lines)]


def by(column: str, lines: Iterable[Line]) -> list[list[Line]]:
    """Return rows by what stands in a column, in the order in which each first stands there; those without it are left out."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        if cell := line.cells.get(column):
            found.setdefault(cell.text, []).append(line)
    return list(found.values())


def _joined(lines: list[Line], column: str = "") -> Line:
    """Return rows as one, with the passages of all of them, or of the value in a column of them."""
    marks = tuple(dict.fromkeys(mark for line in lines for mark in (line.beside[column] if column else line.passages)))
    return replace(lines[0], beside={**lines[0].beside, column: marks}) if column else replace(lines[0], passages=marks)


def _answer(line: Line) -> Line:
    """Return a row of a risk with the passages of the answer to it beside its name: its own, where these are not told apart."""
    told = line.beside.get("response_label") or line.beside.get("response") or line.passages
    return replace(line, beside={**line.beside, "response_label": told})
