"""Turns the cases of each country into a map with the table that it is drawn from: ``/map``."""

from dataclasses import replace

from flask import Blueprint, Response

from api import conditional, fields
from api.answers import accepted_language, choose, say_in
from api.as_data import parts_given_as
from api.countries import COUNTS, on_map
from api.lines import Line
from api.negotiation import PAGES, SHOWN
from api.pictures import drawn
from api.sections import Section, fill
from api.taking import citable, page
from kg.pictures.world import SHADES, steps

blueprint = Blueprint("map", __name__)

MOST_PLACES = 500
_COUNTED = ("experiences", "projects", "cases")
_STATES = {"country": ("place", "par:isPartOfPlace", "country")}


@blueprint.get("/map")
def map() -> Response:
    """Show in which countries experiences, projects or all cases ran, as a map and as a table, and the places within them."""
    format = choose((*SHOWN, *citable()), page=True)
    fields.refuse_others("/map", ("count", *fields.OF_PAGE))
    language = accepted_language()
    conditional.check(format.type, language)
    count = fields.once("count") or "experiences"
    if count not in COUNTS:
        raise fields.none_of("count", count, {one: say_in(language)(*COUNTS[one][1]) for one in COUNTS})
    columns = ("place", "place_label", "country", "country_label", "experiences", "projects", "cases")
    countries = fill(Section("countries", "Countries", "Países", "count_cases_by_place", {"class": "par:Country"}, columns,
                             f"map-{count}", MOST_PLACES, _COUNTED), language)
    countries = replace(countries, lines=sorted(countries.lines, key=lambda line: -_number(line, count)))
    regions = fill(Section("places", "Places within them, and regions", "Lugares dentro de ellos, y regiones",
                           "count_cases_by_place", {"class": "par:Region"}, columns, "table", MOST_PLACES, _COUNTED,
                           _STATES), language)
    if format not in PAGES:
        return parts_given_as([countries, regions], format, "map", {"count": count}, language)
    found = on_map([line.cells for line in countries.lines], count, say_in(language))
    most = max((place.count for place in found.places), default=0)
    return page("map.html", say_in(language)("Map of the cases", "Mapa de los casos"), count=count, counts=COUNTS,
                countries=countries, regions=regions, found=found, picture=drawn(countries, language),
                shades=list(zip(SHADES[1:], steps(most), strict=False)))


def _number(line: Line, column: str) -> int:
    cell = line.cells[column]
    return int(cell.text) if cell else 0
