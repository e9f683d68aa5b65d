"""Turns the name of what is wrong with a submission into a finding in plain words, with what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.names import BASE, EXAMPLE_LICENCE, EXAMPLE_SITE, PREFIXES, brief
from kg.store.rdf import BlankNode, DefaultGraph, Literal, NamedNode, Triple
from kg.submissions.wording_en import WORDS as ENGLISH
from kg.submissions.wording_es import WORDS as SPANISH

STRENGTHS = ("must", "should", "may")
LONGEST_SHOWN = 120

_WORDS = {"en": ENGLISH, "es": SPANISH}
_NO_MUST = {**dict.fromkeys(("kind", "one_language", "citation", "entry_ways", "tools", "duplicate", "same_name",
                             "person_unasked", "contact_agreed"), "should"),
            **dict.fromkeys(("new_version", "more"), "may")}


@dataclass(frozen=True)
class Finding:
    """Something found in a submission. strength: ``must`` blocks it, ``should`` and ``may`` do not.

    record and field: the IRIs of the thing and of its property, or nothing; line and column count from 1, 0 is unknown; found:
    the value as text; message: what was found; write: what to write, with an example that passes.
    """

    strength: str
    record: str
    field: str
    line: int
    column: int
    found: str
    message: str
    write: str


def finding(name: str, language: str, record: str = "", field: str = "", place: tuple[int, int] = (0, 0), found: str = "",
            write: str = "", **words: object) -> Finding:
    """Return the finding of a name of kg.submissions.wording_en in a language, ``en`` or ``es``.

    words: what its sentences leave open. write stands in the place of the remedy that the wording has.
    """
    message, remedy = _WORDS[language][name]
    filled = {"record": brief(record), "field": brief(field), "found": found, "place": _place(*place, language), "base": BASE,
              "par": PREFIXES["par"], "licence": EXAMPLE_LICENCE, "site": EXAMPLE_SITE, **words}
    return Finding(_NO_MUST.get(name, "must"), record, field, *place, found, message.format(**filled),
                   write or remedy.format(**filled))


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


def _place(line: int, column: int, language: str) -> str:
    if not line:
        return ""
    if language == "es":
        return f" en la línea {line}" + (f", columna {column}" if column else "")
    return f" at line {line}" + (f", column {column}" if column else "")
