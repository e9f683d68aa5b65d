"""Turns the source folders into the next revision of the graph: read, check, infer, commit."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.catalogue import Catalogue
from kg.errors import ShapesViolated
from kg.index import is_whole, write_index
from kg.load import Loaded, Sources, load, read_closure
from kg.names import INFERRED_GRAPH, RDF_TYPE, is_shipped_graph
from kg.offer import offer
from kg.reason import check_with_hermit, infer, read_rules
from kg.settings import shipped
from kg.store.engine import Opened, open_revision
from kg.store.indexes import IndexAt
from kg.store.rdf import NamedNode, Quad, Triple
from kg.store.revisions import DataFolder, Revision

if TYPE_CHECKING:
    from kg.validate import Violation

MOST_VIOLATIONS_SHOWN = 20


@dataclass(frozen=True)
class Built:
    """The revision that is now served, and whether this build made it (False: nothing had changed)."""

    revision: Revision
    fresh: bool


def shipped_sources(folder: Path | None = None) -> Sources:
    """Return the source folders that came with the installation, or those of a checkout in ``folder``."""
    if folder is None:
        return Sources(shipped("ontology"), shipped("data"), shipped("rules"), shipped("queries"))
    return Sources(folder / "ontology", folder / "kg" / "data", folder / "kg" / "rules", shipped("queries"))


def build(folder: DataFolder, sources: Sources, progress: Callable[[str, float], None] = lambda step, done: None,
          reasoner: bool = False) -> Built:
    """Read, check and infer, and commit the outcome as the next revision; the graphs of others stay as they are.

    A build from the same contents as the current revision is not repeated; an index of an earlier version is made anew. What
    others added counts among what things follow from.
    reasoner: have HermiT check it too.
    Raises SourceUnreadable, ShapesViolated, OntologyInconsistent, ReasonerUnavailable or StoreUnavailable; the revision that
    was served before is then still served.
    """
    key = sources.key()
    current = folder.current()
    if current:
        open_revision(folder.directory(current))  # a lost or damaged one is told now: what others added stands in it alone
        if not is_whole(folder.index(current)):
            folder.renew_index(current, _index)
        if current.build_key == key and not reasoner:
            return Built(current, fresh=False)
    # Imported here because it takes as long as all else together, and a start with nothing to build does not need it.
    from kg.validate import check_names, read_shapes, validate

    progress("reading the ontology and the data", 0.0)
    loaded = load(sources)
    stated = {quad.triple for quad in loaded.quads}
    progress(f"checking {len(stated):,} triples against the shapes", 0.1)
    refuse_violations(check_names(loaded.quads) + validate(stated, read_shapes(sources.ontology / "shapes")), loaded)
    progress("inferring", 0.5)
    contributed = Opened(folder.directory(current)).contributed() if current else set()
    inferred = infer(stated | contributed, read_rules(sources.rules), lambda step: progress(step, 0.6))
    if reasoner:
        progress("asking HermiT whether all of it is consistent", 0.7)
        check_with_hermit([*stated, *read_closure(sources)])
    progress("writing the next revision", 0.8)
    graph = NamedNode(INFERRED_GRAPH)
    quads = loaded.quads + [Quad(t.subject, t.predicate, t.object, graph) for t in inferred]
    quads += offer(Catalogue(sources.queries), [*(stated | contributed), *inferred])
    return Built(folder.commit(key, is_shipped_graph, quads, _index), fresh=True)


def _index(store: Path, index: IndexAt) -> None:
    write_index(Opened(store), index)


def refuse_violations(violations: "list[Violation]", loaded: Loaded) -> None:
    """Raise ShapesViolated if there are any, naming for each the record, the files that speak of it and what to write."""
    if not violations:
        return
    lines = []
    for violation in violations[:MOST_VIOLATIONS_SHOWN]:
        places = _places(violation, loaded)
        lines.append(f"{violation}" + (f" ({'; '.join(places)})" if places else ""))
    rest = len(violations) - len(lines)
    more = [f"… and {rest} more."] if rest > 0 else []
    count = f"{len(violations)} fault{'s' if len(violations) > 1 else ''}"
    raise ShapesViolated("\n  ".join([f"The data have {count}:", *lines, *more]))


def _places(violation: "Violation", loaded: Loaded) -> list[str]:
    """Return the files, relative to here, that state the fault, or else describe its record, with the line of the record."""
    about = [q for q in loaded.quads if isinstance(q.subject, NamedNode) and q.subject.value == violation.record]
    faulty = [q for q in about if q.predicate.value == violation.property and str(q.object) == violation.value]
    typing = [q for q in about if q.predicate.value == RDF_TYPE]
    graphs = {str(q.graph_name.value) for q in faulty or typing or about if isinstance(q.graph_name, NamedNode)}
    files = {path for graph in graphs | {violation.record} for path in loaded.files_of_graph.get(graph, [])}
    return sorted(filter(None, (_place(path, violation.record) for path in files)))


def _place(path: Path, record: str) -> str:
    """Return ``file, line n`` for the line of a file that opens with a record or graph; nothing if there is none."""
    name = re.compile(rf"\s*(?:GRAPH\s+)?(?:[\w-]*:|<.*/){re.escape(record.rpartition('/')[2])}>?\s")
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if name.match(line):
                shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
                return f"{shown}, line {number}"
    return ""


def stated_triples(sources: Sources) -> set[Triple]:
    """Return every triple that the sources state, ontology included, nothing inferred."""
    return {quad.triple for quad in load(sources).quads}
