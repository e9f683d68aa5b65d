"""Turns what a person fills in of one experience into rows: the texts of a record by column, with where each stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.entry.naming import LANGUAGES
from kg.store.places import Place
from kg.store.rdf import Quad

PASSAGE_COLUMN = "passage"


@dataclass(frozen=True)
class Row:
    """What was filled in of one record: texts by column, such as ``label@en``, ``inCountry`` or ``passage``.

    record: its key in the form. key: the last part of its IRI, where it has one already; iri: that IRI. places: where each column
    stands.
    """

    record: str
    values: Mapping[str, tuple[str, ...]]
    key: str = ""
    places: Mapping[str, Place] = field(default_factory=dict)
    iri: str = ""

    def texts(self, column: str) -> list[str]:
        """Return what stands in a column, without what is empty."""
        return [text.strip() for text in self.values.get(column, ()) if text.strip()]

    def text(self, column: str) -> str:
        """Return the first text of a column, or nothing."""
        return next(iter(self.texts(column)), "")

    def name(self, language: str = LANGUAGES[0]) -> str:
        """Return what the record is called in a language, or else in the other; nothing where it has no name."""
        return next((text for code in (language, *LANGUAGES) if (text := self.text(f"label@{code}"))), "")


@dataclass(frozen=True)
class Rows:
    """All that was filled in of one experience; key: that of its IRI, where it has one already.

    beyond: statements that no row can hold, which go along.
    """

    rows: tuple[Row, ...]
    key: str = ""
    beyond: tuple[Quad, ...] = ()
