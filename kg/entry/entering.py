"""Turns rows that a person filled in into statements: things get their IRIs, names become things, passages their graphs.

What cannot be made into a value of its field stands there as the text that it is, so that nothing that was written is lost and a
check can say what to write instead. The statements stand in the order of the rows, by which these are read back.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.entry.defaults import WHOLE, scheme_of, whole_called, with_defaults
from kg.entry.form import DOCUMENT, EXPERIENCE, PASSAGE, PERSON, Field, Form, Record
from kg.entry.naming import LANGUAGES, Naming, folder_of, slug, written_iri
from kg.entry.rows import PASSAGE_COLUMN, Row, Rows
from kg.names import (
    HAS_NAMED_GRAPH,
    PREFIXES,
    RDF_TYPE,
    RDFS_LABEL,
    expand,
    graph_of_experience,
    path_of,
    thing_iri,
)
from kg.store.places import Places
from kg.store.rdf import Literal, NamedNode, Quad
from kg.words import folded

STATED = {"en": "What is stated in: ", "es": "Lo que se afirma en: "}
_MADE_BY_NAME = ("agent", "product", "place")  # of which an experience may bring new ones, others are of fixed lists
_DATATYPES = {"integer": PREFIXES["xsd"] + "integer", "decimal": PREFIXES["xsd"] + "decimal"}
_OF_EXPERIENCE = expand("par:ofExperience")


@dataclass
class Entered:
    """The statements that rows make, and where they stand.

    lacking: by record, property and text the things that a name may have meant, of names that no thing or several have. added:
    the IRIs of things that were made since nothing was called so.
    """

    key: str
    quads: list[Quad] = field(default_factory=list)
    places: Places = field(default_factory=dict)
    lacking: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)


def enter(form: Form, given: Rows, naming: Naming) -> Entered:
    """Return the statements of what was filled in, in graphs of version 1; without a name there is no key and nothing else."""
    return _Entering(form, given, naming).done


class _Entering:
    def __init__(self, form: Form, given: Rows, naming: Naming) -> None:
        self._form, self._naming = form, naming
        rows = with_defaults(form, [row for row in given.rows if any(map(row.texts, row.values))])
        named = next((row for row in rows if row.record == form.by_class[EXPERIENCE].key and row.name()), None)
        key = given.key or (slug(named.name()) if named else "")
        self.done = Entered(key)
        self._taken: set[str] = set()
        self._ranks: dict[str, tuple[float, int]] = {}
        self._known_persons: set[str] = set()  # of the published graph, of whom a row says that they agreed
        self._own: dict[str, list[tuple[str, str]]] = {}  # folded name → IRIs with their classes
        self._labels: dict[str, dict[str, str]] = {}
        self._said: dict[Quad, None] = {}
        if not key:
            return
        iris = [self._mint(row) for row in rows]
        self._experience, self._document = thing_iri("experience", key), thing_iri("document", key)
        self._passages = [iri for iri, row in zip(iris, rows, strict=True) if self._record(row).of_class == PASSAGE]
        self._graphs = {iri: graph_of_experience(key, 1) + (f"/{iri.rpartition('/')[2]}" if n else "")
                        for n, iri in enumerate(self._passages)}
        if not self._passages:
            self._whole()
        self._say(self._document, RDF_TYPE, NamedNode(DOCUMENT), graph_of_experience(key, 1))
        numbers: dict[str, int] = {}
        for iri, row in zip(iris, rows, strict=True):
            numbers[row.record] = numbers.get(row.record, 0) + 1
            self._enter(iri, row, numbers[row.record])
        # By record and row; what was made by naming it stands behind its like, where it stays once it has a row.
        said = sorted(self._said, key=lambda quad: (self._ranks.get(subject := str(quad.subject)[1:-1], (math.inf, 0)), subject,
                                                    quad.predicate.value))
        self.done.quads = list(dict.fromkeys((*said, *given.beyond)))

    def _record(self, row: Row) -> Record:
        record = self._form.record(row.record)
        assert record, row.record
        return record

    def _class(self, row: Row) -> str:
        kinds = next((one for one in self._record(row).fields if one.kind == "class"), None)
        return (kinds.chosen(row.text("type")) if kinds else "") or self._record(row).of_class

    def _mint(self, row: Row) -> str:
        """Return the IRI of a row: the key of the experience, its name or what it joins, a number where that is taken."""
        of_class, key = self._class(row), self.done.key
        if self._record(row).single:
            return self._call(thing_iri("experience" if of_class == EXPERIENCE else "document", key), row, of_class)
        if known := self._known_person(row):
            self._known_persons.add(known)
            return self._call(known, row, of_class)
        kind = folder_of(of_class)
        # What joins an experience, an entry way and what served there has the key of these, whatever it was before.
        if row.key and not any(one.path == _OF_EXPERIENCE for one in self._record(row).fields):
            own = row.key
        else:
            first = self._record(row).asked()[:2]
            own = slug(row.name()) or "-".join(filter(None, (self._joined(one, row) for one in first))) or "1"
            if of_class != PASSAGE and own != key and not own.startswith(key + "-"):
                own = f"{key}-{own}"
            own = next(one for one in (own, *(f"{own}-{n}" for n in range(2, 10_000))) if f"{kind}/{one}" not in self._taken)
        self._taken.add(f"{kind}/{own}")
        return self._call(thing_iri(kind, f"{key}/{own}" if of_class == PASSAGE else own), row, of_class)

    def _known_person(self, row: Row) -> str:
        """Return the published person of whom a row says whether they agreed, and nothing else; nothing where it is none."""
        consent = next((one for one in self._record(row).fields if one.kind == "consent"), None)
        said = {column.partition("@")[0] for column in row.values if row.texts(column)}
        if row.key or not consent or consent.key not in said or not said <= {consent.key, "label", "type", PASSAGE_COLUMN}:
            return ""
        found = self._naming.found(row.name(), PERSON) if self._class(row) == PERSON else []
        own = [iri for iri in found if path_of(iri).partition("/")[2].startswith(f"{self.done.key}-")]
        return found[0] if len(found) == 1 and not own else ""

    def _joined(self, one: Field, row: Row) -> str:
        """Return the key of what a record without a name joins, or the words of what is filled in there."""
        text = row.text(one.key) or row.text(f"{one.key}@en") or row.text(f"{one.key}@es")
        known = self._naming.found(text, one.of_class) if one.kind == "thing" and not written_iri(text) else []
        found = path_of(written_iri(text) or (known[0] if len(known) == 1 else ""))
        return found.rpartition("/")[2] or slug(text)

    def _call(self, iri: str, row: Row, of_class: str) -> str:
        labels = {language: text for language in LANGUAGES if (text := row.text(f"label@{language}"))}
        self._labels.setdefault(iri, labels)
        self._ranks.setdefault(iri, (self._form.records.index(self._record(row)), len(self._ranks)))
        for text in labels.values():
            if (iri, of_class) not in self._own.setdefault(folded(text), []):
                self._own[folded(text)].append((iri, of_class))
        return iri

    def _thing(self, text: str, of: Field, record: str) -> NamedNode | Literal:
        """Return the thing that a text names, or the text where nothing, or more than one thing, is called so."""
        if iri := written_iri(text):
            return NamedNode(iri)
        own = [iri for iri, of_class in self._own.get(folded(text), []) if not of.of_class or self._fits(of_class, of.of_class)]
        found = own or self._naming.found(text, of.of_class)
        if len(found) == 1:
            return NamedNode(found[0])
        made = self._form.by_class.get(of.of_class)
        if not found and made and folder_of(of.of_class) in _MADE_BY_NAME:
            return NamedNode(self._make(text, made, of.of_class))
        self.done.lacking[record, of.path, text] = [path_of(iri) for iri in found] or self._naming.near(text, of.of_class)
        return Literal(text)

    def _fits(self, of_class: str, wanted: str) -> bool:
        record = self._form.by_class.get(of_class)
        return wanted == of_class or (record is not None and record.of_class == wanted)

    def _make(self, text: str, record: Record, of_class: str) -> str:
        """Return a thing that has a name and no more, of a class where that can be chosen, else of the first that can."""
        kinds = next((list(one.choices) for one in record.fields if one.kind == "class"), [])
        kind = {"type": (of_class if of_class in kinds else kinds[0],)} if kinds else {}
        row = Row(record.key, {**{f"label@{language}": (text,) for language in LANGUAGES}, **kind})
        iri = self._mint(row)
        self.done.added.append(iri)
        self._enter(iri, row, 0)
        return iri

    def _enter(self, iri: str, row: Row, number: int) -> None:
        record = self._record(row)
        if iri in self._known_persons:
            self._agree(iri, row)
            self._place(iri, "", row)
            return
        passage = self._passage(iri, row)
        graph = self._graphs[passage] if record.of_class not in (DOCUMENT, PASSAGE) else graph_of_experience(self.done.key, 1)
        if (iri, RDF_TYPE) not in self.done.places:
            self._say(iri, RDF_TYPE, NamedNode(self._class(row)), graph)
            self._place(iri, RDF_TYPE, row, "type")
        values: dict[str, list[NamedNode | Literal]] = {}
        for one in record.asked():
            if one.kind == "class":
                continue
            if one.kind == "consent" and self._agree(iri, row):
                continue
            if found := list(self._values(one, row, iri)):
                values[one.path] = found
                self._place(iri, one.path, row, one.key if not one.bilingual else f"{one.key}@en", f"{one.key}@es")
        for one in record.fields:
            if one.default and number and one.path not in values:
                values[one.path] = list(self._defaults(one, row, iri, number, passage, values))
        for path, found in values.items():
            for value in found:
                self._say(iri, path, value, graph)
        if joining := self._form.joining(record):
            self._say(self._experience, joining.path, NamedNode(iri), graph)
        if record.of_class == PASSAGE:
            self._say_graph(iri)

    def _agree(self, iri: str, row: Row) -> bool:
        """Say of the graph how it names a person, and return whether that can be said; of what is none it cannot."""
        chosen = next((named for one in self._record(row).fields if one.kind == "consent"
                       and (named := one.chosen(row.text(one.key)))), "")
        if agreed := bool(chosen) and self._class(row) == PERSON:
            main = graph_of_experience(self.done.key, 1)
            self._say(main, chosen, NamedNode(iri), main)
        return agreed

    def _values(self, one: Field, row: Row, iri: str) -> Iterator[NamedNode | Literal]:
        if one.bilingual:
            for language in LANGUAGES:
                texts = row.texts(f"{one.key}@{language}")
                for text in texts if one.many else ["\n".join(texts)] if texts else []:
                    yield Literal(text, language=language)
            return
        for text in row.texts(one.key):
            if one.kind == "thing":
                yield self._thing(text, one, iri)
            elif one.kind == "link":
                chosen = one.chosen(text) or (text if written_iri(text) == text else "")
                yield NamedNode(chosen) if chosen else Literal(text)
            elif one.kind in _DATATYPES:
                whole = one.kind == "decimal" and text.lstrip("+-").isdecimal()
                yield Literal(text, datatype=NamedNode(_DATATYPES["integer" if whole else one.kind]))
            else:
                yield Literal(text)

    def _defaults(self, one: Field, row: Row, iri: str, number: int, passage: str,
                  values: Mapping[str, list[NamedNode | Literal]]) -> Iterator[NamedNode | Literal]:
        if one.default == "theLabel":
            for language in LANGUAGES:
                text = self._composed(row, values, language)
                self._labels.setdefault(iri, {})[language] = text
                yield Literal(text, language=language)
        elif one.default == "theScheme":
            if self._class(row) != self._record(row).of_class:
                yield NamedNode(scheme_of(self._class(row)))
        elif one.default == "theRow":
            yield Literal(str(number), datatype=NamedNode(_DATATYPES["integer"]))
        elif one.default != "theEntryWay":
            things = {"theExperience": self._experience, "theDocument": self._document, "thePassage": passage,
                      "theGraph": self._graphs.get(iri, "")}
            yield NamedNode(things[one.default])

    def _composed(self, row: Row, values: Mapping[str, list[NamedNode | Literal]], language: str) -> str:
        """Return the name of a record that has none of its own: the case, and what its first fields say."""
        said = []
        for one in self._record(row).asked()[:2]:
            found = [value for value in values.get(one.path, []) if getattr(value, "language", None) in (None, language)]
            said += [self._label(value.value, language) if isinstance(value, NamedNode) else value.value for value in found[:1]]
        return f"{self._label(self._experience, language)}: {', '.join(said)}"

    def _label(self, iri: str, language: str) -> str:
        own = self._labels.get(iri)
        return own.get(language) or next(iter(own.values())) if own else self._naming.label(iri, language)

    def _passage(self, iri: str, row: Row) -> str:
        """Return the IRI of the passage that states a row: the one that it names, or the first."""
        wanted = row.text(PASSAGE_COLUMN)
        named = [one for one, _ in self._own.get(folded(wanted), []) if one in self._graphs]
        if wanted and not named and written_iri(wanted) not in self._graphs:
            self.done.lacking[iri, PASSAGE_COLUMN, wanted] = [next(iter(self._labels[one].values()), path_of(one))
                                                              for one in self._passages[:5]]
        return next(iter(named), written_iri(wanted) if written_iri(wanted) in self._graphs else self._passages[0])

    def _whole(self) -> None:
        """Make the passage of a document of which none is named: the whole."""
        key = self.done.key
        iri = thing_iri("passage", f"{key}/{WHOLE}")
        called = whole_called(self._labels.get(self._document, {}))
        self._passages, self._graphs, self._labels[iri] = [iri], {iri: graph_of_experience(key, 1)}, called
        self._ranks[iri] = self._form.records.index(self._form.by_class[PASSAGE]), 0
        main = self._graphs[iri]
        self._say(iri, RDF_TYPE, NamedNode(PASSAGE), main)
        for language, text in called.items():
            self._say(iri, RDFS_LABEL, Literal(text, language=language), main)
        self._say(iri, expand("par:isPassageOf"), NamedNode(thing_iri("document", key)), main)
        self._say(iri, expand("par:hasPassageKind"), NamedNode(thing_iri("passage-kind", "section")), main)
        self._say(iri, expand("par:passagePosition"), Literal(1), main)
        self._say(iri, HAS_NAMED_GRAPH, NamedNode(main), main)
        self._say_graph(iri)

    def _say_graph(self, passage: str) -> None:
        main, graph = graph_of_experience(self.done.key, 1), self._graphs[passage]
        self._say(graph, RDF_TYPE, NamedNode(expand("par:NamedGraph")), main)
        for language in LANGUAGES:
            self._say(graph, RDFS_LABEL, Literal(STATED[language] + self._label(passage, language), language=language), main)

    def _say(self, subject: str, path: str, value: NamedNode | Literal, graph: str) -> None:
        self._said[Quad(NamedNode(subject), NamedNode(path), value, NamedNode(graph))] = None

    def _place(self, iri: str, path: str, row: Row, *columns: str) -> None:
        place = next((row.places[column] for column in columns if column in row.places), None)
        first = next(iter(row.places.values()), None)
        if place:
            self.done.places.setdefault((iri, path), place)
        if first:
            self.done.places.setdefault((iri, ""), first)
