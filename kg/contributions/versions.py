"""Turns the record of a contribution into the versions of its experience: what each stated, and what changed."""

from dataclasses import dataclass, replace
from datetime import datetime

from kg.contributions.ledger import SENDING, Contribution, Event, Ledger
from kg.contributions.provenance import as_version, origin
from kg.errors import ContributionUnknown
from kg.names import PREFIXES, RDFS_LABEL, graph_of_experience
from kg.store.patch import line, write_patch
from kg.store.rdf import Literal, NamedNode, Quad, Triple

_MOVING = ("publish", "withdraw", "join", "separate")  # what changes which version is in the graph
_LICENSE = NamedNode(PREFIXES["dcterms"] + "license")


@dataclass(frozen=True)
class Version:
    """A version of an experience that was published.

    at: when, as the record has it (UTC); contributor, reviewer, publisher: names of tokens; note: what was said when it was sent.
    """

    key: str
    number: int
    at: str
    edition: int
    contributor: str
    reviewer: str
    publisher: str
    note: str

    @property
    def made(self) -> datetime:
        """Return when it was published, to the second."""
        return datetime.fromisoformat(self.at).replace(microsecond=0)


@dataclass(frozen=True)
class Difference:
    """What the later of two versions states and the earlier does not, and the reverse; both sorted.

    Graphs are called as in the later one, and what is told of where a version comes from is left out.
    """

    adds: list[Triple]
    removes: list[Triple]


@dataclass(frozen=True)
class History:
    """The versions of an experience, the first first. current: the number of the one in the graph, or 0."""

    contribution: Contribution
    versions: tuple[Version, ...]

    @property
    def key(self) -> str:
        """Return the key of the experience."""
        return self.contribution.key

    @property
    def current(self) -> int:
        """Return the number of the version that is in the graph, or 0 where it was taken back."""
        return self.contribution.version

    @property
    def taken_back(self) -> Event | None:
        """Return what took the experience back, where that was the last that happened to what is in the graph."""
        last = next(event for event in reversed(self.contribution.events) if event.did in _MOVING)
        return last if last.did == "withdraw" else None

    def at(self, moment: datetime) -> Version:
        """Return the version that was in the graph at a time, or was last in it then; before the first the first."""
        return next((one for one in reversed(self.versions) if one.made <= moment), self.versions[0])

    def version(self, number: int) -> Version:
        """Return a version. Raises ContributionUnknown."""
        if not 1 <= number <= len(self.versions):
            raise ContributionUnknown(f"{self.key} has no version {number}. There are the versions 1 to {len(self.versions)}.")
        return self.versions[number - 1]


class Versions:
    """The versions of the experiences that a ledger has contributions of."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of(self, key: str) -> History | None:
        """Return the history of an experience; None where it has no contribution or none was published.

        Raises StoreUnavailable where a record is damaged.
        """
        one = self._ledger.of_key(key)
        return History(one, tuple(_version(one, number) for number in sorted(one.versions))) if one and one.versions else None

    def quads(self, history: History, version: Version) -> list[Quad]:
        """Return what a version stated, in its graphs, sorted. Raises StoreUnavailable."""
        graphs = self._graphs(history, version)
        return sorted((Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph))
                       for graph, triples in graphs.items() for triple in triples), key=str)

    def triples(self, history: History, version: Version) -> list[Triple]:
        """Return what a version stated, whichever of its graphs did, sorted. Raises StoreUnavailable."""
        return sorted({quad.triple for quad in self.quads(history, version)}, key=str)

    def difference(self, history: History, earlier: Version, later: Version) -> Difference:
        """Return what changed between two versions. Raises StoreUnavailable."""
        old, new = (set().union(*as_version(self._ledger.body(history.contribution, one.edition), history.key,
                                            later.number).values()) for one in (earlier, later))
        return Difference(sorted(new - old, key=str), sorted(old - new, key=str))

    def patch(self, history: History, earlier: Version, later: Version, told: dict[str, str]) -> bytes:
        """Return the RDF Patch that makes the triples of one version those of another. Raises StoreUnavailable."""
        old, new = ({line(triple) for triple in self.triples(history, one)} for one in (earlier, later))
        return write_patch(new - old, old - new, told)

    def _graphs(self, history: History, version: Version) -> dict[str, set[Triple]]:
        one = history.contribution
        place = next(i for i, event in enumerate(one.events) if (event.did, event.version) == ("publish", version.number))
        then = replace(one, events=one.events[:place])
        graphs = as_version(self._ledger.body(one, version.edition), history.key, version.number)
        main = graph_of_experience(history.key, version.number)
        graphs[main] |= origin(then, version.number, one.events[place])
        return graphs


def label_of(triples: list[Triple], iri: str, language: str) -> str:
    """Return what a thing is called in a language, or else in another; its IRI where it is not said."""
    found = {triple.object.language: triple.object.value for triple in triples if triple.subject == NamedNode(iri)
             and triple.predicate == NamedNode(RDFS_LABEL) and isinstance(triple.object, Literal)}
    return found.get(language) or next(iter(found.values()), iri)


def licences_of(triples: list[Triple]) -> list[str]:
    """Return the IRIs of the licences that triples state, sorted."""
    return sorted({triple.object.value for triple in triples
                   if triple.predicate == _LICENSE and isinstance(triple.object, NamedNode)})


def _version(one: Contribution, number: int) -> Version:
    published = one.versions[number]
    before = one.events[:one.events.index(published)]
    sent = next(event for event in reversed(before) if event.did in SENDING)
    accepted = next((event.who for event in reversed(before) if event.did == "accept"), published.who)
    return Version(one.key, number, published.at, published.edition, sent.who, accepted, published.who, sent.note)
