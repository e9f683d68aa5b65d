"""Turns a triple into the reason why it holds: the graphs that state it, or the rule and the premises that it follows from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from kg.names import INFERRED_GRAPH
from kg.store.rdf import NamedNode, Triple
from kg.store.sparql import assigned_variables, bind, clauses, tokens

_WAYS_TRIED = 25


class Rule(Protocol):
    """What is needed of a rule: its sentence, the triples that it rests on as a template, and its CONSTRUCT query."""

    @property
    def sentence(self) -> str:
        """Return what the rule says."""

    @property
    def premises(self) -> str:
        """Return the triples that it rests on, as a template."""

    @property
    def contradicts(self) -> bool:
        """Tell whether it finds contradictions, and concludes nothing."""

    @property
    def query(self) -> str:
        """Return its query."""


class Graph(Protocol):
    """What is needed of a graph: which graphs state a triple, and what a query constructs."""

    def graphs_of(self, triple: Triple, /) -> list[str]:
        """Return the names of the graphs that hold a triple, sorted."""

    def construct(self, query: str, /) -> list[Triple]:
        """Return what a CONSTRUCT query constructs, each triple once."""


@dataclass
class Reason:
    """Why a triple holds: the graphs that state it, or the sentence of a rule and the reasons for its premises.

    With neither, the triple is not stated and not inferred.
    """

    triple: Triple
    graphs: list[str] = field(default_factory=list)
    rule: str = ""
    premises: list["Reason"] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether the triple is stated or inferred."""
        return bool(self.graphs or self.rule)


def explain(triple: Triple, rules: Iterable[Rule], graph: Graph) -> Reason:
    """Return why a triple holds, down to triples that are stated; never in a circle."""
    return _explain(triple, [rule for rule in rules if not rule.contradicts], graph, frozenset())


def _explain(triple: Triple, rules: list[Rule], graph: Graph, above: frozenset[Triple]) -> Reason:
    graphs = graph.graphs_of(triple)
    stated = [name for name in graphs if name != INFERRED_GRAPH]
    if stated or not graphs:
        return Reason(triple, stated)
    above |= {triple}
    for rule in rules:
        for premises in _ways(rule, triple, graph):
            if above.isdisjoint(premises):
                reasons = [_explain(premise, rules, graph, above) for premise in premises]
                if all(reason.holds for reason in reasons):
                    return Reason(triple, [], rule.sentence, reasons)
    return Reason(triple)


def _ways(rule: Rule, triple: Triple, graph: Graph) -> Iterator[list[Triple]]:
    """Yield, for each way in which a rule gives a triple, the triples that it rests on there, sorted."""
    prologue, form, where = clauses(rule.query)
    head = form[form.index("{") + 1:form.rindex("}")]
    names = [t.text for t in tokens(head) if t.kind not in ("space", "comment")]
    property = names[1].removeprefix("a").rpartition(":")[2] or "type"
    if not names[1].startswith("?") and re.split("[/#]", triple.predicate.value)[-1] != property:
        return
    # What the rule itself makes, such as a label, cannot be bound: the way that makes the right one is looked for.
    made_by_rule = assigned_variables(where)
    values = {name[1:]: term for name, term in zip(names, (triple.subject, triple.predicate, triple.object), strict=True)
              if name.startswith("?") and name[1:] not in made_by_rule and isinstance(term, NamedNode)}
    for way in range(_WAYS_TRIED):
        inner = bind(f"SELECT * WHERE {{ {where} }}", values)
        outer = bind(f"{head} . {rule.premises}", values)
        made = graph.construct(f"{prologue}CONSTRUCT {{ {outer} }} WHERE {{ {{ {inner} OFFSET {way} LIMIT 1 }} }}")
        if not made:
            return
        if triple in made:
            yield sorted((t for t in made if t != triple), key=str)
