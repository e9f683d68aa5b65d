"""Turns the rows of a query into lines of a page, each with what its marks open.

A column ``passage`` or ``graph`` tells where a row is said, ``x_passage`` or ``x_graph`` where the value in column x (or x_label)
of it is. A graph counts where no passage stands beside it: that of what this project adds, or of what follows by rules. A column
``disputed`` or ``x_disputed`` tells the discrepancy of which it is a part. Rows that differ in these columns alone are one line
with several marks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.inquire import Cell

SOURCES = ("passage", "graph")  # columns that tell where a row is said; source beside a graph is what that is called
_ORDERING = ("number", "position")  # columns that tell where a row stands among others
DOCUMENT = "in_document"  # column that tells of which document the passage of a row is
DISPUTED = "disputed"  # column that tells of which discrepancy a row is a part

Marks = tuple[tuple[str, str], ...]  # the IRI and the name of each passage or graph that a mark opens


@dataclass(frozen=True)
class Line:
    """A row: the cells by column, what its marks open, and what the marks of the value in a column do, by column.

    disputed: the discrepancies of which the value in a column is a part, by column, under "" those of the whole row; given: the
    things that its query was given, as IRIs; anchor: what leads to it on its page, if something does.
    """

    cells: dict[str, Cell | None]
    passages: Marks
    beside: Mapping[str, Marks] = field(default_factory=dict)
    disputed: Mapping[str, Marks] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    anchor: str = ""

    def says(self, beside: str = "") -> dict[str, int]:
        """Return the IRIs and texts of the row, each with how much it tells of what a mark stands beside, a column or the row.

        That is least of numbers, more of what the query was given, which all rows have, and most of the value in the column: of a
        thing more than of two others together, of a text, which may be the name of many things, less.
        """
        told = dict.fromkeys(self.given, 2)
        told |= {cell.text: 4 if cell.kind == "uri" or cell.language else 1
                 for column in self.cells if column not in _ORDERING and (cell := self._value(column))}
        return told | ({cell.text: 9 if cell.kind == "uri" else 7} if (cell := self._value(beside)) else {})

    def _value(self, column: str) -> Cell | None:
        """Return the value in a column: of the name of a thing, the thing."""
        thing = self.cells.get(column.removesuffix("_label"))
        return thing if thing and thing.kind == "uri" else self.cells.get(column)


def told_of(column: str, columns: list[str]) -> str | None:
    """Return the column of whose value a column tells where it is said or disputed, "" if it is the row, None if it does not."""
    name = column.removesuffix("_label")
    if name in (*SOURCES, DOCUMENT, DISPUTED) or (column == "source" and "graph" in columns):
        return ""
    for source in (*SOURCES, DISPUTED):
        of = name.removesuffix(f"_{source}")
        if of != name:
            return next((shown for shown in (of, f"{of}_label") if shown in columns), "")
    return None


def lines_of(columns: list[str], rows: list[list[Cell | None]], where: Mapping[str, str]) -> list[Line]:
    """Return the rows, those that differ in what their marks open alone as one. where: the columns that tell it, and of what."""
    marks: dict[tuple[Cell | None, ...], dict[str, dict[tuple[str, str], None]]] = {}
    at_odds: dict[tuple[Cell | None, ...], dict[str, dict[tuple[str, str], None]]] = {}
    cells: dict[tuple[Cell | None, ...], dict[str, Cell | None]] = {}
    for row in rows:
        whole = dict(zip(columns, row, strict=True))
        told = {name: cell for name, cell in whole.items() if name not in where}
        key = tuple(told.values())
        cells[key] = told
        for found, sources in ((marks, SOURCES), (at_odds, (DISPUTED,))):
            of_row = found.setdefault(key, {})
            for beside, mark in _opened(whole, where, sources).items():
                of_row.setdefault(beside, {})[mark] = None
    return [Line(cells[key], tuple(of_row.pop("", ())), {column: tuple(opened) for column, opened in of_row.items()},
                 {column: tuple(opened) for column, opened in at_odds[key].items()}) for key, of_row in marks.items()]


def _opened(row: Mapping[str, Cell | None], where: Mapping[str, str], sources: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return what the marks of one row open, by the column beside which they stand: that of the first source which has one."""
    found: dict[str, tuple[str, str]] = {}
    for source in sources:
        for column, beside in where.items():
            if column.endswith(source) and beside not in found and (cell := row.get(column)) and cell.kind == "uri":
                label = row.get(f"{column}_label") or (row.get("source") if column == "graph" else None)
                found[beside] = cell.text, label.text if label else cell.text
    return found
