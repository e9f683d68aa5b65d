"""Turns an empty folder, or none, into a running Oxigraph server (the package oxigraph) of the test's own, and ends it."""

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

OXIGRAPH = Path(sys.executable).parent / "oxigraph"
PATIENCE_S = 30


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class OxigraphServer:
    """A process of the server, at a port that stays the same when it is started again. folder: None keeps all in memory."""

    def __init__(self, folder: Path | None = None) -> None:
        self._port = free_port()
        self._folder = folder
        self.address = f"http://127.0.0.1:{self._port}/query"
        self.graphs = f"http://127.0.0.1:{self._port}/store"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "OxigraphServer":
        """Start it and wait until it answers."""
        where = ["--location", str(self._folder)] if self._folder else []
        self.process = subprocess.Popen([OXIGRAPH, "serve", *where, "--bind", f"127.0.0.1:{self._port}"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.address + "?query=ASK%7B%7D", timeout=5):
                    return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the Oxigraph server did not start")

    def end(self) -> None:
        """End the process."""
        if self.process:
            self.process.kill()
            self.process.wait(timeout=PATIENCE_S)
