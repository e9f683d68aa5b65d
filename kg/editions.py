"""Turns what ships of the shapes' editions into their list, and a case of an older edition into one of the newest.

An edition is what is asked of a case. Each is told in ``data/editorial/shapes_editions.trig``; how a case of the one before
becomes one of it stands in ``ontology/migrations/<number>.ru``, where anything has to change.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import SourceUnreadable
from kg.names import PREFIXES, expand, thing_iri
from kg.settings import shipped
from kg.store.migrating import migrated
from kg.store.rdf import Literal, NamedNode, Quad, read_file

_KIND = thing_iri("shapes-edition", "")


@dataclass(frozen=True)
class Edition:
    """An edition of the shapes.

    number: from 1; digest: of what constrains in the shapes, as ``tests/editions.py`` makes it; migration: the SPARQL Update over
    the graphs of a case of the edition before, or nothing.
    """

    number: int
    digest: str
    migration: str = ""

    @property
    def iri(self) -> str:
        """Return its IRI."""
        return edition_iri(self.number)


def edition_iri(number: int) -> str:
    """Return the IRI of an edition of the shapes."""
    return thing_iri("shapes-edition", str(number))


def read_editions(told: Path, migrations: Path) -> tuple[Edition, ...]:
    """Read the editions and their migrations, the first first. Raises SourceUnreadable where a number is left out."""
    kind, identifier = NamedNode(expand("par:ShapesEdition")), expand("dcterms:identifier")
    quads = read_file(told)
    things = {quad.subject for quad in quads if (quad.predicate.value, quad.object) == (PREFIXES["rdf"] + "type", kind)}
    digests = {int(quad.subject.value.removeprefix(_KIND)): quad.object.value for quad in quads
               if quad.subject in things and quad.predicate.value == identifier
               and isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)}
    if sorted(digests) != list(range(1, len(digests) + 1)) or not digests:
        raise SourceUnreadable(f"{told} has the editions {sorted(digests)}, and they are counted from 1 without a gap.")
    files = {number: migrations / f"{number}.ru" for number in digests}
    return tuple(Edition(number, digests[number], path.read_text(encoding="utf-8") if path.exists() else "")
                 for number, path in sorted(files.items()))


@functools.cache
def shipped_editions() -> tuple[Edition, ...]:
    """Return the editions that ship, the newest last."""
    return read_editions(shipped("data") / "editorial/shapes_editions.trig", shipped("ontology") / "migrations")


def carried(quads: Iterable[Quad], since: int, editions: Sequence[Edition]) -> list[Quad]:
    """Return the quads of a case of an edition as the newest would have them, as far as the migrations go, in their order."""
    places = {quad: place for place, quad in enumerate(quads)}
    fresh = migrated(places, [one.migration for one in editions if one.number > since and one.migration])
    return sorted(fresh, key=lambda quad: (places.get(quad, len(places)), str(quad)))
