"""Turns a request for the whole of the graph into files of it: with date, size and checksum, sent as they are read.

Source: RFC 9530 for Repr-Digest; RFC 9110, section 14, for parts of a file.
"""

import base64
from datetime import datetime

from flask import Blueprint, Response, jsonify, request, send_file
from werkzeug.exceptions import NotFound

from api import conditional, fields, linked
from api.answers import accepted_language, choose, inquiry, say_in, with_links
from api.front import STREAMED
from api.negotiation import CITATIONS, JSON, PAGES
from api.taking import page
from api.whole import citation_of, contributors_of, dumps
from kg.names import LICENCE, REVISION
from kg.store.dumper import NAMES
from kg.store.dumps import File
from kg.store.revisions import Revision

blueprint = Blueprint("download", __name__)

CALLED = {"dataset.nq.gz": ("The whole graph with its named graphs, as N-Quads", "Todo el grafo con sus grafos, en N-Quads"),
          "dataset.trig.gz": ("The same as TriG", "Lo mismo en TriG"),
          "dataset.ttl.gz": ("All statements without the graphs, as Turtle", "Todas las afirmaciones sin los grafos, en Turtle"),
          "ontology.ttl": ("The ontology, as Turtle", "La ontología, en Turtle")}


@blueprint.get("/download")
def files() -> Response:
    """List the files of the revision that is served, each with its size and checksum; made if they are not there yet."""
    format = choose((*JSON, *CITATIONS), page=True)
    fields.refuse_others("/download", fields.OF_PAGE)
    language = accepted_language() if format in PAGES else ""
    revision = _asked_for()
    if "revision" in request.args:
        dumps().files(revision)  # made before an earlier one is asked anything, for which others may wait
    conditional.check(format.type, language)
    there = dumps().files(revision)
    if format in PAGES:
        return page("download.html", say_in(language)("Files of the whole", "Archivos de todo el grafo"),
                    citation=citation_of(revision, language, contributors_of(revision)),
                    linked=linked.whole(revision, language, [(file.name, file.type, file.size_bytes, file.sha256)
                                                             for file in there.values()]),
                    revision=revision, files=there.values(), called=CALLED)
    return jsonify(revision=revision.number, made=revision.made, licence=LICENCE,
                   files=[told(file, f"{request.url_root}download/") for file in there.values()])


@blueprint.get("/download/<name>")
def file(name: str) -> Response:
    """Give a file of the revision that is served."""
    return give(_asked_for(), name)


def _asked_for() -> Revision:
    """Return the revision that the address names, or else that which is served. Raises what Dumps.revision raises."""
    number = fields.number("revision", 0)
    return dumps().revision(number) if number else inquiry().revision()


def give(revision: Revision, name: str) -> Response:
    """Give a file of a revision, whole or the part that Range names. Raises NotFound, and what Dumps.files raises."""
    if name not in NAMES:
        raise NotFound(f"There is no file {name}. There is: {', '.join(NAMES)}.")
    found = dumps().files(revision)[name]
    request.environ[STREAMED] = True
    made = datetime.fromisoformat(revision.made)
    response = send_file(found.path.resolve(), found.type, as_attachment=True, conditional=True, etag=found.sha256,
                         download_name=f"cocina-par-{revision.number}-{name}", last_modified=made)
    response.headers.remove("Date")  # the server puts it on
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(found.sha256)).decode()}:"
    return with_links(response, {"cite-as": f"{REVISION}{revision.number}", "license": LICENCE})


def told(file: File, root: str) -> dict[str, object]:
    """Return what is told of a file in JSON; root: the address of its folder."""
    return {"name": file.name, "address": root + file.name, "type": file.type, "holds": file.holds, "size_bytes": file.size_bytes,
            "sha256": file.sha256}
