"""Turns what a passage states into its page: its tables as tables, and a line for each thing, with an anchor that marks lead to.

A table is drawn where what the passage states stands in at least LEAST rows and columns. In it the cell is the line of what it
is made of, and the same as a list folds; nothing else that has an anchor is folded, since what a mark leads to is to be seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from api.lines import Line
from api.sections import Filled
from kg.inquire import Cell
from kg.names import path_of

LEAST = 3  # rows, and columns, of what is drawn as a table

Head = tuple[Cell, str, str]  # the thing of a row or column, its name, and of which status the numbers in it are


@dataclass(frozen=True)
class Matrix:
    """A table that a passage has: of which class its rows and columns are, and what stands in each cell, with its anchor."""

    rows_of: str
    columns_of: str
    lines: list[Line]

    @cached_property
    def rows(self) -> list[Head]:
        """Return its rows, in the order of their names."""
        return _in_order(_head(line, "row") for line in self.lines)

    @cached_property
    def columns(self) -> list[Head]:
        """Return its columns, in the order of their names."""
        return _in_order(_head(line, "column") for line in self.lines)

    @cached_property
    def cells(self) -> dict[tuple[Head, Head], list[Line]]:
        """Return what stands in each cell that is not empty, by row and column."""
        found: dict[tuple[Head, Head], list[Line]] = {}
        for line in self.lines:
            found.setdefault((_head(line, "row"), _head(line, "column")), []).append(line)
        return found

    @property
    def unit(self) -> str:
        """Return the unit of its numbers, or nothing where they have none or several."""
        units = {_text(line, "unit_label") for line in self.lines}
        return units.pop() if len(units) == 1 else ""


@dataclass(frozen=True)
class Stated:
    """What a passage states: its tables, the lines that stand in them, those that do not, and those of the passages inside it.

    Lines are parted by the kind of their thing.
    """

    tables: list[Matrix]
    drawn: list[Filled]
    own: list[Filled]
    inside: list[Filled]


def stated_in(passage: str, cells: Filled, says: Filled) -> Stated:
    """Return what a passage states. cells: the rows of list_passage_cells, and says: those of read_passage, of the passage."""
    tables = _tables(cells)
    drawn = {line.anchor for table in tables for line in table.lines}
    in_tables: list[Line] = []
    listed: list[Line] = []
    inside: list[Line] = []
    for line in says.lines:
        if passage not in (iri for iri, _ in line.passages):
            inside.append(line)
        else:
            (in_tables if _anchor(line, "thing") in drawn else listed).append(replace(line, passages=()))
    return Stated(tables, _parted(says, "drawn", in_tables), _parted(says, "says", _anchored(listed, "thing")),
                  _parted(says, "inside", inside))


def _tables(cells: Filled) -> list[Matrix]:
    of: dict[tuple[str, str], list[Line]] = {}
    for line in cells.lines:
        of.setdefault((_text(line, "rows_label"), _text(line, "columns_label")), []).append(line)
    tables = [Matrix(*sides, _anchored(lines, "cell")) for sides, lines in of.items()]
    return [one for one in tables if min(len(one.rows), len(one.columns)) >= LEAST]


def _parted(says: Filled, name: str, lines: list[Line]) -> list[Filled]:
    return replace(says, lines=lines, section=replace(says.section, name=name)).parted("kind_label")


def _anchored(lines: Iterable[Line], column: str) -> list[Line]:
    """Return lines of which the first of each thing has its anchor."""
    seen: set[str] = set()
    found = []
    for line in lines:
        anchor = _anchor(line, column)
        found.append(line if anchor in seen else replace(line, anchor=anchor))
        seen.add(anchor)
    return found


def _anchor(line: Line, column: str) -> str:
    return path_of(_text(line, column))


def _head(line: Line, side: str) -> Head:
    thing = line.cells[side]
    if thing is None:
        raise ValueError(f"a cell of a table stands in no {side}")
    return thing, _text(line, f"{side}_label") or thing.text, _text(line, "status_label") if side == "column" else ""


def _in_order(heads: Iterable[Head]) -> list[Head]:
    return sorted(dict.fromkeys(heads), key=lambda head: (head[1].casefold(), head[2], head[0].text))


def _text(line: Line, column: str) -> str:
    return cell.text if (cell := line.cells.get(column)) else ""
