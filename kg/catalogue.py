"""Turns the folder of queries into a catalogue, and a name with parameters into a query that can be asked.

A file ``<verb>_<noun>.rq`` opens with ``#+ key: value`` lines, ended by a blank line:

    #+ title: what it is, in a few words
    #+ area: one of AREAS
    #+ question: as a user asks it
    #+ question-es: the same in Spanish
    #+ asked: other words for it, in either language   (any number; where they stand for values: words | name=value)
    #+ tells: classes of the things whose texts are the answer, if any, such as par:Risk
    #+ param: name | type | default | meaning          (any number)
    #+ param-es: name | meaning                        (the same in Spanish)
    #+ column: name | type | unit | meaning            (one for each column, in order)
    #+ column-es: name | unit | meaning                (the same in Spanish)
    #+ example: name=value name=value

Types of parameters are those of kg.parameters. Default: a value, ``required``, or ``any`` (the variable stays free).
"""

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from kg.errors import ParameterInvalid, QueryFileMalformed, QueryMalformed, QueryUnknown
from kg.names import BASE
from kg.parameters import PLAIN_TYPES, Parameter
from kg.store.engine import columns
from kg.store.rdf import Literal, NamedNode
from kg.store.sparql import assigned_variables, bind, in_pages, query_form, variables
from kg.words import words_of

# What queries are about, in the order of lists: key, then title in English and in Spanish.
AREAS = {
    "cube": ("The cube: entry ways, tools, approaches", "El cubo: vías de entrada, herramientas, enfoques"),
    "paths": ("From where you stand to the market", "De donde usted está al mercado"),
    "cases": ("Experiences and other cases", "Experiencias y otros casos"),
    "heritage": ("Assets, actors, food community", "Activos, actores, comunidad alimentaria"),
    "chains": ("Products, chains, services", "Productos, cadenas, servicios"),
    "alliances": ("Alliances and their projects, in numbers", "Alianzas y sus proyectos, en cifras"),
    "lessons": ("Lessons, advice, risks", "Lecciones, consejos, riesgos"),
    "evidence": ("Who says so, and who says otherwise", "Quién lo dice, y quién dice otra cosa"),
    "gaps": ("What is missing", "Lo que falta"),
    "terms": ("Things, terms, graphs", "Cosas, términos, grafos"),
}
OF_ANY_THING = ("thing", "item", "case")
RESERVED = ("format", "page", "page_size", "revision")
_ONE = ("title", "area", "question", "question-es")
_PARAMETER = "tool | par:Tool | required | the tool to look at"
_PARTS = {"param": _PARAMETER, "column": _PARAMETER, "param-es": "tool | la herramienta que se mira",
          "column-es": "cases | casos | cuántos la usaron"}
_KEYS = (*_ONE, "asked", "tells", *_PARTS, "example")


@dataclass(frozen=True)
class Column:
    """A column of the answer. type: a class, ``iri``, ``text``, ``integer``; unit: what a number counts, or ``-``.

    Unit and meaning are in English, and in Spanish where the header tells them.
    """

    name: str
    type: str
    unit: str
    meaning: str
    unit_es: str = ""
    meaning_es: str = ""

    def told(self, language: str) -> tuple[str, str]:
        """Return the unit and the meaning in a language; in English where they are not told in that."""
        return (self.unit_es, self.meaning_es) if language == "es" and self.meaning_es else (self.unit, self.meaning)


@dataclass(frozen=True)
class Wording:
    """Other words for a question, in either language, and the values that they stand for, if any."""

    words: str
    given: Mapping[str, str]


