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


def append(path: Path, lines: str) -> None:
    """Write whole lines to the end of a file, in the place of half a line that a crash has left there. Raises OSError."""
    if path.exists() and last_bytes(path, 1) not in (b"", b"\n"):
        text = path.read_bytes()
        os.truncate(path, text.rfind(b"\n") + 1)
    write(path, "ab", lines.encode())


def last_bytes(path: Path, most: int) -> bytes:
    """Return what stands at the end of a file. Raises OSError."""
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - most))
        return file.read()


@contextmanager
def announced(file: Path, text: str) -> Iterator[None]:
    """Have a file tell others something for as long as this process lives; left as it is where another announces there already.

    Raises OSError.
    """
    with file.open("a+") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield
            return
        opened.truncate(0)
        opened.write(text)
        opened.flush()
        yield


def announcement(file: Path) -> str:
    """Return what a process that lives announces in a file; nothing where none does, such as after it was killed."""
    try:
        with file.open() as opened:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return file.read_text(encoding="utf-8")
    except OSError:
        pass
    return ""


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
