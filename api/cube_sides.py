"""Turns the sides of the cube that an address names into the query of the catalogue that counts them, and its rows into matrices.

A tool or an approach and an entry way go together where an application says so: that one on that way. Other sides go together
where an experience has both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.inquire import Table
from kg.names import path_of


@dataclass(frozen=True)
class Side:
    """A side of the cube.

    key: its kind, as in addresses; relation: the property by which an experience has it; link: that by which an
    application does; whole: whether all its things are shown, or those alone that something stands behind.
    """

    key: str
    relation: str
    of_class: str
    english: str
    spanish: str
    link: str = ""
    whole: bool = True

    @property
    def filter(self) -> str:
        """Return the parameter of the queries that keeps the experiences that have one of some things of this side."""
        return self.key.replace("-", "_")


SIDES = {side.key: side for side in (
    Side("tool", "par:usesTool", "par:Tool", "tools", "herramientas", "par:appliesTool"),
    Side("entry-way", "par:usesEntryWay", "par:EntryWay", "entry ways", "vías de entrada", "par:onEntryWay"),
    Side("approach", "par:usesApproach", "par:Approach", "approaches", "enfoques", "par:takesApproach"),
    Side("country", "par:inCountry", "par:Country", "countries", "países", whole=False),
    Side("organizational-model", "par:hasOrganizationalModel", "par:OrganizationalModel", "organizational models",
         "modelos organizativos"),
    Side("product", "par:involvesProduct", "par:Product", "products", "productos", whole=False))}


@dataclass(frozen=True)
class Counted:
    """How many experiences and how many passages stand behind a cell.

    look: ``several``, ``single`` where one experience or one passage is all, or ``none``.
    """

    experiences: int = 0
    passages: int = 0

    @property
    def look(self) -> str:
        """Return what a cell looks like by its sources."""
        return "none" if not self.experiences else "single" if min(self.experiences, self.passages) < 2 else "several"


@dataclass(frozen=True)
class Plan:
    """Which query counts some sides, with which parameters, and which list tells what stands behind a cell.

    order: for row, column and slice of the query the place of its side among those that were asked for.
    """

    query: str
    given: Mapping[str, str]
    listing: str
    order: tuple[int, ...]

    def behind(self, cell: Sequence[str], sides: Sequence[Side], filters: Mapping[str, str]) -> dict[str, str]:
        """Return the parameters of the list that tells what stands behind a cell; cell: a key for each side."""
        things = [f"{sides[place].key}/{cell[place]}" for place in self.order]
        given = {key: value for key, value in self.given.items() if key == "slices"} if len(things) > 2 else {}
        if self.listing == "list_application_experiences":
            given |= {"row": things[0], "entry_way_of": things[1]}
        else:
            given |= {"rows": self.given["rows"], "row": things[0], "columns": self.given["columns"], "column": things[1]}
        return {**given, **({"slice": things[2]} if len(things) > 2 else {}), **filters}


def plan(sides: Sequence[Side], filters: Mapping[str, str]) -> Plan:
    """Return how two or three sides are counted: rows, columns and slices, in this order."""
    keys = [side.key for side in sides]
    item = next((key for key in ("tool", "approach") if key in keys), "")
    if item and "entry-way" in keys:
        order = (keys.index(item), keys.index("entry-way"))
        rest = tuple(place for place in range(len(keys)) if place not in order)
        given = {"rows": SIDES[item].link}
        if rest:
            given["slices"] = sides[rest[0]].link or sides[rest[0]].relation
        return Plan("count_applications", {**given, **filters}, "list_application_experiences", order + rest)
    given = {"rows": sides[0].relation, "columns": sides[1].relation}
    if len(sides) > 2:
        given["slices"] = sides[2].relation
    return Plan("count_pivot", {**given, **filters}, "list_pivot_experiences", tuple(range(len(keys))))


@dataclass(frozen=True)
class Cube:
    """What was counted, by row, column and slice, each a key or nothing where all are counted together.

    names: of keys, by side.
    """

    cells: Mapping[tuple[str, ...], Counted]
    names: tuple[Mapping[str, str], ...]

    def at(self, row: str, column: str, slice: str = "") -> Counted:
        """Return what stands behind a cell; behind a whole row where column is empty, behind a column where row is."""
        return self.cells.get((row, column, slice), Counted())


def cube_of(table: Table, order: Sequence[int]) -> Cube:
    """Return what a query has counted, turned as it was asked for.

    There are totals over the row and the column of the query alone, so where these are turned to slices some are not there.
    """
    at = {name: number for number, name in enumerate(table.columns)}
    cells: dict[tuple[str, ...], Counted] = {}
    names: tuple[dict[str, str], ...] = ({}, {}, {})
    for row in table.rows:
        key = ["", "", ""]
        for column, place in zip(("row", "column", "slice"), order, strict=False):
            if (cell := row[at[column]]) is not None:
                key[place] = path_of(cell.text).partition("/")[2]
                label = row[at[f"{column}_label"]]
                names[place][key[place]] = label.text if label else key[place]
        experiences, passages = row[at["experiences"]], row[at["passages"]]
        if experiences and passages:
            cells[key[0], key[1], key[2]] = Counted(int(experiences.text), int(passages.text))
    return Cube(cells, names)
