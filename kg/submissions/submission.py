"""Turns RDF that somebody sent into the quads that it would publish, and findings about it in plain words.

The text is read and put to the shapes in a process that can be ended. What is checked against the published graph are the things
that it names, whatever else the graph holds.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from kg.entry.entering import Entered, enter
from kg.entry.naming import NamesOfThings
from kg.entry.rows import PASSAGE_COLUMN, Rows
from kg.entry.sheets import SHEET_FORMATS, Misplaced
from kg.entry.shipped import shipped_form
from kg.errors import SourceUnreadable
from kg.names import RDF_TYPE, RDFS_LABEL, brief, expand, path_of, thing_iri
from kg.store.changes import Upload
from kg.store.places import Place
from kg.store.rdf import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple
from kg.store.sent import DEEPEST_XML, LARGEST_BYTES, MOST_QUADS, Fault, Sent
from kg.submissions.completeness import check_completeness, check_doubles
from kg.submissions.draft import KEY, Draft, main_graph
from kg.submissions.finding import Finding, finding, hint_of, in_order, shown
from kg.submissions.inspectors import Inspector
from kg.submissions.known import Known, Vocabulary
from kg.submissions.ownership import check_graphs, check_ownership
from kg.submissions.persons import check_persons
from kg.submissions.wholesome import LONGEST_IRI, check_references, check_terms, check_values

__all__ = ["Finding", "Known", "Submission", "Upload", "check"]

MOST_FINDINGS = 200
_TRANSLATED = ("agent", "product")  # which are seldom called the same in English and in Spanish, and can be named in one field
_EXPERIENCE = expand("par:SystematizedExperience")
_NOT_IN = {"en": "no_english", "es": "no_spanish"}  # what is found of a text that is in the other language alone
_OF_CONSTRAINT = {"MinCount": "shape_few", "MaxCount": "shape_many", "Class": "shape_class", "UniqueLang": "shape_language",
                  "LanguageIn": "shape_language", "": "datatype", "Datatype": "datatype"}


@dataclass(frozen=True)
class Submission:
    """What somebody sent, as it would be published.

    key: of its experience, such as ``andean-honey``, and experience: its IRI; nothing where it is not one experience. quads: in
    graphs whose version is 1, whatever version is due; of the text's default graph in that of the experience itself. findings:
    record by record, must first.
    """

    key: str
    experience: str
    quads: list[Quad]
    findings: list[Finding]

    @property
    def blocked(self) -> bool:
        """Whether something must be mended before it can be published."""
        return any(one.strength == "must" for one in self.findings)


def check(given: Upload | Rows, known: Known, language: str = "en", inspector: Inspector | None = None) -> Submission:
    """Read and check what somebody sent, or filled in; language: of the findings, ``en`` or ``es``.

    inspector: the process that reads; without it one is started for this upload alone, which takes about a second. Raises
    StoreUnavailable where no process can be started or the graph cannot be asked, and whatever asking it raises.
    """
    with nullcontext(inspector) if inspector else Inspector() as reading:
        assert reading is not None
        sent, entered, misplaced = _read(given, known, reading, language)
        if sent.fault or not sent.quads:
            format = given.format if isinstance(given, Upload) else ""
            return Submission("", "", [], [_of_fault(sent.fault or Fault("nameless" if entered else "empty"), format, language)])
        experiences = sorted({q.subject.value for q in sent.quads if isinstance(q.subject, NamedNode)
                              and q.predicate.value == RDF_TYPE and q.object == NamedNode(_EXPERIENCE)})
        key = experiences[0].removeprefix(thing_iri("experience", "")) if len(experiences) == 1 else ""
        if not KEY.fullmatch(key):
            draft = Draft("", language, sent.quads, sent.places, Vocabulary(frozenset(), {}), {}, {})
            return Submission("", "", [], _bounded([_not_one(draft, experiences), *check_values(draft)], "", language))
        draft = _draft(key, language, sent, known, entered is not None)
        findings = [*check_values(draft), *check_graphs(draft), *check_ownership(draft), *check_terms(draft),
                    *check_completeness(draft), *check_persons(draft), *check_doubles(draft, known)]
        if draft.homes.get(draft.experience) and not draft.elsewhere(draft.experience):
            findings.append(draft.tell("new_version", draft.experience))
        findings += [*_of_names(draft, entered), *_of_sheets(draft, misplaced)] if entered else []
        told = {(record, path, str(Literal(text))) for record, path, text in entered.lacking} if entered else set()
        findings += _with_shapes(draft, list(check_references(draft, known)), reading, told)
        if all(one.strength != "must" for one in findings):
            findings += _contradictions(draft, reading)
    return Submission(key, draft.experience, draft.quads, _bounded(findings, draft.experience, language))


def _read(given: Upload | Rows, known: Known, reading: Inspector, language: str) -> tuple[Sent, Entered | None, list[Misplaced]]:
    """Return the statements of what was sent, and of what was filled in how these came about and what has no place."""
    misplaced: list[Misplaced] = []
    if isinstance(given, Upload) and given.format in SHEET_FORMATS:
        found = reading.rows(given)
        if isinstance(found, Fault):
            return Sent(fault=found), None, []
        given, misplaced = found
    if isinstance(given, Upload):
        return reading.read(given), None, []
    entered = enter(shipped_form(), given, NamesOfThings(known, language))
    return Sent(entered.quads, entered.places), entered, misplaced


def _of_sheets(draft: Draft, misplaced: list[Misplaced]) -> Iterator[Finding]:
    for one in misplaced:
        yield finding(one.name, draft.language, place=one.place, found=one.found)


def _of_names(draft: Draft, entered: Entered) -> Iterator[Finding]:
    """Yield what was made of names, or could not be."""
    form = shipped_form()
    for (record, path, text), meant in entered.lacking.items():
        hint = hint_of(meant, draft.language)
        if path == PASSAGE_COLUMN:
            yield draft.tell("passage_unknown", record, "", text, near=hint)
            continue
        new = next((new for of in form.records for one in of.asked() if one.path == path
                    if (new := form.by_class.get(one.of_class)) and not new.single and new.asked_for(RDFS_LABEL)), None)
        added = {"added": f"{new.names[draft.language]} ({new.sheets[draft.language]})"} if new else {}
        yield draft.tell("name_unknown_here" if new else "name_unknown", record, path, text, near=hint, **added)
    for iri in entered.added:
        yield draft.tell("added", iri, found=draft.labels(iri)[0].value)
    for iri in draft.about:
        names, kind = [label.value for label in draft.labels(iri)], path_of(iri).partition("/")[0]
        if kind in _TRANSLATED and iri not in entered.added and len(names) == 2 and names[0] == names[1]:
            yield draft.tell("untranslated", iri, RDFS_LABEL, names[0])


def _of_fault(fault: Fault, format: str, language: str) -> Finding:
    return finding(fault.name, language, place=Place(fault.line, fault.column), found=fault.found, said=fault.said, format=format,
                   megabytes=LARGEST_BYTES >> 20, most=f"{MOST_QUADS:,}", deepest=DEEPEST_XML)


def _not_one(draft: Draft, experiences: list[str]) -> Finding:
    if not experiences:
        return draft.tell("no_experience")
    if len(experiences) > 1:
        return draft.tell("many_experiences", found=", ".join(map(brief, experiences[:5])), count=len(experiences))
    return draft.tell("key_of_experience", experiences[0], "", f"<{experiences[0]}>")


def _draft(key: str, language: str, sent: Sent, known: Known, filled: bool) -> Draft:
    graph = NamedNode(main_graph(key))
    quads = list(dict.fromkeys(Quad(q.subject, q.predicate, q.object, graph) if isinstance(q.graph_name, DefaultGraph) else q
                               for q in sent.quads))
    described = {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}
    named = described | {q.object.value for q in quads if isinstance(q.object, NamedNode) and q.predicate.value != RDF_TYPE}
    form = shipped_form()
    of_bearable_length = {iri for iri in named if len(iri) <= LONGEST_IRI}
    return Draft(key, language, quads, sent.places, known.vocabulary(), known.things(of_bearable_length),
                 known.homes(described & of_bearable_length),
                 *((form.titles(language), form.remedies(language)) if filled else ()))


def _with_shapes(draft: Draft, unknown: list[Finding], reading: Inspector, told: set[tuple[str, str, str]]) -> Iterator[Finding]:
    """Yield what the shapes find, and the things that are not there with what a shape says to write in their place.

    told: record, property and value of what has been found already.
    """
    stated, around = _triples(draft)
    try:
        violations = reading.violations(stated, around, draft.language)
    except SourceUnreadable as error:
        violations = Fault("syntax", said=str(error))
    if isinstance(violations, Fault):
        yield _of_fault(violations, "RDF", draft.language)
        return
    lacking = {(one.record, one.field, f"<{_iri_of(draft, one)}>"): one for one in unknown}
    told = set(told)
    for violation in sorted(violations, key=lambda one: not one.constraint):  # a shape says more than a datatype
        record, field = violation.record, violation.property
        if not draft.may_state(record) or (record, field, violation.value) in told:
            continue
        told.add((record, field, violation.value or violation.message))
        values = draft.values(record, field)
        found = next((shown(value) for value in values if str(value) == violation.value), violation.value)
        name = _OF_CONSTRAINT.get(violation.constraint, "shape_value" if found else "shape_absent")
        write = violation.message if violation.constraint else ""
        if (record, field, violation.value) in lacking:
            one = lacking.pop((record, field, violation.value))
            yield Finding(one.strength, record, field, one.line, one.column, one.found, one.message,
                          draft.notes.get(field, write))
        elif name == "shape_few" and (untold := _untold(values)):
            yield draft.tell(untold, record, field, shown(values[0]), write=write)
        elif name == "shape_language":
            yield draft.tell(name, record, field, ", ".join(map(shown, values[:5])), write=write)
        else:
            yield draft.tell(name if values else "shape_absent", record, field, found, write=write, count=len(values))
    yield from lacking.values()


def _untold(values: list[NamedNode | BlankNode | Literal | Triple]) -> str:
    """Return what is found of texts that are in one of the two languages alone, or nothing."""
    lacking = _NOT_IN.keys() - {value.language for value in values if isinstance(value, Literal)}
    return _NOT_IN[lacking.pop()] if len(lacking) == 1 else ""


def _contradictions(draft: Draft, reading: Inspector) -> Iterator[Finding]:
    """Yield what contradicts the ontology; of a submission without other faults, since most of these would be told twice."""
    found = reading.contradictions(*_triples(draft))
    if isinstance(found, Fault):
        yield _of_fault(found, "RDF", draft.language)
    else:
        yield from (draft.tell("contradiction", found=one) for one in found)


def _triples(draft: Draft) -> tuple[list[Triple], list[Triple]]:
    """Return the triples that are RDF 1.1 without blank nodes, and those that tell of the classes of what they name."""
    stated = [q.triple for q in draft.quads if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode | Literal)
              and not getattr(q.object, "direction", None)]
    type, sub_class_of = NamedNode(RDF_TYPE), NamedNode(expand("rdfs:subClassOf"))
    around = [Triple(NamedNode(one), sub_class_of, NamedNode(over))
              for one, directly in draft.vocabulary.above.items() for over in directly]
    around += [Triple(NamedNode(thing.iri), type, NamedNode(one)) for thing in draft.things.values()
               if thing.iri not in draft.about for one in thing.classes]
    return stated, around


def _iri_of(draft: Draft, unknown: Finding) -> str:
    return next((value.value for value in draft.values(unknown.record, unknown.field)
                 if isinstance(value, NamedNode) and brief(value.value) == unknown.found), "")


def _bounded(findings: list[Finding], first: str, language: str) -> list[Finding]:
    ordered = in_order(findings, first)
    if len(ordered) <= MOST_FINDINGS:
        return ordered
    kept = sorted(ordered, key=lambda one: one.strength != "must")[:MOST_FINDINGS]
    return [*in_order(kept, first), finding("more", language, count=len(ordered) - MOST_FINDINGS)]
