"""The canvas on paper, as a browser prints it: one sheet, whatever it is of; what a reader opened follows on another."""

import re

import pytest

from tests.browser import Walk, walked

WAYS = "SELECT ?way { ?way a par:EntryWay } ORDER BY ?way"
CASES = "SELECT ?case { ?case a par:SystematizedExperience } ORDER BY ?case"


def test_canvas_when_printed_then_one_sheet_of_every_entry_way_and_experience_in_both_languages(server, rows):
    asked = [f"entry_way={way.rpartition('/')[2]}" for way, in rows(WAYS)] + [f"case={case}" for case, in rows(CASES)]
    assert len(asked) == 8 + 13
    walks = [Walk(f"/path/canvas?{one}", language=language, paper=True) for one in asked for language in ("en", "es")]
    sheets = {(walk.start, walk.language): seen.get("sheets") for walk, seen in zip(walks, walked(server.address, walks),
                                                                                     strict=True)}
    assert {found: count for found, count in sheets.items() if count != 1} == {}


def test_canvas_when_a_block_was_opened_then_its_others_are_on_a_second_sheet(server):
    walks = [Walk("/path/canvas?entry_way=fairs", ({"open": "#more-activities"},), paper=True),
             Walk("/path/canvas?entry_way=fairs", tuple({"open": f"#more-{block}"} for block in
                                                        ("activities", "resources", "value-proposal")), paper=True)]
    assert [seen["sheets"] for seen in walked(server.address, walks)] == [2, 2]


@pytest.mark.parametrize(("language", "more"), [("en", r'>and (\d+) more<'), ("es", r'>y (\d+) más<')])
def test_canvas_when_entries_have_no_room_on_the_sheet_then_each_stands_once_and_the_block_leads_there(language, more, server):
    text = server.get("/path/canvas?entry_way=fairs", "text/html", headers={"Accept-Language": language}).text
    rows = server.get(f"/queries/fill_entry_way_canvas.json?entry_way=fairs&language={language}").json()["results"]["bindings"]
    blocks = re.findall(r'<h2 id="([\w-]+)">([^<]+) <span class="quiet">(\d+)', text)
    assert len(blocks) == 9
    assert 'href="#more-' in text
    for key, name, told in blocks:
        entries = {row["entry"]["value"].partition("/id/")[2] for row in rows if "entry" in row
                   and row["block_label"]["value"] == name}
        block = re.search(rf'<section class="block {key}">.*?</section>', text, re.DOTALL)[0]
        rest = re.search(rf'<details id="more-{key}">.*?</details>', text, re.DOTALL)
        shown = re.findall(r'<li><a href="/id/([^"]+)"', block + (rest[0] if rest else ""))
        assert sorted(shown) == sorted(entries)
        assert int(told) == len(entries)
        assert bool(rest) == (f'href="#more-{key}"' in block)
        if rest:
            assert int(re.search(more, block)[1]) == rest[0].count("<li>")
