"""Turns the quads that somebody sent, and what is known of the things that they name, into what a check asks of them."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kg.names import RDF_TYPE, RDFS_LABEL, expand, graph_of_experience, path_of, thing_iri
from kg.store.places import Place, Places
from kg.store.rdf import BlankNode, Literal, NamedNode, Quad, Triple
from kg.submissions.finding import Finding, finding, is_worded
from kg.submissions.known import Thing, Vocabulary

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# The folders of new things that others may come to share, and so need not begin with the key of the experience.
SHARED_KINDS = ("agent", "product", "place", "country")
# The classes whose things are the same for all experiences, so that none adds to them.
SHARED_LISTS = frozenset(map(expand, ("par:ToolboxItem", "skos:ConceptScheme")))

# What is wrong with a field and mended as the note beside it says, whatever would be written in RDF.
_SAID_BY_NOTES = ("licence", "citation", "entry_ways", "tools", "unknown", "datatype")


@dataclass(frozen=True)
class Draft:
    """A submission under way: its key, its quads in the graphs that they would be published in, and what is known.

    things: those of the published graph that it names; homes: the graphs that state something of those that it describes itself;
    titles and notes: what properties are called where it was filled in, and what is to be written there, by IRI.
    """

    key: str
    language: str
    quads: list[Quad]
    places: Places
    vocabulary: Vocabulary
    things: Mapping[str, Thing]
    homes: Mapping[str, frozenset[str]]
    titles: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def experience(self) -> str:
        """The IRI of its experience."""
        return thing_iri("experience", self.key)

    @property
    def graph(self) -> str:
        """The IRI of its graph; those of its passages begin with it and a slash."""
        return main_graph(self.key)

    @cached_property
    def about(self) -> dict[str, dict[str, list[NamedNode | BlankNode | Literal | Triple]]]:
        """What it states: subject → property → values, each value once, as IRIs and terms."""
        found: dict[str, dict[str, dict[NamedNode | BlankNode | Literal | Triple, None]]] = defaultdict(lambda: defaultdict(dict))
        for quad in self.quads:
            if isinstance(quad.subject, NamedNode):
                found[quad.subject.value][quad.predicate.value][quad.object] = None
        return {subject: {property: list(values) for property, values in about.items()} for subject, about in found.items()}

    def values(self, subject: str, property: str) -> list[NamedNode | BlankNode | Literal | Triple]:
        """Return the values that it states of a property of a thing."""
        return self.about.get(subject, {}).get(property, [])

    def classes(self, iri: str) -> frozenset[str]:
        """Return the IRIs of the classes of a thing that it describes, or else of a published one, and those above."""
        stated = [value.value for value in self.values(iri, RDF_TYPE) if isinstance(value, NamedNode)]
        known = self.things.get(iri) if iri not in self.about else None
        return self.vocabulary.over(stated) | (known.classes if known else frozenset())

    def labels(self, iri: str) -> list[Literal]:
        """Return the labels that it states of a thing."""
        return [value for value in self.values(iri, RDFS_LABEL) if isinstance(value, Literal)]

    def is_own(self, iri: str) -> bool:
        """Tell whether an IRI is one that a submission of this key may mint: its things, passages, document and graphs."""
        if iri == self.graph or iri.startswith(self.graph + "/"):
            return True
        kind, _, key = path_of(iri).partition("/")
        if kind == "passage":
            return key.startswith(self.key + "/")
        return key == self.key or key.startswith(self.key + "-")

    def is_new_shared(self, iri: str) -> bool:
        """Tell whether an IRI is that of an agent, product, place or country that it states and no other graph does."""
        return path_of(iri).partition("/")[0] in SHARED_KINDS and not self.elsewhere(iri)

    def may_state(self, iri: str) -> bool:
        """Tell whether it describes a thing and may: its own or a new one to share, not there and of no shared list."""
        mine = iri in self.about and (self.is_own(iri) or self.is_new_shared(iri))
        return mine and not self.elsewhere(iri) and SHARED_LISTS.isdisjoint(self.classes(iri))

    def elsewhere(self, iri: str) -> list[str]:
        """Return the graphs of others that state something of a thing, sorted; earlier versions of its own are none."""
        return sorted(graph for graph in self.homes.get(iri, ())
                      if not graph.startswith(graph_of_experience(self.key, "")))

    def tell(self, name: str, record: str = "", field: str = "", found: str = "", write: str = "",
             **words: object) -> Finding:
        """Return a finding about a record and field, with the place where it stands, as kg.submissions.finding.finding does."""
        place = self.places.get((record, field)) or self.places.get((record, ""), Place())
        words = {"key": self.key, "graph": self.graph, **words}
        if field in self.titles:
            words["title"] = f"“{self.titles[field]}”" if self.language == "en" else f"«{self.titles[field]}»"
        if write or name in _SAID_BY_NOTES:
            write = self.notes.get(field, write)
        name = f"{name}_filled" if self.titles and is_worded(f"{name}_filled") else name
        return finding(name, self.language, record, field, place, found, write, **words)


def main_graph(key: str) -> str:
    """Return the IRI of the graph in which an experience would be published, with 1 in the place of its version."""
    return graph_of_experience(key, 1)
