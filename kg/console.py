"""Turns the progress of a command into lines on stderr; shared by the commands of kg and api."""

import time
from pathlib import Path

import click

from kg.build import Built, shipped_sources
from kg.build import build as build_graph
from kg.catalogue import Catalogue
from kg.settings import Settings, shipped
from kg.store.revisions import DataFolder


def build_and_tell(settings: Settings, source: Path | None = None, reasoner: bool = False) -> Built:
    """Build the graph if that is due, telling of each step on stderr."""
    started = time.monotonic()
    built = build_graph(DataFolder(settings.data), shipped_sources(source), lambda step: tell(f"{step} …"), reasoner)
    state = f"built in {time.monotonic() - started:.1f} s" if built.fresh else "unchanged since its last build"
    tell(f"revision {built.revision.number} in {settings.data}, {state}")
    return built


def tell(text: str) -> None:
    """Print a line for a person on stderr."""
    click.echo(f"parkg: {text}", err=True)


def read_catalogue() -> Catalogue:
    """Read the catalogue that came with the installation, telling of each file that had to be left out."""
    catalogue = Catalogue(shipped("queries"))
    for fault in catalogue.faults:
        tell(f"left out of the catalogue: {fault}")
    return catalogue
