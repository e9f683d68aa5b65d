"""Turns a question that a page asks again into the answer that it had, while the revision is the same and asking was slow."""

import threading
import time
from collections import OrderedDict

from flask import current_app, g

from api.answers import inquiry
from kg.inquire import Table

SLOW_S = 0.01
MOST_KEPT, MOST_CELLS = 1000, 500_000  # of all answers together
_KEEPING = threading.Lock()


def memory() -> OrderedDict[tuple[object, ...], Table]:
    """Return an empty memory, for an application to keep."""
    return OrderedDict()


def remembered(query: str, always: bool = False) -> Table:
    """Return the answer to a query that fills a part of a page; in a preview it is always asked anew.

    always: keep it even where asking was not slow. Raises what kg.inquire.Inquiry.table raises.
    """
    if "preview" in g:
        return inquiry().table(query)
    kept, key = _kept(), _key(query)
    with _KEEPING:
        if found := kept.get(key):
            kept.move_to_end(key)
            return found
    began = time.monotonic()
    table = inquiry().table(query)
    if always or time.monotonic() - began > SLOW_S:
        with _KEEPING:
            kept[key] = table
            while len(kept) > MOST_KEPT or sum(len(one.rows) * len(one.columns) for one in kept.values()) > MOST_CELLS:
                kept.popitem(last=False)
    return table


def is_remembered(query: str) -> bool:
    """Tell whether the answer to a query is there without asking."""
    with _KEEPING:
        return _key(query) in _kept()


def _kept() -> OrderedDict[tuple[object, ...], Table]:
    kept: OrderedDict[tuple[object, ...], Table] = current_app.extensions["memory"]
    return kept


def _key(query: str) -> tuple[object, ...]:
    revision = inquiry().revision()
    return revision.number, revision.build_key, revision.made, query
