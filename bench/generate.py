"""Turns a number into that many synthetic experiences in the shapes of the real ones, each in a named graph of its own.

    python -m bench.generate 1000 > synthetic.nq            N-Quads
    python -m bench.generate 1000 --data /tmp/var            a data folder: what is shipped and these, checked and inferred
    python -m bench.generate 20000 --data /tmp/var --no-shapes

Experience n is the same whatever N, so a larger set holds a smaller one. What an experience points at (products, roles, units,
places …) is drawn from what the shipped records of the same class point at, as often as they do; what it says is made up.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import click

from bench import words
from kg.build import shipped_sources
from kg.load import load
from kg.names import RDF_TYPE, compact, expand, graph_of_experience, thing_iri
from kg.store.rdf import Literal, NamedNode, Quad

Values = dict[tuple[str, str], list[NamedNode]]


def graph_of(number: int) -> str:
    """Return the IRI of the named graph of a synthetic experience."""
    return graph_of_experience(f"synthetic-{number}", 1)


def experience_of(number: int | str) -> str:
    """Return the IRI of a synthetic experience."""
    return thing_iri("experience", f"synthetic-{number}")


def shipped_values(quads: Iterable[Quad]) -> Values:
    """Return what things of each class point at by each property, as prefixed names: one entry for each triple, sorted."""
    quads = list(quads)
    classes = defaultdict(set)
    for quad in quads:
        if quad.predicate.value == RDF_TYPE:
            classes[quad.subject].add(compact(quad.object.value))
    found = defaultdict(set)
    for quad in quads:
        if isinstance(quad.object, NamedNode):
            for name in classes[quad.subject]:
                found[name, compact(quad.predicate.value)].add((quad.subject, quad.object))
    return {key: sorted((o for _, o in pairs), key=str) for key, pairs in found.items()}


def synthetic(count: int, values: Values, first: int = 0) -> Iterator[Quad]:
    """Yield the quads of ``count`` experiences, beginning with number ``first``: about 350 each, the same every time."""
    for number in range(first, first + count):
        yield from _Record(number, values).quads()


class _Record:
    """One experience under way: its key, its own random numbers and what was stated so far."""

    def __init__(self, number: int, values: Values) -> None:
        self._random = Random(f"cocina-par synthetic {number}")
        self._values = values
        self._number = number
        self._key = f"synthetic-{number}"
        self._graph = NamedNode(graph_of(number))
        self._experience = NamedNode(experience_of(number))
        self._name = tuple(f"{text} {number}" for text in words.name(self._random))
        self._quads: dict[Quad, None] = {}

    def quads(self) -> Iterable[Quad]:
        self._register()
        self._describe()
        self._fill_cells()
        agents = [self._agent(i) for i in range(self._random.randint(3, 4))]
        for i in range(self._random.randint(5, 7)):
            self._participation(i, agents[i % len(agents)])
        events = [self._event(i) for i in range(self._random.randint(2, 4))]
        for i in range(self._random.randint(3, 5)):
            self._quantity(i, self._random.choice([self._experience, *events]))
        for i in range(self._random.randint(1, 3)):
            self._asset(i)
        for kind, count in (("argument", 4), ("benefit", 2), ("lesson", 2)):
            for i in range(count):
                self._insight(kind, f"par:{kind.capitalize()}", i)
        for i in range(self._random.randint(4, 6)):
            self._guidance(i, self._random.choice(events))
        for i in range(2):
            self._community(i, self._random.choice(agents))
        return self._quads

    def _thing(self, kind: str, part: object) -> NamedNode:
        return NamedNode(thing_iri(kind, f"{self._key}-{part}"))

    def _state(self, subject: NamedNode, property: str, *values: NamedNode | Literal) -> None:
        for value in values:
            self._quads[Quad(subject, NamedNode(expand(property)), value, self._graph)] = None

    def _say(self, subject: NamedNode, property: str, text: tuple[str, ...]) -> None:
        self._state(subject, property, Literal(text[0], language="en"), Literal(text[1], language="es"))

    def _open(self, subject: NamedNode, of_class: str, label: str, label_es: str, defined: bool = True) -> NamedNode:
        """State the class, the labels and, where one is due, the definitions of a thing; return it."""
        self._state(subject, "rdf:type", NamedNode(expand(of_class)))
        self._say(subject, "rdfs:label", (f"{self._name[0]}: {label}", f"{self._name[1]}: {label_es}"))
        if defined:
            self._say(subject, "skos:definition", words.sentence(self._random))
        return subject

    def _like_shipped(self, subject: NamedNode, of_class: str, property: str, least: int, most: int | None = None) -> None:
        """State a number of values that shipped things of the class have, drawn as often as they have them."""
        for value in self._random.choices(self._values[of_class, property], k=self._random.randint(least, most or least)):
            self._state(subject, property, value)

    def _register(self) -> None:
        document = self._open(NamedNode(thing_iri("document", self._key)), "par:Document", "record", "ficha")
        passage = self._open(NamedNode(thing_iri("passage", f"{self._key}/1")), "par:Passage", "version 1", "versión 1", False)
        self._open(self._graph, "par:NamedGraph", "what is stated", "lo que se afirma", False)
        self._state(passage, "par:isPassageOf", document)
        self._state(passage, "par:hasPassageKind", NamedNode(thing_iri("passage-kind", "section")))
        self._state(passage, "par:passagePosition", Literal(1))
        self._state(passage, "par:hasNamedGraph", self._graph)

    def _describe(self) -> None:
        thing, of_class = self._experience, "par:SystematizedExperience"
        self._state(thing, "rdf:type", NamedNode(expand(of_class)))
        self._say(thing, "rdfs:label", self._name)
        self._say(thing, "skos:definition", words.sentence(self._random))
        self._say(thing, "skos:altLabel", words.name(self._random))
        for property, least, most in (
                ("par:inCountry", 1, 1), ("par:hasOrganizationalModel", 1, 1), ("par:hasAllianceType", 1, 1),
                ("par:hasFinancingSource", 1, 2), ("par:hasQualityScheme", 0, 2), ("par:takesPlaceIn", 0, 1),
                ("par:involvesProduct", 2, 5), ("par:involvesAgent", 1, 2), ("par:hasSuccessFactor", 2, 4),
                ("par:usesService", 0, 1), ("par:usesPolicyInstrument", 0, 1)):
            self._like_shipped(thing, of_class, property, least, most)
        own = self._open(self._thing("product", "product"), "par:Product", "product", "producto")
        self._like_shipped(own, "par:Product", "par:hasBroaderProduct", 1)
        self._state(thing, "par:involvesProduct", own)

    def _fill_cells(self) -> None:
        """Enter the experience in cells of the cube: tools and approaches by one to three entry ways."""
        for kind, of_class, property, most in (("tool-application", "par:ToolApplication", "par:appliesTool", 11),
                                               ("approach-application", "par:ApproachApplication", "par:takesApproach", 9)):
            ways = self._random.choices(self._values[of_class, "par:onEntryWay"], k=self._random.randint(1, 3))
            for _ in range(self._random.randint(most - 4, most)):
                way, item = self._random.choice(ways), self._random.choice(self._values[of_class, property])
                cell = self._thing(kind, f"{_last(way)}-{_last(item)}")
                self._state(cell, "rdf:type", NamedNode(expand(of_class)))
                self._state(cell, "par:ofExperience", self._experience)
                self._state(cell, "par:onEntryWay", way)
                self._state(cell, property, item)

    def _agent(self, i: int) -> NamedNode:
        of_class = self._random.choice(["par:Organization", "par:AgentGroup", "par:Person"])
        return self._open(self._thing("agent", i), of_class, f"agent {i}", f"agente {i}", self._random.random() < 0.5)

    def _participation(self, i: int, agent: NamedNode) -> None:
        thing = self._open(self._thing("participation", i), "par:Participation", f"part {i}", f"papel {i}", False)
        self._state(thing, "par:hasParticipant", agent)
        self._like_shipped(thing, "par:Participation", "par:hasRole", 1)
        self._say(thing, "par:contribution", words.sentence(self._random))
        self._state(self._experience, "par:hasParticipation", thing)

    def _event(self, i: int) -> NamedNode:
        thing = self._open(self._thing("event", i), "par:Event", f"event {i}", f"hecho {i}")
        self._state(thing, "par:partNumber", Literal(i + 1))
        self._like_shipped(thing, "par:Event", "par:takesPlaceIn", 0, 1)
        self._state(self._experience, "par:hasEvent", thing)
        return thing

    def _quantity(self, i: int, of: NamedNode) -> None:
        thing = self._open(self._thing("quantity", i), "par:Quantity", f"number {i}", f"cifra {i}", False)
        self._state(thing, "par:isQuantityOf", of)
        self._state(thing, "par:numericValue", Literal(self._random.randint(2, 5000)))
        self._like_shipped(thing, "par:Quantity", "par:hasUnit", 1)
        self._like_shipped(thing, "par:Quantity", "par:hasValueStatus", 1)
        self._say(thing, "par:counts", words.sentence(self._random))
        if any("percent" in str(quad.object) for quad in self._quads if quad.subject == thing):
            self._say(thing, "par:baseOfShare", words.sentence(self._random))

    def _asset(self, i: int) -> None:
        thing = self._open(self._thing("asset", i), "par:Asset", f"asset {i}", f"activo {i}")
        self._like_shipped(thing, "par:Asset", "par:hasAssetKind", 1)
        self._state(self._experience, "par:hasAsset", thing)

    def _insight(self, kind: str, of_class: str, i: int) -> None:
        thing = self._open(self._thing(kind, i), of_class, f"{kind} {i}", f"{kind} {i} (es)")
        self._like_shipped(thing, of_class, "par:hasTheme", 1, 2)
        self._like_shipped(thing, of_class, "par:bearsOn", 1, 2)
        self._state(thing, "par:restsOn", self._experience)

    def _guidance(self, i: int, event: NamedNode) -> None:
        thing = self._open(self._thing("guidance", i), "par:GuidanceItem", f"note {i}", f"nota {i}")
        self._state(thing, "par:partNumber", Literal(i + 1))
        self._like_shipped(thing, "par:GuidanceItem", "par:hasGuidanceKind", 1)
        self._state(event, "par:hasGuidance", thing)

    def _community(self, i: int, agent: NamedNode) -> None:
        thing = self._open(self._thing("food-community-element", i), "par:FoodCommunityElement", f"element {i}", f"elemento {i}")
        self._state(thing, "par:partNumber", Literal(i + 1))
        self._state(thing, "par:involvesAgent", agent)
        self._state(self._experience, "par:hasFoodCommunityElement", thing)


def _last(node: NamedNode) -> str:
    return node.value.rpartition("/")[2]


@click.command()
@click.argument("count", type=click.IntRange(0))
@click.option("--data", type=click.Path(path_type=Path), help="Make a data folder here instead of writing N-Quads.")
@click.option("--shapes/--no-shapes", default=True, help="Whether the records are checked against the shapes first.")
def main(count: int, data: Path | None, shapes: bool) -> None:
    """Write COUNT synthetic experiences as N-Quads, or make a data folder of what is shipped and them."""
    if data:
        from bench.folders import make

        for step, seconds in make(data, count, shapes).seconds.items():
            click.echo(f"{step:10} {seconds:8.2f} s", err=True)
        return
    for quad in synthetic(count, shipped_values(load(shipped_sources()).quads)):
        sys.stdout.write(f"{quad} .\n")


if __name__ == "__main__":
    main()
