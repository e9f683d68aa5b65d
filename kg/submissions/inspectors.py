"""Turns uploads into quads, and quads into violations of shapes, by a process that can be ended: the door to the inspector."""

import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kg.store.changes import Upload
from kg.store.piped import Piped
from kg.store.rdf import Triple
from kg.store.sent import Fault, Sent

if TYPE_CHECKING:
    from kg.entry.rows import Rows
    from kg.entry.sheets import Misplaced
    from kg.validate import Violation

READ_LIMIT_S, CHECK_LIMIT_S = 10.0, 30.0


class Inspector:
    """One process that reads and checks what is sent, one submission at a time; started when needed, ended by leaving it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = Piped("kg.submissions.inspector")

    def read(self, upload: Upload) -> Sent:
        """Return what was sent as quads, or the fault for which it cannot be read. Raises StoreUnavailable."""
        try:
            with self._lock:
                sent = self._process.ask(("read", upload), READ_LIMIT_S)
        except (TimeoutError, EOFError):
            return Sent(fault=Fault("exhausted"))
        assert isinstance(sent, Sent)
        return sent

    def rows(self, upload: Upload) -> "tuple[Rows, list[Misplaced]] | Fault":
        """Return what was filled in in a workbook, and what stands where the template has nothing; or the fault of it."""
        try:
            with self._lock:
                found = self._process.ask(("rows", upload), READ_LIMIT_S)
        except (TimeoutError, EOFError):
            return Fault("exhausted")
        assert isinstance(found, tuple | Fault)
        return found

    def violations(self, stated: list[Triple], around: list[Triple], language: str) -> "list[Violation] | Fault":
        """Return what the shapes find in triples, or the fault for which these cannot be checked; around: what is known besides.

        Raises SourceUnreadable for a value that cannot be read, and StoreUnavailable.
        """
        try:
            with self._lock:
                found = self._process.ask(("violations", stated, around, language), CHECK_LIMIT_S)
        except (TimeoutError, EOFError):
            return Fault("exhausted")
        assert isinstance(found, list)
        return found

    def contradictions(self, stated: list[Triple], around: list[Triple]) -> list[str] | Fault:
        """Return what contradicts the ontology in triples and what follows from them, or the fault for which nobody knows.

        Each is a sentence, in English, with what breaks it. Raises StoreUnavailable.
        """
        try:
            with self._lock:
                found = self._process.ask(("contradictions", stated, around), CHECK_LIMIT_S)
        except (TimeoutError, EOFError):
            return Fault("exhausted")
        assert isinstance(found, list)
        return found

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._process.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
