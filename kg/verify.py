"""Turns a revision of the graph into a table of everything that must hold of it, with what was found against each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import QueryMalformed, SourceUnreadable
from kg.names import BASE, compact
from kg.store.engine import Opened
from kg.store.rdf import NamedNode


@dataclass(frozen=True)
class Check:
    """Something that must hold: its name (the file's stem), the sentence that says it, and a SELECT whose rows are findings."""

    name: str
    sentence: str
    query: str


@dataclass(frozen=True)
class Outcome:
    """What one check found: its name and sentence, and a line for each finding, none if it holds."""

    name: str
    sentence: str
    findings: list[str]


def read_checks(folder: Path) -> list[Check]:
    """Read every check of a folder, in order of their names.

    Raises SourceUnreadable where one lacks its sentence, and where there is none at all.
    """
    checks = []
    for path in sorted(folder.glob("*.rq")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SourceUnreadable(f"{path}: cannot be read ({error}).") from error
        sentence = text.partition("\n")[0]
        if not sentence.startswith("# "):
            raise SourceUnreadable(f"{path}, line 1: say what must hold in one sentence after '# '.")
        checks.append(Check(path.stem, sentence[2:], text))
    if not checks:
        raise SourceUnreadable(f"{folder} holds no *.rq file: there is nothing to check.")
    return checks


def run_check(check: Check, graph: Opened) -> Outcome:
    """Return what a check finds in a revision, one line for each row. Raises SourceUnreadable where its query is no SPARQL."""
    try:
        rows = graph.rows(check.query)
    except QueryMalformed as error:
        raise SourceUnreadable(f"Check {check.name}: {error}") from error
    return Outcome(check.name, check.sentence, ["  ".join(_show(term) for term in row) for row in rows])


def verify(graph: Opened, checks: list[Check], shapes: Path,
           progress: Callable[[str, float], None] = lambda step, done: None) -> list[Outcome]:
    """Return the outcome of every check, then those of the shapes and of the names, over what a revision states and infers.

    progress: told of each check before it runs, and how much is done.
    """
    from kg.validate import check_names, read_shapes, validate  # here, since what serves reads this module for its Outcome

    outcomes = []
    for number, check in enumerate(checks):
        progress(check.name, number / len(checks) / 2)
        outcomes.append(run_check(check, graph))
    progress("shapes", 0.5)
    stated = graph.stated()
    outcomes.append(Outcome("shapes", "Every record is complete by the shapes of its area.",
                            [str(v) for v in validate({q.triple for q in stated}, read_shapes(shapes))]))
    progress("names", 0.95)
    outcomes.append(Outcome("names", "Every term that is used is one that the ontology declares, and every graph is a passage's.",
                            [str(v) for v in check_names(stated)]))
    return outcomes


def _show(term: object) -> str:
    return compact(term.value).removeprefix(BASE + "id/") if isinstance(term, NamedNode) else str(term)
