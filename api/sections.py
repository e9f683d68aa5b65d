"""Turns parts of a page that say which query of the catalogue fills them into rows to show, each with the passages behind it.

Rows that differ in their passage alone are one row with several marks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api.answers import inquiry
from kg.errors import ParameterInvalid
from kg.inquire import Cell
from kg.store.sparql import page_of

SOURCES = ("passage", "source", "graph")  # columns that tell where a row is said


@dataclass(frozen=True)
class Section:
    """A part of a page: its name, which is its anchor, its heading in English and in Spanish, and the query that fills it.

    given: the parameters of the query; columns: those that are shown, or all; look: ``table``, ``list``, or what a template
    of its own shows; most: how many rows of the query are read, or 0 for all.
    """

    name: str
    english: str
    spanish: str
    query: str
    given: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    look: str = "table"
    most: int = 0


@dataclass(frozen=True)
class Line:
    """A row: the cells by column, and its passages: (IRI, name) of each."""

    cells: Mapping[str, Cell | None]
    passages: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Filled:
    """A section with its rows. address: of the query that gave them, to look at and to take along; cut: whether it has more."""

    section: Section
    columns: tuple[str, ...]
    lines: list[Line]
    address: str
    cut: bool = False


def filled(sections: Iterable[Section], language: str) -> list[Filled]:
    """Return the sections that have rows, in their order; what a query does not know leaves its section out."""
    found = (fill(section, language) for section in sections)
    return [one for one in found if one.lines]


def fill(section: Section, language: str) -> Filled:
    """Return a section with the rows of its query, in the order of these."""
    query = inquiry().catalogue.get(section.query)
    given = dict(section.given)
    if any(parameter.name == "language" for parameter in query.parameters):
        given["language"] = language
    try:
        text = inquiry().bound(section.query, given)
    except ParameterInvalid:
        return Filled(section, (), [], query.path(given))
    table = inquiry().table(page_of(text, section.most + 1, 0) if section.most else text)
    cut = 0 < section.most < len(table.rows)
    rows = table.rows[:section.most] if cut else table.rows
    names = [name for name in table.columns if name.removesuffix("_label") not in SOURCES]
    columns = tuple(name for name in section.columns or names if name in table.columns)
    return Filled(section, columns, _lines(table.columns, rows), query.path(given), cut)


def _lines(columns: list[str], rows: list[list[Cell | None]]) -> list[Line]:
    lines: dict[tuple[Cell | None, ...], list[tuple[str, str]]] = {}
    cells: dict[tuple[Cell | None, ...], dict[str, Cell | None]] = {}
    for row in rows:
        whole = dict(zip(columns, row, strict=True))
        told = {name: cell for name, cell in whole.items() if name.removesuffix("_label") not in SOURCES}
        key = tuple(told.values())
        cells[key] = told
        passages = lines.setdefault(key, [])
        for source in SOURCES:
            if cell := whole.get(source):
                label = whole.get(f"{source}_label")
                if (cell.text, label.text if label else cell.text) not in passages:
                    passages.append((cell.text, label.text if label else cell.text))
    return [Line(cells[key], tuple(passages)) for key, passages in lines.items()]
