"""Turns rows of places with their counts into the countries of a map, and tells which of them no outline is called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from api.answers import local, names_of
from kg.inquire import Cell
from kg.pictures.outlines import outline_of
from kg.pictures.world import Place

Pair = tuple[str, str]

# What can be counted, by the column that counts it: one, several, none of it, in English and in Spanish.
COUNTS: dict[str, tuple[Pair, Pair, Pair]] = {
    "experiences": (("experience", "experiencia"), ("experiences", "experiencias"),
                    ("no experience documented", "ninguna experiencia documentada")),
    "projects": (("alliance project", "proyecto de alianzas"), ("alliance projects", "proyectos de alianzas"),
                 ("no alliance project documented", "ningún proyecto de alianzas documentado")),
    "cases": (("case", "caso"), ("cases", "casos"), ("no case documented", "ningún caso documentado")),
}


@dataclass(frozen=True)
class OnMap:
    """The countries that have an outline, and those that have none: path and name of each."""

    places: list[Place]
    unmatched: list[tuple[str, str]]


def on_map(rows: Iterable[Mapping[str, Cell | None]], count: str, say: Callable[[str, str], str]) -> OnMap:
    """Return what a map shows of the rows of count_cases_by_place: countries, by what the graph calls them in English.

    count: the column that is counted. Rows of places that are part of a country, or twice there, are left out.
    """
    things = {place.text: row for row in rows if (place := row["place"]) and not row.get("country")}
    english = names_of(things, "en")
    found: dict[str, Place] = {}
    unmatched = []
    for iri, row in things.items():
        name = _text(row, "place_label")
        outline = outline_of(english.get(iri, name))
        if outline and outline.path not in found:
            number = int(_text(row, count) or 0)
            found[outline.path] = Place(outline, name, number, _words(count, number, say), local(iri))
        else:
            unmatched.append((local(iri), name))
    return OnMap(list(found.values()), unmatched)


def _words(count: str, number: int, say: Callable[[str, str], str]) -> str:
    one, several, none = COUNTS[count]
    return f"{number} {say(*(one if number == 1 else several))}" if number else say(*none)


def _text(row: Mapping[str, Cell | None], column: str) -> str:
    cell = row.get(column)
    return cell.text if cell else ""
