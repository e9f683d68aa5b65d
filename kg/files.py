"""Turns published experiences into files that a group can keep in a git repository, and such files into the same graphs.

    <folder>/<key>.trig   the graphs of an experience: sorted, with prefixes, so that a change of one statement is one line or two
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from kg.catalogue import Catalogue
from kg.contributions.contribute import as_version
from kg.desk import contributing_in
from kg.durable import write
from kg.errors import ShapesViolated, SourceUnreadable
from kg.names import EXPERIENCE_GRAPH, PREFIXES, RDF_TYPE, REVIEWER, expand, graph_of_experience
from kg.settings import Settings
from kg.store.engine import Opened
from kg.store.rdf import DefaultGraph, NamedNode, Quad, Triple, n_triples, read_file
from kg.store.revisions import DataFolder
from kg.store.written import write_graph
from kg.submissions.submission import Submission, Upload

_HEAD = b"# Written by parkg export from what is published.\n"
_VERSION = re.compile(re.escape(EXPERIENCE_GRAPH) + r"([^/]+)/([0-9]+)(?=/|$)")
# What a publication tells of the graph of a version, and nobody who contributes may.
_ORIGIN = {expand("prov:generatedAtTime"), expand("dcterms:contributor"), expand("dcterms:hasVersion"), REVIEWER}


def export_files(revision: Opened, folder: Path) -> list[Path]:
    """Write each published experience as a file, take away what was exported and is published no longer, and return the files.

    Raises OSError.
    """
    by_key: dict[str, list[Quad]] = defaultdict(list)
    for quad in revision.contributed_quads():
        assert isinstance(quad.graph_name, NamedNode)
        if match := _VERSION.match(quad.graph_name.value):
            by_key[match[1]].append(quad)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for key, quads in sorted(by_key.items()):
        files.append(folder / f"{key}.trig")
        write(files[-1], "wb", _HEAD + write_graph(sorted(quads, key=_order), "trig"))
    for path in set(folder.glob("*.trig")) - set(files):
        if path.read_bytes().startswith(_HEAD):
            path.unlink()
    return files


def build_files(settings: Settings, catalogue: Catalogue,
                progress: Callable[[str, float], None] = lambda step, done: None) -> int:
    """Publish the experiences of the files, checked as contributions are, and take back those that no file has; return how many.

    One that names things of another is checked once that is published. What a server's contributions brought stays only where a
    file has it. Raises SourceUnreadable and ShapesViolated; what passed before is then published.
    """
    assert settings.files
    files = {path.stem: path for path in sorted(settings.files.glob("*.trig"))}
    if not files:
        raise SourceUnreadable(f"{settings.files} holds no .trig file: parkg export --files makes one of each experience.")
    waiting = {key: read_file(path) for key, path in files.items()}
    there = _published(settings)
    waiting = {key: quads for key, quads in waiting.items() if not _same(quads, there.get(key, []))}
    gone = {_name(quad): b"" for key, quads in there.items() if key not in files for quad in quads}
    done = 0
    with contributing_in(settings, catalogue) as contributing:
        while waiting or gone:
            passed, told = dict(gone), list[str]()
            for number, (key, quads) in enumerate(list(waiting.items())):
                progress(f"checking {files[key].name}", number / len(waiting))
                version = _version_of(quads)
                submission = contributing.check(Upload(_body(quads, key, version), "nquads"), "en")
                told += _faults(files[key], key, submission)
                if submission.key == key and not submission.blocked:
                    passed.update({_name(quad): b"" for quad in there.get(key, [])} | _graphs(submission, quads, version))
                    del waiting[key]
                    done += 1
            if not passed:
                raise ShapesViolated("\n  ".join(["The files have faults:", *told]))
            contributing.publish_graphs(passed)
            gone = {}
    return done


def _published(settings: Settings) -> dict[str, list[Quad]]:
    folder = DataFolder(settings.data)
    revision = folder.current()
    found: dict[str, list[Quad]] = defaultdict(list)
    for quad in Opened(folder.directory(revision)).contributed_quads() if revision else ():
        if match := _VERSION.match(_name(quad)):
            found[match[1]].append(quad)
    return found


def _same(file: Iterable[Quad], published: Iterable[Quad]) -> bool:
    return set(map(_order, file)) == set(map(_order, published))


def _version_of(quads: Iterable[Quad]) -> int:
    return max((int(match[2]) for quad in quads if (match := _VERSION.match(_name(quad)))), default=1)


def _body(quads: Iterable[Quad], key: str, version: int) -> bytes:
    """Return what a contributor would have sent, as N-Quads in graphs of version 1."""
    main, first = graph_of_experience(key, version), graph_of_experience(key, 1)

    def of_first(term: object) -> object:
        if isinstance(term, NamedNode) and (term.value == main or term.value.startswith(main + "/")):
            return NamedNode(first + term.value.removeprefix(main))
        return term

    lines = []
    for quad in quads:
        if not _is_origin(quad.triple, main):
            graph = NamedNode(first) if isinstance(quad.graph_name, DefaultGraph) else of_first(quad.graph_name)
            lines.append(f"{Quad(of_first(quad.subject), quad.predicate, of_first(quad.object), graph)} .\n")  # type: ignore[arg-type]
    return "".join(sorted(lines)).encode()


def _graphs(submission: Submission, quads: Iterable[Quad], version: int) -> dict[str, bytes]:
    """Return the graphs to publish: what was checked, in graphs of its version, and what the file tells of its origin."""
    body = "".join(f"{quad} .\n" for quad in submission.quads).encode()
    graphs = as_version(body, submission.key, version)
    main = graph_of_experience(submission.key, version)
    graphs[main].update(quad.triple for quad in quads if _is_origin(quad.triple, main))
    return {name: n_triples(sorted(triples, key=str)) for name, triples in graphs.items()}


def _is_origin(triple: Triple, main: str) -> bool:
    tells = triple.predicate.value in _ORIGIN or (triple.predicate.value == RDF_TYPE
                                                  and triple.object == NamedNode(PREFIXES["prov"] + "Entity"))
    return triple.subject == NamedNode(main) and tells


def _faults(file: Path, key: str, submission: Submission) -> Iterable[str]:
    if submission.key != key and submission.key:
        yield f"{file}: it holds the experience {submission.key}; name the file for it."
    yield from (f"{file}: {one.record} {one.message} {one.write}" for one in submission.findings if one.strength == "must")


def _name(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def _order(quad: Quad) -> tuple[str, str, bool, str, str]:
    """Order by graph and thing; of a thing its class first."""
    return _name(quad), str(quad.subject), quad.predicate.value != RDF_TYPE, quad.predicate.value, str(quad.object)
