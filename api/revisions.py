"""Turns requests for the history of the whole into its revisions: what each changed, how to cite it, its files."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.exceptions import NotFound

from api import conditional, fields
from api.answers import accepted_language, by_suffix, choose, inquiry, local, respond, say_in
from api.download import CALLED, give
from api.negotiation import CITATIONS, JSON, PAGE, PAGES, PATCH
from api.taking import citable, cited_at, cited_by_itself, page
from api.whole import causes_of, citation_of, contributors_of, dumps
from kg.citation import cite
from kg.store.dumper import NAMES
from kg.store.journal import Entry
from kg.store.revisions import Revision

blueprint = Blueprint("revisions", __name__)

MOST_LISTED = 100


@blueprint.get("/revisions")
def revisions() -> Response:
    """List the revisions, the last first, a hundred at a time."""
    format = choose((*JSON, *citable()), page=True)
    fields.refuse_others("/revisions", ("before", *fields.OF_PAGE))
    language = accepted_language() if format in PAGES else ""
    before = fields.number("before", 10**9)
    conditional.check(format.type, language)
    kept = dumps().entries()
    there = [one for one in reversed(dumps().revisions()) if one.number < min(before, inquiry().revision().number + 1)]
    found, more = there[:MOST_LISTED], len(there) > MOST_LISTED
    following = f"/revisions?before={found[-1].number}" if more else None
    if format in PAGES:
        return page("revisions.html", say_in(language)("Revisions", "Revisiones"), found=found, kept=kept,
                    causes={number: list(causes_of(entry)) for number, entry in kept.items()}, following=following)
    return jsonify(revisions=[_told(one, kept.get(one.number)) for one in found], next=following)


@blueprint.get("/revisions/<name>")
def revision(name: str) -> Response:
    """Show a revision: when and why it was made, and what it changed, graph by graph; as RDF Patch every statement.

    ``?from=`` has the patch begin at an earlier revision than the one before.
    """
    text, _, suffix = name.partition(".")
    one = _revision(text)
    entry = dumps().entries().get(one.number)
    format = by_suffix(suffix, (*JSON, PATCH), f"/revisions/{one.number}")
    language = accepted_language() if format == PAGE else ""
    _check(one, format.type, language)
    earlier = fields.number("from", 0)
    if earlier >= one.number:
        raise NotFound(f"Revision {earlier} is not an earlier one than {one.number}, so no patch leads from it.")
    if format == PATCH and earlier:
        return respond(dumps().between(_revision(str(earlier)), one), format)
    if format == PATCH:
        if entry is None:
            raise NotFound(f"Revision {one.number} was made before changes were kept.")
        return respond(dumps().patch(entry), format)
    if format == PAGE:
        cited = cite(citation_of(one, language, contributors_of(one)), "text")
        return Response(render_template("revision.html", one=one, entry=entry, causes=list(causes_of(entry)), cited=cited,
                                        cites=cited_at(f"/revisions/{one.number}/citation"), names=NAMES, called=CALLED,
                                        local=local, say=say_in(language), language=language,
                                        newest=inquiry().revision().number))
    graphs = [{"graph": graph, "adds": came, "removes": went, "is": what}
              for graph, (came, went, what) in (entry.graphs if entry else {}).items()]
    folder = f"{request.url_root}revisions/{one.number}/"
    return jsonify(**_told(one, entry), graphs=graphs, patch=f"{folder[:-1]}.rdfp" if entry and entry.digest else None,
                   files=[folder + file for file in NAMES])


@blueprint.get("/revisions/<number>/citation")
@blueprint.get("/revisions/<number>/citation.<suffix>")
def citation(number: str, suffix: str = "") -> Response:
    """Cite a revision."""
    one = _revision(number)
    format = by_suffix(suffix, CITATIONS, f"/revisions/{one.number}/citation")
    language = accepted_language()
    _check(one, format.type, language)
    return cited_by_itself(citation_of(one, language, contributors_of(one)), format, f"/revisions/{one.number}/citation")


@blueprint.get("/revisions/<number>/<name>")
def file(number: str, name: str) -> Response:
    """Give a file of a revision, whichever it is."""
    return give(_revision(number), name)


def _revision(text: str) -> Revision:
    if not text.isdecimal() or len(text) > 9:
        raise NotFound(f"{text} is not the number of a revision; /revisions lists those that there are.")
    return dumps().revision(int(text))


def _check(one: Revision, format: str, language: str) -> None:
    """Give an answer about a revision a validator: of it and, since links and labels change, of the one that is served."""
    served = inquiry().revision()
    state = (str(one.number), one.made, str(served.number), served.made)
    conditional.check_state(state, datetime.fromisoformat(served.made), format, language)


def _told(one: Revision, entry: Entry | None) -> dict[str, Any]:
    kept = (entry.cause, entry.adds, entry.removes, len(entry.graphs)) if entry else (None,) * 4
    changed = dict(zip(("cause", "adds", "removes", "graphs_touched"), kept, strict=True))
    return {"number": one.number, "made": one.made, **changed, "experiences": list(causes_of(entry)),
            "address": f"{request.url_root}revisions/{one.number}"}
