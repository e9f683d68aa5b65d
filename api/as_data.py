"""Turns rows that a page shows, of one query or of several parts, into data: CSV, RDF, and for parts a tree for JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, jsonify, request

from api import fields
from api.answers import inquiry, respond, say_in
from api.negotiation import GRAPHS, Format
from api.sections import Filled
from kg.inquire import Cell, Table
from kg.rows import as_graph
from kg.store.written import write_graph
from kg.tables import as_csv


def is_graph(format: Format) -> bool:
    """Tell whether a format is one of RDF."""
    return format.key in {one.key for one in GRAPHS}


def answered(name: str, given: Mapping[str, str], format: Format, saved_as: str = "") -> Response:
    """Return the answer to a query of the catalogue in a format; saved_as: what browsers call it. Raises ParameterInvalid."""
    text = inquiry().bound(name, given)
    if is_graph(format):
        return given_as(inquiry().table(text), format, f"queries/{name}", list(given.items()))
    return respond(inquiry().answer(text, format.key), format, saved_as or name)


def given_as(table: Table, format: Format, path: str, asked: Sequence[tuple[str, str]], first_row: int = 1) -> Response:
    """Return rows in CSV or as RDF, which calls them by a path and what was asked there."""
    if is_graph(format):
        named = fields.encoded(sorted((name, value) for name, value in asked if value))
        return respond(write_graph(as_graph(path, named, table, first_row), format.key), format)
    return respond(as_csv(table), format, path.rpartition("/")[2])


def parts_given_as(parts: Sequence[Filled], format: Format, path: str, asked: Mapping[str, object], language: str) -> Response:
    """Return what the parts of a page show, as far as they show it: as a tree, or their rows one after the other.

    path: of the page, without the slash before it; asked: what its fields ask for, told in the tree.
    """
    if format.key == "json":
        return jsonify(**asked, revision=inquiry().revision().number,
                       sections={one.section.name: _tree(one, language) for one in parts})
    return given_as(_rows(parts, language), format, path, fields.asked())


def _tree(one: Filled, language: str) -> dict[str, Any]:
    return {"title": _title(one, language), "question": request.url_root.rstrip("/") + one.address, "more": one.more,
            "late": one.late, "rows": [
                {**{column: cell.text for column in one.columns if (cell := line.cells[column])},
                 "passages": [iri for iri, _ in line.passages]} for line in one.lines]}


def _rows(parts: Sequence[Filled], language: str) -> Table:
    """Return the rows of all parts with the columns of all; a row that several passages say stands there once for each."""
    columns = list(dict.fromkeys(column for one in parts for column in one.columns))
    rows: list[list[Cell | None]] = []
    for one in parts:
        title = Cell(_title(one, language), language=language)
        for line in one.lines:
            told = [line.cells.get(column) if column in one.columns else None for column in columns]
            passages: list[Cell | None] = [Cell(iri, "uri") for iri, _ in line.passages]
            rows += [[title, *told, passage] for passage in passages or [None]]
    return Table(["section", *columns, "passage"], rows)


def _title(one: Filled, language: str) -> str:
    return say_in(language)(one.section.english, one.section.spanish)
