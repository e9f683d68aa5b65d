"""Turns an area of the form, and what was filled in so far, into what a page shows: records, and fields with their values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.entry.form import DOCUMENT, EXPERIENCE, Field, Form, Record
from kg.entry.naming import LANGUAGES
from kg.entry.parts import KEY_COLUMN, REMOVE_COLUMN, columns_filled, name_of
from kg.entry.rows import PASSAGE_COLUMN, Row, Rows
from kg.names import thing_iri
from kg.submissions.finding import Finding

MOST_BOXES, LONGEST_SELECT = 12, 90
BLANK = 2  # places for more values of a field that may have several
FIRST = 3  # fields of a record that are seen before the rest is opened, beside those that must be filled in


@dataclass(frozen=True)
class Asked:
    """A field as a page asks for it.

    shown: ``pair`` of texts, ``boxes`` to tick, ``select``, or ``lines`` to write in, with suggestions where choices are given.
    values: by the language of a pair, else under nothing. passage: the name of the field that says which passage states it.
    """

    name: str
    label: str
    note: str
    shown: str
    values: Mapping[str, Sequence[str]]
    choices: Sequence[str] = ()
    suggestions: str = ""
    required: bool = False
    long: bool = False
    findings: Sequence[Finding] = ()
    passage: str = ""
    stated_in: str = ""


@dataclass(frozen=True)
class Filled:
    """One record as a page shows it: its first fields and the rest of them, opened where something is in it."""

    number: int
    title: str
    key: str
    key_name: str
    remove_name: str
    first: list[Asked]
    rest: list[Asked]
    findings: Sequence[Finding]
    passage_name: str = ""
    stated_in: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something stands in the fields that are closed at first, or is wrong there."""
        return any(asked.findings or any(any(texts) for texts in asked.values.values()) for asked in self.rest)


@dataclass(frozen=True)
class Part:
    """The records of one kind in an area."""

    record: Record
    title: str
    note: str
    filled: list[Filled]


@dataclass(frozen=True)
class Page:
    """An area of the form in a language.

    elsewhere: what was found, the record and what is called so, and the area where it is to be mended, if it is in one.
    """

    area: str
    parts: list[Part]
    passages: list[str]
    suggestions: Mapping[str, Sequence[str]]
    elsewhere: list[tuple[Finding, str, str]]


