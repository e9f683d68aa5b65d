"""Turns an edition of a contribution into the graphs of a version, and its record into where that comes from."""

from collections import defaultdict

from kg.contributions.ledger import SENDING, Contribution, Event
from kg.contributions.removal import removed_on
from kg.editions import edition_iri
from kg.names import PREFIXES, REVIEWER, expand, graph_of_experience
from kg.store.rdf import Literal, NamedNode, Triple, read_n_quads


def as_version(body: bytes, key: str, version: int) -> dict[str, set[Triple]]:
    """Return the triples of an edition by graph, its graphs named for a version wherever they are named."""
    first, named = graph_of_experience(key, 1), graph_of_experience(key, version)

    def renamed(term: object) -> object:
        if isinstance(term, NamedNode) and (term.value == first or term.value.startswith(first + "/")):
            return NamedNode(named + term.value.removeprefix(first))
        return term

    graphs: dict[str, set[Triple]] = defaultdict(set, {named: set()})
    for quad in read_n_quads(body):
        graph = renamed(quad.graph_name)
        assert isinstance(graph, NamedNode)
        graphs[graph.value].add(Triple(renamed(quad.subject), quad.predicate, renamed(quad.object)))  # type: ignore[arg-type]
    return graphs


def origin(one: Contribution, version: int, published: Event) -> set[Triple]:
    """Return what is told of where a version comes from: who sent it, who accepted it, and when it was published."""
    graph = NamedNode(graph_of_experience(one.key, version))
    sent = next(event for event in reversed(one.events) if event.did in SENDING)
    accepted = next((event for event in reversed(one.events) if event.did == "accept"), published)
    moment = f"{published.at[:19]}Z"  # as the store writes it
    time = Literal(moment, datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))
    days = (event.at[:10] for event in one.events if event.did == "remove-person")
    return {*removed_on(graph.value, days), Triple(graph, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(expand("prov:Entity"))),
            Triple(graph, NamedNode(expand("prov:generatedAtTime")), time),
            Triple(graph, NamedNode(expand("dcterms:contributor")), Literal(sent.who)),
            Triple(graph, NamedNode(expand("dcterms:hasVersion")), Literal(str(version))),
            Triple(graph, NamedNode(REVIEWER), Literal(accepted.who)),
            *([Triple(graph, NamedNode(expand("dcterms:conformsTo")), NamedNode(edition_iri(published.shapes)))]
              if published.shapes else [])}


def withdrawals(one: Contribution, last: Event) -> set[Triple]:
    """Return what the graph keeps of versions that were taken back, the last of them now: which, when and why."""
    told, version = set(), 0
    for event in (*one.events, last):
        if event.did == "withdraw" and version:
            graph = NamedNode(graph_of_experience(one.key, version))
            told |= {Triple(graph, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(expand("prov:Entity"))),
                     Triple(graph, NamedNode(expand("prov:invalidatedAtTime")),
                            Literal(event.at, datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))),
                     Triple(graph, NamedNode(expand("par:withdrawnBecause")), Literal(event.note))}
        version = {"publish": event.version, "withdraw": 0, "join": 0}.get(event.did, version)
    return told
