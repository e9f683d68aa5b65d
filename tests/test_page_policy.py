"""What every page lets a browser load and run: files of this server, and styles inside a page where an editor of others is."""

import re

import pytest

from tests.every_page import addresses_of, as_a_browser, grow

ERRORS = ("/nowhere", "/sparql?query=SELECT", "/search?q=x&limit=0", "/update", "/explain", "/id/experience/gone-honey")
VENDORED = {"/api", "/sparql"}  # Swagger UI and the editor of SPARQL write styles into elements


@pytest.fixture(scope="module")
def pages(desk, inquiry, amending):
    """Every page that the routes answer, and some of errors: its address, its policy and its text."""
    live = grow(desk)
    found = []
    for path in [*addresses_of(inquiry, amending, live).values(), "/sparql", *ERRORS]:
        with as_a_browser(desk, path, "beto") as answer:
            if answer.headers.get_content_type() == "text/html":
                found.append((path, answer.headers["Content-Security-Policy"], answer.read().decode()))
    return found


def directives(policy):
    return dict((part.strip() + " ").split(" ", 1) for part in policy.split(";"))


def test_pages_when_they_come_then_a_policy_lets_them_load_from_this_server_alone(pages):
    assert len(pages) > 40
    for path, policy, _ in pages:
        told = directives(policy)
        assert told["default-src"].strip() == told["base-uri"].strip() == told["frame-ancestors"].strip() == "'none'", path
        for directive, sources in told.items():
            allowed = {"'self'", "'none'"}
            if path.partition("?")[0] in VENDORED:
                allowed |= {"img-src": {"data:"}, "style-src": {"'unsafe-inline'"}}.get(directive, set())
            assert set(sources.split()) <= allowed, (path, directive, sources)


def test_pages_when_an_editor_of_others_is_in_them_then_these_alone_take_styles_inside(pages):
    loose = {path for path, policy, _ in pages if "unsafe" in policy}
    assert loose == {path for path, _, text in pages if "/static/vendor/" in text}
    assert {path.partition("?")[0] for path in loose} == VENDORED


def test_pages_when_read_then_nothing_in_them_needs_more_than_the_policy(pages):
    for path, policy, text in pages:
        inside = [tag for tag in re.findall(r"<script[^>]*>", text) if " src=" not in tag and "application/ld+json" not in tag]
        inside += re.findall(r"<style|<[a-z][^<>]* style=|<[a-z][^<>]* on[a-z]+=|javascript:", text)
        assert not inside, (path, inside)
        if "<script src=" in text:
            assert directives(policy)["script-src"].strip() == "'self'", path
