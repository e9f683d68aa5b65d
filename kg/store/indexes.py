"""Turns the folder of the revisions into the file that has the index of each.

A full build makes <number>.search, and the publications after it write into that (kg.index) until there is a next one.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class IndexAt:
    """The file in which an index is, the number under which it is asked, and the oldest that may still be asked of the file."""

    path: Path
    number: int
    oldest: int = 0

    @property
    def files(self) -> tuple[Path, Path]:
        """Return the file, and what SQLite keeps beside it of a change that broke off, by which it is taken back."""
        return self.path, _journal(self.path)


def index_of(directory: Path) -> Path:
    """Return the file that a full build of the store in a directory makes."""
    return directory.with_suffix(".search")


def index_at(revisions: Path, number: int, kept: int) -> IndexAt:
    """Return where the index of a revision is, of which so many are kept; where there is none, its file does not exist."""
    path = max((path for path in _files(revisions) if int(path.stem) <= number), key=lambda path: int(path.stem),
               default=revisions / f"{number}.search")
    return IndexAt(path, number, number - kept)


def drop_index(path: Path) -> None:
    """Take an index away, with what is beside it."""
    path.unlink(missing_ok=True)
    _journal(path).unlink(missing_ok=True)


def drop_old_indexes(revisions: Path, oldest: int) -> None:
    """Take away the files of which no revision from the oldest on has its index."""
    files = sorted(_files(revisions), key=lambda path: int(path.stem))
    for path, after in itertools.pairwise(files):
        if int(after.stem) <= oldest:
            drop_index(path)


def _journal(path: Path) -> Path:
    return path.with_name(path.name + "-journal")


def _files(revisions: Path) -> Iterator[Path]:
    return (path for path in revisions.glob("*.search") if path.stem.isdigit())
