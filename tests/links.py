"""Follows every link of every page of a server, and tells which do not answer or name a place that is not on the page.

    python -m tests.links [--address http://localhost:8000] [--like /id/tool/] [--alike 50]

Begins with the sitemap. A page is what the sitemap names; whatever a page links to is asked for once, and read for its anchors.
"""

import re
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http.client import HTTPConnection
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import click

AT_ONCE = 4
_LINK = re.compile(r'\b(?:href|src)="([^"]*)"')
_ID = re.compile(r'\bid="([^"]*)"')
_PLACE = re.compile("<loc>([^<]*)</loc>")


class Walk:
    """What was asked of a server, each address once: its status, the addresses that it links to and the ids that it has."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._kept = threading.local()
        self._connections: list[HTTPConnection] = []
        self.found: dict[str, tuple[int, list[str], frozenset[str]]] = {}

    def pages(self) -> list[str]:
        """Return the addresses that the sitemap names."""
        return [urlsplit(unescape(place))._replace(scheme="", netloc="").geturl() for place in _PLACE.findall(
            self._get("/sitemap.xml")[1])]

    def faults(self, pages: Iterable[str], alike: int | None = None) -> Iterator[str]:
        """Yield what is wrong with the links of these pages, each with the first page that has it.

        alike: how many are followed of links that lead to the same kind of thing, or ask paths alike with the same fields; they
        are spread evenly. Without it all are followed.
        """
        pages = list(dict.fromkeys(pages))
        with ThreadPoolExecutor(AT_ONCE) as at_once:
            list(at_once.map(self._ask, pages))
            first = {}
            for page in pages:
                for link in self.found[page][1]:
                    first.setdefault(link, page)
            targets = dict.fromkeys(link.partition("#")[0] for link in first)
            list(at_once.map(self._ask, _some(targets, alike) if alike else targets))
        self.close()
        for page in pages:
            if self.found[page][0] != 200:
                yield f"{page}: {self.found[page][0]}"
        for link, page in first.items():
            target, _, place = link.partition("#")
            status, _, ids = self.found.get(target, (200, [], frozenset()))
            if status >= 400:
                yield f"{page} links to {target}: {status}"
            elif place and ids and unquote(place) not in ids:
                yield f"{page} links to {link}, and there is no such place"

    def close(self) -> None:
        """Hang up."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._kept = threading.local()

    def _ask(self, page: str) -> None:
        if page not in self.found:
            status, body = self._get(page)
            links = [urljoin(page, unescape(link)) for link in _LINK.findall(body)]
            own = [link for link in links if not urlsplit(link).netloc and not link.startswith(("mailto:", "data:"))
                   and not link.startswith("/language/")]
            self.found[page] = status, own, frozenset(map(unescape, _ID.findall(body)))

    def _get(self, path: str) -> tuple[int, str]:
        """Return the status and the text of a page; the text of what is no page is not looked into."""
        for again in (True, False):
            try:
                connection = self._connection()
                connection.request("GET", path, headers={"Accept": "text/html,application/xml;q=0.9,*/*;q=0.1"})
                answer = connection.getresponse()
                body = answer.read()
                kind = answer.getheader("Content-Type", "")
                return answer.status, body.decode() if kind.startswith(("text/html", "application/xml")) else ""
            except (OSError, ConnectionError):
                self._kept.__dict__.clear()
                if not again:
                    raise
        raise AssertionError

    def _connection(self) -> HTTPConnection:
        """Return the connection of this thread."""
        if not hasattr(self._kept, "connection"):
            self._kept.connection = HTTPConnection(urlsplit(self.address).netloc, timeout=120)
            self._connections.append(self._kept.connection)
        kept: HTTPConnection = self._kept.connection
        return kept


def _some(links: Iterable[str], most: int) -> list[str]:
    """Return at most so many of the links of each shape."""
    shapes: dict[tuple[str, ...], list[str]] = {}
    for link in links:
        parts = urlsplit(link)
        path, fields = parts.path.split("/"), {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        shapes.setdefault((*path[:3 if parts.path.startswith("/id/") else 2], *sorted(fields)), []).append(link)
    return [link for alike in shapes.values() for link in alike[::-(-len(alike) // most)]]


@click.command()
@click.option("--address", default="http://localhost:8000", show_default=True)
@click.option("--like", default="", help="Only pages whose address has this in it.")
@click.option("--alike", type=int, help="How many links of each shape are followed beyond these pages; all without it.")
def main(address: str, like: str, alike: int | None) -> None:
    """Print what is wrong, and how much was asked."""
    walk, began = Walk(address), time.monotonic()
    faults = list(walk.faults((page for page in walk.pages() if like in page), alike))
    for fault in faults:
        click.echo(fault)
    click.echo(f"{len(walk.found):,} addresses in {time.monotonic() - began:.0f} s, {len(faults)} faults", err=True)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
