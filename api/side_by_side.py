"""Turns the rows of a comparison into what cases state, property by property, with what is behind each value."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from kg.inquire import Table
from kg.names import brief, path_of, thing_iri

LEAST, MOST = 2, 6  # cases that stand side by side


def beside(things: Iterable[str]) -> str:
    """Return the path that puts things side by side, the first of them where they are many; each is its IRI."""
    return "/compare?" + urlencode([("case", path_of(thing)) for thing in list(dict.fromkeys(things))[:MOST]], safe="/")


_BESIDE = ("number", "passage", "graph", "disputed")  # columns that say nothing of a value: where it stands, and who says it


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

    @property
    def all_values(self) -> list[Value]:
        """Return the values of all cases."""
        return [value for values in self.values.values() for value in values]

    def choice(self, value: Value) -> str:
        """Return what stands in an address for the cases that state a value in this row."""
        return f"{self.key}={value.key}"

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
        meant = self._meant
        return [column for column in self.all_columns
                if not self.states or any(one.is_shared(value.text, column[1:]) for one, value in meant)]

    @property
    def stated(self) -> str:
        """Return what cases are to state, as a text."""
        return next((value.text for _, value in self._meant), self.states)

    @property
    def _meant(self) -> list[tuple[Property, Value]]:
        """Return the rows in which cases are to state something, with that; as in an older address in any row, by key or text."""
        stated = [(one, value) for one in self.found for value in one.all_values]
        return ([(one, value) for one, value in stated if one.choice(value) == self.states]
                or [(one, value) for one, value in stated if self.states in (value.key, value.text)])

    @property
    def picked(self) -> str:
        """Return the choice of what cases are to state, also where an older address names it by its key or text alone."""
        return next((one.choice(value) for one, value in self._meant), self.states)

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
    def split(self) -> list[tuple[Property, list[tuple[str, str]]]]:
        """Return by row what some of the cases state there, and not all: the choice and the text of each."""
        iris = [iri for _, iri in self.all_columns]
        by_row = [(one, {one.choice(value): value.text for value in one.all_values if not one.is_shared(value.text, iris)})
                  for one in self.found]
        return [(one, sorted(parts.items(), key=lambda pair: pair[1].casefold())) for one, parts in by_row if parts]

    def asked(self) -> list[tuple[str, str]]:
        """Return the fields of an address at which this is shown."""
        return [*(("case", case) for case in self.cases), *(("property", name) for name in self.chosen),
                *((name, value) for name, value in (("only", self.only), ("states", self.states)) if value)]

    def left_of(self, table: Table) -> Table:
        """Return the rows of the table that are shown."""
        keys, iris = {one.key for one in self.shown}, {iri for _, iri in self.columns}
        return Table(table.columns, [row for row, told in zip(table.rows, _texts(table), strict=True)
                                     if _key(told) in keys and told["case"] in iris])


def _name(told: Mapping[str, str]) -> str:
    """Return the name of the property of a row; of what is measured with its side, source or area."""
    return ": ".join(filter(None, (told["property_label"], told["aspect_label"])))


def _key(told: Mapping[str, str]) -> str:
    """Return what stands for the property of a row in an address, the same in every language."""
    return "+".join(brief(iri) for part in ("property", "aspect") if (iri := told[part]))


def _texts(table: Table) -> Iterator[dict[str, str]]:
    """Yield of each row the text of every column; nothing where it is empty."""
    return ({name: cell.text if cell else "" for name, cell in zip(table.columns, row, strict=True)} for row in table.rows)


def compared(table: Table) -> list[Property]:
    """Return the properties that list_case_comparison has, in their order, with the values of each case, by its IRI."""
    found: dict[str, dict[str, dict[str, Value]]] = {}
    names: dict[str, str] = {}
    for told in _texts(table):
        key, text = _key(told), told["value_label"]
        names.setdefault(key, _name(told))
        value = found.setdefault(key, {}).setdefault(told["case"], {}).setdefault(text, Value(text, told["value"]))
        value.sources[told["passage"] or told["graph"]] = None
        value.says.update(text for name, text in told.items() if text and name not in _BESIDE)
        if told["disputed"]:
            value.disputed[told["disputed"]] = None
    return [Property(key, names[key], {case: list(values.values()) for case, values in cases.items()})
            for key, cases in found.items()]
