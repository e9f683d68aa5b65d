"""Turns a revision of the data folder into the one that is served from another store; whoever asks sees all of it or none.

The union of a revision is a graph of its own there, and so is written beside the one that is being served. The graphs under their
own names are not: while those that differ are brought up to date, questions that name graphs wait. Then the new revision is
told to be the one that is served. Unions of earlier revisions are dropped once no question can be under way in them.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyoxigraph import RdfFormat, Store

from kg.errors import EndpointFailed, QueryTimeout, SettingInvalid, StoreDown
from kg.names import HAS_DIGEST, is_public_graph
from kg.settings import Settings
from kg.store.calls import CUT_HEADER, Call, shown
from kg.store.engine import open_revision
from kg.store.graphs import GraphStore
from kg.store.published import State, count, graphs_graph, read_graphs, read_state
from kg.store.rdf import DefaultGraph, Literal, NamedNode, Triple, n_triples
from kg.store.received import ROWS
from kg.store.remote import ask
from kg.store.revisions import DataFolder, Revision

PART_BYTES = 16 << 20
MOST_PROBED, PROBE_BYTES = 1_000_000, 256 << 20
PART_TIME_S, STATE_TIME_S = 300.0, 5.0
GRACE_S = 900.0


@dataclass(frozen=True)
class Place:
    """Another store: the address at which it answers queries, and the one at which it takes graphs, if it does."""

    query: str
    graphs: str = ""

    @property
    def name(self) -> str:
        """Return its address as it may be told."""
        return shown(self.query)


def place_of(settings: Settings) -> Place | None:
    """Return the store that the settings name, or None for our own."""
    return Place(settings.store, settings.store_graphs) if settings.store else None


def publish(folder: DataFolder, revision: Revision, place: Place,
            progress: Callable[[str, float], None] = lambda step, done: None) -> bool:
    """Have a revision served from another store; returns whether it was not so already.

    Raises StoreDown where the store cannot be reached or refuses, and StoreUnavailable where the folder cannot be read. What was
    served from there still is, except that graphs cannot be named if it broke off among them; a repetition goes on from there.
    """
    if not place.graphs:
        raise SettingInvalid(f"{place.name} can be read, and nothing can be published there: PARKG_STORE names no second "
                               "address, at which the store takes graphs.")
    with folder.locked():
        try:
            before = read_state(place.query, STATE_TIME_S)
            if before and before.revision == revision and not before.changing:
                return False
            _publish(open_revision(folder.directory(revision)), before, revision, place, progress)
        except (EndpointFailed, QueryTimeout) as error:
            raise StoreDown(f"The graph could not be published: {error}") from error
    return True


def _publish(store: Store, before: State | None, revision: Revision, place: Place,
             progress: Callable[[str, float], None]) -> None:
    graphs = GraphStore(place.graphs, PART_TIME_S)
    after = State(revision, before.serial + 1 if before else 0)
    progress(f"sending {len(store):,} statements to {place.name}", 0.0)
    triples = _put(store, DefaultGraph(), after.union, graphs)
    there = count(place.query, after.union, PART_TIME_S)
    if there != triples:
        raise StoreDown(f"{place.name} has kept {there:,} of {triples:,} triples; what was served before is still served. "
                               "Look into its log, and at its limits for one request.")

    _check_whole(place, after.union, triples)
    named = sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode) and is_public_graph(graph.value))
    digests = {name: _digest(store, name) for name in named}
    known = read_graphs(place.query, before.union, PART_TIME_S) if before else {}
    graphs.put(graphs_graph(after.union), n_triples(
        Triple(NamedNode(name), NamedNode(HAS_DIGEST), Literal(digest)) for name, digest in digests.items()))

    unsure = before is None or before.changing
    changed = [name for name in named if unsure or known.get(name) != digests[name]]
    gone = [name for name in known if name not in digests]
    if before and (changed or gone):
        before = before.next(changing=True)
        graphs.put(*before.written())
    for number, name in enumerate(changed):
        progress(f"sending {name}", 0.4 + 0.5 * number / len(changed))
        _put(store, NamedNode(name), name, graphs)
    for name in gone:
        graphs.drop(name)

    now = time.time()
    earlier = (*before.earlier, (before.union, now)) if before and before.union != after.union else ()
    kept = tuple((union, since) for union, since in earlier if now - since < GRACE_S and union != after.union)
    graphs.put(*State(revision, before.serial + 1 if before else 0, False, kept).written())
    for union, _ in set(earlier) - set(kept):
        if union != after.union:
            graphs.drop(union)
            graphs.drop(graphs_graph(union))


def _check_whole(place: Place, union: str, triples: int) -> None:
    """Refuse a store that cuts long answers: of rows Virtuoso says so with each answer, of a CONSTRUCT it says nothing."""
    call = Call(PART_TIME_S, PROBE_BYTES)
    rows = min(triples, MOST_PROBED)
    query = f"SELECT (1 AS ?n) FROM <{union}> WHERE {{ ?s ?p ?o }} LIMIT {rows}"
    ask(place.query, query, ROWS, PART_TIME_S, PROBE_BYTES, call=call)
    most = call.headers.get(CUT_HEADER, "")
    if most.isdecimal() and int(most) < rows:
        raise StoreDown(f"{place.name} cuts answers at {most} rows, and of a CONSTRUCT it does not say so. Set ResultSetMaxRows "
                        f"in its settings to more than {rows:,}.")


def _put(store: Store, graph: NamedNode | DefaultGraph, name: str, graphs: GraphStore) -> int:
    """Send a graph under a name, in parts; return how many triples it has. Blank nodes are all in the first part."""
    whole = bytes(store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b"")
    parts = _parts(whole)
    graphs.put(name, next(parts))
    for part in parts:
        graphs.add(name, part)
    return whole.count(b"\n")


def _parts(whole: bytes) -> Iterator[bytes]:
    if len(whole) <= PART_BYTES:
        yield whole
        return
    lines = whole.splitlines(keepends=True)
    part = [line for line in lines if _has_node(line)]
    size = sum(map(len, part))
    for line in lines:
        if _has_node(line):
            continue
        if part and size + len(line) > PART_BYTES:
            yield b"".join(part)
            part, size = [], 0
        part.append(line)
        size += len(line)
    yield b"".join(part)


def _has_node(line: bytes) -> bool:
    return line.startswith(b"_:") or b"> _:" in line


def _digest(store: Store, name: str) -> str:
    lines = bytes(store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(name)) or b"").splitlines()
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()[:32]
