"""Turns a request to change the graph into changes of an opened store; what runs in the writer's process.

Source: SPARQL 1.1 Update, and SPARQL 1.1 Graph Store HTTP Protocol (W3C, 2013), section 5.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from pyoxigraph import Store, parse

from kg.errors import GraphProtected, GraphUnknown, RevisionStale, UpdateFailed, UploadMalformed
from kg.names import BASE, OWN_DEFAULT_GRAPH, is_public_graph
from kg.store.earlier import TakingBack, take_back
from kg.store.engine import check_functions, malformed
from kg.store.publication import Moved, Publication, publish_graphs
from kg.store.rdf import UPLOAD_FORMATS, DefaultGraph, NamedNode, Quad
from kg.store.reach import Reach, reach
from kg.store.rewriting import Rewriting
from kg.store.updates import with_dataset

DEEPEST_JSON = 200
MOST_APART = 50_000  # about half a second of work; a larger graph of a user's own is cheaper left where it is
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(rb"[\[{}\]]")


@dataclass(frozen=True)
class Update:
    """SPARQL Update text, and the dataset that its WHERE clauses ask, where the request chose one."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Upload:
    """RDF as it was sent, and its format: a key of UPLOAD_FORMATS; for a submission, of SUBMISSION_FORMATS."""

    body: bytes
    format: str


@dataclass(frozen=True)
class GraphChange:
    """What the Graph Store Protocol does to one graph. graph: its IRI, or nothing for the default graph.

    method: ``PUT`` replaces the graph, ``POST`` adds to it, ``DELETE`` removes it. uploads: what the graph is replaced by, or
    what is added to it, all of it or nothing. base: what relative IRIs in them are resolved against. existing: whether the
    graph must be there already, or must not; None where it is no matter.
    """

    method: str
    graph: str
    uploads: tuple[Upload, ...] = ()
    base: str = ""
    existing: bool | None = None


Change = Update | GraphChange | Publication | Rewriting | TakingBack


@dataclass(frozen=True)
class Changed:
    """What a change did: whether the graph that it names was there before, and of a publication or a taking back what it moved.

    found: of a rewriting, in how many statements of which graph it found what it took out.
    """

    existed: bool
    moved: Moved | None = None
    found: Mapping[str, int] = field(default_factory=dict)


def apply(store: Store, change: Change, plain: bool) -> Changed:
    """Apply a change to a copy of a revision.

    plain: the default graph is a graph like any other. Otherwise it is the union of the public graphs, which a change can neither
    see nor spoil: what a change calls the default graph is OWN_DEFAULT_GRAPH, and the public graphs have one way in.
    Relative IRIs of an update are resolved against kg.names.BASE. Raises QueryMalformed, UploadMalformed with line and column,
    QueryUnsupported, UpdateFailed, GraphProtected, GraphUnknown and RevisionStale; for a publication OntologyInconsistent,
    and for a taking back StoreUnavailable.
    """
    if isinstance(change, Publication):
        return Changed(existed=True, moved=publish_graphs(store, change))
    if isinstance(change, TakingBack):
        return Changed(existed=True, moved=take_back(store, change))
    if isinstance(change, GraphChange):
        return _change_graph(store, change, plain)
    assert isinstance(change, Update)  # a rewriting makes its own copy
    text = with_dataset(change.text, change.default_graphs, change.named_graphs)
    if plain:
        _run(store, text)
    elif not _run_apart(store, text, reach(text)):
        _run_beside_public(store, text)
    return Changed(existed=True)


def _run(store: Store, text: str) -> None:
    try:
        store.update(text, base_iri=BASE)
    except SyntaxError as error:
        raise malformed(str(error), text) from error
    except (OSError, RuntimeError, ValueError) as error:
        check_functions(error)
        if str(error).startswith("IO error"):  # of the disk, and names files: whoever called knows what to say
            raise OSError(str(error)) from error
        raise UpdateFailed(f"The update was not carried out, and nothing was changed: {error}. Where that is no matter, say "
                           "SILENT.") from error


def _run_apart(store: Store, text: str, reached: Reach) -> bool:
    """Run an update in memory, on what it reaches alone, and carry over what it changes there.

    Returns whether that was done; not where its reach is not told or has more than MOST_APART quads.
    """
    if not reached.told:
        return False
    own = NamedNode(OWN_DEFAULT_GRAPH)
    names = [NamedNode(iri) for iri in reached.graphs]
    there = [name for name in names if store.contains_named_graph(name)]
    reachable = (quad for subject in (names if reached.ground else [None]) for graph in [*there, own]
                 for quad in store.quads_for_pattern(subject, None, None, graph))
    before = {_moved(quad, own, DefaultGraph()) for quad in islice(reachable, MOST_APART + 1)}
    if len(before) > MOST_APART:
        return False
    apart = Store()
    for graph in there:
        apart.add_graph(graph)
    apart.extend(before)
    _run(apart, text)
    after = set(apart)
    for quad in before - after:
        store.remove(_moved(quad, DefaultGraph(), own))
    store.extend(_moved(quad, DefaultGraph(), own) for quad in after - before)
    for graph in there:
        if not apart.contains_named_graph(graph):
            store.remove_graph(graph)
    for name in apart.named_graphs():
        store.add_graph(name)
    if not any(store.quads_for_pattern(None, None, None, own)) and store.contains_named_graph(own):
        store.remove_graph(own)
    return True


