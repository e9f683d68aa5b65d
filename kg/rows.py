"""Turns the rows of an answer into RDF: a table of rows, each of which describes what stands in its columns.

Source: Generating RDF from Tabular Data on the Web (csv2rdf), standard mode. IRIs, languages and datatypes stay as they are.
"""

from collections.abc import Iterator
from urllib.parse import quote

from kg.inquire import Cell, Table
from kg.names import BASE, DESCRIBING, RDF_TYPE
from kg.store.rdf import BlankNode, Literal, NamedNode, Triple

_CSVW = DESCRIBING["csvw"]


def as_graph(path: str, question: str, table: Table, first_row: int = 1) -> Iterator[Triple]:
    """Yield the statements of a table: what stands at a path below the base, such as ``queries/list_tools``.

    question: the query string with which it was asked; first_row: the number of the first row, from 1. The property of a
    column is ``<path>#<column>`` below the base.
    """
    address = BASE + quote(path)
    here = f"{address}?{question}" if question else address
    node = NamedNode(here + "#table")
    yield Triple(node, NamedNode(RDF_TYPE), _term("Table"))
    yield Triple(node, _term("url"), NamedNode(here))
    for number, row in enumerate(table.rows, first_row):
        row_node, described = NamedNode(f"{here}#row={number}"), BlankNode(f"row{number}")
        yield Triple(node, _term("row"), row_node)
        yield Triple(row_node, NamedNode(RDF_TYPE), _term("Row"))
        yield Triple(row_node, _term("rownum"), Literal(number))
        yield Triple(row_node, _term("describes"), described)
        for column, cell in zip(table.columns, row, strict=True):
            if cell is not None:
                yield Triple(described, NamedNode(f"{address}#{column}"), term_of(cell))


def _term(local: str) -> NamedNode:
    return NamedNode(_CSVW + local)


def term_of(cell: Cell) -> NamedNode | BlankNode | Literal:
    """Return the term that a cell holds."""
    if cell.kind == "uri":
        return NamedNode(cell.text)
    if cell.kind == "bnode":
        return BlankNode(cell.text)
    if cell.language:
        return Literal(cell.text, language=cell.language)
    return Literal(cell.text, datatype=NamedNode(cell.datatype)) if cell.datatype else Literal(cell.text)
