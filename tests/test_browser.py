"""Every kind of page in a real browser: both languages, narrow and wide, light and dark, without script too, by axe-core."""

import re

import pytest

from tests.asking import ask_path
from tests.browser import DESK, PHONE, Look, Walk, faults, walked
from tests.every_page import THING, addresses_of, as_a_browser, grow
from tests.limits import ENDLESS

MAIN = ("/", "/cube", "/path?who=sector/public", "/compare?case=experience/ketal&case=experience/gustu", "/map", "/projects",
        "/search?q=honey", "/ask?q=Who+uses+financing", "/queries", "/about")
ANSWER = ask_path("SELECT * { ?s ?p ?o } LIMIT 2")
# Other states of pages whose rules have another address already.
STATES = ("/cube?rows=tool&columns=entry-way&cell=financing,entire-chain", "/path", "/path?who=sector/public&entry_way=chefs",
          "/compare", "/map?count=cases", "/path/canvas?case=experience/mieles-del-sur", "/search", "/sparql", ANSWER,
          "/queries/list_entry_ways", "/graph/toolbox/3-2-8",
          "/explain?s=experience/ketal&p=par:usesTool&o=tool/quality", f"{THING}?version=1", f"{THING}/diff?from=1&to=2")
ERRORS = {"/nowhere": 404, "/sparql?query=SELECT": 400, "/search?q=x&limit=0": 422, "/update": 405, "/explain": 400,
          "/reports": 403, "/id/experience/gone-honey": 410}
SLOW = {ask_path(ENDLESS): 503}
# What others' editors draw once they have begun.
READY = {"/api": "#swagger .opblock", "/sparql": "#editor .CodeMirror", ANSWER: "#editor .tableSizer"}
# The statements of each thing, and those that name it: of each kind the page of the thing of which most is stated is looked at.



@pytest.fixture(scope="module")
def desk(desk):
    """A desk with something of everything, and the address of each."""
    desk.live = grow(desk)
    return desk


def pages_of(desk, inquiry, amending):
    """Return the addresses of the pages among what the routes of the application answer."""
    found = []
    for path in addresses_of(inquiry, amending, desk.live).values():
        with as_a_browser(desk, path, "beto") as answer:
            if answer.status == 200 and answer.headers.get_content_type() == "text/html":
                found.append(path)
    return found


def looked_at(server, walks, statuses):
    """Return what is wrong with where each walk ends, by the walk; whatever it is, it is in the language that was asked for."""
    found = {}
    for walk, seen in zip(walks, walked(server.address, walks, timeout_s=900), strict=True):
        wrong = faults(seen, statuses.get(walk.start, 200))
        if walk.language != seen.get("language"):
            wrong.append(f"is in {seen.get('language')}")
        if wrong:
            found[walk.start, walk.language, walk.script] = wrong
    return found


def seen_by_all(path, dark=False, token=""):
    """Return walks to a page: in English on a desk and in Spanish on a phone by axe-core, each as wide as the other, and bare."""
    steps = ({"wait": READY[path]},) if path in READY else ()
    english = (Look(PHONE, axe=False), Look(DESK), *([Look(DESK, dark=True, opened=True)] if dark else ()))
    spanish = (Look(DESK, axe=False), Look(PHONE, axe=False), Look(PHONE, opened=True))
    return [Walk(path, steps, token=token, looks=english), Walk(path, steps, language="es", token=token, looks=spanish),
            Walk(path, language="es", width=PHONE, script=False, token=token, looks=(Look(PHONE, axe=False),))]


def test_pages_when_seen_in_both_languages_narrow_and_wide_with_and_without_script_then_nothing_is_wrong(desk, inquiry, amending):
    routed = pages_of(desk, inquiry, amending)
    assert len(routed) > 35
    pages = [*MAIN, *(path for path in dict.fromkeys([*routed, *STATES]) if path not in MAIN)]
    tokens = {"/reports": desk.tokens["beto"]}
    walks = [walk for path in pages for walk in seen_by_all(path, path in MAIN, tokens.get(path, ""))]
    found = looked_at(desk.server, walks, {})
    assert not found, "\n".join(f"{walk}: {wrong}" for walk, wrong in found.items())


def test_pages_of_errors_when_seen_then_nothing_is_wrong(desk, limited):
    found = {}
    for asked, statuses in ((desk.server, ERRORS), (limited, SLOW)):  # the latter gives a query two seconds
        tokens = {"/reports": desk.tokens["ana"]}  # who may write and not review
        walks = [Walk(path, language=language, token=tokens.get(path, ""), looks=looks)
                 for path in statuses for language, looks in (
                     ("en", (Look(PHONE, axe=False), Look(DESK, dark=True))), ("es", (Look(DESK, axe=False), Look(PHONE))))]
        found |= looked_at(asked, walks, statuses)
    assert not found, "\n".join(f"{walk}: {wrong}" for walk, wrong in found.items())


def test_api_when_an_operation_is_opened_and_tried_then_nothing_is_wrong(desk):
    steps = ({"wait": READY["/api"]}, {"reach": "#operations-SPARQL-get_sparql .opblock-summary-control"}, {"press": "Enter"},
             {"wait": "#swagger .parameters"}, {"reach": ".execute"}, {"press": "Enter"},
             {"wait": "#swagger .live-responses-table"})
    (seen,) = walked(desk.server.address, [Walk("/api", steps, language="es", looks=(Look(DESK), Look(PHONE, dark=True)))])
    assert not faults(seen)
    for said in ("Parámetros", "Respuestas", "Ejecutar", "Hacer una consulta"):
        assert said in seen["text"]
    assert not re.search(r"\b(Parameters|Responses|Execute|Try it out)\b", seen["text"])


def test_faults_when_a_page_has_them_then_found():
    looks = [{"width": 360, "dark": True, "wide": 12, "passes": 0, "violations": [
        {"id": "label", "impact": "critical", "nodes": []}, {"id": "region", "impact": "moderate", "nodes": []}]}]
    seen = {"status": 500, "errors": ["TypeError"], "outside": ["http://example.org/"], "headings": [], "looks": looks,
            "weight": 150_001, "url": "/"}
    assert len(faults(seen)) == 8
    assert re.match("Error", faults({"failed": "Error: no link"})[0])


def test_axe_when_a_page_is_spoiled_then_it_finds_what_was_spoiled(desk):
    spoiled = ({"run": "document.querySelector('main label').remove(); document.querySelector('h1').style.color = '#bbb'"},)
    (seen,) = walked(desk.server.address, [Walk("/search", spoiled, looks=(Look(DESK), Look(PHONE, axe=False)))])
    assert {fault.split(":")[0] for fault in faults(seen)} == {"at 1280 color-contrast", "at 1280 label"}
