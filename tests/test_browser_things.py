"""Pages of things in a real browser: one of each kind of the graph, in both languages, narrow and wide."""

from api.of_kind import SECTIONS
from tests.browser import DESK, PHONE, Look, Walk
from tests.test_browser import looked_at

THINGS = ('SELECT ?one (COUNT(*) AS ?n) { ?one ?p ?o FILTER(STRSTARTS(STR(?one), "https://w3id.org/cocina-par/id/")) } '
          "GROUP BY ?one ORDER BY ?n DESC(STR(?one))")


def test_pages_of_things_when_one_of_each_kind_of_the_graph_is_seen_then_nothing_is_wrong(desk, rows):
    things = {thing.partition("/")[0]: f"/id/{thing}" for thing, _ in rows(THINGS)}
    assert len(things) > 70
    assert set(SECTIONS) <= set(things)
    walks = []
    for kind, path in things.items():
        walks.append(Walk(path, language="es", looks=(Look(DESK, axe=False), Look(PHONE, opened=True))))
        if kind in SECTIONS:
            walks.append(Walk(path, looks=(Look(PHONE, opened=True, axe=False), Look(DESK, dark=kind == "experience"))))
    found = looked_at(desk.server, walks, {})
    assert not found, "\n".join(f"{walk}: {wrong}" for walk, wrong in found.items())
