"""Turns a data folder into running servers over the same data: ours and its peers, each with its times and its memory."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote

from bench.classes import ACCEPT

START_S = 600.0
SETTLE_S = 120.0
STEP_S = 0.2
TICKS_WHEN_IDLE = 2
MOST_THREADS_WHEN_IDLE = 200
OXIGRAPH = str(Path(sys.executable).parent / "oxigraph")
PARKG = (sys.executable, "-c", "from kg.cli import main; main()")


class NoAnswer(Exception):
    """A server did not answer, or not with 200."""


class Server:
    """A server: its name, the command that starts it on a port, and the path of its SPARQL.

    load: what loads it once it is up; ready: tells of its address whether it is done with what it does by itself after a start.
    """

    def __init__(self, name: str, path: str, command: Callable[[int], list[str]], environment: dict[str, str] | None = None,
                 load: Callable[[str], None] | None = None, ready: Callable[[str], bool] = lambda address: True) -> None:
        self.name = name
        self.path = path
        self.largest_mb: list[float] = []
        self.ends: list[int] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._command = command
        self._environment = {**os.environ, **(environment or {})}
        self._load = load
        self._ready = ready

    def start(self, ready: str) -> float:
        """Start it and return the seconds until it has answered the query ``ready`` with at least one row."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        started = time.perf_counter()
        self._process = subprocess.Popen(self._command(port), env=self._environment, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)
        loaded = self._load is None
        while time.perf_counter() - started < START_S:
            if self._process.poll() is not None:
                raise NoAnswer(f"{self.name} ended with {self._process.returncode} before it answered")
            with suppress(NoAnswer, OSError):
                if not loaded and self._load:
                    self._load(self.address)
                    loaded = True
                if self.ask(ready):
                    return time.perf_counter() - started
            time.sleep(0.005)
        raise NoAnswer(f"{self.name} did not answer in {START_S:g} s")

    def ask(self, query: str, timeout_s: float = 60.0) -> list[str]:
        """Return the rows of an answer, sorted, each as text, so that answers of two servers can be compared."""
        url = f"{self.address}{self.path}?query={quote(query, safe='')}"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": ACCEPT}), timeout=timeout_s) as response:
                bindings = json.load(response)["results"]["bindings"]
        except HTTPError as error:
            raise NoAnswer(f"{self.name} answered {error.code}: {error.read(300).decode(errors='replace')}") from error
        except TimeoutError as error:
            raise NoAnswer(f"{self.name} did not answer in {timeout_s:g} s") from error
        return sorted(json.dumps(sorted((name, term["value"], term.get("xml:lang", "")) for name, term in row.items()))
                      for row in bindings)

    def weigh(self) -> None:
        """Note the memory of its processes (PSS, MB), and keep the largest sum so far."""
        found = []
        for pid in self._processes():
            with suppress(OSError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").split("\n")
                found.append(int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024)
        if sum(found) > sum(self.largest_mb):
            self.largest_mb = found

    def settle(self, ready: str) -> None:
        """Wait until it is ready and its processes are idle: queries of clients that hung up may run on.

        One that never is, or has ended by itself (its exit code is added to ``ends``), is started anew.
        """
        deadline = time.monotonic() + SETTLE_S
        while time.monotonic() < deadline and self._process.poll() is None:
            before = self._ticks()
            time.sleep(STEP_S)
            idle = self._ticks() - before <= TICKS_WHEN_IDLE and self._threads() <= MOST_THREADS_WHEN_IDLE
            if idle and self._ready(self.address):
                return
        if self._process.poll() is not None:
            self.ends.append(self._process.returncode)
        self.stop()
        self.start(ready)

    def stop(self) -> None:
        """End it and wait until it is gone; one that was never started is left alone."""
        if not self._process:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _processes(self) -> list[int]:
        found = [self._process.pid]
        for pid in found:
            with suppress(OSError):
                for task in Path(f"/proc/{pid}/task").iterdir():
                    found += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
        return found

    def _threads(self) -> int:
        total = 0
        for pid in self._processes():
            with suppress(OSError):
                total += len(list(Path(f"/proc/{pid}/task").iterdir()))
        return total

    def _ticks(self) -> int:
        total = 0
        for pid in self._processes():
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
        return total


def ours(data: Path) -> Server:
    """Return our server over a data folder."""
    def in_memory(address: str) -> bool:
        with urllib.request.urlopen(f"{address}/readyz", timeout=START_S) as response:
            return bool(json.load(response)["read_from"] == "memory")

    return Server("parkg serve", "/sparql", lambda port: [*PARKG, "serve", "--port", str(port)], {"PARKG_DATA": str(data)},
                  ready=in_memory)


def peers(quads: Path, scratch: Path, time_limit_s: float) -> list[Server]:
    """Return the peers over a file of N-Quads, of which the Oxigraph server on disk is loaded here.

    Their default graph is the union of the named graphs, as ours is.
    """
    disk = str(scratch / "oxigraph")
    subprocess.run([OXIGRAPH, "load", "--location", disk, "--file", str(quads)], check=True, capture_output=True)

    def oxigraph(*options: str) -> Callable[[int], list[str]]:
        return lambda port: [OXIGRAPH, *options, "--union-default-graph", "--bind", f"127.0.0.1:{port}"]

    def load(address: str) -> None:
        with quads.open("rb") as file:
            request = urllib.request.Request(f"{address}/store", file, method="POST", headers={
                "Content-Type": "application/n-quads", "Content-Length": str(quads.stat().st_size)})
            urllib.request.urlopen(request, timeout=START_S).close()

    reading = ("serve-read-only", "--location", disk)
    return [
        Server("oxigraph, disk, no limit", "/query", oxigraph(*reading)),
        Server(f"oxigraph, disk, limit {time_limit_s:g} s", "/query", oxigraph(*reading, "--timeout-s", f"{time_limit_s:g}")),
        Server("oxigraph, memory, no limit", "/query", oxigraph("serve"), load=load),
        Server("rdflib-endpoint, memory", "/sparql",
               lambda port: [sys.executable, "-m", "bench.rdflib_peer", str(quads), str(port)]),
    ]
