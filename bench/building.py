"""Measures building: what each step of a build costs as experiences are added, in time, memory and disk.

    python -m bench.building [--no-shapes] [experiences …]

Each size is built in a process of its own, so that its peak of memory is its own. The last line says what 100,000 experiences
would cost if each further one costs what each did between the two largest sizes.
"""

import multiprocessing
import resource
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

from bench.folders import make

STEPS = ("read", "generate", "names", "shapes", "infer", "commit")
FAR = 100_000


@dataclass(frozen=True)
class Cost:
    """What a build cost: triples stated and inferred, peak of memory and disk in MB, and the seconds of each step."""

    stated: float
    inferred: float
    memory_mb: float
    disk_mb: float
    seconds: tuple[float, ...]

    def numbers(self) -> list[float]:
        """Return all of them in a row."""
        return [self.stated, self.inferred, self.memory_mb, self.disk_mb, *self.seconds]


def cost(asked: tuple[int, bool]) -> Cost:
    """Build once, for a number of experiences, with or without the shapes."""
    with tempfile.TemporaryDirectory() as path:
        made = make(Path(path), *asked)
        disk = sum(file.stat().st_size for file in Path(path).rglob("*") if file.is_file())
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Cost(made.stated, made.inferred, peak_kb / 1024, disk / 2**20, tuple(made.seconds.get(step, 0.0) for step in STEPS))


def extrapolated(sizes: list[int], costs: list[Cost], size: int) -> Cost:
    """Return what a size would cost if each further experience costs what each did between the last two sizes."""
    further = (size - sizes[-1]) / (sizes[-1] - sizes[-2])
    far = [more + max(0.0, more - less) * further for less, more in zip(costs[-2].numbers(), costs[-1].numbers(), strict=True)]
    return Cost(*far[:4], tuple(far[4:]))


def _row(label: str, cost: Cost) -> str:
    times = "".join(f" {seconds:9,.1f}" for seconds in (*cost.seconds, sum(cost.seconds)))
    return f"{label:>14} {cost.stated:>12,.0f} {cost.inferred:>12,.0f}{times} {cost.memory_mb:>10,.0f} {cost.disk_mb:>9,.0f}"


@click.command()
@click.argument("experiences", nargs=-1, type=click.IntRange(0))
@click.option("--shapes/--no-shapes", default=True, help="Whether the records are checked against the shapes.")
def main(experiences: tuple[int, ...], shapes: bool) -> None:
    """Print the table."""
    sizes = sorted(experiences or (13, 100, 1000))
    print(f"{'experiences':>14} {'stated':>12} {'inferred':>12}"
          + "".join(f" {name + ' s':>9}" for name in (*STEPS, "all")) + f" {'memory MB':>10} {'disk MB':>9}")
    costs = []
    for size in sizes:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            costs.append(pool.apply(cost, ((size, shapes),)))
        print(_row(f"{size:,}", costs[-1]), flush=True)
    if len(sizes) > 1 and sizes[-2] < sizes[-1] < FAR:
        print(_row(f"{FAR:,}", extrapolated(sizes, costs, FAR)) + "   not measured: as between the last two")


if __name__ == "__main__":
    main()
