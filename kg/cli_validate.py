"""The command ``parkg validate``: what a file would be told as a contribution, without a server."""

import json
from pathlib import Path

import click

from kg.console import read_catalogue, read_upload
from kg.entry.sheets import SHEET_FORMATS
from kg.inquire import asking
from kg.parameters import LANGUAGES
from kg.settings import Settings
from kg.store.rdf import SUBMISSION_FORMATS
from kg.submissions.known_things import KnownThings
from kg.submissions.report import as_lines, as_shacl, as_tree
from kg.submissions.submission import check


@click.command()
@click.argument("file", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--format", "-f", "format", type=click.Choice([*SUBMISSION_FORMATS, *SHEET_FORMATS]),
              help="Of the file; default: what its name ends in.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of what is said about it.")
@click.option("--json", "shown_as", flag_value="json", help="Print the findings as JSON.")
@click.option("--shacl", "shown_as", flag_value="shacl", help="Print the findings as a report of SHACL in Turtle.")
@click.pass_context
def validate(context: click.Context, file: Path, format: str | None, language: str, shown_as: str | None) -> None:
    """Say what must, should and may be mended in FILE, a new experience as RDF, workbook or folder of CSV files.

    - is standard input. Exit code 1 where something must be. Example: parkg validate andean-honey.ttl --language es
    """
    settings: Settings = context.obj
    upload = read_upload(file, format)
    with asking(settings, read_catalogue()) as inquiry:
        submission = check(upload, KnownThings(inquiry), language)
    if shown_as == "json":
        click.echo(json.dumps(as_tree(submission), ensure_ascii=False))
    elif shown_as == "shacl":
        click.echo(as_shacl(submission, language), nl=False)
    else:
        click.echo("\n".join(as_lines(submission, language)))
    context.exit(1 if submission.blocked else 0)
