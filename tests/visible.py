"""Turns a page into the texts that a reader meets on it: what is shown, and what is read aloud or appears on hovering."""

import re
from html.parser import HTMLParser

UNSEEN = {"script", "style", "template"}
QUOTED = {"code", "pre", "kbd", "samp", "textarea"}  # what machines read, or what somebody wrote
EMPTY = {"meta", "link", "br", "hr", "img", "input", "source", "wbr", "col", "area", "base", "path", "circle", "rect", "line"}
ATTRIBUTES = ("title", "alt", "aria-label", "placeholder", "aria-description")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in EMPTY:
            self._open.append(tag)
        given = dict(attributes)
        spoken = [given.get(name) for name in ATTRIBUTES]
        spoken += [given.get("content")] if given.get("name") == "description" else []
        self.texts += [text for text in spoken if text]

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {*UNSEEN, *QUOTED} & set(self._open):
            self.texts.append(data)


def visible(page: str) -> list[str]:
    """Return the texts of a page in order, without what is only code; each with single spaces, none without a letter."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    texts = (re.sub(r"\s+", " ", text).strip() for text in reader.texts)
    return [text for text in texts if re.search(r"[^\W\d_]{2}", text)]
