"""Turns a change of what a store states into the change of what follows, by rules, at a cost that does not grow with the store.

What is new is followed through the rules one premise at a time (semi-naive evaluation); what is gone takes with it all that may
have rested on it, and what still follows from the rest is put back (delete and rederive). For rules that conclude one triple
each, and changes that leave the ontology alone, since not every triple of it is named among the premises.

Source: A. Gupta, I. S. Mumick and V. S. Subrahmanian, Maintaining views incrementally (SIGMOD 1993).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import QuerySolutions, QueryTriples, Store

from kg.errors import OntologyInconsistent
from kg.names import compact
from kg.store.rdf import NamedNode, Quad, Triple
from kg.store.sparql import clauses

FOCUS = NamedNode("urn:x-parkg:focus")
MOST_SHOWN = 20


@dataclass(frozen=True)
class Law:
    """A rule: the sentence that says it, its query, and the triple patterns that it rests on.

    The query is a CONSTRUCT of one triple or, of a rule that finds contradictions, a SELECT.
    """

    sentence: str
    query: str
    premises: tuple[str, ...]

    @cached_property
    def about(self) -> list[str]:
        """The query once for each premise, where that is one of the triples in FOCUS."""
        prologue, head, body = clauses(self.query)
        return [f"{prologue}{head} WHERE {{ GRAPH <{FOCUS.value}> {{ {premise} }} {body} }}" for premise in self.premises]

    @cached_property
    def concluding(self) -> str:
        """The query where what it concludes is one of the triples in FOCUS."""
        prologue, head, body = clauses(self.query)
        return f"{prologue}{head} WHERE {{ GRAPH <{FOCUS.value}> {head[len('CONSTRUCT'):]} {{ {body} }} }}"


def contradiction(sentence: str, things: Iterable[object]) -> str:
    """Return what a law says, and the things that break it."""
    return f"{sentence} But: {', '.join(compact(t.value) if isinstance(t, NamedNode) else str(t) for t in things)}."


def refuse(found: list[str]) -> None:
    """Raise OntologyInconsistent where contradictions were found."""
    if found:
        raise OntologyInconsistent("What is stated contradicts itself:\n  " + "\n  ".join(found[:MOST_SHOWN])
                                   + "\nMend the statement that gives the thing a class or value that it cannot have.")


@dataclass
class Followed:
    """What a change of what is stated did to what follows: triples that follow now, and those that no longer do."""

    fresh: set[Triple] = field(default_factory=set)
    gone: set[Triple] = field(default_factory=set)


class Following:
    """A store whose default graph holds what is stated and what follows from it, kept so through changes of what is stated."""

    def __init__(self, store: Store, laws: Iterable[Law]) -> None:
        self._store = store
        self._laws = list(laws)

    def without(self, lost: set[Triple], stated: Callable[[Triple], bool]) -> Followed:
        """Take triples that nothing states any more out of the default graph, and what followed from them alone.

        stated: tells of a triple whether it is stated still, and so needs nothing to follow from. Returns which of the lost
        triples follow from others, and what followed and does so no longer.
        """
        over, frontier = set(lost), lost
        while frontier:
            self._focus(frontier)
            frontier = {triple for triple in self._concluded() if triple not in over and Quad(*triple) in self._store
                        and not stated(triple)}
            over |= frontier
        for triple in over:
            self._store.remove(Quad(*triple))
        self._focus(over)
        back = {triple for law in self._laws for triple in self._constructed(law.concluding)} & over
        self._store.extend(Quad(*triple) for triple in back)
        back |= self.along(back)
        self._unfocus()
        return Followed(fresh=back & lost, gone=over - lost - back)

    def along(self, fresh: set[Triple]) -> set[Triple]:
        """Add to the default graph what follows from triples that have just been added to it, and return that."""
        followed: set[Triple] = set()
        while fresh:
            self._focus(fresh)
            fresh = {triple for triple in self._concluded() if Quad(*triple) not in self._store}
            self._store.extend(Quad(*triple) for triple in fresh)
            followed |= fresh
        self._unfocus()
        return followed

    def check(self, fresh: set[Triple], contradictions: Iterable[Law]) -> None:
        """Raise OntologyInconsistent where triples that have just been added contradict others, or each other."""
        self._focus(fresh)
        found = set()
        for law in contradictions:
            for query in law.about:
                solutions = self._store.query(query)
                assert isinstance(solutions, QuerySolutions)
                found |= {contradiction(law.sentence, solution) for solution in solutions}
        self._unfocus()
        refuse(sorted(found))

    def _concluded(self) -> set[Triple]:
        return {triple for law in self._laws for query in law.about for triple in self._constructed(query)}

    def _constructed(self, query: str) -> QueryTriples:
        triples = self._store.query(query)
        assert isinstance(triples, QueryTriples)
        return triples

    def _focus(self, triples: Iterable[Triple]) -> None:
        self._unfocus()
        self._store.extend(Quad(t.subject, t.predicate, t.object, FOCUS) for t in triples)

    def _unfocus(self) -> None:
        if self._store.contains_named_graph(FOCUS):
            self._store.remove_graph(FOCUS)