def _moved(quad: Quad, source: NamedNode | DefaultGraph, target: NamedNode | DefaultGraph) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, target) if quad.graph_name == source else quad


def _run_beside_public(store: Store, text: str) -> None:
    """Run an update that may reach any graph, and refuse it where it changed a public one. Costs what the whole store costs."""
    before = _stow_union(store)
    _run(store, text)
    _restore_union(store, before)


def _change_graph(store: Store, change: GraphChange, plain: bool) -> Changed:
    if not plain and is_public_graph(change.graph):
        raise _protected(change.graph)
    name = change.graph or ("" if plain else OWN_DEFAULT_GRAPH)
    graph = NamedNode(name) if name else DefaultGraph()
    existed = not change.graph or store.contains_named_graph(graph)
    if change.existing not in (None, existed):
        raise RevisionStale("The graph is there already, and If-None-Match asks that it be not." if existed else
                            "The graph is not there, and If-Match asks that it be.")
    if change.method == "DELETE":
        if not existed:
            raise GraphUnknown(f"There is no graph <{change.graph}>.")
        store.clear_graph(graph)
        if isinstance(graph, NamedNode) and store.contains_named_graph(graph):
            store.remove_graph(graph)
        return Changed(existed)
    triples = [quad for upload in change.uploads for quad in _parse(upload, change.base)]
    if change.method == "PUT":
        store.clear_graph(graph)
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    store.extend(Quad(q.subject, q.predicate, q.object, graph) for q in triples)
    return Changed(existed)


def _parse(upload: Upload, base: str) -> list[Quad]:
    if upload.format == "jsonld":
        check_json(upload.body)
    try:
        quads = list(parse(upload.body, UPLOAD_FORMATS[upload.format], base_iri=base or None, rename_blank_nodes=True))
    except SyntaxError as error:
        place = f" at line {error.lineno}, column {error.offset}" if error.lineno else ""
        message = f"The body is not {upload.format}{place}: {error.msg}"
        raise UploadMalformed(message, error.lineno or 0, error.offset or 0) from error
    except (ValueError, OSError) as error:
        raise UploadMalformed(f"The body is not {upload.format}: {error}") from error
    if any(not isinstance(q.graph_name, DefaultGraph) for q in quads):
        raise UploadMalformed("The body names graphs of its own; send one graph, and its name as ?graph=.")
    return quads


def check_json(body: bytes) -> None:
    """Refuse JSON that is no JSON-LD, which the parser takes for no triples, or nests deeper than the parser's stack can hold.

    Source: JSON-LD 1.1 (W3C, 2020), section 9: a document is an object or an array of them. Raises UploadMalformed.
    """
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        raise UploadMalformed("The body is not jsonld: it begins neither with { nor with [.")
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", body)):
        depth += 1 if bracket in (b"[", b"{") else -1
        if depth > DEEPEST_JSON:
            raise UploadMalformed(f"The JSON nests deeper than {DEEPEST_JSON} levels. Write it flatter, or as Turtle.")


def _stow_union(store: Store) -> dict[NamedNode, frozenset[Quad]]:
    """Take the union out of the default graph and put our own default graph there; return the public graphs as they are."""
    own = NamedNode(OWN_DEFAULT_GRAPH)
    store.clear_graph(DefaultGraph())
    store.extend(Quad(q.subject, q.predicate, q.object) for q in list(store.quads_for_pattern(None, None, None, own)))
    if store.contains_named_graph(own):
        store.remove_graph(own)
    return {graph: frozenset(store.quads_for_pattern(None, None, None, graph)) for graph in _public(store)}


def _restore_union(store: Store, before: dict[NamedNode, frozenset[Quad]]) -> None:
    """Put the union back, once it is sure that no public graph changed. Raises GraphProtected where one did."""
    after = set(_public(store))
    touched = after ^ before.keys() or {g for g in after if frozenset(store.quads_for_pattern(None, None, None, g)) != before[g]}
    if touched:
        raise _protected(min(graph.value for graph in touched))
    own = NamedNode(OWN_DEFAULT_GRAPH)
    kept = list(store.quads_for_pattern(None, None, None, DefaultGraph()))
    store.clear_graph(DefaultGraph())
    store.extend(Quad(q.subject, q.predicate, q.object, own) for q in kept)
    store.extend(Quad(q.subject, q.predicate, q.object) for quads in before.values() for q in quads)


def _public(store: Store) -> list[NamedNode]:
    return [graph for graph in store.named_graphs() if isinstance(graph, NamedNode) and is_public_graph(graph.value)]


def _protected(graph: str) -> GraphProtected:
    return GraphProtected(f"The graph <{graph}> has one way in, by which it is checked: parkg build for what ships, a "
                          "contribution for a new experience. Keep what is your own in a graph of another name.")
