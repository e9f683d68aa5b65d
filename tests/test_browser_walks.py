"""People walk through the pages in a real browser: what they came for in three clicks, and everything by the keyboard alone."""

import re

import pytest

from tests.browser import DESK, PHONE, Look, Walk, faults, walked
from tests.every_page import grow

PASSAGE = r"/id/passage/[a-z-]+/"
SEEN = (Look(DESK, axe=False), Look(PHONE, axe=False))
# Who comes, by which links, named in English and in Spanish, or clicks, and where that ends. Nobody does more than three things,
# and the last is to open what stands behind something that the page says.
JOURNEYS = {
    "a promoter in a ministry": (
        ({"follow": ("From the public sector", "Desde el sector público")}, {"click": "main li.card a:not(.mark)"},
         {"click": ".path-parts #experiences ~ .wide a.mark"}), PASSAGE),
    "the manager of a cooperative": (
        ({"follow": ("Mieles del Sur", "Mieles del Sur")}, {"click": "section table a.mark"}), PASSAGE),
    "the manager who names the product": (
        ({"choose": [".choice select", "honey"]}, {"click": ".choice button"}, {"click": ".ways p.quiet a.mark"}), PASSAGE),
    "the manager who compares": (
        ({"follow": ("Mieles del Sur", "Mieles del Sur")},
         {"follow": ("Compare it with those most like it", "Compararla con las más parecidas")}, {"click": "main table a.mark"}),
        PASSAGE),
    "a researcher": (
        ({"follow": ("Open the cube", "Abrir el cubo")}, {"click": "table a"}, {"click": "main aside a.mark, main .card a.mark"}),
        PASSAGE),
    "a researcher who cites": (
        ({"follow": ("Open the cube", "Abrir el cubo")}, {"click": "table a"}, {"click": "main .button[href^='/compare?']"}),
        r"/compare\?case="),
}


def in_language(steps, language):
    """Return steps as a reader of a language walks them."""
    return tuple({"follow": step["follow"][language == "es"]} if "follow" in step else step for step in steps)


def test_people_when_they_begin_at_the_first_page_then_an_answer_with_its_evidence_in_three_clicks(server):
    walks = {(name, language, width, script): Walk("/", in_language(steps, language), width, language=language, script=script,
                                                   looks=(Look(width, axe=False),))
             for name, (steps, _) in JOURNEYS.items()
             for language in ("en", "es") for width in (PHONE, DESK) for script in (True, False)}
    for who, seen in zip(walks, walked(server.address, list(walks.values())), strict=True):
        steps, ends = JOURNEYS[who[0]]
        assert not faults(seen), (who, faults(seen))
        assert re.match(ends, seen["url"]), (who, seen["url"])
        assert seen["language"] == who[1], who
        assert len(steps) <= 3
        if ends == PASSAGE:  # which says of what stood beside its mark
            assert any(name and name in seen["whole"] for name in seen["beside"]), (who, seen["beside"])
        else:
            assert re.search(r"/compare\?case=\S+&revision=\d+", seen["whole"]), who


def test_page_when_a_language_is_chosen_then_it_stays_on_the_page_and_on_the_next(server):
    start = "/queries/show_cell?tool=financing&entry_way=entire-chain"
    switch = ({"keys": "Español"},)
    (there, on, back) = walked(server.address, [
        Walk(start, switch, looks=SEEN), Walk(start, ({"follow": "Español"}, {"follow": "El cubo"})),
        Walk(start, (*switch, {"keys": "English"}), PHONE, script=False)])
    for seen, language in ((there, "es"), (on, "es"), (back, "en")):
        assert not faults({"looks": [], **seen}), seen
        assert seen["language"] == language
    assert there["url"].startswith(start)
    assert on["url"] == "/cube"
    assert back["url"].startswith(start)


