"""Turns the folder of queries into a catalogue, and a name with parameters into a query that can be asked.

A file ``<verb>_<noun>.rq`` opens with ``#+ key: value`` lines, ended by a blank line:

    #+ title: what it is, in a few words
    #+ question: as a user asks it
    #+ question-es: the same in Spanish
    #+ param: name | type | default | meaning          (any number)
    #+ column: name | type | unit | meaning            (one for each column, in order)
    #+ example: name=value name=value

Types of parameters: a class of things (``par:Tool``: the value is a key such as ``financing``, or an IRI), ``iri`` (of anything),
``integer``, ``text``, ``language`` (``en`` or ``es``). Default: a value, ``required``, or ``any`` (the variable stays free).
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import ParameterInvalid, QueryFileMalformed, QueryMalformed, QueryUnknown
from kg.names import BASE, KIND_OF_CLASS, expand, thing_iri
from kg.store.engine import columns
from kg.store.rdf import Literal, NamedNode
from kg.store.sparql import assigned_variables, bind, query_form, variables

_ONE = ("title", "question", "question-es")
_KEYS = (*_ONE, "param", "column", "example")
_PLAIN_TYPES = ("iri", "integer", "text", "language")
_LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Parameter:
    """A variable that a user gives a value to. default: a value, ``required`` or ``any``."""

    name: str
    type: str
    default: str
    meaning: str


@dataclass(frozen=True)
class Column:
    """A column of the answer. type: a class, ``iri``, ``text``, ``integer``; unit: what a number counts, or ``-``."""

    name: str
    type: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Query:
    """A query of the catalogue: its texts, its parameters and columns in order, and SPARQL with free variables."""

    name: str
    title: str
    question: str
    question_es: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    example: Mapping[str, str]
    sparql: str

    def usage(self) -> str:
        """Return the name with its example values, as a command line takes them after ``parkg query``."""
        return " ".join([self.name, *(f"{key}={value}" for key, value in self.example.items())])

    def bound(self, given: Mapping[str, str]) -> str:
        """Return the SPARQL with the given values and the defaults in place.

        Raises ParameterInvalid, naming the parameter, the value and what is expected.
        """
        known = {p.name: p for p in self.parameters}
        for name in given:
            if name not in known:
                raise ParameterInvalid(f"{self.name} has no parameter {name}.{_suggest(name, known)}"
                                       f" It takes: {', '.join(known) or 'none'}.")
        values = {}
        for parameter in self.parameters:
            text = given.get(parameter.name, "").strip() or parameter.default
            if text == "required":
                raise ParameterInvalid(f"{self.name} needs {parameter.name} ({parameter.meaning}). "
                                       f"For example: {self.usage()}")
            if text != "any":
                values[parameter.name] = _term(parameter, text)
        return bind(self.sparql, values)


class Catalogue:
    """All queries of a folder by name. ``faults`` holds the errors of files that could not be read; the others go on."""

    def __init__(self, folder: Path) -> None:
        self.faults: list[QueryFileMalformed] = []
        self._queries: dict[str, Query] = {}
        for path in sorted(folder.glob("*.rq")):
            try:
                self._queries[path.stem] = read_query(path)
            except QueryFileMalformed as error:
                self.faults.append(error)

    def all(self) -> list[Query]:
        """Return every query, by name."""
        return list(self._queries.values())

    def get(self, name: str) -> Query:
        """Return the query of a name. Raises QueryUnknown with near names."""
        try:
            return self._queries[name]
        except KeyError:
            raise QueryUnknown(f"There is no query {name}.{_suggest(name, self._queries)} "
                               "The catalogue lists all of them.") from None


def read_query(path: Path) -> Query:
    """Read a file of the catalogue. Raises QueryFileMalformed, naming the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryFileMalformed(f"{path}: cannot be read ({error}).") from error
    header: dict[str, list[tuple[int, str]]] = {key: [] for key in _KEYS}
    lines = text.split("\n")
    end = next((i for i, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    for number, line in enumerate(lines[:end], 1):
        key, colon, value = line[2:].strip().partition(":")
        if not colon or key not in header:
            raise QueryFileMalformed(f"{path}, line {number}: {line!r} is not a header line. Keys are {', '.join(_KEYS)}.")
        header[key].append((number, value.strip()))
    if end < len(lines) and lines[end].strip():
        raise QueryFileMalformed(f"{path}, line {end + 1}: end the header with a blank line.")
    for key in _ONE:
        if len(header[key]) != 1 or not header[key][0][1]:
            raise QueryFileMalformed(f"{path}, line 1: the header needs one line '#+ {key}: …', and has {len(header[key])}.")
    parameters = tuple(Parameter(*_fields(path, number, value)) for number, value in header["param"])
    columns = tuple(Column(*_fields(path, number, value)) for number, value in header["column"])
    example = dict(pair.split("=", 1) for _, value in header["example"] for pair in value.split() if "=" in pair)
    query = Query(path.stem, header["title"][0][1], header["question"][0][1], header["question-es"][0][1],
                  parameters, columns, example, "\n".join(lines[end:]).strip() + "\n")
    _check_body(path, query)
    return query


def _fields(path: Path, number: int, value: str) -> list[str]:
    fields = [field.strip() for field in value.split("|")]
    if len(fields) != 4 or not all(fields):
        raise QueryFileMalformed(f"{path}, line {number}: write four parts with | between them, as in "
                                 "'tool | par:Tool | required | the tool to look at'.")
    return fields


def _check_body(path: Path, query: Query) -> None:
    used = variables(query.sparql)
    assigned = assigned_variables(query.sparql)
    for parameter in query.parameters:
        if parameter.name not in used:
            raise QueryFileMalformed(f"{path}: the query has no variable ?{parameter.name} for its parameter {parameter.name}.")
        if parameter.name in assigned:
            raise QueryFileMalformed(f"{path}: ?{parameter.name} is a parameter, so AS or VALUES may not assign it.")
        if parameter.type not in KIND_OF_CLASS and parameter.type not in _PLAIN_TYPES:
            raise QueryFileMalformed(f"{path}: parameter {parameter.name} has the unknown type {parameter.type}. Types are "
                                     f"{', '.join((*_PLAIN_TYPES, *KIND_OF_CLASS))}.")
    for column in query.columns:
        if column.name not in used:
            raise QueryFileMalformed(f"{path}: the query has no variable ?{column.name} for its column {column.name}.")
    try:
        if query_form(query.sparql) != "SELECT" or not query.columns:
            raise QueryFileMalformed(f"{path}: a query of the catalogue is a SELECT with at least one column in its header.")
        asked = columns(query.bound(query.example))
        if asked != [column.name for column in query.columns]:
            raise QueryFileMalformed(f"{path}: the query has the columns {', '.join(asked)}; its header has others, or another "
                                     "order.")
        columns(bind(query.sparql, {p.name: Literal("1") if p.type in ("integer", "text", "language") else NamedNode(BASE)
                                    for p in query.parameters}))
    except (QueryMalformed, ParameterInvalid) as error:
        raise QueryFileMalformed(f"{path}: {error}") from error


def _term(parameter: Parameter, text: str) -> NamedNode | Literal:
    expected = ""
    if parameter.type == "integer":
        if text.removeprefix("-").isdecimal() and len(text) < 19:
            return Literal(int(text))
        expected = "a whole number"
    elif parameter.type == "language":
        if text in _LANGUAGES:
            return Literal(text)
        expected = " or ".join(_LANGUAGES)
    elif parameter.type == "text":
        return Literal(text)
    else:
        kind = KIND_OF_CLASS.get(parameter.type)
        try:
            return NamedNode(iri_of(text, kind))
        except ValueError:
            expected = f"the key of a {kind}, such as those that list_things shows, or an IRI" if kind else "an IRI"
    raise ParameterInvalid(f"{parameter.name}={text} will not do: {expected} is expected ({parameter.meaning}).")


def iri_of(text: str, kind: str | None) -> str:
    """Return the IRI that a value names: an IRI, a prefixed name, a key of the kind, ``kind/key`` or the path of a page."""
    iri = expand(text)
    if "://" in iri:
        page = re.match(r"https?://(?:localhost|127\.0\.0\.1)(?::\d+)?/((?:id|graph|ontology)\b.*)", iri)
        return BASE + page[1] if page else iri
    path = iri.removeprefix("/").removeprefix("id/")
    return thing_iri(kind, path.removeprefix(kind + "/")) if kind else BASE + "id/" + path


def _suggest(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, 3, 0.5)
    return f" Did you mean {' or '.join(near)}?" if near else ""
