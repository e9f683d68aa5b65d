"""The commands ``parkg backup`` and ``parkg restore``: a data folder as one file, and back."""

from pathlib import Path

import click

from kg.backup import back_up, restore
from kg.console import tell
from kg.settings import Settings


@click.command(name="backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def back_up_folder(settings: Settings, file: Path) -> None:
    """Write the revision that is served, the contributions and the hashes of tokens to FILE, also while a server runs.

    Whoever has FILE can read drafts as well. Example: parkg backup monday.tar.gz
    """
    revision = back_up(settings.data, file)
    tell(f"revision {revision.number} of {settings.data} and its contributions are in {file}")


@click.command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore_folder(settings: Settings, file: Path) -> None:
    """Make the data folder from FILE, which parkg backup wrote; refused where there is something in it already.

    Example: parkg --data restored restore monday.tar.gz
    """
    revision = restore(settings.data, file)
    tell(f"revision {revision.number} is in {settings.data}; parkg serve serves it")
