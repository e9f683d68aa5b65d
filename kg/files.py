"""Turns published experiences into files that a group can keep in a git repository, and such files into the same graphs.

    <folder>/<key>.trig    an experience as somebody would send it: sorted, with prefixes, in graphs of version 1
    <folder>/origins.ttl   what publishing told of each: its version, who sent and reviewed it, when it was published
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from kg.catalogue import Catalogue
from kg.contributions.provenance import as_version
from kg.desk import contributing_in
from kg.durable import write
from kg.errors import ShapesViolated, SourceUnreadable
from kg.names import EXPERIENCE_GRAPH, RDF_TYPE, REVIEWER, expand, graph_of_experience
from kg.settings import Settings
from kg.store.engine import Opened, Scratch
from kg.store.rdf import NamedNode, Quad, Triple, n_triples, read_file
from kg.store.revisions import DataFolder
from kg.store.written import write_graph
from kg.submissions.submission import Submission, Upload

ORIGINS = "origins.ttl"
_HEAD = b"# Written by parkg export from what is published.\n"
_VERSION = re.compile(re.escape(EXPERIENCE_GRAPH) + r"([^/]+)/([0-9]+)(?=/|$)")
# What a publication tells of the graph of a version, and nobody who contributes may.
_TOLD = {expand("prov:generatedAtTime"), expand("dcterms:contributor"), expand("dcterms:hasVersion"), REVIEWER}

Graphs = dict[str, set[Triple]]
"""The triples of the graphs of an experience, by the IRI of the graph."""


def export_files(revision: Opened, folder: Path) -> list[Path]:
    """Write each published experience as a file, take away what was exported and is published no longer, and return the files.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, origins = [], set[Triple]()
    for key, graphs in sorted(_published(revision).items()):
        told = {triple for triples in graphs.values() for triple in triples if _is_origin(triple)}
        origins |= told
        quads = [_in_first(Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph)), key)
                 for graph, triples in graphs.items() for triple in triples - told]
        files.append(folder / f"{key}.trig")
        write(files[-1], "wb", _HEAD + write_graph(sorted(quads, key=_order), "trig"))
    write(folder / ORIGINS, "wb", _HEAD + n_triples(sorted(origins, key=str)))
    for path in set(folder.glob("*.trig")) - set(files):
        if path.read_bytes().startswith(_HEAD):
            path.unlink()
    return files


def build_files(settings: Settings, catalogue: Catalogue,
                progress: Callable[[str, float], None] = lambda step, done: None) -> int:
    """Publish the experiences of the files, checked as contributions are, and take back those that no file has; return how many.

    One that names things of another is checked once that is published. Raises SourceUnreadable and ShapesViolated; what passed
    before is then published.
    """
    assert settings.files
    files = {path.stem: path for path in sorted(settings.files.glob("*.trig"))}
    if not files:
        raise SourceUnreadable(f"{settings.files} holds no .trig file: parkg export --files makes one of each experience.")
    origins = _origins(settings.files / ORIGINS)
    folder = DataFolder(settings.data)
    revision = folder.current()
    there = _published(Opened(folder.directory(revision))) if revision else {}
    waiting = {key: path for key, path in files.items() if _read(path, key, origins) != there.get(key)}
    gone = {graph for key in there if key not in files for graph in there[key]}
    done = 0
    with contributing_in(settings, catalogue) as contributing:
        while waiting or gone:
            passed, faults = dict.fromkeys(gone, b""), list[str]()
            for number, (key, path) in enumerate(list(waiting.items())):
                progress(f"checking {path.name}", number / len(waiting))
                submission = contributing.check(Upload(path.read_bytes(), "trig"), "en")
                faults += _faults(path, key, submission)
                if submission.key == key and not submission.blocked:
                    passed.update(dict.fromkeys(there.get(key, ()), b""))
                    passed.update({graph: n_triples(triples) for graph, triples in _read(path, key, origins).items()})
                    del waiting[key]
                    done += 1
            if not passed:
                raise ShapesViolated("\n  ".join(["The files have faults:", *faults]))
            contributing.publish_graphs(passed)
            gone = set()
    return done


def _published(revision: Opened) -> dict[str, Graphs]:
    found: dict[str, Graphs] = defaultdict(lambda: defaultdict(set))
    for quad in revision.contributed_quads():
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        if match := _VERSION.match(name):
            found[match[1]][name].add(quad.triple)
    return found


def _origins(file: Path) -> dict[str, set[Triple]]:
    """Return what is told of the origin of each experience, by its key; nothing where there is no such file."""
    found: dict[str, set[Triple]] = defaultdict(set)
    for quad in read_file(file) if file.exists() else ():
        if _is_origin(quad.triple) and isinstance(quad.subject, NamedNode) and (match := _VERSION.match(quad.subject.value)):
            found[match[1]].add(quad.triple)
    return found


def _read(file: Path, key: str, origins: Mapping[str, set[Triple]]) -> Graphs:
    """Return the graphs that a file would publish, as the store writes them. Raises SourceUnreadable."""
    told = origins.get(key, set())
    version = max((int(match[2]) for triple in told if (match := _VERSION.match(str(triple.subject).strip("<>")))), default=1)
    body = "".join(f"{quad} .\n" for quad in read_file(file, missing=NamedNode(graph_of_experience(key, 1)))).encode()
    graphs = as_version(body, key, version)
    graphs[graph_of_experience(key, version)].update(told)
    return {graph: set(Scratch(triples)) for graph, triples in graphs.items()}


def _in_first(quad: Quad, key: str) -> Quad:
    """Return a quad with the graphs of its experience named as those of version 1."""
    def renamed(term: object) -> object:
        match = _VERSION.match(term.value) if isinstance(term, NamedNode) else None
        return NamedNode(graph_of_experience(key, 1) + term.value[match.end():]) if match and match[1] == key else term  # type: ignore[attr-defined]

    return Quad(*(renamed(term) for term in (*quad.triple, quad.graph_name)))  # type: ignore[arg-type]


def _is_origin(triple: Triple) -> bool:
    tells = triple.predicate.value in _TOLD or (triple.predicate.value == RDF_TYPE
                                                and triple.object == NamedNode(expand("prov:Entity")))
    return tells and isinstance(triple.subject, NamedNode) and bool(_VERSION.fullmatch(triple.subject.value))


def _faults(file: Path, key: str, submission: Submission) -> Iterable[str]:
    if submission.key != key and submission.key:
        yield f"{file}: it holds the experience {submission.key}; name the file for it."
    yield from (f"{file}: {one.record} {one.message} {one.write}" for one in submission.findings if one.strength == "must")


def _order(quad: Quad) -> tuple[str, str, bool, str, str]:
    """Order by graph and thing; of a thing its class first."""
    return str(quad.graph_name), str(quad.subject), quad.predicate.value != RDF_TYPE, quad.predicate.value, str(quad.object)
