"""Turns the name of what is wrong with a submission into a finding in plain words, with what to write instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.names import BASE, CONTEXT, EXAMPLE_LICENCE, EXAMPLE_SITE, PREFIXES, brief
from kg.store.places import Place
from kg.store.rdf import BlankNode, DefaultGraph, Literal, NamedNode, Triple
from kg.submissions.wording_en import WORDS as ENGLISH
from kg.submissions.wording_es import WORDS as SPANISH

STRENGTHS = ("must", "should", "may")
LONGEST_SHOWN = 120

_UNKNOWN = Place()
_WORDS = {"en": ENGLISH, "es": SPANISH}
_NO_MUST = {**dict.fromkeys(("kind", "citation", "entry_ways", "tools", "duplicate", "same_name", "person_unasked",
                             "contact_agreed"), "should"),
            **dict.fromkeys(("new_version", "more", "added", "untranslated"), "may")}


@dataclass(frozen=True)
class Finding:
    """Something found in a submission. strength: ``must`` blocks it, ``should`` and ``may`` do not.

    record and field: the IRIs of the thing and of its property, or nothing; line and column, or row and column of a sheet, count
    from 1, 0 is unknown; found: the value as text; message: what was found; write: what to write, with an example that passes.
    """

    strength: str
    record: str
    field: str
    line: int
    column: int
    found: str
    message: str
    write: str
    sheet: str = ""


def finding(name: str, language: str, record: str = "", field: str = "", place: Place = _UNKNOWN, found: str = "",
            write: str = "", **words: object) -> Finding:
    """Return the finding of a name of kg.submissions.wording_en in a language, ``en`` or ``es``.

    words: what its sentences leave open; title: what the field is called where it was filled in. write stands in the place of the
    remedy that the wording has.
    """
    message, remedy = _WORDS[language][name]
    filled = {"record": brief(record), "field": words.get("title") or brief(field), "found": found,
              "place": _place(place, language), "base": BASE, "par": PREFIXES["par"], "context": CONTEXT,
              "licence": EXAMPLE_LICENCE, "site": EXAMPLE_SITE, **words}
    strength = _NO_MUST.get(name.removesuffix("_filled"), "must")
    return Finding(strength, record, field, place.line, place.column, found, message.format(**filled),
                   write or remedy.format(**filled), place.sheet)


def is_worded(name: str) -> bool:
    """Tell whether there are words for the name of a finding."""
    return name in ENGLISH


def in_order(findings: Iterable[Finding], first: str = "") -> list[Finding]:
    """Return findings record by record, each once: those of no record, of the record ``first``, of others."""
    worst: dict[str, int] = {}
    for one in (findings := dict.fromkeys(findings)):
        worst[one.record] = min(worst.get(one.record, len(STRENGTHS)), STRENGTHS.index(one.strength))
    return sorted(findings, key=lambda one: (bool(one.record), one.record != first, worst[one.record], one.record,
                                             STRENGTHS.index(one.strength), one.line, one.column, one.field, one.found))


def shown(term: NamedNode | BlankNode | Literal | Triple | DefaultGraph) -> str:
    """Return a term as a text shows it: kind and key of a thing, prefixed name of a term, the text of a literal with its tag."""
    if isinstance(term, NamedNode):
        text = brief(term.value)
    elif isinstance(term, Literal):
        text = term.value + (f"@{term.language}" if term.language else "")
    else:
        text = str(term)
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in text)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN - 1] + "…"


def hint_of(near: Sequence[str], language: str) -> str:
    """Return what may have been meant as a sentence that follows another, or nothing where nothing is near."""
    if not near:
        return ""
    return f" ¿Quería decir {' o '.join(near)}?" if language == "es" else f" Did you mean {' or '.join(near)}?"


def _place(place: Place, language: str) -> str:
    line, column, sheet = place
    if not line:
        return ""
    if sheet:
        return f" en la hoja {sheet}, fila {line}" if language == "es" else f" in the sheet {sheet}, row {line}"
    if language == "es":
        return f" en la línea {line}" + (f", columna {column}" if column else "")
    return f" at line {line}" + (f", column {column}" if column else "")
