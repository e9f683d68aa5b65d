"""Turns questions about the data set and its endpoint into descriptions of the revision that is served."""

from typing import cast

from flask import Blueprint, Response, current_app, request

from api import conditional
from api.answers import choose, inquiry, is_of_earlier, respond
from api.negotiation import GRAPHS
from kg.describe import Figures, describe_dataset, describe_service, measure
from kg.store.dumps import Dumps
from kg.store.revisions import Revision
from kg.store.written import write_graph

blueprint = Blueprint("description", __name__)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Describe the data set: VoID and DCAT."""
    format = choose(GRAPHS, page=False)
    dumps = cast(Dumps | None, current_app.extensions["dumps"])
    files = dumps.offered(inquiry().revision()) if dumps else []
    conditional.check(format.type, "measured" if any(file.sha256 for file in files) else "")
    return respond(write_graph(describe_dataset(_figures(), request.url_root, files), format.key), format)


def of_service(format: str) -> bytes:
    """Describe the endpoint, in a format of the engine."""
    return write_graph(describe_service(_figures(), request.url_root), format)


def _figures() -> Figures:
    """Return the figures of this revision, which are counted once."""
    if is_of_earlier():
        return measure(inquiry())
    kept = cast(dict[Revision, Figures], current_app.extensions["figures"])
    revision = inquiry().revision()
    found = kept.get(revision)
    if found is None:
        found = measure(inquiry())
        kept.clear()
        kept[revision] = found
    return found
