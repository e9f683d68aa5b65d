"""Turns the last edition of a contribution into rows, and rows into what a reader reads: each record with its fields by name."""

from dataclasses import dataclass, replace

from api.answers import inquiry
from kg.contributions.ledger import Contribution
from kg.entry.filled import beyond, fill
from kg.entry.form import Record
from kg.entry.naming import LANGUAGES, NamesOfThings
from kg.entry.rows import PASSAGE_COLUMN, Row, Rows
from kg.entry.shipped import shipped_form
from kg.store.rdf import Quad
from kg.submissions.known_things import KnownThings


@dataclass(frozen=True)
class Told:
    """A record as a page tells it: of which kind it is, and what it is called; each field that is filled in with its texts."""

    kind: str
    title: str
    fields: list[tuple[str, list[str]]]


def read_rows(one: Contribution, quads: list[Quad], language: str) -> Rows:
    """Return what an edition of a contribution says, as rows, with what no row can hold beside them."""
    naming, form = NamesOfThings(KnownThings(inquiry())), shipped_form()
    filled = fill(form, quads, naming, language, one.key)
    return replace(filled, beyond=tuple(beyond(form, quads, naming, filled)))


def tell_rows(rows: Rows, language: str, passage: str) -> list[Told]:
    """Return rows as a page tells them in a language; passage: what the passage that states them is called."""
    return [_told(record, row, language, passage) for row in rows.rows if (record := shipped_form().record(row.record))]


def _told(record: Record, row: Row, language: str, passage: str) -> Told:
    columns = [(one.names[language], [f"{one.key}@{code}" for code in LANGUAGES] if one.bilingual else [one.key])
               for one in record.asked()]
    fields = [(name, texts) for name, keys in [*columns, (passage, [PASSAGE_COLUMN])]
              if (texts := list(dict.fromkeys(text for key in keys for text in row.texts(key))))]
    return Told(record.names[language], row.name(language), fields)
