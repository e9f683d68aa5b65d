"""Turns what stands in another store into the revision of ours that is served from there, and back.

    urn:x-parkg:revision:<key>          the union of the public graphs of a revision
    urn:x-parkg:revision:<key>:graphs   the names of its public graphs, and a digest of each
    urn:x-parkg:served:0 and :1         which revision is served; the newer of the two is meant

The two are written in turn, so that one of them is whole at every moment, whatever a store does while it replaces a graph. The
public graphs stand beside these under their own names.
"""

import hashlib
import json
from dataclasses import dataclass, replace

from kg.errors import EndpointFailed, StoreDown
from kg.names import HAS_DIGEST, HAS_STATE, REVISION_GRAPH, SERVED_GRAPH
from kg.store.calls import Call, shown
from kg.store.rdf import Literal, NamedNode, Triple, n_triples
from kg.store.received import ROWS
from kg.store.remote import ask
from kg.store.revisions import Revision

MOST_GRAPHS_BYTES = 64 << 20
_STATES = f"SELECT ?state FROM <{SERVED_GRAPH}0> FROM <{SERVED_GRAPH}1> WHERE {{ ?place <{HAS_STATE}> ?state }}"
_GRAPHS = f"SELECT ?graph ?digest FROM <{{}}> WHERE {{{{ ?graph <{HAS_DIGEST}> ?digest }}}}"


@dataclass(frozen=True)
class State:
    """Which revision is served from another store, told for the serial-th time.

    changing: whether the graphs under their own names are being brought from this revision to the next, so that none of them can
    be named meanwhile. earlier: unions of revisions before, each with the time (UTC, seconds) at which it was followed.
    """

    revision: Revision
    serial: int = 0
    changing: bool = False
    earlier: tuple[tuple[str, float], ...] = ()

    @property
    def union(self) -> str:
        """Return the graph that holds the union of the public graphs."""
        return union_of(self.revision)

    def next(self, **changed: object) -> "State":
        """Return the state that follows."""
        return replace(self, serial=self.serial + 1, **changed)  # type: ignore[arg-type]

    def written(self) -> tuple[str, bytes]:
        """Return the graph in which this state is told, and what stands in it."""
        graph = f"{SERVED_GRAPH}{self.serial % 2}"
        told = {"number": self.revision.number, "build_key": self.revision.build_key, "made": self.revision.made,
                "serial": self.serial, "changing": self.changing, "earlier": self.earlier}
        return graph, n_triples([Triple(NamedNode(graph), NamedNode(HAS_STATE), Literal(json.dumps(told)))])


def union_of(revision: Revision) -> str:
    """Return the graph of another store that holds the union of a revision: one that no other revision of any folder has."""
    text = "\0".join((str(revision.number), revision.build_key, revision.made))
    return REVISION_GRAPH + hashlib.sha256(text.encode()).hexdigest()[:24]


def graphs_graph(union: str) -> str:
    """Return the graph that names the public graphs of the revision with a union."""
    return f"{union}:graphs"


def read_state(url: str, time_limit_s: float) -> State | None:
    """Return which revision is served from the store at ``url``, or None where none ever was.

    Raises EndpointFailed, QueryTimeout and StoreDown.
    """
    states = []
    for row in _rows(url, _STATES, time_limit_s):
        try:
            told = json.loads(row["state"])
            revision = Revision(int(told["number"]), str(told["build_key"]), str(told["made"]))
            earlier = tuple((str(union), float(since)) for union, since in told["earlier"])
            states.append(State(revision, int(told["serial"]), bool(told["changing"]), earlier))
        except (ValueError, KeyError, TypeError) as error:
            raise StoreDown(f"What {shown(url)} says is served cannot be read ({error}). Drop the graphs {SERVED_GRAPH}0 "
                            f"and {SERVED_GRAPH}1 there, and run parkg build.") from error
    return max(states, key=lambda state: state.serial, default=None)


def read_graphs(url: str, union: str, time_limit_s: float) -> dict[str, str]:
    """Return the public graphs of the revision with a union, each with its digest. Raises EndpointFailed and QueryTimeout."""
    return {row["graph"]: row["digest"] for row in _rows(url, _GRAPHS.format(graphs_graph(union)), time_limit_s)}


def count(url: str, graph: str, time_limit_s: float) -> int:
    """Return how many triples a graph has. Raises EndpointFailed and QueryTimeout."""
    (row,) = _rows(url, f"SELECT (COUNT(*) AS ?n) FROM <{graph}> WHERE {{ ?s ?p ?o }}", time_limit_s)
    return int(row["n"])


def _rows(url: str, query: str, time_limit_s: float) -> list[dict[str, str]]:
    body = ask(url, query, ROWS, time_limit_s, MOST_GRAPHS_BYTES, call=Call(time_limit_s, MOST_GRAPHS_BYTES))
    try:
        return [{name: term["value"] for name, term in row.items()} for row in json.loads(body)["results"]["bindings"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EndpointFailed(f"{shown(url)} does not answer as a SPARQL endpoint does: {error!r}") from error
