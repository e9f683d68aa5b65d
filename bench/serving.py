"""Measures serving: ours, the Oxigraph server and rdflib-endpoint, side by side over the same data, by the same clients (wrk).

    python -m bench.serving [--experiences 1000] [--rounds 3] [--slice-s 2] [--only lookup]

Every server is up all the time; each class of request is sent to each in turn for a slice of time, and a ratio is formed within
a round, since the machine may be slower in the next. Only answers of status 200 count.
"""

import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click

from bench.classes import ACCEPT, Class, classes
from bench.folders import make
from bench.generate import shipped_values, synthetic
from bench.isolation import print_price
from bench.servers import NoAnswer, Server, ours, peers
from kg.build import build, shipped_sources
from kg.load import load
from kg.store.engine import open_revision
from kg.store.rdf import NamedNode
from kg.store.revisions import DataFolder

TIME_LIMIT_S = 10.0
ENTRY = "PREFIX par: <https://w3id.org/cocina-par/ontology#> SELECT ?tool WHERE { ?tool a par:Tool } LIMIT 1"


@dataclass(frozen=True)
class Slice:
    """What a server did in a slice: good answers a second, median and 99th percentile in ms, and how many it refused."""

    rate: float
    p50_ms: float
    p99_ms: float
    refused: int


