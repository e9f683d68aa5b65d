"""Turns a change into the next revision, by a process that can be ended: the door to kg.store.writer."""

import threading
from pathlib import Path

from kg.errors import QueryAborted, QueryTimeout, StoreUnavailable, StoreUnwritable
from kg.store.changes import Change, Changed
from kg.store.piped import Piped
from kg.store.rewriting import Rewriting


class Writer:
    """One process that changes copies of revisions, one change at a time; started when it is first needed."""

    def __init__(self, time_limit_s: float, plain: bool = False) -> None:
        self.time_limit_s = time_limit_s
        self._plain = plain
        self._lock = threading.Lock()
        self._process = Piped("kg.store.writer")

    def change(self, source: Path | None, target: Path, change: Change) -> Changed:
        """Make ``target`` a changed copy of the revision in ``source``.

        Raises what the change raises, QueryTimeout after the limit, QueryAborted where the process was lost, and StoreUnwritable
        where it could not be started; ``target`` is then worthless, and nothing else is touched.
        """
        with self._lock:
            try:
                limit_s = change.patience_s if isinstance(change, Rewriting) else self.time_limit_s
                changed = self._process.ask((source, target, change, self._plain), limit_s)
            except TimeoutError as error:
                raise QueryTimeout(f"The change took longer than the limit of {self.time_limit_s:g} s and was ended; nothing was "
                                   "changed. Send it in parts.") from error
            except EOFError as error:
                raise QueryAborted("The change needed more memory or nests deeper than a change may, and was ended; nothing was "
                                   "changed. Send it in parts, or written flatter.") from error
            except StoreUnavailable as error:
                raise StoreUnwritable(f"The writer: {error}") from error
        assert isinstance(changed, Changed)
        return changed

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._process.end()
