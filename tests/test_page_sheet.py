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


@pytest.fixture(scope="module")
def canvas(rows, inquiry):
    """The blocks of each experience: by its key, by the name of the block, what stands there."""
    def of(case):
        table = inquiry.table(inquiry.bound("fill_canvas", {"case": f"experience/{case}", "language": "en"}))
        named = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        blocks = {row["block_label"].text: set() for row in named}
        for row in named:
            if row["entry"]:
                blocks[row["block_label"].text].add(row["entry"].text.partition("/id/")[2])
        return blocks
    return {case: of(case) for case in [one.partition("/")[2] for one, in rows(CASES)]}


def test_canvas_when_of_any_experience_then_who_runs_it_is_in_no_block_and_nothing_is_in_two(canvas, rows):
    runs = {tuple(row) for row in rows("""SELECT ?case ?agent { ?case a par:SystematizedExperience ; par:hasParticipation ?part .
        ?part par:hasRole <https://w3id.org/cocina-par/id/role/operator> ; par:hasParticipant ?agent } ORDER BY ?case ?agent""")}
    assert len(runs) == 8
    assert len(canvas) == 13
    for case, blocks in canvas.items():
        stands = [entry for entries in blocks.values() for entry in entries]
        assert len(stands) == len(set(stands)), case
        assert not {agent for of, agent in runs if of == f"experience/{case}"} & set(stands), case
    assert "agent/manqa" not in canvas["manqa"]["Partners"]


@pytest.mark.parametrize(("case", "block", "entries"), [
    ("ketal", "Customer segment", set()), ("gustu", "Customer segment", set()),
    ("el-bodegon", "Customer segment", {"agent/toolbox-final-consumers"}),
    ("tambinas-schools", "Customer segment", {"agent/tambinas-students"}),
    ("peasant-agro-fairs", "Customer segment", {"agent/magdalena-fair-buyers", "agent/el-bodegon",
                                                "food-community-element/peasant-agro-fairs-restaurants"}),
    ("campos-de-hielo", "Partners", {"alliance-type/marketing-and-sales", "agent/prodesal"}),
    ("maqueo", "Value proposal", {"product/meals", "success-factor/sustainable-production",
                                  "quality-scheme/maqueo-certifications", "quality-scheme/quality-set-by-clients-or-market"}),
    ("mieles-del-sur", "Customer relations", {"communication-element/strategic-communication"}),
    ("nam-festival", "Resources", {"agent/nam-producers-of-land-and-sea", "agent/nam-artisanal-fishermen",
                                   "agent/nam-small-producers"})])
def test_block_when_read_against_the_passages_then_what_they_say_of_it(case, block, entries, canvas):
    assert canvas[case][block] == entries


def test_activities_when_something_came_about_and_nobody_did_it_then_it_is_none(canvas):
    done = {entry for blocks in canvas.values() for entry in blocks["Activities"]}
    assert "event/punta-chilen-first-garlic-festival" in done
    assert not {entry for entry in done if entry.endswith(("-economic-sustainability", "-integration-into-the-chain"))}


def test_canvas_when_of_an_entry_way_then_each_experience_puts_there_what_its_own_canvas_has(canvas, inquiry, rows):
    for query, many in (("fill_entry_way_canvas", False), ("count_canvas_entries", True)):
        for way, in rows(WAYS):
            table = inquiry.table(inquiry.bound(query, {"entry_way": way, "language": "en"}))
            for row in (dict(zip(table.columns, one, strict=True)) for one in table.rows):
                cases = [row["case"].text.rpartition("/")[2]] if not many and row["case"] else list(canvas) if many else []
                entry = row["entry"].text.partition("/id/")[2] if row["entry"] else ""
                assert not cases or any(entry in canvas[case][row["block_label"].text] for case in cases), (way, entry)


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
