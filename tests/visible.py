"""Turns a page into the texts that a reader meets on it: what is shown, and what is read aloud or appears on hovering."""

import re
from collections.abc import Collection
from html.parser import HTMLParser

UNSEEN = {"script", "style", "template"}
QUOTED = {"code", "pre", "kbd", "samp", "textarea"}  # what machines read, or what somebody wrote
EMPTY = {"meta", "link", "br", "hr", "img", "input", "source", "wbr", "col", "area", "base", "path", "circle", "rect", "line"}
ATTRIBUTES = ("title", "alt", "aria-label", "placeholder", "aria-description")


class _Reader(HTMLParser):
    """Keeps the texts of a page, each with the language that the element around it says it is in."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = [("", language)]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        language = given.get("lang") or self._open[-1][1]
        if tag not in EMPTY:
            self._open.append((tag, language))
        spoken = [given.get(name) for name in ATTRIBUTES]
        spoken += [given.get("content")] if given.get("name") == "description" else []
        self.texts += [(text, language) for text in spoken if text]

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in (name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {*UNSEEN, *QUOTED} & {name for name, _ in self._open}:
            self.texts.append((data, self._open[-1][1]))


def visible(page: str, language: str, foreign: Collection[str] = ()) -> list[str]:
    """Return the texts of a page in order, without what is only code; each with single spaces, none without two letters.

    language: of the page. foreign: texts that are left out where the page says that they are in another language.
    """
    reader = _Reader(language)
    reader.feed(page)
    reader.close()
    texts = [(re.sub(r"\s+", " ", text).strip(), code) for text, code in reader.texts]
    return [text for text, code in texts if re.search(r"[^\W\d_]{2}", text) and (code == language or text not in foreign)]
