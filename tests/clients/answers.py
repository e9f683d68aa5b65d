"""Turns what each client hands its user into one form, so that the answers of any two can be compared.

An answer is a truth (ASK), rows in their order (SELECT: each a mapping of columns to terms, without those that have no value) or
a set of triples (CONSTRUCT).
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pyoxigraph
import rdflib
from rdflib.query import Result

STRING = "http://www.w3.org/2001/XMLSchema#string"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


class Term(NamedTuple):
    """An IRI or a literal; a plain string has neither language nor datatype."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""


Row = dict[str, Term]
Answer = bool | list[Row] | set[tuple[Term, ...]]


def of_oxigraph(result: Any) -> Answer:
    """Return the answer that pyoxigraph gave in process."""
    if isinstance(result, pyoxigraph.QueryBoolean):
        return bool(result)
    if isinstance(result, pyoxigraph.QueryTriples):
        return {tuple(map(_oxigraph_term, triple)) for triple in result}
    names = [variable.value for variable in result.variables]
    return [{name: _oxigraph_term(term) for name, term in zip(names, row, strict=True) if term is not None} for row in result]


def of_rdflib(result: Result) -> Answer:
    """Return the answer that rdflib read."""
    if result.type == "ASK":
        return bool(result.askAnswer)
    if result.type == "CONSTRUCT":
        return of_graph(result.graph)
    return [{str(name): _rdflib_term(term) for name, term in row.items()} for row in result.bindings]


def of_graph(graph: Any) -> Answer:
    """Return the triples of an rdflib graph."""
    return {tuple(map(_rdflib_term, triple)) for triple in graph}


def of_json(answer: Mapping[str, Any]) -> Answer:
    """Return the answer in SPARQL results JSON; one with ``triples``, each a list of terms in the same form, is a graph."""
    if "boolean" in answer:
        return bool(answer["boolean"])
    if "triples" in answer:
        return {tuple(map(_json_term, triple)) for triple in answer["triples"]}
    return [{name: _json_term(term) for name, term in row.items()} for row in answer["results"]["bindings"]]


def of_records(records: Iterable[Mapping[str, Any]]) -> Answer:
    """Return the rows of a table of texts, which tells no kind, language or datatype; compare with ``texts`` of another."""
    return [{name: Term("", str(value)) for name, value in record.items() if value != ""} for record in records]


def texts(answer: Answer) -> Answer:
    """Return what of an answer a table of texts can hold."""
    if not isinstance(answer, list):
        return answer
    return [{name: Term("", term.value) for name, term in row.items()} for row in answer]


def sorted_rows(answer: Answer) -> Answer:
    """Return the answer with its rows in an order of our own, for a client that need not keep ours."""
    return sorted(answer, key=lambda row: sorted(row.items())) if isinstance(answer, list) else answer


def of_body(body: bytes, format: str) -> Answer:
    """Return what was sent in a format, read by another library than the one that wrote it."""
    if format == "json":
        return of_json(json.loads(body))
    if format == "csv":
        return of_csv(body)
    if format == "tsv":
        return body.strip() == b"true" if len(body.split()) == 1 else of_rdflib(Result.parse(io.BytesIO(body), format="tsv"))
    if format == "xml":
        return of_rdflib(Result.parse(io.BytesIO(body), format="xml"))
    parser = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}[format]
    return of_graph(rdflib.Graph().parse(data=body, format=parser))


def of_csv(body: bytes) -> Answer:
    """Return the rows of a CSV file, or the truth where it holds nothing else."""
    if body.strip() in (b"true", b"false"):
        return body.strip() == b"true"
    return of_records(csv.DictReader(io.StringIO(body.decode("utf-8"), newline="")))


def _oxigraph_term(term: Any) -> Term:
    if isinstance(term, pyoxigraph.NamedNode):
        return Term("iri", term.value)
    assert isinstance(term, pyoxigraph.Literal), term
    return _literal(term.value, term.language or "", term.datatype.value)


def _rdflib_term(term: Any) -> Term:
    if isinstance(term, rdflib.URIRef):
        return Term("iri", str(term))
    assert isinstance(term, rdflib.Literal), term
    return _literal(str(term), term.language or "", str(term.datatype or ""))


def _json_term(term: Mapping[str, str]) -> Term:
    if term["type"] == "uri":
        return Term("iri", term["value"])
    assert term["type"] in ("literal", "typed-literal"), term
    return _literal(term["value"], term.get("xml:lang", ""), term.get("datatype", ""))


def _literal(value: str, language: str, datatype: str) -> Term:
    return Term("literal", value, language, "" if datatype in (STRING, LANG_STRING) else datatype)
