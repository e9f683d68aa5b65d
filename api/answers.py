"""Turns what a client asks for into the format that it gets, and answers into responses and the text of pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import cast

from flask import Response, current_app, g, request
from werkzeug.exceptions import NotAcceptable, NotFound

from api import fields, negotiation
from api.negotiation import CITATIONS, PAGE, Format
from kg.amounts import NUMERIC, written
from kg.contributions.ledger import Contribution
from kg.errors import RevisionAhead, StoreUnavailable
from kg.inquire import Cell, Inquiry, Table
from kg.names import BASE, brief, path_of
from kg.parameters import LANGUAGES


@dataclass(frozen=True)
class Preview:
    """What a page is made of that is shown as if it were published.

    addresses: where what has no page elsewhere has one, by IRI; language: of the page.
    """

    contribution: Contribution
    addresses: Mapping[str, str]
    language: str


def answer_from(other: Inquiry, preview: Preview) -> None:
    """Have the rest of this request answered from what is not published, by whatever answers it."""
    g.inquiry, g.preview = other, preview

CHOICE = "language"  # the cookie that keeps which one a visitor chose


def inquiry() -> Inquiry:
    """Return what this request is answered from: one revision, from its first question to its last.

    That is the newest, but where a reading address names an earlier one. Raises what ``heed_revision`` and
    kg.amend.Amending.earlier raise.
    """
    if "inquiry" not in g:
        newest = cast(Inquiry, current_app.extensions["inquiry"]).pinned()
        asked = _asked_for(newest)
        g.inquiry = _as_of(asked, newest) if asked else newest
    return cast(Inquiry, g.inquiry)


def heed_revision() -> None:
    """Refuse an address that names a revision which is none, or is yet to come. Raises ParameterInvalid and RevisionAhead."""
    _asked_for(cast(Inquiry, current_app.extensions["inquiry"]))


def _asked_for(newest: Inquiry) -> int:
    """Return the number of the earlier revision that a reading address names, or 0."""
    asked = fields.number("revision", 0) if fields.reads(request.method) else 0
    there = newest.revision().number if asked else 0
    if asked > there:
        raise RevisionAhead(asked, there)
    return asked if asked < there else 0


def _as_of(number: int, newest: Inquiry) -> Inquiry:
    g.earlier = ExitStack()
    trial = g.earlier.enter_context(current_app.extensions["amending"].earlier(number))
    return Inquiry(trial, trial, newest.catalogue, newest.abroad).pinned()


def is_of_earlier() -> bool:
    """Tell whether this request is answered from another revision than the newest. Raises what ``inquiry`` raises."""
    inquiry()
    return "earlier" in g


def let_go(error: BaseException | None = None) -> None:
    """Have whoever else asks for an earlier revision go on, once a request is answered."""
    if "earlier" in g:
        g.pop("earlier").close()


def choose(formats: Sequence[Format], page: bool, stem: str = "") -> Format:
    """Return the format to answer in: one of ``formats``, or a page, if there is one.

    ``?format=`` (a key, a suffix or a media type) comes before the Accept header; one that is not offered is left out of
    account, as clients send it for all forms of query alike. stem: the path to which a suffix can be put, if that is how
    another format is asked for. Raises NotAcceptable, listing what there is.
    """
    offered = [*(one for one in formats if one not in CITATIONS), *([PAGE] if page else []),
               *(one for one in formats if one in CITATIONS)]  # a citation is given to whom asks for it alone
    g.offered, g.page, g.stem, g.chosen = offered, page, stem, None
    asked = request.values.get("format", "")
    named = [format for format in offered if asked in (format.key, format.suffix, format.type)]
    found = named[0] if named else negotiation.best(request.headers.get("Accept", ""), offered)
    if found is None:
        raise NotAcceptable("Nothing that the Accept header asks for can be given. There is: "
                            + ", ".join(format.type for format in offered) + ".")
    g.chosen = found
    if any(one in CITATIONS for one in offered):
        heed_revision()
    return found


def by_suffix(suffix: str, formats: Sequence[Format], stem: str) -> Format:
    """Return the format that a suffix names, or without one the format that the client accepts.

    Raises NotFound for a suffix that these formats do not have, listing those that they have.
    """
    found = choose(formats, True, stem) if not suffix else None
    if found is None:
        named = [format for format in (*formats, PAGE) if format.suffix == suffix]
        if not named:
            there = ", ".join(f".{format.suffix}" for format in (*formats, PAGE))
            raise NotFound(f".{suffix} is not a form that this is given in. There is: {there}.")
        found = named[0]
        g.offered, g.page, g.stem, g.chosen = [*formats, PAGE], True, stem, found
        if any(one in CITATIONS for one in formats):
            heed_revision()
    return found


def depend_on(header: str) -> None:
    """Have caches know that the answer to this request depends on a header, besides those on which every answer does."""
    g.depends_on = (*g.get("depends_on", ()), header)


def accepted_language() -> str:
    """Return the language that the client prefers, of those that the graph has: ``en`` or ``es``; in a preview, its own.

    That of the address (``language=es``) comes before the one that was chosen on a page, and that before what the browser
    prefers. ``es-PE`` asks for Spanish; of two that weigh the same the one named first comes first (RFC 4647, lookup).
    """
    if "preview" in g:
        return str(g.preview.language)
    if (named := request.args.get("language", "")) in LANGUAGES:
        return named
    depend_on("Accept-Language")
    depend_on("Cookie")
    if (chosen := request.cookies.get(CHOICE, "")) in LANGUAGES:
        return chosen
    wanted = (tag.partition("-")[0].lower() for tag, weight in request.accept_languages if weight > 0)
    return next((language for language in wanted if language in LANGUAGES), LANGUAGES[0])


def respond(body: bytes, format: Format, name: str = "") -> Response:
    """Return a response in a format; a name makes browsers save CSV and TSV under it."""
    charset = f"; charset={format.parameters['charset']}" if "charset" in format.parameters else ""
    response = Response(body, content_type=format.type + charset)
    if name and format.key in ("csv", "tsv"):
        response.headers["Content-Disposition"] = f'inline; filename="{name}.{format.suffix}"'
    return response


def with_links(response: Response, links: Mapping[str, str]) -> Response:
    """Put links to other pages (relation and address) on a response."""
    for relation, address in links.items():
        response.headers.add("Link", f'<{address}>; rel="{relation}"')
    return response


def local(iri: str) -> str:
    """Return the path on this server for an IRI of ours, or the IRI if it can be linked, or nothing."""
    if "preview" in g and iri in g.preview.addresses:
        return str(g.preview.addresses[iri])
    if iri.startswith(BASE):
        path = iri.removeprefix(BASE).lstrip("/")
        return "/ontology#" + path.partition("#")[2] if path.startswith("ontology#") else "/" + path
    return iri if iri.startswith(("http://", "https://")) else ""


def say_in(language: str) -> Callable[[str, str], str]:
    """Return what gives a page, of a text in English and the same in Spanish, the one that it is to show."""
    return lambda english, spanish: spanish if language == "es" else english


def names_of(things: Iterable[str], language: str) -> dict[str, str]:
    """Return the labels of things by IRI; none where the revision has no index, as before the first change of a plain store."""
    asked = set(things)
    try:
        return inquiry().labels(asked, language) if asked else {}
    except StoreUnavailable:
        return {}


def names_in(table: Table, language: str) -> dict[str, str]:
    """Return the labels of the things in those columns of a table that have no column of labels beside them, by IRI."""
    bare = [number for number, column in enumerate(table.columns) if f"{column}_label" not in table.columns]
    cells = [row[number] for row in table.rows for number in bare]
    return names_of((cell.text for cell in cells if cell and cell.kind == "uri" and path_of(cell.text)), language)


def shown(cell: Cell | None, language: str = "en") -> str:
    """Return the text that a page shows for a cell: of a thing its short name, of a number how the language writes it."""
    if cell is None:
        return ""
    if cell.datatype in NUMERIC:
        return say_in(language)(*written(cell.text))
    return brief(cell.text).removeprefix(BASE) if cell.kind == "uri" else cell.text
