"""Starts ``parkg serve`` as a process of its own, and turns what came over the socket into answers."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any, Self

PARKG = (sys.executable, "-c", "from kg.cli import main; main()")


class Server:
    """A real server process and its address."""

    def __init__(self, process: subprocess.Popen[str], address: str, said: str) -> None:
        self.process = process
        self.address = address
        self.said = said

    def end(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=10)

    def ask(self, method: str, path: str, **headers: str) -> "Answer":
        """Send a request with these headers (underscores stand for hyphens) and no others but urllib's own."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send(urllib.request.Request(self.address + path, headers=named, method=method))

    def get(self, path: str, accept: str = "*/*", **options: Any) -> "Answer":
        return self.send(urllib.request.Request(self.address + path, headers={"Accept": accept, **options.get("headers", {})}))

    def post(self, path: str, body: bytes, type: str, accept: str = "*/*") -> "Answer":
        request = urllib.request.Request(self.address + path, body, {"Content-Type": type, "Accept": accept}, method="POST")
        return self.send(request)

    def send(self, request: urllib.request.Request) -> "Answer":
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def settled(self, seconds: float = 60) -> Self:
        """Wait until it answers from memory and has ended what it answered from before that, and return it."""
        deadline = time.monotonic() + seconds
        while self.get("/readyz").json().get("read_from") != "memory" or len(children_of(self.process.pid)) != 1:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return self


@dataclass(frozen=True)
class Answer:
    """What came back over the socket."""

    status: int
    headers: Message
    body: bytes

    @property
    def type(self) -> str:
        return str(self.headers["Content-Type"]).partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)

    def links(self, relation: str) -> list[tuple[str, str]]:
        """Return address and type of each link of a relation."""
        links = self.headers.get_all("Link", [])
        found = [re.fullmatch(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', link) for link in links]
        return [(match[1], match[3] or "") for match in found if match and match[2] == relation]


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started, of all its threads."""
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


def descendants_of(pid: int) -> list[int]:
    """Return the processes that a process started, and those that these started."""
    found = children_of(pid)
    return found + [pid for child in found for pid in descendants_of(child)]


def is_alive(pid: int) -> bool:
    """Tell whether a process runs and is not merely waiting to be counted as ended."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def start_server(data: Path, *command: str, **environment: str) -> Server:
    """Start ``parkg serve`` on a free port and wait until it says its address."""
    environment = {**os.environ, "PARKG_DATA": str(data), **environment}
    process = subprocess.Popen(command or (*PARKG, "serve", "--port", "0"), env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    said = []
    for line in process.stderr:
        said.append(line)
        if match := re.search(r"serving on (http://\S+)/", line):
            return Server(process, match[1], "".join(said))
    raise AssertionError("the server ended: " + "".join(said))
