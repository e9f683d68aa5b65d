"""The command ``parkg mcp``: let a program that speaks the Model Context Protocol ask the graph."""

import click

from kg.console import read_catalogue, tell
from kg.inquire import asking
from kg.settings import Settings
from kg.store.readers import READERS


@click.command()
@click.pass_context
def mcp(context: click.Context) -> None:
    """Serve agents over standard input and output by the Model Context Protocol; it reads, and changes nothing.

    Example: parkg mcp
    """
    settings: Settings = context.obj
    try:
        from kg.mcp_server import server
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("mcp"):
            raise
        tell("this command needs the package mcp, which is not installed, or not in a version from 2.3 up: "
             "pip install 'parkg[mcp]', in a checkout .venv/bin/python -m pip install 'mcp>=2.3,<3'")
        context.exit(2)
    with asking(settings, read_catalogue(), READERS) as inquiry:
        inquiry.revision()
        server(inquiry, settings).run("stdio")
