"""Turns the decision that two experiences are one case into graphs that go, and a statement by which the other is found.

The case is counted once: of what was joined nothing is left in the graph but which experience took its place. Its IRI is no
other's, and its page tells where it went and what still points at it.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from kg.contributions.ledger import Contribution
from kg.errors import MoveImpossible, ParameterInvalid
from kg.inquire import Inquiry
from kg.names import expand, graph_of_experience
from kg.parameters import LANGUAGES
from kg.store.rdf import NamedNode, Triple, n_triples
from kg.submissions.completeness import ALIKE, alikeness
from kg.submissions.known import Thing
from kg.words import words_of

SHORTEST_TELLING, MOST_OF_A_WORD = 4, 60  # letters; experiences with a word, beyond which it tells nothing
EXPERIENCE = expand("par:SystematizedExperience")


@dataclass(frozen=True)
class Double:
    """Two published experiences whose names are so alike, from 0 to 1, that they may be one."""

    one: str
    one_label: str
    other: str
    other_label: str
    alike: float


def likely_doubles(inquiry: Inquiry) -> list[Double]:
    """Return the published experiences that may be one, by their names in either language, the most alike first."""
    found: dict[tuple[str, str], Double] = {}
    for language in LANGUAGES:
        rows = inquiry.table(inquiry.bound("list_things", {"class": EXPERIENCE, "language": language})).rows
        labels = {thing.text: label.text for _, label, thing in rows if label and thing}
        having: dict[str, list[str]] = defaultdict(list)
        for thing, label in labels.items():
            for word in {word for word in words_of(label) if len(word) >= SHORTEST_TELLING}:
                having[word].append(thing)
        pairs = {pair for things in having.values() if len(things) <= MOST_OF_A_WORD for pair in combinations(sorted(things), 2)}
        for one, other in pairs:
            alike = alikeness(labels[one], labels[other])
            if alike >= ALIKE and alike > (found[one, other].alike if (one, other) in found else 0):
                found[one, other] = Double(one, labels[one], other, labels[other], round(alike, 2))
    return sorted(found.values(), key=lambda double: (-double.alike, double.one, double.other))


def joined(one: Contribution, into: Thing | None) -> dict[str, bytes]:
    """Return the graphs by which a published contribution is joined with an experience that stays, none for those that go.

    Raises ParameterInvalid where the graph has no such experience, and MoveImpossible where it is the same.
    """
    if into is None or EXPERIENCE not in into.classes:
        raise ParameterInvalid("To join takes, in the field into, the IRI of a published experience: the one that stays.",
                               "Para unir hace falta, en el campo into, el IRI de una experiencia publicada: la que queda.")
    if into.iri == one.experience:
        raise MoveImpossible("An experience cannot be joined with itself.")
    told = Triple(NamedNode(one.experience), NamedNode(expand("dcterms:isReplacedBy")), NamedNode(into.iri))
    return {**dict.fromkeys(one.versions[one.version].graphs, b""), _graph(one): n_triples([told])}


def separated(one: Contribution) -> dict[str, bytes]:
    """Return the graphs by which a join is undone: the contribution is then accepted, and is published as its next version."""
    return {_graph(one): b""}


def _graph(one: Contribution) -> str:
    return graph_of_experience(one.key, "joined")
