"""Turns the newest revision of a data folder into the one that is served: the newest that there are readers of.

While a new one is being opened, the one before it goes on being served.
"""

import os
import time
from pathlib import Path

from kg.store.indexes import IndexAt
from kg.store.pool import POLL_S, Pool
from kg.store.revisions import DataFolder, Revision


class Served:
    """A data folder as the server sees it; has nothing by which it could be changed."""

    def __init__(self, folder: DataFolder, pool: Pool) -> None:
        self.path = folder.path
        self._pointer = str(folder.path / "current.json")
        self._folder = folder
        self._pool = pool
        self._found: tuple[tuple[int, int] | None, Revision | None] = None, None

    def current(self) -> Revision | None:
        """Return the revision that is served, or None before the first build; cheap enough to ask for each request.

        Raises StoreUnavailable where current.json is damaged.
        """
        seen, revision = self._found
        return revision if seen and seen == self._pointed() else self._pool.in_loop(self._look)

    def _look(self) -> Revision | None:
        """Serve the newest revision if there are readers of it. In the loop alone, so that nobody goes back to an earlier one."""
        pointed = self._pointed()
        newest, (_, revision) = self._folder.current(), self._found
        if newest is None or revision is None or self._pool.ready(self._folder.directory(newest)):
            self._found = pointed, newest
        return self._found[1]

    def _pointed(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._pointer)
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def directory(self, revision: Revision) -> Path:
        """Return the directory in which a revision stands."""
        return self._folder.directory(revision)

    def index(self, revision: Revision) -> IndexAt:
        """Return where the index of a revision is."""
        return self._folder.index(revision)

    def read_from(self, revision: Revision) -> str:
        """Return where a revision is read from now: disk, or memory once it has been loaded there."""
        return "memory" if self._pool.in_memory(self.directory(revision)) else "disk"

    def catch_up(self) -> None:
        """Wait until the newest revision is the one that is served. For threads other than the loop's.

        Raises StoreUnavailable where it cannot be opened.
        """
        while (newest := self._folder.current()) and self.current() != newest:
            self._pool.check(self._folder.directory(newest))
            time.sleep(POLL_S)
