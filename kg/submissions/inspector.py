"""Turns what somebody sent into quads, and quads into what shapes and rules find; the main module of the inspectors' process.

It has no network, a bound on its memory, and an end when its parent ends. What an upload does to it costs that upload alone.
"""

import functools
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from kg.build import shipped_sources
from kg.errors import OntologyInconsistent
from kg.load import read_ontology
from kg.reason import Rule, infer, read_rules
from kg.settings import shipped
from kg.store.changes import Upload
from kg.store.confined import READY, run
from kg.store.rdf import Triple
from kg.store.sent import LARGEST_BYTES, Fault, read_sent

EXHAUSTED = "exhausted"


def _violations(stated: list[Triple], around: list[Triple], language: str) -> object:
    # Imported here because it takes as long as all else together, and what cannot be read does not need it.
    from kg.validate import validate

    return validate([*stated, *around], _shapes(), language)


@functools.cache
def _shapes() -> Any:
    from kg.validate import read_shapes

    return read_shapes(shipped("ontology") / "shapes")


def _contradictions(stated: list[Triple], around: list[Triple]) -> list[str]:
    ontology, rules = _laws()
    try:
        infer([*stated, *around, *ontology], rules)
    except OntologyInconsistent as error:
        return [line.strip() for line in str(error).split("\n")[1:-1]]
    return []


def _rows(upload: Upload) -> object:
    # Imported here because few send a workbook.
    from kg.entry.shipped import shipped_form
    from kg.entry.workbook import read_workbook

    return Fault("too_large") if len(upload.body) > LARGEST_BYTES else read_workbook(upload.body, upload.format, shipped_form())


@functools.cache
def _laws() -> tuple[list[Triple], list[Rule]]:
    sources = shipped_sources()
    return read_ontology(sources), read_rules(sources.rules)


_ANSWERS: dict[str, Callable[..., object]] = {"read": read_sent, "rows": _rows, "violations": _violations,
                                              "contradictions": _contradictions}


def _inspect_all(pipe: Connection, sealed: bool) -> None:
    """Answer whether or not the process is sealed: where a system cannot, nothing that runs here asks for a network either."""
    pipe.send(READY)
    while True:
        try:
            what, *arguments = pipe.recv()
        except EOFError:
            return
        outcome: object
        try:
            outcome = _ANSWERS[what](*arguments)
        except MemoryError:
            outcome = EOFError(EXHAUSTED)
        except Exception as error:
            error.__traceback__ = error.__cause__ = error.__context__ = None
            outcome = error
        pipe.send(outcome)


if __name__ == "__main__":
    run(_inspect_all)
