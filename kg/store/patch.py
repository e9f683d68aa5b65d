"""Turns statements that came and went into an RDF Patch, one statement a line, and its lines back into what they say.

Source: RDF Patch (Apache Jena): ``A`` adds, ``D`` takes away, ``TX`` and ``TC`` hold what is one step, ``H`` tells of the patch.
"""

from collections.abc import Iterable, Iterator, Mapping

from kg.store.rdf import NamedNode, Quad, Triple

TYPE = "application/rdf-patch"


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
