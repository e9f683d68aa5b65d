"""Turns a class into the things of it that a form offers."""

from api.answers import inquiry
from api.memory import remembered
from kg.errors import ParameterInvalid


def choices_of(kind: str, language: str) -> list[tuple[str, str]]:
    """Return the things of a class that a form offers, as key and name, by name; none where the graph has none of them."""
    try:
        rows = remembered(inquiry().bound("list_things", {"class": kind, "language": language})).rows
    except ParameterInvalid:
        return []
    called = [("/".join(row[2].text.split("/")[-2:]) if kind == "par:Place" else row[0].text, row[1].text)
              for row in rows if row[0] and row[1] and row[2]]
    return sorted(called, key=lambda choice: choice[1].casefold())
