"""Where the checkout is, and what of a test is left out where its program is not on this machine."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def need(there: object, what: str) -> None:
    """Go on where something is there that ``make test-deps`` installs; else say so at the end of the run, or fail in CI."""
    if not there:
        assert os.environ.get("CI") != "true", f"{what} is not on this machine; make test-deps installs it"
        pytest.skip(f"{what} is not on this machine; make test-deps installs it on Debian")
