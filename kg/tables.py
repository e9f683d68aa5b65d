"""Turns rows of an answer into aligned lines of text for a terminal, into CSV, or into terms as kg.reasons.term_of reads them."""

import csv
import io
import re

from kg.inquire import Cell, Table
from kg.names import BASE, brief, compact

_LEAST_WIDTH = 12
_WHOLE = re.compile(r"0|-?[1-9]\d{0,14}")  # what every reader of JSON takes for the same number


def as_text(table: Table, width: int | None = None) -> str:
    """Return a table as lines of aligned text with a count below; IRIs of things are shortened to kind and key.

    width: of the terminal, in characters; where the lines are longer, the widest columns are cut and end in an ellipsis.
    """
    rows = [table.columns, *([_short(cell) for cell in row] for row in table.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.columns))]
    while width and sum(widths) + 2 * len(widths) > width and max(widths) > _LEAST_WIDTH:
        widths[widths.index(max(widths))] -= 1
    rows.insert(1, ["-" * w for w in widths])
    lines = ["  ".join(_fit(text, w) for text, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    count = len(table.rows)
    return "\n".join([*lines, "", "1 row" if count == 1 else f"{count} rows"])


def as_csv(table: Table) -> bytes:
    """Return a table as CSV in UTF-8, with a line of its columns above. Source: SPARQL 1.1 Query Results CSV, section 3."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(table.columns)
    writer.writerows([f"_:{cell.text}" if cell and cell.kind == "bnode" else cell.text if cell else "" for cell in row]
                     for row in table.rows)
    return written.getvalue().encode()


def as_terms(table: Table) -> list[list[str | int | None]]:
    """Return the rows with each cell as a term: kind/key, prefixed name or IRI, a text in quotes with its language or datatype.

    A whole number is a number; a cell without a value is None.
    """
    return [[_term(cell) if cell else None for cell in row] for row in table.rows]


def _term(cell: Cell) -> str | int:
    if cell.kind == "uri":
        return brief(cell.text)
    if cell.kind != "literal":
        return f"_:{cell.text}" if cell.kind == "bnode" else cell.text
    datatype = compact(cell.datatype)
    if datatype == "xsd:integer" and _WHOLE.fullmatch(cell.text):
        return int(cell.text)
    return f'"{cell.text}"' + (f"@{cell.language}" if cell.language else f"^^{datatype}" if datatype else "")


def _fit(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[:width - 1] + "…"


def _short(cell: Cell | None) -> str:
    if cell is None:
        return ""
    text = compact(cell.text).removeprefix(BASE + "id/") if cell.kind == "uri" else " ".join(cell.text.split())
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
