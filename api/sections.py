"""Turns parts of a page that say which query of the catalogue fills them into rows to show, each with the passages behind it.

Rows that differ in their passage alone are one row with several marks.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from api.answers import inquiry
from api.memory import remembered
from kg.errors import ParameterInvalid, QueryTimeout, StoreUnavailable
from kg.inquire import Cell
from kg.store.sparql import page_of

PATIENCE_S = 4.0
SOURCES = ("passage", "graph")  # columns that tell where a row is said; source beside a graph is what that is called


@dataclass(frozen=True)
class Section:
    """A part of a page: its name, which is its anchor, its heading in English and in Spanish, and the query that fills it.

    given: the parameters of the query; columns: those that are shown, or all; look: ``table``, ``card``, ``facts``,
    ``cells``, or what a template of its own shows; most: so many rows are shown at most, and the question behind them gives
    the others. told: the column of the thing whose own name and words a row gives, where the query does not say who says so.
    """

    name: str
    english: str
    spanish: str
    query: str
    given: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    look: str = "table"
    most: int = 100
    told: str = ""


@dataclass(frozen=True)
class Line:
    """A row: the cells by column, and its passages: (IRI, name) of each."""

    cells: dict[str, Cell | None]
    passages: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Filled:
    """A section with its rows. address: of the query that gave them, to look at and to take along; more: whether it has more.

    late: whether its query took too long to be part of a page; it can still be asked by itself.
    """

    section: Section
    columns: tuple[str, ...]
    lines: list[Line]
    address: str
    more: bool = False
    late: bool = False


def filled(sections: Iterable[Section], language: str) -> list[Filled]:
    """Return the sections that have rows, or are late, in their order; what a query does not know leaves its section out."""
    return [one for one in fill_all(sections, language) if one.lines or one.late]


def fill_all(sections: Iterable[Section], language: str) -> list[Filled]:
    """Return every section with its rows. Once they have taken PATIENCE_S together, the rest are late."""
    ends = time.monotonic() + PATIENCE_S
    return [fill(section, language, late=time.monotonic() > ends) for section in sections]


def fill(section: Section, language: str, late: bool = False) -> Filled:
    """Return a section with the rows of its query, in the order of these; late: do not ask it any more."""
    query = inquiry().catalogue.get(section.query)
    given = dict(section.given)
    if any(parameter.name == "language" for parameter in query.parameters):
        given["language"] = language
    if late:
        return Filled(section, (), [], query.path(given), late=True)
    try:
        table = remembered(page_of(inquiry().bound(section.query, given), section.most + 1, 0))
    except ParameterInvalid:
        return Filled(section, (), [], query.path(given))
    except QueryTimeout:
        return Filled(section, (), [], query.path(given), late=True)
    where = {name for name in table.columns if _tells_where(name, table.columns) and name not in section.columns}
    names = [name for name in table.columns if name not in where]
    told = {name for place, name in enumerate(table.columns) if any(row[place] for row in table.rows)}
    columns = tuple(name for name in section.columns or names if name in told)
    more = len(table.rows) > section.most
    lines = _lines(table.columns, table.rows[:section.most], where)
    lines = _called(_named(_stated(lines, section.told) if section.told else lines, language), language)
    return Filled(section, columns, lines, query.path(given), more)


def _named(lines: list[Line], language: str) -> list[Line]:
    """Return rows whose passages have their names, where the query has told the IRI alone."""
    bare = {iri for line in lines for iri, name in line.passages if iri == name}
    names = _of_index(bare, lambda things: inquiry().labels(things, language))
    return [Line(line.cells, tuple((iri, names.get(iri, name) if iri == name else name) for iri, name in line.passages))
            for line in lines]


def _stated(lines: list[Line], column: str) -> list[Line]:
    """Return rows of things that no passage stands beside with the passage that says most of each."""
    things = {cell.text for line in lines if (cell := line.cells.get(column)) and not line.passages}
    found = _of_index(things, inquiry().stated_in)
    return [replace(line, passages=((found[cell.text],) * 2,)) if not line.passages and (cell := line.cells.get(column))
            and cell.text in found else line for line in lines]


def _called(lines: list[Line], language: str) -> list[Line]:
    """Return rows in which each thing has its name beside it, where the query has told the IRI alone."""
    bare = {cell.text for line in lines for column, cell in line.cells.items()
            if cell and cell.kind == "uri" and not line.cells.get(f"{column}_label")}
    names = _of_index(bare, lambda things: inquiry().labels(things, language))
    return [replace(line, cells=line.cells | {f"{column}_label": Cell(names[cell.text]) for column, cell in line.cells.items()
                                              if cell and cell.text in names and not line.cells.get(f"{column}_label")})
            for line in lines] if names else lines


def _of_index(things: set[str], ask: Callable[[set[str]], dict[str, str]]) -> dict[str, str]:
    """Return what the index knows of some things; nothing where there is none yet."""
    try:
        return ask(things) if things else {}
    except StoreUnavailable:
        return {}


def _tells_where(column: str, columns: list[str]) -> bool:
    return column.removesuffix("_label") in SOURCES or (column == "source" and "graph" in columns)


def _lines(columns: list[str], rows: list[list[Cell | None]], where: set[str]) -> list[Line]:
    """Return the rows, those that differ in where they are said alone as one. where: the columns that tell that."""
    lines: dict[tuple[Cell | None, ...], list[tuple[str, str]]] = {}
    cells: dict[tuple[Cell | None, ...], dict[str, Cell | None]] = {}
    for row in rows:
        whole = dict(zip(columns, row, strict=True))
        told = {name: cell for name, cell in whole.items() if name not in where}
        key = tuple(told.values())
        cells[key] = told
        passages = lines.setdefault(key, [])
        for source in SOURCES:
            if source in where and (cell := whole.get(source)) and cell.kind == "uri":
                label = whole.get(f"{source}_label") or (whole.get("source") if source == "graph" else None)
                if (cell.text, label.text if label else cell.text) not in passages:
                    passages.append((cell.text, label.text if label else cell.text))
    return [Line(cells[key], tuple(passages)) for key, passages in lines.items()]
