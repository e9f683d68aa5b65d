"""Turns a test into calls of pyoxigraph in this process: what the engine can do without a server around it."""

from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store, serialize

from tests.conformance.answers import MEDIA, rows_of
from tests.conformance.engines import quads_of
from tests.conformance.manifests import DataFile, Text
from tests.conformance.result_sets import Row
from tests.conformance.verdicts import Mismatch

_FAULTS = (SyntaxError, ValueError, RuntimeError, OSError)


class InProcess:
    """A store in memory for each test."""

    def query(self, files: tuple[DataFile, ...], text: Text, accept: str) -> tuple[bytes, str]:
        """Return the answer to a query over the files, and its media type. Raises Mismatch where there is none."""
        try:
            result = _filled(files).query(text.sent)
            if isinstance(result, QueryTriples):
                return serialize(result, format=RdfFormat.N_TRIPLES) or b"", MEDIA["nt"]
            format = QueryResultsFormat.from_media_type(accept)
            return result.serialize(format=format) or b"", accept
        except _FAULTS as error:
            raise Mismatch(f"query: {error}") from error

    def update(self, files: tuple[DataFile, ...], text: Text) -> list[Row]:
        """Return the whole dataset after an update of the files, as rows with a graph. Raises Mismatch where it fails."""
        store = _filled(files)
        try:
            store.update(text.sent)
        except _FAULTS as error:
            raise Mismatch(f"update: {error}") from error
        return rows_of(store, named=True)

    def fault(self, text: Text, is_update: bool) -> str:
        """Return what the engine finds wrong with a text, or nothing where it takes it for a query or an update."""
        store = Store()
        try:
            if is_update:
                store.update(text.sent)
            else:
                store.query(text.sent)
        except SyntaxError as error:
            return str(error)
        except _FAULTS:
            return ""  # it was read, and what it asks for cannot be done: a graph is missing, a host is not reached
        return ""


def _filled(files: tuple[DataFile, ...]) -> Store:
    store = Store()
    for file in files:
        if file.graph:
            store.add_graph(NamedNode(file.graph))
    store.extend(quads_of(files))
    return store
