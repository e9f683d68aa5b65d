"""Links of the pages: some of every kind of thing here, all of them by the command."""

import pytest

from tests.links import Walk


@pytest.fixture(scope="module")
def walk(server):
    walk = Walk(server.address)
    yield walk
    walk.close()


def test_pages_when_some_of_every_kind_are_walked_then_links_of_every_shape_answer_and_every_place_is_there(walk):
    pages, kinds = walk.pages(), {}
    for page in pages:
        kinds.setdefault("/".join(page.split("?")[0].split("/")[:3 if page.startswith("/id/") else 2]), []).append(page)
    assert len(pages) > 4000
    assert len(kinds) > 60
    some = [page for of_kind in kinds.values() for page in (of_kind[0], of_kind[len(of_kind) // 2])]
    assert list(walk.faults(some, alike=12)) == []
    assert len(walk.found) > 1000


def test_walk_when_a_link_or_a_place_is_not_there_then_told(walk):
    walk.found["/made-up"] = 200, ["/id/tool/nothing", "/cube#nowhere", "/cube#main"], frozenset()
    faults = list(walk.faults(["/made-up"]))
    assert len(faults) == 2
    assert "/made-up links to /id/tool/nothing: 404" in faults
    assert "/made-up links to /cube#nowhere, and there is no such place" in faults
