"""Turns the quads of a submission into findings about what it lacks, such as a licence, and about its doubles."""

import difflib
from collections.abc import Iterator

from kg.names import brief, expand, path_of, thing_iri
from kg.store.rdf import NamedNode
from kg.submissions.draft import SHARED_KINDS, Draft
from kg.submissions.finding import Finding
from kg.submissions.known import Known
from kg.words import words_of

ALIKE = 0.85
MOST_NAMES = 500  # whose doubles are looked for
_DOCUMENT, _PASSAGE, _APPLICATION = map(expand, ("par:Document", "par:Passage", "par:Application"))
_CITING = ("dcterms:bibliographicCitation", "dcterms:title", "dcterms:creator")
_SAID_BY = {"entry_ways": ("par:usesEntryWay", "par:onEntryWay"), "tools": ("par:usesTool", "par:appliesTool")}


def check_completeness(draft: Draft) -> Iterator[Finding]:
    """Yield what a submission must or should have and has not."""
    document = thing_iri("document", draft.key)
    if _DOCUMENT not in draft.classes(document) or document not in draft.about:
        yield draft.tell("document", draft.experience)
    else:
        licences = draft.values(document, expand("dcterms:license"))
        if not any(isinstance(value, NamedNode) for value in licences):
            yield draft.tell("licence", document, expand("dcterms:license"))
        if not any(draft.values(document, expand(name)) for name in _CITING):
            yield draft.tell("citation", document, expand("dcterms:bibliographicCitation"))
    if not any(_is_passage(draft, record, document) for record in draft.about):
        yield draft.tell("passage", draft.experience)
    applied = {field for record, about in draft.about.items() if _APPLICATION in draft.classes(record) for field in about}
    for name, fields in _SAID_BY.items():
        if not any(draft.values(draft.experience, expand(field)) or expand(field) in applied for field in fields):
            asked = next((field for field in map(expand, fields) if field in draft.titles), expand(fields[0]))
            yield draft.tell(name, draft.experience, asked)


def check_doubles(draft: Draft, known: Known) -> Iterator[Finding]:
    """Yield what may be the same in the published graph: experiences of nearly the same name, others of the same name."""
    for label in draft.labels(draft.experience):
        for thing in known.like(label.value, label.language or draft.language, "experience"):
            names = [name for name in thing.labels.values() if alikeness(name, label.value) >= ALIKE]
            if names and thing.iri != draft.experience:
                yield draft.tell("duplicate", draft.experience, found=brief(thing.iri), label=names[0])
    asked = 0
    for record in draft.about:
        kind = path_of(record).partition("/")[0]
        for label in draft.labels(record) if kind in SHARED_KINDS and asked < MOST_NAMES else []:
            asked += 1
            for thing in known.called(label.value, label.language or draft.language):
                if path_of(thing.iri).partition("/")[0] == kind and thing.iri not in draft.about:
                    yield draft.tell("same_name", record, found=brief(thing.iri), iri=thing.iri,
                                     label=thing.labels.get(label.language or draft.language, label.value))


def _is_passage(draft: Draft, record: str, document: str) -> bool:
    of = [value.value for value in draft.values(record, expand("par:isPassageOf")) if isinstance(value, NamedNode)]
    graphs = [value.value for value in draft.values(record, expand("par:hasNamedGraph")) if isinstance(value, NamedNode)]
    return _PASSAGE in draft.classes(record) and of == [document] and any(map(draft.is_own, graphs))


def alikeness(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1; from ALIKE on they may name the same."""
    first, second = " ".join(words_of(one)), " ".join(words_of(other))
    return difflib.SequenceMatcher(None, first, second).ratio() if first else 0.0


