"""Turns what a reader of any page says is wrong into a report that waits for a reviewer, and its address into where it stands.

Sending takes no token. Whoever knows the address of a report, which cannot be guessed, sees where it stands; who waits in all,
and how to reach who reported, is for reviewers. The public sees how many wait.
"""

import ipaddress
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge, UnsupportedMediaType

from api import fields
from api.access import bearer, refuse_other_sites, require
from api.answers import choose, local
from api.negotiation import JSON, PAGE
from kg.contributions.reports import ACTIONS, LONGEST_FIELD, LONGEST_REPORT, Report, Reports
from kg.errors import ParameterInvalid
from kg.names import brief

blueprint = Blueprint("reports", __name__)

LARGEST_REPORT_BYTES = 64 << 10
FIELDS = ("what", "about", "where", "source", "contact")
_FORM = "application/x-www-form-urlencoded"
_STATES = {"waiting": ("waiting", "en espera"), "answered": ("answered", "respondido"), "closed": ("closed", "cerrado")}


def reports() -> Reports:
    """Return what keeps reports. Raises NotFound where this server takes none."""
    found = current_app.extensions["reports"]
    if not isinstance(found, Reports):
        raise NotFound("This server takes no reports: its store is a plain one.")
    return found


def page_asked() -> str:
    """Return which page is asked for, for the links by which it is reported and by which its language is changed."""
    address = request.full_path if request.args else request.path
    return address if len(address) <= LONGEST_FIELD else request.path[:LONGEST_FIELD]


@blueprint.get("/reports/new")
def new_report() -> Response:
    """Show the form by which anybody says what is wrong."""
    choose((), page=True)
    fields.refuse_others("/reports/new", (*FIELDS, "language", "format"))
    given = {name: request.args.get(name, "")[:LONGEST_FIELD] for name in FIELDS}
    waiting = reports().count()
    return Response(render_template("report_new.html", given=given, waiting=waiting, most=LONGEST_REPORT, longest=LONGEST_FIELD))


@blueprint.post("/reports")
def report() -> tuple[Response, int, dict[str, str]] | Response:
    """Take a report, as a form or as JSON."""
    refuse_other_sites()
    given = _given(FIELDS)
    format = choose(JSON, page=True)
    found = reports().take(_client(), **given)
    if format == PAGE:
        return redirect(f"/reports/{found.id}", 303)  # type: ignore[return-value]
    return jsonify(_told(found)), 201, {"Location": f"/reports/{found.id}"}


@blueprint.get("/reports")
def all_reports() -> Response:
    """List the reports that wait, the oldest first, to those who review."""
    require("review")
    format = choose(JSON, page=True)
    fields.refuse_others("/reports", ("language", "format"))
    found = reports().waiting()
    if format == PAGE:
        return Response(render_template("reports.html", found=found, of=reports().count(), brief=brief,
                                        states=_STATES))
    return jsonify(reports=[{**_told(one), "contact": one.contact or None} for one in found])


@blueprint.get("/reports/<id>")
def one_report(id: str) -> Response:
    """Show where a report stands to whoever knows its address; how to reach who sent it to those who review."""
    format = choose(JSON, page=True)
    one = reports().get(id)
    token = bearer()
    reviews = token is not None and token.allows("review")
    if format == PAGE:
        response = Response(render_template("report.html", one=one, reviews=reviews, local=_linked, brief=brief, actions=ACTIONS,
                                            states=_STATES))
    else:
        response = jsonify({**_told(one), **({"contact": one.contact or None} if reviews else {})})
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"  # its address is what opens it
    return response


@blueprint.post("/reports/<id>/<action>")
def answer_report(id: str, action: str) -> Response:
    """Answer a report, or close it, with a note that whoever sent it can read."""
    token = require("review")
    if action not in ACTIONS:
        raise NotFound(f"Nothing is done by {action}. There is: {', '.join(ACTIONS)}.")
    one = reports().move(id, token.name, action, _given(("note",)).get("note", ""))
    if choose(JSON, page=True) == PAGE:
        return redirect(f"/reports/{id}", 303)  # type: ignore[return-value]
    return jsonify(_told(one))


def _given(names: tuple[str, ...]) -> dict[str, str]:
    """Return the fields of a form or of JSON; a report must have ``what``. Raises ParameterInvalid for others."""
    body = request.get_data()
    if len(body) > LARGEST_REPORT_BYTES:
        raise RequestEntityTooLarge(f"A report has at most {LARGEST_REPORT_BYTES >> 10} kB.")
    if request.mimetype == _FORM:
        given: object = {name: values[-1] for name, values in fields.of_form(body).items()}
    elif request.is_json:
        given = request.get_json(silent=True)
    else:
        raise UnsupportedMediaType(f"A report is sent as {_FORM} or application/json, not as {request.mimetype or 'nothing'}.")
    if not isinstance(given, Mapping) or not all(isinstance(value, str) for value in given.values()):
        raise ParameterInvalid(f"The body is to be fields with texts: {', '.join(names)}.")
    if unknown := [name for name in given if name not in (*names, "format")]:
        raise ParameterInvalid(f"There is no field {unknown[0]!r} here. There is: {', '.join(names)}.")
    return {"what": "", **given} if "what" in names else dict(given)


def _client() -> str:
    """Return whom a report is counted for: the address that it comes from, of IPv6 the network of a household.

    A proxy on this machine says last in X-Forwarded-For whom it speaks for.
    """
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
        if address.is_loopback and (passed_on := request.headers.get("X-Forwarded-For")):
            address = ipaddress.ip_address(passed_on.rpartition(",")[2].strip())
    except ValueError:
        return request.remote_addr or ""
    return str(ipaddress.ip_network((address, 64), strict=False) if address.version == 6 else address)


def _linked(about: str) -> str:
    """Return where a link to what a report is about leads: into this server alone, or nowhere."""
    path = about if about.startswith("/") else local(about)
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else ""


def _told(one: Report) -> dict[str, Any]:
    return {"id": one.id, "state": one.state, "at": one.at, "what": one.what, "about": one.about or None,
            "where": one.where or None, "source": one.source or None, "page": f"/reports/{one.id}",
            "answers": [{"at": done.at, "did": done.did, "note": done.note} for done in one.events]}
