"""Turns statements that were found into the bytes of a format, and refuses what the format cannot hold.

pyoxigraph writes XML that no parser reads where a text has a control character or a property no name that XML allows; what
cannot be written is an error here, with the formats that can.
"""

import re
from collections.abc import Iterable

from pyoxigraph import QuerySolutions, serialize

from kg.errors import AnswerUnwritable
from kg.names import OUTPUT_PREFIXES, PREFIXES
from kg.store.rdf import BlankNode, Literal, NamedNode, Quad, QueryResultsFormat, RdfFormat, Triple

RESULT_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
QUAD_FORMATS = {
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}
GRAPH_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
    **QUAD_FORMATS,
}

# What XML 1.0 has no way to write, section 2.2; in UTF-8 the last two are U+FFFE and U+FFFF.
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_ELEMENT_NAME = re.compile(r"[^\W\d][\w.\-]*$")
# Names that RDF/XML keeps for itself, section 7.2.2; rdf:li would be read as a number.
_NOT_PROPERTIES = frozenset(PREFIXES["rdf"] + name for name in (
    "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "aboutEach", "aboutEachPrefix", "bagID",
    "li"))


def write_graph(statements: Iterable[Triple] | Iterable[Quad], format: str) -> bytes:
    """Write triples or quads in a format of GRAPH_FORMATS.

    Raises AnswerUnwritable where the format cannot hold one of them.
    """
    if format == "rdfxml":
        triples = [statement.triple if isinstance(statement, Quad) else statement for statement in statements]
        statements = triples
        for iri in sorted({triple.predicate.value for triple in triples}):
            if iri in _NOT_PROPERTIES or not _ELEMENT_NAME.search(iri):
                raise AnswerUnwritable(f"RDF/XML has no way to write the property <{iri}>: its end is no name of an element. "
                                       "Ask for Turtle, N-Triples or JSON-LD.")
    try:
        body = serialize(statements, format=GRAPH_FORMATS[format], prefixes=OUTPUT_PREFIXES) or b""
    except OSError as error:
        raise AnswerUnwritable(f"The answer cannot be written in this format: {error}. Ask for Turtle or N-Triples.") from error
    return checked_xml(body) if format == "rdfxml" else body


def checked_xml(body: bytes) -> bytes:
    """Return XML that a parser reads as it was meant: carriage returns written as references, which it would else lose.

    Raises AnswerUnwritable for a character that XML cannot hold.
    """
    if found := _NOT_XML.search(body):
        code = ord(found.group().decode())
        raise AnswerUnwritable(f"The answer holds the character U+{code:04X}, which XML has no way to write. "
                               "Ask for JSON, CSV or TSV; for a graph, JSON-LD, Turtle or N-Triples.")
    return body.replace(b"\r", b"&#13;")


def quads_of(solutions: QuerySolutions) -> list[Quad]:
    """Return rows of subject, predicate, object and graph as statements in their graphs, each once, graph by graph."""
    quads: dict[Quad, None] = {}
    for subject, predicate, object, graph in solutions:
        assert isinstance(subject, NamedNode | BlankNode)
        assert isinstance(predicate, NamedNode)
        assert isinstance(object, NamedNode | BlankNode | Literal | Triple)
        assert isinstance(graph, NamedNode)
        quads[Quad(subject, predicate, object, graph)] = None
    return sorted(quads, key=lambda quad: str(quad.graph_name))