class Wrk:
    """Sends requests with wrk; no two slices send the same text."""

    def __init__(self, scratch: Path, keys: int) -> None:
        self._file = scratch / "requests"
        self._keys = keys
        self._slices = 0

    def send(self, server: Server, asked: Class, seconds: float, clients: int | None = None) -> Slice:
        """Send requests of a class for some seconds."""
        asked.write(self._file, server.path, self._keys)
        self._slices += 1
        command = ["wrk", "-t1", f"-c{clients or asked.clients}", f"-d{seconds:g}s", "--timeout", "60s",
                   "-H", f"Accept: {ACCEPT}", "-s", str(Path(__file__).with_name("wrk.lua")), server.address,
                   "--", str(self._file), str(self._slices * 10_000_000), "same" if asked.same else "each"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if "unable to connect" in done.stdout + done.stderr:
            return Slice(0.0, 0.0, 0.0, 0)
        found = re.search(r"^RESULT (\d+) (\d+) (\d+) (\S+) (\S+)$", done.stdout, re.MULTILINE)
        assert found, done.stdout + done.stderr
        requests, refused, micros = int(found[1]), int(found[2]), int(found[3])
        return Slice((requests - refused) / micros * 1e6, float(found[4]) / 1000, float(found[5]) / 1000, refused)


def main_table(servers: list[Server], wrk: Wrk, asked: Class, rounds: int, seconds: float) -> None:
    """Measure a class on every server in turn, and print its rows."""
    slices: dict[str, list[Slice]] = {server.name: [] for server in servers}
    for _ in range(rounds):
        for server in servers:
            slices[server.name].append(wrk.send(server, asked, seconds))
            server.weigh()
            server.settle(ENTRY)
    print(f"\n{asked.name} ({asked.clients} clients, {rounds} slices of {seconds:g} s)")
    print(f"  {'':28} {'req/s':>9} {'p50 ms':>9} {'p99 ms':>9}   ours against it (least to most)")
    first = slices[servers[0].name]
    for server in servers:
        print(f"  {server.name:28} {_row(slices[server.name], first if server is not servers[0] else [])}"
              + (f"   ended by itself {len(server.ends)} times (exit code {server.ends[-1]})" if server.ends else ""))
        server.ends.clear()


def _row(slices: list[Slice], ours: list[Slice]) -> str:
    refused = sum(slice.refused for slice in slices)
    note = f"   {refused:,} refused" if refused else ""
    answered = [slice for slice in slices if slice.rate]
    if not answered:
        return "finished nothing in its slices" + (": beaten" if any(slice.rate for slice in ours) else "") + note
    rate, p50, p99 = (statistics.median(getattr(slice, name) for slice in answered) for name in ("rate", "p50_ms", "p99_ms"))
    text = f"{rate:>9,.1f} {p50:>9.2f} {p99:>9.2f}"
    ratios = [mine.rate / theirs.rate for mine, theirs in zip(ours, slices, strict=False) if theirs.rate]
    if ratios:
        text += f"   {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    nothing = len(slices) - len(answered)
    return text + (f"   nothing finished in {nothing} of {len(slices)} slices" if nothing else "") + note


def compare(servers: list[Server], asked: Class) -> None:
    """Print which servers do not answer a class as the first does; a ratio between different answers means nothing."""
    text = asked.text(1, 0)
    expected = servers[0].ask(text)
    for server in servers[1:]:
        try:
            if server.ask(text) != expected:
                print(f"  {asked.name}: {server.name} gives another answer")
        except (NoAnswer, OSError) as error:
            print(f"  {asked.name}: {error}")
            server.settle(ENTRY)


def print_starts(servers: list[Server]) -> None:
    """Start every server and print how long each took to its first answer, and until it rested; ours over what ships as well."""
    with tempfile.TemporaryDirectory() as path:
        build(DataFolder(Path(path)), shipped_sources())
        server = ours(Path(path))
        times = [_stopped(server, server.start(ENTRY)) for _ in range(3)]
        print("\ntime to the first answer after start (what a peer holds in memory is read then)")
        print(f"  {'parkg serve, shipped data':28} {statistics.median(times):8.2f} s")
    for server in servers:
        began = time.perf_counter()
        print(f"  {server.name:28} {server.start(ENTRY):8.2f} s", end="")
        server.settle(ENTRY)
        print(f"   at rest after {time.perf_counter() - began:.1f} s")


def _stopped(server: Server, seconds: float) -> float:
    server.stop()
    return seconds


def print_memory(servers: list[Server]) -> None:
    """Print the memory of each server's processes when it was largest."""
    print("\nmemory (PSS) when largest, after a slice")
    for server in servers:
        each = " + ".join(f"{mb:.0f}" for mb in server.largest_mb)
        print(f"  {server.name:28} {sum(server.largest_mb):8.0f} MB   {len(server.largest_mb)} process(es): {each}")


def print_commit(server: Server, folder: DataFolder, count: int) -> None:
    """Commit one more experience to the folder that is served, and print the cost and when the server answers from it."""
    values = shipped_values(load(shipped_sources()).quads)
    quads = list(synthetic(1, values, first=count))
    names = {quad.graph_name for quad in quads}
    started = time.perf_counter()
    folder.commit(shipped_sources().key() + "-bench", lambda graph: NamedNode(graph) in names, quads)
    committed = time.perf_counter()
    lookup = classes()[1]
    while not server.ask(lookup.text(count, 0)):
        time.sleep(0.002)
    print(f"\na commit of one more experience ({len(quads)} quads): {committed - started:.2f} s; answered from "
          f"{(time.perf_counter() - committed) * 1000:.0f} ms later", end="")
    server.settle(ENTRY)
    print(f", and from memory {time.perf_counter() - committed:.1f} s later")


@click.command()
@click.option("--experiences", default=1000, show_default=True, type=click.IntRange(1))
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1))
@click.option("--slice-s", default=2.0, show_default=True)
@click.option("--only", default="", help="Measure only classes of request whose name holds this.")
@click.option("--shapes/--no-shapes", default=False, help="Whether the data are checked against the shapes first.")
def main(experiences: int, rounds: int, slice_s: float, only: str, shapes: bool) -> None:
    """Print the tables."""
    if not shutil.which("wrk"):
        raise click.ClickException("wrk is not on this machine; make bench-deps installs it on Debian.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are ended too
    with tempfile.TemporaryDirectory() as path:
        scratch = Path(path)
        folder = DataFolder(scratch / "var")
        made = make(folder.path, experiences, shapes)
        print(f"what is shipped and {experiences:,} synthetic experiences: {made.stated:,} triples stated, {made.inferred:,} "
              "inferred; the same data for all, in named graphs under a default graph that is their union")
        revision = folder.current()
        assert revision
        directory = folder.directory(revision)
        quads = scratch / "data.nq"
        with quads.open("w", encoding="utf-8") as file:
            file.writelines(f"{quad} .\n" for quad in open_revision(directory) if isinstance(quad.graph_name, NamedNode))
        servers = [ours(folder.path), *peers(quads, scratch, TIME_LIMIT_S)]
        try:
            print_starts(servers)
            wrk = Wrk(scratch, experiences)
            for asked in (asked for asked in classes() if only in asked.name):
                compare(servers, asked)
                main_table(servers, wrk, asked, rounds, slice_s * asked.longer)
            print_memory(servers)
            print_price(directory, servers[:2], wrk, classes(), experiences, slice_s)
            print_commit(servers[0], folder, experiences)
        finally:
            for server in servers:
                server.stop()


if __name__ == "__main__":
    main()
