"""Turns the address of an answer into what asks for it from elsewhere: a shell, Python, R, the command line of this project."""

import shlex
from collections.abc import Mapping


def snippets(address: str, name: str, given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return for each way of asking its name and the text to copy.

    address: of the answer as CSV, in full; name and given: the query of the catalogue and its values, for the command line. What
    stands in the texts is quoted as each language has it, so that no value can become a part of the program.
    """
    values = " ".join(shlex.quote(f"{key}={value}") for key, value in given.items())
    return [
        ("curl", f"curl -s {shlex.quote(address)}"),
        ("Python", f"import pandas\n\nanswer = pandas.read_csv({_quoted(address)})"),
        ("R", f"answer <- read.csv({_quoted(address)})"),
        ("Command line", f"parkg query {name} {values}".rstrip()),
    ]


def _quoted(text: str) -> str:
    """Return a text in double quotes, as Python and R both read it; an address has no control characters."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
