"""The command ``parkg template``: a workbook, or CSV files, to fill in a new experience."""

from pathlib import Path

import click

from kg.console import read_catalogue
from kg.entry.choices import choices_of
from kg.entry.example import example_rows
from kg.entry.rows import Rows
from kg.entry.shipped import shipped_form
from kg.entry.workbook import write_csv, write_workbook
from kg.inquire import asking
from kg.parameters import LANGUAGES
from kg.settings import Settings
from kg.submissions.known_things import KnownThings


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV files into the folder PATH instead of a workbook.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True,
              help="Of the names that can be chosen, and of the sheets.")
@click.option("--example", is_flag=True, help="Filled in with an invented experience, to see how it is done.")
@click.option("--force", is_flag=True, help="Write over what is there.")
@click.pass_obj
def template(settings: Settings, path: Path, as_csv: bool, language: str, example: bool, force: bool) -> None:
    """Write a workbook to fill in a new experience to PATH: no RDF is needed.

    Example: parkg template my-case.xlsx --language es
    """
    form = shipped_form()
    with asking(settings, read_catalogue()) as inquiry:
        known = KnownThings(inquiry)
        shown = example_rows(form, known, language)
        given = shown if example else Rows(())
        if as_csv:
            files = {path / name: body for name, body in write_csv(form, given, language)}
        else:
            files = {path: write_workbook(form, choices_of(form, known, language), given, shown, language)}
    there = next((file for file in files if file.exists()), None)
    if there and not force:
        raise click.UsageError(f"{there} is there already. Choose another name, or write over it with --force.")
    for file, body in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    click.echo(f"{path}: fill it in, then check it with: parkg validate {path}")
