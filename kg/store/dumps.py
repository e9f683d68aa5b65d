"""Turns the number of a revision into files of the whole of it, made when they are first asked for and kept for a while.

    <data>/downloads/<number>/   the files, and files.json with size and SHA-256 of each; may be taken away at any time
"""

import json
import shutil
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path

from kg.durable import sync, write
from kg.errors import QueryAborted, QueryTimeout, RevisionUnknown, StoreUnavailable, StoreUnwritable, TooManyQueries
from kg.store.dumper import NAMES
from kg.store.journal import Entry
from kg.store.piped import Piped
from kg.store.revisions import DataFolder, Revision

KEPT = 8
MOST_WAITING = 4
TIME_LIMIT_S = 300.0
TYPES = {".gz": "application/gzip", ".ttl": "text/turtle"}
TRIES = 3  # a revision may be swept while its files are made


@dataclass(frozen=True)
class File:
    """A file of a revision: where it is, its media type and that of what is packed in it, its size, its SHA-256 (hexadecimal)."""

    name: str
    path: Path
    type: str
    holds: str
    size_bytes: int
    sha256: str


class Dumps:
    """The files of the revisions of a data folder. For threads that may wait."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._root = folder.path / "downloads"
        self._making = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_WAITING)

    def revisions(self) -> list[Revision]:
        """Return every revision that there was, the first first. Raises StoreUnavailable."""
        return self._folder.history()

    def entries(self) -> dict[int, Entry]:
        """Return what is kept of what each changed, by number. Raises StoreUnavailable."""
        return self._folder.journal.entries()

    def patch(self, entry: Entry) -> bytes:
        """Return what one changed, as RDF Patch. Raises RevisionUnknown where that is not kept, and StoreUnavailable."""
        return self._folder.journal.patch(entry)

    def between(self, earlier: Revision, later: Revision) -> bytes:
        """Return what changed from one to a later one, as RDF Patch. Raises RevisionUnknown and StoreUnavailable."""
        return self._folder.journal.between(earlier.number, later.number)

    def revision(self, number: int) -> Revision:
        """Return a revision that there was. Raises RevisionUnknown and StoreUnavailable."""
        found = next((one for one in self._folder.history() if one.number == number), None)
        if not found:
            raise RevisionUnknown(f"There is no revision {number}; /revisions lists those that there are.")
        return found

    def offered(self, revision: Revision) -> list[File]:
        """Return the files of a revision that can be had; without size and SHA-256 where they are not made yet."""
        return list(self.made(revision).values()) or [_file(self._root / str(revision.number) / name, 0, "") for name in NAMES]

    def made(self, revision: Revision) -> dict[str, File]:
        """Return the files of a revision that are there, by name: all or none."""
        folder = self._root / str(revision.number)
        try:
            told = json.loads((folder / "files.json").read_text(encoding="utf-8"))
            found = {name: _file(folder / name, *told["files"][name]) for name in NAMES}
            whole = told["made"] == revision.made and all(file.path.stat().st_size == file.size_bytes for file in found.values())
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return found if whole else {}

    def files(self, revision: Revision) -> dict[str, File]:
        """Return the files of a revision by name, made if need be, which takes seconds.

        Raises TooManyQueries where others wait for files already, RevisionUnknown where it cannot be had any more, QueryTimeout,
        QueryAborted, StoreUnwritable and StoreUnavailable.
        """
        if found := self.made(revision):
            return found
        if not self._places.acquire(blocking=False):
            raise TooManyQueries("The files of a revision are being made. Ask again in a few seconds.")
        try:
            with self._making:
                return self.made(revision) or self._make(revision)
        finally:
            self._places.release()

    def _make(self, revision: Revision) -> dict[str, File]:
        partial = self._root / f"{uuid.uuid4()}.partial"
        target = self._root / str(revision.number)
        try:
            self._sweep()
            partial.mkdir(parents=True)
            told = {"made": revision.made, "files": self._dump(revision, partial)}
            write(partial / "files.json", "wb", json.dumps(told).encode())
            sync(partial)
            shutil.rmtree(target, ignore_errors=True)
            partial.rename(target)
        except OSError as error:
            raise StoreUnwritable(f"The files of revision {revision.number} cannot be written to {self._root} ({error})."
                                  ) from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return self.made(revision)

    def _dump(self, revision: Revision, partial: Path) -> object:
        process = Piped("kg.store.dumper")
        try:
            for left in range(TRIES - 1, -1, -1):
                newest = self._folder.current()
                assert newest
                patches = self._folder.journal.after(revision.number, newest.number)
                try:
                    return process.ask((self._folder.directory(newest), patches, partial), TIME_LIMIT_S)
                except StoreUnavailable:
                    if not left:
                        raise
        except TimeoutError as error:
            raise QueryTimeout(f"The files of revision {revision.number} were not made within {TIME_LIMIT_S:g} s.") from error
        except EOFError as error:
            raise QueryAborted("The files of the whole graph need more memory than they may take.") from error
        finally:
            process.end()
        raise AssertionError

    def forget(self) -> None:
        """Take away all files, since something in them is not to be read any more."""
        with self._making:
            shutil.rmtree(self._root, ignore_errors=True)

    def _sweep(self) -> None:
        """Take away what a crash has left, and the files that were made longest ago beyond those that are kept."""
        there = sorted(self._root.iterdir(), key=lambda path: path.stat().st_mtime) if self._root.is_dir() else []
        whole = [path for path in there if path.suffix != ".partial"]
        for path in [*(path for path in there if path.suffix == ".partial"), *whole[:max(0, len(whole) - KEPT + 1)]]:
            shutil.rmtree(path, ignore_errors=True)


def _file(path: Path, size_bytes: int, sha256: str) -> File:
    inner = {"nq": "application/n-quads", "trig": "application/trig", "ttl": "text/turtle"}[path.name.split(".")[1]]
    return File(path.name, path, TYPES[path.suffix], inner, size_bytes, sha256)
