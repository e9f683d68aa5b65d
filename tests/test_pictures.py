"""Pictures: what they are called, where what stands, and that no text leaves its place."""

import hashlib
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from kg.pictures.bars import Bars, bars
from kg.pictures.chain import OPERATORS, Actor, Stage, chain_map, sign_of
from kg.pictures.outlines import outline_of, outlines
from kg.pictures.timeline import Moment, timeline
from kg.pictures.toolbox import Face, toolbox
from kg.pictures.world import LEVELS, Place, steps, world
from tests.machine import ROOT

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script>" onload="x\x00'


def english(text, _):
    return text


def drawn(svg):
    return ET.fromstring(svg)


def outlines_of(svg, kind):
    return [one for one in drawn(svg).iter() if one.get("class") == f"pic-{kind}"]


def place(name, count):
    return Place(outline_of(name), name, count, f"{count} cases", f"/id/country/{name.lower()}")


@pytest.mark.parametrize("svg", [
    chain_map(HOSTILE, [Stage("a", HOSTILE)], [Actor(HOSTILE * 30, "producer", HOSTILE)], english),
    bars("bars", HOSTILE, [Bars(HOSTILE * 30, ((HOSTILE, 3.5), ("b", 0)))], english),
    timeline(HOSTILE, [Moment(2001, 2003, HOSTILE * 30, HOSTILE)])], ids=["chain", "bars", "timeline"])
def test_picture_when_texts_are_hostile_then_they_are_text_and_it_has_a_name_and_words_for_it(svg):
    root = drawn(svg)
    assert root.get("role") == "img"
    assert {one.tag for one in root.iter()} <= {SVG + tag for tag in ("svg", "title", "desc", "text", "polygon", "rect", "path")}
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on") or name == "style"]
    title, description = root[0], root[1]
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text
    assert description.text


def test_chain_when_one_has_several_roles_then_it_stands_where_one_of_them_tells_it_best():
    actors = [Actor("Shop", "operator", "operator"), Actor("Shop", "buyer", "buyer"), Actor("Dam", "promoter", "promoter"),
              Actor("Dam", "producer", "producer"), Actor("Families", "buyer", "buyer"),
              Actor("Families", "consumer", "end market", "end-market"), Actor("Board", "operator", "operator"),
              Actor("Board", "partner", "partner")]
    assert drawn(chain_map("map", [], actors, english))[1].text == (
        "producer: Dam. operator: Board. buyer: Shop. End market: Families")


def test_chain_when_the_source_gives_a_stage_then_an_actor_stays_there_whatever_else_it_is():
    actors = [Actor("Families", "buyer", "buyer", "operator", "a"), Actor("Families", "consumer", "end market", "end-market")]
    assert drawn(chain_map("map", [Stage("a", "Sale")], actors, english))[1].text == "Sale: Families. End market: Families"


def test_chain_when_no_stage_is_named_then_arrows_are_roles_from_field_to_table():
    actors = [Actor("A", "buyer", "buyer"), Actor("B", "producer", "producer"), Actor("C", "facilitator", "facilitator"),
              Actor("D", "regulator", "regulator"), Actor("E", "partner", "partner"), Actor("B", "partner", "partner")]
    svg = chain_map("map", [], actors, english)
    assert len(outlines_of(svg, "stage")) == 2
    assert drawn(svg)[1].text == ("producer: B. buyer: A. End market: nothing documented. Supporters (meso): C. "
                                  "Enablers (macro): D. Others who take part: E")


def test_chain_when_stages_have_no_number_then_boxes_and_not_arrows():
    stages = [Stage("a", "Production"), Stage("b", "Export")]
    assert {one.tag for one in outlines_of(chain_map("map", stages, [], english), "stage")} == {SVG + "rect"}
    numbered = [Stage("a", "Production", True), Stage("b", "Export", True)]
    assert {one.tag for one in outlines_of(chain_map("map", numbered, [], english), "stage")} == {SVG + "polygon"}


def test_chain_when_the_source_gives_a_sign_then_it_comes_before_the_role():
    assert sign_of(Actor("A", "producer", "producer", "enabler")) == "enabler"
    assert {sign_of(Actor("A", role, role)) for role in OPERATORS} == {"operator"}
    assert sign_of(Actor("A", "beneficiary", "beneficiary")) == "other"


def test_picture_when_there_is_nothing_to_draw_then_nothing():
    assert chain_map("map", [], [Actor("A", "partner", "partner")], english) == ""
    assert bars("bars", "title", [Bars("a", (("", 0),))], english) == ""
    assert timeline("title", []) == ""


def test_bars_when_drawn_then_as_long_as_their_amounts():
    svg = bars("bars", "title", [Bars("a", (("target", 200), ("reached", 50)))], english)
    target, reached = (float(outlines_of(svg, kind)[0].get("width")) for kind in ("first", "second"))
    assert target == pytest.approx(4 * reached)


