"""Measures inference: the rules in the store against owlrl on what is shipped. How it grows is in bench.building.

    python -m bench.reasoning
"""

import time

import owlrl
import rdflib

from kg.build import shipped_sources, stated_triples
from kg.reason import infer, read_rules
from kg.store.rdf import n_triples


def main() -> None:
    """Print the table."""
    stated = stated_triples(shipped_sources())
    rules = read_rules(shipped_sources().rules)
    started = time.perf_counter()
    ours = len(infer(stated, rules))
    ours_s = time.perf_counter() - started
    graph = rdflib.Graph().parse(data=n_triples(stated), format="nt")
    started = time.perf_counter()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    peer_s = time.perf_counter() - started
    print(f"what is shipped, {len(stated):,} triples stated")
    print(f"  rules in the store   {ours:>10,} inferred   {ours_s:8.2f} s")
    peer = len(graph) - len(stated)
    print(f"  owlrl                {peer:>10,} inferred   {peer_s:8.2f} s   {peer_s / ours_s:.0f} times as long")
    print("  (owlrl also adds reflexive and axiomatic triples, which no query uses)")


if __name__ == "__main__":
    main()
