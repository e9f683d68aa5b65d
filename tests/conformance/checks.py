"""Turns a case into a verdict on an engine: asks what the case asks, and compares what comes back with what it expects."""

import re

import rdflib

from tests.conformance import protocol
from tests.conformance.answers import MEDIA, Graph, Table, read, rows_of
from tests.conformance.compare import compare
from tests.conformance.engines import Engine, quads_of
from tests.conformance.manifests import MF, QT, UT, Case
from tests.conformance.over_http import OverHttp
from tests.conformance.verdicts import FAILED, NOT_ASKED, PASSED, Mismatch, NotAsked, Verdict

LONGEST_REASON = 500
_REGIME = rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#entailmentRegime")
_ORDERED = re.compile(r"\}[^{}]*ORDER\s+BY[^{}]*$", re.IGNORECASE | re.DOTALL)
_QUERIES = ("QueryEvaluationTest", "CSVResultFormatTest")
_BY_REQUESTS = ("ProtocolTest", "GraphStoreProtocolTest")


def verdict(case: Case, engine: Engine) -> Verdict:
    """Ask an engine a case. Whatever cannot be read in its answer is a failure as well."""
    try:
        _run(case, engine)
    except NotAsked as why:
        return Verdict(NOT_ASKED, str(why))
    except Mismatch as fault:
        return Verdict(FAILED, " ".join(str(fault).split())[:LONGEST_REASON])
    except (ValueError, LookupError, SyntaxError) as fault:
        return Verdict(FAILED, f"the answer cannot be read: {type(fault).__name__} {fault}"[:LONGEST_REASON])
    return Verdict(PASSED)


def _run(case: Case, engine: Engine) -> None:
    if "Syntax" in case.kind:
        _check_syntax(case, engine)
    elif case.kind == "UpdateEvaluationTest":
        _check_update(case, engine)
    elif case.kind in _QUERIES:
        _check_query(case, engine)
    elif not isinstance(engine, OverHttp):
        raise NotAsked("asks for HTTP")
    elif case.kind in _BY_REQUESTS:
        engine.fill(case.data(case.node, UT))
        protocol.play(case, engine)
    elif case.kind == "ServiceDescriptionTest":
        protocol.describe(case, engine)
    else:
        raise Mismatch(f"a {case.kind} is not known to the runner")


def _check_syntax(case: Case, engine: Engine) -> None:
    text = case.text(case.value(case.node, MF.action))
    if text.fetches_from_afar:
        raise NotAsked("would fetch from another host")
    fault = engine.fault(text, "Update" in case.kind)
    if "Negative" in case.kind and not fault:
        raise Mismatch("what is wrong was taken")
    if "Positive" in case.kind and fault:
        raise Mismatch(fault)


def _check_update(case: Case, engine: Engine) -> None:
    action = case.value(case.node, MF.action)
    got = engine.update(case.data(action, UT), case.text(case.value(action, UT.request)))
    want = rows_of(quads_of(case.data(case.value(case.node, MF.result), UT)), named=True)
    compare(Graph(got), Graph(want))


def _check_query(case: Case, engine: Engine) -> None:
    action, result = case.value(case.node, MF.action), case.value(case.node, MF.result)
    if case.value(action, _REGIME):
        raise NotAsked("asks for an entailment regime, and the engine claims none")
    query = case.value(action, QT.query)
    assert query is not None
    text = case.text(query)
    if text.fetches:
        raise NotAsked("asks for SERVICE, and the engine claims no federated query")
    ending = str(result).rpartition(".")[2]
    want = read(case.path(result).read_bytes(), MEDIA.get(ending, MEDIA["rdf"]), str(result))
    accept = MEDIA[ending] if ending in ("srx", "srj", "csv", "tsv") else MEDIA["ttl" if isinstance(want, Graph) else "srj"]
    body, media = engine.query(case.data(action, QT) + case.data_that_a_query_names(text, query), text, accept)
    ordered = isinstance(want, Table) and (want.ordered or bool(_ORDERED.search(text.written)))
    reduced = case.value(case.node, MF.resultCardinality) == MF.LaxCardinality
    compare(read(body, media, str(query)), want, ordered, reduced)
