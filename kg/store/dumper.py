"""Turns a revision that comes in over a pipe into files of the whole of it; the main module of the dumper's process.

It reads the directory of a revision itself, so that no reader is held, and graph by graph, so that no more than the largest is in
memory as text. Statements are sorted, so that a revision gives the same bytes whenever its files are made.
"""

import gzip
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO

from pyoxigraph import serialize

from kg.durable import sync
from kg.errors import QueryAborted
from kg.names import ONTOLOGY_GRAPH, OUTPUT_PREFIXES, is_public_graph
from kg.store.confined import READY, run
from kg.store.engine import open_revision
from kg.store.journal import taken_back
from kg.store.patch import line
from kg.store.rdf import NamedNode, Quad, RdfFormat, Triple, read_n_quads

MEMORY_LIMIT_BYTES = 2 << 30
PACKING = 6
NAMES = ("dataset.nq.gz", "dataset.trig.gz", "dataset.ttl.gz", "ontology.ttl")
_GRAPH = re.compile(r" <([^<>]*)> \.$")

Patches = Sequence[tuple[Path, str]]


def make_files(revision: Path, patches: Patches, target: Path) -> dict[str, tuple[int, str]]:
    """Make the files of NAMES in a folder, of the revision in a directory with patches taken back.

    Returns size and SHA-256 of each, by name. Raises StoreUnavailable and OSError.
    """
    triples: dict[Triple, None] = {}
    with _packed(target / NAMES[0]) as lines, _packed(target / NAMES[1]) as trig:
        def quads() -> Iterator[Quad]:
            for graph in _graphs(revision, patches):
                body = "".join(f"{one}\n" for one in graph).encode()
                lines.write(body)
                for quad in read_n_quads(body):
                    triples[quad.triple] = None
                    if quad.graph_name == NamedNode(ONTOLOGY_GRAPH):
                        ontology.append(quad.triple)
                    yield quad

        ontology: list[Triple] = []
        serialize(quads(), output=trig, format=RdfFormat.TRIG, prefixes=OUTPUT_PREFIXES)
    with _packed(target / NAMES[2]) as turtle:
        serialize(sorted(triples, key=str), output=turtle, format=RdfFormat.TURTLE, prefixes=OUTPUT_PREFIXES)
    with (target / NAMES[3]).open("wb") as file:
        serialize(ontology, output=file, format=RdfFormat.TURTLE, prefixes=OUTPUT_PREFIXES)
    for name in NAMES:
        sync(target / name)
    return {name: _measured(target / name) for name in NAMES}


def _graphs(revision: Path, patches: Patches) -> Iterator[list[str]]:
    """Yield the statements of each public graph, as sorted lines; graphs by name."""
    comes, goes = taken_back(patches)
    there: dict[str, list[str]] = defaultdict(list)
    for one in comes:
        found = _GRAPH.search(one)
        assert found
        there[found[1]].append(one)
    store = open_revision(revision)
    for name in sorted({graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)} | there.keys()):
        if is_public_graph(name):
            kept = (line(quad) for quad in store.quads_for_pattern(None, None, None, NamedNode(name)))
            yield sorted({*there[name], *(one for one in kept if one not in goes)})


@contextmanager
def _packed(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write into that is packed, with neither name nor time in it."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", PACKING, file, mtime=0) as packed, \
            io.BufferedWriter(packed, 1 << 20) as buffered:
        yield buffered


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _answer_all(pipe: Connection, sealed: bool) -> None:
    pipe.send(READY)
    while True:
        try:
            revision, patches, target = pipe.recv()
        except EOFError:
            return
        outcome: dict[str, tuple[int, str]] | Exception
        try:
            outcome = make_files(revision, patches, target)
        except MemoryError:
            outcome = QueryAborted("The files of the whole graph need more memory than they may take.")
        except Exception as error:
            error.__traceback__ = error.__cause__ = error.__context__ = None
            outcome = error
        pipe.send(outcome)


if __name__ == "__main__":
    run(_answer_all, MEMORY_LIMIT_BYTES)
