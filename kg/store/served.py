"""Turns the newest revision of a data folder into the one that is served: the newest that there are readers of.

While a new one is being opened, the one before it goes on being served.
"""

import os
from pathlib import Path

from kg.store.indexes import IndexAt
from kg.store.pool import Pool
from kg.store.revisions import DataFolder, Revision


class Served:
    """A data folder as the server sees it; has nothing by which it could be changed."""

    def __init__(self, folder: DataFolder, pool: Pool) -> None:
        self.path = folder.path
        self._pointer = str(folder.path / "current.json")
        self._folder = folder
        self._pool = pool
        self._revision: Revision | None = None
        self._seen: tuple[int, int] | None = None

    def current(self) -> Revision | None:
        """Return the revision that is served, or None before the first build; cheap enough to ask for each request.

        Raises StoreUnavailable where current.json is damaged.
        """
        try:
            status = os.stat(self._pointer)
            seen = (status.st_ino, status.st_mtime_ns)
        except OSError:
            seen = None
        if seen is None or seen != self._seen:
            newest = self._folder.current()
            if newest is None or self._pool.ready(self._folder.directory(newest)) or self._revision is None:
                self._revision = newest
                self._seen = seen
        return self._revision

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
        newest = self._folder.current()
        if newest:
            self._pool.prepare(self._folder.directory(newest))
