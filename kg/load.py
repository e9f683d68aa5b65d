"""Turns the ontology and data folders into quads, each in the named graph that it belongs to."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import SourceUnreadable
from kg.names import EDITORIAL_GRAPH, GRAPH, ONTOLOGY_GRAPH, OWL_IMPORTS
from kg.store.rdf import DefaultGraph, NamedNode, Quad, Triple, read_file

CLOSURE = "dl_closure.ttl"


@dataclass(frozen=True)
class Sources:
    """The folders that a build reads."""

    ontology: Path
    data: Path
    rules: Path
    queries: Path

    def files(self) -> list[Path]:
        """Return every file that a build reads, in a fixed order.

        Raises SourceUnreadable where a folder holds none: a build of nothing must not look like a success.
        """
        found: list[Path] = []
        for folder, pattern in ((self.ontology, "*.ttl"), (self.ontology / "shapes", "*.ttl"),
                                (self.data, "*/*.trig"), (self.rules, "*.rq"), (self.queries, "*.rq")):
            files = sorted(path for path in folder.glob(pattern) if path.is_file() and not path.name.startswith("."))
            if not files:
                raise SourceUnreadable(f"{folder} holds no {pattern} file: there is nothing to build from.")
            found += files
        stray = sorted({path for suffix in ("trig", "ttl") for path in self.data.rglob(f"[!.]*.{suffix}")} - set(found))
        if stray:
            raise SourceUnreadable(f"{stray[0]} would not be read: data stand in {self.data}/<document>/<section>.trig.")
        return found

    def key(self) -> str:
        """Return a digest of names and contents of all files, this package's code among them: equal keys mean equal graphs."""
        digest = hashlib.sha256()
        code = Path(__file__).resolve().parent
        for path in [*self.files(), *sorted(code.glob("*.py")), *sorted(code.glob("store/*.py"))]:
            content = path.read_bytes()
            digest.update(f"{path.parent.name}/{path.name} {len(content)}\n".encode() + content)
        return digest.hexdigest()


@dataclass
class Loaded:
    """What was read: the quads, and for each named graph the files that state it."""

    quads: list[Quad] = field(default_factory=list)
    files_of_graph: dict[str, list[Path]] = field(default_factory=dict)


def load(sources: Sources) -> Loaded:
    """Read the ontology into its graph, and every data file into the named graphs that it states.

    Left out of the ontology are imports and what only a DL reasoner can use (read_closure).
    A file below data/<document>/ states graphs of that document alone, one below data/editorial/ the editorial graph.
    Raises SourceUnreadable with file, line and column, or with the graph that does not belong.
    """
    loaded = Loaded()
    ontology = NamedNode(ONTOLOGY_GRAPH)
    files = sources.files()
    for path in (path for path in files if path.parent == sources.ontology and path.name != CLOSURE):
        _add(loaded, path, (q for q in read_file(path, into=ontology) if q.predicate.value != OWL_IMPORTS))
    for path in (path for path in files if path.is_relative_to(sources.data)):
        _add(loaded, path, read_file(path))
    for graph, files in loaded.files_of_graph.items():
        for path in files:
            _check_graph(graph, path, sources)
    return loaded


def read_ontology(sources: Sources) -> list[Triple]:
    """Read the ontology alone, without imports and what only a DL reasoner can use. Raises SourceUnreadable."""
    return [quad.triple for path in sources.files() if path.parent == sources.ontology and path.name != CLOSURE
            for quad in read_file(path) if quad.predicate.value != OWL_IMPORTS]


def read_closure(sources: Sources) -> list[Triple]:
    """Read what only a DL reasoner can use; it stands in no graph. Raises SourceUnreadable."""
    return [quad.triple for quad in read_file(sources.ontology / CLOSURE)]


def _add(loaded: Loaded, path: Path, quads: Iterable[Quad]) -> None:
    for quad in quads:
        name = quad.graph_name
        if isinstance(name, DefaultGraph):
            raise SourceUnreadable(f"{path}: the triple {quad.triple} stands in no graph. Put it inside GRAPH <…> {{ }}, named "
                                   "for the passage that states it.")
        if isinstance(quad.object, Triple) or getattr(quad.object, "direction", None):
            raise SourceUnreadable(f"{path}: {quad.triple} uses RDF 1.2, which the checks cannot read yet. State it in RDF 1.1.")
        files = loaded.files_of_graph.setdefault(name.value, [])
        if path not in files:
            files.append(path)
        loaded.quads.append(quad)


def _check_graph(graph: str, path: Path, sources: Sources) -> None:
    if path.is_relative_to(sources.ontology):
        return
    folder = path.parent.name
    expected = EDITORIAL_GRAPH if folder == "editorial" else f"{GRAPH}{folder}/"
    if not (graph == expected if folder == "editorial" else graph.startswith(expected)):
        raise SourceUnreadable(f"{path}: graph <{graph}> does not belong in the folder {folder}; graphs there start with "
                               f"<{expected}>. Move the statements, or name the graph for a passage of this document.")
