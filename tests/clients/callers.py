"""Turns a query into an answer by each client of Python's world and by curl, in each way and format that it can ask in.

A caller takes the address of an endpoint and a query, and gives an answer as ``tests.clients.answers`` has them.
"""

import io
import re
import subprocess
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas
import pyoxigraph
import rdflib
import SPARQLWrapper
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import Result

from tests.clients.answers import Answer, of_body, of_csv, of_graph, of_json, of_oxigraph, of_rdflib, of_records

ROWS = ("SELECT", "ASK")
GRAPH = ("CONSTRUCT",)
RESULT_TYPES = {"json": "application/sparql-results+json", "xml": "application/sparql-results+xml", "csv": "text/csv",
                "tsv": "text/tab-separated-values"}
GRAPH_TYPES = {"turtle": "text/turtle", "ntriples": "application/n-triples", "jsonld": "application/ld+json",
               "rdfxml": "application/rdf+xml"}


@dataclass(frozen=True)
class Caller:
    """A client that asks in one way and one format.

    forms: of query, that it can ask so; typed: whether its answers tell IRIs, languages and datatypes from texts; ordered:
    whether it keeps the order of rows.
    """

    ask: Callable[[str, str], Answer]
    forms: tuple[str, ...]
    typed: bool = True
    ordered: bool = True


def callers() -> dict[str, Caller]:
    """Return all of them by a name that a report of failures can show."""
    found = dict([*_of_curl(), *_of_sparqlwrapper(), *_of_rdflib(), *_of_pandas()])
    found["Oxigraph by SERVICE"] = Caller(
        lambda address, query: of_oxigraph(pyoxigraph.Store().query(by_service(address, query))), (*ROWS, *GRAPH), ordered=False)
    return found


def by_service(address: str, query: str) -> str:
    """Return the query that has another endpoint ask it at this address.

    A SELECT is asked whole, as a subquery; of an ASK or CONSTRUCT the pattern, which has to be of one group.
    """
    prologue, form, rest = _parts(query)
    if form == "SELECT":
        return f"{prologue}SELECT * WHERE {{ SERVICE <{address}> {{ SELECT{rest} }} }}"
    called, count = re.subn(r"(^|WHERE) \{([^{}]*)\}\s*$", rf"\1 {{ SERVICE <{address}> {{\2}} }}", rest)
    assert count == 1, query
    return prologue + form + called


def form_of(query: str) -> str:
    """Return SELECT, ASK or CONSTRUCT."""
    return _parts(query)[1]


def _parts(query: str) -> tuple[str, str, str]:
    match = re.fullmatch(r"((?:PREFIX .*\n)+)(SELECT|ASK|CONSTRUCT)\b(.*)", query, re.DOTALL)
    assert match, query
    return match[1], match[2], match[3]


def _of_curl() -> Iterator[tuple[str, Caller]]:
    """Every way of the protocol with every format; and once each format by ``?format=``."""
    ways: dict[str, Callable[[str], list[str]]] = {
        "GET": lambda query: ["--get", "--data-urlencode", f"query={query}"],
        "POST form": lambda query: ["--data-urlencode", f"query={query}"],
        "POST direct": lambda query: ["--header", "Content-Type: application/sparql-query", "--data-binary", query],
    }

    def run(format: str, *options: str) -> Answer:
        done = subprocess.run(["curl", "--silent", "--show-error", "--fail", *options], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return of_body(done.stdout, format)

    for types, forms in ((RESULT_TYPES, ROWS), (GRAPH_TYPES, GRAPH)):
        for format, type in types.items():
            for way, options in ways.items():
                yield f"curl {way} {format}", Caller(
                    lambda address, query, format=format, type=type, options=options:
                    run(format, "--header", f"Accept: {type}", *options(query), address), forms, typed=format != "csv")
            yield f"curl ?format={format}", Caller(
                lambda address, query, format=format: run(format, *ways["GET"](query), f"{address}?format={format}"),
                forms, typed=format != "csv")


def _of_sparqlwrapper() -> Iterator[tuple[str, Caller]]:
    """Its formats by each of its ways. By default it sends format=, output= and results= along; once each it does not."""
    readers: dict[str, tuple[tuple[str, ...], Callable[[Any], Answer]]] = {
        SPARQLWrapper.JSON: (ROWS, of_json),
        SPARQLWrapper.XML: (ROWS, lambda document: of_rdflib(Result.parse(io.BytesIO(document.toxml("utf-8")), format="xml"))),
        SPARQLWrapper.CSV: (("SELECT",), of_csv),
        SPARQLWrapper.TURTLE: (GRAPH, lambda body: of_body(body, "turtle")),
        SPARQLWrapper.N3: (GRAPH, lambda body: of_body(body, "turtle")),
        SPARQLWrapper.JSONLD: (GRAPH, of_graph),
        SPARQLWrapper.RDFXML: (GRAPH, of_graph),
    }
    ways = {"GET": (SPARQLWrapper.GET, SPARQLWrapper.URLENCODED), "POST form": (SPARQLWrapper.POST, SPARQLWrapper.URLENCODED),
            "POST direct": (SPARQLWrapper.POST, SPARQLWrapper.POSTDIRECTLY)}

    def run(address: str, query: str, format: str, way: str, by_header_alone: bool) -> Answer:
        client = SPARQLWrapper.SPARQLWrapper(address)
        client.setQuery(query)
        client.setReturnFormat(format)
        client.setOnlyConneg(by_header_alone)
        client.setMethod(ways[way][0])
        client.setRequestMethod(ways[way][1])
        return readers[format][1](client.queryAndConvert())

    for format, (forms, _) in readers.items():
        for way in ways:
            for alone in (False, True):
                yield f"SPARQLWrapper {way} {format}{' by Accept alone' if alone else ''}", Caller(
                    lambda address, query, format=format, way=way, alone=alone: run(address, query, format, way, alone),
                    forms, typed=format != SPARQLWrapper.CSV)


def _of_rdflib() -> Iterator[tuple[str, Caller]]:
    """Its store. Told to ask for JSON, it takes no graph in answer, whatever the server has: it accepts no media type of one."""
    for format in ("xml", "json"):
        for method in ("GET", "POST", "POST_FORM"):
            yield f"rdflib {method} {format}", Caller(
                lambda address, query, format=format, method=method: of_rdflib(
                    rdflib.Graph(SPARQLStore(address, returnFormat=format, method=method)).query(query)),
                (*ROWS, *GRAPH) if format == "xml" else ROWS)


def _of_pandas() -> Iterator[tuple[str, Caller]]:
    def run(address: str, query: str, headers: dict[str, str], **more: str) -> Answer:
        frame = pandas.read_csv(f"{address}?{urllib.parse.urlencode({'query': query, **more})}", dtype=str, keep_default_na=False,
                                storage_options=headers)
        return of_records(frame.to_dict("records"))

    yield "pandas ?format=csv", Caller(lambda address, query: run(address, query, {}, format="csv"), ("SELECT",), typed=False)
    yield "pandas by Accept", Caller(lambda address, query: run(address, query, {"Accept": "text/csv"}), ("SELECT",), typed=False)
