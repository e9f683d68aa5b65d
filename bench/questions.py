"""Turns the questions of readers into figures: how often the right query is among the first three, first, or rightly nowhere."""

import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.ask import Asked, ask
from kg.console import read_catalogue
from kg.inquire import Inquiry, asking
from kg.settings import read_settings

QUESTIONS = Path(__file__).resolve().parent.parent / "tests" / "data" / "questions.csv"


@dataclass(frozen=True)
class Outcome:
    """A question with the queries that would do, none where the graph has no answer, and what became of it."""

    set: str
    language: str
    queries: frozenset[str]
    asked: Asked

    @property
    def offered(self) -> list[str]:
        """The names of the first three queries that were offered."""
        return [candidate.query.name for candidate in self.asked.candidates[:3]]

    @property
    def is_right(self) -> bool:
        """Whether one of the first three would do, or nothing is offered where nothing can answer."""
        return bool(self.queries & set(self.offered)) if self.queries else not self.offered


def outcomes(inquiry: Inquiry, path: Path = QUESTIONS) -> list[Outcome]:
    """Ask every question of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Outcome(row["set"], row["language"], frozenset(row["queries"].split()) - {"-"}, ask(row["question"], inquiry))
                for row in csv.DictReader(file)]


def figures(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Count the outcomes: with an answer, right among three, right first, wrongly silent; without one, rightly silent."""
    counts = dict.fromkeys(("answerable", "among_three", "first", "wrongly_silent", "unanswerable", "rightly_silent"), 0)
    for one in outcomes:
        if one.queries:
            counts["answerable"] += 1
            counts["among_three"] += one.is_right
            counts["first"] += bool(one.queries & set(one.offered[:1]))
            counts["wrongly_silent"] += not one.offered
        else:
            counts["unanswerable"] += 1
            counts["rightly_silent"] += one.is_right
    return counts


def report(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the lines of a table of the sets and languages, then those of the misses, as docs/ask.md has them."""
    outcomes = list(outcomes)
    yield "| set | language | with an answer | right among three | right first | wrongly silent | without one | rightly silent |"
    yield "|---|---|---|---|---|---|---|---|"
    for name in sorted({one.set for one in outcomes}):
        for language in ("en", "es", "both"):
            counts = figures(one for one in outcomes if one.set == name and language in (one.language, "both"))
            yield f"| {name} | {language} | {' | '.join(str(count) for count in counts.values())} |"
    yield ""
    yield "| set | missed | offered | would do |"
    yield "|---|---|---|---|"
    for one in outcomes:
        if not one.is_right:
            offered, wanted = (", ".join(f"`{name}`" for name in names) for names in (one.offered, sorted(one.queries)))
            yield f"| {one.set} | {one.asked.question} | {offered or 'nothing'} | {wanted or 'nothing'} |"


def main() -> None:
    """Print the report, of all sets or of those that are named."""
    sets = sys.argv[1:]
    with asking(read_settings(), read_catalogue()) as inquiry:
        found = [one for one in outcomes(inquiry) if not sets or one.set in sets]
    if not found:
        sys.exit(f"There is no question of {' or '.join(sets)} in {QUESTIONS}.")
    print("\n".join(report(found)))


if __name__ == "__main__":
    main()
