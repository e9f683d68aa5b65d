"""Turns walks through pages of a server into what a browser saw on each: Debian's Chromium, for which no other host answers."""

import json
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.machine import ROOT, need

CLIENTS = ROOT / "tests/clients"
PHONE, DESK = 360, 1280


@dataclass(frozen=True)
class Look:
    """How a page is seen where a walk ends: how wide, light or dark, with all that folds opened, and whether by axe-core.

    axe-core needs a walk with script.
    """

    width: int = DESK
    dark: bool = False
    opened: bool = False
    axe: bool = True


@dataclass(frozen=True)
class Walk:
    """Where a walk starts and how; steps as tests/clients/browser.mjs has them; looks: how it is seen where it ends.

    token: what a browser gives where a password is asked. shot: the file to which where it ends is written as a picture; whole:
    all of the page and not the window alone; paper: it is printed too, and the sheets are counted.
    """

    start: str
    steps: tuple[dict[str, Any], ...] = ()
    width: int = DESK
    height: int = 900
    language: str = "en"
    script: bool = True
    token: str = ""
    looks: tuple[Look, ...] = ()
    shot: str = ""
    paper: bool = False
    whole: bool = False


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


MOST_BYTES = 150_000
SERIOUS = ("serious", "critical")


def faults(seen: dict[str, Any], status: int = 200) -> list[str]:
    """Return what is wrong with a page that a browser saw where a walk ended, which is to have a status."""
    if seen.get("failed"):
        return [seen["failed"]]
    found = [f"status {seen['status']}"] if seen["status"] != status else []
    found += [error for error in seen["errors"] if status == 200 or f"status of {status}" not in error]
    found += [f"asks {address}" for address in seen["outside"]]
    found += [f"{len(seen['headings'])} first headings"] if len(seen["headings"]) != 1 else []
    heavy = seen["weight"] > MOST_BYTES and not seen["url"].startswith(("/sparql", "/api"))  # those have a vendored editor
    found += [f"{seen['weight']} bytes transferred"] if heavy else []
    for look in seen["looks"]:
        at = f"at {look['width']}{' in the dark' if look['dark'] else ''}"
        found += [f"{at} {look['wide']} pixels too wide"] if look["wide"] > 0 else []
        found += [f"{at} axe-core saw nothing"] if look.get("passes") == 0 else []
        found += [f"{at} {one['id']}: {one['nodes'][:3]}" for one in look.get("violations", ()) if one["impact"] in SERIOUS]
    return found
