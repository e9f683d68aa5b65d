"""Turns a list of known failures, with their causes, into what differs from a run.

    # why these do
    sparql11/functions#bnode01

A line of ``#`` is the cause of the names below it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Difference:
    """What a run came to that the list does not say, and what the list says that the run did not come to."""

    new: list[str]
    gone: list[str]

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)


def read_known(path: Path) -> dict[str, str]:
    """Return the cause of each name of a list. Raises ValueError for a name without a cause, or one that stands there twice."""
    causes: dict[str, str] = {}
    cause = ""
    previous = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if line.startswith("#"):
            cause = f"{cause} {line[1:].strip()}" if previous.startswith("#") else line[1:].strip()
        elif line:
            if not cause or line in causes:
                fault = "stands there twice" if cause else "has no cause above it"
                raise ValueError(f"{path.name}, line {number}: {line} {fault}")
            causes[line] = cause
        previous = line
    return causes


def difference(found: Iterable[str], known: Mapping[str, str], asked: Iterable[str]) -> Difference:
    """Return what differs. asked: the names that were asked, where that is not all: a name that was not is not gone."""
    names = set(found)
    return Difference(sorted(names - set(known)), sorted((set(known) & set(asked)) - names))
