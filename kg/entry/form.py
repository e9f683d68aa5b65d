"""Turns shapes into the form of an experience: areas, records in them, and what is asked of each.

A record is what the shapes for one class, and for those above it, ask of a thing. What they say by sh:name, sh:order, sh:group,
dash:hidden and sh:defaultValue is for this module alone and constrains nothing. Source: SHACL (W3C, 2017), section 2.3.2, and
DASH Data Shapes Vocabulary, Forms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kg.names import DASH, OFFERING, PREFIXES, RDF_TYPE, RDFS_LABEL, SHAPE, compact, expand, local_name
from kg.store.rdf import Literal, NamedNode, Triple
from kg.submissions.known import Vocabulary
from kg.words import folded

_SH = OFFERING["sh"]
EXPERIENCE, DOCUMENT, PASSAGE = map(expand, ("par:SystematizedExperience", "par:Document", "par:Passage"))
PERSON, NAMED_BY = map(expand, ("par:Person", "par:isPersonNamedBy"))
_CHOOSE = {"en": "Choose one from the list.", "es": "Elija de la lista."}
LONGEST_SHEET = 31  # letters in the name of a sheet, as spreadsheets allow
SINGLE = (EXPERIENCE, DOCUMENT)  # of which a contribution has one each


@dataclass(frozen=True)
class Field:
    """What is asked of a record: the IRI of a property, what it is called, what to write (or nothing), and what its values are.

    kind: ``text`` once in each language, ``texts`` any number in each, ``thing``, ``class`` (one of choices), ``integer``,
    ``decimal``, ``link`` (one of choices, or another), ``consent`` (one of choices, by which the graph names a person) or
    ``records``, whose values are records of their own. of_class: of a thing or of such records. choices: the IRIs of classes,
    licences or properties to choose from, each with its names. default: the name of what stands where nothing is filled in, such
    as ``theExperience``. many: whether it may have several values.
    """

    path: str
    names: Mapping[str, str]
    notes: Mapping[str, str]
    kind: str
    order: float
    area: str = ""
    of_class: str = ""
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    required: bool = False
    many: bool = True
    hidden: bool = False
    default: str = ""

    @property
    def key(self) -> str:
        """Return what it is called in a workbook and in the fields of a page, such as ``inCountry``."""
        return local_name(self.path)

    def chosen(self, text: str) -> str:
        """Return the IRI of the choice that a text names in either language, or spells; nothing where it is none.

        Of a name with a colon, such as that of a licence, what stands before it is enough.
        """
        return next((iri for iri, names in self.choices.items() if text == iri or folded(text) in (
            compact(iri).lower(), *(folded(one) for name in names.values() for one in (name, name.partition(":")[0])))), "")

    @property
    def bilingual(self) -> bool:
        """Whether it has texts, in a language each."""
        return self.kind in ("text", "texts")


@dataclass(frozen=True)
class Record:
    """What is asked of the things of a class: its IRI, what they are called, and the fields in their order.

    sheets: what a sheet of it is called, by language.
    """

    of_class: str
    names: Mapping[str, str]
    notes: Mapping[str, str]
    area: str
    order: float
    fields: tuple[Field, ...]
    sheets: Mapping[str, str]

    @property
    def key(self) -> str:
        """Return what it is called in the fields of a page and in a workbook in English, such as ``Asset``."""
        return local_name(self.of_class)

    @property
    def single(self) -> bool:
        """Whether a contribution has one of it."""
        return self.of_class in SINGLE

    def asked(self, area: str = "") -> list[Field]:
        """Return the fields that a person fills in, of an area where one is given."""
        return [one for one in self.fields if not one.hidden and one.kind != "records"
                and (not area or (one.area or self.area) == area)]

    def asked_for(self, path: str) -> bool:
        """Tell whether a person fills in a property."""
        return any(one.path == path for one in self.asked())


@dataclass(frozen=True)
class Area:
    """A part of the form that is filled in at one time: its key, its names by language, and its place."""

    key: str
    names: Mapping[str, str]
    order: float


@dataclass(frozen=True)
class Form:
    """What a contributor is asked for: areas and records, each in its order."""

    areas: tuple[Area, ...]
    records: tuple[Record, ...]

    @cached_property
    def by_class(self) -> Mapping[str, Record]:
        """Return the record of each class, by its IRI; that of a class which is only chosen as a kind too."""
        kinds = {choice: record for record in self.records for one in record.fields if one.kind == "class"
                 for choice in one.choices}
        return {**kinds, **{record.of_class: record for record in self.records}}

    def record(self, key: str) -> Record | None:
        """Return the record of a key, if there is one."""
        return next((one for one in self.records if one.key == key), None)

    def of_sheet(self, name: str) -> Record | None:
        """Return the record that a sheet of a workbook is for, by its name in either language, if there is one."""
        return next((one for one in self.records if folded(name) in map(folded, one.sheets.values())), None)

    def within(self, area: str) -> list[Record]:
        """Return the records of which something is asked in an area."""
        return [record for record in self.records if record.asked(area)]

    def titles(self, language: str) -> dict[str, str]:
        """Return what properties are called in a language, by IRI; of one that records call by several names, the first."""
        return {one.path: one.names[language] for record in reversed(self.records) for one in record.asked()}

    def remedies(self, language: str) -> dict[str, str]:
        """Return what is to be written in properties, by IRI: as the note says that stands beside, or else to choose."""
        return {one.path: one.notes.get(language) or _CHOOSE[language] for record in reversed(self.records)
                for one in record.asked()}

    def joining(self, record: Record) -> Field | None:
        """Return the property by which the experience is joined to a record, if it is the experience that names it."""
        return next((one for one in self.by_class[EXPERIENCE].fields
                     if one.kind == "records" and one.of_class == record.of_class), None)


def read_form(shapes: Iterable[Triple], vocabulary: Vocabulary, names: Iterable[Triple] = ()) -> Form:
    """Return the form that shapes make; vocabulary: by which a shape for a class is one for those below it.

    names: the statements that name the classes to choose from.
    """
    graph = _Graph((*shapes, *names))
    targets = [(shape, target.value) for shape, target in graph.pairs(_SH + "targetClass")]
    areas = sorted((Area(local_name(area), graph.texts(area, RDFS_LABEL), graph.number(area, "order"))
                    for area, of in graph.pairs(RDF_TYPE) if of.value == _SH + "PropertyGroup"), key=lambda one: one.order)
    order = {area.key: area.order for area in areas}
    records = [_record(graph, shape, target, [other for other, of in targets if of in vocabulary.over([target])])
               for shape, target in targets if graph.one(shape, "group")]
    return Form(tuple(areas), tuple(sorted(records, key=lambda one: (order[one.area], one.order))))


def _record(graph: "_Graph", shape: str, of_class: str, shapes: list[str]) -> Record:
    parts: dict[str, list[str]] = {}
    for one in [shape, *(other for other in shapes if other != shape)]:
        for part in graph.all(one, _SH + "property"):
            parts.setdefault(graph.one(part, "path"), []).append(part)
    fields = [_field(graph, path, alike, of_class) for path, alike in parts.items()]
    names = graph.texts(shape, RDFS_LABEL)
    sheets = {language: next(text for text in (name, graph.texts(of_class, RDFS_LABEL).get(language, "").capitalize(),
                                               local_name(of_class)) if 0 < len(text) <= LONGEST_SHEET)
              for language, name in names.items()} | {"en": local_name(of_class)}
    return Record(of_class, names, graph.texts(shape, PREFIXES["rdfs"] + "comment"), local_name(graph.one(shape, "group")),
                  graph.number(shape, "order"),
                  tuple(sorted((one for one in fields if one.names or one.hidden), key=lambda one: one.order)), sheets)


def _field(graph: "_Graph", path: str, parts: list[str], of_class: str) -> Field:
    """Return the field of a property; parts: its shapes, that of the class itself first, those of classes above it then."""
    def said(name: str) -> str:
        return next((found for part in parts if (found := graph.one(part, name))), "")

    def most(name: str) -> list[int]:
        return [int(found) for part in parts if (found := graph.one(part, name))]

    kind = "thing"
    datatypes = [graph.one(part, "datatype") for part in parts]
    if any(graph.one(part, "languageIn") for part in parts):
        kind = "text" if any(graph.one(part, "uniqueLang") for part in parts) else "texts"
    elif said("qualifiedValueShape"):
        kind = "class"
    elif any(graph.one_of(part, DASH + "editor") for part in parts):
        kind = "records"
    elif PREFIXES["xsd"] + "integer" in datatypes:
        kind = "integer"
    elif said("or"):
        kind = "decimal"
    elif path == NAMED_BY:
        kind = "consent"
    elif said("nodeKind"):
        kind = "link" if path == expand("dcterms:license") else "thing"
    elif any(datatypes):
        kind = "string"
    named = next((part for part in parts if graph.texts(part, _SH + "name")), parts[0])
    notes = graph.texts(named, _SH + "description") or ({} if kind in ("thing", "class") else graph.texts(named, _SH + "message"))
    choices = {one: graph.texts(one, RDFS_LABEL) for one in graph.listed(graph.one(said("qualifiedValueShape"), "in"))}
    if kind == "link":
        choices = {one: graph.texts(one, RDFS_LABEL) for one in graph.ordered(RDF_TYPE, expand("dcterms:LicenseDocument"))}
    elif kind == "consent":
        choices = {graph.one(one, "path"): graph.texts(one, _SH + "name") for one in graph.ordered(_SH + "class", PERSON)
                   if graph.texts(one, _SH + "name")}
    # A contribution is published under a licence, though not every document that ships has one; a class that is none of its own
    # choices is not enough.
    required = kind == "link" or (kind == "class" and of_class not in choices)
    return Field(
        path, graph.texts(named, _SH + "name"), notes, kind, graph.number(named, "order"),
        local_name(graph.one(named, "group")) if graph.one(named, "group") else "", said("class"),
        choices, required=required or any(number > 0 for number in most("minCount")),
        many=kind not in ("class", "text", "link", "consent") and 1 not in most("maxCount"),
        hidden=any(graph.one_of(part, DASH + "hidden") for part in parts),
        default=next((found.removeprefix(SHAPE) for part in parts if (found := graph.one(part, "defaultValue"))), ""))


class _Graph:
    """The triples of shapes by subject and property."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._values: dict[tuple[str, str], list[Triple]] = {}
        for triple in triples:
            self._values.setdefault((_text(triple.subject), triple.predicate.value), []).append(triple)

    def pairs(self, property: str) -> list[tuple[str, NamedNode]]:
        """Return every subject and IRI that a property joins, in the order of their IRIs."""
        found = [(subject, triple.object) for (subject, of), triples in self._values.items() if of == property
                 for triple in triples if isinstance(triple.object, NamedNode)]
        return sorted(found, key=lambda pair: (pair[1].value, pair[0]))

    def ordered(self, property: str, value: str) -> list[str]:
        """Return the subjects that have a value of a property, by their sh:order."""
        return sorted((subject for subject, of in self.pairs(property) if of.value == value),
                      key=lambda one: self.number(one, "order"))

    def all(self, subject: str, property: str) -> list[str]:
        """Return the values of a property as texts."""
        return [_text(triple.object) for triple in self._values.get((subject, property), [])]

    def one_of(self, subject: str, property: str) -> str:
        """Return a value of a property as text, or nothing."""
        return next(iter(self.all(subject, property)), "")

    def one(self, subject: str, name: str) -> str:
        """Return a value of a property of SHACL as text, or nothing."""
        return self.one_of(subject, _SH + name)

    def number(self, subject: str, name: str) -> float:
        """Return a number that SHACL gives; 100 where it gives none, so that this comes last."""
        return float(self.one(subject, name) or 100)

    def texts(self, subject: str, property: str) -> dict[str, str]:
        """Return the texts of a property by language."""
        return {value.language: value.value for triple in self._values.get((subject, property), [])
                if isinstance(value := triple.object, Literal) and value.language}

    def listed(self, head: str) -> list[str]:
        """Return the members of a list of RDF."""
        found, rdf = [], PREFIXES["rdf"]
        while head and head != rdf + "nil":
            found += self.all(head, rdf + "first")
            head = self.one_of(head, rdf + "rest")
        return found


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
