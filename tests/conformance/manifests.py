"""Turns the manifests of a folder of test suites into cases, each with its files.

Source: the vocabularies of the W3C's test manifests (mf:, qt:, ut:), as the README of w3c/rdf-tests describes them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import rdflib
from rdflib import RDF, RDFS
from rdflib.term import IdentifiedNode, Node

ROOT_IRI = "https://w3c.github.io/rdf-tests/sparql/"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
# Nothing listens there, so that a relative IRI after SERVICE or LOAD cannot lead out of the machine.
DEAD_BASE = "http://127.0.0.1:9/"
_FETCHES = re.compile(r"\b(SERVICE|LOAD)\b")
_FETCHES_FROM_AFAR = re.compile(r"(SERVICE|LOAD)\s+(SILENT\s+)?<https?:")
_FROM = re.compile(r"FROM\s+(?:NAMED\s+)?<([^>]+)>", re.IGNORECASE)


@dataclass(frozen=True)
class DataFile:
    """A file of RDF, the graph that it goes into (nothing for the default graph) and the IRI that it is relative to."""

    path: Path
    graph: str
    base: str


@dataclass(frozen=True)
class Text:
    """A query or an update: what to send, with its base, and what was in the file. fetches: it holds SERVICE or LOAD."""

    sent: str
    written: str

    @property
    def fetches(self) -> bool:
        return bool(_FETCHES.search(self.written))

    @property
    def fetches_from_afar(self) -> bool:
        return bool(_FETCHES_FROM_AFAR.search(self.written))


@dataclass(frozen=True)
class Case:
    """A test: ``<suite>/<category>#<name>``, its kind, and its place in a manifest."""

    name: str
    kind: str
    root: Path
    manifest: rdflib.Graph
    node: IdentifiedNode

    @property
    def category(self) -> str:
        return self.name.partition("#")[0]

    def value(self, subject: Node | None, predicate: rdflib.URIRef) -> Node | None:
        """Return the one thing that the manifest says of a subject by a predicate, if it says any."""
        return self.manifest.value(subject, predicate)

    def path(self, iri: Node | None) -> Path:
        """Return the file that an IRI of the manifest names."""
        return self.root / str(iri).removeprefix(ROOT_IRI)

    def text(self, iri: Node | None) -> Text:
        """Return a query or an update with its base declared on the line above."""
        written = self.path(iri).read_bytes().decode("utf-8")
        base = DEAD_BASE if _FETCHES.search(written) else iri
        return Text(f"BASE <{base}>\n{written}", written)

    def data(self, action: Node | None, terms: rdflib.Namespace) -> tuple[DataFile, ...]:
        """Return the files of data of an action, or of the state that is expected after an update."""
        files = [DataFile(self.path(iri), "", str(iri)) for iri in self.manifest.objects(action, terms.data)]
        for node in self.manifest.objects(action, terms.graphData):
            iri = self.value(node, terms.graph) or node
            files.append(DataFile(self.path(iri), str(self.value(node, RDFS.label) or iri), str(iri)))
        return tuple(files)

    def data_that_a_query_names(self, text: Text, query: Node) -> tuple[DataFile, ...]:
        """Return the files that the FROM clauses of a query name."""
        iris = [rdflib.URIRef(relative, base=str(query)) for relative in _FROM.findall(text.written)]
        return tuple(DataFile(self.path(iri), str(iri), str(iri)) for iri in iris if self.path(iri).is_file())


def cases(folder: Path) -> list[Case]:
    """Return the cases of all suites of a folder: of each folder in it with a manifest, by its name.

    The folder may also be that of the whole of w3c/rdf-tests, which has the suites in ``sparql/``.
    """
    root = folder / "sparql" if (folder / "sparql").is_dir() else folder
    found = []
    for suite in sorted(path.parent for path in root.glob("*/manifest.ttl")):
        whole = "manifest-all.ttl" if (suite / "manifest-all.ttl").is_file() else "manifest.ttl"
        found += list(_walk(root, f"{ROOT_IRI}{suite.name}/{whole}"))
    return found


def _walk(root: Path, iri: str) -> Iterator[Case]:
    relative = iri.removeprefix(ROOT_IRI)
    manifest = rdflib.Graph().parse(root / relative, publicID=iri, format="turtle")
    category = relative.rpartition("/")[0]
    for node in manifest.subjects(RDF.type, MF.Manifest):
        for included in manifest.objects(node, MF.include):
            for other in manifest.items(included):
                yield from _walk(root, str(other))
        for entries in manifest.objects(node, MF.entries):
            for entry in manifest.items(entries):
                assert isinstance(entry, IdentifiedNode)
                kind = str(manifest.value(entry, RDF.type)).rpartition("#")[2]
                yield Case(f"{category}#{str(entry).rpartition('#')[2]}", kind, root, manifest, entry)
