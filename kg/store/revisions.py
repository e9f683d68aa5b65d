"""Turns a data folder into numbered revisions of the graph, each a directory that never changes once it is there.

    <data>/revisions/<number>/   a store
    <data>/revisions/<number>.search   the index of the labels and texts of this one and those after it (kg.store.indexes)
    <data>/revisions/<any>.tried/   a store that was changed to see what it would be
    <data>/current.json          which revision is served, from what it was built, and what the last publication was made for
    <data>/history.jsonl         the same of every revision there ever was, one a line
    <data>/journal/              what each changed of the public graphs (kg.store.journal)
    <data>/lock                  held by whoever makes the next revision

A commit starts from a copy of the current revision (hard links, so cheap), changes the copy, and only then points
current.json at it: whoever reads sees the old revision whole or the new one whole, and what the commit does not name, such
as a contributed experience, is carried over as it is. The default graph of a revision is the union of its public graphs.
"""

import json
import shutil
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg.durable import append, last_bytes, locked, sync, write
from kg.errors import RevisionStale, StoreUnavailable, StoreUnwritable
from kg.store.changes import Change, Changed
from kg.store.filling import fill
from kg.store.indexes import IndexAt, drop_index, drop_old_indexes, index_at, index_of
from kg.store.journal import Journal
from kg.store.patch import Delta
from kg.store.rdf import Quad
from kg.store.rewriting import Rewriting
from kg.store.writers import Writer

KEPT_REVISIONS = 3
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True)
class Revision:
    """A state of the graph: its number, what its shipped part was built from, and when it was made (UTC).

    cause: what the last publication was made for, in the words of whoever made it, and as ``revision`` the number of the one that
    it led to; nothing where there was none. It moves with the graph, so that a record of publications kept beside can be mended.
    """

    number: int
    build_key: str
    made: str
    cause: Mapping[str, Any] = field(default_factory=dict, compare=False)


