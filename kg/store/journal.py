"""Turns what each revision changed of the public graphs into a record on disk by which every revision can be had again.

    <data>/journal/index.jsonl     one line a revision: its cause, and of each graph that it touched how much came and went
    <data>/journal/<number>.rdfp   the change itself as an RDF Patch, packed with gzip; none where no public graph was touched

A revision is what is served now with every change after it taken back, last to first. So a publication writes no more than it
changes, nothing is ever copied whole, and it is no matter which directories of old revisions are still there.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.durable import append, sync, write
from kg.errors import RevisionUnknown, StoreUnavailable
from kg.names import REVISION
from kg.store.patch import Delta, line, read_patch, write_patch

PACKING = 6


@dataclass(frozen=True)
class Entry:
    """What is kept of a revision. cause: ``build``, ``publication``, ``update`` of graphs that are not public, or ``removal``.

    graphs: of each that it touched how many statements came and went, and ``new``, ``gone`` or ``changed``. digest: the SHA-256
    of its patch, or nothing. whole: nothing is kept of what was before, so that no revision before it can be had.
    """

    number: int
    cause: str
    graphs: dict[str, tuple[int, int, str]]
    digest: str = ""
    whole: bool = False

    @property
    def adds(self) -> int:
        """Return how many statements came."""
        return sum(came for came, _, _ in self.graphs.values())

    @property
    def removes(self) -> int:
        """Return how many statements went."""
        return sum(went for _, went, _ in self.graphs.values())


class Journal:
    """The journal of a data folder."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "journal"

    def record(self, number: int, cause: str, delta: Delta, whole: bool = False) -> None:
        """Keep what a revision changes, before it is served; if it never is, the next of that number takes its place.

        whole: keep of what came and went how much it was, and no more. Raises OSError.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        digest = ""
        if not whole and (delta.adds or delta.removes):
            told = {"id": f"{REVISION}{number}", "prev": f"{REVISION}{number - 1}"}
            body = write_patch(map(line, delta.adds), map(line, delta.removes), told)
            fresh = self.patch_file(number).with_suffix(".new")
            write(fresh, "wb", gzip.compress(body, PACKING, mtime=0))
            fresh.replace(self.patch_file(number))
            sync(self._folder)
            digest = hashlib.sha256(body).hexdigest()
        entry = Entry(number, cause, delta.graphs, digest, whole)
        is_new = not self._index.exists()
        append(self._index, json.dumps(asdict(entry), ensure_ascii=False) + "\n")
        if is_new:
            sync(self._folder)

    def begin_anew(self, number: int, cause: str = "removal") -> None:
        """Forget what came and went up to a revision, since something in it is not to be read any more. Raises OSError."""
        self.record(number, cause, Delta(), whole=True)
        for path in self._folder.glob("*.rdfp"):
            path.unlink(missing_ok=True)
        sync(self._folder)

    def entries(self) -> dict[int, Entry]:
        """Return what is kept, by number. Raises StoreUnavailable where the record is damaged."""
        try:
            lines = self._index.read_text(encoding="utf-8").split("\n")[:-1]  # half a line was never told to anybody
            told = [json.loads(one) for one in lines]
            return {one["number"]: Entry(**{**one, "graphs": {graph: tuple(counts) for graph, counts in one["graphs"].items()}})
                    for one in told}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreUnavailable(f"{self._index} cannot be read ({error}). Restore it from a backup.") from error

    def patch(self, entry: Entry) -> bytes:
        """Return the RDF Patch of a revision. Raises RevisionUnknown where none is kept, and StoreUnavailable."""
        if not entry.digest:
            raise RevisionUnknown(f"Of revision {entry.number} no patch is kept: " + (
                "it is the first of the journal, all of which is new." if entry.whole else "it changed nothing of the dataset."))
        return read_packed(self.patch_file(entry.number), entry.digest)

    def between(self, earlier: int, later: int) -> bytes:
        """Return the RDF Patch that makes one revision a later one. Raises RevisionUnknown and StoreUnavailable."""
        removes, adds = taken_back(self.after(earlier, later))
        return write_patch(adds, removes, {"id": f"{REVISION}{later}", "prev": f"{REVISION}{earlier}"})

    def after(self, number: int, newest: int) -> list[tuple[Path, str]]:
        """Return file and digest of each patch after a revision up to the newest, last first: taken back so, they lead to it.

        Raises RevisionUnknown where not all of them are kept.
        """
        kept = self.entries()
        span = range(newest, number, -1)
        if any(at not in kept or kept[at].whole for at in span):
            raise RevisionUnknown(f"Revision {number} cannot be had any more: the journal of changes begins after it. What it "
                                  "changed is still listed.")
        return [(self.patch_file(at), kept[at].digest) for at in span if kept[at].digest]

    def patch_file(self, number: int) -> Path:
        """Return the file of the patch of a revision."""
        return self._folder / f"{number}.rdfp"

    @property
    def _index(self) -> Path:
        return self._folder / "index.jsonl"


def read_packed(file: Path, digest: str) -> bytes:
    """Return the patch in a file. Raises StoreUnavailable where it is not the one that was written."""
    try:
        body = gzip.decompress(file.read_bytes())
    except (OSError, EOFError, ValueError) as error:
        raise StoreUnavailable(f"{file} cannot be read ({error}). Restore it from a backup.") from error
    if hashlib.sha256(body).hexdigest() != digest:
        raise StoreUnavailable(f"{file} is not what was written. Restore it from a backup.")
    return body


def taken_back(patches: Iterable[tuple[Path, str]]) -> tuple[set[str], set[str]]:
    """Return what is to come and to go, as lines of N-Quads, so that the patches are taken back, last first."""
    comes: set[str] = set()
    goes: set[str] = set()
    for file, digest in patches:
        for sign, one in read_patch(read_packed(file, digest)):
            into, out = (goes, comes) if sign == "A" else (comes, goes)
            if one in out:
                out.discard(one)
            else:
                into.add(one)
    return comes, goes
