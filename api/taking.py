"""Turns a page that shows something of the graph into what a reader takes along: its forms as data, permalink and citation.

Every such page is made here, so each has the same, in the same place: what it is called and what it stands under, as crumbs and
for machines; the formats that its route offers; its address as of the revision that was read; how it is cited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from urllib.parse import quote

from flask import Response, current_app, g, render_template, request

from api import fields
from api.answers import accepted_language, inquiry, is_of_earlier, respond, with_links
from api.linked import credited
from api.negotiation import CITATIONS, NAMES, PAGE, Format
from api.transfer import LONGEST_LINKED_QUERY, as_of_now, placed
from api.whole import citation_of
from kg.citation import Citation, cite
from kg.errors import ParameterInvalid
from kg.names import BASE
from kg.parameters import LANGUAGES

_CITED_AS = {"text": ("Text", "Texto"), "bibtex": ("BibTeX", "BibTeX"), "cff": ("CITATION.cff", "CITATION.cff")}

Crumbs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Here:
    """A page: its title, its name in the crumbs, and the pages above it but the first, each a name and a path, if it has one.

    address: its path with its fields in order, without those that are empty; tongues: the whole address of the page in each
    language, and in that of whoever asks, each with its hreflang; permalink: the same as of the revision that it is of; forms:
    name, path and media type of each format that it is given in; cited: its citation as text, with cites, name (English, Spanish)
    and path of each form of that, and revision, its number, and made, its day: nothing and 0 where there is no revision to cite;
    newest: where the same is of the newest revision, if this is of an earlier one; linked: what schema.org says of it.
    """

    title: str
    name: str
    above: Crumbs
    linked: Mapping[str, object]
    address: str
    tongues: Sequence[tuple[str, str]] = ()
    permalink: str = ""
    forms: Sequence[tuple[str, str, str]] = ()
    cited: str = ""
    cites: Sequence[tuple[tuple[str, str], str]] = ()
    revision: int = 0
    made: str = ""
    newest: str = ""


def citable() -> tuple[Format, ...]:
    """Return the forms of a citation, for a route to offer; none where there are no revisions to cite."""
    return CITATIONS if current_app.extensions["dumps"] else ()


def page(template: str, title: str, above: Crumbs = (), citation: Citation | None = None,
         linked: Mapping[str, object] | None = None, by: Mapping[str, str] | None = None, bare: bool = False,
         **shown: object) -> Response:
    """Return a page, or how it is cited where that is what the client chose.

    citation: of a page that is cited otherwise than as a part of the whole as of its revision; by: what it answers by, where
    its address does not say so; bare: it shows nothing yet, so there is nothing to take along. Raises ParameterInvalid where
    nothing can be cited yet.
    """
    title = " ".join(title.split())
    given = fields.asked()
    given += [(name, value) for name, value in (by or {}).items() if name not in dict(given)]
    given.sort(key=itemgetter(0))
    path = quote(g.get("stem") or request.path, safe="/:@-._~")
    name = title.removeprefix(f"{above[-1][0]}: ").removesuffix(f": {above[-1][0]}") if above else title
    here = Here(title, name, above, linked or {}, path + (f"?{fields.encoded(given)}" if given else ""))
    if bare and g.chosen in CITATIONS:
        raise ParameterInvalid(f"There is nothing at {path} to cite yet: ask for something there first.")
    if bare or "preview" in g:
        return Response(render_template(template, here=here, **shown))
    number = inquiry().revision().number
    kept = [*given, ("revision", str(number))] if is_of_earlier() else given
    here = replace(here, permalink=here.address, tongues=_tongues(path, kept), forms=[
        (NAMES[format.key], placed(format, kept), format.type)
        for format in sorted(g.offered, key=lambda one: [*NAMES, one.key].index(one.key)) if format.key in NAMES])
    if forms := [format for format in g.offered if format in CITATIONS]:
        permalink = f"{path}?{fields.encoded([*given, ('revision', str(number))])}"
        citation = citation or _citation(title, permalink)
        if g.chosen in CITATIONS:
            return respond(cite(citation, g.chosen.key).encode(), g.chosen)
        here = replace(here, permalink=permalink, linked=credited(here.linked, citation), revision=number,
                       cited=cite(citation, "text").strip(), cites=[(_CITED_AS[one.key], placed(one, kept)) for one in forms],
                       made=inquiry().revision().made[:10], newest=as_of_now() if is_of_earlier() else "")
    response = Response(render_template(template, here=here, **shown))
    return with_links(response, {"cite-as": citation.iri} if citation and len(citation.iri) <= LONGEST_LINKED_QUERY else {})


def _tongues(path: str, given: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    said = [one for one in given if one[0] != "language"]
    asked = {**{code: sorted([*said, ("language", code)]) for code in LANGUAGES}, "x-default": said}
    root = request.url_root.rstrip("/") + path
    return [(code, root + (f"?{fields.encoded(one)}" if one else "")) for code, one in asked.items()]


def cited_at(stem: str, asked: str = "") -> Sequence[tuple[tuple[str, str], str]]:
    """Return the forms of a citation that stands at a path of its own: name (English, Spanish) and path of each."""
    return [(_CITED_AS[one.key], f"{stem}.{one.suffix}{asked}") for one in CITATIONS]


def cited_by_itself(citation: Citation, format: Format, stem: str, asked: str = "") -> Response:
    """Return the citation that stands at a path of its own: in its form, or all forms as a page."""
    if format != PAGE:
        return respond(cite(citation, format.key).encode(), format)
    forms = [(names, cite(citation, one.key), address)
             for one, (names, address) in zip(CITATIONS, cited_at(stem, asked), strict=True)]
    return Response(render_template("citation.html", citation=citation, forms=forms))


def suffixed(address: str, suffix: str) -> str:
    """Return where the answer to a question of the catalogue, which stands at an address, is found in another format."""
    path, mark, asked = address.partition("?")
    return f"{path}.{suffix}{mark}{asked}"


def _citation(title: str, permalink: str) -> Citation:
    """Return what a citation of a page says: a part of the whole, as of the revision that its permalink names."""
    whole, path = citation_of(inquiry().revision(), accepted_language()), permalink.removeprefix("/")
    return replace(whole, title=title, within=whole.title, iri=BASE + path, address=request.url_root + path)
