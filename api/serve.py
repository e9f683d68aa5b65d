"""Turns settings into a running server."""

import errno
import logging
import socket

import click
import waitress
from flask import Flask

from api import create_app
from kg.amend import Amending
from kg.console import build_and_tell, read_catalogue, tell
from kg.errors import OntologyInconsistent, SettingInvalid, ShapesViolated, SourceUnreadable
from kg.inquire import Inquiry
from kg.settings import Settings
from kg.store.readers import Readers
from kg.store.revisions import DataFolder
from kg.store.writers import Writer
from kg.tokens import Tokens

THREADS = 8
CONNECTIONS = 1000
IDLE_S = 10


@click.command()
@click.option("--host", help="The address to listen at (PARKG_HOST, default 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="The port (PARKG_PORT, default 8000); 0 takes a free one.")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Build the graph if that is due, and serve it until Ctrl-C.

    Example: parkg serve --port 8080
    """
    with _listen(host or settings.host, settings.port if port is None else port) as listener:
        folder = DataFolder(settings.data)
        if settings.plain:
            folder.begin()
        else:
            _build_or_keep(settings)
        readers = Readers(settings.time_limit_s)
        amending = Amending(folder, Writer(settings.time_limit_s, settings.plain), Tokens(settings.data), settings.plain)
        try:
            run(create_app(Inquiry(folder, readers, read_catalogue()), amending), listener)
        finally:
            readers.close()
            amending.close()


def _build_or_keep(settings: Settings) -> None:
    """Build; where the sources have a fault and there is a good revision, tell of the fault and serve that."""
    try:
        build_and_tell(settings)
    except (SourceUnreadable, ShapesViolated, OntologyInconsistent) as error:
        revision = DataFolder(settings.data).current()
        if revision is None:
            raise
        tell(f"{error}\nparkg: not built; serving revision {revision.number} of {revision.made} as before")


def run(app: Flask, listener: socket.socket) -> None:
    """Serve on a bound socket until the process is told to end."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = waitress.create_server(app, sockets=[listener], threads=THREADS, connection_limit=CONNECTIONS,
                                    channel_timeout=IDLE_S, ident=None)
    host, port = listener.getsockname()[:2]
    tell(f"serving on http://{f'[{host}]' if ':' in host else host}:{port}/ (Ctrl-C ends it)")
    server.run()


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is built, so that one that is in use is told at once."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=CONNECTIONS)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingInvalid(f"Port {port} of {host} is in use. End the program that has it, or take another: "
                                 "PARKG_PORT=8001 make run, or parkg serve --port 8001.") from error
        raise SettingInvalid(f"Cannot listen on {host}, port {port}: {error.strerror or error}. "
                             "Choose others with PARKG_HOST and PARKG_PORT.") from error
