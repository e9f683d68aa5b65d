"""Turns parts of a page that say which query of the catalogue fills them into rows to show, each with what its marks open."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from api.answers import inquiry, names_of
from api.lines import Line, Marks, lines_of, told_of
from api.memory import remembered
from api.said import expect
from api.standard_terms import is_standard, standard_term
from kg.errors import ParameterInvalid, QueryTimeout
from kg.inquire import Cell, Table
from kg.names import BASE, path_of
from kg.store.sparql import counted, page_of

PATIENCE_S = 4.0
SHOWN_FIRST, SHOWN_WHOLE = 10, 14  # of a table so many rows are shown before it folds, if it has more than these
NARROW = 90  # letters of a row that has room on a telephone


@dataclass(frozen=True)
class Section:
    """A part of a page: its name, which is its anchor, its heading in English and in Spanish, and the query that fills it.

    given: the parameters of the query; columns: those that are shown, or all; look: ``table``, ``card``, ``facts``,
    ``cells``, or what a template of its own shows; most: so many rows are shown at most, and the question behind them gives
    the others. counted: the columns whose values the query counts or works out. states: what a row states, under "", or the
    value in a column of it: subject, property and object, each a column or an IRI. instead: what is shown in its place where it
    has more rows, since its first rows alone would mislead.
    """

    name: str
    english: str
    spanish: str
    query: str
    given: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    look: str = "table"
    most: int = 100
    counted: tuple[str, ...] = ()
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    instead: "Section | None" = None

    def of(self, iri: str) -> "Section":
        """Return it of a thing, whose IRI stands wherever nothing was left in its place."""
        return replace(self, given={name: text or iri for name, text in self.given.items()}, states={
            column: tuple(part or iri for part in stated) for column, stated in self.states.items()},
                       instead=self.instead and self.instead.of(iri))


@dataclass(frozen=True)
class Filled:
    """A section with its rows. address: of the query that gave them, to look at and to take along; more: whether it has more.

    late: whether its query took too long to be part of a page; it can still be asked by itself. total: where it has more, how
    many rows and how many things there are in all, where counting them did not take too long.
    """

    section: Section
    columns: tuple[str, ...]
    lines: list[Line]
    address: str
    more: bool = False
    late: bool = False
    total: tuple[int, int] | None = None

    def statement(self, line: Line, column: str = "") -> tuple[str, ...]:
        """Return what a row states, or the value in a column of it: subject, property, object; nothing where it is not known."""
        stated = self.section.states.get(column, ())
        return tuple(cell.text if (cell := line.cells.get(name)) else name for name in stated)

    @property
    def heads(self) -> list[str]:
        """Return the columns that are shown as such; the name of a thing stands in the column of the thing."""
        return [one for one in self.columns if not (one.endswith("_label") and one.removesuffix("_label") in self.columns)]

    @property
    def count(self) -> int:
        """Return how many things it lists: a thing that several rows tell of counts once; where they tell of none, the rows."""
        of_rows = self.section.look in ("cells", "facts", "stated", "sides")
        return (self.total or (len(self.lines), self._things))[0 if of_rows else 1]

    @property
    def _things(self) -> int:
        return len({line.cells[self.lead] for line in self.lines}) if self.lead else len(self.lines)

    def only(self, *columns: str) -> "Filled":
        """Return it with some of its columns, and of the rows that are the same in these the first."""
        first = {tuple(line.cells[name] for name in columns): line for line in reversed(self.lines)}
        return replace(self, columns=columns, lines=list(reversed(first.values())))

    @property
    def is_cut(self) -> bool:
        """Tell whether there is more, and not how much."""
        return self.more and not self.total

    @cached_property
    def lead(self) -> str:
        """Return the first column of things, which is what its rows are about; or "" where they are of no thing."""
        return next((one for one in self.columns
                     if any((cell := line.cells[one]) and cell.kind == "uri" for line in self.lines)), "")

    @cached_property
    def widths(self) -> dict[str, int]:
        """Return how many letters the longest value of each column that is shown has, that of a thing its name."""
        return {name: max((len(cell.text) for line in self.lines
                           if (cell := line.cells.get(f"{name}_label") or line.cells.get(name))), default=0)
                for name in self.heads}

    @property
    def stacks(self) -> bool:
        """Tell whether its rows have no room beside each other on a telephone, so that each is a block of lines there."""
        return sum(self.widths.values()) > NARROW

    @property
    def told_apart(self) -> set[str]:
        """Return the columns whose values need their name before them where rows are blocks.

        Not the first, the lead nor the longest; nor a number or a year, which stands before what it counts.
        """
        by_width = sorted(self.widths, key=lambda name: self.widths[name])
        plain = {self.lead, "number", "year", *list(self.widths)[:1], *by_width[-1:]}
        return set(self.widths) - plain if self.stacks else set()

    @property
    def halves(self) -> tuple["Filled", "Filled"]:
        """Return its first rows and those after them, parted where another thing begins; without second where it is short."""
        lead, at = self.lead, len(self.lines)
        if at > SHOWN_WHOLE:
            things = [line.cells[lead] if lead else number for number, line in enumerate(self.lines)]
            at = next((n for n in range(SHOWN_FIRST, at) if things[n] != things[n - 1]), at)
        rest = replace(self.section, name=f"{self.section.name}-more")
        whole = replace(self, total=None)
        return replace(whole, lines=self.lines[:at]), replace(whole, lines=self.lines[at:], section=rest)

    def parted(self, column: str) -> list["Filled"]:
        """Return a part for each value of a column, named by it and without it, in the order in which the values come.

        What sides of a discrepancy claim comes last: who reads on for what is known is not stopped by what is disputed.
        """
        parts: dict[str, list[Line]] = {}
        for line in self.lines:
            parts.setdefault(cell.text if (cell := line.cells.get(column)) else "", []).append(line)
        made = [replace(self, total=None,
                        section=replace(self.section, name=f"{self.section.name}-{number}", english=name, spanish=name),
                        columns=tuple(one for one in self.columns if one != column and any(
                            (cell := line.cells[one]) and cell.text for line in lines)),
                        lines=lines) for number, (name, lines) in enumerate(parts.items(), 1)]
        return sorted(made, key=lambda part: part.is_disputed)

    @property
    def is_disputed(self) -> bool:
        """Tell whether all rows are of what sides of a discrepancy claim."""
        return all((thing := line.cells.get("thing")) and path_of(thing.text).startswith("claim/") for line in self.lines)


def filled(sections: Iterable[Section], language: str) -> list[Filled]:
    """Return the sections that have rows, or are late, in their order; what a query does not know leaves its section out."""
    return [one for one in fill_all(sections, language) if one.lines or one.late]


def fill_all(sections: Iterable[Section], language: str) -> list[Filled]:
    """Return every section with its rows. Once they have taken PATIENCE_S together, the rest are late."""
    ends = time.monotonic() + PATIENCE_S
    return [fill(section, language, late=time.monotonic() > ends) for section in sections]


def fill(section: Section, language: str, late: bool = False) -> Filled:
    """Return a section with the rows of its query, in the order of these; late: do not ask it any more.

    Where no column that is shown has anything, as of a product that stands in no other vocabulary, there are no rows.
    """
    query = inquiry().catalogue.get(section.query)
    given = dict(section.given)
    if any(parameter.name == "language" for parameter in query.parameters):
        given["language"] = language
    if late:
        return Filled(section, (), [], query.path(given), late=True)
    try:
        text = inquiry().bound(section.query, given)
        table = remembered(page_of(text, section.most + 1, 0))
    except ParameterInvalid:
        return Filled(section, (), [], query.path(given))
    except QueryTimeout:
        return Filled(section, (), [], query.path(given), late=True)
    columns = _shown_of(section, table)
    if not columns:
        return Filled(section, (), [], query.path(given))
    more = len(table.rows) > section.most
    if more and section.instead:
        return fill(section.instead, language)
    first = replace(table, rows=table.rows[:section.most])
    found = replace(of_table(section, first, query.path(given), language), columns=columns, more=more)
    return replace(found, total=_total(found, text)) if more else found


def of_table(section: Section, table: Table, address: str, language: str) -> Filled:
    """Return a section with the rows of an answer that is there already; address: of the query that gave it."""
    lines = _called(_named(lines_of(table.columns, table.rows, _where(section, table)), language), language)
    things = tuple(text if ":" in text else f"{BASE}id/{text}" for text in section.given.values() if "/" in text)
    return Filled(section, _shown_of(section, table), [replace(line, given=things) for line in lines], address)


def _where(section: Section, table: Table) -> dict[str, str]:
    """Return the columns that tell where a row or a value is said, and the column of that value, "" for the row."""
    return {name: beside for name in table.columns if name not in section.columns
            and (beside := told_of(name, table.columns)) is not None}


def _shown_of(section: Section, table: Table) -> tuple[str, ...]:
    """Return the columns that are shown, of those that have anything."""
    where = _where(section, table)
    told = {name for place, name in enumerate(table.columns) if any(row[place] for row in table.rows)}
    return tuple(name for name in section.columns or [name for name in table.columns if name not in where] if name in told)


def _total(found: Filled, query: str) -> tuple[int, int] | None:
    """Return how many rows a query has in all, and of how many things; None where counting takes longer than a query may."""
    try:
        (row,) = remembered(counted(query, found.lead)).rows
    except QueryTimeout:
        return None
    rows, things = (int(cell.text) if cell else 0 for cell in (row[0], row[-1]))
    return rows, things


def _named(lines: list[Line], language: str) -> list[Line]:
    """Return rows whose passages have their names, where the query has told the IRI alone."""
    opened = [mark for line in lines for marks in (line.passages, *line.beside.values(), *line.disputed.values())
              for mark in marks]
    expect(iri for iri, _ in opened)
    bare = {iri for iri, name in opened if iri == name}
    names = names_of(bare, language)

    def named(marks: Marks) -> Marks:
        return tuple((iri, names.get(iri, name) if iri == name else name) for iri, name in marks)

    def each(beside: Mapping[str, Marks]) -> dict[str, Marks]:
        return {column: named(marks) for column, marks in beside.items()}
    return [replace(line, passages=named(line.passages), beside=each(line.beside), disputed=each(line.disputed))
            for line in lines]


def _called(lines: list[Line], language: str) -> list[Line]:
    """Return rows in which each thing has its name beside it, where the query has told the IRI alone."""
    bare = {cell.text for line in lines for column, cell in line.cells.items()
            if cell and cell.kind == "uri" and not line.cells.get(f"{column}_label")}
    names = {iri: standard_term(iri, language) for iri in bare if is_standard(iri)}
    names |= names_of(bare, language)
    return [replace(line, cells=line.cells | {f"{column}_label": Cell(names[cell.text], language=language)
                                              for column, cell in line.cells.items()
                                              if cell and cell.text in names and not line.cells.get(f"{column}_label")})
            for line in lines] if names else lines
