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


def remembered(query: str, slow_s: float = SLOW_S) -> Table:
    """Return the answer to a query that fills a part of a page; in a preview it is always asked anew.

    slow_s: an answer that took longer than this is kept; 0 for one of many that a page asks.
    Raises what kg.inquire.Inquiry.table raises.
    """
    if "preview" in g:
        return inquiry().table(query)
    kept: OrderedDict[tuple[object, ...], Table] = current_app.extensions["memory"]
    revision = inquiry().revision()
    key = (revision.number, revision.build_key, revision.made, query)
    with _KEEPING:
        if found := kept.get(key):
            kept.move_to_end(key)
            return found
    began = time.monotonic()
    table = inquiry().table(query)
    if time.monotonic() - began > slow_s:
        with _KEEPING:
            kept[key] = table
            while len(kept) > MOST_KEPT or sum(len(one.rows) * len(one.columns) for one in kept.values()) > MOST_CELLS:
                kept.popitem(last=False)
    return table