# What a person types into the short form, in the order of its fields; a box is ticked where there is no text.
CASE = {
    "SystematizedExperience.0.label@en": "Salt of the lagoon", "SystematizedExperience.0.label@es": "Sal de la laguna",
    "SystematizedExperience.0.definition@en": "Forty families sell salt.",
    "SystematizedExperience.0.definition@es": "Cuarenta familias venden sal.",
    "SystematizedExperience.0.inCountry": "Peru", "SystematizedExperience.0.involvesProduct": "salt of the lagoon",
    "SystematizedExperience.0.usesEntryWay": "",
    "Document.0.label@en": "Salt: an invented page", "Document.0.label@es": "Sal: una página inventada",
    "Document.0.definition@en": "A page that is made up.", "Document.0.definition@es": "Una página inventada.",
    "Document.0.bibliographicCitation@en": "Nobody (2026). Salt.", "Document.0.bibliographicCitation@es": "Nadie (2026). Sal.",
    "Document.0.license": "https://creativecommons.org/licenses/by/4.0/",
    "Participation.0.hasParticipant": "Salt of the Lagoon Cooperative", "Participation.0.hasRole": "seller",
}
SENT = ({"reach": "button[value=submit]"}, {"leave": "Enter"})


# By keyboard alone: where a walk starts, with which steps, and where it ends.
WALKS = {
    "the cube": (Walk("/", ({"keys": "Open the cube"}, {"tab": "table a"}, {"tab": "main a.mark"}), looks=SEEN), PASSAGE),
    "the map": (Walk("/", ({"keys": "The map of the countries"}, {"tab": "svg a[aria-label^=Chile]"}), looks=SEEN),
                "/id/country/chile$"),
    "my path": (Walk("/", ({"keys": "Encontrar mi camino"}, {"reach": "#who"}, *[{"press": "ArrowDown"}] * 4,
                           {"tab": "main form button"}, {"tab": "main a.mark"}), PHONE, language="es", looks=SEEN), PASSAGE),
    "a way of my path": (Walk("/path", ({"reach": "#entry_way"}, {"press": "ArrowDown"}, {"tab": "main form button"},
                                        {"tab": ".path-parts a.mark"}), looks=SEEN), PASSAGE),
    "cases compared": (Walk("/compare", (
        {"reach": "#words"}, {"type": "peru"}, {"leave": "Enter"}, {"reach": "[name=case]"}, {"press": "Space"},
        {"reach": "[name=case]"}, {"press": "Space"}, {"tab": "#choose ~ form p:last-child button"},
        {"reach": ".compared"}, {"tab": ".compared a.mark"}), looks=SEEN), PASSAGE),
    "a comparison cited": (Walk("/compare?case=experience/ketal&case=experience/gustu", (
        {"tab": "#cite ~ p a[href^='/revisions/']"},), PHONE, language="es", looks=SEEN), r"/revisions/\d+$"),
    "a thing": (Walk("/id/experience/mieles-del-sur", (
        {"reach": "summary:has(#stated), summary#stated"}, {"press": "Enter"}, {"reach": ".wide[aria-labelledby=stated]"},
        {"tab": ".wide[aria-labelledby=stated] td.quiet a"}), PHONE, looks=SEEN), "/(id/passage|graph)/"),
    "the content": (Walk("/about", ({"reach": ".skip"}, {"press": "Enter"}, {"tab": "main a"}), looks=SEEN), "/"),
}


@pytest.fixture(scope="module")
def desk(desk):
    """A desk with something of everything."""
    grow(desk)
    return desk


def test_pages_when_only_the_keyboard_is_there_then_each_walk_ends_where_it_was_to(server):
    for (name, (_, end)), seen in zip(WALKS.items(), walked(server.address, [walk for walk, _ in WALKS.values()]), strict=True):
        assert not faults(seen), (name, faults(seen))
        assert re.match(end, seen["url"]), (name, seen["url"])


