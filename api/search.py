"""Turns words into the things that they name, as a page with a box and what it can be narrowed to, or as JSON."""

from collections.abc import Sequence

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import NotFound

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry, names_of, say_in
from api.as_data import asked_in, given_as
from api.kinds import kinds_in
from api.negotiation import PAGE, PAGES, SHOWN
from api.paging import MOST_PAGES, number_asked_for
from api.paging import Page as Part
from api.taking import citable, page
from api.transfer import SCRIPT_POLICY
from kg.errors import ParameterInvalid
from kg.hits import as_table, as_tree, pieces
from kg.parameters import Parameter
from kg.search import LONGEST_TEXT, Counted, Hits

blueprint = Blueprint("search", __name__)

_FIELDS = ("q", "kind", "texts", "page", "limit", *fields.OF_PAGE)
_USUAL, _MOST = 20, 100  # things on a page
_TEXTS = Parameter("texts", "language", "any", "the language of the texts that are searched")


@blueprint.get("/search")
def search() -> Response:
    """Find things by the words of their labels and texts."""
    format = choose((*SHOWN, *citable()), page=True)
    fields.refuse_others("/search", _FIELDS)
    words, kinds = request.args.get("q", "").strip(), list(filter(None, request.args.getlist("kind")))
    language, texts = accepted_language(), fields.once("texts")
    if texts:
        _TEXTS.term(texts)
    known = kinds_in(language) if kinds else {}
    if wrong := [kind for kind in kinds if known and kind not in known]:
        raise fields.none_of("kind", wrong[0], known)
    number, limit = number_asked_for("page", 1, MOST_PAGES), number_asked_for("limit", _USUAL, _MOST)
    conditional.check(format.type, language)
    if not words and format != PAGE:
        raise ParameterInvalid("q is missing: the words to search for, as in /search?q=honey.",
                               "Falta q: las palabras que se buscan, como en /search?q=miel.")
    if len(words) > LONGEST_TEXT:
        raise ParameterInvalid(f"q has {len(words):,} characters, and a search takes {LONGEST_TEXT} at the most. Give the words "
                               "that say most.",
                               f"q tiene {len(words)} caracteres y una búsqueda admite {LONGEST_TEXT} como máximo. Deje las "
                               "palabras que más dicen.")
    hits, counted = Hits([], {}), Counted({}, False)
    if words:
        hits = inquiry().search(words, texts or language, kinds, limit, texts, after=(number - 1) * limit)
        counted = inquiry().counted(words, texts, kinds)
    total = None if counted.at_least else sum(counted.kinds.get(kind, 0) for kind in kinds or counted.kinds)
    part = Part(number, limit, total, "limit", _USUAL).within()
    if number > 1 and not hits.found:
        raise NotFound(f"page={number} is past the end: of so much only the best can be gone through. Give more words.")
    if format in PAGES:
        response = _page(words, kinds, texts, language, part, hits, counted)
    elif format.key != "json":
        response = given_as(as_table(hits), format, "search", asked_in(language), part.first_row)
    else:
        response = jsonify(as_tree(hits, counted))
    return part.told(response) if words else response


def _page(words: str, kinds: list[str], texts: str, language: str, part: Part, hits: Hits, counted: Counted) -> Response:
    called = kinds_in(language)
    called |= {kind: kind for kind in counted.kinds if kind not in called}
    names = names_of({one.thing for one in hits.found}, language)

    def address(q: str = words, kind: Sequence[str] = kinds, within: str = texts) -> str:
        given = [("q", q), *(("kind", one) for one in kind), ("texts", within), ("language", fields.once("language")),
                 ("limit", str(part.size) if part.size != _USUAL else "")]
        return "/search?" + fields.encoded([(name, value) for name, value in given if value])

    title = say_in(language)("Search", "Búsqueda")
    response = page("search.html", f"{title}: {words}" if words else title, bare=not words, words=words, kinds=kinds, texts=texts,
                    hits=hits, counted=counted, pieces=pieces, part=part, called=called, names=names,
                    address=address, asked_in=fields.once("language"))
    response.headers["Content-Security-Policy"] = SCRIPT_POLICY
    return response
