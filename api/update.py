"""Turns requests of the SPARQL 1.1 Protocol for updates into revisions.

Source: SPARQL 1.1 Protocol (W3C, 2013), section 2.2: POST of a form, POST of the update itself.
"""

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from api import fields
from api.access import amending, expected_revision, require, tag
from kg.amend import Update

blueprint = Blueprint("update", __name__)

FORM = "application/x-www-form-urlencoded"
UPDATE = "application/sparql-update"


@blueprint.post("/update")
def update() -> Response:
    """Carry out an update; one request is one revision."""
    require("admin")
    if request.mimetype not in (FORM, UPDATE):
        raise UnsupportedMediaType(f"An update is posted as {FORM} (update=…) or as {UPDATE}, not as "
                                   f"{request.mimetype or 'nothing'}.")
    fields.check_charset(request.mimetype_params.get("charset", "utf-8"))
    given = fields.of_address()
    body = request.get_data()
    sent = fields.of_form(body) if request.mimetype == FORM else {"update": [fields.utf8(body)]}
    for name, values in sent.items():
        given.setdefault(name, []).extend(values)
    if "query" in given:
        raise BadRequest("This is a query, which changes nothing. Send it to /sparql.")
    asked = given.get("update", [])
    if len(asked) != 1:
        raise BadRequest(f"A request has one update; this one has {len(asked)}. Join several by semicolons.")
    change = Update(asked[0], tuple(given.get("using-graph-uri", ())), tuple(given.get("using-named-graph-uri", ())))
    revision, _ = amending().change(change, expected_revision())
    return Response(status=204, headers={"ETag": f'"{tag(revision)}"'})
