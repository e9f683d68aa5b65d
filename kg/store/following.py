"""Turns a change of what a store states into the change of what follows, by rules, at a cost that does not grow with the store.

What is new is followed through the rules one premise at a time (semi-naive evaluation); what is gone takes with it all that may
have rested on it, and what still follows from the rest is put back (delete and rederive). For rules that conclude one triple
each, and changes that leave the ontology alone, since not every triple of it is named among the premises.

Source: A. Gupta, I. S. Mumick and V. S. Subrahmanian, Maintaining views incrementally (SIGMOD 1993).
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from pyoxigraph import QuerySolutions, QueryTriples, Store

from kg.errors import OntologyInconsistent
from kg.names import RDF_TYPE, compact, expand
from kg.store.rdf import NamedNode, Quad, Triple
from kg.store.sparql import clauses

MOST_AT_ONCE = 2000  # triples in the text of a query
MOST_SHOWN = 20


_SUBQUERY = re.compile(r"\s*(\{)\s*SELECT ((?:\?\w+ )+)WHERE\b")


Rows = Callable[[str], Iterable[Iterable[object]]]
"""Gives the rows of a SELECT query."""


def with_ontology(query: str, rows: Rows) -> str:
    """Return a query that begins with a subquery of the ontology with the rows of that as values instead.

    The engine begins with values. With a subquery it begins where it likes, and with many things joins all with all.
    """
    prologue, head, body = clauses(query)
    values, body = _parted(prologue, body, rows)
    return f"{prologue}{head} WHERE {{ {values} {body} }}"


def _parted(prologue: str, body: str, rows: Rows) -> tuple[str, str]:
    """Return the subquery of the ontology with which a body begins, if it does, as values, and the rest of the body."""
    begun = _SUBQUERY.match(body)
    if not begun:
        return "", body
    depth, end = 1, begun.end(1)
    while depth:
        depth += {"{": 1, "}": -1}.get(body[end], 0)
        end += 1
    found = " ".join(f"({' '.join(map(str, row))})" for row in rows(prologue + body[begun.end(1):end - 1]))
    return f"VALUES ({begun[2]}) {{ {found} }}", body[end:]


@dataclass(frozen=True)
class Law:
    """A rule: the sentence that says it, its query, the triple patterns that it rests on, and the variables it makes values of.

    The query is a CONSTRUCT of one triple or, of a rule that finds contradictions, a SELECT. ontology: what it asks of the
    ontology first, as values, once that is answered and no longer in the query.
    """

    sentence: str
    query: str
    premises: tuple[str, ...]
    made: frozenset[str]
    ontology: str = ""

    @cached_property
    def _clauses(self) -> tuple[str, str, str]:
        return clauses(self.query)

    def answered(self, rows: Rows) -> "Law":
        """Return it with what it asks of the ontology answered."""
        prologue, head, body = self._clauses
        values, body = _parted(prologue, body, rows)
        return replace(self, query=f"{prologue}{head} WHERE {{{body}}}", ontology=values)

    def about(self, triples: Iterable[Triple]) -> Iterator[str]:
        """Yield the query once for each premise that some of these triples are, held to them."""
        for premise in self.premises:
            yield from self._held(premise, triples, self._clauses[2])

    def concluding(self, triples: Iterable[Triple]) -> Iterator[str]:
        """Yield the query where what it concludes is one of these triples, or of one but for a value that the query makes.

        Where all of it is given, one proof is enough: what stands in a country has its class from each that stands there.
        """
        _, head, body = self._clauses
        proof = f"FILTER(EXISTS {{ {body} }})" if self.ontology and not self.made else body
        return self._held(head.removeprefix("CONSTRUCT").strip(" {}"), triples, proof, self.made)

    def _held(self, pattern: str, triples: Iterable[Triple], body: str, made: Collection[str] = ()) -> Iterator[str]:
        """Yield the query with the values that a pattern takes in these triples before a WHERE.

        As values, since the engine begins with these, and with the larger part where it is left to choose.
        """
        prologue, head, _ = self._clauses
        parts = [NamedNode(RDF_TYPE) if part == "a" else part if part.startswith("?") else NamedNode(expand(part))
                 for part in pattern.split()]
        names = list(dict.fromkeys(part for part in parts if isinstance(part, str) and part[1:] not in made))
        rows = []
        for triple in triples:
            row = dict(zip(parts, triple, strict=True))
            if all(row[part] == value and (part == value or isinstance(part, str))
                   for part, value in zip(parts, triple, strict=True)):
                rows.append(f"({' '.join(str(row[name]) for name in names)})")
        rows = list(dict.fromkeys(rows))
        for start in range(0, len(rows), MOST_AT_ONCE):
            values = f"VALUES ({' '.join(names)}) {{ {' '.join(rows[start:start + MOST_AT_ONCE])} }}"
            yield f"{prologue}{head} WHERE {{ {values} {self.ontology} {body} }}"


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
        self._laws = [law.answered(self._rows) for law in laws]  # no change here changes the ontology

    def without(self, lost: set[Triple], stated: Callable[[Triple], bool]) -> Followed:
        """Take triples that nothing states any more out of the default graph, and what followed from them alone.

        stated: tells of a triple whether it is stated still, and so needs nothing to follow from. Returns which of the lost
        triples follow from others, and what followed and does so no longer.
        """
        over, frontier = set(lost), lost
        while frontier:
            frontier = {triple for triple in self._concluded(frontier) if triple not in over and Quad(*triple) in self._store
                        and not stated(triple)}
            over |= frontier
        for triple in over:
            self._store.remove(Quad(*triple))
        back = {triple for law in self._laws for query in law.concluding(over) for triple in self._constructed(query)} & over
        self._store.extend(Quad(*triple) for triple in back)
        back |= self.along(back)
        return Followed(fresh=back & lost, gone=over - lost - back)

    def along(self, fresh: set[Triple]) -> set[Triple]:
        """Add to the default graph what follows from triples that have just been added to it, and return that."""
        followed: set[Triple] = set()
        while fresh:
            fresh = {triple for triple in self._concluded(fresh) if Quad(*triple) not in self._store}
            self._store.extend(Quad(*triple) for triple in fresh)
            followed |= fresh
        return followed

    def check(self, fresh: set[Triple], contradictions: Iterable[Law]) -> None:
        """Raise OntologyInconsistent where triples that have just been added contradict others, or each other."""
        found = set()
        for law in contradictions:
            for query in law.answered(self._rows).about(fresh):
                found |= {contradiction(law.sentence, solution) for solution in self._rows(query)}
        refuse(sorted(found))

    def _rows(self, select: str) -> QuerySolutions:
        solutions = self._store.query(select)
        assert isinstance(solutions, QuerySolutions)
        return solutions

    def _concluded(self, triples: Collection[Triple]) -> set[Triple]:
        return {triple for law in self._laws for query in law.about(triples) for triple in self._constructed(query)}

    def _constructed(self, query: str) -> QueryTriples:
        triples = self._store.query(query)
        assert isinstance(triples, QueryTriples)
        return triples
