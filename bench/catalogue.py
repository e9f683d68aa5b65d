"""Measures the catalogue: every query with its example, over what is shipped and N synthetic experiences.

    python -m bench.catalogue [--experiences 1000] [--rounds 5]

Prints the median in ms through a reader's process, the rows and the bytes (JSON) of the answer, slowest first; beside each the
same over what is shipped alone, and how many times as long it takes for how many times the rows: an answer may grow, a query
may not grow faster than it.
"""

import json
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click

from bench.folders import make
from kg.catalogue import Catalogue
from kg.errors import ParkgError
from kg.inquire import Inquiry
from kg.settings import shipped
from kg.store.readers import Readers
from kg.store.revisions import DataFolder

TIME_LIMIT_S = 10.0


@dataclass(frozen=True)
class Measured:
    """What a query took: the median in ms, rows and bytes; or why there is no answer."""

    p50_ms: float
    rows: int
    size: int
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.p50_ms:10.1f} {self.rows:9,} {self.size:12,}" if not self.fault else f"{self.fault:>33}"


def measure(inquiry: Inquiry, name: str, rounds: int) -> Measured:
    """Ask a query of the catalogue with its example values."""
    times = []
    body = b""
    try:
        text = inquiry.bound(name, inquiry.catalogue.get(name).example)
        for _ in range(rounds):
            started = time.perf_counter()
            body = inquiry.answer(text, "json")
            times.append((time.perf_counter() - started) * 1000)
            if sum(times) > TIME_LIMIT_S * 1000:
                break
    except ParkgError as error:
        return Measured(TIME_LIMIT_S * 1000, 0, 0, type(error).__name__)
    return Measured(statistics.median(times), len(json.loads(body)["results"]["bindings"]), len(body))


def measure_all(experiences: int, rounds: int) -> dict[str, Measured]:
    """Measure every query over what is shipped and a number of synthetic experiences."""
    readers = Readers(TIME_LIMIT_S, size=1)
    try:
        with tempfile.TemporaryDirectory() as path:
            folder = DataFolder(Path(path))
            make(folder.path, experiences, shapes=False)
            inquiry = Inquiry(folder, readers, Catalogue(shipped("queries")))
            return {query.name: measure(inquiry, query.name, rounds) for query in inquiry.catalogue.all()}
    finally:
        readers.close()


@click.command()
@click.option("--experiences", default=1000, show_default=True, type=click.IntRange(0))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
def main(experiences: int, rounds: int) -> None:
    """Print the table."""
    few, many = measure_all(0, rounds), measure_all(experiences, rounds)
    head = f"{'p50 ms':>10} {'rows':>9} {'bytes':>12}"
    print(f"{'':32} {'what is shipped':^33}   {f'and {experiences:,} synthetic experiences':^33}   {'times':>10} {'times':>9}")
    print(f"{'query':32} {head}   {head}   {'as long':>10} {'the rows':>9}")
    for name in sorted(many, key=lambda name: -many[name].p50_ms):
        print(f"{name:32} {few[name]}   {many[name]}   {many[name].p50_ms / few[name].p50_ms:10.1f} "
              f"{many[name].rows / max(few[name].rows, 1):9.1f}")


if __name__ == "__main__":
    main()
