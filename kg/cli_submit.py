"""The command ``parkg submit``: a file of RDF, or a workbook, becomes a contribution, or the next edition of one."""

import json
from pathlib import Path

import click

from kg.console import read_catalogue, read_upload, tell
from kg.desk import desk_of
from kg.entry.sheets import SHEET_FORMATS
from kg.errors import ContributionFaulty
from kg.parameters import LANGUAGES
from kg.settings import Settings
from kg.store.rdf import SUBMISSION_FORMATS


@click.command()
@click.argument("file", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--to", "id", default="", help="The contribution of which this is the next edition.")
@click.option("--draft", is_flag=True, help="Keep it as a draft, which may have faults.")
@click.option("--note", default="", help="What is said about it.")
@click.option("--format", "-f", "format", type=click.Choice([*SUBMISSION_FORMATS, *SHEET_FORMATS]),
              help="Default: what the name ends in.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of what is found.")
@click.option("--json", "as_json", is_flag=True, help="Print where it stands, and what was found, as JSON.")
@click.pass_context
def submit(context: click.Context, file: Path, id: str, draft: bool, note: str, format: str | None, language: str,
           as_json: bool) -> None:
    """Send FILE, a new experience as RDF, workbook or folder of CSV files, to be reviewed.

    Exit code 1 where something must be mended first. PARKG_TOKEN says who sends it.

    Example: parkg submit andean-honey.ttl --note "From our report."
    """
    settings: Settings = context.obj
    upload = read_upload(file, format)
    try:
        with desk_of(settings, read_catalogue()) as desk:
            told = desk.submit(upload, id, note, draft, language)
    except ContributionFaulty as error:
        told = {"state": None, "findings": error.findings}
        tell(str(error))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for one in told["findings"]:
            click.echo(f"{one['strength']}: {one['message']} {one['write']}".rstrip())
        if told["state"]:
            click.echo(f"{told['id']}  {told['state']}  {told['experience']}  edition {told['edition']}")
    context.exit(0 if told["state"] else 1)
