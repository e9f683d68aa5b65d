"""Turns walks through pages of a server into what a browser saw on each: Debian's Chromium, for which no other host answers."""

import json
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, need

CLIENTS = ROOT / "tests/clients"
PHONE, DESK = 360, 1280


@dataclass(frozen=True)
class Walk:
    """Where a walk starts and how; steps as tests/clients/browser.mjs has them; audit: axe-core looks at where it ends.

    shot: the file to which where it ends is written as a picture; whole: all of the page and not the window alone; paper: it
    is printed too, and the sheets are counted.
    """

    start: str
    steps: tuple[dict[str, Any], ...] = ()
    width: int = DESK
    height: int = 900
    language: str = "en"
    script: bool = True
    audit: bool = False
    shot: str = ""
    paper: bool = False
    whole: bool = False
    named: str = field(default="", compare=False)


def walked(address: str, walks: list[Walk], timeout_s: float = 300) -> list[dict[str, Any]]:
    """Return what was seen where each walk ends. Leaves the test out where Chromium or the packages of Node are not there."""
    chromium = shutil.which("chromium")
    need(chromium, "Chromium")
    need((CLIENTS / "node_modules/puppeteer-core").is_dir() and shutil.which("node"), "the packages of Node")
    asked = json.dumps({"address": address, "chromium": chromium, "walks": [asdict(walk) for walk in walks]})
    with subprocess.Popen(["node", str(CLIENTS / "browser.mjs")], cwd=CLIENTS, text=True, start_new_session=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as node:
        try:
            told, faults = node.communicate(asked, timeout_s)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(node.pid, signal.SIGKILL)  # and the browser with it, which would keep the pipes open
    assert node.returncode == 0, faults
    found: list[dict[str, Any]] = json.loads(told)
    return found


def shoot(address: str, path: str, file: Path, **how: Any) -> None:
    """Write a picture of a page."""
    (seen,) = walked(address, [Walk(path, shot=str(file), **how)])
    assert not seen.get("failed"), seen
