"""Turns a new revision into pages made once, so that ``api.memory`` has what is slow to ask before anybody waits for it.

One page after the other, in a thread of its own, from when a revision has been served for a moment until the time for it is over
or a newer one is served. A small graph is left alone, since its pages are fast the first time.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

from flask import Flask
from werkzeug.exceptions import HTTPException

from api.choices import choices_of
from kg.errors import ParkgError, StoreUnavailable
from kg.inquire import Inquiry
from kg.parameters import LANGUAGES
from kg.store.revisions import Revision

MOST_S = 60.0  # for all pages of a revision, of which half is rest
SMALL_S = 0.8  # a graph whose doors take no longer than that together, with the rests, is small
_DOORS = ("/", "/cube", "/path", "/pictures/cube.svg", "/compare", "/ontology", "/about", "/coverage")
_QUESTION = "/ask?q=miel"  # the first has the words of the catalogue read, in whatever language it is
_OF_KIND = (("par:EntryWay", "/id/entry-way/{}"), ("par:EntryWay", "/path?entry_way={}"), ("par:Tool", "/id/tool/{}"))


class Warming:
    """Makes the pages of one revision after the other."""

    def __init__(self, app: Flask, inquiry: Inquiry) -> None:
        self._app = app
        self._inquiry = inquiry
        self._over = threading.Event()
        self._seen: Revision | None = None
        self._begun: Revision | None = None
        self._thread: threading.Thread | None = None

    def look(self) -> None:
        """Begin with the revision that is served, if it is new, was served at the last look already, and is read from memory.

        Costs nothing otherwise. Raises StoreUnavailable before the first build.
        """
        revision = self._inquiry.revision()
        if revision != self._seen:
            self._seen = revision
        elif revision != self._begun and self._inquiry.read_from() == "memory" and not (self._thread and self._thread.is_alive()):
            self._begun = revision
            self._thread = threading.Thread(target=self.make_all, args=(revision,), name="warming", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Make no further page."""
        self._over.set()

    def make_all(self, revision: Revision) -> int:
        """Make the pages of a revision for as long as it is served and there is time; return how many were made."""
        ends, made = time.monotonic() + MOST_S, 0
        for path, language in self._addresses():
            if self._over.is_set() or time.monotonic() > ends or self._served() != revision:
                break
            began = time.monotonic()
            self._make(path, language)
            made += 1
            self._over.wait(time.monotonic() - began)  # so that half a processor is the most that this takes from others
        return made

    def _served(self) -> Revision | None:
        with suppress(StoreUnavailable):
            return self._inquiry.revision()
        return None

    def _addresses(self) -> Iterator[tuple[str, str]]:
        """Yield the pages in the order in which they are asked for most, each in every language."""
        began = time.monotonic()
        yield from ((path, LANGUAGES[0]) for path in _DOORS)
        took = time.monotonic() - began
        yield _QUESTION, LANGUAGES[0]
        if took < SMALL_S:
            return
        yield from ((path, language) for language in LANGUAGES[1:] for path in _DOORS)
        for of_class, path in _OF_KIND:
            yield from ((path.format(key), language) for key in self._keys(of_class) for language in LANGUAGES)

    def _keys(self, of_class: str) -> list[str]:
        with suppress(ParkgError), self._app.test_request_context():
            return [key for key, _ in choices_of(of_class, LANGUAGES[0])]
        return []

    def _make(self, path: str, language: str) -> None:
        """Make a page as for a visitor, but for what counts visits."""
        try:
            with self._app.test_request_context(path, headers={"Accept": "text/html", "Accept-Language": language}):
                self._app.dispatch_request()
        except (ParkgError, HTTPException):
            pass  # a visitor would be told
        except Exception:
            if not self._over.is_set():  # else what it stood on is gone
                raise
