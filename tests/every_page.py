"""Turns a desk into one at which there is something of everything, and its routes into the address of a page of each."""

import json
import urllib.request

from api import create_app
from tests.desk import HONEY, publish
from tests.test_http_methods import ADDRESSES

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
KEY = "every-honey"
THING = f"/id/experience/{KEY}"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def grow(desk):
    """Publish an experience twice, take another back, draft a third, report one; return an address for each rule about such."""
    first = HONEY.replace(b"andean-honey", KEY.encode())
    one = publish(desk, first)
    publish(desk, first.replace(b"made-up", b"thought-up"), one)
    gone = publish(desk, HONEY.replace(b"andean-honey", b"gone-honey"))
    assert desk.note("beto", gone, "withdraw", "It was taken back.").status == 200
    sent = desk.post("ana", "/contributions?draft=1", HONEY.replace(b"andean-honey", b"draft-honey"))
    assert sent.status == 201, sent.text
    draft = f"/contributions/{sent.json()['id']}"
    wrong = {"what": "It is older.", "about": THING, "where": "p. 1", "source": "I was there.", "contact": "a@example.org"}
    report = desk.post("", "/reports", json.dumps(wrong).encode(), "application/json")
    assert report.status == 201, report.text
    live = {
        "/contributions/<id>": draft, "/contributions/<id>/form/<area>": f"{draft}/form/short",
        "/contributions/<id>/template/<name>": f"{draft}/template/template.xlsx",
        "/contributions/<id>/preview": f"{draft}/preview",
        "/contributions/<id>/preview/<path:path>": f"{draft}/preview/document/draft-honey",
        "/contributions/<id>/editions/<name>": f"{draft}/editions/1.ttl", "/reports/<id>": report.json()["page"],
        "/queries/<name>": "/queries/show_cell?tool=financing&entry_way=entire-chain",
        "/ontology.<suffix>": "/ontology.html"}
    for what in ("versions", "diff", "citation"):
        live[f"/id/experience/<key>/{what}"] = f"{THING}/{what}"
        live[f"/id/experience/<key>/{what}.<suffix>"] = f"{THING}/{what}.json"
    return live


def addresses_of(inquiry, amending, live):
    """Return an address for each rule of the application that is read; one that leads elsewhere is among them."""
    rules = [rule.rule for rule in create_app(inquiry, amending).url_map.iter_rules() if "GET" in (rule.methods or ())]
    return {rule: live.get(rule) or ADDRESSES[rule] for rule in rules}


def as_a_browser(desk, path, who=""):
    """Ask as a browser does, without following where it leads; returns what came with headers, or the error that it was."""
    shown = {"Authorization": f"Bearer {desk.tokens[who]}"} if who else {}
    request = urllib.request.Request(desk.server.address + path, headers={**BROWSER, **shown})
    try:
        return urllib.request.build_opener(NoRedirect).open(request, timeout=30)
    except urllib.error.HTTPError as error:
        return error
