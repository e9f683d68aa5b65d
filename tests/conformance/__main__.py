"""Turns a folder of the W3C's test suites into a table of what a plain server of ours passes; what make conformance runs.

It exits with 1 where what fails, or is not asked, is not what the two lists say, or where HTTP loses what the engine passes.
"""

import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from kg.tokens import Tokens
from tests.conformance.checks import verdict
from tests.conformance.in_process import InProcess
from tests.conformance.known import difference, read_known
from tests.conformance.manifests import Case, cases
from tests.conformance.over_http import OverHttp
from tests.conformance.verdicts import FAILED, NOT_ASKED, PASSED, Verdict
from tests.servers import start_server

HERE = Path(__file__).resolve().parent
FAILURES, UNASKED = "known_failures.txt", "known_not_asked.txt"
OUTCOMES = (PASSED, FAILED, NOT_ASKED)

Verdicts = dict[str, Verdict]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--only", default="", help="A regular expression on <suite>/<category>#<name>; asks those tests alone.")
@click.option("--lists", type=click.Path(path_type=Path, exists=True, file_okay=False), default=HERE,
              help=f"The folder of {FAILURES} and {UNASKED}.")
def main(folder: Path, only: str, lists: Path) -> None:
    """Ask every test of FOLDER, a copy of w3c/rdf-tests or its folder sparql/, of a plain server and of pyoxigraph alone.

    Example: python -m tests.conformance rdf-tests --only 'protocol|csv'
    """
    started = time.monotonic()
    try:
        known = {outcome: read_known(lists / name) for outcome, name in ((FAILED, FAILURES), (NOT_ASKED, UNASKED))}
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    asked = [case for case in cases(folder) if re.search(only, case.name)]
    if not asked:
        click.echo(f"There is no test in {folder}. It takes a copy of github.com/w3c/rdf-tests, or its folder sparql/.", err=True)
        sys.exit(2)
    alone = {case.name: verdict(case, InProcess()) for case in asked}
    served = over_http(asked)
    click.echo("\n".join(table(asked, served, alone)))
    click.echo(f"{len(asked)} tests in {time.monotonic() - started:.0f} s\n")
    found = list(findings(served, alone, known))
    click.echo("\n".join(found) or "What fails and what is not asked is what the lists say, and HTTP loses nothing.")
    sys.exit(1 if found else 0)


def over_http(asked: list[Case]) -> Verdicts:
    """Start a plain server of ours with a data folder and a token of its own, and ask it every case."""
    with tempfile.TemporaryDirectory() as data:
        token = Tokens(Path(data)).make("conformance", "admin", 1)
        server = start_server(Path(data), PARKG_PLAIN="1")
        try:
            engine = OverHttp(server.address.removeprefix("http://"), token)
            with click.progressbar(asked, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
                return {case.name: verdict(case, engine) for case in bar}
        finally:
            server.end()


def table(asked: Iterable[Case], served: Verdicts, alone: Verdicts) -> Iterator[str]:
    """Yield the lines of the table: each category with its outcomes over HTTP and in process."""
    categories: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for case in asked:
        for name in (case.category, "all"):
            counts = categories.setdefault(name, (Counter(), Counter()))
            for count, verdicts in zip(counts, (served, alone), strict=True):
                count[verdicts[case.name].outcome] += 1
    yield f"{'':44}{'over HTTP':^30}{'in process':^30}"
    yield f"{'category':44}{''.join(f'{outcome:>10}' for outcome in OUTCOMES * 2)}"
    for name, counts in sorted(categories.items(), key=lambda item: (item[0] == "all", item[0])):
        yield f"{name:44}{''.join(f'{count[outcome]:10}' for count in counts for outcome in OUTCOMES)}"


def findings(served: Verdicts, alone: Verdicts, known: dict[str, dict[str, str]]) -> Iterator[str]:
    """Yield what should not be: what the lists do not say, and what passes in process and fails over HTTP."""
    for outcome, causes in known.items():
        differs = difference((name for name, v in served.items() if v.outcome == outcome), causes, served)
        yield from (f"{outcome}, and not in the list: {name}\n    {served[name].reason}" for name in differs.new)
        yield from (f"in the list, and {served[name].outcome}: {name}\n    strike it; the list says: {causes[name]}"
                    for name in differs.gone)
    yield from (f"passes in process, and fails over HTTP: {name}\n    {v.reason}" for name, v in served.items()
                if v.outcome == FAILED and alone[name].outcome == PASSED)


if __name__ == "__main__":
    main()