@dataclass(frozen=True)
class Query:
    """A query of the catalogue: its texts, its parameters and columns in order, and SPARQL with free variables."""

    name: str
    title: str
    area: str
    question: str
    question_es: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    example: Mapping[str, str]
    sparql: str
    asked: tuple[Wording, ...] = ()
    tells: frozenset[str] = frozenset()

    def usage(self) -> str:
        """Return the name with its example values, as a command line takes them after ``parkg query``."""
        return " ".join([self.name, *(f"{key}={value}" for key, value in self.example.items())])

    def told(self) -> str:
        """Return everything that the header says of the query in words, in both languages."""
        asked = [wording.words for wording in self.asked]
        meanings = [text for p in self.parameters for text in (p.meaning, p.meaning_es)]
        meanings += [text for c in self.columns for text in (c.meaning, c.meaning_es)]
        return " ".join((self.name, self.title, *AREAS[self.area], self.question, self.question_es, *asked, *meanings))

    def path(self, given: Mapping[str, str]) -> str:
        """Return the path that asks the query with these values."""
        values = urlencode(given, safe="/:")
        return f"/queries/{self.name}" + (f"?{values}" if values else "")

    def bound(self, given: Mapping[str, str]) -> str:
        """Return the SPARQL with the given values and the defaults in place.

        Raises ParameterInvalid, naming the parameter, the value and what is expected.
        """
        known = {p.name: p for p in self.parameters}
        for name in given:
            if name not in known:
                english, spanish = _suggest(name, known)
                takes = ", ".join(known)
                raise ParameterInvalid(f"{self.name} has no parameter {name}.{english} It takes: {takes or 'none'}.",
                                       f"{self.name} no tiene el parámetro {name}.{spanish} Tiene: {takes or 'ninguno'}.")
        values = {}
        for parameter in self.parameters:
            text = given.get(parameter.name, "").strip() or parameter.default
            if text == "required":
                raise ParameterInvalid(f"{self.name} needs {parameter.name} ({parameter.meaning}). For example: {self.usage()}",
                                       f"A {self.name} le falta {parameter.name} ({parameter.told('es')}). "
                                       f"Por ejemplo: {self.usage()}")
            if text != "any":
                values[parameter.name] = parameter.term(text)
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

    def of_area(self, area: str) -> list[Query]:
        """Return the queries of an area, by name. Raises ParameterInvalid for one that there is not."""
        if area not in AREAS:
            raise ParameterInvalid(f"area={area} will not do: one of {', '.join(AREAS)} is expected.",
                                   f"area={area} no sirve: se espera una de {', '.join(AREAS)}.")
        return [query for query in self.all() if query.area == area]

    def taking(self, classes: Collection[str]) -> list[tuple[Query, str]]:
        """Return the queries that can be asked of a thing of these classes, with the parameter that takes it.

        Those made for one of the classes come first, then those that take any thing.
        """
        found = [(query, parameter.name, parameter.of_class) for query in self.all() for parameter in query.parameters
                 if parameter.of_class in classes or (parameter.kind == "iri" and parameter.name in OF_ANY_THING)]
        return [(query, name) for query, name, of_class in sorted(found, key=lambda f: not f[2])]

    def matching(self, text: str) -> list[Query]:
        """Return the queries in whose name, questions, parameters or columns every word of a text begins some word, by name."""
        wanted = words_of(text)
        return [query for query in self.all()
                if all(any(word.startswith(begin) for word in words_of(query.told())) for begin in wanted)]

    def get(self, name: str) -> Query:
        """Return the query of a name. Raises QueryUnknown with near names."""
        try:
            return self._queries[name]
        except KeyError:
            raise QueryUnknown(f"There is no query {name}.{_suggest(name, self._queries)[0]} "
                               "The catalogue lists all of them.") from None


