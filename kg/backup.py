"""Turns a data folder into one file, and such a file into a data folder again."""

import os
import tarfile
import tempfile
from contextlib import ExitStack
from pathlib import Path

from kg.contributions.ledger import Ledger
from kg.durable import sync
from kg.errors import StoreUnavailable, StoreUnwritable
from kg.store.revisions import DataFolder, Revision

_KEPT = ("current.json", "history.jsonl", "tokens.json", "contributions", "reports", "journal")


def back_up(data: Path, file: Path) -> Revision:
    """Write the newest revision of a data folder, its contributions and tokens to a file, as of one moment; return the revision.

    Nothing is moved or published meanwhile, and everything is read as before. Raises StoreUnavailable where there is no revision,
    and StoreUnwritable where the file cannot be written or is there already.
    """
    folder = DataFolder(data)
    with ExitStack() as held:
        held.enter_context(Ledger(data).locked())  # in the order in which a publication takes them
        held.enter_context(folder.locked())
        revision = folder.current()
        if revision is None:
            raise StoreUnavailable(f"There is no graph in {data} yet. Run parkg build.")
        paths = [folder.directory(revision), *folder.index(revision).files, *(data / name for name in _KEPT)]
        partial = file.with_name(file.name + ".partial")
        try:
            if file.exists():
                raise FileExistsError("it is there already")
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # drafts and hashes are in it
            with os.fdopen(descriptor, "wb") as opened, tarfile.open(fileobj=opened, mode="w:gz", compresslevel=3) as packed:
                for path in filter(Path.exists, paths):
                    packed.add(path, path.relative_to(data).as_posix())
            sync(partial)
            partial.replace(file)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise StoreUnwritable(f"The backup {file} cannot be written ({error}).") from error
    return revision


def restore(data: Path, file: Path) -> Revision:
    """Make a data folder from a backup, all of it or nothing, and return its revision.

    Raises StoreUnwritable where the folder has something in it or cannot be written, and StoreUnavailable where the file is none.
    """
    if data.exists() and any(data.iterdir()):
        raise StoreUnwritable(f"{data} is not empty, and nothing in it is overwritten. Name a new folder: parkg --data …")
    data.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data.parent, prefix=".restoring-") as path:
        made = Path(path) / "data"
        made.mkdir()
        try:
            with tarfile.open(file, "r:gz") as packed:
                packed.extractall(made, filter="data")
        except (tarfile.TarError, EOFError, OSError) as error:
            raise StoreUnavailable(f"{file} cannot be restored ({error}). Is it what parkg backup wrote?") from error
        revision = DataFolder(made).current()
        if revision is None:
            raise StoreUnavailable(f"{file} holds no revision. Is it what parkg backup wrote?")
        for found in sorted(made.rglob("*"), reverse=True):
            sync(found)
        if data.exists():
            data.rmdir()
        made.rename(data)
        sync(data.parent)
    return revision
