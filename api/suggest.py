"""Turns the beginning of a name into things that are called so, and tells browsers how to search here.

Source: OpenSearch 1.1 (draft 6), the description document and the suggestions extension.
"""

from flask import Blueprint, Response, jsonify, render_template, request

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry, local
from api.kinds import kinds_in
from api.negotiation import SUGGESTIONS
from kg.parameters import Parameter
from kg.words import words_of

blueprint = Blueprint("suggest", __name__)

SHORTEST, LONGEST = 2, 100  # characters of what is typed: with fewer nearly everything begins, and few names are longer
FRESH_S = 60
_LIMIT = Parameter("limit", "integer 1..20", "8", "how many suggestions at the most")
_LOOKED_AT = 60  # of what a search finds: things whose names have the words come before those whose texts have them
# Kinds whose things are named after others, so that nobody looks for them by name.
_NAMED_AFTER = {"approach-application", "claim", "graph", "observation", "participation", "quantity", "tool-application"}


@blueprint.get("/search/suggestions")
def suggestions() -> Response:
    """Suggest things in whose names, in the language of the page, every word that was typed begins some word.

    The answer is what OpenSearch suggestions are: what was typed, names, kinds, addresses.
    """
    format = choose((SUGGESTIONS,), page=False)
    fields.refuse_others("/search/suggestions", ("q", "language", "limit", "format"))
    typed, language = fields.once("q"), accepted_language()
    limit = int(_LIMIT.term(fields.once("limit") or _LIMIT.default).value)
    conditional.check(format.type, language)
    found = _suggested(typed, language, limit)
    response = jsonify([typed, *([list(column) for column in zip(*found, strict=True)] or [[], [], []])])
    response.content_type = format.type
    response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    return response


def _suggested(typed: str, language: str, limit: int) -> list[tuple[str, str, str]]:
    """Return name, kind and address of what is suggested, best first; each name of a kind once."""
    words = words_of(typed[:LONGEST])
    if sum(map(len, words)) < SHORTEST:
        return []
    found: dict[tuple[str, str], tuple[bool, str]] = {}
    called = kinds_in(language)
    hits = inquiry().search(typed[:LONGEST], language, limit=_LOOKED_AT, begun=True)
    wanted = [hits.mended.get(word, word) for word in words]
    for one in hits.found:
        named = words_of(one.label)
        begins = all(any(word.startswith(begun) for word in named) for begun in wanted)
        if begins and one.language == language and one.kind not in _NAMED_AFTER:
            inside = not named[0].startswith(wanted[0])
            found.setdefault((one.label, called.get(one.kind, one.kind)),
                             (inside, request.url_root.rstrip("/") + local(one.thing)))
    ordered = sorted(found.items(), key=lambda entry: entry[1][0])  # those that begin so first, each as search has them in order
    return [(label, kind, address) for (label, kind), (_, address) in ordered][:limit]


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """Describe the search to browsers, which can offer it beside their own."""
    fields.refuse_others("/opensearch.xml", ("language",))
    language = accepted_language()
    conditional.check("application/opensearchdescription+xml", language)
    return Response(render_template("opensearch.xml", root=request.url_root.rstrip("/"), language=language),
                    content_type="application/opensearchdescription+xml; charset=utf-8")
