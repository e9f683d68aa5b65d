"""Turns RDF that somebody sent into quads and the places where they stand, within limits; or tells why it cannot be read.

To be called in a process that can be ended: some input costs the parser more than any limit here foresees.
"""

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from xml.parsers import expat

from pyoxigraph import parse

from kg.errors import UploadMalformed
from kg.names import RDF_TYPE, XSD_DECIMAL
from kg.store.changes import Upload, check_json
from kg.store.context import with_own_context
from kg.store.places import Places, places_of
from kg.store.rdf import SUBMISSION_FORMATS, Literal, NamedNode, Quad, RdfFormat

LARGEST_BYTES = 8 << 20
MOST_QUADS = 10_000
DEEPEST_XML = 200
LARGEST_ENTITIES_BYTES = 1 << 20
# What a relative IRI of JSON-LD is read as; the parser would else leave the statement out and say nothing.
RELATIVE = "urn:x-parkg:relative/"

_ENTITY = re.compile(rb"<!ENTITY\s+(%?\s*[^\s>]+)\s+(?:\"([^\"]*+)\"|'([^']*+)'|[^>]*+)")
_REFERENCE = re.compile(rb"&([^\s;#&]+);")
_MARKUP = re.compile(rb"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<![^>\[]*+
                           |<(/?)[^\s<>/!?"']++(?:[^<>"'/]|"[^"]*+"|'[^']*+'|/(?!>))*+(/?)>""", re.DOTALL | re.VERBOSE)
_PLACE_OF_FAULT = re.compile(r"^Parser error (?:at line \d+[^:]*|between[^:]*): ")
# What parsers say, and the fault that it is: the first that fits.
_FAULTS = {"prefix": "has not been declared", "remote_context": "remote context", "relative": "No scheme found", "bad_iri": "IRI"}
# A number of JSON with a fraction, as JSON-LD 1.1 (section 8.2.2, step 10) writes it, whatever its datatype.
_OF_JSON = re.compile(r"-?\d\.\d+E-?\d{1,2}")
_TEXT_FORMATS = ("turtle", "trig", "ntriples", "nquads")


@dataclass(frozen=True)
class Fault:
    """Why something cannot be read: the name of the fault, its place (0: unknown), the line there, and what the parser says."""

    name: str
    line: int = 0
    column: int = 0
    found: str = ""
    said: str = ""


@dataclass(frozen=True)
class Sent:
    """What was read: the quads, where they stand, and the fault that ended the reading, if there is one."""

    quads: list[Quad] = field(default_factory=list)
    places: Places = field(default_factory=dict)
    fault: Fault | None = None


def read_sent(upload: Upload) -> Sent:
    """Read what somebody sent; its format is a key of SUBMISSION_FORMATS. Blank nodes keep their names."""
    if len(upload.body) > LARGEST_BYTES:
        return Sent(fault=Fault("too_large"))
    try:
        text = upload.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = upload.body[:error.start]
        return Sent(fault=Fault("not_utf8", before.count(b"\n") + 1, error.start - before.rfind(b"\n")))
    if "\0" in text:
        return Sent(fault=Fault("not_utf8", text.count("\n", 0, text.index("\0")) + 1))
    body = text.encode()
    if fault := _too_deep(Upload(body, upload.format)):
        return Sent(fault=fault)
    whole = with_own_context(text) if upload.format == "jsonld" else text
    try:
        quads = _parsed(whole, upload.format)
    except SyntaxError as error:
        return Sent(fault=_fault(error, text, upload.format))
    except (ValueError, OSError) as error:
        return Sent(fault=Fault("syntax", said=str(error)))
    if upload.format == "jsonld" and len(quads) <= MOST_QUADS:
        quads += _lost(whole)
    if len(quads) > MOST_QUADS:
        return Sent(fault=Fault("too_many"))
    return Sent(quads, places_of(text) if upload.format in _TEXT_FORMATS else {})


def _parsed(text: str, format: str) -> list[Quad]:
    if format != "jsonld":
        return list(islice(parse(text.encode(), SUBMISSION_FORMATS[format]), MOST_QUADS + 1))
    return [_plain(quad) for quad in islice(parse(text.encode(), RdfFormat.JSON_LD, base_iri=RELATIVE), MOST_QUADS + 1)]


def _plain(quad: Quad) -> Quad:
    """Return a statement with its number as decimals are written; JSON-LD makes 1.225E1 of the 12.25 that somebody wrote."""
    number = quad.object
    if not isinstance(number, Literal) or number.datatype.value != XSD_DECIMAL or not _OF_JSON.fullmatch(number.value):
        return quad
    plain = Literal(format(Decimal(number.value).normalize(), "f"), datatype=number.datatype)
    return Quad(quad.subject, quad.predicate, plain, quad.graph_name)


def _lost(text: str) -> list[Quad]:
    """Return the statements of JSON-LD whose terms its context lacks, and which a parser leaves out and says nothing."""
    try:
        tree = json.loads(text)
        for node in tree if isinstance(tree, list) else [tree]:
            if isinstance(node, dict):
                own = node.get("@context", [])
                node["@context"] = [{"@vocab": RELATIVE}, *(own if isinstance(own, list) else [own])]
        quads = islice(parse(json.dumps(tree), RdfFormat.JSON_LD, base_iri=RELATIVE), MOST_QUADS + 1)
        return [q for q in quads if q.predicate.value.startswith(RELATIVE)
                or (q.predicate.value == RDF_TYPE and isinstance(q.object, NamedNode) and q.object.value.startswith(RELATIVE))]
    except (SyntaxError, ValueError):  # it has no terms of its own that could be told apart so
        return []


def _too_deep(upload: Upload) -> Fault | None:
    """Return the fault of what a parser would need too much depth or memory for."""
    if upload.format == "jsonld":
        try:
            check_json(upload.body)
        except UploadMalformed:
            return Fault("too_deep")
    if upload.format == "rdfxml":
        if _expanded_bytes(upload.body) > LARGEST_ENTITIES_BYTES:
            return Fault("entities")
        depth = 0
        for match in _MARKUP.finditer(upload.body):
            if match[1] is not None and not match[2]:
                depth += -1 if match[1] else 1
            if depth > DEEPEST_XML:
                return Fault("too_deep", upload.body.count(b"\n", 0, match.start()) + 1)
    return None


def _expanded_bytes(body: bytes) -> float:
    """Return how many bytes the entities of an XML document come to; without end where one is made of others."""
    values = {match[1]: match[2] or match[3] or b"" for match in _ENTITY.finditer(body)}
    if any(b"&" in value or b"%" in value or name.startswith(b"%") for name, value in values.items()):
        return float("inf")
    return sum(len(values.get(match[1], b"")) for match in _REFERENCE.finditer(body))


def _fault(error: SyntaxError, text: str, format: str) -> Fault:
    said = _PLACE_OF_FAULT.sub("", str(error.msg))
    line, column = error.lineno or 0, error.offset or 0
    if not line and format == "rdfxml":
        line, column = _place_in_xml(text)
    lines = text.split("\n")
    found = lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""
    for name, words in _FAULTS.items():
        if words in said:
            return Fault(name, line, column, found, said)
    return Fault("syntax", line, column, found, said)


def _place_in_xml(text: str) -> tuple[int, int]:
    """Return where XML is not well-formed, since the parser of RDF/XML does not tell; nowhere where it is."""
    parser = expat.ParserCreate()
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        return error.lineno, error.offset + 1
    return 0, 0
