"""Turns what pages show beside the mark of a passage into the values that this passage does not have.

    python -m tests.vouched [--data var] [--all]

The passage at the end of a row vouches for its things and texts, that beside a value for this value; each must stand in the named
graph of its passage. Names of things, and numbers, are not looked at: they are the same wherever a thing is told of.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from api.lines import SOURCES, told_of
from api.of_kind import sections_of
from api.path_parts import sections_of as parts_of_path
from api.sections import Section
from kg.catalogue import Catalogue
from kg.errors import ParameterInvalid
from kg.inquire import Inquiry, Table
from kg.names import INFERRED_GRAPH, path_of
from kg.settings import shipped
from kg.store.readers import Readers
from kg.store.revisions import DataFolder
from tests.marked import some_of_each

_TEXTS = re.compile(r"[#/](definition|contribution|claimText|adoptedReading|objective|targetGroup|counts)$")
_FIGURE = re.compile(r"(?:[^\d]+ )?[\d.–]+ [^:]*: (?P<counts>.*?)(?: \([^()]*\))?")


@dataclass
class Graphs:
    """What each named graph has, things and texts; which graph a passage has; and the texts of the whole."""

    has: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    of_passage: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, inquiry: Inquiry) -> "Graphs":
        """Read them all."""
        found = cls()
        told = inquiry.answer("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }", "csv").decode()
        for graph, subject, property, value in list(csv.reader(io.StringIO(told)))[1:]:
            found.has[graph] |= {subject, property, value}
            if property.endswith("#hasNamedGraph") and graph != INFERRED_GRAPH:
                found.of_passage[subject] = value
            if _TEXTS.search(property):
                found.texts.add(value)
        return found

    def text(self, value: str) -> str:
        """Return a text as a graph has it, of a figure what it counts; nothing for what is none of these."""
        figure = _FIGURE.fullmatch(value)
        return value if value in self.texts else figure["counts"] if figure and figure["counts"] in self.texts else ""


@dataclass(frozen=True)
class Unvouched:
    """A value that stands beside a passage which does not have it. asked: what was asked."""

    query: str
    column: str
    value: str
    beside: str
    asked: str


def unvouched(section: Section, table: Table, graphs: Graphs, asked: str) -> Iterator[Unvouched]:
    """Yield the things and texts in the shown columns of the rows of a section for which nothing beside them vouches."""
    where = {column: beside for column in table.columns if column not in section.columns
             and (beside := told_of(column, table.columns)) is not None}
    shown = section.columns or tuple(column for column in table.columns if column not in where)
    for row in table.rows:
        cells = dict(zip(table.columns, row, strict=True))
        opened: dict[str, str] = {}
        for source in SOURCES:
            for column, beside in where.items():
                if column.endswith(source) and (cell := cells[column]) and cell.kind == "uri":
                    opened.setdefault(beside, cell.text)
        for column in shown:
            cell, graph = cells[column], opened.get(column, opened.get("", INFERRED_GRAPH))
            value = "" if not cell or column in section.counted else cell.text if cell.kind == "uri" else graphs.text(cell.text)
            if value and graph != INFERRED_GRAPH and value not in graphs.has[graphs.of_passage.get(graph, graph)]:
                yield Unvouched(section.query, column, value, graph, asked)


def sections(inquiry: Inquiry, every: bool) -> Iterator[Section]:
    """Yield the sections of pages of things, of every thing or of three of each kind, and the parts of the answer of a path."""
    told = inquiry.answer("SELECT DISTINCT ?thing { ?thing a ?class FILTER(CONTAINS(STR(?thing), '/id/')) }", "csv").decode()
    things = {"/" + path_of(thing): thing for thing in told.split()[1:]}
    for kind, some in some_of_each(("/id" + place for place in things), 10**6 if every else 3).items():
        for thing in (things[place.removeprefix("/id")] for place in some):
            yield from sections_of(kind, thing)
            yield from parts_of_path(thing, {}, []) if kind == "entry-way" else ()


def all_unvouched(inquiry: Inquiry, every: bool = False) -> tuple[list[Unvouched], int]:
    """Return what no passage beside it vouches for, and how many rows were read."""
    graphs, found, rows = Graphs.of(inquiry), list[Unvouched](), 0
    asked: set[str] = set()
    for section in sections(inquiry, every):
        query = inquiry.catalogue.get(section.query)
        language = {"language": "en"} if any(one.name == "language" for one in query.parameters) else {}
        address = query.path({**section.given, **language})
        if address not in asked:
            asked.add(address)
            try:
                table = inquiry.table(inquiry.bound(section.query, {**section.given, **language}))
            except ParameterInvalid:  # the things of this kind are none that the query takes
                continue
            rows += len(table.rows)
            found += unvouched(section, table, graphs, address)
    return found, rows


@click.command()
@click.option("--data", default="var", help="The folder that has the graph.")
@click.option("--all", "every", is_flag=True, help="Of every thing, and not of three of each kind.")
def main(data: str, every: bool) -> None:
    """Tell by query and column how many values stand beside a passage that does not have them, with the first of each."""
    readers = Readers(time_limit_s=60, size=1)
    found, rows = all_unvouched(Inquiry(DataFolder(Path(data)), readers, Catalogue(shipped("queries"))), every)
    readers.close()
    by_column: dict[tuple[str, str], list[Unvouched]] = defaultdict(list)
    for one in found:
        by_column[one.query, one.column].append(one)
    for (query, column), some in sorted(by_column.items()):
        click.echo(f"{query:<26}{column:<18}{len(some):>6}  {some[0].value[:60]} | {path_of(some[0].beside)} | {some[0].asked}")
    click.echo(f"{rows} rows, {len(found)} values for which nothing beside them vouches")


if __name__ == "__main__":
    main()
