"""Turns questions that come in over a pipe into answers from disk; the main module of a process of kg.store.readers."""

from multiprocessing.connection import Connection
from pathlib import Path

from kg.errors import QueryAborted, QueryMalformed
from kg.store.confined import READY, run
from kg.store.engine import answer, open_revision
from kg.store.received import Checked, Received


def _answer_all(pipe: Connection, sealed: bool) -> None:
    opened: tuple[Path, int] | None = None
    pipe.send(READY)
    while True:
        try:
            directory, question, most_bytes = pipe.recv()
        except EOFError:
            return
        outcome: bytes | Exception
        try:
            if isinstance(question, Checked | Received):
                pipe.send(question.outcome())
                continue
            if not sealed and "service" in question.query.lower():
                raise QueryMalformed("This machine cannot keep a query from the network, so none may hold the word service.")
            found = (directory, _identity(directory))
            if found != opened:
                store = open_revision(directory)
                opened = found
            outcome = answer(store, question, most_bytes)
        except MemoryError:
            outcome = QueryAborted("The query needed more memory than a query may have and was ended. Ask for less at a time.")
        except Exception as error:
            outcome = error
        pipe.send(outcome)


def _identity(directory: Path) -> int:
    """Return a number that differs for a directory that was put in the place of another."""
    try:
        return directory.stat().st_ino
    except OSError:
        return 0


if __name__ == "__main__":
    run(_answer_all)
