"""Turns the bodies that an endpoint or a test file holds into answers to compare: a truth, a table or a graph.

JSON, XML, CSV and TSV are read here and not by the engine under test, so that a fault in what it writes is not hidden by the
same fault in what it reads.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from pyoxigraph import BaseDirection, BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from tests.conformance.result_sets import Row, Term, result_set

MEDIA = {"srx": "application/sparql-results+xml", "srj": "application/sparql-results+json", "csv": "text/csv",
         "tsv": "text/tab-separated-values", "ttl": "text/turtle", "nt": "application/n-triples", "rdf": "application/rdf+xml"}
_RESULTS = "{http://www.w3.org/2005/sparql-results#}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ITS_DIR = "{http://www.w3.org/2005/11/its}dir"


@dataclass(frozen=True)
class Truth:
    """The answer to an ASK."""

    value: bool


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT. ordered: the file gives each row its place."""

    columns: list[str]
    rows: list[Row]
    ordered: bool = False


@dataclass(frozen=True)
class Texts(Table):
    """A table of which CSV keeps the texts alone, without kinds and datatypes."""


@dataclass(frozen=True)
class Graph:
    """Triples, or quads of a dataset, as rows."""

    rows: list[Row]


Answer = Truth | Table | Graph


def read(data: bytes, media: str, base: str | None = None) -> Answer:
    """Read a body of a media type. Raises ValueError, KeyError or SyntaxError where it is not of that type."""
    type = media.partition(";")[0].strip().lower()
    if type in (MEDIA["srj"], "application/json"):
        return _from_json(json.loads(data))
    if type in (MEDIA["srx"], "application/xml"):
        return _from_xml(ElementTree.fromstring(data))
    if type == MEDIA["csv"]:
        head, *lines = csv.reader(io.StringIO(data.decode(), newline=""))
        return Texts(head, [tuple(_text(cell) for cell in line or [""]) for line in lines])
    if type == MEDIA["tsv"]:
        head, *lines = [line.split("\t") for line in data.decode().replace("\r\n", "\n").rstrip("\n").split("\n")]
        return Table([name.lstrip("?$") for name in head], [tuple(_from_turtle(cell) for cell in line) for line in lines])
    quads = read_rdf(data, type, base)
    found = result_set(quads)
    if found is None:
        return Graph(rows_of(quads))
    return Truth(found) if isinstance(found, bool) else Table(*found)


def read_rdf(data: bytes, type: str, base: str | None, rename: bool = False) -> list[Quad]:
    """Read RDF of a media type or a file ending. rename: give blank nodes new names, so that two files never share one."""
    format = RdfFormat.from_media_type(type) if "/" in type else RdfFormat.from_extension(type)
    if format is None:
        raise ValueError(f"{type} is no format of RDF that is known here")
    return list(parse(data, format, base_iri=base, rename_blank_nodes=rename))


def rows_of(quads: Iterable[Quad], named: bool = False) -> list[Row]:
    """Return each triple once as a row; named: with its graph as the last column, none for the default graph."""
    def row(quad: Quad) -> Row:
        graph = None if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
        return (quad.subject, quad.predicate, quad.object, *((graph,) if named else ()))
    return list(dict.fromkeys(map(row, quads)))


def _from_json(found: Mapping[str, Any]) -> Answer:
    if "boolean" in found:
        return Truth(found["boolean"])
    columns = found["head"].get("vars", [])
    rows = found["results"]["bindings"]
    return Table(columns, [tuple(_json_term(row[c]) if c in row else None for c in columns) for row in rows])


def _json_term(cell: Mapping[str, Any]) -> Term:
    if cell["type"] == "triple":
        value = cell["value"]
        return _triple(*(_json_term(value[name]) for name in ("subject", "predicate", "object")))
    return _term(cell["type"], cell["value"], cell.get("datatype"), cell.get("xml:lang"), cell.get("its:dir"))


def _from_xml(root: ElementTree.Element) -> Answer:
    if (truth := root.find(_RESULTS + "boolean")) is not None:
        return Truth((truth.text or "").strip() == "true")
    columns = [variable.get("name", "") for variable in root.iter(_RESULTS + "variable")]
    rows = [{cell.get("name"): _xml_term(cell[0]) for cell in result} for result in root.iter(_RESULTS + "result")]
    return Table(columns, [tuple(row.get(c) for c in columns) for row in rows])


def _xml_term(cell: ElementTree.Element) -> Term:
    kind = cell.tag.removeprefix(_RESULTS)
    if kind == "triple":
        return _triple(*(_xml_term(cell.findall(f"{_RESULTS}{name}/*")[0]) for name in ("subject", "predicate", "object")))
    return _term(kind, cell.text or "", cell.get("datatype"), cell.get(_XML_LANG), cell.get(_ITS_DIR))


def _term(kind: str, value: str, datatype: str | None, language: str | None, direction: str | None) -> Term:
    if kind == "uri":
        return NamedNode(value)
    if kind == "bnode":
        return BlankNode(value)
    if language:
        return Literal(value, language=language, direction=BaseDirection(direction) if direction else None)
    return Literal(value, datatype=NamedNode(datatype) if datatype else None)


def _triple(subject: Term, predicate: Term, object: Term) -> Triple:
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        raise ValueError("a triple term cannot begin with a literal, nor have a predicate that is no IRI")
    return Triple(subject, predicate, object)


def _from_turtle(cell: str) -> Term | None:
    if not cell or cell.startswith("_:"):
        return BlankNode(cell[2:]) if cell else None
    (quad,) = read_rdf(f"<x:s> <x:p> {cell} .".encode(), MEDIA["ttl"], None)
    return quad.object


def _text(cell: str) -> Term:
    return BlankNode(cell[2:]) if cell.startswith("_:") else Literal(cell)
