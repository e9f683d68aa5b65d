"""Turns Turtle, TriG, N-Triples or N-Quads text into the line and column at which each subject, and each property of it, stands.

The text has been read without a fault before; what a parser refuses is passed over here.
"""

import re
from typing import NamedTuple
from urllib.parse import urljoin

from kg.names import RDF_TYPE


class Place(NamedTuple):
    """A line and column of a text, or a row and column of a sheet, counted from 1; 0 where that is unknown."""

    line: int = 0
    column: int = 0
    sheet: str = ""


# Where something stands by its subject and property; of a subject alone, as a text writes them, the property is nothing.
Places = dict[tuple[str, str], Place]

_TOKEN = re.compile(
    r'''(?P<space>\s++|\#[^\n\r]*+)
      | (?P<iri><[^<>"{}|^`\s]*+>)
      | (?P<text>"""(?:[^"\\]|\\.|"(?!""))*+"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*+\'\'\'|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')
      | (?P<mark>[.;,\[\](){}])
      | (?P<word>(?:[^\s<>"'\[\](){};,\#.\\]|\\.|\.(?=[\w:%\\.-]))++)
      | (?P<other>.)''', re.VERBOSE | re.DOTALL)


def places_of(text: str) -> Places:
    """Return the first place of each subject, and of each property of it, counted from 1; not of what is in brackets."""
    return _Reading(text).places


class _Reading:
    def __init__(self, text: str) -> None:
        self.places: Places = {}
        self._prefixes: dict[str, str] = {}
        self._base = ""
        self._subject = self._prefix = ""
        self._awaits = "subject"
        self._nested = 0
        line, line_start = 1, 0
        for match in _TOKEN.finditer(text):
            token, kind = match.group(), match.lastgroup
            if kind != "space":
                self._take(token, str(kind), Place(line, match.start() - line_start + 1))
            if newlines := token.count("\n"):
                line, line_start = line + newlines, match.start() + token.rindex("\n") + 1

    def _take(self, token: str, kind: str, place: Place) -> None:
        if kind == "mark":
            self._mark(token)
        elif self._nested or kind == "other":
            return
        elif self._awaits == "prefix":
            self._prefix, self._awaits = token.removesuffix(":"), "namespace"
        elif self._awaits in ("namespace", "base"):
            self._declare(self._iri(token))
        elif self._awaits == "subject" and (word := token.lower().removeprefix("@")) in ("prefix", "base", "graph"):
            self._awaits = "subject" if word == "graph" else word
        elif self._awaits == "subject":
            self._subject, self._awaits = self._iri(token), "predicate"
            self.places.setdefault((self._subject, ""), place)
        elif self._awaits == "predicate":
            self._awaits = "object"
            self.places.setdefault((self._subject, RDF_TYPE if token == "a" else self._iri(token)), place)

    def _mark(self, token: str) -> None:
        if token in "[(":
            self._nested += 1
        elif token in "])":
            self._nested -= 1
            if self._awaits == "subject" and not self._nested:
                self._subject, self._awaits = "", "predicate"
        elif self._nested:
            return
        elif token == ";":
            self._awaits = "predicate"
        elif token != ",":
            self._awaits = "subject"

    def _declare(self, iri: str) -> None:
        if self._awaits == "base":
            self._base = iri
        else:
            self._prefixes[self._prefix] = iri
        self._awaits = "subject"

    def _iri(self, token: str) -> str:
        if token.startswith("<"):
            return urljoin(self._base, token[1:-1]) if self._base else token[1:-1]
        prefix, _, local = token.partition(":")
        return token if prefix == "_" else self._prefixes.get(prefix, prefix + ":") + local.replace("\\", "")
