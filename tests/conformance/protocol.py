"""Turns the requests that a manifest writes down in RDF into requests to a server, and checks each response.

Source: HTTP Vocabulary in RDF 1.0 (W3C, 2017), and what the manifests of the protocol suites say of their own terms.
"""

import re
from urllib.parse import quote, urljoin

import rdflib
from rdflib.term import Node

from tests.conformance.answers import Graph, Truth, read, read_rdf, rows_of
from tests.conformance.compare import compare
from tests.conformance.manifests import MF, Case
from tests.conformance.over_http import OverHttp, Reply
from tests.conformance.verdicts import Mismatch

HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
SD = "http://www.w3.org/ns/sparql-service-description#"
GRAPH_BASE = "http://www.example/gsp"
_CODES = {"OK": 200, "Created": 201, "NoContent": 204, "BadRequest": 400, "NotFound": 404}
_CHANGES = re.compile(r"\b(CLEAR|DROP|INSERT|DELETE)\b")
_FORMS = {
    "boolean": re.compile(r"application/(sparql-results\+)?(xml|json)"),
    "tabular": re.compile(r"application/sparql-results\+(xml|json)|text/(csv|tab-separated-values)"),
    "RDF": re.compile(r"application/(rdf\+xml|n-triples|ld\+json|n-quads|trig|xhtml\+xml)|text/(turtle|html)"),
}
_DESCRIBED = frozenset((
    "Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile", "GraphCollection",
    "Dataset", "Graph", "NamedGraph", "SPARQL10Query", "SPARQL11Query", "SPARQL11Update", "SPARQL12Query", "SPARQL12Update",
    "DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery", "endpoint", "feature",
    "defaultEntailmentRegime", "entailmentRegime", "defaultSupportedEntailmentProfile", "supportedEntailmentProfile",
    "extensionFunction", "extensionAggregate", "languageExtension", "supportedLanguage", "propertyFeature", "defaultDataset",
    "availableGraphs", "resultFormat", "inputFormat", "defaultGraph", "namedGraph", "name", "graph",
))


def play(case: Case, server: OverHttp) -> None:
    """Send the requests of a case in their order, each with what the responses before it told. Raises Mismatch."""
    told: dict[str, str] = {}
    requests = case.value(case.value(case.node, MF.action), HT.requests)
    assert requests is not None
    for number, request in enumerate(case.manifest.items(requests), 1):
        target, reply = _send(case, server, request, told)
        expected = case.value(request, HT.resp)
        try:
            _check(case, reply, expected)
        except Mismatch as fault:
            raise Mismatch(f"request {number}, {case.value(request, HT.methodName)} {target}: {fault}") from fault
        for variable in case.manifest.objects(expected, MF.expectedLocation):
            if not reply.headers["Location"]:
                raise Mismatch(f"request {number}: there is no Location")
            told[str(variable)] = urljoin(f"http://{server.address}{target}", reply.headers["Location"])


def describe(case: Case, server: OverHttp) -> None:
    """Check what the endpoint says of itself, by the name of the case. Raises Mismatch."""
    reply = server.send("GET", "/sparql", {"Accept": "text/turtle, application/rdf+xml;q=0.5"})
    if not reply.succeeded:
        raise Mismatch(str(reply))
    endpoint = f"http://{server.address}/sparql"
    quads = read_rdf(reply.body, reply.media, endpoint)
    endpoints = [quad.object.value for quad in quads if quad.predicate.value == SD + "endpoint"]  # type: ignore[union-attr]
    if case.name.endswith("has-endpoint-triple") and endpoint not in endpoints:
        raise Mismatch(f"sd:endpoint is {endpoints}, and the endpoint {endpoint}")
    if case.name.endswith("conforms-to-schema"):
        said = {getattr(term, "value", "") for quad in quads for term in (quad.predicate, quad.object)}
        unknown = sorted(iri for iri in said if iri.startswith(SD) and iri.removeprefix(SD) not in _DESCRIBED)
        if unknown or SD + "Service" not in said:
            raise Mismatch(f"there is no sd:Service, or there are terms that sd: does not have: {unknown}")


def _send(case: Case, server: OverHttp, request: Node, told: dict[str, str]) -> tuple[str, Reply]:
    path, headers, body = str(case.value(request, HT.absolutePath)), _headers(case, request), case.value(request, HT.body)
    text = str(case.value(body, CNT.chars)) if body else ""
    for variable, location in told.items():
        path, text = path.replace(variable, quote(location, safe="")), text.replace(variable, location)
    if headers.get("content-type", "").startswith("multipart/"):
        text = re.sub(r"\r?\n", "\r\n", text)
    data = text.encode(str(case.value(body, CNT.characterEncoding))) if body else None
    method = str(case.value(request, HT.methodName))
    if path.startswith("/gsp"):
        target, send = "/store" + path.removeprefix("/gsp"), server.change
    elif _CHANGES.search(text) or "update=" in path:
        target, send = "/update" + path.removeprefix("/sparql/"), server.change
    else:
        target, send = "/sparql" + path.removeprefix("/sparql/"), server.send
    return target, send(method, target, headers, data)


def _check(case: Case, reply: Reply, expected: Node | None) -> None:
    statuses = [str(status).rpartition("#")[2] for status in case.manifest.objects(expected, MF.expectedStatus)]
    if statuses and not any(_is_of(reply.status, status) for status in statuses):
        raise Mismatch(f"expected {' or '.join(statuses)}: {reply}")
    for form in case.manifest.objects(expected, MF.expectedFormat):
        if not _FORMS[str(form)].fullmatch(reply.media):
            raise Mismatch(f"{reply.media} is no form of a {form} answer")
    for truth in case.manifest.objects(expected, MF.expectedBoolean):
        compare(read(reply.body, reply.media), Truth(str(truth) == "true"))
    if body := case.value(expected, HT.body):
        media = _headers(case, expected).get("content-type", "text/turtle").partition(";")[0]
        if reply.media != media:
            raise Mismatch(f"the answer is {reply.media}, expected {media}")
        got, want = (read_rdf(data, media, GRAPH_BASE) for data in (reply.body, str(case.value(body, CNT.chars)).encode()))
        compare(Graph(rows_of(got)), Graph(rows_of(want)))


def _is_of(status: int, expected: str) -> bool:
    """Tell whether a status is the one expected, or of the class that is, as StatusCode2xx."""
    return str(status)[0] == expected[10] if expected.startswith("StatusCode") else status == _CODES[expected]


def _headers(case: Case, node: Node | None) -> dict[str, str]:
    return {str(case.value(header, HT.fieldName)).lower(): str(case.value(header, HT.fieldValue))
            for headers in case.manifest.objects(node, HT.headers) for header in case.manifest.items(headers)}