def test_bars_when_an_amount_is_not_known_then_words_and_no_bar():
    svg = bars("bars", "title", [Bars("a", (("target", 200), ("reached: not documented", None)))], english)
    assert outlines_of(svg, "second") == []
    assert drawn(svg)[1].text == "a: 200 target, reached: not documented"


def test_bars_when_apart_then_each_name_has_its_own_scale():
    parts = [Bars("a", (("", 2),)), Bars("b", (("", 2000),))]
    few, many = (float(one.get("width")) for one in outlines_of(bars("bars", "title", parts, english, apart=True), "first"))
    assert few == many
    few, many = (float(one.get("width")) for one in outlines_of(bars("bars", "title", parts, english), "first"))
    assert few < many / 100


def test_world_when_texts_are_hostile_then_they_are_text_and_links_have_names():
    root = drawn(world(HOSTILE, [Place(outline_of("Peru"), HOSTILE, 2, HOSTILE, '/id/x"><script>')]))
    assert {one.tag for one in root.iter()} <= {SVG + tag for tag in ("svg", "title", "desc", "text", "path", "g", "a", "circle")}
    (link,) = root.iter(SVG + "a")
    assert link.get("href") == '/id/x"><script>'
    assert "<script>" in link.get("aria-label")
    assert root.get("role") == "group"


def test_world_when_countries_have_counts_then_shaded_by_them_and_the_others_are_land():
    svg = world("map", [place("Peru", 1), place("Chile", 9), place("Brazil", 0)])
    shades = sorted(float(one.get("fill-opacity")) for one in outlines_of(svg, "level"))
    assert 0 < shades[0] < shades[1]
    assert [one.get("fill-opacity") for one in outlines_of(svg, "named")] == ["0"]
    assert outlines_of(svg, "land")
    assert drawn(svg)[1].text == "Peru: 1 cases; Chile: 9 cases"
    assert world("map", [place("Peru", 0)]) == ""


def test_world_when_a_country_is_tiny_at_that_scale_then_a_ring_shows_where_it_is():
    svg = world("map", [place("Grenada", 1), place("Brazil", 1), place("Mexico", 1)])
    assert len(outlines_of(svg, "ring")) == 1


def test_world_when_far_apart_then_every_country_stands_within_the_picture():
    svg = drawn(world("map", [place("Argentina", 1), place("China", 1), place("Australia", 1), place("Canada", 1)]))
    _, _, width, height = map(float, svg.get("viewBox").split())
    marks = [one for one in svg.iter(SVG + "text") if one.get("class") == "pic-count"]
    assert len(marks) == 4
    assert all(0 < float(one.get("x")) < width and 0 < float(one.get("y")) < height for one in marks)


@pytest.mark.parametrize("most", [1, 2, 5, 13, 1000, 123456])
def test_steps_when_made_then_every_count_has_one_shade_and_they_follow_each_other(most):
    found = steps(most)
    assert found[0][0] == 1
    assert found[-1][1] >= most
    assert len(found) <= LEVELS
    assert all(later[0] == earlier[1] + 1 for earlier, later in pairwise(found))


def test_outlines_when_read_then_of_all_the_world_and_as_their_table_says():
    assert len(outlines()) > 200
    assert all(re.fullmatch(r"[MlzhHv0-9 ,-]+", one.path) and one.main[0] <= one.main[2] and one.main[1] <= one.main[3]
               for one in outlines())
    table = (ROOT / "kg/pictures/README.md").read_text(encoding="utf-8")
    (file,) = re.findall(r"^\| `outlines.txt` \|.*`([0-9a-f]{64})` \|$", table, re.MULTILINE)
    assert file == hashlib.sha256((ROOT / "kg/pictures/outlines.txt").read_bytes()).hexdigest()


def test_timeline_when_years_are_far_apart_then_later_stands_further_right():
    svg = timeline("title", [Moment(1950, 1950, "early"), Moment(2005, 2010, "late")])
    early, late = (float(one.get("x")) for one in outlines_of(svg, "first"))
    assert late > early


def test_toolbox_when_drawn_then_each_face_is_a_link_with_a_cell_for_each_pair_and_the_darkest_has_most():
    rows, columns, deep = ("a", "b", "c"), ("x", "y"), ("p",)
    svg = ET.fromstring(toolbox(Face("/front", "3 × 2", rows, columns, {("a", "x"): 4, ("b", "y"): 1}),
                                Face("/top", "1 × 2", deep, columns), Face("/side", "3 × 1", rows, deep),
                                "The cube", ("rows", "columns", "deep"), "what it shows"))
    faces = {one.get("href"): list(one.iter(SVG + "path")) for one in svg.iter(SVG + "a")}
    assert {address: len(cells) for address, cells in faces.items()} == {"/front": 6, "/top": 2, "/side": 3}
    shades = [float(cell.get("fill-opacity")) for cell in faces["/front"]]
    assert max(shades) == shades[0] > shades[3] > 0
    assert sum(shade > 0 for shade in shades) == 2
    assert svg.get("role") == "group"
