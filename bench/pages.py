"""Measures the pages of the toolbox: how long the first visit of each takes, how long the next ones, and what is transferred.

    python -m bench.pages [--experiences 1000] [--times 20] [--folder DIR]

The same pages are asked of two servers in one run, of what is shipped alone and of that with so many synthetic experiences, in
turn. The first visit is the first request for a page after the start, once the server says that it is ready and is idle; what
is transferred is the page as gzip, without its stylesheet, icon and script, which browsers keep.
"""

import shutil
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click

from bench.folders import make
from bench.servers import Server, ours

ENTRY = "SELECT ?tool { ?tool a <https://w3id.org/cocina-par/ontology#Tool> } LIMIT 1"
PAGES = ("/", "/cube", "/path", "/path?who=role/producer", "/path?who=role/producer&entry_way=fairs",
         "/id/experience/mieles-del-sur", "/id/tool/financing", "/id/entry-way/fairs", "/id/country/chile",
         "/id/passage/toolbox/3-2-7", "/compare?case=experience/mieles-del-sur&case=experience/maqueo", "/search?q=honey",
         "/map", "/projects", "/queries", "/ontology", "/about", "/sparql")


@click.command()
@click.option("--experiences", default=1000, show_default=True, type=click.IntRange(1))
@click.option("--times", default=20, show_default=True, type=click.IntRange(1), help="Visits after the first.")
@click.option("--folder", type=click.Path(exists=True, path_type=Path), help="A data folder of so many, copied instead of made.")
def main(experiences: int, times: int, folder: Path | None) -> None:
    """Print a row for each page: milliseconds and kilobytes, and the ratio of the next visits."""
    with tempfile.TemporaryDirectory() as path:
        few, many = Path(path) / "few", Path(path) / "many"
        make(few, 0, shapes=False)
        if folder:
            shutil.copytree(folder, many)
        else:
            make(many, experiences, shapes=False)
        servers = [ours(few), ours(many)]
        try:
            for server in servers:
                server.start(ENTRY)
            for server in servers:
                server.settle(ENTRY)
            print("\n".join(_table(servers, experiences, times)))
        finally:
            for server in servers:
                server.stop()


def _table(servers: list[Server], experiences: int, times: int) -> Iterator[str]:
    yield f"| page | first, shipped | first, {experiences:,} more | next, shipped | next, {experiences:,} more | ratio | kB |"
    yield "|---|---|---|---|---|---|---|"
    for page in PAGES:
        first = [_visit(server, page) for server in servers]
        later = [[_visit(server, page)[0] for server in servers] for _ in range(times)]
        next = [statistics.median(one) for one in zip(*later, strict=True)]
        yield (f"| `{page}` | {first[0][0]:.0f} | {first[1][0]:.0f} | {next[0]:.1f} | {next[1]:.1f} | {next[1] / next[0]:.2f} | "
               f"{first[1][1] / 1000:.1f} |")


def _visit(server: Server, page: str) -> tuple[float, int]:
    """Return the milliseconds until a page is there, and how many bytes came."""
    request = urllib.request.Request(server.address + page, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=120) as answer:
        size = len(answer.read())
    return (time.perf_counter() - started) * 1000, size


if __name__ == "__main__":
    main()
