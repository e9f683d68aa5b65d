"""Turns the rows of a comparison into what cases state, property by property, with the passages behind each value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from kg.inquire import Table
from kg.names import path_of, thing_iri

LEAST, MOST = 2, 6  # cases that stand side by side


def beside(things: Iterable[str]) -> str:
    """Return the path that puts things side by side, the first of them where they are many; each is its IRI."""
    return "/compare?" + urlencode([("case", path_of(thing)) for thing in list(dict.fromkeys(things))[:MOST]], safe="/")


@dataclass(frozen=True)
class Value:
    """What a case states of a property. iri: of the value, where it is a thing; passages: that say so."""

    text: str
    iri: str = ""
    passages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Property:
    """A property by which cases are compared, with what each of them states; cases that state nothing are not there."""

    name: str
    values: Mapping[str, list[Value]]

    @property
    def differs(self) -> bool:
        """Tell whether two cases that state it do not state the same."""
        return len({frozenset(value.text for value in values) for values in self.values.values()}) > 1

    def texts(self) -> list[str]:
        """Return what any case states, each once."""
        return list(dict.fromkeys(value.text for values in self.values.values() for value in values))

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
                if not self.states or any(one.is_shared(self.states, column[1:]) for one in self.found)]

    @property
    def all_columns(self) -> list[tuple[str, str]]:
        """Return every case as its path and its IRI."""
        return [(case, thing_iri(*case.split("/", 1)) if "/" in case else case) for case in self.cases]

    @property
    def shown(self) -> list[Property]:
        """Return the properties that are left."""
        return [one for one in self.found if (not self.chosen or one.name in self.chosen)
                and (not self.only or (one.differs or len(one.values) < len(self.cases)) == (self.only == "differences"))]

    @property
    def split(self) -> list[str]:
        """Return what some of the cases state, and not all."""
        iris = [iri for _, iri in self.all_columns]
        return sorted({text for one in self.found for text in one.texts() if not one.is_shared(text, iris)}, key=str.casefold)

    def asked(self) -> list[tuple[str, str]]:
        """Return the fields of an address at which this is shown."""
        return [*(("case", case) for case in self.cases), *(("property", name) for name in self.chosen),
                *((name, value) for name, value in (("only", self.only), ("states", self.states)) if value)]

    def left_of(self, table: Table) -> Table:
        """Return the rows of the table that are shown."""
        names, iris = {one.name for one in self.shown}, {iri for _, iri in self.columns}
        return Table(table.columns, [row for row in table.rows
                                     if _name(table, row) in names and _text(row, _case_at(table)) in iris])


def _case_at(table: Table) -> int:
    return table.columns.index("case" if "case" in table.columns else "project")


def _name(table: Table, row: Sequence[object]) -> str:
    """Return the name of the property of a row; of a project's figure what it counts and of which kind or side."""
    parts = ("property_label",) if "case" in table.columns else ("indicator_label", "aspect_label")
    return ": ".join(filter(None, (_text(row, table.columns.index(part)) for part in parts)))


def cases_compared(table: Table) -> list[Property]:
    """Return the properties that list_case_comparison has, by name, with the values of each case, by its IRI."""
    at = {name: number for number, name in enumerate(table.columns)}
    return _properties((_name(table, row), _text(row, at["case"]), _text(row, at["value_label"]),
                        _text(row, at["value"]), _text(row, at["passage"])) for row in table.rows)


def projects_compared(table: Table) -> list[Property]:
    """Return the figures that list_project_comparison has, by name, with those of each project, by its IRI."""
    at = {name: number for number, name in enumerate(table.columns)}
    return _properties((_name(table, row), _text(row, at["project"]),
                        f"{_text(row, at['value'])} {_text(row, at['unit_label'])}", "", _text(row, at["passage"]))
                       for row in table.rows)


def _text(row: Sequence[object], at: int) -> str:
    return getattr(row[at], "text", "")


def _properties(rows: Iterable[tuple[str, str, str, str, str]]) -> list[Property]:
    found: dict[str, dict[str, dict[str, Value]]] = {}
    for name, case, text, iri, passage in rows:
        value = found.setdefault(name, {}).setdefault(case, {}).setdefault(text, Value(text, iri))
        if passage not in value.passages:
            value.passages.append(passage)
    return [Property(name, {case: list(values.values()) for case, values in cases.items()}) for name, cases in found.items()]
