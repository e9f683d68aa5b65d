"""Turns a thing into what its page says, and as data: name and meaning, sections with their pictures, all that is stated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response

from api import linked, pictures
from api.answers import inquiry, local
from api.as_data import parts_given_as
from api.canvas import Block, blocks_of
from api.choices import choices_of
from api.lines import Marks
from api.linked import Linked
from api.negotiation import Format
from api.neighbours import Neighbours
from api.of_kind import AROUND, CONTRIBUTED, sections_of
from api.passages import passages_of
from api.said import expect_in
from api.sections import Filled, Section, fill_all
from api.side_by_side import beside
from api.stated import Stated, stated_in
from kg.errors import StoreUnavailable
from kg.inquire import Cell, Table
from kg.names import INFERRED_GRAPH, PREFIXES, RDF_TYPE, RDFS_LABEL, SKOS_DEFINITION, brief, path_of

MOST_LIKE = 3  # that a thing is compared with at once
Statement = list[Cell | None]


@dataclass(frozen=True)
class Told:
    """What a page says of a thing.

    definition: its meaning in the language of the page with the graph and passage that give it; lead: what its marks open;
    kinds: the classes that it is stated to be of, each with its name; drawn: the pictures by the name of their section; canvas:
    its blocks; stated: what a passage states; missing: the sections of which nothing is documented, where people contribute
    such things, and asks: whether they do; beside: the path that compares it with those most like it, if some are; linked: the
    same for machines, as schema.org has it.
    """

    title: str
    definition: Statement | None
    lead: Marks
    kinds: list[tuple[str, str]]
    sections: list[Filled]
    drawn: Mapping[str, str]
    canvas: list[Block]
    stated: Stated | None
    missing: list[Section]
    asks: bool
    beside: str
    statements: Table
    mentions: Table
    linked: Linked
    within: list[tuple[str, str]]


def told(found: Neighbours, stem: str, path: str, language: str) -> Told:
    """Return what the page of a thing or graph says; sections stand on its first page alone."""
    asked = found.statements(language)
    statements = Table(asked.columns, sorted(asked.rows, key=_interest))
    title = _first(statements, RDFS_LABEL, language)
    name = title[2].text if title and title[2] else stem
    kind = stem.partition("/")[0]
    of_kind = sections_of(kind, found.thing.value) if path.startswith("/id/") and found.page == 1 else []
    filled = fill_all(of_kind, language)
    around = {one.name for one in AROUND}
    missing = [one.section for one in filled if not one.lines and not one.late and one.section.name not in around
               ] if kind in CONTRIBUTED else []
    stated = _stated(found.thing.value, filled)
    there = [one for one in _there(filled, found.thing.value) if one.section.look != "matrix" or not stated or stated.tables]
    drawn = {one.section.name: pictures.drawn(one, language) for one in there}
    canvas = next((blocks_of(one, choices_of("par:CanvasBlock", language)) for one in there
                   if one.section.look == "canvas" and not one.late), [])
    mentions = found.mentions(language)
    expect_in(statements)
    expect_in(mentions)
    definition = _first(statements, SKOS_DEFINITION, language)
    kinds = list(dict.fromkeys((row[2].text, row[3].text) for row in statements.rows if row[0] and row[0].text == RDF_TYPE
                               and row[2] and row[3] and row[4] and row[4].text != INFERRED_GRAPH))
    lead = _lead(found.thing.value, statements, language) if definition else ()
    text = definition[2].text if definition and definition[2] else ""
    return Told(name, definition, lead, kinds, there, drawn, canvas, stated, missing, bool(of_kind) and kind in CONTRIBUTED,
                _beside(found.thing.value, there), statements,
                mentions, linked.thing(
                    kind, [iri for iri, _ in kinds], found.thing.value, name, text,
                    next((one for one in lead if path_of(one[0]).startswith("passage/")), ("", "")), language, _steps(there)),
                _within(there))


def _stated(passage: str, filled: Iterable[Filled]) -> Stated | None:
    """Return what a passage states, from its sections that tell it; nothing of a thing that is none."""
    of = {one.section.look: one for one in filled}
    return stated_in(passage, of["matrix"], of["stated"]) if "stated" in of and not of["stated"].late else None


def _steps(sections: Iterable[Filled]) -> list[tuple[str, str]]:
    """Return the name and text of each step of a tool."""
    lines = [line for one in sections if one.section.name == "steps" for line in one.lines]
    told = {line.cells["step"]: [cell.text if (cell := line.cells.get(column)) else "" for column in ("step_label", "definition")]
            for line in lines}
    return [(name, text) for name, text in told.values()]


def told_as_data(found: Neighbours, stem: str, format: Format, language: str) -> Response:
    """Return what the sections of a thing's page say, with the passages behind it, and what the thing is called and means."""
    thing = found.thing.value
    parts = _there(fill_all(sections_of(stem.partition("/")[0], thing), language), thing)
    if format.key != "json":
        return parts_given_as(parts, format, f"id/{stem}", {}, language)
    statements = found.statements(language)
    label, definition = (row[2].text if (row := _first(statements, property, language)) and row[2] else ""
                         for property in (RDFS_LABEL, SKOS_DEFINITION))
    lead = [iri for iri, _ in _lead(thing, statements, language)] if definition else []
    return parts_given_as(parts, format, f"id/{stem}", {
        "thing": thing, "label": label, "definition": definition, "definition_said_in": lead}, language)


