"""Turns the values of a submission into findings about what no text, link or term may be."""

import difflib
import re
import unicodedata
from collections.abc import Iterator

from kg.names import PREFIXES, RDF_TYPE, RDFS_LABEL, brief, compact, expand, path_of
from kg.parameters import LANGUAGES
from kg.store.rdf import BlankNode, Literal, NamedNode, Triple
from kg.store.sent import RELATIVE
from kg.submissions.draft import Draft
from kg.submissions.finding import Finding, hint_of, shown
from kg.submissions.known import Known

LONGEST_TEXT, LONGEST_IRI = 20_000, 300
MOST_HINTS = 10  # to look for what is near costs more than all else
_NAMING = {RDFS_LABEL, *map(expand, ("skos:altLabel", "skos:prefLabel", "dcterms:title"))}
_MARKUP = re.compile(r"<[A-Za-z/!][^>]*+>?|&#?\w+;")
_ACTING = re.compile(r"\s*(?:javascript|vbscript|data|file)\s*:", re.IGNORECASE)
_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_URI_TYPE = expand("xsd:anyURI")
_NAMELESS = re.compile(r"[0-9a-f]{25,32}")
_LAYOUT = "\n\r\t"
_JOINERS = "\u200c\u200d"  # some scripts need them


def check_terms(draft: Draft) -> Iterator[Finding]:
    """Yield the properties and classes of our namespace that the ontology lacks, the first of them with what is near."""
    wanted, declared = {}, draft.vocabulary.terms
    for quad in draft.quads:
        terms = [quad.predicate, quad.object] if quad.predicate.value == RDF_TYPE else [quad.predicate]
        for term in terms:
            if isinstance(term, NamedNode) and term.value.startswith(PREFIXES["par"]) and term.value not in declared:
                wanted[term.value, _value(quad.subject)] = quad.predicate.value
    lacking = sorted({iri for iri, _ in wanted if len(iri) <= LONGEST_IRI})[:MOST_HINTS]
    near = {iri: difflib.get_close_matches(iri, sorted(declared), 1) for iri in lacking}
    for (iri, record), field in wanted.items():
        hint = hint_of([compact(one) for one in near.get(iri, [])], draft.language)
        yield draft.tell("term", record, field, compact(iri), near=hint)


def check_references(draft: Draft, known: Known) -> Iterator[Finding]:
    """Yield the things of ours that it points at, and that neither it nor the published graph describes."""
    hints = 0
    for record, about in draft.about.items():
        for field, values in about.items():
            for value in values:
                iri = value.value if isinstance(value, NamedNode) else ""
                if not path_of(iri) or field == RDF_TYPE or iri in draft.about or iri in draft.things or len(iri) > LONGEST_IRI:
                    continue
                kind, _, key = path_of(iri).partition("/")
                hints += 1
                near = known.like(key.replace("-", " "), draft.language, kind) if hints <= MOST_HINTS else []
                hint = hint_of([brief(one.iri) for one in near], draft.language)
                yield draft.tell("unknown", record, field, brief(iri), near=hint)


def check_values(draft: Draft) -> Iterator[Finding]:
    """Yield links that are no web addresses, and texts too long, of a region, with what is not seen, or with markup in a name."""
    pointed_at = {quad.object for quad in draft.quads if isinstance(quad.object, BlankNode)}
    for quad in draft.quads:
        record, field = _value(quad.subject), quad.predicate.value
        for term in (quad.subject, quad.predicate, quad.object):
            if isinstance(term, NamedNode):
                yield from _of_iri(draft, record, field, term.value)
        if isinstance(quad.object, Literal):
            yield from _of_text(draft, record, field, quad.object)
        if isinstance(quad.object, Triple) or getattr(quad.object, "direction", None):
            yield draft.tell("rdf12", record, field, shown(quad.object))
        if isinstance(quad.object, BlankNode):
            yield draft.tell("blank_node", record, field, _named(quad.object))
        if isinstance(quad.subject, BlankNode) and quad.subject not in pointed_at:
            yield draft.tell("blank_node", "", "", _named(quad.subject))


def _of_iri(draft: Draft, record: str, field: str, iri: str) -> Iterator[Finding]:
    if iri.startswith(RELATIVE):
        name = "unmapped" if iri == field or field == RDF_TYPE else "relative"
        yield draft.tell(name, "" if record == iri else record, "" if field == iri else field, iri.removeprefix(RELATIVE))
    elif not _WEB.match(iri):
        yield draft.tell("scheme", record, field, shown(NamedNode(iri)))
    elif len(iri) > LONGEST_IRI:
        yield draft.tell("long_iri", record, field, shown(NamedNode(iri)), most=LONGEST_IRI)
    if unseen := _unseen(iri, ""):
        yield draft.tell("unseen", record, field, shown(NamedNode(iri)), character=unseen)


def _of_text(draft: Draft, record: str, field: str, literal: Literal) -> Iterator[Finding]:
    text = literal.value
    if len(text) > LONGEST_TEXT:
        yield draft.tell("long_text", record, field, shown(literal), count=f"{len(text):,}", most=f"{LONGEST_TEXT:,}")
    if _ACTING.match(text) or (literal.datatype.value == _URI_TYPE and not _WEB.match(text)):
        yield draft.tell("scheme", record, field, shown(literal))
    if unseen := _unseen(text, "" if field in _NAMING else _LAYOUT):
        yield draft.tell("unseen", record, field, shown(literal), character=unseen)
    language, _, region = (literal.language or "").partition("-")
    if region and language in LANGUAGES:
        yield draft.tell("region", record, field, shown(literal), plain=language)
    if field in _NAMING and _MARKUP.search(text):
        yield draft.tell("markup", record, field, shown(literal))


def _unseen(text: str, allowed: str) -> str:
    """Return the first character of a text that is a control or changes the direction or is not seen, as U+ and four digits."""
    if text.isprintable():
        return ""
    for c in text:
        if c not in allowed and c not in _JOINERS and unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"):
            return f"U+{ord(c):04X}"
    return ""


def _value(subject: object) -> str:
    return subject.value if isinstance(subject, NamedNode) else ""


def _named(node: BlankNode) -> str:
    """Return a blank node as a text writes it; of one that has no name there, the reader of it makes one of 32 digits."""
    return "[ ] or ( )" if _NAMELESS.fullmatch(node.value) else f"_:{node.value}"
