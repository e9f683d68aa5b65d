"""Turns bytes into files that are on disk for good, and a file into a lock that one process at a time holds."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import StoreUnwritable


def sync(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on disk for good. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, mode: str, body: bytes) -> None:
    """Write to a file, or with mode ``ab`` to its end, and wait until that is on disk for good. Raises OSError."""
    with path.open(mode) as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def cut(path: Path) -> None:
    """Take off half a line that a crash has left at the end of a record. Raises OSError."""
    if path.exists() and not (text := path.read_bytes()).endswith(b"\n"):
        os.truncate(path, text.rfind(b"\n") + 1)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Keep out others that lock the same file, which is made with its folder where there is none. Raises StoreUnwritable."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        opened = file.open("w")
    except OSError as error:
        raise StoreUnwritable(f"The data folder {file.parent} cannot be written ({error}). "
                              "Choose another with PARKG_DATA.") from error
    with opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
