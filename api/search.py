"""Turns words into the things that they name, as a page with a box or as JSON."""

from flask import Blueprint, Response, jsonify, render_template, request

from api import conditional, fields
from api.answers import choose, inquiry, local
from api.language import page_language
from api.negotiation import JSON, PAGE
from kg.errors import ParameterInvalid
from kg.hits import as_tree, pieces
from kg.parameters import Parameter
from kg.search import Hits

blueprint = Blueprint("search", __name__)

_FIELDS = ("q", "kind", "language", "limit", "format")
_LIMIT = Parameter("limit", "integer 1..100", "20", "how many things at the most")


@blueprint.get("/search")
def search() -> Response:
    """Find things by the words of their labels and texts."""
    format = choose(JSON, page=True)
    fields.refuse_others("/search", _FIELDS)
    words, kinds = request.args.get("q", "").strip(), request.args.getlist("kind")
    language = page_language()
    limit = int(_LIMIT.term(request.args.get("limit") or _LIMIT.default).value)
    conditional.check(format.type, language)
    if not words and format != PAGE:
        raise ParameterInvalid("q is missing: the words to search for, as in /search?q=honey.")
    hits = inquiry().search(words, language, [kind for kind in kinds if kind], limit) if words else Hits([], {})
    if format == PAGE:
        return Response(render_template("search.html", words=words, kinds=kinds, hits=hits, pieces=pieces, local=local,
                                        limit=limit, most=int(_LIMIT.range[1])))
    return jsonify(as_tree(hits))
