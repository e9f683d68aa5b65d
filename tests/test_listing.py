"""The list of a kind of things: as a page by their names, as data, part by part."""

import csv
import html
import io
import re

import pytest


def page(server, path, language="en"):
    return server.get(path, "text/html", headers={"Accept-Language": language})


def listed(answer):
    """Return the names and addresses of a list, in its order."""
    (found,) = re.findall(r'(?s)<ul class="many">(.*?)</ul>', answer.text)
    return [(html.unescape(name), address) for address, name in re.findall(r'<a href="([^"]+)">([^<]+)</a>', found)]


@pytest.mark.parametrize(("language", "title", "first"), [("en", "Entry way", "Articulation with training centers"),
                                                          ("es", "Vía de entrada", "Articulación con centros de formación")])
def test_kind_when_opened_then_named_in_the_language_with_its_things_by_their_names(server, language, title, first):
    answer = page(server, "/id/entry-way", language)
    assert f"<h1>{title} " in answer.text
    names = [name for name, _ in listed(answer)]
    assert (names[0], len(names)) == (first, 8)
    assert names == sorted(names, key=str.casefold)
    assert answer.headers["X-Total-Count"] == "8"


def test_kind_when_it_has_many_things_then_all_are_in_its_parts_once(server):
    path, found = "/id/discrepancy", []
    while path:
        answer = page(server, path)
        found += listed(answer)
        following = re.search(r'<a href="([^"]+)" rel="next">', answer.text)
        path = html.unescape(following[1]) if following else ""
    rows = list(csv.DictReader(io.StringIO(server.get("/id/discrepancy", "text/csv").text)))
    assert len(found) == len(rows) > 100
    assert {address for _, address in found} == {"/id/" + row["thing"].rpartition("/id/")[2] for row in rows}


def test_thing_and_the_page_about_the_data_when_opened_then_they_lead_to_the_list_of_the_kind(server):
    assert '<a href="/id/lesson">' in page(server, "/about").text
    crumbs = page(server, "/id/tool/financing").text.partition("<h1>")[0]
    assert 'href="/id/tool"' in crumbs
    assert 'name="kind" value="tool"' in page(server, "/id/tool").text
