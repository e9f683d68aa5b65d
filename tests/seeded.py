"""More than ships: a thing that ten thousand things name, and texts and names that XML cannot hold."""

from kg.store.rdf import Literal, NamedNode, Quad

SEEDED = "https://w3id.org/cocina-par/graph/experience/seeded/1"
NEIGHBOURS = 10_000


def tool(key: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/cocina-par/id/tool/{key}")


def seeded_quads() -> list[Quad]:
    """Return the statements: of tool/hub and those that name it, in a graph that may be seen and in others."""
    graph, again, private = NamedNode(SEEDED), NamedNode(SEEDED.replace("/1", "/2")), NamedNode("http://example.org/private")
    hub, names, label = tool("hub"), NamedNode("http://example.org/names"), NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    quads = [Quad(tool(f"n{i:05}"), names, hub, graph) for i in range(NEIGHBOURS)]
    quads += [Quad(hub, NamedNode("http://example.org/a"), tool(f"n{i:05}"), graph) for i in range(700)]
    quads += [Quad(tool("n00000"), names, hub, again), Quad(tool("n00000"), names, hub, private)]
    quads += [Quad(hub, label, Literal("Hub", language="en"), graph), Quad(hub, label, Literal("Eje", language="es"), graph)]
    quads += [Quad(tool("bell"), label, Literal("ring\u0007\r\n", language="en"), graph),
              Quad(tool("return"), label, Literal("one\r\ntwo", language="en"), graph),
              Quad(tool("number"), NamedNode("http://example.org/1"), Literal("x"), graph)]
    return quads
