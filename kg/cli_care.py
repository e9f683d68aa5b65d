"""The commands ``parkg doubles`` and ``parkg remove-person``: one case told twice, and people who do not want to be named."""

import json
from dataclasses import asdict

import click

from kg.amend import Amending
from kg.console import read_catalogue, tell
from kg.contributions.joining import likely_doubles
from kg.contributions.ledger import Ledger
from kg.contributions.removal import Removal
from kg.errors import ParameterInvalid
from kg.inquire import asking
from kg.names import brief
from kg.settings import Settings
from kg.store.revisions import DataFolder
from kg.store.writers import Writer
from kg.tokens import Tokens


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.pass_context
def doubles(context: click.Context, as_json: bool) -> None:
    """List published experiences of nearly the same name, which may be one case told twice; exit code 1 where there are any.

    Whether they are is for a person to decide, who then joins them. Example: parkg doubles
    """
    settings: Settings = context.obj
    with asking(settings, read_catalogue()) as inquiry:
        found = likely_doubles(inquiry)
    if as_json:
        click.echo(json.dumps([asdict(double) for double in found], ensure_ascii=False))
    else:
        lines = [f"{double.alike:.2f}  {brief(double.one)} ({double.one_label})  {brief(double.other)} ({double.other_label})"
                 for double in found]
        click.echo("\n".join(lines) or "No two experiences have nearly the same name.")
    context.exit(1 if found else 0)


@click.command(name="remove-person")
@click.argument("contribution")
@click.argument("person")
@click.option("--why", required=True, help="What is kept of it: never the name.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_context
def remove_person(context: click.Context, contribution: str, person: str, why: str, as_json: bool) -> None:
    """Take PERSON, the IRI of a person or an exact text, out of all editions and revisions there are; it cannot be undone.

    CONTRIBUTION is the id of one that names them. Exit code 1 where files are left that hold it and are no text. Example:
    parkg remove-person abcdefgh2345 "Rosa Invented" --why "She asked for it."
    """
    settings: Settings = context.obj
    if settings.store:
        raise ParameterInvalid("People are taken out of a store of our own; PARKG_STORE names another.")
    ledger = Ledger(settings.data)
    amending = Amending(DataFolder(settings.data), Writer(settings.time_limit_s), Tokens(settings.data), settings.plain)
    try:
        tell("every edition and revision is gone through; that takes a while")
        removed = Removal(ledger, amending).remove("command line", ledger.get(contribution), person, why)
    finally:
        amending.close()
    if as_json:
        click.echo(json.dumps({"contribution": contribution, "places": removed.places, "left": removed.left}))
    else:
        click.echo("\n".join([f"taken out of {removed.places} places",
                              *(f"still in {name}, which is no text" for name in removed.left)]))
    context.exit(1 if removed.left else 0)
