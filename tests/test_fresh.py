"""An experience that was just published is wherever one that shipped is, without a restart; taken back, it is nowhere."""

import re

from tests.desk import HONEY, THING, publish

KEY = "experience/andean-honey"
LIKE_GUSTU = HONEY + b"".join(
    b"tool-application:andean-honey-chefs-%(tool)s a par:ToolApplication ; par:ofExperience experience:andean-honey ; "
    b"par:onEntryWay entry-way:chefs ; par:appliesTool tool:%(tool)s .\n" % {b"tool": tool}
    for tool in (b"alliances", b"communication", b"heritage-registry", b"quality"))
"""The invented case, which also sold to chefs: by the tools of Gustu, so that it is among the ten most like it."""


def in_cube(server):
    """Return how many experiences the whole cube counts, and how many its cells name together."""
    cells = server.get("/cube", "application/json").json()["cells"]
    whole, = (cell["experiences"] for cell in cells if "row" not in cell and "column" not in cell)
    return whole, sum(cell["experiences"] for cell in cells if "row" in cell and "column" in cell)


def in_search(server):
    found = server.get("/search?q=honey+high+valleys", "application/json").json()["found"]
    return any(one["thing"].endswith(KEY) for one in found)


def on_map(server):
    return int(re.search(r"Peru: (\d+) experiences", server.get("/map?language=en", "text/html").text)[1])


def like_others(server):
    """Return the experiences whose pages name it among those that are like them."""
    rows = server.get("/queries/list_experiences", "application/json").json()["results"]["bindings"]
    paths = ["/" + row["experience"]["value"].partition("/cocina-par/")[2] for row in rows]
    parts = {path: server.get(path + "?language=en", "text/html").text.partition('id="similar"')[2].partition("</section>")[0]
             for path in paths}
    assert any(parts.values())
    return {path for path, part in parts.items() if f'href="{THING}"' in part}


def in_comparison(server):
    return server.get(f"/compare?case={KEY}&case=experience/gustu", "text/html").status


def in_choice(server):
    """Tell whether the comparison offers it to choose."""
    return f'value="{KEY}"' in server.get("/compare?words=high+valleys", "text/html").text


def everywhere(server):
    return {tell.__name__: tell(server) for tell in (in_cube, in_search, on_map, like_others, in_comparison, in_choice)}


def test_experience_when_published_then_in_cube_search_map_similar_cases_and_comparison_and_when_withdrawn_in_none(desk):
    before = everywhere(desk.server)  # and remembered
    assert not before["in_search"]
    assert not before["like_others"]
    assert not before["in_choice"]
    assert before["in_comparison"] == 422
    one = publish(desk, LIKE_GUSTU)
    after = everywhere(desk.server)
    assert after["in_cube"][0] == before["in_cube"][0] + 1
    assert after["in_cube"][1] > before["in_cube"][1]
    assert after["in_search"]
    assert after["on_map"] == before["on_map"] + 1
    assert "/id/experience/gustu" in after["like_others"]
    assert after["in_comparison"] == 200
    assert after["in_choice"]
    text = desk.server.get(f"/compare?case={KEY}&case=experience/gustu&language=en", "text/html").text
    assert "Honey of the high valleys" in text
    assert 'id="similar"' in desk.server.get(THING, "text/html").text
    assert desk.note("rosa", one, "withdraw", "It was invented.").status == 200
    assert everywhere(desk.server) == before
