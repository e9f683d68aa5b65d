"""Turns requests of the SPARQL 1.1 Protocol for updates into revisions.

Source: SPARQL 1.1 Protocol (W3C, 2013), section 2.2: POST of a form, POST of the update itself.
"""

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from api.access import amending, body, expected_revision, require, tag
from kg.amend import Update

blueprint = Blueprint("update", __name__)

FORM = "application/x-www-form-urlencoded"
UPDATE = "application/sparql-update"


@blueprint.post("/update")
def update() -> Response:
    """Carry out an update; one request is one revision."""
    require("admin")
    values = request.form if request.mimetype == FORM else request.args
    if request.mimetype == FORM:
        asked = request.form.getlist("update")
    elif request.mimetype == UPDATE:
        try:
            asked = [body().decode("utf-8")]
        except UnicodeDecodeError as error:
            raise BadRequest(f"The update is not UTF-8: {error}") from error
    else:
        raise UnsupportedMediaType(f"An update is posted as {FORM} (update=…) or as {UPDATE}, not as "
                                   f"{request.mimetype or 'nothing'}.")
    if len(asked) != 1:
        raise BadRequest(f"A request has one update; this one has {len(asked)}. Join several by semicolons.")
    change = Update(asked[0], tuple(values.getlist("using-graph-uri")), tuple(values.getlist("using-named-graph-uri")))
    revision, _ = amending().change(change, expected_revision())
    return Response(status=204, headers={"ETag": f'"{tag(revision)}"'})
