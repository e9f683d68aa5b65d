"""Turns the type of a parameter and a text that a user wrote into an RDF term, or into what was expected instead.

Types are written in the header of a query:

- a class of things (``par:Tool``): the value is a key such as ``financing``, or an IRI; kg.inquire looks it up in the graph;
- ``iri`` of anything, ``text``, ``language`` (``en`` or ``es``), ``year``;
- ``integer`` and ``decimal``, alone or with a range: ``integer 1..3``, ``decimal 0..100``;
- ``one of par:valueStatus``: the values that a property has in the graph.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.errors import ParameterInvalid
from kg.names import BASE, expand, kind_of, thing_iri
from kg.store.rdf import Literal, NamedNode

LANGUAGES = ("en", "es")
PLAIN_TYPES = ("iri", "text", "language", "year", "integer", "decimal", "one of <property>")
LARGEST = 10**18 - 1  # of eighteen digits, which every store counts with
_TYPE = re.compile(r"(?P<number>integer|decimal)(?: (?P<least>-?[\d.]+)\.\.(?P<most>-?[\d.]+))?|year|iri|text|language"
                   r"|one of (?P<of_property>\w+:\w+)|(?P<of_class>par:[A-Z]\w*)")
_NUMBER = {"integer": re.compile(r"[+-]?\d{1,18}"), "decimal": re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{1,18})?|\.\d{1,18})"),
           "year": re.compile(r"\d{4}")}
_EXPECTED = {"integer": ("a whole number", "un número entero"), "decimal": ("a number such as 12.5", "un número como 12.5"),
             "year": ("a year of four digits", "un año de cuatro cifras")}


@dataclass(frozen=True)
class Parameter:
    """A variable that a user gives a value to. default: a value, ``required`` or ``any``; meaning: in English, and in Spanish."""

    name: str
    type: str
    default: str
    meaning: str
    meaning_es: str = ""

    def told(self, language: str) -> str:
        """Return the meaning in a language; in English where it is not told in that."""
        return (language == "es" and self.meaning_es) or self.meaning

    @property
    def is_known(self) -> bool:
        """Whether the type is one."""
        return _TYPE.fullmatch(self.type) is not None

    @property
    def of_class(self) -> str:
        """The class of which the value is a thing, as a prefixed name; empty for other types."""
        return self._part("of_class")

    @property
    def of_property(self) -> str:
        """The property of which the value is one, as a prefixed name; empty for other types."""
        return self._part("of_property")

    @property
    def kind(self) -> str:
        """``integer``, ``decimal``, ``year``, ``iri``, ``text``, ``language``, ``class`` or ``one of``."""
        return "class" if self.of_class else "one of" if self.of_property else self.type.split(" ")[0]

    @property
    def range(self) -> tuple[str, str]:
        """The least and the most that a number may be, as they are written; both empty where there is no range."""
        return self._part("least"), self._part("most")

    def term(self, text: str) -> NamedNode | Literal:
        """Return the value that a text stands for, as far as it can be told without the graph.

        A value of a ``one of`` is a literal of that text where it is no IRI. Raises ParameterInvalid, naming the parameter,
        the value and what is expected.
        """
        if self.kind in _NUMBER:
            return self._number(text)
        if self.kind == "language":
            if text not in LANGUAGES:
                raise self.refusal(text, f"{' or '.join(LANGUAGES)} is expected", f"se espera {' o '.join(LANGUAGES)}")
            return Literal(text)
        if self.kind == "text" or (self.kind == "one of" and not names_iri(text)):
            return Literal(text)
        kind = kind_of(self.of_class) if self.of_class else ""
        try:
            return NamedNode(iri_of(text, kind))
        except ValueError:
            expected = f"the key of a {kind}, such as those that list_things shows, or an IRI" if kind else "an IRI"
            awaited = "la clave de uno, como las que muestra list_things, o un IRI" if kind else "un IRI"
            raise self.refusal(text, f"{expected} is expected", f"se espera {awaited}") from None

    def refusal(self, text: str, expected: str, spanish: str) -> ParameterInvalid:
        """Return the error for a value that will not do; ``expected`` is the rest of its sentence, ``spanish`` the same."""
        shown = text if len(text) <= 80 else text[:79] + "…"
        return ParameterInvalid(f"{self.name}={shown} will not do: {expected} ({self.meaning}).",
                                f"{self.name}={shown} no sirve: {spanish} ({self.told('es')}).")

    def _number(self, text: str) -> Literal:
        least, most = self.range
        within, dentro = (f" from {least} to {most}", f" de {least} a {most}") if least else ("", "")
        written = text.isascii() and _NUMBER[self.kind].fullmatch(text)
        if not written or (least and not float(least) <= float(text) <= float(most)):
            english, spanish = _EXPECTED[self.kind]
            raise self.refusal(text, f"{english}{within} is expected", f"se espera {spanish}{dentro}")
        if self.kind == "decimal":
            return Literal(text, datatype=NamedNode(expand("xsd:decimal")))
        return Literal(int(text))

    def _part(self, name: str) -> str:
        match = _read(self.type)
        return (match[name] or "") if match else ""


@lru_cache(maxsize=1024)
def _read(type: str) -> re.Match[str] | None:
    return _TYPE.fullmatch(type)


def names_iri(text: str) -> bool:
    """Tell whether a text is an IRI, a prefixed name of ours or ``kind/key`` rather than a word."""
    return "://" in expand(text) or re.fullmatch(r"[a-z\-]+/[a-z0-9\-/]+", text) is not None


def iri_of(text: str, kind: str = "") -> str:
    """Return the IRI that a value names: an IRI, a prefixed name, a key of the kind, ``kind/key`` or the path of a page."""
    iri = expand(text)
    if "://" in iri:
        page = re.match(r"https?://(?:localhost|127\.0\.0\.1)(?::\d+)?/((?:id|graph|ontology)\b.*)", iri)
        return BASE + page[1] if page else iri
    path = iri.removeprefix("/").removeprefix("id/")
    return thing_iri(kind, path.removeprefix(kind + "/")) if kind else BASE + "id/" + path
