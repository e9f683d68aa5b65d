"""Turns rows of the catalogue into pictures: inside a page, and each alone at ``/pictures/<name>.svg``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from api import conditional
from api.answers import accepted_language, inquiry, say_in
from api.countries import COUNTS, on_map
from api.lines import DISPUTED, SOURCES, Line
from api.sections import Filled
from kg.inquire import Cell, Table
from kg.names import PREFIXES, local_name
from kg.pictures.bars import Bars, bars
from kg.pictures.chain import Actor, Stage, chain_map
from kg.pictures.timeline import Moment, timeline
from kg.pictures.world import world

blueprint = Blueprint("pictures", __name__)

Row = Mapping[str, Cell | None]
Say = Callable[[str, str], str]
SVG = "image/svg+xml"
_STAGE, _MARKET = PREFIXES["par"] + "hasChainStage", PREFIXES["par"] + "hasEndMarket"


@dataclass(frozen=True)
class Picture:
    """A picture that can be asked for: the query that gives its rows, and what draws them."""

    query: str
    draw: Callable[[list[Row], Say], str]


def drawn(filled: Filled, language: str) -> str:
    """Return the picture of a section, by its look; nothing where it has none, or nothing to draw."""
    picture = PICTURES.get({"picture": "chain"}.get(filled.section.look, filled.section.look))
    return picture.draw([_row(line) for line in filled.lines], say_in(language)) if picture else ""


@blueprint.get("/pictures/<name>.svg")
def picture(name: str) -> Response:
    """Give a picture alone; its fields are those of the query that it shows. Raises NotFound where there is nothing to draw."""
    if name not in PICTURES:
        raise NotFound(f"There is no picture {name}. There are: {', '.join(PICTURES)}.")
    language = accepted_language()
    conditional.check(SVG, language)
    given = {key: value for key, value in request.args.items() if value} | {"language": language}
    table = inquiry().table(inquiry().bound(PICTURES[name].query, given))
    svg = PICTURES[name].draw(_rows(table), say_in(language))
    if not svg:
        raise NotFound(f"Nothing is documented yet that the picture {name} could show of this.")
    return Response(svg, content_type=SVG, headers={"Content-Language": language})


def _row(line: Line) -> Row:
    return line.cells


def _rows(table: Table) -> list[Row]:
    """Return the rows without their passages and discrepancies, so that what several say is drawn once."""
    shown = [place for place, column in enumerate(table.columns)
             if column.removesuffix("_label") not in SOURCES and not column.endswith(DISPUTED)]
    rows = dict.fromkeys(tuple(row[place] for place in shown) for row in table.rows)
    return [dict(zip((table.columns[place] for place in shown), row, strict=True)) for row in rows]


def _text(row: Row, column: str) -> str:
    cell = row.get(column)
    return cell.text if cell else ""


def _key(row: Row, column: str) -> str:
    return local_name(_text(row, column))


def _chain(rows: list[Row], say: Say) -> str:
    stages = {_key(row, "agent"): Stage(_key(row, "agent"), _text(row, "agent_label"), bool(_text(row, "number")))
              for row in rows if _text(row, "part") == _STAGE}
    for row in rows if stages else ():
        if key := _key(row, "stage"):
            stages.setdefault(key, Stage(key, _text(row, "stage_label"), bool(_text(row, "number"))))
    actors = [Actor(_text(row, "agent_label"), "consumer" if _text(row, "part") == _MARKET else _key(row, "part"),
                    _text(row, "part_label"), "end-market" if _text(row, "part") == _MARKET else _key(row, "sign"),
                    _key(row, "stage") if stages else "")
              for row in rows if _text(row, "part") != _STAGE]
    return chain_map(say("Value chain map", "Mapa de la cadena de valor"), list(stages.values()), actors, say)


def _number(row: Row, column: str) -> float:
    return float(_text(row, column) or 0)


def _figure(row: Row, column: str, name: str, without: str) -> tuple[str, float | None]:
    """Return the figure of a cell with what it is; of an empty cell words that say so, since nothing told is not nought."""
    return (name, _number(row, column)) if _text(row, column) else (without, None)


def _named(row: Row, column: str) -> str:
    """Return the name in a cell, of a project with its country."""
    country = _text(row, "country_label") if column == "project_label" else ""
    return f"{_text(row, column)} ({country})" if country else _text(row, column)


def _targets(rows: list[Row], say: Say) -> str:
    """Draw targets and what was reached; what is the same in every row, a project or an indicator, stands in the title alone."""
    projects, indicators = ({_text(row, column) for row in rows} for column in ("project_label", "indicator_label"))
    named = [column for column, several in (("project_label", len(projects) > 1),
                                            ("indicator_label", len(indicators) > 1 or len(projects) == 1)) if several]
    parts = [Bars(" · ".join(_named(row, column) for column in named),
                  (_figure(row, "target", say("target", "meta"), say("no target documented", "meta no documentada")),
                   _figure(row, "actual", say("reached", "logrado"), say("nothing documented as reached",
                                                                         "logro no documentado"))))
             for row in rows]
    title, one = say("Aimed at and reached", "Metas y logros"), next(iter(indicators), "")
    name = f"targets-{_key(rows[0], 'indicator')}" if len(indicators) == 1 else "targets"
    return bars(name, f"{title}: {one}" if len(indicators) == 1 else title, parts, say,
                apart=len(indicators) > 1)


def _finance(rows: list[Row], say: Say) -> str:
    """Draw what each source gives; where the table names who stands behind one, that is a source of its own."""
    sums: dict[str, float] = {}
    for row in rows:
        name, financier = _text(row, "source_label"), _text(row, "financier_label")
        name = f"{name} ({financier})" if financier else name
        sums[name] = sums.get(name, 0) + _number(row, "amount")
    return bars("finance", say("Finance by source, million dollars", "Financiamiento por fuente, millones de dólares"),
                [Bars(name, (("", amount),)) for name, amount in sorted(sums.items(), key=lambda one: -one[1])], say)


def _focus(rows: list[Row], say: Say) -> str:
    ratings: dict[str, list[float]] = {}
    for row in rows:
        ratings.setdefault(_text(row, "focus_area_label"), []).append(_number(row, "rating"))
    means = [(name, round(sum(found) / len(found), 2)) for name, found in ratings.items()]
    title = say("Mean focus, from 1 to 3", "Atención media, de 1 a 3") if _several(rows) else say(
        "Focus, from 1 to 3", "Atención, de 1 a 3")
    return bars("focus", title,
                [Bars(name, (("", mean),)) for name, mean in sorted(means, key=lambda one: -one[1])], say)


def _timeline(rows: list[Row], say: Say) -> str:
    moments = [Moment(int(_number(row, "year")), int(_number(row, "until") or _number(row, "year")), _text(row, "event_label"),
                      _text(row, "case_label")) for row in rows if _text(row, "year")]
    return timeline(say("What happened when", "Qué pasó cuándo"), list(dict.fromkeys(moments)))


def _story(rows: list[Row], say: Say) -> str:
    """Draw the events of a case, where years are told of more than one: a single one is better read than seen."""
    return _timeline(rows, say) if len({_text(row, "event") for row in rows if _text(row, "year")}) > 1 else ""


def _years(rows: list[Row], say: Say) -> str:
    moments = [Moment(int(_number(row, "start_year")), int(_number(row, "end_year") or _number(row, "start_year")),
                      _text(row, "project_label"), _text(row, "country_label")) for row in rows if _text(row, "start_year")]
    return timeline(say("When the projects run", "Cuándo se ejecutan los proyectos"), sorted(moments, key=lambda one: one.year))


def _map(rows: list[Row], say: Say, count: str, linked: bool = True) -> str:
    several = COUNTS[count][1]
    title = say(f"Countries by number of {several[0]}", f"Países por número de {several[1]}")
    return world(title, on_map(rows, count, say).places, linked)


def _several(rows: list[Row]) -> bool:
    return len({_text(row, "project") for row in rows}) > 1


PICTURES = {"chain": Picture("list_chain_map", _chain), "targets": Picture("list_project_targets", _targets),
            "finance": Picture("list_project_finance", _finance), "focus": Picture("list_project_focus", _focus),
            "timeline": Picture("list_timeline", _timeline), "story": Picture("list_events", _story),
            "years": Picture("list_projects", _years), "map": Picture("count_cases_by_place", partial(_map, count="experiences")),
            **{f"map-{count}": Picture("count_cases_by_place", partial(_map, count=count)) for count in COUNTS},
            "where": Picture("count_cases_by_place", partial(_map, count="cases", linked=False))}
