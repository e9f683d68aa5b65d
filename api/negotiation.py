"""Turns what a client accepts into the format and the coding that it gets; knows nothing of a request but its headers.

Source: RFC 9110, sections 12.4.2 (weights), 12.5.1 (Accept) and 12.5.3 (Accept-Encoding).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.request import parse_http_list

from werkzeug.http import parse_options_header


@dataclass(frozen=True)
class Format:
    """A form that an answer is given in.

    key: what ``?format=`` and the engine call it; type: its registered media type; suffix: of a path; also: registered
    types of which it is one too, given under that name to whoever accepts that name alone.
    """

    key: str
    type: str
    suffix: str
    also: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, str]:
        """Return the parameters of the media type that answers have."""
        found = {"charset": "utf-8"} if self.type.startswith("text/") or self.type in ("application/n-triples",) else {}
        return {**found, "header": "present"} if self.type == "text/csv" else found


PAGE = Format("html", "text/html", "html")
RESULTS = (
    Format("json", "application/sparql-results+json", "json", ("application/json",)),
    Format("xml", "application/sparql-results+xml", "xml", ("application/xml",)),
    Format("csv", "text/csv", "csv"),
    Format("tsv", "text/tab-separated-values", "tsv"),
)
LINKED_JSON = Format("jsonld", "application/ld+json", "jsonld", ("application/json",))
GRAPHS = (
    Format("turtle", "text/turtle", "ttl"),
    Format("ntriples", "application/n-triples", "nt"),
    LINKED_JSON,
    Format("rdfxml", "application/rdf+xml", "rdf", ("application/xml",)),
)
QUADS = (Format("trig", "application/trig", "trig"), Format("nquads", "application/n-quads", "nq"))
JSON = (Format("json", "application/json", "json"),)
SHOWN = (*JSON, RESULTS[2], *GRAPHS)  # what a page shows, as data: a tree, or its rows
SUGGESTIONS = Format("json", "application/json", "json", ("application/x-suggestions+json",))
LINKS = Format("links", "application/link-format", "link")
PATCH = Format("patch", "application/rdf-patch", "rdfp")
CITATIONS = (Format("text", "text/plain", "txt"), Format("bibtex", "application/x-bibtex", "bib"),
             Format("cff", "application/yaml", "cff"))
PAGES = (PAGE, *CITATIONS)  # a page, and how it is cited
NAMES = {"csv": "CSV", "json": "JSON", "turtle": "Turtle", "jsonld": "JSON-LD", "ntriples": "N-Triples", "rdfxml": "RDF/XML",
         "trig": "TriG", "nquads": "N-Quads", "tsv": "TSV", "xml": "XML"}  # what a format is called, those asked for most first
PROBLEM = Format("problem", "application/problem+json", "", ("application/json",))

_Ranges = list[tuple[str, dict[str, str], float]]


def best(accept: str, formats: Sequence[Format]) -> Format | None:
    """Return the format that an Accept header asks for, under the type that it names; None where it takes none of them.

    The weight comes first, then how closely the client named it, then the order of ``formats``. Without a header: the first.
    """
    ranges = _ranges(accept)
    if not accept.strip():
        return formats[0]
    found: list[tuple[float, int, int, int, Format]] = []
    for place, format in enumerate(formats):
        for alias, type in enumerate((format.type, *format.also)):
            named = replace(format, type=type)
            weight, closeness = _weight(named, ranges)
            if weight > 0 and (closeness > 1 or not alias):
                found.append((-weight, -closeness, place, alias, named))
    return min(found, key=lambda candidate: candidate[:4])[4] if found else None


def coding(accept_encoding: str, at_most_identity: bool = False) -> str:
    """Return the coding that an Accept-Encoding header asks for, ``gzip`` or ``identity``; neither (empty) where it takes none.

    at_most_identity: prefer no coding wherever it is allowed, as for a body that is hardly worth it.
    """
    weights = {name.strip().lower().removeprefix("x-"): weight for name, _, weight in _ranges(accept_encoding)}
    gzip = weights.get("gzip", weights.get("*/*", 0.0))
    identity = weights.get("identity", 0.001 if weights.get("*/*", 1.0) > 0 else 0.0)
    if identity > 0 and (at_most_identity or identity > gzip):
        return "identity"
    return "gzip" if gzip > 0 else "identity" if identity > 0 else ""


def _ranges(header: str) -> _Ranges:
    """Return name, parameters and weight of each element; one whose weight cannot be read is left out."""
    found = []
    for element in parse_http_list(header):
        name, parameters = parse_options_header(element)
        try:
            weight = float(parameters.pop("q", "1"))
        except ValueError:
            continue
        if 0 <= weight <= 1:
            found.append(("*/*" if name == "*" and "/" not in element else name.lower(), parameters, weight))
    return found


def _weight(format: Format, ranges: _Ranges) -> tuple[float, int]:
    """Return the weight of the range that names a format most closely, and how closely: 0 not at all, 1 ``*/*``, 2 ``type/*`` …

    A range with parameters that our answers lack, such as a profile, names another form; only where nothing else does is it
    taken for the type without them.
    """
    best, other = (0.0, 0), (0.0, 0)
    for name, parameters, weight in ranges:
        if name == format.type:
            unlike = [key for key, value in parameters.items() if format.parameters.get(key) != value.lower()]
            if not unlike:
                best = max(best, (weight, 4 + len(parameters)), key=lambda found: found[1])
            elif not set(unlike) & set(format.parameters):
                other = max(other, (weight, 3))
        elif name in ("*/*", format.type.partition("/")[0] + "/*"):
            best = max(best, (weight, 1 if name == "*/*" else 2), key=lambda found: found[1])
    return best if best[1] else other
