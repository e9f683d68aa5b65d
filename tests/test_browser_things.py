"""Pages of things in a real browser: one of each kind of the graph, in both languages, narrow and wide."""

from api.of_kind import SECTIONS
from tests.browser import DESK, PHONE, Look, Walk, faults, walked
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


MARKED = (("/id/experience/ketal", "tool-application/", "Ketal"), ("/id/experience/ketal", "participation/", "Ketal"),
          ("/id/tool/financing", "tool-step/", "Campos de Hielo"),
          ("/compare?case=project/p083051&case=project/p104567", "observation/p083051-", "7"),
          ("/id/experience/corpapa", "event/", "CORPAPA"))


def test_mark_when_clicked_without_script_then_its_line_is_seen_and_the_keyboard_goes_on_there(desk):
    walks = [Walk(page, ({"click": f'main a.mark[href*="#{anchor}"]'}, {"press": "Tab"}), width, language=language,
                  script=False, looks=(Look(width, dark=True, axe=False),))
             for page, anchor, _ in MARKED for width, language in ((DESK, "en"), (PHONE, "es"))]
    seen = walked(desk.server.address, walks)
    assert [found for one in seen for found in faults(one)] == []
    for one, (_, anchor, said) in zip(seen, [marked for marked in MARKED for _ in range(2)], strict=True):
        assert f"#{anchor}" in one["url"]
        assert one["target"]["shown"], one["url"]
        assert one["target"]["focused"], one["url"]
        assert said in one["target"]["text"], one["url"]
