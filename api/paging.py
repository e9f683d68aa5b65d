"""Turns ``page`` and ``page_size`` of a request into a part of an answer, and its number of rows into links to the other parts.

The links are those of RFC 8288: first, prev, next and last. How many rows there are in all stands in ``X-Total-Count``, or there
``unknown`` where counting them took longer than a query may.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Response, request
from werkzeug.exceptions import NotFound

from api.answers import inquiry, with_links
from kg.errors import ParameterInvalid
from kg.store.sparql import page_of

USUAL_SIZE, LARGEST_SIZE, MOST_PAGES = 100, 10_000, 1_000_000
FIELDS = ("page", "page_size")


@dataclass(frozen=True)
class Page:
    """A part of an answer: its number from 1, the most rows that a part has, and how many there are in all, if that is known."""

    number: int
    size: int
    total: int | None

    @property
    def first_row(self) -> int:
        """The number of the first row, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last_number(self) -> int | None:
        """The number of the last page, from 1; None where it is not known."""
        return None if self.total is None else max(1, -(-self.total // self.size))

    def links(self) -> dict[str, str]:
        """Return the addresses of the other parts by their relation to this one."""
        last = self.last_number
        numbers = {"first": 1, "prev": self.number - 1, "next": self.number + 1, "last": last}
        return {relation: _address(number, self.size) for relation, number in numbers.items()
                if number and (last is None or number <= last)}

    def told(self, response: Response) -> Response:
        """Put the number of all rows and the links on a response."""
        response.headers["X-Total-Count"] = "unknown" if self.total is None else str(self.total)
        return with_links(response, self.links())


def part_asked_for() -> tuple[int, int]:
    """Return the number of the part that a request asks for, and the most rows of it. Raises ParameterInvalid."""
    return _number("page", 1, MOST_PAGES), _number("page_size", USUAL_SIZE, LARGEST_SIZE)


def page_asked_for(query: str, always: bool) -> tuple[str, Page | None]:
    """Return the query for the part of a query's answer that a request asks for, and which part that is.

    always: answer in parts even where the request does not ask for one. Raises ParameterInvalid, and NotFound past the end.
    """
    if not always and not any(field in request.args for field in FIELDS):
        return query, None
    number, size = part_asked_for()
    page = Page(number, size, inquiry().total(query))
    if page.last_number is not None and number > page.last_number:
        raise NotFound(f"page={number} is past the end: there are {page.total} rows, and page {page.last_number} is the last of "
                       f"{size} rows a page.")
    return page_of(query, size, page.first_row - 1), page


def _number(field: str, usual: int, most: int) -> int:
    text = request.args.get(field, "") or str(usual)
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise ParameterInvalid(f"{field}={text[:80]} will not do: a whole number from 1 to {most} is expected.",
                               f"{field}={text[:80]} no sirve: se espera un número entero de 1 a {most}.")
    return int(text)


def _address(number: int, size: int) -> str:
    fields = [(name, value) for name, value in request.args.items(multi=True) if name not in FIELDS]
    given = [*fields, ("page", str(number)), *([("page_size", str(size))] if size != USUAL_SIZE else [])]
    return quote(request.path, safe="/:@-._~") + "?" + urlencode(given)
