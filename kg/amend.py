"""Turns a change that somebody asks for into the next revision: who may change what, and the one way in which it is done."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from kg.errors import ParameterInvalid, RevisionPast, RevisionUnknown, StoreUnavailable, WritingUnsupported
from kg.index import amend_index, copy_index, write_index
from kg.names import OWN_DEFAULT_GRAPH
from kg.store.abroad import Abroad
from kg.store.changes import Change, Changed, GraphChange, Update, Upload
from kg.store.earlier import TakingBack
from kg.store.engine import LARGEST_ANSWER_BYTES
from kg.store.indexes import IndexAt
from kg.store.loading import loaded
from kg.store.publication import Moved, Publication
from kg.store.readers import Readers, Unserved
from kg.store.revisions import DataFolder, Revision
from kg.store.rewriting import Rewriting
from kg.store.trials import Trial, Trials
from kg.store.updates import check_update
from kg.store.writers import Writer
from kg.tokens import Token, Tokens

ELSEWHERE = ("This endpoint serves its graph from a store to which whole revisions are published: change the data and run parkg "
             "build. Single changes are taken where PARKG_STORE is embedded.")
OF_A_PAGE = 3  # times that of one query: as long may all take together that a page of an earlier revision asks


class Amending:
    """Changes the graph of a data folder, one change a revision.

    catch_up: waits until the new revision is the one that is asked, so that whoever wrote reads what they wrote. abroad: the
    hosts from which LOAD may fetch; without it from none. elsewhere: the store that is served is another, which changes by
    publishing alone.
    """

    def __init__(self, folder: DataFolder, writer: Writer, tokens: Tokens, plain: bool,
                 catch_up: Callable[[], None] = lambda: None, abroad: Abroad | None = None, elsewhere: bool = False,
                 largest_answer: int = LARGEST_ANSWER_BYTES) -> None:
        self.plain = plain
        self._abroad = abroad or Abroad()
        self._elsewhere = elsewhere
        self._catch_up = catch_up
        self._folder = folder
        self._writer = writer
        self._tokens = tokens
        self._readers: Readers | None = None
        self._trials = Trials(folder, writer, _try_index, "previews")
        self._taking_back = Writer(writer.time_limit_s)  # of its own: no publication waits until an earlier revision is made
        self._earlier = Trials(folder, self._taking_back, _try_index, "earlier revisions", largest_answer, OF_A_PAGE)

    def bearer(self, text: str) -> Token | None:
        """Return the token that a client shows, or None where it is worth nothing."""
        return self._tokens.find(text)

    def change(self, change: Change, expected: int | None = None, cause: Mapping[str, Any] | None = None
               ) -> tuple[Revision, Changed]:
        """Make the next revision by a change, and serve it.

        expected: the revision that the change is meant for; cause: what a publication is made for, kept with the revision.

        Raises what kg.store.loading, kg.store.updates and DataFolder.change raise, ParameterInvalid for a graph that is not named
        by an IRI, and WritingUnsupported.
        """
        if self._elsewhere:
            raise WritingUnsupported(ELSEWHERE)
        if isinstance(change, Update):
            change = loaded(change, self._abroad)
        if isinstance(change, Update):
            check_update(change.text)
            graphs = (*change.default_graphs, *change.named_graphs)
        elif isinstance(change, Publication | Rewriting | TakingBack):
            graphs = ()  # of ours
        else:
            graphs = (change.graph,) if change.graph else ()
        for graph in graphs:
            if not _is_iri(graph):
                raise ParameterInvalid(f"{graph!r} will not do as the name of a graph: an absolute IRI is expected.")
        done = self._folder.change(change, self._writer, expected, self._amend_index, cause)
        with suppress(StoreUnavailable):  # the change is made, whether or not it can be asked at once
            self._catch_up()
        return done

    def _amend_index(self, store: Path, index: IndexAt, things: set[str]) -> None:
        self._readers = self._readers or Readers(self._writer.time_limit_s, 1)
        amend_index(Unserved(self._readers, store), index, things)

    def rewrite(self, change: Rewriting) -> Changed:
        """Make the next revision by taking something out of all there is, and serve it; no earlier one is left.

        Raises WritingUnsupported and what DataFolder.rewrite raises.
        """
        if self._elsewhere:
            raise WritingUnsupported(ELSEWHERE)
        readers = Readers(change.patience_s, 1)
        try:
            changed = self._folder.rewrite(change, self._writer,
                                           lambda store, index: write_index(Unserved(readers, store), index))
        finally:
            readers.close()
        with suppress(StoreUnavailable):
            self._catch_up()
        return changed

    def revision(self) -> int:
        """Return the number of the newest revision, 0 before the first. Raises StoreUnavailable."""
        revision = self._folder.current()
        return revision.number if revision else 0

    def try_out(self, change: Publication) -> Moved:
        """Return what a publication would move, and change nothing. Raises what DataFolder.try_out raises."""
        moved = self._folder.try_out(change, self._writer).moved
        assert moved is not None
        return moved

    def trial(self, change: Publication) -> AbstractContextManager[Trial]:
        """Give the graph as it would be after a publication, to be asked; change nothing. Raises what Trials.of raises."""
        return self._trials.of(lambda newest: (change, None))

    @contextmanager
    def earlier(self, number: int) -> Iterator[Trial]:
        """Give the graph as it was in an earlier revision, to be asked, the graphs of users apart; change nothing.

        Raises RevisionPast where it cannot be had, and what Trials.of raises.
        """
        with ExitStack() as stack:
            try:
                trial = stack.enter_context(self._earlier.of(lambda newest: self._back_to(number, newest)))
            except RevisionUnknown as error:
                raise RevisionPast(number) from error
            yield trial

    def _back_to(self, number: int, newest: Revision) -> tuple[TakingBack, Revision]:
        revision = next((one for one in self._folder.history() if one.number == number), None)
        if self.plain or not revision:
            raise RevisionPast(number)
        return TakingBack(number, tuple(self._folder.journal.after(number, newest.number))), revision

    def forget_trials(self) -> None:
        """Have nothing left of any trial, nor of any earlier revision."""
        self._trials.forget()
        self._earlier.forget()

    def default_graph(self) -> str:
        """Return the IRI under which queries find what changes call the default graph; nothing where it is the default graph."""
        return "" if self.plain else OWN_DEFAULT_GRAPH

    def close(self) -> None:
        """End the writer, and the readers if there are any."""
        self.forget_trials()
        self._writer.close()
        self._taking_back.close()
        if self._readers:
            self._readers.close()


def _try_index(store: Unserved, before: IndexAt, index: IndexAt, things: Collection[str]) -> None:
    copy_index(before, index.path)
    amend_index(store, index, things)


def _is_iri(text: str) -> bool:
    scheme, colon, rest = text.partition(":")
    return bool(colon and rest and scheme.isascii() and scheme[:1].isalpha()) and not set(text) & set(' <>"{}|\\^`\n\r\t')


__all__ = ["Amending", "GraphChange", "Update", "Upload"]