@dataclass
class _Making:
    form: Form
    language: str
    choices: Mapping[str, Sequence[str]]
    findings: Sequence[Finding]
    passages: list[str]
    own: Mapping[str, Sequence[str]]
    iris: Mapping[str, str]
    told: set[int] = field(default_factory=set)
    suggested: dict[str, Sequence[str]] = field(default_factory=dict)

    def part(self, record: Record, area: str, rows: Sequence[Row], more: int) -> Part:
        asked = record.asked(area)
        own = [row for row in rows if row.record == record.key]
        if record.single:
            filled = [self.single(record, asked, own)]
        else:
            filled = [self.filled(record, asked, row, number) for number, row in
                      enumerate([*own, *[Row(record.key, {})] * (more if own else max(more, 1))])]
        return Part(record, record.names[self.language], record.notes[self.language], filled)

    def single(self, record: Record, asked: Sequence[Field], rows: Sequence[Row]) -> Filled:
        columns = columns_filled(record, rows)
        row = Row(record.key, {column: texts for column, (texts, _) in columns.items()}, iri=self.iris.get(record.of_class, ""))
        fields = []
        for one in asked:
            stated = next((passage for column, (_, passage) in columns.items() if column.partition("@")[0] == one.key), "")
            spread = record.key != "Document" and len(self.passages) > 1
            fields.append(self.asked(record, one, row, 0, f"{name_of(record.key, 0, one.key)}.{PASSAGE_COLUMN}" if spread else "",
                                     stated))
        return Filled(0, "", "", "", "", fields, [], self.of(row.iri, {one.path for one in asked}) if row.iri else [])

    def filled(self, record: Record, asked: Sequence[Field], row: Row, number: int) -> Filled:
        fields = [self.asked(record, one, row, number) for one in asked]
        title = row.name(self.language) or next((text for one in asked if (text := row.text(one.key))), "")
        passage = name_of(record.key, number, PASSAGE_COLUMN) if record.key != "Passage" and len(self.passages) > 1 else ""
        found = self.of(row.iri, {one.path for one in asked}) if row.iri else []
        first = [one for n, one in enumerate(fields) if n < FIRST or one.required]
        return Filled(number, title, row.key, name_of(record.key, number, KEY_COLUMN), name_of(record.key, number, REMOVE_COLUMN),
                      first, [one for one in fields if one not in first], found, passage, row.text(PASSAGE_COLUMN))

    def asked(self, record: Record, one: Field, row: Row, number: int, passage: str = "", stated_in: str = "") -> Asked:
        findings = [found for n, found in enumerate(self.findings)
                    if row.iri and (found.record, found.field) == (row.iri, one.path) and self.tell(n)]
        name, note = name_of(record.key, number, one.key), one.notes.get(self.language, "")
        asked = Asked(name, one.names[self.language], note, "lines", {},
                      required=one.required and not one.default, findings=findings, passage=passage, stated_in=stated_in)
        if one.bilingual:
            texts = {language: row.texts(f"{one.key}@{language}") or [""] for language in LANGUAGES}
            return replace(asked, shown="pair", values=texts, long=one.key != "label")
        values = row.texts(one.key)
        choices = [*self.own.get(one.of_class, ()), *(self.choices.get(one.of_class, ()) if one.kind == "thing" else
                   [names[self.language] for names in one.choices.values()])]
        as_boxes = one.many and len(choices) <= MOST_BOXES
        as_select = not one.many and one.kind != "link" and len(choices) <= LONGEST_SELECT
        if choices and (as_boxes or as_select):
            strange = [text for text in values if text not in choices]
            return replace(asked, shown="boxes" if as_boxes else "select", values={"": values}, choices=[*choices, *strange])
        suggestions = (one.of_class.rpartition("#")[2] or one.key) if choices else ""
        if choices:
            self.suggested[suggestions] = choices
        lines = [*values, *[""] * (BLANK if one.many else 0 if values else 1)]
        return replace(asked, values={"": lines}, suggestions=suggestions)

    def of(self, iri: str, fields: set[str]) -> list[Finding]:
        """Return what was found in a record as a whole, or in a property that no field of it asks for."""
        return [found for n, found in enumerate(self.findings)
                if found.record == iri and found.field not in fields and not self._elsewhere(found) and self.tell(n)]

    def _elsewhere(self, found: Finding) -> str:
        return next((one.area or record.area for record in self.form.records for one in record.asked()
                     if record.single and one.path == found.field), "")

    def tell(self, number: int) -> bool:
        self.told.add(number)
        return True


def page_of(form: Form, area: str, given: Rows, language: str, choices: Mapping[str, Sequence[str]],
            findings: Sequence[Finding] = (), more: Mapping[str, int] | None = None) -> Page:
    """Return an area of the form with what was filled in; choices: by the IRI of a class what its things are called.

    more: how many empty records are wanted of each, by its key; one where nothing is said.
    """
    passages = [name for row in given.rows if row.record == "Passage" if (name := row.name(language))]
    iris = {EXPERIENCE: thing_iri("experience", given.key), DOCUMENT: thing_iri("document", given.key)} if given.key else {}
    making = _Making(form, language, choices, findings, passages, dict(_own(form, given, language)), iris)
    parts = [making.part(record, area, given.rows, (more or {}).get(record.key, 1 if record.area == area else 0))
             for record in form.within(area)]
    records = {row.iri: record for row in given.rows if row.iri and (record := form.record(row.record))}
    records |= {iri: form.by_class[of_class] for of_class, iri in iris.items()}
    called = {row.iri: row.name(language) for row in given.rows if row.iri and row.iri not in iris}
    of = {iri: ": ".join(filter(None, (record.names[language], called.get(iri, "")))) for iri, record in records.items()}
    elsewhere = [(found, of.get(found.record, ""), _area_of(found, records.get(found.record), area))
                 for n, found in enumerate(findings) if n not in making.told]
    return Page(area, parts, passages, making.suggested, elsewhere)


def _area_of(found: Finding, record: Record | None, here: str) -> str:
    if record is None:
        return ""
    area = next((one.area or record.area for one in record.asked() if one.path == found.field), record.area)
    return area if area != here else ""


def _own(form: Form, given: Rows, language: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the class of each record of which there are rows, and what these are called."""
    for record in form.records:
        names = [name for row in given.rows if row.record == record.key and not record.single and (name := row.name(language))]
        if names:
            yield record.of_class, names

