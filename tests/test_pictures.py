"""Pictures: what they are called, where what stands, and that no text leaves its place."""

import xml.etree.ElementTree as ET

import pytest

from kg.pictures.bars import Bars, bars
from kg.pictures.chain import OPERATORS, Actor, Stage, chain_map, sign_of
from kg.pictures.timeline import Moment, timeline

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script>" onload="x\x00'


def english(text, _):
    return text


def drawn(svg):
    return ET.fromstring(svg)


def outlines(svg, kind):
    return [one for one in drawn(svg).iter() if one.get("class") == f"pic-{kind}"]


@pytest.mark.parametrize("svg", [
    chain_map(HOSTILE, [Stage("a", HOSTILE)], [Actor(HOSTILE * 30, "producer", HOSTILE)], english),
    bars("bars", HOSTILE, [Bars(HOSTILE * 30, ((HOSTILE, 3.5), ("b", 0)))]),
    timeline(HOSTILE, [Moment(2001, 2003, HOSTILE * 30, HOSTILE)])], ids=["chain", "bars", "timeline"])
def test_picture_when_texts_are_hostile_then_they_are_text_and_it_has_a_name_and_words_for_it(svg):
    root = drawn(svg)
    assert root.get("role") == "img"
    assert {one.tag for one in root.iter()} <= {SVG + tag for tag in ("svg", "title", "desc", "text", "polygon", "rect", "line")}
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on") or name == "style"]
    title, description = root[0], root[1]
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text
    assert description.text


def test_chain_when_no_stage_is_named_then_arrows_are_roles_from_field_to_table():
    actors = [Actor("A", "buyer", "buyer"), Actor("B", "producer", "producer"), Actor("C", "facilitator", "facilitator"),
              Actor("D", "regulator", "regulator"), Actor("E", "partner", "partner"), Actor("B", "partner", "partner")]
    svg = chain_map("map", [], actors, english)
    assert len(outlines(svg, "stage")) == 2
    assert drawn(svg)[1].text == ("producer: B. buyer: A. End market: nothing documented. Supporters (meso): C. "
                                  "Enablers (macro): D. Others who take part: E")


def test_chain_when_stages_have_no_number_then_boxes_and_not_arrows():
    stages = [Stage("a", "Production"), Stage("b", "Export")]
    assert {one.tag for one in outlines(chain_map("map", stages, [], english), "stage")} == {SVG + "rect"}
    numbered = [Stage("a", "Production", True), Stage("b", "Export", True)]
    assert {one.tag for one in outlines(chain_map("map", numbered, [], english), "stage")} == {SVG + "polygon"}


def test_chain_when_the_source_gives_a_sign_then_it_comes_before_the_role():
    assert sign_of(Actor("A", "producer", "producer", "enabler")) == "enabler"
    assert {sign_of(Actor("A", role, role)) for role in OPERATORS} == {"operator"}
    assert sign_of(Actor("A", "beneficiary", "beneficiary")) == "other"


def test_picture_when_there_is_nothing_to_draw_then_nothing():
    assert chain_map("map", [], [Actor("A", "partner", "partner")], english) == ""
    assert bars("bars", "title", [Bars("a", (("", 0),))]) == ""
    assert timeline("title", []) == ""


def test_bars_when_drawn_then_as_long_as_their_amounts():
    svg = bars("bars", "title", [Bars("a", (("target", 200), ("reached", 50)))])
    target, reached = (float(outlines(svg, kind)[0].get("width")) for kind in ("first", "second"))
    assert target == pytest.approx(4 * reached)


def test_timeline_when_years_are_far_apart_then_later_stands_further_right():
    svg = timeline("title", [Moment(1950, 1950, "early"), Moment(2005, 2010, "late")])
    early, late = (float(one.get("x")) for one in outlines(svg, "first"))
    assert late > early
