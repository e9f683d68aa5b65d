"""Turns words into the things that they name, as a page with a box and what it can be narrowed to, or as JSON."""

from collections.abc import Sequence

from flask import Blueprint, Response, jsonify, request

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry, names_of, say_in
from api.as_data import asked_in, given_as
from api.kinds import kinds_in
from api.negotiation import PAGE, PAGES, SHOWN
from api.taking import citable, page
from api.transfer import SCRIPT_POLICY
from kg.errors import ParameterInvalid
from kg.hits import as_table, as_tree, pieces
from kg.parameters import Parameter
from kg.search import Counted, Hits

blueprint = Blueprint("search", __name__)

_FIELDS = ("q", "kind", "texts", "limit", *fields.OF_PAGE)
_LIMIT = Parameter("limit", "integer 1..100", "20", "how many things at the most", "cuántas cosas como máximo")
_TEXTS = Parameter("texts", "language", "any", "the language of the texts that are searched")
_MOST = int(_LIMIT.range[1])


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
    limit = int(_LIMIT.term(request.args.get("limit") or _LIMIT.default).value)
    conditional.check(format.type, language)
    if not words and format != PAGE:
        raise ParameterInvalid("q is missing: the words to search for, as in /search?q=honey.",
                               "Falta q: las palabras que se buscan, como en /search?q=miel.")
    hits, counted = Hits([], {}), Counted({}, False)
    if words:
        hits = inquiry().search(words, texts or language, kinds, limit, texts)
        counted = inquiry().counted(words, texts, kinds)
    if format in PAGES:
        return _page(words, kinds, texts, language, limit, hits, counted)
    if format.key != "json":
        return given_as(as_table(hits), format, "search", asked_in(language))
    return jsonify(as_tree(hits, counted))


def _page(words: str, kinds: list[str], texts: str, language: str, limit: int, hits: Hits,
          counted: Counted) -> Response:
    called = kinds_in(language)
    called |= {kind: kind for kind in counted.kinds if kind not in called}
    names = names_of({one.thing for one in hits.found}, language)

    def address(q: str = words, kind: Sequence[str] = kinds, within: str = texts, most: int = 0) -> str:
        given = [("q", q), *(("kind", one) for one in kind), ("texts", within), ("language", fields.once("language")),
                 ("limit", str(most) if most else "")]
        return "/search?" + fields.encoded([(name, value) for name, value in given if value])

    title = say_in(language)("Search", "Búsqueda")
    response = page("search.html", f"{title}: {words}" if words else title, bare=not words, words=words, kinds=kinds, texts=texts,
                    hits=hits, counted=counted, pieces=pieces, limit=limit, most=_MOST, called=called, names=names,
                    address=address, asked_in=fields.once("language"))
    response.headers["Content-Security-Policy"] = SCRIPT_POLICY
    return response