def _there(filled: Iterable[Filled], thing: str) -> list[Filled]:
    """Return the sections of the page of a thing that have something to say."""
    return [one for one in filled if (one.lines or one.late) and not _tells_itself_alone(one, thing)]


def _within(sections: Iterable[Filled]) -> list[tuple[str, str]]:
    """Return what a passage stands in, from its section that tells that."""
    lines = [line for one in sections if one.section.name == "stands" for line in one.lines]
    return [(label.text, local(cell.text)) for line in lines[:1] for column in ("document", "within")
            if (cell := line.cells.get(column)) and (label := line.cells.get(f"{column}_label"))]


def _beside(thing: str, sections: Iterable[Filled]) -> str:
    """Return the path that compares a thing with the first of those most like it; nothing where there are none."""
    like = [cell.text for one in sections if one.section.name == "similar" for line in one.lines if (cell := line.cells["other"])]
    return beside([thing, *like[:MOST_LIKE]]) if like else ""


def _tells_itself_alone(one: Filled, thing: str) -> bool:
    """Tell whether all that a table lists is the thing whose page it stands on, as a group of products that holds no others."""
    only = one.lines[0].cells.get(one.columns[0]) if len(one.lines) == 1 and one.section.look == "table" else None
    return only is not None and only.text == thing


def _lead(thing: str, statements: Table, language: str) -> Marks:
    """Return what the marks of the first sentence open, with their names: a passage that gives it in some language.

    Where none does, the graph that has it, and the passage that says most of the thing, if one does.
    """
    graphs = dict.fromkeys(row[4].text for row in statements.rows
                           if row[0] and row[0].text == SKOS_DEFINITION and row[4] and row[4].text != INFERRED_GRAPH)
    try:
        if found := passages_of(graphs, language):
            return tuple(found.values())[:1]
        most = set(inquiry().stated_in({thing}).values())
        names = inquiry().labels(most.union(graphs), language)
    except StoreUnavailable:  # no index yet
        most, names = set(), {}
    return tuple((iri, names.get(iri, iri)) for iri in (*list(graphs)[:1], *most))


def why(subject: str, property: str, value: Cell) -> str:
    """Return where it is told why a statement holds."""
    written = brief(value.text) if value.kind == "uri" else f'"{value.text}"' + (
        f"@{value.language}" if value.language else f"^^{value.datatype}" if value.datatype else "")
    return "/explain?" + urlencode({"s": brief(subject), "p": brief(property), "o": written}, safe="/:")


def _interest(row: Statement) -> int:
    """Return the place of a statement on a page: what a thing is called and means first, types last."""
    property = row[0].text if row[0] else ""
    if property == RDF_TYPE:
        return 3
    return 0 if property in (RDFS_LABEL, SKOS_DEFINITION) else 1 if property.startswith(PREFIXES["par"]) else 2


def _first(statements: Table, property: str, language: str) -> Statement | None:
    return next((row for row in statements.rows if row[0] and row[2] and row[0].text == property and row[2].language == language),
                None)
