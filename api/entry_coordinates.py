"""Turns the coordinates of a cell of the cube or of a path that an address names into what the short form has filled in."""

from flask import request

from api.answers import inquiry
from kg.entry.rows import Row
from kg.errors import StoreUnavailable
from kg.names import thing_iri

_CELL = {"tool": "appliesTool", "entry-way": "onEntryWay"}
_PART = {"role": "hasRole"}
_CASE = {"country": "inCountry", "place": "takesPlaceIn", "product": "involvesProduct", "entry-way": "usesEntryWay",
         "approach": "usesApproach", "organizational-model": "hasOrganizationalModel"}


def coordinates(language: str) -> list[Row]:
    """Return the rows that the fields ``tool``, ``entry-way``, ``approach``, ``country``, ``place``, ``product``,
    ``organizational-model`` and ``role`` of the address fill in.

    Each holds the key of a thing and is filled in by its name in a language; what is not in the graph is left out.
    """
    names: dict[str, str] = {}
    for side in (*_CELL, *_CASE, *_PART):
        key = request.args.get(side, "").removeprefix(f"{side}/")
        try:
            label = inquiry().labels({iri := thing_iri(side, key)}, language).get(iri, "") if key else ""
        except StoreUnavailable:
            label = ""
        if label:
            names[side] = label
    case = {column: (names[side],) for side, column in _CASE.items() if side in names}
    cell = {column: (names[side],) for side, column in _CELL.items() if side in names} if "tool" in names else {}
    part = {column: (names[side],) for side, column in _PART.items() if side in names}
    told = {"SystematizedExperience": case, "Participation": part, "ToolApplication": cell}
    return [Row(record, values) for record, values in told.items() if values]
