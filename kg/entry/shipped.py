"""Turns the shapes that ship into the form that they make."""

import functools
from collections import defaultdict

from kg.build import shipped_sources
from kg.entry.form import Form, read_form
from kg.load import read_ontology
from kg.names import RDFS_LABEL, expand
from kg.settings import shipped
from kg.store.rdf import NamedNode, read_file
from kg.submissions.known import Vocabulary


@functools.cache
def shipped_form() -> Form:
    """Return the form of an experience. Raises SourceUnreadable."""
    above = defaultdict(set)
    ontology = read_ontology(shipped_sources())
    for triple in ontology:
        if triple.predicate.value == expand("rdfs:subClassOf") and isinstance(triple.object, NamedNode):
            above[str(getattr(triple.subject, "value", ""))].add(triple.object.value)
    shapes = [quad.triple for path in sorted((shipped("ontology") / "shapes").glob("*.ttl")) for quad in read_file(path)]
    vocabulary = Vocabulary(frozenset(above), {one: frozenset(over) for one, over in above.items()})
    return read_form(shapes, vocabulary, (triple for triple in ontology if triple.predicate.value == RDFS_LABEL))
