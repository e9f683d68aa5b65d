"""Turns what a person wrote for a thing into the thing: by its name in either language, by kind and key, or by its IRI."""

import re
from collections.abc import Collection, Mapping
from typing import Protocol

from kg.names import brief, expand, kind_of, local_name, thing_iri
from kg.submissions.known import Known, Thing
from kg.words import folded, words_of

LANGUAGES = ("en", "es")
NEAR = 3
_KEYED = re.compile(r"([a-z][a-z-]*)[:/]([a-z0-9]+(?:[-/][a-z0-9]+)*)")
_WEB = re.compile(r"https?://\S+")


class Naming(Protocol):
    """What must be known to find a thing by its name."""

    def found(self, text: str, of_class: str) -> list[str]:
        """Return the IRIs of the things of a class, or of any without one, that are called so."""

    def near(self, text: str, of_class: str) -> list[str]:
        """Return what is nearly called so, as a person would write it."""

    def label(self, iri: str, language: str) -> str:
        """Return the name of a thing in a language, or else in the other; kind and key of one without."""


class NamesOfThings:
    """Finds the things of the published graph by their names; asks for each name once."""

    def __init__(self, known: Known, language: str = "en") -> None:
        """language: of the names that are told."""
        self._known = known
        self._language = language
        self._found: dict[tuple[str, str], list[str]] = {}
        self._lists: dict[str, list[Thing]] = {}
        self._labels: dict[str, Mapping[str, str]] = {}

    def found(self, text: str, of_class: str) -> list[str]:
        """Return the IRIs of the things of a class, or of any without one, that are called so."""
        if (text, of_class) not in self._found:
            exact = [one for one in self._known.labelled(text) if not of_class or of_class in one.classes]
            fitting = [one for one in exact if text in one.labels.values()] or exact
            if not fitting and of_class:
                fitting = [one for one in self._listed(of_class) if folded(text) in map(folded, one.labels.values())]
            if not fitting:
                called = [one for language in LANGUAGES for one in self._known.called(text, language)]
                fitting = [one for one in called if not of_class or of_class in one.classes]
            self._found[text, of_class] = sorted({one.iri for one in fitting})
            self._labels |= {one.iri: one.labels for one in fitting}
        return self._found[text, of_class]

    def _listed(self, of_class: str) -> list[Thing]:
        if of_class not in self._lists:
            self._lists[of_class] = self._known.listed(of_class)
        return self._lists[of_class]

    def near(self, text: str, of_class: str) -> list[str]:
        """Return what is nearly called so, as a person would write it."""
        kind = folder_of(of_class)
        things = {one.iri: one for language in LANGUAGES for one in self._known.like(text, language, kind)} if of_class else {}
        self._labels |= {iri: one.labels for iri, one in things.items()}
        return [f"{self.label(iri, self._language)} ({brief(iri)})" for iri in list(things)[:NEAR]]

    def label(self, iri: str, language: str) -> str:
        """Return the name of a thing in a language, or else in the other; kind and key of one without."""
        if iri not in self._labels:
            self.learn([iri])
        labels = self._labels.get(iri, {})
        return labels.get(language) or next(iter(labels.values()), brief(iri))

    def learn(self, iris: Collection[str]) -> None:
        """Ask for the names of things all at once."""
        missing = [iri for iri in iris if iri not in self._labels]
        self._labels |= {iri: {} for iri in missing} | {iri: one.labels for iri, one in self._known.things(missing).items()}


def written_iri(text: str) -> str:
    """Return the IRI that a text spells, itself or as ``country:peru`` or ``country/peru``; nothing where it spells none.

    Kind and key may stand in brackets behind a name: ``Lima (place/lima)``.
    """
    if _WEB.fullmatch(text):
        return text
    keyed = _KEYED.fullmatch(text[text.rfind("(") + 1:-1] if text.endswith(")") else text)
    if not keyed:
        return ""
    named = expand(text)
    return named if named != text else thing_iri(*keyed.groups())


def folder_of(of_class: str) -> str:
    """Return the folder of /id/ for the things of a class; of a class over several, such as par:Place, its own name."""
    name = local_name(of_class)
    return kind_of(f"par:{name}") or name.lower()


def slug(text: str, longest: int = 60) -> str:
    """Return the words of a text as a key has them: lower case, without accents, joined by ``-``."""
    words: list[str] = []
    for word in words_of(text):
        plain = "".join(c for c in word if c.isascii())
        if plain and len("-".join([*words, plain])) <= longest:
            words.append(plain)
    return "-".join(words)
