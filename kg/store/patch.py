"""Turns statements that came and went into an RDF Patch, one statement a line, and a patch back into what it says.

Source: RDF Patch (Apache Jena): ``A`` adds, ``D`` takes away, ``TX`` and ``TC`` hold what is one step, ``H`` tells of the patch.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.store.rdf import NamedNode, Quad, Triple

TYPE = "application/rdf-patch"


@dataclass(frozen=True)
class Delta:
    """What a change did to the public graphs: the quads that came and went, and the graphs that are new and that are gone.

    silent: graphs that are kept up with the others, so that nothing is told of them.
    """

    adds: frozenset[Quad] = frozenset()
    removes: frozenset[Quad] = frozenset()
    new: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()

    @property
    def graphs(self) -> dict[str, tuple[int, int, str]]:
        """Return of each graph that it touched how many statements came and went, and whether it is new, gone or changed."""
        came, went = (Counter(quad.graph_name.value for quad in part if isinstance(quad.graph_name, NamedNode))
                      for part in (self.adds, self.removes))
        return {graph: (came[graph], went[graph], "new" if graph in self.new else "gone" if graph in self.gone else "changed")
                for graph in sorted((came | went).keys() - self.silent)}


def delta_of(before: Mapping[str, set[Quad]], after: Mapping[str, set[Quad]], partly: Collection[str] = ()) -> Delta:
    """Return what is different between graphs before and after, by name; a graph that is not named is empty.

    partly: the names of graphs of which there is but a part here, so that nothing is told of whether they are new or gone.
    """
    names = before.keys() | after.keys()
    whole = names - {*partly}
    return Delta(frozenset().union(*(after.get(name, set()) - before.get(name, set()) for name in names)),
                 frozenset().union(*(before.get(name, set()) - after.get(name, set()) for name in names)),
                 frozenset(name for name in whole if after.get(name) and not before.get(name)),
                 frozenset(name for name in whole if before.get(name) and not after.get(name)))


def line(statement: Quad | Triple) -> str:
    """Return a statement as a line of N-Quads or N-Triples, without its end of line; equal statements give equal lines."""
    return f"{statement} ."


def write_patch(adds: Iterable[str], removes: Iterable[str], told: Mapping[str, str]) -> bytes:
    """Return the patch of statements, as ``line`` gives them, that come and go, sorted.

    told: IRIs that tell of the patch, by name, such as ``id`` and ``prev``.
    """
    return "".join((*(f"H {name} {NamedNode(iri)} .\n" for name, iri in told.items()), "TX .\n",
                    *(f"D {one}\n" for one in sorted(removes)), *(f"A {one}\n" for one in sorted(adds)), "TC .\n")).encode()


def read_patch(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield ``A`` or ``D`` and the statement of each line, last to first: with the two exchanged, it takes the patch back."""
    for one in reversed(body.decode().split("\n")):
        if one.startswith(("A ", "D ")):
            yield one[0], one[2:]
