"""Turns statements into rows as a person would have filled them in, and into what no row can hold."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg.entry.defaults import WHOLE
from kg.entry.entering import enter
from kg.entry.form import DOCUMENT, EXPERIENCE, PASSAGE, PERSON, Field, Form, Record
from kg.entry.naming import LANGUAGES, Naming
from kg.entry.rows import PASSAGE_COLUMN, Row, Rows
from kg.names import HAS_NAMED_GRAPH, RDF_TYPE, RDFS_LABEL, compact, expand, path_of, thing_iri
from kg.store.rdf import Literal, NamedNode, Quad


def fill(form: Form, quads: Iterable[Quad], naming: Naming, language: str, key: str) -> Rows:
    """Return the rows that say what statements of an experience say, things by their names in a language where these tell them.

    What an experience states in several passages is a row for each of them.
    """
    return Rows(tuple(_Filling(form, quads, naming, language, key).rows()), key)


def beyond(form: Form, quads: Iterable[Quad], naming: Naming, filled: Rows) -> list[Quad]:
    """Return the statements that no row of the form can hold, such as those by a property that it does not ask for.

    filled: the rows that ``fill`` gives of them.
    What the form makes by itself, such as the name of a participation, is none of these.
    """
    quads = list(quads)
    entered = enter(form, filled, naming).quads
    held = {_bare(quad) for quad in entered}
    made: set[tuple[object, str]] = {(quad.subject, field.path) for quad in entered if quad.predicate.value == RDF_TYPE
                                     for record in [form.by_class.get(getattr(quad.object, "value", ""))] if record
                                     for field in record.fields if field.hidden}
    made |= {(quad.object, path) for quad in entered if quad.predicate.value == HAS_NAMED_GRAPH
             for path in (RDF_TYPE, RDFS_LABEL)}
    made |= {(quad.subject, RDFS_LABEL) for quad in entered if quad.predicate.value == HAS_NAMED_GRAPH
             and str(quad.subject).endswith(f"/{WHOLE}>")}
    consents = _consents(form)
    rows = {quad.object if quad.predicate.value in consents else quad.subject for quad in entered}
    return [quad for quad in quads if _bare(quad) not in held and (quad.subject, quad.predicate.value) not in made
            and not (quad.predicate.value in consents and quad.object in rows)]


def _consents(form: Form) -> frozenset[str]:
    """Return the properties by which a graph names a person, as a field of the form asks for them."""
    return frozenset(path for record in form.records for one in record.fields if one.kind == "consent" for path in one.choices)


def _bare(quad: Quad) -> tuple[object, object, object]:
    return quad.subject, quad.predicate, quad.object


class _Filling:
    def __init__(self, form: Form, quads: Iterable[Quad], naming: Naming, language: str, key: str) -> None:
        self._form, self._naming, self._language, self._key = form, naming, language, key
        self._about: dict[str, dict[str, dict[str, list[NamedNode | Literal]]]] = defaultdict(lambda: defaultdict(dict))
        consents = _consents(form)
        self._consents: dict[str, list[str]] = defaultdict(list)
        for quad in quads:
            if quad.predicate.value in consents and isinstance(quad.object, NamedNode):
                self._consents[quad.object.value].append(quad.predicate.value)
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
                self._about[quad.subject.value][graph].setdefault(quad.predicate.value, []).append(quad.object)
        self._passages = {graph.value: iri for iri in self._about for graph in self._values(iri, HAS_NAMED_GRAPH)}
        self._own = {iri: {text.language: text.value for text in self._values(iri, RDFS_LABEL) if isinstance(text, Literal)}
                     for iri in self._about}
        self._composed = {iri for iri in self._about for value in self._values(iri, RDF_TYPE)
                          if (record := form.by_class.get(value.value)) and not record.asked_for(RDFS_LABEL)}
        self._naming_of: dict[tuple[str, str], str] = {}

    def rows(self) -> Iterator[Row]:
        """Yield a row for each record, in the order of the form, of one kind in that of the statements.

        Of what stands in several graphs there is one for each.
        """
        for record in self._form.records:
            for iri in sorted(self._about, key=self._position):
                classes = [value.value for value in self._values(iri, RDF_TYPE)]
                if any(self._form.by_class.get(one) is record for one in classes):
                    yield from self._of(record, iri, classes)
            for one in record.fields:
                yield from self._known_persons(record, one) if one.kind == "consent" else ()

    def _known_persons(self, record: Record, consent: Field) -> Iterator[Row]:
        """Yield a row for each person of the published graph of whom it is said whether they agreed."""
        kind = next(one for one in record.fields if one.kind == "class")
        for iri in (iri for iri in self._consents if iri not in self._about):
            labels = {f"label@{language}": (self._naming.label(iri, language),) for language in LANGUAGES}
            if self._naming.found(labels["label@en"][0], PERSON) == [iri]:
                said = dict(self._columns(consent, iri, "", []))
                yield Row(record.key, {**labels, kind.key: (kind.choices[PERSON][self._language],),
                                       **{column: tuple(texts) for column, texts in said.items()}}, iri=iri)

    def _of(self, record: Record, iri: str, classes: list[str]) -> Iterator[Row]:
        graphs = sorted(self._about[iri])
        for graph in graphs if len(graphs) > 1 and record.of_class == EXPERIENCE else [""]:
            values = {column: tuple(texts) for one in record.asked()
                      for column, texts in self._columns(one, iri, graph, classes) if texts}
            if not values:
                continue
            passage = self._passages.get(graph or graphs[0], "")
            if record.of_class not in (PASSAGE, DOCUMENT) and passage in self._own and len(self._passages) > 1:
                values[PASSAGE_COLUMN] = (self._called(passage, PASSAGE),)
            own = path_of(iri).partition("/")[2]
            yield Row(record.key, values, own.removeprefix(f"{self._key}/") if record.of_class == PASSAGE else own, iri=iri)

    def _columns(self, one: Field, iri: str, graph: str, classes: list[str]) -> Iterator[tuple[str, list[str]]]:
        if one.kind == "class":
            yield one.key, [one.choices[of].get(self._language, compact(of)) for of in classes if of in one.choices][:1]
            return
        values = self._values(iri, one.path, graph)
        if one.kind == "consent":  # said of the graph; what stands beside the person is a text that is no answer
            values = ([NamedNode(path) for path in self._consents.get(iri, ())]
                      or [said for said in values if isinstance(said, Literal)])
        if one.default == "theExperience" and values == [NamedNode(thing_iri("experience", self._key))]:
            values = []
        if one.bilingual:
            for language in LANGUAGES:
                yield f"{one.key}@{language}", [value.value for value in values if getattr(value, "language", None) == language]
        else:
            yield one.key, [self._called(value.value, one.of_class) if isinstance(value, NamedNode) and one.kind == "thing"
                            else one.choices.get(value.value, {}).get(self._language, value.value) for value in values]

    def _called(self, iri: str, of_class: str) -> str:
        """Return what a person writes for a thing: its name where that tells it, else its kind and key."""
        if (iri, of_class) not in self._naming_of:
            own = self._own.get(iri)
            text = (own.get(self._language) or next(iter(own.values()), "")) if own else self._naming.label(iri, self._language)
            if iri in self._composed:
                text = ""
            alike = [other for other, names in self._own.items() if text in names.values()] if own else self._naming.found(
                text, of_class)
            self._naming_of[iri, of_class] = text if alike == [iri] else path_of(iri) or iri
        return self._naming_of[iri, of_class]

    def _values(self, iri: str, path: str, graph: str = "") -> list[NamedNode | Literal]:
        parts = self._about.get(iri, {})
        return [value for name, part in parts.items() if not graph or name == graph for value in part.get(path, [])]

    def _position(self, iri: str) -> int:
        value = next(iter(self._values(iri, expand("par:passagePosition"))), None)
        return int(value.value) if value and value.value.isdecimal() else 0