def questions(folder: Path) -> dict[str, str]:
    """Return the question of every query of a folder by its name, in order; none is checked, so that it takes no time."""
    found = {}
    for path in sorted(folder.glob("*.rq")):
        asked = re.search(r"^#\+ question: *(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        found[path.stem] = asked[1] if asked else ""
    return found


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
    parameters = tuple(Parameter(*parts) for parts in _with_spanish(path, header, "param"))
    columns = tuple(Column(*parts) for parts in _with_spanish(path, header, "column"))
    example = dict(pair for _, value in header["example"] for pair in _pairs(value))
    asked = tuple(Wording(words.strip(), dict(_pairs(values))) for _, value in header["asked"]
                  for words, _, values in [value.partition("|")])
    title, area, question, question_es = (header[key][0][1] for key in _ONE)
    query = Query(path.stem, title, area, question, question_es, parameters, columns, example,
                  "\n".join(lines[end:]).strip() + "\n", asked, frozenset(" ".join(v for _, v in header["tells"]).split()))
    _check_body(path, query)
    return query


def _pairs(value: str) -> list[list[str]]:
    return [pair.split("=", 1) for pair in value.split() if "=" in pair]


def _with_spanish(path: Path, header: Mapping[str, list[tuple[int, str]]], key: str) -> list[list[str]]:
    """Return the parts of each line of a key, and behind them those of the line that says the same in Spanish, if any."""
    found = [_parts(path, number, key, value) for number, value in header[key]]
    spanish: dict[str, list[str]] = {}
    for number, value in header[f"{key}-es"]:
        name, *told = _parts(path, number, f"{key}-es", value)
        if name in spanish or name not in {parts[0] for parts in found}:
            raise QueryFileMalformed(f"{path}, line {number}: one line '#+ {key}-es: {name} | …' stands under one "
                                     f"'#+ {key}: {name} | …'.")
        spanish[name] = told
    return [[*parts, *spanish.get(parts[0], ())] for parts in found]


def _parts(path: Path, number: int, key: str, value: str) -> list[str]:
    parts, wanted = [part.strip() for part in value.split("|")], _PARTS[key].count("|") + 1
    if len(parts) != wanted or not all(parts):
        raise QueryFileMalformed(f"{path}, line {number}: write {('two', 'three', 'four')[wanted - 2]} parts with | between "
                                 f"them, as in '{_PARTS[key]}'.")
    return parts


def _check_body(path: Path, query: Query) -> None:
    if query.area not in AREAS:
        raise QueryFileMalformed(f"{path}: there is no area {query.area}. Areas are {', '.join(AREAS)}.")
    if in_pages(query.sparql):
        raise QueryFileMalformed(f"{path}: leave LIMIT and OFFSET to whoever asks; inside a subquery they may stand.")
    used = variables(query.sparql)
    assigned = assigned_variables(query.sparql)
    for parameter in query.parameters:
        if parameter.name in RESERVED:
            raise QueryFileMalformed(f"{path}: no parameter may be called {parameter.name}; addresses use it for another end.")
        if parameter.name not in used:
            raise QueryFileMalformed(f"{path}: the query has no variable ?{parameter.name} for its parameter {parameter.name}.")
        if parameter.name in assigned:
            raise QueryFileMalformed(f"{path}: ?{parameter.name} is a parameter, so AS or VALUES may not assign it.")
        if not parameter.is_known:
            raise QueryFileMalformed(f"{path}: parameter {parameter.name} has the unknown type {parameter.type}. Types are "
                                     f"{', '.join(PLAIN_TYPES)} and a class such as par:Tool.")
    for name in (name for wording in query.asked for name in wording.given):
        if name not in {parameter.name for parameter in query.parameters}:
            raise QueryFileMalformed(f"{path}: what it is asked as gives {name}, and the query has no such parameter.")
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
        columns(bind(query.sparql, {p.name: NamedNode(BASE) if p.kind in ("class", "iri", "one of") else Literal("1")
                                    for p in query.parameters}))
    except (QueryMalformed, ParameterInvalid) as error:
        raise QueryFileMalformed(f"{path}: {error}") from error


def _suggest(name: str, known: Mapping[str, object]) -> tuple[str, str]:
    """Return the names that are near one, as a question in English and in Spanish, or nothing."""
    near = difflib.get_close_matches(name, known, 3, 0.5)
    return (f" Did you mean {' or '.join(near)}?", f" ¿Quiso decir {' o '.join(near)}?") if near else ("", "")
