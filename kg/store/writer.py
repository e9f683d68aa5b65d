"""Turns changes that come in over a pipe into changed copies of a revision; the main module of the writer's process.

It is as closed off as a reader: no network, a bound on its memory, an end when its parent ends. What an upload or an update does
to it, a crash among them, costs the copy that it was working on and nothing else.
"""

import re
from multiprocessing.connection import Connection
from pathlib import Path

from pyoxigraph import Store

from kg.errors import QueryAborted, QueryMalformed
from kg.store.changes import Change, Changed, Update, apply
from kg.store.confined import READY, run
from kg.store.engine import open_revision
from kg.store.rewriting import Rewriting, rewrite

MEMORY_LIMIT_BYTES = 2 << 30
_REACHING = re.compile("load|service", re.IGNORECASE)


def _change_all(pipe: Connection, sealed: bool) -> None:
    pipe.send(READY)
    while True:
        try:
            source, target, change, plain = pipe.recv()
        except EOFError:
            return
        outcome: Changed | Exception
        try:
            if not sealed and isinstance(change, Update) and _REACHING.search(change.text):
                raise QueryMalformed("This machine cannot keep an update from the network, so none may hold the words load or "
                                     "service.")
            outcome = change_copy(source, target, change, plain)
        except MemoryError:
            outcome = QueryAborted("The change needed more memory than a change may have. Send it in parts.")
        except Exception as error:
            # What an error remembers of where it was raised would keep the copy open, and the next change from its place.
            error.__traceback__ = error.__cause__ = error.__context__ = None
            outcome = error
        pipe.send(outcome)


def change_copy(source: Path | None, target: Path, change: Change, plain: bool) -> Changed:
    """Copy a revision (hard links) and change the copy; without a source begin with nothing. Raises what apply raises."""
    if isinstance(change, Rewriting):
        return Changed(existed=True, found=rewrite(source, target, change) if source else {})
    if source:
        open_revision(source).backup(str(target))
    store = Store(str(target))
    changed = apply(store, change, plain)
    store.flush()
    return changed


if __name__ == "__main__":
    run(_change_all, MEMORY_LIMIT_BYTES)
