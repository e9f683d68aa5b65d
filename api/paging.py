"""Turns ``page`` and ``page_size`` of a request into a part of an answer, and its number of rows into links to the other parts.

The links are those of RFC 8288: first, prev, next and last. How many rows there are in all stands in ``X-Total-Count``, or there
``unknown`` where counting them took longer than a query may.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Response, request
from werkzeug.exceptions import NotFound

from api.answers import inquiry, with_links
from api.fields import given_once
from kg.errors import ParameterInvalid
from kg.store.sparql import page_of

USUAL_SIZE, LARGEST_SIZE, MOST_PAGES = 100, 10_000, 1_000_000
FIELDS = ("page", "page_size")


@dataclass(frozen=True)
class Page:
    """A part of an answer: its number from 1, the most rows that a part has, and how many there are in all, if that is known.

    sized_by: the field of the address that tells the most rows of a part; usual: how many they are where it does not.
    """

    number: int
    size: int
    total: int | None
    sized_by: str = FIELDS[1]
    usual: int = USUAL_SIZE

    @property
    def first_row(self) -> int:
        """The number of the first row, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last_number(self) -> int | None:
        """The number of the last page, from 1; None where it is not known."""
        return None if self.total is None else max(1, -(-self.total // self.size))

    def within(self) -> "Page":
        """Return it. Raises NotFound where it is past the end."""
        if self.last_number is not None and self.number > self.last_number:
            raise NotFound(f"page={self.number} is past the end: there are {self.total} rows, and page {self.last_number} is the "
                           f"last of {self.size} rows a page.")
        return self

    def links(self) -> dict[str, str]:
        """Return the addresses of the other parts by their relation to this one."""
        last = self.last_number
        numbers = {"first": 1, "prev": self.number - 1, "next": self.number + 1, "last": last}
        return {relation: self._address(number) for relation, number in numbers.items()
                if number and (last is None or number <= last)}

    def _address(self, number: int) -> str:
        given = [(name, value) for name, value in given_once() if name not in (FIELDS[0], self.sized_by)]
        given += [(FIELDS[0], str(number)), *([(self.sized_by, str(self.size))] if self.size != self.usual else [])]
        return quote(request.path, safe="/:@-._~") + "?" + urlencode(given)

    def told(self, response: Response) -> Response:
        """Put the number of all rows and the links on a response."""
        response.headers["X-Total-Count"] = "unknown" if self.total is None else str(self.total)
        return with_links(response, self.links())


def part_asked_for() -> tuple[int, int]:
    """Return the number of the part that a request asks for, and the most rows of it. Raises ParameterInvalid."""
    return number_asked_for("page", 1, MOST_PAGES), number_asked_for("page_size", USUAL_SIZE, LARGEST_SIZE)


def page_asked_for(query: str, always: bool) -> tuple[str, Page | None]:
    """Return the query for the part of a query's answer that a request asks for, and which part that is.

    always: answer in parts even where the request does not ask for one. Raises ParameterInvalid, and NotFound past the end.
    """
    if not always and not any(field in request.args for field in FIELDS):
        return query, None
    number, size = part_asked_for()
    page = Page(number, size, inquiry().total(query)).within()
    return page_of(query, size, page.first_row - 1), page


def number_asked_for(field: str, usual: int, most: int) -> int:
    """Return a field of the address that is a number from 1 to the most; the usual one where it is not given.

    Raises ParameterInvalid.
    """
    text = request.args.get(field, "") or str(usual)
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise ParameterInvalid(f"{field}={text[:80]} will not do: a whole number from 1 to {most} is expected.",
                               f"{field}={text[:80]} no sirve: se espera un número entero de 1 a {most}.")
    return int(text)
