"""Turns rows that a page shows, of one query or of several parts, into data: CSV, RDF, and for parts a tree for JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, jsonify, request

from api import fields
from api.answers import inquiry, respond, say_in
from api.lines import DISPUTED, Line
from api.negotiation import GRAPHS, Format
from api.paging import FIELDS, page_asked_for
from api.sections import Filled
from kg.errors import QueryTimeout
from kg.inquire import Cell, Table
from kg.rows import as_graph
from kg.store.written import write_graph
from kg.tables import as_csv

_SAID_IN = "said_in"  # the column of what says a row; no query has one of that name


def is_graph(format: Format) -> bool:
    """Tell whether a format is one of RDF."""
    return format.key in {one.key for one in GRAPHS}


def answered(name: str, given: Mapping[str, str], format: Format, saved_as: str = "", always: bool = False) -> Response:
    """Return the answer to a query of the catalogue in a format, or the part of it that the request asks for.

    saved_as: what browsers call it; always: answer in parts even where the request does not ask for one. Raises ParameterInvalid,
    and NotFound past the end.
    """
    text, part = page_asked_for(inquiry().bound(name, given), always)
    if is_graph(format):
        asked = [*given.items(), *((field, request.args.get(field, "")) for field in FIELDS)]
        response = given_as(inquiry().table(text), format, f"queries/{name}", asked, part.first_row if part else 1)
    else:
        response = respond(inquiry().answer(text, format.key), format, saved_as or name)
    if "language" in given:
        response.headers["Content-Language"] = given["language"]
    return part.told(response) if part else response


def given_as(table: Table, format: Format, path: str, asked: Sequence[tuple[str, str]], first_row: int = 1) -> Response:
    """Return rows in CSV or as RDF, which calls them by a path and what was asked there."""
    if is_graph(format):
        named = fields.encoded(sorted((name, value) for name, value in asked if value))
        return respond(write_graph(as_graph(path, named, table, first_row), format.key), format)
    return respond(as_csv(table), format, path.rpartition("/")[2])


def asked_in(language: str) -> list[tuple[str, str]]:
    """Return the fields of the address, and the language of the answer whether or not they name it: rows are called by both."""
    return [*((name, value) for name, value in fields.asked() if name != "language"), ("language", language)]


def parts_given_as(parts: Sequence[Filled], format: Format, path: str, asked: Mapping[str, object], language: str) -> Response:
    """Return what the parts of a page show, as far as they show it: as a tree, or their rows one after the other.

    path: of the page, without the slash before it; asked: what its fields ask for, told in the tree. Raises QueryTimeout where
    rows would lack a part that took too long, which the tree tells.
    """
    if format.key == "json":
        return jsonify(**asked, revision=inquiry().revision().number,
                       sections={one.section.name: _tree(one, language) for one in parts})
    if late := next((one for one in parts if one.late), None):
        raise QueryTimeout(f"These rows would lack a part that took too long: {_title(late, language)}. It can be asked by "
                           f"itself, {late.address}; the others are in JSON, which says what they lack.")
    return given_as(_rows(parts, language), format, path, asked_in(language))


def _tree(one: Filled, language: str) -> dict[str, Any]:
    return {"title": _title(one, language), "question": request.url_root.rstrip("/") + one.address, "more": one.more,
            "rows_in_all": one.total[0] if one.total else None if one.more else len(one.lines), "late": one.late, "rows": [
                {**{column: cell.text for column in one.columns if (cell := line.cells[column])},
                 _SAID_IN: [], **_marks(one, line)} for line in one.lines]}


def _rows(parts: Sequence[Filled], language: str) -> Table:
    """Return the rows of all parts with the columns of all.

    A row that several passages say stands there once for each; what its marks open, and those of a value, stands in columns.
    """
    columns = list(dict.fromkeys(column for one in parts for column in one.columns))
    marked = list(dict.fromkeys([_SAID_IN, *(name for one in parts for line in one.lines for name in _marks(one, line))]))
    rows: list[list[Cell | None]] = []
    for one in parts:
        title = Cell(_title(one, language), language=language)
        for line in one.lines:
            told = [line.cells.get(column) if column in one.columns else None for column in columns]
            says = [_marks(one, line).get(name, []) for name in marked]
            rows += [[title, *told, *(Cell(iris[min(at, len(iris) - 1)], "uri") if iris else None for iris in says)]
                     for at in range(max(1, *map(len, says)))]
    return Table(["section", *columns, *marked], rows)


def _marks(one: Filled, line: Line) -> dict[str, list[str]]:
    """Return what the marks of a row open, and those of the values in it that are shown, by the columns for that in data."""
    opened = {_SAID_IN: line.passages, DISPUTED: line.disputed.get("", ())}
    for column in one.heads:
        name = column.removesuffix("_label")
        said = dict.fromkeys((*line.beside.get(column, ()), *line.beside.get(f"{name}_label", ())))
        opened |= {f"{name}_{_SAID_IN}": tuple(said), f"{name}_{DISPUTED}": line.disputed.get(column, ())}
    return {name: [iri for iri, _ in marks] for name, marks in opened.items() if marks}


def _title(one: Filled, language: str) -> str:
    return say_in(language)(one.section.english, one.section.spanish)
