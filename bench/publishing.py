"""Measures publishing: how long a publication and a withdrawal take over HTTP, from the request to the acknowledgement.

    python -m bench.publishing [--experiences 1000] [--times 5] [--folder DIR]

Each publishes one more synthetic experience, which waits accepted in the ledger, and takes it back. What is acknowledged is on
disk for good and answered from; that grows with the graph is what copying its index and forking a reader of it cost.
"""

import json
import shutil
import statistics
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import click

from bench.folders import make
from bench.generate import graph_of, shipped_values, synthetic
from bench.servers import ours
from kg.build import shipped_sources
from kg.contributions.ledger import Ledger
from kg.editions import shipped_editions
from kg.load import load
from kg.tokens import Tokens

ENTRY = "SELECT ?tool { ?tool a <https://w3id.org/cocina-par/ontology#Tool> } LIMIT 1"


@click.command()
@click.option("--experiences", default=1000, show_default=True, type=click.IntRange(0))
@click.option("--times", default=5, show_default=True, type=click.IntRange(1))
@click.option("--folder", type=click.Path(exists=True, path_type=Path), help="A data folder of so many, copied instead of made.")
def main(experiences: int, times: int, folder: Path | None) -> None:
    """Print the seconds of each, the median last."""
    with tempfile.TemporaryDirectory() as path:
        data = Path(path) / "var"
        if folder:
            shutil.copytree(folder, data)
        else:
            make(data, experiences, shapes=False)
        ledger, token = Ledger(data), Tokens(data).make("bench", "admin", 1)
        quads = list(synthetic(times, shipped_values(load(shipped_sources()).quads), first=experiences))
        ids = []
        for number in range(times):
            key = graph_of(experiences + number).split("/")[-2]
            body = "".join(f"{quad} .\n" for quad in quads if quad.graph_name.value == graph_of(experiences + number))
            one = ledger.begin(key)
            sent = replace(one.event("ana", "submit", edition=1), shapes=shipped_editions()[-1].number)
            one = ledger.record(one, sent, body.encode())
            ids.append(ledger.record(one, one.event("beto", "accept")).id)
        server = ours(data)
        server.start(ENTRY)
        try:
            server.settle(ENTRY)
            for did in ("publish", "withdraw"):
                seconds = [_seconds(server.address, token, id, did) for id in ids]
                print(f"{did:9} with {experiences:,} experiences: " + " ".join(f"{one:.2f}" for one in seconds)
                      + f"   median {statistics.median(seconds):.2f} s")
        finally:
            server.stop()


def _seconds(address: str, token: str, id: str, did: str) -> float:
    request = urllib.request.Request(f"{address}/contributions/{id}/{did}", json.dumps({"note": "measured"}).encode(), {
        "Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {token}"})
    started = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        raise click.ClickException(f"not published: {error.read().decode()}") from error
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
