"""Measures the catalogue: every query with its example, over what is shipped and N synthetic experiences, in memory.

    python -m bench.catalogue [--experiences 1000] [--rounds 5] [--data FOLDER] [--markdown]

Each is answered as a reader of the server answers it, without the way there and back, and nothing comes from a cache. Times are
processor time: on a machine that is busy with other things a query waits, and the longer it is the more, but it works no longer.
Prints the median in ms, the rows and the bytes (JSON) of the answer, slowest first; beside each the same over what is shipped
alone, and how many times as long it takes for how many times the rows: an answer may grow, a query may not grow faster than it.
Above it stand two requests of bench.classes, by which one machine can be compared with another.

--data names a folder that ``python -m bench.generate N --data`` has filled; it is only read. --markdown prints
docs/catalogue_speed.md.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from bench.classes import classes
from bench.folders import make
from kg.catalogue import AREAS, Catalogue
from kg.inquire import Inquiry
from kg.settings import shipped
from kg.store.engine import Question, answer
from kg.store.keeper import Memory, load
from kg.store.readers import Readers
from kg.store.revisions import DataFolder

AIM_MS = 100
LONGEST_S = 10.0
MACHINE = ("lookup, not cached", "cross-tabulation, not cached")
LOOKUP_MS, CROSS_MS = 0.25, 10.7  # what these took on the machine of docs/speed.md
MOST_BYTES = 8 << 30
MANY_ROWS = 900
REASONS = {
    "count_categories": "puts the names of all cases of a category in order",
    "count_cells_by_country": "counts all uses of all tools",
    "count_roles": "counts everybody who took part in anything",
    "count_themes": "looks for the class of everything that has a theme, in the passage that says so",
    "count_things": "counts everything",
    "count_insights": "counts every insight of every passage",
    "find_entry_ways": "compares all uses of tools on entry ways with the experiences that fit",
    "find_paths": "puts the names of thousands of products, places, entry ways and tools in order",
    "find_text": "reads every text; `parkg search` has an index",
    "list_chain_actors": "looks at everybody who took part in anything",
    "list_entry_way_pairs": "puts the names of the experiences of every pair in order",
    "list_model_strengths": "looks at whatever an insight bears on",
    "list_pages": "looks at everything that has a name",
    "list_path_conditions": "ranks all that bears on the entry way or its tools before it knows what needs a condition",
    "list_path_experiences": "looks at everybody who took part in a case of the place",
    "list_path_lessons": "puts in order through what each insight bears on the entry way",
    "list_recurring_agents": "counts the cases and documents of every agent before it knows which recur",
    "list_recurring_factors": "puts the names of the cases of every factor in order",
    "list_role_actions": "looks at everybody who took part in anything",
}


@dataclass(frozen=True)
class Measured:
    """What a query took: the median in ms of processor time, rows and bytes."""

    p50_ms: float
    rows: int
    size: int

    def __str__(self) -> str:
        return f"{self.p50_ms:10.1f} {self.rows:9,} {self.size:12,}"


def measure(graph: Memory, text: str, rounds: int) -> Measured:
    """Answer a query so many times."""
    question = Question(text, "json")
    times = []
    body = b""
    for _ in range(rounds):
        started = time.process_time()
        body = answer(graph.holding(question), question)
        times.append((time.process_time() - started) * 1000)
        if sum(times) > LONGEST_S * 1000:
            break
    return Measured(statistics.median(times), len(json.loads(body)["results"]["bindings"]), len(body))


def measure_all(data: Path, rounds: int) -> dict[str, Measured]:
    """Measure every query over a data folder, in order of their names; after them the requests that tell of the machine."""
    folder = DataFolder(data)
    readers = Readers(LONGEST_S, size=1)
    inquiry = Inquiry(folder, readers, Catalogue(shipped("queries")))
    texts = {query.name: inquiry.bound(query.name, query.example) for query in inquiry.catalogue.all()}
    readers.close()
    texts |= {asked.name: asked.text(1, 0) for asked in classes() if asked.name in MACHINE}
    graph = load(folder.directory(inquiry.revision()), MOST_BYTES)
    return {name: measure(graph, text, rounds) for name, text in texts.items()}


def as_table(few: Mapping[str, Measured], many: Mapping[str, Measured], experiences: int) -> str:
    """Return what was measured as text, slowest first."""
    head = f"{'p50 ms':>10} {'rows':>9} {'bytes':>12}"
    lines = [f"{'':32} {'what is shipped':^33}   {f'and {experiences:,} synthetic experiences':^33}   {'times':>10} {'times':>9}",
             f"{'query':32} {head}   {head}   {'as long':>10} {'the rows':>9}"]
    for name in sorted(many, key=lambda name: (name not in MACHINE, -many[name].p50_ms)):
        lines.append(f"{name:32} {few[name]}   {many[name]}   {many[name].p50_ms / few[name].p50_ms:10.1f} "
                     f"{many[name].rows / max(few[name].rows, 1):9.1f}")
    return "\n".join(lines)


def as_page(few: Mapping[str, Measured], many: Mapping[str, Measured], experiences: int, catalogue: Catalogue) -> str:
    """Return docs/catalogue_speed.md."""
    queries = catalogue.all()
    lookup, cross = (many[name].p50_ms for name in MACHINE)
    over = sum(many[query.name].p50_ms > AIM_MS for query in queries)
    beyond = sum(many[query.name].p50_ms * CROSS_MS / cross > AIM_MS for query in queries)
    more = f"{experiences:,}"
    machine = f"its lookup took {lookup:.2f} ms and its cross-tabulation {cross:.1f} ms"
    lines = [f"""# How fast is each query of the catalogue?