class DataFolder:
    """The folder in which the revisions stand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journal = Journal(path)

    def history(self) -> list[Revision]:
        """Return every revision up to the one that is served, the first first.

        Raises StoreUnavailable where a record is damaged.
        """
        current, record = self.current(), self.path / "history.jsonl"
        try:
            lines = record.read_text(encoding="utf-8").split("\n") if current else []
            told = [json.loads(one) for one in lines if one]
            found = {int(one["number"]): Revision(int(one["number"]), str(one["build_key"]), str(one["made"])) for one in told}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StoreUnavailable(f"{record} cannot be read ({error}). Restore it from a backup.") from error
        return [found[number] for number in sorted(found) if current and number <= current.number]

    def current(self) -> Revision | None:
        """Return the revision that is served, or None before the first build.

        Raises StoreUnavailable where current.json is damaged.
        """
        pointer = self.path / "current.json"
        try:
            found = json.loads(pointer.read_text(encoding="utf-8"))
            return Revision(int(found["number"]), str(found["build_key"]), str(found["made"]), dict(found.get("cause", {})))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StoreUnavailable(f"{pointer} cannot be read ({error}). Restore it from a backup, or move {self.path} "
                                   "aside and run parkg build.") from error

    def directory(self, revision: Revision) -> Path:
        """Return the directory in which a revision stands."""
        return self.path / "revisions" / str(revision.number)

    def index(self, revision: Revision) -> IndexAt:
        """Return where the index of a revision is."""
        return index_at(self.path / "revisions", revision.number, KEPT_REVISIONS)

    def read_from(self, revision: Revision) -> str:
        """Return where a revision is read from."""
        return "disk"

    def renew_index(self, revision: Revision, write_index: Callable[[Path, IndexAt], None]) -> None:
        """Make the index of a revision anew, as ``commit`` makes it; whoever reads the old one goes on with it."""
        index = index_of(self.directory(revision))
        made = index.with_suffix(".search-partial")
        write_index(self.directory(revision), IndexAt(made, revision.number))
        sync(made)
        drop_index(index)
        made.replace(index)

    def commit(self, build_key: str, replaces: Callable[[str], bool], quads: Iterable[Quad],
               write_index: Callable[[Path, IndexAt], None] = lambda store, index: None) -> Revision:
        """Make the next revision: drop the graphs whose IRI ``replaces`` accepts, put ``quads`` in, and serve it.

        write_index: makes the index of the store in a directory.
        Returns the new revision, or the current one if another process has just built from the same key.
        Raises StoreUnavailable; the old revision is then still served.
        """
        with self.locked():
            before = self.current()
            if before and before.build_key == build_key:
                return before
            number = before.number + 1 if before else 1
            revision = Revision(number, build_key, _now(), before.cause if before else {})
            target = self.directory(revision)
            try:
                delta = fill(target.with_suffix(".partial"), self.directory(before) if before else None, replaces, quads)
                drop_index(index_of(target))
                write_index(target.with_suffix(".partial"), IndexAt(index_of(target), number))
                self.journal.record(number, "build", delta, whole=before is None)
                self._settle(target.with_suffix(".partial"), target, revision, before)
            except OSError as error:
                shutil.rmtree(target.with_suffix(".partial"), ignore_errors=True)
                raise StoreUnavailable(f"The new revision could not be written to {self.path} ({error}). What was served before "
                                       "is still served. Free some space or mend the rights, and build again.") from error
            return revision

    def begin(self) -> None:
        """Make a first, empty revision where there is none yet, for a store that ships nothing."""
        if not self.current():
            self.commit("", lambda _: False, [])

    def change(self, change: Change, writer: Writer, expected: int | None = None,
               amend_index: Callable[[Path, IndexAt, set[str]], None] | None = None,
               cause: Mapping[str, Any] | None = None) -> tuple[Revision, Changed]:
        """Make the next revision by a change to the current one, and serve it.

        expected: the number that the current revision must have; amend_index: has an index tell of the store in a directory too,
        for the things of which a publication tells something else; cause: what a publication is made for, kept with the
        revision. Raises RevisionStale, what the change raises, StoreUnwritable and StoreUnavailable; the
        revision that was served before is then still served, and nothing of the change is left.
        """
        with self.locked():
            before = self.current()
            if expected is not None and (before.number if before else 0) != expected:
                raise RevisionStale("The graph has changed since the revision that If-Match names. Read it again, and send the "
                                    "change with its new ETag.")
            number = before.number + 1 if before else 1
            revision = Revision(number, before.build_key if before else "", _now(),
                                {"revision": number, **cause} if cause else before.cause if before else {})
            target = self.directory(revision)
            partial = target.with_suffix(".partial")
            try:
                partial.parent.mkdir(parents=True, exist_ok=True)
                shutil.rmtree(partial, ignore_errors=True)
                changed = writer.change(self.directory(before) if before else None, partial, change)
                moved = changed.moved
                drop_index(index_of(target))  # of a build that broke off
                index = self.index(revision)
                if amend_index and index.path.exists():  # it is of the public graphs: nothing else is to be told where none moved
                    amend_index(partial, index, moved.told if moved else set())
                self.journal.record(number, "publication" if moved else "update", moved.delta if moved else Delta())
                self._settle(partial, target, revision, before)
            except OSError as error:
                raise StoreUnwritable(f"The change could not be written to {self.path} ({error}). What was served before is "
                                      "still served. Free some space or mend the rights, and send it again.") from error
            finally:
                shutil.rmtree(partial, ignore_errors=True)
            return revision, changed

    def rewrite(self, change: Rewriting, writer: Writer, write_index: Callable[[Path, IndexAt], None]) -> Changed:
        """Make the next revision by a rewriting and serve it, and take away every other: none that held what went out is left.

        Raises what the rewriting raises, StoreUnwritable and StoreUnavailable; all is then as it was.
        """
        with self.locked():
            before = self.current()
            if not before:
                return Changed(existed=False)
            revision = Revision(before.number + 1, before.build_key, _now())
            target = self.directory(revision)
            partial = target.with_suffix(".partial")
            try:
                shutil.rmtree(partial, ignore_errors=True)
                changed = writer.change(self.directory(before), partial, change)
                drop_index(index_of(target))
                write_index(partial, IndexAt(index_of(target), revision.number))
                self.journal.begin_anew(revision.number)
                self._settle(partial, target, revision, before)
                self._forget(revision, kept=1)
            except OSError as error:
                raise StoreUnwritable(f"The revision could not be written anew to {self.path} ({error}). Ask for it again once "
                                      "that is mended.") from error
            finally:
                shutil.rmtree(partial, ignore_errors=True)
            return changed

    def try_out(self, change: Change, writer: Writer) -> Changed:
        """Return what a change to the current revision would do, and keep nothing of it. Raises what ``change`` raises."""
        store, changed = self.set_aside(self.current(), change, writer)
        shutil.rmtree(store.parent, ignore_errors=True)
        return changed

    def set_aside(self, before: Revision | None, change: Change, writer: Writer) -> tuple[Path, Changed]:
        """Return the directory of a store that is a revision with a change made to it, and what the change did.

        It is served to nobody. Its parent, with all that is put beside it, goes when the next revision is made, or when whoever
        asked takes it away. Raises what ``change`` raises.
        """
        aside = self.path / "revisions" / f"{uuid.uuid4()}.tried"
        store = aside / "store"
        try:
            aside.mkdir(parents=True)
            return store, writer.change(self.directory(before) if before else None, store, change)
        except BaseException as error:
            shutil.rmtree(aside, ignore_errors=True)
            if isinstance(error, OSError):
                raise StoreUnwritable(f"The change could not be tried in {self.path} ({error}).") from error
            raise

    def _settle(self, partial: Path, target: Path, revision: Revision, before: Revision | None) -> None:
        """Make a filled directory the revision that is served, on disk for good before anybody is told.

        A file that is a hard link to one of the revision before came to the disk when that was settled, and never changes.
        """
        settled = {path.stat().st_ino for path in self.directory(before).iterdir()} if before else set()
        for path in partial.iterdir():
            if path.stat().st_ino not in settled:
                sync(path)
        sync(partial)
        if index_of(target).exists():
            sync(index_of(target))
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
        sync(target.parent)
        self._point_at(revision)
        self._record(*(before,) if before else (), revision)
        self._forget(revision)

    def _record(self, *revisions: Revision) -> None:
        """Write down those of these revisions that the history lacks; a crash may have kept the one before from it."""
        history = self.path / "history.jsonl"
        lines = last_bytes(history, _LONGEST_LINE).split(b"\n") if history.exists() else []
        last = json.loads(lines[-2])["number"] if len(lines) > 1 else 0  # after the last line feed stands at most half a line
        for revision in revisions:
            told = asdict(revision)
            if revision.cause.get("revision") != revision.number:  # a cause is told of the revision that it led to
                del told["cause"]
            if revision.number > last:
                append(history, json.dumps(told) + "\n")

    def _point_at(self, revision: Revision) -> None:
        fresh = self.path / "current.json.new"
        write(fresh, "wb", json.dumps(asdict(revision)).encode())
        fresh.replace(self.path / "current.json")
        sync(self.path)

    def _forget(self, newest: Revision, kept: int = KEPT_REVISIONS) -> None:
        for path in (self.path / "revisions").iterdir():
            old = path.stem.isdigit() and int(path.stem) <= newest.number - kept
            if (old and path.is_dir()) or path.suffix in (".partial", ".tried"):
                shutil.rmtree(path, ignore_errors=True)
        drop_old_indexes(self.path / "revisions", newest.number - kept + 1)

    def locked(self) -> AbstractContextManager[None]:
        """Keep others from making a revision, or publishing one, meanwhile. Raises StoreUnwritable."""
        return locked(self.path / "lock")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
