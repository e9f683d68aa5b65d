"""Turns what a page asks again into the answer that it had, while the revision is the same and asking was slow."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from flask import current_app, g

from api.answers import inquiry, is_of_earlier
from kg.inquire import Table

SLOW_S = 0.01
MOST_KEPT, MOST_CELLS = 4000, 500_000  # of all answers together


class Memory:
    """Answers by what was asked, each with its size in cells; those asked for longest ago go first. For many threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], tuple[Any, int]] = OrderedDict()
        self._cells = 0
        self._keeping = threading.Lock()

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        """Iterate over what was asked."""
        return iter([*self._kept])

    def find(self, key: tuple[object, ...]) -> Any:
        """Return what is kept, or None."""
        with self._keeping:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: tuple[object, ...], answer: Any, cells: int) -> None:
        """Keep an answer of so many cells."""
        with self._keeping:
            self._cells += cells - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = answer, cells
            while len(self._kept) > MOST_KEPT or self._cells > MOST_CELLS:
                self._cells -= self._kept.popitem(last=False)[1][1]


def recalled(*asked: str) -> Any:
    """Return what was kept under these texts of the revision that is asked, or None."""
    return _memory().find(_key(*asked)) if _is_kept() else None


def keep(answer: Any, cells: int, *asked: str) -> None:
    """Keep an answer of so many cells under these texts, for as long as the revision is asked."""
    if _is_kept():
        _memory().keep(_key(*asked), answer, cells)


def remembered(query: str, always: bool = False) -> Table:
    """Return the answer to a query that fills a part of a page.

    always: keep it even where asking was not slow. Raises what kg.inquire.Inquiry.table raises.
    """
    found: Table | None = recalled(query)
    if found is not None:
        return found
    began = time.monotonic()
    table = inquiry().table(query)
    if always or time.monotonic() - began > SLOW_S:
        keep(table, len(table.rows) * len(table.columns), query)
    return table


def is_remembered(query: str) -> bool:
    """Tell whether the answer to a query is there without asking."""
    return recalled(query) is not None


def _is_kept() -> bool:
    """Tell whether anything is kept for this request: not of a preview, nor of an earlier revision, which few ask for."""
    return "preview" not in g and not is_of_earlier()


def _memory() -> Memory:
    kept: Memory = current_app.extensions["memory"]
    return kept


def _key(*asked: str) -> tuple[object, ...]:
    revision = inquiry().revision()
    return revision.number, revision.build_key, revision.made, *asked
