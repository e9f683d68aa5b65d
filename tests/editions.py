"""Turns the shapes into the digest of what constrains in them: names, order and messages aside.

    python -m tests.editions
"""

import hashlib

import click
from rdflib import RDF, URIRef
from rdflib.compare import to_canonical_graph

from kg.names import DASH, expand
from kg.settings import shipped
from kg.validate import read_shapes

SH = "http://www.w3.org/ns/shacl#"
# What a field is called, where it stands and what is filled in by itself constrains nothing.
SPOKEN = {SH + name for name in ("name", "description", "message", "order", "group", "defaultValue")} | {DASH + "hidden"}
OFFERED = (SH + "PropertyGroup", expand("dcterms:LicenseDocument"))  # the parts of the form, and licences to choose from


def digest_of(shapes):
    """Return the digest of an rdflib graph of shapes: equal where they ask for the same in other words."""
    offered = {thing for kind in OFFERED for thing in shapes.subjects(RDF.type, URIRef(kind))}
    asked = type(shapes)()
    for triple in shapes:
        if str(triple[1]) not in SPOKEN and triple[0] not in offered:
            asked.add(triple)
    lines = sorted(" ".join(term.n3() for term in triple) for triple in to_canonical_graph(asked))
    return "sha256:" + hashlib.sha256("\n".join(lines).encode()).hexdigest()


def shipped_digest():
    return digest_of(read_shapes(shipped("ontology") / "shapes"))


if __name__ == "__main__":
    click.echo(shipped_digest())
