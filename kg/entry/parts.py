"""Turns the fields of a page, which asks for one area of the form, into all the rows of an experience."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.entry.form import Form, Record
from kg.entry.rows import PASSAGE_COLUMN, Row, Rows

# Record, number of the row, column; what follows is the passage of this column alone, where a record is spread over several.
_NAME = re.compile(r"(\w+)\.(\d{1,4})\.([\w@]+)(\.passage)?")
KEY_COLUMN, REMOVE_COLUMN = "key", "remove"


def name_of(record: str, number: int, column: str) -> str:
    """Return the name of a field of a page, such as ``Asset.0.label@en``."""
    return f"{record}.{number}.{column}"


def rows_of(form: Form, fields: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return the rows that the fields of a page hold, of records that the form has, without those to be removed."""
    found: dict[tuple[str, int], dict[str, tuple[str, ...]]] = defaultdict(dict)
    for name, texts in fields.items():
        if (parts := _NAME.fullmatch(name)) and form.record(parts[1]):
            found[parts[1], int(parts[2])][parts[3] + (parts[4] or "")] = tuple(texts)
    rows = []
    for (key, _), values in sorted(found.items()):
        record = form.record(key)
        assert record
        if REMOVE_COLUMN not in values:
            rows += _spread(values, key) if record.single else [_row(key, values)]
    return rows


def _row(record: str, values: Mapping[str, tuple[str, ...]]) -> Row:
    said = {column: texts for column, texts in values.items() if column != KEY_COLUMN}
    return Row(record, said, next(iter(values.get(KEY_COLUMN, ())), ""))


def _spread(values: Mapping[str, tuple[str, ...]], record: str) -> list[Row]:
    """Return a row for each passage that a column of one record names."""
    found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for column, texts in values.items():
        if not column.endswith(f".{PASSAGE_COLUMN}"):
            passage = next(iter(values.get(f"{column.partition('@')[0]}.{PASSAGE_COLUMN}", ())), "")
            found[passage][column] = texts
    return [_row(record, {**said, **({PASSAGE_COLUMN: (passage,)} if passage else {})}) for passage, said in found.items()]


def with_area(form: Form, before: Rows, area: str, rows: Sequence[Row]) -> Rows:
    """Return rows with those of an area in the place of what it held before."""
    kept = []
    for row in before.rows:
        record = form.record(row.record)
        assert record
        here = {one.key for one in record.asked(area)}
        if record.single:
            rest = {column: texts for column, texts in row.values.items() if column.partition("@")[0] not in here}
            kept += [replace(row, values=rest)] if rest else []
        elif not here:
            kept.append(row)
    return replace(before, rows=tuple(sorted((*kept, *rows), key=lambda row: _order(form, row))))


def _order(form: Form, row: Row) -> int:
    return next(number for number, record in enumerate(form.records) if record.key == row.record)


def columns_filled(record: Record, rows: Sequence[Row]) -> dict[str, tuple[tuple[str, ...], str]]:
    """Return the texts of each column of a record that there is once, and the passage that states them."""
    return {column: (tuple(texts), row.text(PASSAGE_COLUMN)) for row in rows if row.record == record.key
            for column, texts in row.values.items() if column != PASSAGE_COLUMN}
