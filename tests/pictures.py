"""Takes pictures of the main pages, for the README and for whoever looks at them with fresh eyes.

    python -m tests.pictures [--into docs/pictures]

A server of what ships is started for it, and Debian's Chromium.
"""

import tempfile
from pathlib import Path

import click

from kg.build import build, shipped_sources
from kg.store.revisions import DataFolder
from tests.browser import DESK, PHONE, shoot
from tests.machine import ROOT
from tests.servers import start_server

PAGES = {
    "home": ("/", "en", DESK), "cube": ("/cube", "en", DESK), "path": ("/path?who=role/producer&product=honey", "es", DESK),
    "experience": ("/id/experience/mieles-del-sur", "en", DESK), "compare":
    ("/compare?case=experience/ketal&case=experience/gustu", "en", DESK), "form": ("/contributions/new", "es", DESK),
    "map": ("/map", "es", DESK), "projects": ("/projects", "en", DESK),
    "search": ("/search?q=miel", "es", DESK), "phone": ("/cube", "es", PHONE),
}


@click.command()
@click.option("--into", default=ROOT / "docs/pictures", show_default=True, type=click.Path(path_type=Path))
@click.option("--whole", is_flag=True, help="All of each page, not what a window shows.")
def main(into: Path, whole: bool) -> None:
    """Write a picture of each main page into a folder."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as path:
        build(DataFolder(Path(path)), shipped_sources())
        server = start_server(Path(path)).settled()
        try:
            for name, (page, language, width) in PAGES.items():
                shoot(server.address, page, into / f"{name}.webp", language=language, width=width, whole=whole, height=860)
                click.echo(into / f"{name}.webp")
        finally:
            server.end()


if __name__ == "__main__":
    main()
