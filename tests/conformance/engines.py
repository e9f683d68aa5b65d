"""Turns files of data into graphs, and says what every engine under test can be asked."""

from collections.abc import Iterable
from typing import Protocol

from pyoxigraph import NamedNode, Quad

from tests.conformance.answers import read_rdf
from tests.conformance.manifests import DataFile, Text
from tests.conformance.result_sets import Row


class Engine(Protocol):
    """What answers queries and carries out updates."""

    def query(self, files: tuple[DataFile, ...], text: Text, accept: str) -> tuple[bytes, str]:
        """Return the answer to a query over the files, and its media type. Raises Mismatch where there is none."""

    def update(self, files: tuple[DataFile, ...], text: Text) -> list[Row]:
        """Return the whole dataset after an update of the files, as rows with a graph. Raises Mismatch where it fails."""

    def fault(self, text: Text, is_update: bool) -> str:
        """Return what the engine finds wrong with a text, or nothing where it takes it for a query or an update."""


def read_quads(file: DataFile) -> list[Quad]:
    """Return the quads of a file, in the graph that it is for."""
    quads = read_rdf(file.path.read_bytes(), file.path.suffix[1:], file.base, rename=True)
    return [Quad(q.subject, q.predicate, q.object, NamedNode(file.graph)) for q in quads] if file.graph else quads


def quads_of(files: Iterable[DataFile]) -> list[Quad]:
    """Return the quads of all files."""
    return [quad for file in files for quad in read_quads(file)]
