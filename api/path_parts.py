"""Turns an entry way and what someone has said of themselves into the parts of the answer: what each asks, and its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from api.grouped import by
from api.sections import Filled, Section

SHOWN_FIRST = 8
MOST_ROWS = 150
MOST_TOOL_ROWS = 200
MOST_RISK_ROWS = 400  # a risk has a row for each answer to it


@dataclass(frozen=True)
class Part:
    """A part of the answer: its first rows, those after them, and of how many things it tells.

    near: how many of the first that are read bear on what someone has said of themselves.
    """

    first: Filled
    rest: Filled
    count: int
    near: int = 0


def sections_of(way: str, asked: Mapping[str, str], have: list[str]) -> list[Section]:
    """Return what is asked of an entry way for someone of a position, in the order in which one needs it."""
    this = {"entry_way": way}
    role = {name: asked[name] for name in ("role", "sector") if name in asked}
    like = {name: asked[name] for name in ("product", "place") if name in asked}
    own = {**like, **({"position": asked["role"]} if "role" in asked else {})}
    needed = Section("missing", "Tools that you would still need", "Herramientas que le faltarían", "list_missing_tools",
                     {**this, "have": ",".join(have)}, ("phase_label", "tool", "tool_label", "experiences", "experience_labels"),
                     counted=("experiences", "experience_labels"))
    return [
        Section("reasons", "Why this way, and what it asks of you", "Por qué esta vía, y qué le pide", "list_entry_way_reasons",
                this, ("aspect_label", "statement", "statement_label", "text"), most=MOST_ROWS),
        Section("tools", "Tools, in their order", "Herramientas, en su orden", "list_path_tools", this,
                ("phase_label", "tool", "tool_label", "objective", "experience", "experience_label"), "tools", MOST_TOOL_ROWS,
                instead=tools_counted(way)),
        *([needed] if have else []),
        Section("experiences", "Experiences like yours", "Experiencias como la suya", "list_path_experiences", {**this, **like},
                ("case", "case_label", "role_label", "agent", "agent_label", "contribution"), most=MOST_ROWS),
        Section("lessons", "Lessons and advice", "Lecciones y consejos", "list_path_lessons", {**this, **own},
                ("kind_label", "insight", "insight_label", "definition", "bears_on", "through"), most=MOST_ROWS),
        Section("risks", "Risks, and what was set against them", "Riesgos, y qué se opuso a ellos", "list_path_risks", this,
                ("risk", "risk_label", "falls_to", "through", "response", "response_label"), "risks", MOST_RISK_ROWS),
        Section("conditions", "What must be in place, and what was missing", "Lo que debe existir, y lo que faltaba",
                "list_path_conditions", this, ("because_label", "condition", "condition_label", "needing", "needing_label"),
                most=MOST_ROWS),
        *([Section("actions", "What you can do from your position", "Lo que puede hacer desde su posición",
                   "list_role_actions", role,
                   ("kind_label", "role_label", "action", "action_label", "text", "case", "case_label"),
                   most=MOST_ROWS)] if role else []),
        *([Section("stakes", "What you stand to gain and to lose", "Lo que puede ganar y perder", "list_role_stakes",
                   {"role": asked["role"]}, ("kind_label", "insight", "insight_label", "definition"),
                   most=MOST_ROWS)] if "role" in asked else []),
        Section("next", "Where it can lead next", "A dónde puede llevar después", "list_next_entry_ways", this,
                ("next", "next_label", "because_label", "experience", "experience_label"), most=MOST_ROWS),
    ]


def tools_counted(way: str) -> Section:
    """Return what is asked of the tools of an entry way that many took: how many used each in place of who did."""
    return Section("tools", "Tools, in their order", "Herramientas, en su orden", "list_missing_tools",
                   {"entry_way": way, "have": "none"}, ("phase_label", "tool", "tool_label", "experiences"),
                   counted=("experiences",))


def others_of(asked: Mapping[str, str]) -> Section:
    """Return what is asked of cases that took no entry way, for what someone has said of themselves."""
    return Section("others", "Other cases, which took no entry way", "Otros casos, que no tomaron ninguna vía de entrada",
                   "list_other_cases", asked, ("case", "case_label", "definition", "shared", "shared_label"), most=MOST_ROWS)


def part_of(one: Filled) -> Part:
    """Return a section as its first rows and those after them: of tools all, of risks and experiences all rows of the first."""
    if one.section.look == "tools":
        return Part(one, replace(one, lines=[]), len(by("tool", one.lines)))
    if whole := {"risks": "risk", "experiences": "case"}.get(one.section.name):
        groups = by(whole, one.lines)
        split = sum(len(rows) for rows in groups[:SHOWN_FIRST])
        return _split(replace(one, lines=[line for rows in groups for line in rows]), split, len(groups))
    if one.section.name == "actions":  # those that are told in words first
        one = replace(one, lines=sorted(one.lines, key=lambda line: not line.cells.get("text")))
    near = sum(1 for line in one.lines if line.cells.get("bears_on"))
    return replace(_split(one, SHOWN_FIRST, len(one.lines)), near=near)


def _split(one: Filled, at: int, count: int) -> Part:
    at = at if len(one.lines) > at + 2 else len(one.lines)  # one or two more are not worth a fold
    rest = replace(one, lines=one.lines[at:], section=replace(one.section, name=one.section.name + "-more"))
    return Part(replace(one, lines=one.lines[:at]), rest, count)
