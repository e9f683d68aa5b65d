"""The pages in a real browser: both languages, narrow and wide, with and without script, by keyboard, seen by axe-core."""

import re

import pytest

from tests.browser import DESK, PHONE, Walk, walked

# Where a page is what somebody else's editor draws, its own findings are not ours.
PAGES = ("/", "/cube", "/path", "/compare", "/map", "/map?count=cases", "/projects",
         "/path/canvas?case=experience/mieles-del-sur", "/search", "/search?q=honey", "/ask?q=Who+uses+financing", "/queries",
         "/queries/show_cell?tool=financing&entry_way=entire-chain", "/ontology", "/about", "/coverage", "/download",
         "/revisions", "/contributions", "/contributions/new", "/reports/new", "/nowhere")
THINGS = ("SELECT (MIN(STR(?one)) AS ?thing) { ?one a ?class "
          'FILTER(STRSTARTS(STR(?one), "https://w3id.org/cocina-par/id/")) } GROUP BY ?class ORDER BY ?thing')
KINDS = {"experience", "tool", "entry-way", "approach", "product", "country", "place", "agent", "project", "cluster-case",
         "document", "passage", "theme", "discrepancy", "lesson", "role", "quantity"}  # and one of no look of its own
SERIOUS = ("serious", "critical")


def faults(seen, missing=False):
    """Return what is wrong with a page that a browser saw."""
    found = [seen["failed"]] if seen.get("failed") else []
    if found:
        return found
    found += [f"status {seen['status']}"] if seen["status"] != (404 if missing else 200) else []
    found += [error for error in seen["errors"] if not (missing and "404" in error)]
    found += [f"asks {address}" for address in seen["outside"]]
    found += [f"{len(seen['headings'])} first headings"] if len(seen["headings"]) != 1 else []
    found += [f"{seen['wide']} pixels too wide"] if seen["wide"] > 0 else []
    found += [f"{one['id']}: {one['nodes']}" for one in seen["violations"] if one["impact"] in SERIOUS]
    return found


def test_pages_when_seen_in_both_languages_narrow_and_wide_with_and_without_script_then_nothing_is_wrong(server, rows):
    things = {thing.partition("/")[0]: f"/id/{thing}" for thing, in rows(THINGS) if thing.partition("/")[0] in KINDS}
    walks = [walk for path in PAGES for walk in (Walk(path, audit=True), Walk(path, language="es", width=PHONE, audit=True),
                                                 Walk(path, language="es", width=PHONE, script=False))]
    walks += [Walk(thing, width=PHONE, audit=True) for thing in things.values()]
    walks += [Walk("/sparql", ({"wait": "#editor .CodeMirror"},), width=width, audit=True) for width in (DESK, PHONE)]
    found = {}
    for walk, seen in zip(walks, walked(server.address, walks, timeout_s=600), strict=True):
        wrong = faults(seen, missing=walk.start == "/nowhere")
        if walk.language != seen.get("language"):
            wrong.append(f"is in {seen.get('language')}")
        if wrong:
            found[walk.start, walk.language, walk.width, walk.script] = wrong
    assert set(things) == KINDS
    assert not found, "\n".join(f"{walk}: {wrong}" for walk, wrong in found.items())


def test_page_when_a_language_is_chosen_then_it_stays_on_the_page_and_on_the_next(server):
    start = "/queries/show_cell?tool=financing&entry_way=entire-chain"
    (there, on) = walked(server.address, [Walk(start, ({"follow": "Español"},)),
                                          Walk(start, ({"follow": "Español"}, {"follow": "El cubo"}), script=True)])
    assert there["url"].startswith(start)
    assert there["language"] == "es"
    assert on["language"] == "es"
    assert on["url"] == "/cube"


def test_faults_when_a_page_has_them_then_found():
    seen = {"status": 500, "errors": ["TypeError"], "outside": ["http://example.org/"], "headings": [], "wide": 12,
            "violations": [{"id": "label", "impact": "critical", "nodes": []}]}
    assert len(faults(seen)) == 6
    assert re.match("Error", faults({"failed": "Error: no link"})[0])


PASSAGE = r"/id/passage/[a-z-]+/"
JOURNEYS = {
    "a promoter in a ministry": ("/", [{"follow": "Find my path"}, {"choose": ["#who", "sector/public"]},
                                       {"click": "main form button"}, {"click": "main a.mark"}], "en", PASSAGE),
    "una promotora en un ministerio": ("/", [{"follow": "Encontrar mi camino"}, {"choose": ["#who", "sector/public"]},
                                             {"click": "main form button"}, {"click": "main a.mark"}],
                                       "es", PASSAGE),
    "the manager of a cooperative": ("/", [{"follow": "Mieles del Sur"}, {"click": "section table a.mark"}], "en", PASSAGE),
    "a researcher": ("/", [{"follow": "Open the cube"}, {"click": "table a"}, {"click": "main aside a.mark, main .card a.mark"}],
                     "en", PASSAGE),
    "a researcher who cites": ("/", [{"follow": "Open the cube"}, {"click": "table a"}, {"follow": "Compare them"}], "en",
                               r"/compare\?case="),
}


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_people_when_they_begin_at_the_first_page_then_an_answer_with_its_evidence_in_three_clicks(server, script):
    walks = [Walk(start, tuple(steps), language=language, script=script) for start, steps, language, _ in JOURNEYS.values()]
    for (name, (_, steps, _, ends)), seen in zip(JOURNEYS.items(), walked(server.address, walks), strict=True):
        assert not faults(seen), name
        assert re.match(ends, seen["url"]), (name, seen["url"])
        assert sum("choose" not in step for step in steps) <= 3


def test_cube_when_only_the_keyboard_is_there_then_a_passage_is_reached(server):
    (seen,) = walked(server.address, [Walk("/", ({"keys": "Open the cube"}, {"tab": "table a"}, {"tab": "main a.mark"}))])
    assert not faults(seen)
    assert re.match(PASSAGE, seen["url"]), seen["url"]


def test_map_when_only_the_keyboard_is_there_then_the_page_of_a_country_is_reached(server):
    (seen,) = walked(server.address, [Walk("/", ({"keys": "The map of the countries"}, {"tab": "svg a[aria-label^=Chile]"}))])
    assert not faults(seen)
    assert seen["url"] == "/id/country/chile"


def test_search_when_one_types_then_suggestions_are_walked_by_keyboard_as_a_combobox_is(server):
    ready = {"wait": "#q:focus"}  # where the page puts the focus by itself, once it is drawn
    begun = (ready, {"type": "mie"}, {"wait": '#q[role=combobox][aria-expanded="true"]'}, {"wait": "#suggestions [role=option]"})
    down = ({"press": "ArrowDown"}, {"wait": '#q[aria-activedescendant="suggestion-0"]'},
            {"wait": '#suggestion-0[aria-selected="true"]'})
    walks = [
        Walk("/search", (*begun, *down), language="es", width=PHONE, audit=True),
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
