"""Turns what a submission names into the questions that it has of the published graph: what must be known to check it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Thing:
    """A thing of the published graph: its IRI, those of its classes, inferred ones too, and a label for each language."""

    iri: str
    classes: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Vocabulary:
    """The IRIs of the terms that the ontology declares, and for each class those directly above it."""

    terms: frozenset[str]
    above: Mapping[str, frozenset[str]]

    def over(self, classes: Collection[str]) -> frozenset[str]:
        """Return classes with all those above them."""
        found: set[str] = set()
        waiting = list(classes)
        while waiting:
            if (one := waiting.pop()) not in found:
                found.add(one)
                waiting += self.above.get(one, ())
        return frozenset(found)


class Known(Protocol):
    """What must be known of the published graph. What each question costs depends on what is asked about, not on the graph."""

    def vocabulary(self) -> Vocabulary:
        """Return the terms of the ontology."""

    def things(self, iris: Collection[str]) -> dict[str, Thing]:
        """Return those of these IRIs that have a class or a label, by IRI."""

    def homes(self, iris: Collection[str]) -> dict[str, frozenset[str]]:
        """Return the public graphs that state something of each of these IRIs, by IRI; not what is inferred."""

    def called(self, label: str, language: str) -> list[Thing]:
        """Return the things whose name is the same but for case, accents and number."""

    def labelled(self, label: str) -> list[Thing]:
        """Return the things that have exactly this label or other name, in either language, or this notation, such as ``kg``."""

    def like(self, label: str, language: str, kind: str) -> list[Thing]:
        """Return the first few things of a kind, such as ``experience``, of names that are near a label."""

    def listed(self, of_class: str) -> list[Thing]:
        """Return the things of a class, as many as a list can hold."""
