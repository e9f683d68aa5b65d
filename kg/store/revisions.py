"""Turns a data folder into numbered revisions of the graph, each a directory that never changes once it is there.

    <data>/revisions/<number>/   a store
    <data>/revisions/<number>.search   the index of its labels and texts (kg.search)
    <data>/current.json          which revision is served, and from what it was built
    <data>/history.jsonl         the same of every revision there ever was, one a line
    <data>/journal/              what each changed of the public graphs (kg.store.journal)
    <data>/lock                  held by whoever makes the next revision

A commit starts from a copy of the current revision (hard links, so cheap), changes the copy, and only then points
current.json at it: whoever reads sees the old revision whole or the new one whole, and what the commit does not name, such
as a contributed experience, is carried over as it is. The default graph of a revision is the union of its public graphs.
"""

import itertools
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Store

from kg.durable import locked, sync, write
from kg.errors import RevisionStale, StoreUnavailable, StoreUnwritable
from kg.names import is_public_graph
from kg.store.changes import Change, Changed
from kg.store.engine import open_revision
from kg.store.journal import Journal
from kg.store.patch import Delta, delta_of
from kg.store.rdf import NamedNode, Quad, Triple
from kg.store.writers import Writer

KEPT_REVISIONS = 3


@dataclass(frozen=True)
class Revision:
    """A state of the graph: its number, what its shipped part was built from, and when it was made (UTC)."""

    number: int
    build_key: str
    made: str


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
            return Revision(int(found["number"]), str(found["build_key"]), str(found["made"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StoreUnavailable(f"{pointer} cannot be read ({error}). Restore it from a backup, or move {self.path} "
                                   "aside and run parkg build.") from error

    def directory(self, revision: Revision) -> Path:
        """Return the directory in which a revision stands."""
        return self.path / "revisions" / str(revision.number)

    def index(self, revision: Revision) -> Path:
        """Return the file that is the index of a revision."""
        return _index_of(self.directory(revision))

    def read_from(self, revision: Revision) -> str:
        """Return where a revision is read from."""
        return "disk"

    def renew_index(self, revision: Revision, write_index: Callable[[Path, Path], None]) -> None:
        """Make the index of a revision anew, as ``commit`` makes it; whoever reads the old one goes on with it."""
        made = self.index(revision).with_suffix(".search-partial")
        write_index(self.directory(revision), made)
        sync(made)
        made.replace(self.index(revision))

    def commit(self, build_key: str, replaces: Callable[[str], bool], quads: Iterable[Quad],
               write_index: Callable[[Path, Path], None] = lambda store, file: None) -> Revision:
        """Make the next revision: drop the graphs whose IRI ``replaces`` accepts, put ``quads`` in, and serve it.

        write_index: makes the index of the store in a directory as a file.
        Returns the new revision, or the current one if another process has just built from the same key.
        Raises StoreUnavailable; the old revision is then still served.
        """
        with self.locked():
            before = self.current()
            if before and before.build_key == build_key:
                return before
            number = before.number + 1 if before else 1
            revision = Revision(number, build_key, datetime.now(UTC).isoformat(timespec="seconds"))
            target = self.directory(revision)
            try:
                delta = self._fill(target.with_suffix(".partial"), before, replaces, quads)
                write_index(target.with_suffix(".partial"), _index_of(target))
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
               amend_index: Callable[[Path, Path, Path, set[str]], None] | None = None) -> tuple[Revision, Changed]:
        """Make the next revision by a change to the current one, and serve it.

        expected: the number that the current revision must have; amend_index: makes the index of the store in a directory as a
        file, from the index before and for the things of which a publication tells something else. Raises RevisionStale, what the
        change raises, StoreUnwritable and StoreUnavailable; the revision that was served before is then still served, and nothing
        of the change is left.
        """
        with self.locked():
            before = self.current()
            if expected is not None and (before.number if before else 0) != expected:
                raise RevisionStale("The graph has changed since the revision that If-Match names. Read it again, and send the "
                                    "change with its new ETag.")
            number = before.number + 1 if before else 1
            revision = Revision(number, before.build_key if before else "", datetime.now(UTC).isoformat(timespec="seconds"))
            target = self.directory(revision)
            partial = target.with_suffix(".partial")
            try:
                partial.parent.mkdir(parents=True, exist_ok=True)
                shutil.rmtree(partial, ignore_errors=True)
                changed = writer.change(self.directory(before) if before else None, partial, change)
                if before and self.index(before).exists():
                    _index_of(target).unlink(missing_ok=True)
                    if changed.moved and amend_index:
                        amend_index(partial, self.index(before), _index_of(target), changed.moved.told)
                    else:  # no public graph is touched, and the index is of these
                        os.link(self.index(before), _index_of(target))
                moved = changed.moved
                self.journal.record(number, "publication" if moved else "update", moved.delta if moved else Delta())
                self._settle(partial, target, revision, before)
            except OSError as error:
                raise StoreUnwritable(f"The change could not be written to {self.path} ({error}). What was served before is "
                                      "still served. Free some space or mend the rights, and send it again.") from error
            finally:
                shutil.rmtree(partial, ignore_errors=True)
            return revision, changed

    def try_out(self, change: Change, writer: Writer) -> Changed:
        """Return what a change to the current revision would do, and keep nothing of it. Raises what ``change`` raises."""
        before = self.current()
        partial = self.path / "revisions" / f"{uuid.uuid4()}.tried"
        try:
            partial.parent.mkdir(parents=True, exist_ok=True)
            return writer.change(self.directory(before) if before else None, partial, change)
        except OSError as error:
            raise StoreUnwritable(f"The change could not be tried in {self.path} ({error}).") from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def _settle(self, partial: Path, target: Path, revision: Revision, before: Revision | None) -> None:
        """Make a filled directory the revision that is served, on disk for good before anybody is told.

        A file that is a hard link to one of the revision before came to the disk when that was settled, and never changes.
        """
        settled = {path.stat().st_ino for path in self.directory(before).iterdir()} if before else set()
        for path in partial.iterdir():
            if path.stat().st_ino not in settled:
                sync(path)
        sync(partial)
        if _index_of(target).exists():
            sync(_index_of(target))
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
        sync(target.parent)
        self._record(revision)
        self._point_at(revision)
        self._forget(revision)

    def _fill(self, directory: Path, before: Revision | None, replaces: Callable[[str], bool], quads: Iterable[Quad]) -> Delta:
        """Fill a directory with a store, and return what is different in its public graphs."""
        directory.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(directory, ignore_errors=True)
        if before:
            open_revision(self.directory(before)).backup(str(directory))
        store = Store(str(directory))
        replaced = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode) and replaces(graph.value)]
        quads = list(quads)
        touched = {*replaced, *(quad.graph_name for quad in quads if isinstance(quad.graph_name, NamedNode))}
        old = _public_quads(store, touched)
        gone = _public_triples(quad for graph in old.values() for quad in graph)
        for graph in replaced:
            store.remove_graph(graph)
        fresh = _public_triples(quads)
        store.bulk_extend(itertools.chain(quads, (Quad(*triple) for triple in fresh)))
        _drop_from_default_graph(store, gone - fresh)
        store.flush()
        if replaced:
            store.optimize()
        return delta_of(old, _public_quads(store, touched))

    def _record(self, revision: Revision) -> None:
        write(self.path / "history.jsonl", "ab", (json.dumps(asdict(revision)) + "\n").encode())

    def _point_at(self, revision: Revision) -> None:
        fresh = self.path / "current.json.new"
        write(fresh, "wb", json.dumps(asdict(revision)).encode())
        fresh.replace(self.path / "current.json")
        sync(self.path)

    def _forget(self, newest: Revision) -> None:
        for path in (self.path / "revisions").iterdir():
            old = path.stem.isdigit() and int(path.stem) <= newest.number - KEPT_REVISIONS
            if old and path.suffix == ".search":
                path.unlink(missing_ok=True)
            elif old or path.suffix in (".partial", ".tried"):
                shutil.rmtree(path, ignore_errors=True)

    def locked(self) -> AbstractContextManager[None]:
        """Keep others from making a revision, or publishing one, meanwhile. Raises StoreUnwritable."""
        return locked(self.path / "lock")


def _public_triples(quads: Iterable[Quad]) -> set[Triple]:
    """Return the triples of public graphs: these are in the default graph as well, in which each stands once.

    pyoxigraph 0.5 can treat all graphs as one, but then meets a triple once for each graph that holds it, and counts wrong.
    """
    return {quad.triple for quad in quads if isinstance(quad.graph_name, NamedNode) and is_public_graph(quad.graph_name.value)}


def _public_quads(store: Store, graphs: Iterable[NamedNode]) -> dict[str, set[Quad]]:
    """Return what those graphs hold that are public, by name."""
    public = (graph for graph in graphs if is_public_graph(graph.value))
    return {graph.value: set(store.quads_for_pattern(None, None, None, graph)) for graph in public}


def _drop_from_default_graph(store: Store, gone: Iterable[Triple]) -> None:
    """Take out the triples that no public graph holds any more."""
    for triple in gone:
        if not _public_triples(store.quads_for_pattern(*triple)):
            store.remove(Quad(*triple))


def _index_of(directory: Path) -> Path:
    return directory.with_suffix(".search")
