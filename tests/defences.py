"""Turns each hard limit into a proof that its tests can fail: takes the defence away in a copy, and looks that they do.

`python -m tests.defences` takes all, with a word only those whose name has it. Prints a line for each defence; the exit code is 1
unless its tests pass with it and fail without it. Not part of `make test`, since it takes half an hour.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUERIES, BODIES, REACH = "tests/test_limits_queries.py", "tests/test_limits_bodies.py", "tests/test_limits_reach.py"
CONNECTIONS, SERVICE = "tests/test_limits_connections.py", "tests/test_service.py"
RUNAWAY = "test_runaway_when_asked_then_ended_in_time_with_the_limit_told_while_others_are_answered"

SEATS = """\
        async with self.__dict__.setdefault("_seats", asyncio.Semaphore(THREADS)):
            await self._seated(scope, receive, send)

    async def _seated(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        state = scope["state"]
"""


@dataclass(frozen=True)
class Defence:
    """A defence: what it is, the lines of a file that it stands in, what stands there without it, and the test that then fails.

    test: a file, with the words by which pytest chooses tests in it.
    """

    name: str
    file: str
    lines: str
    without: str
    test: tuple[str, str]


DEFENCES = [
    Defence("a reader is killed at the deadline of its question", "kg/store/crew.py",
            "        if first.over and worked_s > SLOW_S:\n            link.kill()\n        elif", "        if",
            (QUERIES, "no_processor_burns")),
    Defence("a question has a deadline", "kg/store/crew.py", "now >= first.deadline", "False",
            (QUERIES, RUNAWAY + " and cross and not sort")),
    Defence("queries run in other processes than the server", "kg/store/pool.py",
            "        now = self._loop.time()\n        asked",
            "        from kg.store.engine import answer, open_revision\n        from kg.store.wire import question_of\n"
            "        tell(answer(open_revision(crew.directory), question_of(body)))\n        return None\n"
            "        now = self._loop.time()\n        asked", (QUERIES, RUNAWAY + " and brackets")),
    Defence("a reader that is slow gets no more questions", "kg/store/crew.py", "        elif slow and not link.slow:",
            "        elif False:", (QUERIES, "too_many_are_long")),
    Defence("long queries may not have every reader", "kg/store/crew.py",
            "        for link in sorted(long, key=lambda link: link.since)[MOST_LONG:]:",
            "        for link in []:", (QUERIES, "too_many_are_long")),
    Defence("an error of load says when to come back", "api/errors.py", "status in (429, 503)", "False",
            (QUERIES, "too_many_are_long")),
    Defence("the lane ends the query of a client that hung up", "api/connection.py", "            ride.asked.over = True",
            "            pass", (QUERIES, "hangs_up and fast")),
    Defence("the front ends the query of a client that hung up", "api/front.py", "            caller.hang_up()",
            "            pass", (QUERIES, "hangs_up and application")),
    Defence("what stands behind the question of a lost reader is asked again", "kg/store/crew.py",
            "        self._wait_again(link.sent)\n", "",
            (QUERIES, "killed_under_load")),
    Defence("an answer has a size", "kg/store/engine.py", "        if self._left < 0:", "        if False:",
            (QUERIES, "answer_when_too_large")),
    Defence("an answer over its size is an error, not a part of it", "kg/store/engine.py", "            raise AnswerTooLarge(f",
            "            return 0\n            raise AnswerTooLarge(f", (QUERIES, "answer_when_too_large")),
    Defence("a query has a length", "kg/store/sparql.py", "LONGEST_QUERY = 100_000", "LONGEST_QUERY = 10**9",
            (QUERIES, "query_when_too_long")),
    Defence("a reader has a bound on its memory", "kg/store/keeper.py", "    bound()\n", "",
            (QUERIES, "too_much_memory")),
    Defence("the bound on memory is one that the system keeps", "kg/store/keeper.py", "    bound()\n", "",
            (QUERIES, "memory_is_bounded")),
    Defence("a body has a size, and is not cut off there", "api/front.py", "        if arrived > self._most_body:",
            "        part = part[:max(0, self._most_body - state['arrived'])]\n        if False:",
            (BODIES, "over_the_limit and not plain")),
    Defence("a body that announces more than it may have is refused", "api/front.py",
            'announced > MOST_DISCARDED_BYTES or (b"expect" in given and announced > self._most_body)', "False",
            (BODIES, "announced")),
    Defence("a request is taken in before it gets a thread", "api/front.py", '        state = scope["state"]\n', SEATS,
            (CONNECTIONS, "four_hundred")),
    Defence("an answer leaves when its thread is free", "api/front.py", '        state = scope["state"]\n', SEATS,
            (CONNECTIONS, "take_no_byte")),
    Defence("a client that is slow to ask is ended", "api/connection.py", "    def sweep(self, now: float) -> None:",
            "    def sweep(self, now: float) -> None:\n        return", (CONNECTIONS, "four_hundred")),
    Defence("a reader has no network", "kg/store/keeper.py", "sealed = seal_network()", "sealed = True",
            (REACH, "reader_when_the_check")),
    Defence("a writer has no network", "kg/store/confined.py", "sealed = seal_network()", "sealed = True",
            (REACH, "writer_when_the_check")),
    Defence("the hosts that are asked are compared with those that are allowed, by their origins", "kg/store/abroad.py",
            "            origin, parts = origin_of(iri), urlsplit(iri)\n",
            "            parts = urlsplit(iri)\n            origin = f'{parts.scheme}://{parts.netloc}'\n"
            "            self.allowed = (*self.allowed, *[origin for allowed in self.allowed if allowed in iri])\n",
            (SERVICE, "origin_is_not_one")),
    Defence("redirects of another host are not followed", "kg/store/calls.py", "urllib.request.HTTPDefaultErrorHandler()]",
            "urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPRedirectHandler()]", (SERVICE, "odd and elsewhere")),
    Defence("the time for another host is that of the whole answer", "kg/store/calls.py", "told.result(self.time_limit_s)",
            "told.result(60)", (SERVICE, "odd and slow")),
    Defence("an answer of another host has a size", "kg/store/calls.py", "            if left < 0:", "            if False:",
            (SERVICE, "odd and large")),
    Defence("an answer of another host has so many rows", "kg/store/federation.py", "len(bindings) > MOST_ROWS", "False",
            (SERVICE, "odd and many")),
    Defence("what another host took of a query's time is gone", "kg/inquire.py",
            "spent_s = time.monotonic() - began", "spent_s = 0.0",
            (SERVICE, "what_is_left")),
    Defence("few queries wait for other hosts at a time", "kg/store/abroad.py", "MOST_AT_ONCE = 8", "MOST_AT_ONCE = 1000",
            (SERVICE, "wait_for_slow_endpoints")),
    Defence("SILENT excuses what an endpoint did", "kg/store/federation.py", "            if silent:", "            if False:",
            (SERVICE, "own_federation")),
    Defence("the reasoner is given no imports", "kg/reason.py", " if t.predicate.value != OWL_IMPORTS", "",
            (REACH, "ontology_when_it_imports")),
]


def copy_of_checkout(folder: Path) -> None:
    """Copy every file that is committed or about to be into a folder."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(lambda name: (ROOT / name).is_file(), listed.stdout.splitlines()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)


def failed(defence: Defence, folder: Path) -> str:
    """Run the tests of a defence in a copy, and return the first thing that was wrong; nothing if none failed.

    Raises ValueError where no test is chosen, or pytest could not run.
    """
    file, words = defence.test
    command = [sys.executable, "-m", "pytest", "--no-header", "-p", "no:cacheprovider", file, "-k", words]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True,
                          check=False)
    if done.returncode not in (0, 1):
        raise ValueError(f"{defence.name}: pytest ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    wrong = [line[1:].strip() for line in done.stdout.splitlines() if line.startswith("E  ")]
    return (wrong or ["it failed"])[0] if done.returncode else ""


def failed_without(defence: Defence, folder: Path) -> str:
    """Return what is wrong in a copy without the defence. Raises ValueError where its lines do not stand in the file once."""
    path = folder / defence.file
    text = path.read_text(encoding="utf-8")
    if text.count(defence.lines) != 1:
        raise ValueError(f"{defence.name}: its lines stand {text.count(defence.lines)} times in {defence.file}")
    path.write_text(text.replace(defence.lines, defence.without), encoding="utf-8")
    try:
        return failed(defence, folder)
    finally:
        path.write_text(text, encoding="utf-8")


def main(words: list[str]) -> int:
    """Take away each defence whose name has one of the words, or all; return 1 unless its tests pass with it and fail without."""
    chosen = [defence for defence in DEFENCES if not words or any(word in defence.name for word in words)]
    unproven = 0
    with tempfile.TemporaryDirectory() as name:
        copy_of_checkout(Path(name))
        for defence in chosen:
            before, seen = failed(defence, Path(name)), failed_without(defence, Path(name))
            verdict = "FAILS WITH IT" if before else "fails without" if seen else "PASSES WITHOUT"
            unproven += verdict != "fails without"
            print(f"{verdict}: {defence.name}\n    {before or seen}", flush=True)
    print(f"{len(chosen)} defences, {unproven} of them not shown")
    return 1 if unproven or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
