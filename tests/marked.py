"""Turns a page into its rows, each with the heading that it stands under and what its marks open.

    python -m tests.marked [--address http://localhost:8000] [--all]

Tells of some things of each kind, and of the pages that gather them, how many rows have no mark, by kind and section.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import click

from tests.visible import EMPTY

OF_EACH = 3
ROWS = {"tr", "dd", "li"}
APART = {"nav", "form", "thead", "tfoot", "svg", "figure", "pre"}
NO_ROWS = {"tools", "legend", "crumbs"}  # lists of links and of what a picture means
GATHERING = {
    "map": ("/map", "/map?count=cases", "/map?count=projects"),
    "projects": ("/projects", "/projects?country=peru"),
    "path": ("/path?who=role/producer&product=product/honey", "/path?place=country/peru",
             "/path?who=role/buyer&entry_way=supermarkets&have=quality", "/path?entry_way=public-purchases",
             "/path/canvas?entry_way=chefs", "/path/canvas?case=experience/ketal"),
    "compare": ("/compare?case=experience/ketal&case=experience/gustu", "/compare?case=project/p083051&case=project/p104567"),
    "coverage": ("/coverage", "/coverage?document=toolbox"),
    "about": ("/about",),
    "cube": ("/cube?rows=tool&columns=entry-way&cell=quality,chefs",)}


@dataclass
class Row:
    """A row: the id of the heading above it, what it says, piece by piece, and what its links and its marks open, "" for none."""

    section: str
    pieces: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return what it says."""
        return "".join(self.pieces)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._section = ""
        self._open: list[tuple[str, str]] = []
        self._within: list[tuple[int, Row]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in EMPTY:
            return
        given = {name: value or "" for name, value in attributes}
        classes = given.get("class", "").split()
        if given.get("id") and tag in ("h2", "summary", "caption"):
            self._section = re.sub(r"(-\d+)?(-more)?$", "", given["id"])  # its parts are numbered, its rest is folded
        kind = next((one for one in ("mark", "source") if one in classes), "apart" if NO_ROWS & set(classes) else "")
        self._open.append((tag, kind))
        if tag in ROWS and self._section and not self._apart():
            self._within.append((len(self._open), Row(self._section)))
        marks = "mark" in classes or (tag == "a" and any(kind == "source" for _, kind in self._open))
        for _, row in self._within if marks or tag == "a" else ():
            (row.marks if marks else row.links).append(given.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in (name for name, _ in self._open):
            return
        while self._open.pop()[0] != tag:
            pass
        while self._within and self._within[-1][0] > len(self._open):
            _, row = self._within.pop()
            if row.text.strip(" –\n"):
                self.rows.append(row)

    def handle_data(self, data: str) -> None:
        if not any(kind == "mark" for _, kind in self._open):
            for _, row in self._within:
                row.pieces.append(data)

    def _apart(self) -> bool:
        return any(name in APART or kind == "apart" for name, kind in self._open)


def rows_of(page: str) -> list[Row]:
    """Return the rows of a page: of tables, of lists of facts, and of lists below a heading; without those that are empty."""
    reader = _Reader()
    reader.feed(page)
    return reader.rows


def lines_of(page: str) -> dict[str, str]:
    """Return by its anchor what each line of a passage's page says; of a cell of a table also the names of its row and column."""
    found = {one: _text(line) for one, line in re.findall(r'<tr id="([^"]+)" tabindex="-1">(.*?)</tr>', page, re.DOTALL)}
    for table in re.findall(r"<table>\s*<caption.*?</table>", page, re.DOTALL):
        heads = [_text(head) for head in re.findall(r'<th scope="col">(.*?)</th>', table, re.DOTALL)]
        for row, cells in re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', table, re.DOTALL):
            for head, cell in zip(heads[1:], re.findall(r"<td.*?</td>", cells, re.DOTALL), strict=True):
                for one, line in re.findall(r'id="([^"]+)" tabindex="-1">(.*?)</div>', cell, re.DOTALL):
                    found[one] = f"{_text(row)} / {head} / {_text(line)}"
    return found


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.replace("<wbr>", ""))).split())


def some_of_each(places: Iterable[str], many: int = OF_EACH) -> dict[str, list[str]]:
    """Return some addresses of things of each kind, spread over those that there are. places: the addresses of all things."""
    of_kind: dict[str, list[str]] = {}
    for place in places:
        if found := re.match(r"/id/([^/]+)/", place):
            of_kind.setdefault(found[1], []).append(place)
    return {kind: sorted(of_kind[kind])[::-(-len(of_kind[kind]) // many)][:many] for kind in sorted(of_kind)}


def pages_of(sitemap: str, many: int = OF_EACH) -> Iterator[tuple[str, str]]:
    """Yield the kind and the address of some pages of each kind, and of those that gather things. sitemap: its text."""
    places = [urlsplit(unescape(place)).path for place in re.findall("<loc>([^<]*)</loc>", sitemap)]
    for kind, some in {**some_of_each(places, many), **GATHERING}.items():
        for page in some:
            yield kind, page


@click.command()
@click.option("--address", default="http://localhost:8000", help="Of the server.")
@click.option("--all", "every", is_flag=True, help="Of every thing, and not of three of each kind.")
def main(address: str, every: bool) -> None:
    """Count the rows without a mark, and those whose mark opens nothing."""
    def get(path: str) -> str:
        with urlopen(Request(address + path, headers={"Accept": "text/html, application/xml;q=0.5"})) as answer:
            return str(answer.read().decode())

    count: Counter[tuple[str, str]] = Counter()
    bare: Counter[tuple[str, str]] = Counter()
    shut: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    pages = list(pages_of(get("/sitemap.xml"), 10**6 if every else OF_EACH))
    for kind, page in pages:
        for row in rows_of(get(page)):
            at = (kind, row.section)
            count[at] += 1
            bare[at] += not row.marks
            shut[at] += "" in row.marks
            if not row.marks or "" in row.marks:
                first.setdefault(at, f"{page}: {' '.join(row.text.split())[:60]}")
    click.echo(f"{'kind':<20}{'section':<18}{'rows':>6}{'no mark':>9}{'opens nothing':>15}")
    for at in sorted(first):
        click.echo(f"{at[0]:<20}{at[1]:<18}{count[at]:>6}{bare[at]:>9}{shut[at]:>15}  {first[at]}")
    click.echo(f"{len(pages)} pages, {count.total()} rows: {bare.total()} have no mark, {shut.total()} one that opens nothing")


if __name__ == "__main__":
    main()
