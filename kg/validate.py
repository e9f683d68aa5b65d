"""Turns stated triples and shapes into a report of what is wrong in which record. The only door to pyshacl."""

import difflib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import rdflib
from pyshacl import validate as run_shacl
from pyshacl.errors import ReportableRuntimeError
from rdflib.namespace import RDF, SH

from kg.errors import SourceUnreadable
from kg.names import EDITORIAL_GRAPH, HAS_NAMED_GRAPH, ONTOLOGY_GRAPH, PREFIXES, RDF_TYPE, compact, local_name
from kg.store.rdf import NamedNode, Quad, Triple, n_triples, read_file


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong: the record and the property (IRIs), the value found if there is one, what to write.

    constraint: the name of the constraint component of SHACL that was broken, such as ``MinCount``; nothing where none was.
    """

    record: str
    property: str
    value: str
    message: str
    constraint: str = ""

    def __str__(self) -> str:
        found = f" has {self.value}, and that" if self.value else ""
        place = f", {compact(self.property)}" if self.property else ""
        return f"{self.record}{place}{found}: {self.message}"


logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # it prints a stack trace for each value that we report


def read_shapes(folder: Path) -> rdflib.Graph:
    """Read every shapes file of a folder as one graph. Raises SourceUnreadable with file, line and column."""
    return _graph(quad.triple for path in sorted(folder.glob("*.ttl")) for quad in read_file(path))


def validate(triples: Iterable[Triple], shapes: rdflib.Graph, language: str = "en") -> list[Violation]:
    """Check triples against shapes and return what is wrong, by record and property; an empty list means nothing.

    language: of the messages, ``en`` or ``es``. Nothing is inferred but what rdfs:subClassOf says to sh:class and to targets.
    Raises SourceUnreadable where a shape is none.
    """
    data = _graph(triples)
    try:
        _, report, _ = run_shacl(data, shacl_graph=shapes, inference="none", advanced=False, js=False, do_owl_imports=False)
    except ReportableRuntimeError as error:
        raise SourceUnreadable(f"A shape is not SHACL: {error}") from error
    assert isinstance(report, rdflib.Graph)
    found = [Violation(str(s), str(p), o.n3(), "the value is not of the form that its datatype has.")
             for s, p, o in data if isinstance(o, rdflib.Literal) and o.ill_typed]
    for result in report.subjects(RDF.type, SH.ValidationResult):
        messages = [m for m in report.objects(result, SH.resultMessage) if isinstance(m, rdflib.Literal)]
        fitting = [m for m in messages if m.language == language] or messages
        value = report.value(result, SH.value)
        record = report.value(result, SH.focusNode)
        path = report.value(result, SH.resultPath)
        found.append(Violation(
            record=str(record),
            property=str(path) if isinstance(path, rdflib.URIRef) else "",
            value="" if value is None or value == record else value.n3(),
            message=" ".join(sorted(str(m) for m in fitting)),
            constraint=local_name(str(report.value(result, SH.sourceConstraintComponent))).removesuffix("ConstraintComponent"),
        ))
    return sorted(found, key=lambda v: (v.record, v.property, v.value, v.message))


def check_names(quads: list[Quad]) -> list[Violation]:
    """Return what no shape can see: terms of our namespace that the ontology lacks, and graphs of no registered passage."""
    declared = {q.subject.value for q in quads if _in(q, ONTOLOGY_GRAPH) and isinstance(q.subject, NamedNode)}
    passages = {q.object.value for q in quads if q.predicate.value == HAS_NAMED_GRAPH and isinstance(q.object, NamedNode)}
    found = set()
    for quad in quads:
        if _in(quad, ONTOLOGY_GRAPH):
            continue
        record = str(getattr(quad.subject, "value", quad.subject))
        terms = [quad.predicate, quad.object] if quad.predicate.value == RDF_TYPE else [quad.predicate]
        for term in terms:
            if isinstance(term, NamedNode) and term.value.startswith(PREFIXES["par"]) and term.value not in declared:
                near = difflib.get_close_matches(term.value, declared, 1)
                hint = f"Did you mean {compact(near[0])}?" if near else "ontology/ has the terms that there are."
                found.add(Violation(record, quad.predicate.value, "", f"the ontology has no term {compact(term.value)}. {hint}"))
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and graph.value != EDITORIAL_GRAPH and graph.value not in passages:
            found.add(Violation(graph.value, "", "", "no passage has this named graph. Register the passage with "
                                                     "par:hasNamedGraph, or use the graph of one that is there."))
    return sorted(found, key=lambda v: (v.record, v.property, v.message))


def _in(quad: Quad, graph: str) -> bool:
    return isinstance(quad.graph_name, NamedNode) and quad.graph_name.value == graph


def _graph(triples: Iterable[Triple]) -> rdflib.Graph:
    graph = rdflib.Graph()
    try:
        graph.parse(data=n_triples(triples), format="nt")
    except ValueError as error:
        raise SourceUnreadable(f"A value cannot be read as RDF: {error}") from error
    return graph
