"""Turns requests about contributions into what happens to them: sent, looked at, spoken of, accepted, published, taken back.

Reading is open; a draft is found by whoever knows its address. What was sent stands in no graph before it is published.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import NotFound, UnsupportedMediaType

from api import fields
from api.access import require
from api.answers import by_suffix, choose, inquiry, local, respond
from api.contribution_texts import TEXTS
from api.entry_told import read_rows, tell_rows
from api.language import page_language
from api.negotiation import GRAPHS, JSON, PAGE, QUADS
from kg.contributions.contribute import Contributing
from kg.contributions.ledger import ACTIONS, MOVES, Contribution
from kg.contributions.trees import contribution_tree, difference_tree
from kg.entry.sheets import FORMAT_OF_SUFFIX, SHEET_FORMATS
from kg.errors import ParameterInvalid
from kg.store.changes import Upload
from kg.store.written import write_graph
from kg.submissions.finding import shown
from kg.submissions.known_things import KnownThings

blueprint = Blueprint("contributions", __name__)

TYPES = {**{format.type: format.key for format in (*GRAPHS, *QUADS)}, **{type: key for key, type in SHEET_FORMATS.items()}}
_SHOWN = 500  # statements of a difference on a page
_FIELDS = ("draft", "note", "language", "format")


def contributing() -> Contributing:
    """Return what keeps contributions. Raises NotFound where this server takes none."""
    found = current_app.extensions["contributing"]
    if not isinstance(found, Contributing):
        raise NotFound("This server takes no contributions: its graph is published from another, or it serves a plain store.")
    return found


@blueprint.get("/contributions")
def contributions() -> Response:
    """List the contributions that moved last, drafts aside, or those of an earlier edition of the shapes."""
    format = choose(JSON, page=True)
    fields.refuse_others("/contributions", ("format", "language", "behind"))
    words, behind = _words(), fields.once("behind")
    if behind not in ("", "1"):
        raise ParameterInvalid(f"behind={behind} will not do: 1 lists the cases of an earlier edition of the shapes.",
                               f"behind={behind} no sirve: 1 muestra los casos de una edición anterior de las reglas.")
    found = (contributing().behind() if behind else
             [one for one in contributing().ledger.recent() if one.state != "draft"])
    if format == PAGE:
        return Response(render_template("contributions.html", found=found, behind=behind, suffixes=[*FORMAT_OF_SUFFIX], **words))
    return jsonify(contributions=[contribution_tree(one) for one in found])


@blueprint.post("/contributions")
def submit() -> tuple[Response, int, dict[str, str]]:
    """Take a new contribution, as RDF, as a workbook, or as CSV files in a ZIP."""
    return _taken("")


@blueprint.get("/contributions/<id>")
def contribution(id: str) -> Response:
    """Show where a contribution stands, what happened to it, and what it changes of the published graph."""
    format = choose(JSON, page=True)
    one = contributing().ledger.get(id)
    difference = contributing().difference(one)
    if format == PAGE:
        words = _words()
        rows = read_rows(one, contributing().quads(one, one.edition), words["language"])
        told = tell_rows(rows, words["language"], words["texts"]["passage"])
        name = next((record.title for record in told if record.title), one.key)
        return Response(render_template("contribution.html", one=one, name=name, told=told, beyond=rows.beyond,
                                        difference=difference, moves=_open_moves(one), most=_SHOWN, local=local, shown=shown,
                                        **words))
    return jsonify(**contribution_tree(one, events=True), changes=difference_tree(difference))


@blueprint.post("/contributions/<id>")
def submit_again(id: str) -> tuple[Response, int, dict[str, str]]:
    """Take the next edition of a contribution."""
    return _taken(id)


@blueprint.get("/contributions/<id>/editions/<name>")
def edition(id: str, name: str) -> Response:
    """Give an edition of a contribution as RDF."""
    number, _, suffix = name.partition(".")
    one = contributing().ledger.get(id)
    if not number.isdecimal() or not 1 <= int(number) <= one.edition:
        raise NotFound(f"The contribution has the editions 1 to {one.edition}.")
    format = by_suffix(suffix, (*QUADS, *GRAPHS), f"/contributions/{id}/editions/{number}")
    quads = contributing().quads(one, int(number))
    return respond(write_graph(quads if format in QUADS else [quad.triple for quad in quads], format.key), format)


@blueprint.post("/contributions/<id>/<action>")
def move(id: str, action: str) -> Response:
    """Comment on a contribution, ask for changes, accept, refuse, publish, revert, withdraw or join it, or take a person out."""
    if action not in ACTIONS:
        raise NotFound(f"Nothing is done by {action}. There is: {', '.join(ACTIONS)}.")
    token = require("write")
    given = request.get_json(silent=True) if request.is_json else request.form
    given = given if isinstance(given, Mapping) else {}
    note, repeats = str(given.get("note", "")), request.headers.get("Idempotency-Key", "")
    if action == "remove-person":
        removed = contributing().remove_person(token, id, str(given.get("person", "")), note)
        return jsonify(**contribution_tree(removed.contribution), places=removed.places, left=removed.left)
    if action == "revert":
        version = str(given.get("version", ""))
        one = contributing().revert(token, id, int(version) if version.isdecimal() else 0, note, repeats).contribution
    else:
        stays = str(given.get("into", "")) if action == "join" else ""
        into = KnownThings(inquiry()).things([stays]).get(stays) if stays else None
        one = contributing().move(token, id, action, note, repeats, into)
    if choose(JSON, page=True) == PAGE:
        return current_app.redirect(f"/contributions/{id}", 303)  # type: ignore[return-value]
    return jsonify(contribution_tree(one))


def _taken(id: str) -> tuple[Response, int, dict[str, str]]:
    token = require("write")
    fields.refuse_others("/contributions", _FIELDS)
    if request.mimetype not in TYPES:
        raise UnsupportedMediaType(f"A contribution is sent as {', '.join(TYPES)}, not as {request.mimetype or 'nothing'}.")
    fields.check_charset(request.mimetype_params.get("charset", "utf-8"))
    upload, given = Upload(request.get_data(), TYPES[request.mimetype]), request.args
    taken = contributing().take(token, upload, id, given.get("draft") == "1", given.get("note", ""),
                                request.headers.get("Idempotency-Key", ""), given.get("language") or "en")
    path = f"/contributions/{taken.contribution.id}"
    told = jsonify(**contribution_tree(taken.contribution), findings=taken.findings)
    return told, 200 if taken.repeated or id else 201, {"Location": path}


def _words() -> dict[str, Any]:
    language = page_language()
    return {"language": language, "other": "en" if language == "es" else "es", "texts": TEXTS[language]}


def _open_moves(one: Contribution) -> list[str]:
    newest = contributing().newest
    return [action for action in ACTIONS if one.state in MOVES[action].at and (action != "revert" or one.versions)
            and (action != "carry-over" or one.is_behind(newest))]
