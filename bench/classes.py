"""Turns a class of request into the query that it asks, and into what wrk sends."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench.generate import experience_of
from kg.catalogue import Catalogue
from kg.names import PREFIXES
from kg.settings import shipped

ACCEPT = "application/sparql-results+json"
KEY = "KEY"
_DECLARED = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("par", "rdfs"))
_THING = f"<{experience_of(KEY)}>"

_LOOKUP = f"SELECT ?label ?country WHERE {{ {_THING} rdfs:label ?label ; par:inCountry ?country }}"
_DETAIL = f"""SELECT DISTINCT ?property ?property_label ?value ?value_label WHERE {{ {_THING} ?property ?value
OPTIONAL {{ ?property rdfs:label ?property_label FILTER(LANG(?property_label) = "en") }}
OPTIONAL {{ ?value rdfs:label ?value_label FILTER(LANG(?value_label) = "en") }} }}"""
_CUBE = """SELECT ?tool ?entry_way (COUNT(DISTINCT ?experience) AS ?experiences) WHERE {
?application par:appliesTool ?tool ; par:onEntryWay ?entry_way ; par:ofExperience ?experience }
GROUP BY ?tool ?entry_way"""


@dataclass(frozen=True)
class Class:
    """A class of request: its name, its query (KEY stands for the number of an experience), and how many clients ask at once.

    same: the same request every time, which a server may answer from a cache; otherwise no two have the same text.
    longer: how many times longer its slices are, where an answer takes long.
    """

    name: str
    query: str
    clients: int
    same: bool = False
    longer: int = 1

    def text(self, number: int, count: int) -> str:
        """Return the query about an experience, with a count in a comment at its end."""
        return self.query.replace(KEY, str(number)) + f"\n#{count}"

    def write(self, file: Path, path: str, keys: int) -> None:
        """Write the file that wrk.lua reads: how many keys there are, and the pieces of the path."""
        pieces = (path + "?query=" + quote(self.query + "\n#", safe="")).split(KEY)
        file.write_text("\n".join([str(keys), *pieces]) + "\n", encoding="utf-8")


def classes() -> list[Class]:
    """Return the classes of request in the order in which they are measured."""
    named_cube = Catalogue(shipped("queries")).get("count_cells_by_country").bound({})
    return [
        Class("repeated GET", _DECLARED + _LOOKUP, 16, same=True),
        Class("lookup, not cached", _DECLARED + _LOOKUP, 16),
        Class("detail page query, not cached", _DECLARED + _DETAIL, 16),
        Class("cross-tabulation, not cached", _DECLARED + _CUBE, 4, longer=3),
        Class("cross-tabulation with names (count_cells_by_country), not cached", named_cube, 4, longer=5),
    ]
