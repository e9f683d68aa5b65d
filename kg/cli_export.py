"""The command ``parkg export``: each published experience as a file."""

import json
from pathlib import Path

import click

from kg.console import served, tell
from kg.files import export_files
from kg.settings import Settings
from kg.store.engine import Opened


@click.command()
@click.option("--files", "folder", type=click.Path(file_okay=False, path_type=Path), required=True,
              help="The folder to write to; what was exported before and is published no longer is taken away.")
@click.option("--json", "as_json", is_flag=True, help="Print the names of the files as JSON.")
@click.pass_obj
def export(settings: Settings, folder: Path, as_json: bool) -> None:
    """Write each published experience as one file that is the same each time, for a git repository.

    PARKG_FILES=experiences parkg build takes them in again. Example: parkg export --files experiences
    """
    data, revision = served(settings)
    files = export_files(Opened(data.directory(revision)), folder)
    if as_json:
        click.echo(json.dumps([path.name for path in files]))
    tell(f"{len(files)} experiences of revision {revision.number} are in {folder}")
