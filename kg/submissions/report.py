"""Turns what was found in a submission into what a colleague would say, a tree for JSON, and a report of SHACL."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from kg.names import OFFERING, RDF_TYPE, SUBMISSION_CONSTRAINT, brief, compact
from kg.store.rdf import BlankNode, Literal, NamedNode, Triple
from kg.store.written import write_graph
from kg.submissions.finding import STRENGTHS
from kg.submissions.submission import Finding, Submission

_SH = OFFERING["sh"]
_SEVERITY = {"must": "Violation", "should": "Warning", "may": "Info"}
_SAID = {
    "en": {"must": "must", "should": "should", "may": "may", "line": "line", "sheet": "sheet", "row": "row",
           "fine": "Nothing must be mended.", "count": "{must} to be mended, {should} that should be, {may} to look at."},
    "es": {"must": "debe", "should": "debería", "may": "puede", "line": "línea", "sheet": "hoja", "row": "fila",
           "fine": "Nada por corregir.", "count": "{must} por corregir, {should} que convendría corregir, {may} por mirar."},
}


def as_lines(submission: Submission, language: str = "en") -> Iterator[str]:
    """Yield the findings as lines of text, record by record, after a line that counts them."""
    said = _SAID[language]
    counts = {strength: sum(one.strength == strength for one in submission.findings) for strength in STRENGTHS}
    subject = brief(submission.experience)
    summary = said["count"].format(**counts) if submission.findings else said["fine"]
    yield f"{subject}: {summary}" if subject else summary
    for record, findings in groupby(submission.findings, lambda one: one.record):
        yield ""
        if record:
            yield brief(record)
        for one in findings:
            stands = f"{said['line']} {one.line}" if one.line else ""
            place = (f"{said['sheet']} {one.sheet}, {said['row']} {one.line}" if one.sheet else
                     ", ".join(filter(None, [stands, compact(one.field)])))
            yield f"  {said[one.strength]}{f' ({place})' if place else ''}: {one.message}"
            yield f"      {one.write}"


def as_tree(submission: Submission) -> dict[str, Any]:
    """Return a submission without its quads as values that JSON can hold; a number that is unknown is null."""
    return {
        "key": submission.key, "experience": submission.experience, "statements": len(submission.quads),
        "passes": not submission.blocked,
        "findings": [{"strength": one.strength, "record": one.record, "field": one.field, "sheet": one.sheet or None,
                      "line": one.line or None, "column": one.column or None, "found": one.found, "message": one.message,
                      "write": one.write}
                     for one in submission.findings],
    }


def as_shacl(submission: Submission, language: str = "en") -> bytes:
    """Return the findings as a sh:ValidationReport in Turtle; what only should be is a warning, what may be an information."""
    report = BlankNode("report")
    triples = [_of(report, RDF_TYPE, NamedNode(_SH + "ValidationReport")),
               _of(report, _SH + "conforms", Literal(not submission.findings))]
    for number, one in enumerate(submission.findings):
        result = BlankNode(f"result{number}")
        triples += [_of(report, _SH + "result", result), _of(result, RDF_TYPE, NamedNode(_SH + "ValidationResult")),
                    _of(result, _SH + "resultMessage", Literal(f"{one.message} {one.write}", language=language)),
                    *_result(result, one)]
    return write_graph(triples, "turtle")


def _result(result: BlankNode, one: Finding) -> Iterator[Triple]:
    yield _of(result, _SH + "resultSeverity", NamedNode(_SH + _SEVERITY[one.strength]))
    yield _of(result, _SH + "sourceConstraintComponent", NamedNode(SUBMISSION_CONSTRAINT))
    if one.record:
        yield _of(result, _SH + "focusNode", NamedNode(one.record))
    if one.field:
        yield _of(result, _SH + "resultPath", NamedNode(one.field))
    if one.found:
        yield _of(result, _SH + "value", Literal(one.found))


def _of(subject: BlankNode, property: str, value: NamedNode | BlankNode | Literal) -> Triple:
    return Triple(subject, NamedNode(property), value)