Each with its example, answered from memory as the server does, nothing from a cache, in ms of processor time (the median of
several rounds): over what ships, and over that and {more} synthetic experiences. Bytes are those of the JSON. This page is
printed by `python -m bench.catalogue --experiences {experiences} --markdown`.

The machine was not that of [speed.md](speed.md): {machine}, where that machine
takes {LOOKUP_MS} and {CROSS_MS} ms with the way to the server and back. So one column says how many cross-tabulations a query is
worth; {AIM_MS} ms there are {AIM_MS / CROSS_MS:.1f} of them.

Aimed at: at most {AIM_MS} ms with {more} more experiences. Of {len(queries)} queries {over} are above it here, and
by that measure {beyond} would be there; the last column says why."""]
    for area, (title, _) in AREAS.items():
        lines.append(f"\n## {title}\n\n| query | ms, what ships | ms, {more} more | cross-tabulations | rows | bytes "
                     "| slow because it |\n|---|---|---|---|---|---|---|")
        for query in catalogue.of_area(area):
            one, other = few[query.name], many[query.name]
            lines.append(f"| `{query.name}` | {one.p50_ms:.1f} | {other.p50_ms:.1f} | {other.p50_ms / cross:.1f} "
                         f"| {other.rows:,} | {other.size:,} | {_why(query.name, other)} |")
    return "\n".join(lines)


def _why(name: str, measured: Measured) -> str:
    """Return why a query is above the aim; nothing for one that is not."""
    if measured.p50_ms <= AIM_MS:
        return ""
    rows = f"answers with {measured.rows:,} rows" if measured.rows >= MANY_ROWS else ""
    return REASONS.get(name) or rows or "is close to the limit"


@click.command()
@click.option("--experiences", default=1000, show_default=True, type=click.IntRange(0))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="A data folder that holds so many synthetic experiences already.")
@click.option("--markdown", is_flag=True, help="Print the page of the docs.")
def main(experiences: int, rounds: int, data: Path | None, markdown: bool) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as path:
        make(Path(path) / "few", 0, shapes=False)
        if data is None:
            data = Path(path) / "many"
            make(data, experiences, shapes=False)
        few, many = measure_all(Path(path) / "few", rounds), measure_all(data, rounds)
    print(as_page(few, many, experiences, Catalogue(shipped("queries"))) if markdown else as_table(few, many, experiences))


if __name__ == "__main__":
    main()
