"""Pages that are made before anybody asks for them: which, of what, and when none are."""

import dataclasses
import re
import threading

import pytest

from api import create_app, home, memory, warming
from api.sections import Section, fill

WAYS, TOOLS = 8, 10


@pytest.fixture
def app(inquiry, amending):
    return create_app(inquiry, amending)


def test_graph_when_it_is_large_then_what_its_main_pages_ask_is_remembered_in_both_languages(app, inquiry, monkeypatch):
    monkeypatch.setattr(memory, "SLOW_S", 0.0)
    monkeypatch.setattr(warming, "SMALL_S", 0.0)
    monkeypatch.setattr(warming, "MOST_S", 120.0)
    doors = len(warming._DOORS)

    made = warming.Warming(app, inquiry).make_all(inquiry.revision())

    assert made == 2 * (doors + WAYS + TOOLS + WAYS) + 1
    asked = {key[-1] for key in app.extensions["memory"]}
    for language in ("en", "es"):
        assert inquiry.bound("list_experiences", {"language": language}) in asked
        assert inquiry.bound("count_applications", {"rows": "par:appliesTool", "language": language}) in asked
        assert inquiry.bound("count_fitting_entry_ways", {"language": language}) in asked


def test_graph_when_it_is_small_then_its_doors_alone_are_opened_and_the_words_of_the_catalogue_read(app, inquiry, monkeypatch):
    monkeypatch.setattr(warming, "SMALL_S", 60.0)
    assert warming.Warming(app, inquiry).make_all(inquiry.revision()) == len(warming._DOORS) + 1


def test_page_when_made_before_anybody_asks_then_it_counts_as_no_visit(app, inquiry, monkeypatch):
    monkeypatch.setattr(warming, "SMALL_S", 60.0)
    client = app.test_client()
    client.get("/cube")

    def visits():
        return [line for line in client.get("/metrics").text.splitlines() if "cube" in line]

    before = visits()
    warming.Warming(app, inquiry).make_all(inquiry.revision())
    assert before
    assert visits() == before


def test_revision_when_another_is_served_or_the_server_ends_then_no_page_is_made(app, inquiry):
    served = inquiry.revision()
    pages = warming.Warming(app, inquiry)
    assert pages.make_all(dataclasses.replace(served, number=served.number + 1)) == 0
    pages.close()
    assert pages.make_all(served) == 0


def test_revision_when_it_is_not_in_memory_yet_then_it_is_left_to_those_who_ask(app, inquiry):
    pages = warming.Warming(app, inquiry)
    for _ in range(3):
        pages.look()
    assert inquiry.read_from() == "disk"
    assert "warming" not in {thread.name for thread in threading.enumerate()}


def test_first_page_of_a_large_graph_when_cells_and_products_were_counted_then_it_shows_them_and_nobody_waits_before(
        app, monkeypatch):
    monkeypatch.setattr(home, "MOST_COUNTED", 0)
    client = app.test_client()

    def first():
        answer = client.get("/?language=es", headers={"Accept": "text/html"})
        return answer.text, answer.headers["ETag"]

    before, tag = first()
    assert set(re.findall('fill-opacity="([^"]+)"', before)) == {"0"}
    assert "más oscura" not in before
    assert '<input name="product"' in before
    assert not [key for key in app.extensions["memory"] if "par:appliesTool" in key[-1] or "wider" in key[-1]]
    client.get("/pictures/cube.svg?language=es")
    assert first() == (before, tag)
    client.get("/path?language=es", headers={"Accept": "text/html"})
    after, other = first()
    assert len(set(re.findall('fill-opacity="([^"]+)"', after))) > 5
    assert "más oscura" in after
    assert '<select name="product"' in after
    assert other != tag


def test_section_when_it_has_more_rows_than_are_shown_then_it_tells_how_many_rows_and_things_there_are(app):
    section = Section("users", "Who used it", "Quién la usó", "list_tool_experiences", {"tool": "tool/communication"},
                      ("experience", "experience_label", "entry_way", "entry_way_label"), most=4)
    with app.test_request_context("/"):
        few, whole = fill(section, "en"), fill(dataclasses.replace(section, most=500), "en")
        other = fill(dataclasses.replace(section, instead=dataclasses.replace(section, name="other", most=500)), "en")
    assert (len(few.lines), few.more, few.total) == (4, True, (len(whole.lines), whole.count))
    assert few.count == whole.count == 13
    assert whole.total is None
    assert (other.section.name, other.lines) == ("other", whole.lines)
