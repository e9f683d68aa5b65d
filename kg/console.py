"""Turns progress and outcomes of a command into what a terminal shows; shared by the commands of kg and api."""

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from kg.build import Built, shipped_sources
from kg.build import build as build_graph
from kg.catalogue import Catalogue
from kg.entry.sheets import FORMAT_OF_SUFFIX, SHEET_FORMATS, packed
from kg.errors import StoreUnavailable
from kg.files import build_files
from kg.settings import Settings, shipped
from kg.store.changes import Upload
from kg.store.publish import place_of, publish
from kg.store.rdf import SUBMISSION_FORMATS
from kg.store.revisions import DataFolder, Revision
from kg.store.sent import LARGEST_BYTES
from kg.verify import Outcome

BAR = 24
FINDINGS_SHOWN = 3


def build_and_tell(settings: Settings, source: Path | None = None, reasoner: bool = False) -> Built:
    """Build the graph if that is due, and publish it where another store is served; telling of each step on stderr.

    Raises what kg.build.build and kg.store.publish.publish raise.
    """
    started = time.monotonic()
    with progress_bar("building the graph, which takes a minute or so") as progress:
        built = build_graph(DataFolder(settings.data), shipped_sources(source), progress, reasoner)
    if reasoner:
        tell("HermiT finds it consistent, and that every class can have members")
    state = f"built in {time.monotonic() - started:.1f} s" if built.fresh else "unchanged since its last build"
    tell(f"revision {built.revision.number} in {settings.data}, {state}")
    if settings.files:
        with progress_bar("publishing the experiences of the files") as progress:
            published_files = build_files(settings, read_catalogue(), progress)
        tell(f"{settings.files}: " + (f"{published_files} experiences published" if published_files else "unchanged"))
        built = replace(built, revision=served(settings)[1])
    if place := place_of(settings):
        with progress_bar() as progress:
            published = publish(DataFolder(settings.data), built.revision, place, progress)
        tell(f"revision {built.revision.number} {'is served from' if published else 'was served already from'} {place.name}")
    return built


def tell(text: str) -> None:
    """Print a line for a person on stderr."""
    click.echo(f"parkg: {text}", err=True)


@contextmanager
def progress_bar(beginning: str = "") -> Iterator[Callable[[str, float], None]]:
    """Give a function that shows a step and how much is done (0 to 1) as a bar on stderr.

    beginning: what is told at the first step where stderr is no terminal; nothing else is shown there.
    """
    if not sys.stderr.isatty():
        untold = [beginning] if beginning else []
        yield lambda step, done: tell(untold.pop()) if untold else None
        return

    def show(step: str, done: float) -> None:
        filled = round(BAR * done)
        line = f"[{'#' * filled}{'.' * (BAR - filled)}] {round(100 * done):3} %  {step}"
        click.echo(f"\r\x1b[K{line[:shutil.get_terminal_size().columns - 1]}", nl=False, err=True)

    try:
        yield show
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)


def outcome_lines(outcomes: Iterable[Outcome], shown: int | None) -> Iterator[str]:
    """Yield the outcomes of checks as the lines of one table, below each check that does not hold its findings.

    shown: how many findings of a check at the most; None for all.
    """
    outcomes = list(outcomes)
    width = max(len(outcome.name) for outcome in outcomes)
    yield f"{'check'.ljust(width)}  {'found':>5}  what must hold"
    yield f"{'-' * width}  -----  --------------"
    for outcome in outcomes:
        yield f"{outcome.name.ljust(width)}  {len(outcome.findings):>5}  {outcome.sentence}"
        for finding in outcome.findings[:shown]:
            yield f"{' ' * width}         {finding}"
        if shown is not None and len(outcome.findings) > shown:
            yield f"{' ' * width}         … and {len(outcome.findings) - shown} more (--all shows them)"
    broken = sum(bool(outcome.findings) for outcome in outcomes)
    yield ""
    yield f"{len(outcomes)} checks, {broken} of them with findings" if broken else f"{len(outcomes)} checks, all of them hold"


def read_catalogue() -> Catalogue:
    """Read the catalogue that came with the installation, telling of each file that had to be left out."""
    catalogue = Catalogue(shipped("queries"))
    for fault in catalogue.faults:
        tell(f"left out of the catalogue: {fault}")
    return catalogue


def served(settings: Settings) -> tuple[DataFolder, Revision]:
    """Return the data folder and the revision that is served from it. Raises StoreUnavailable before the first build."""
    folder = DataFolder(settings.data)
    revision = folder.current()
    if revision is None:
        raise StoreUnavailable(f"There is no graph in {settings.data} yet. Run parkg build.")
    return folder, revision


def read_upload(file: Path, format: str | None) -> Upload:
    """Return what a file, or a folder of CSV files, holds, in a format or in that which its name ends in; - is standard input.

    Raises UsageError where neither tells what it is.
    """
    if file.is_dir():
        return Upload(packed({one.name: one.read_bytes() for one in sorted(file.glob("*.csv"))}), "csv")
    format = format or FORMAT_OF_SUFFIX.get(file.suffix.lower())
    if format is None:
        raise click.UsageError(f"Say what {file} is with --format, since its name does not: "
                               f"{', '.join((*SUBMISSION_FORMATS, *SHEET_FORMATS))}.")
    with click.open_file(str(file), "rb") as opened:
        return Upload(opened.read(LARGEST_BYTES + 1), format)
