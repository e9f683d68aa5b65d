"""Queries that would take too long or too much: only they fail."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.store.crew import READERS
from tests.asking import COUNT, ask_path
from tests.servers import children_of, start_server

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_endless_query_when_asked_then_ended_at_the_limit_while_others_are_answered(limited):
    answers = []
    started = time.monotonic()
    thread = threading.Thread(target=lambda: answers.append((limited.get(ask_path(ENDLESS)), time.monotonic() - started)))
    thread.start()
    time.sleep(0.3)
    assert limited.get(ask_path(COUNT), "text/csv").status == 200
    assert not answers
    thread.join()
    answer, seconds = answers[0]
    assert answer.status == 503
    assert "limit of 2 s" in answer.json()["detail"]
    assert answer.headers["Retry-After"]
    assert 2 <= seconds < 8  # a crowded machine takes its time


@pytest.mark.parametrize("query", [
    "SELECT * { FILTER(" + "(" * 45_000 + "1" + ")" * 45_000 + ") }",
    "SELECT * { " + "{" * 45_000 + "}" * 45_000 + " }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g",
], ids=["brackets", "groups", "sort of a cross product"])
def test_query_that_would_end_a_process_when_asked_then_only_it_fails(limited, query):
    answer = limited.post("/sparql", query.encode(), "application/sparql-query")
    assert answer.status in (400, 503)
    assert limited.get(ask_path(COUNT), "text/csv").text.split() == ["n", "111"]


def test_page_when_the_answer_is_too_large_for_one_then_it_says_how_to_get_it(server):
    values = " ".join(map(str, range(45)))
    query = f"SELECT * {{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} VALUES ?c {{ {values} }} }}"
    page = server.get(ask_path(query), "text/html")
    assert page.status == 422
    assert "Ask for it as CSV" in page.text
    assert server.get(ask_path(query), "text/csv").text.count("\n") == 45**3 + 1


def test_spare_readers_when_forked_for_slow_queries_then_they_stay_while_these_run(folder):
    """Seen to fail where a reader that had no question yet counts as long idle: each was ended at once, and another forked."""
    server = start_server(folder.path, PARKG_TIME_LIMIT_S="6").settled()
    (keeper,) = children_of(server.process.pid)
    try:
        with ThreadPoolExecutor(READERS) as pool:
            asked = [pool.submit(server.get, ask_path(ENDLESS + f"# {number}")) for number in range(READERS)]
            deadline, before = time.monotonic() + 5, [0]
            while len(before) < 2 * READERS or children_of(keeper) != before:  # one more for each that is slow
                assert time.monotonic() < deadline
                before = children_of(keeper)
                time.sleep(0.5)
        assert {answer.result().status for answer in asked} == {503}
    finally:
        server.end()
