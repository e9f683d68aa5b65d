"""The commands ``parkg token``: make, list and revoke what lets programs write."""

import json

import click

from kg.console import tell
from kg.settings import Settings
from kg.tokens import SCOPES, Tokens


@click.group()
def token() -> None:
    """Make, list and revoke the tokens that let programs write.

    Example: parkg token make my-laptop --scope write --days 90
    """


@token.command(name="make")
@click.argument("name")
@click.option("--scope", type=click.Choice(SCOPES), default="write", show_default=True,
              help="write: submit; review: also review and publish; admin: everything.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="How long it is valid.")
@click.pass_obj
def make_token(settings: Settings, name: str, scope: str, days: int) -> None:
    """Make a token and print it, this once: only its hash is kept.

    Example: parkg token make my-laptop --scope admin
    """
    click.echo(Tokens(settings.data).make(name, scope, days))


@token.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print the tokens as JSON.")
@click.pass_obj
def list_tokens(settings: Settings, as_json: bool) -> None:
    """List the tokens: name, scope, when made and when they end.

    Example: parkg token list
    """
    shown = [{"name": t.name, "scope": t.scope, "made": t.made, "ends": t.ends} for t in Tokens(settings.data).all()]
    click.echo(json.dumps(shown) if as_json else "\n".join("  ".join(entry.values()) for entry in shown) or "no tokens")


@token.command(name="revoke")
@click.argument("name")
@click.pass_obj
def revoke_token(settings: Settings, name: str) -> None:
    """Make a token worthless from now on.

    Example: parkg token revoke my-laptop
    """
    Tokens(settings.data).revoke(name)
    tell(f"the token {name} is worth nothing from now on")
