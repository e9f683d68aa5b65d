"""Turns RDF files into quads and quads into files; hands on the RDF terms of pyoxigraph."""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from kg.errors import SourceUnreadable, UploadMalformed

# The formats in which one graph can be sent, by the names that api and command line use.
UPLOAD_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
# The formats in which a new experience can be sent: it may name the graphs of its passages.
SUBMISSION_FORMATS = {**UPLOAD_FORMATS, "trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS}

# As what each of them is sent.
MEDIA_TYPES = {"turtle": "text/turtle", "ntriples": "application/n-triples", "jsonld": "application/ld+json",
               "rdfxml": "application/rdf+xml", "trig": "application/trig", "nquads": "application/n-quads"}

__all__ = [
    "MEDIA_TYPES", "SUBMISSION_FORMATS", "UPLOAD_FORMATS", "BlankNode", "DefaultGraph", "Literal", "NamedNode",
    "Quad", "QueryResultsFormat", "RdfFormat", "Triple", "n_triples", "read_file", "read_n_quads",
]


def read_file(path: Path, into: NamedNode | None = None, missing: NamedNode | None = None) -> list[Quad]:
    """Read a Turtle or TriG file.

    into: the graph for all triples of the file; missing: for those that it puts in none; without them these stay in the default
    graph.
    Blank nodes are renamed, so that two files never share one.
    Raises SourceUnreadable with file, line and column.
    """
    format = RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE
    try:
        quads = parse(path=path, format=format, rename_blank_nodes=True)
        if into is None and missing is None:
            return list(quads)
        return [Quad(q.subject, q.predicate, q.object, into or missing or q.graph_name)
                if into or isinstance(q.graph_name, DefaultGraph) else q for q in quads]
    except SyntaxError as error:
        fault = str(error.msg).partition(": ")[2] or str(error.msg)
        place = f", line {error.lineno}, column {error.offset}" if error.lineno else ""
        raise SourceUnreadable(f"{path}{place}: {fault}. Mend the line and build again.") from error
    except (OSError, ValueError) as error:
        raise SourceUnreadable(f"{path}: cannot be read ({error}).") from error


def read_n_quads(body: bytes) -> list[Quad]:
    """Return the quads of N-Quads that this project has written. Raises UploadMalformed where it is none."""
    try:
        return list(parse(body, RdfFormat.N_QUADS))
    except (SyntaxError, ValueError) as error:
        raise UploadMalformed(f"This is not N-Quads: {error}") from error


def n_triples(triples: Iterable[Triple]) -> bytes:
    """Write triples as N-Triples."""
    return bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
