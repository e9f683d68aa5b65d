"""Turns an update that is a LOAD from an allowed host into the same change as an upload of what stands there.

Source: SPARQL 1.1 Update (W3C, 2013), section 3.1.4.
"""

from kg.errors import HostNotAllowed, ServiceFailed
from kg.store.abroad import Abroad
from kg.store.changes import Change, GraphChange, Update, Upload
from kg.store.prologue import Reading, is_declaration, refused
from kg.store.sparql import LONGEST_QUERY

_FORMATS = {"text/turtle": "turtle", "application/n-triples": "ntriples", "application/rdf+xml": "rdfxml",
            "application/ld+json": "jsonld"}


def loaded(update: Update, abroad: Abroad) -> Change:
    """Return the change that an update with a LOAD makes, once what it names is fetched; any other update as it is.

    So is a LOAD SILENT whose document cannot be had: carried out without a network, it changes nothing and says so to nobody.
    Raises what Abroad.document raises, and QueryMalformed for a LOAD that does not stand alone in its request.
    """
    if not abroad.allowed or len(update.text) > LONGEST_QUERY:
        return update  # for kg.store.updates to refuse
    reading = Reading(update.text)
    words = [token for token in reading.tokens if token.kind == "word" and token.text.upper() == "LOAD"]
    if not words:
        return update
    alone = refused(words[0], "a LOAD stands alone in its request here, as LOAD <document> INTO GRAPH <graph>. Send the rest as "
                    "another update")
    token = reading.take()
    while is_declaration(token):
        reading.declare(token)
        token = reading.take()
    if token is not words[0]:
        raise alone
    document = reading.take()
    if silent := document.text.upper() == "SILENT":
        document = reading.take()
    iri, graph, following = reading.iri(document), "", reading.take()
    if following.text.upper() == "INTO":
        if reading.take().text.upper() != "GRAPH":
            raise alone
        graph, following = reading.iri(reading.take()), reading.take()
    if following.kind != "end" and (following.text != ";" or reading.take().kind != "end"):
        raise alone
    try:
        return GraphChange("POST", graph, (_fetched(iri, abroad),), iri)
    except (ServiceFailed, HostNotAllowed):
        if silent:
            return update
        raise


def _fetched(iri: str, abroad: Abroad) -> Upload:
    reply = abroad.document(iri, tuple(_FORMATS))
    if reply.type not in _FORMATS:
        raise ServiceFailed(f"<{iri}> gave {reply.type or 'no type'}, and what is loaded is one of {', '.join(_FORMATS)}.")
    return Upload(reply.body, _FORMATS[reply.type])
