"""Turns the figures of the alliance projects into charts with the tables that they are drawn from: ``/projects``."""

from flask import Blueprint, Response

from api import conditional, fields
from api.answers import accepted_language, choose, say_in
from api.as_data import parts_given_as
from api.negotiation import PAGES, SHOWN
from api.pictures import drawn
from api.sections import Section, fill_all
from api.taking import citable, page

blueprint = Blueprint("projects", __name__)

MOST_ROWS = 2000


def sections_of(given: dict[str, str]) -> list[Section]:
    """Return the parts of the page. given: the country to which they are kept, if any."""
    project = ("project", "project_label", "country_label")
    reached = (*project, "target", "actual", "percent_reached")
    return [
        Section("list", "When they run", "Cuándo se ejecutan", "list_projects", given,
                ("number", "project", "project_label", "country", "country_label", "start_year", "end_year"), "years", MOST_ROWS),
        Section("alliances", "Alliances aimed at and reached", "Alianzas: metas y logros", "list_project_targets",
                {**given, "indicator": "indicator/alliances"}, reached, "targets", MOST_ROWS),
        Section("households", "Households aimed at and reached", "Hogares: metas y logros", "list_project_targets",
                {**given, "indicator": "indicator/households"}, reached, "targets", MOST_ROWS),
        Section("finance", "Finance by source, of all together, in million dollars",
                "Financiamiento por fuente, de todos juntos, en millones de dólares",
                "list_project_finance", given,
                (*project, "source", "source_label", "financier_label", "amount", "percent"), "finance", MOST_ROWS),
        Section("focus", "Focus, from 1 (weak) to 3 (strong): the mean of all",
                "Áreas de atención, de 1 (débil) a 3 (fuerte): la media de todos", "list_project_focus", given,
                (*project, "focus_area", "focus_area_label", "rating"), "focus", MOST_ROWS)]


@blueprint.get("/projects")
def projects() -> Response:
    """Show what the alliance projects aimed at and reached, who finances them and what they attend to, or those of a country."""
    format = choose((*SHOWN, *citable()), page=True)
    fields.refuse_others("/projects", ("country", *fields.OF_PAGE))
    language = accepted_language()
    conditional.check(format.type, language)
    country = fields.once("country").rpartition("/")[2]
    parts = fill_all(sections_of({"country": country} if country else {}), language)
    everywhere = fill_all(sections_of({})[:1], language)[0] if country else parts[0]
    countries = {one.text.rpartition("/")[2]: name.text for line in everywhere.lines
                 if (one := line.cells["country"]) and (name := line.cells["country_label"])}
    if country and country not in countries:
        raise fields.none_of("country", country, countries)
    parts = [one for one in parts if one.lines or one.late]
    if format not in PAGES:
        return parts_given_as(parts, format, "projects", {"country": country}, language)
    title = say_in(language)("The alliance projects in figures", "Los proyectos de alianzas en cifras")
    above = [(title, "/projects")] if country else []
    counted = {cell.text: line.cells["number"] for line in everywhere.lines if (cell := line.cells["project"])
               and (not country or ((of := line.cells["country"]) and of.text.rpartition("/")[2] == country))}
    return page("projects.html", f"{title}: {countries[country]}" if country else title, above, parts=parts, countries=countries,
                country=country, pictures={one.section.name: drawn(one, language) for one in parts}, count=len(counted),
                numbered=sum(1 for number in counted.values() if number))