def filled(fields):
    """Return the steps by which Tab reaches each field and a text is typed there, or a box is ticked."""
    return tuple(step for name, text in fields.items()
                 for step in ({"reach": f'[name="{name}"]'}, {"type": text} if text else {"press": "Space"}))


def test_form_when_only_the_keyboard_is_there_then_a_case_is_filled_in_and_sent_or_told_what_it_lacks(desk):
    token = desk.tokens["ana"]
    name = {"SystematizedExperience.0.label@en": "Reeds", "SystematizedExperience.0.label@es": "Totora"}
    whole, part = walked(desk.server.address, [
        Walk("/contributions/new", (*filled(CASE), *SENT), token=token, looks=(Look(DESK), Look(PHONE, opened=True, axe=False))),
        Walk("/contributions/new", (*filled(name), *SENT), PHONE, language="es", script=False, token=token,
             looks=SEEN)])
    assert not faults(whole), faults(whole)
    assert re.match(r"/contributions/\w+(\?|$)", whole["url"]), (whole["url"], whole["text"])
    assert whole["headings"] == ["Salt of the lagoon"]
    assert "submitted" in whole["text"]
    assert not faults(part), faults(part)
    assert re.match(r"/contributions/\w+/form/short", part["url"]), part["url"]
    assert "lo que hay que corregir está marcado" in part["text"]
    assert "Por corregir" in part["text"]


def test_form_when_it_is_sent_empty_then_what_it_lacks_is_told_and_nothing_is_wrong_with_the_page(desk):
    (seen,) = walked(desk.server.address, [Walk("/contributions/new", SENT, token=desk.tokens["ana"],
                                                looks=(Look(DESK), Look(PHONE, dark=True, opened=True)))])
    assert not faults(seen, 422), faults(seen, 422)
    assert seen["url"] == "/contributions/new?language=en"


def test_search_when_one_types_then_suggestions_are_walked_by_keyboard_as_a_combobox_is(server):
    ready = {"wait": "#q:focus"}  # where the page puts the focus by itself, once it is drawn
    begun = (ready, {"type": "mie"}, {"wait": '#q[role=combobox][aria-expanded="true"]'},
             {"wait": '#suggestions[data-of="mie"] [role=option]'})
    down = ({"press": "ArrowDown"}, {"wait": '#q[aria-activedescendant="suggestion-0"]'},
            {"wait": '#suggestion-0[aria-selected="true"]'})
    walks = [
        Walk("/search", (*begun, *down), language="es", width=PHONE, looks=(Look(PHONE),)),
        Walk("/search", (*begun, *down, {"press": "ArrowDown"}, {"wait": '#q[aria-activedescendant="suggestion-1"]'},
                         {"press": "ArrowUp"}, {"wait": '#q[aria-activedescendant="suggestion-0"]'},
                         {"press": "ArrowUp"}, {"wait": "#suggestions li:last-child[aria-selected=true]"},
                         {"press": "ArrowDown"}, {"leave": "Enter"}), language="es"),
        Walk("/search", (*begun, *down, {"press": "Escape"}, {"wait": '#q[aria-expanded="false"]:not([aria-activedescendant])'},
                         {"leave": "Enter"}), language="es"),
        Walk("/search", (*begun, {"leave": "Enter"}), language="es"),
        Walk("/search", (ready, {"type": "zzzzqqq"}, {"wait": '#q[aria-expanded="false"]'}, {"leave": "Enter"})),
        Walk("/search", (ready, {"type": "mie"}, {"leave": "Enter"}), language="es", script=False)]
    ends = ["/search", "/id/experience/mieles-del-sur", "/search?q=mie", "/search?q=mie", "/search?q=zzzzqqq", "/search?q=mie"]
    for walk, end, seen in zip(walks, ends, walked(server.address, walks), strict=True):
        assert not faults(seen), (walk, faults(seen))
        assert seen["url"].partition("&")[0] == end
