"""Measures inference: the rules in the store against owlrl on what is shipped, and alone as experiences are added.

    python -m bench.reasoning [experiences …]
"""

import sys
import time

import owlrl
import rdflib

from kg.build import shipped_sources, stated_triples
from kg.reason import infer, read_rules
from kg.store.rdf import Literal, NamedNode, Triple, n_triples

PAR = "https://w3id.org/cocina-par/ontology#"
THING = "https://w3id.org/cocina-par/id/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TOOLS = ("financing", "quality", "alliances", "services", "communication")
WAYS = ("fairs", "chefs", "supermarkets", "entire-chain")


def synthetic(count: int) -> set[Triple]:
    """Return experiences like the shipped ones: a label in two languages, a country and nine entries in cells each."""
    triples = set()

    def state(subject: str, property: str, value: NamedNode | Literal) -> None:
        triples.add(Triple(NamedNode(THING + subject), NamedNode(property), value))

    for number in range(count):
        experience = f"experience/synthetic-{number}"
        state(experience, RDF_TYPE, NamedNode(PAR + "SystematizedExperience"))
        state(experience, PAR + "inCountry", NamedNode(THING + "country/peru"))
        for language in ("en", "es"):
            state(experience, RDFS_LABEL, Literal(f"Synthetic {number}", language=language))
        for entry in range(9):
            cell = f"tool-application/synthetic-{number}-{entry}"
            state(cell, RDF_TYPE, NamedNode(PAR + "ToolApplication"))
            state(cell, PAR + "ofExperience", NamedNode(THING + experience))
            state(cell, PAR + "onEntryWay", NamedNode(f"{THING}entry-way/{WAYS[(number + entry) % len(WAYS)]}"))
            state(cell, PAR + "appliesTool", NamedNode(f"{THING}tool/{TOOLS[(number * entry) % len(TOOLS)]}"))
    return triples


def main() -> None:
    """Print both tables."""
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
    print("  (owlrl also adds reflexive and axiomatic triples, which no query uses)\n")
    print("experiences    stated     inferred    seconds    s per 1,000 experiences")
    for count in map(int, sys.argv[1:] or ("100", "1000", "4000")):
        everything = stated | synthetic(count)
        started = time.perf_counter()
        inferred = len(infer(everything, rules))
        seconds = time.perf_counter() - started
        print(f"{count:>11,} {len(everything):>9,} {inferred:>12,} {seconds:>10.2f} {seconds / count * 1000:>12.2f}")


if __name__ == "__main__":
    main()
