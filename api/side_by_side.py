"""Turns the rows of a comparison into what cases state, property by property, with what is behind each value."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from kg.inquire import Table
from kg.names import brief, path_of, thing_iri

LEAST, MOST = 2, 6  # cases that stand side by side


def beside(things: Iterable[str]) -> str:
    """Return the path that puts things side by side, the first of them where they are many; each is its IRI."""
    return "/compare?" + urlencode([("case", path_of(thing)) for thing in list(dict.fromkeys(things))[:MOST]], safe="/")


@dataclass(frozen=True)
class Value:
    """What a case states of a property. iri: of the value, where it is a thing.

    sources: the passages that say so, or the graph of what this project adds; disputed: the discrepancies of which it is a part;
    says: the IRIs and texts of the rows that state it.
    """

    text: str
    iri: str = ""
    sources: dict[str, None] = field(default_factory=dict)
    disputed: dict[str, None] = field(default_factory=dict)
    says: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        """Return what stands for it in an address, the same in every language: for a thing its kind and key, else the text."""
        return brief(self.iri) if self.iri else self.text


@dataclass(frozen=True)
class Property:
    """A property by which cases are compared, with what each of them states; cases that state nothing are not there.

    key: what stands for it in an address, the same in every language.
    """

    key: str
    name: str
    values: Mapping[str, list[Value]]

    @property
    def differs(self) -> bool:
        """Tell whether two cases that state it do not state the same."""
        return len({frozenset(value.text for value in values) for values in self.values.values()}) > 1

    def is_shared(self, text: str, cases: Sequence[str]) -> bool:
        """Tell whether all cases state a value."""
        return all(any(value.text == text for value in self.values.get(case, ())) for case in cases)


@dataclass(frozen=True)
class View:
    """What is shown of a comparison. columns: the cases that are left, each as its path and its IRI."""

    cases: Sequence[str]
    found: Sequence[Property]
    only: str = ""
    chosen: Sequence[str] = ()
    states: str = ""

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Return the cases that state what is asked for, if something is."""
        return [column for column in self.all_columns
                if not self.states or any(one.is_shared(self.stated, column[1:]) for one in self.found)]

    @property
    def stated(self) -> str:
        """Return what cases are to state, as a text."""
        return next((value.text for one in self.found for values in one.values.values() for value in values
                     if value.key == self.states), self.states)

    @property
    def all_columns(self) -> list[tuple[str, str]]:
        """Return every case as its path and its IRI."""
        return [(case, thing_iri(*case.split("/", 1)) if "/" in case else case) for case in self.cases]

    @property
    def shown(self) -> list[Property]:
        """Return the properties that are left."""
        return [one for one in self.found if (not self.chosen or self.is_chosen(one))
                and (not self.only or (one.differs or len(one.values) < len(self.cases)) == (self.only == "differences"))]

    def is_chosen(self, one: Property) -> bool:
        """Tell whether a property is among those that are chosen, by its key or, as in an older address, by its name."""
        return one.key in self.chosen or one.name in self.chosen

    @property
    def split(self) -> list[tuple[str, str]]:
        """Return what some of the cases state, and not all: the key and the text of each."""
        iris = [iri for _, iri in self.all_columns]
        found = {value.text: value.key for one in self.found for values in one.values.values() for value in values
                 if not one.is_shared(value.text, iris)}
        return sorted(((key, text) for text, key in found.items()), key=lambda pair: pair[1].casefold())

    def asked(self) -> list[tuple[str, str]]:
        """Return the fields of an address at which this is shown."""
        return [*(("case", case) for case in self.cases), *(("property", name) for name in self.chosen),
                *((name, value) for name, value in (("only", self.only), ("states", self.states)) if value)]

    def left_of(self, table: Table) -> Table:
        """Return the rows of the table that are shown."""
        keys, iris = {one.key for one in self.shown}, {iri for _, iri in self.columns}
        return Table(table.columns, [row for row in table.rows
                                     if _key(table, row) in keys and _text(row, _case_at(table)) in iris])


def _case_at(table: Table) -> int:
    return table.columns.index("case" if "case" in table.columns else "project")


def _name(table: Table, row: Sequence[object]) -> str:
    """Return the name of the property of a row; of a project's figure what it counts and of which kind or side."""
    parts = ("property_label",) if "case" in table.columns else ("indicator_label", "aspect_label")
    return ": ".join(filter(None, (_text(row, table.columns.index(part)) for part in parts)))


def _key(table: Table, row: Sequence[object]) -> str:
    """Return what stands for the property of a row in an address, the same in every language."""
    parts = ("property",) if "case" in table.columns else ("indicator", "aspect")
    return "+".join(brief(iri) for part in parts if (iri := _text(row, table.columns.index(part))))


def cases_compared(table: Table) -> list[Property]:
    """Return the properties that list_case_comparison has, by name, with the values of each case, by its IRI."""
    return _properties(table, "case", lambda told: Value(told("value_label"), told("value")))


def projects_compared(table: Table) -> list[Property]:
    """Return the figures that list_project_comparison has, by name, with those of each project, by its IRI."""
    return _properties(table, "project", lambda told: Value(f"{told('value')} {told('unit_label')}"))


def _text(row: Sequence[object], at: int) -> str:
    return getattr(row[at], "text", "")


def _properties(table: Table, case: str, stated: Callable[[Callable[[str], str]], Value]) -> list[Property]:
    """Return the properties of rows. case: the column of who states it; stated: what a row does, by the text of its columns."""
    at = {name: number for number, name in enumerate(table.columns)}
    found: dict[str, dict[str, dict[str, Value]]] = {}
    names: dict[str, str] = {}
    for row in table.rows:
        def told(column: str, row: Sequence[object] = row) -> str:
            return _text(row, at[column]) if column in at else ""
        value = stated(told)
        name, key = _name(table, row), _key(table, row)
        names.setdefault(key, name)
        value = found.setdefault(key, {}).setdefault(told(case), {}).setdefault(value.text, value)
        value.sources[told("passage") or told("graph")] = None
        value.says.update(_text(row, place) for place in at.values())
        if told("disputed"):
            value.disputed[told("disputed")] = None
    return [Property(key, names[key], {case: list(values.values()) for case, values in cases.items()})
            for key, cases in found.items()]
