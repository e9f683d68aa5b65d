"""Pages that are made before anybody asks for them: which, of what, and when none are."""

import dataclasses
import threading

import pytest

from api import create_app, memory, warming

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
