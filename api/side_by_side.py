"""Turns the rows of a comparison into what cases state, property by property, with the passages behind each value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.inquire import Table


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


def cases_compared(table: Table) -> list[Property]:
    """Return the properties that list_case_comparison has, by name, with the values of each case, by its IRI."""
    at = {name: number for number, name in enumerate(table.columns)}
    return _properties((_text(row, at["property_label"]), _text(row, at["case"]), _text(row, at["value_label"]),
                        _text(row, at["value"]), _text(row, at["passage"])) for row in table.rows)


def projects_compared(table: Table) -> list[Property]:
    """Return the figures that list_project_comparison has, by name, with those of each project, by its IRI."""
    at = {name: number for number, name in enumerate(table.columns)}
    return _properties((": ".join(filter(None, (_text(row, at["indicator_label"]), _text(row, at["aspect_label"])))),
                        _text(row, at["project"]), f"{_text(row, at['value'])} {_text(row, at['unit_label'])}", "",
                        _text(row, at["passage"])) for row in table.rows)


def _text(row: Sequence[object], at: int) -> str:
    return getattr(row[at], "text", "")


def _properties(rows: Iterable[tuple[str, str, str, str, str]]) -> list[Property]:
    found: dict[str, dict[str, dict[str, Value]]] = {}
    for name, case, text, iri, passage in rows:
        value = found.setdefault(name, {}).setdefault(case, {}).setdefault(text, Value(text, iri))
        if passage not in value.passages:
            value.passages.append(passage)
    return [Property(name, {case: list(values.values()) for case, values in cases.items()}) for name, cases in found.items()]
