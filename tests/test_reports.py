"""Reports of wrong facts over HTTP: anybody sends one from any page, it is never lost, and reviewers answer it."""

import http.client
import json
import shutil
import urllib.parse
import urllib.request

import pytest

from kg.contributions import reports as module
from kg.contributions.reports import Reports
from kg.errors import TooManyReports
from kg.tokens import Tokens
from tests.asking import FORM
from tests.servers import start_server

KETAL = "https://w3id.org/cocina-par/id/experience/ketal"


class Desk:
    """A server over a copy of what ships, a contributor and a reviewer."""

    def __init__(self, path):
        self.path = path
        tokens = Tokens(path)
        self.tokens = {name: tokens.make(name, scope, 1) for name, scope in (("ana", "write"), ("beto", "review"))}
        self.server = start_server(path)
        self.clients = 0

    def send(self, path, fields, who="", accept="application/json", form=False, **headers):
        self.clients += 1  # each request is another client's, unless it says whose it is
        body = urllib.parse.urlencode(fields) if form else json.dumps(fields)
        bearer = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.server.send(urllib.request.Request(self.server.address + path, body.encode(), {
            "Content-Type": FORM if form else "application/json", "Accept": accept,
            "X-Forwarded-For": f"192.0.2.{self.clients}", **bearer, **named}, method="POST"))

    def get(self, path, who="", accept="application/json"):
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return self.server.get(path, accept, headers=headers)


@pytest.fixture(scope="module")
def desk(folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("reports") / "var"
    shutil.copytree(folder.path, path)
    desk = Desk(path)
    yield desk
    desk.server.end()


WRONG = {"what": "Ketal is older than it says.", "about": "/id/experience/ketal", "where": "toolbox 3.2.12",
         "source": "I work there.", "contact": "someone@example.org"}


def test_report_when_sent_without_a_token_then_on_disk_with_a_receipt_and_seen_by_reviewers_with_the_contact(desk):
    sent = desk.send("/reports", WRONG)
    assert sent.status == 201, sent.text
    told = sent.json()
    assert (told["state"], told["about"], told["what"]) == ("waiting", KETAL, WRONG["what"])
    assert sent.headers["Location"] == told["page"]
    assert len(told["id"]) == 26
    assert Reports(desk.path).get(told["id"]).contact == WRONG["contact"]
    assert WRONG["contact"] not in desk.get(told["page"]).text
    assert WRONG["contact"] not in desk.get(told["page"], "ana").text
    assert desk.get(told["page"], "beto").json()["contact"] == WRONG["contact"]
    waiting = desk.get("/reports", "beto").json()["reports"]
    assert [one["contact"] for one in waiting if one["id"] == told["id"]] == [WRONG["contact"]]
    assert desk.get("/reports").status == 401
    assert desk.get("/reports", "ana").status == 403
    assert desk.get("/reports/" + "a" * 26).status == 404
    assert "report" in desk.get("/reports/new", accept="text/html").text


def test_report_when_answered_and_closed_then_who_sent_it_reads_the_notes_and_no_contact_is_left(desk):
    told = desk.send("/reports", {**WRONG, "contact": "anybody@example.org"}).json()
    page = told["page"]
    assert desk.send(f"{page}/answer", {"note": "Looked into."}).status == 401
    assert desk.send(f"{page}/answer", {"note": "Looked into."}, "ana").status == 403
    assert desk.send(f"{page}/answer", {"note": " "}, "beto").status == 422
    assert desk.send(f"{page}/forget", {"note": "x"}, "beto").status == 404
    assert desk.send(f"{page}/answer", {"note": "Looked into."}, "beto").json()["state"] == "answered"
    closed = desk.send(f"{page}/close", {"note": "It is mended in version 2."}, "beto")
    assert closed.json()["state"] == "closed"
    assert [done["note"] for done in desk.get(page).json()["answers"]] == ["Looked into.", "It is mended in version 2."]
    assert desk.send(f"{page}/answer", {"note": "Again."}, "beto").status == 409
    assert told["id"] not in [one["id"] for one in desk.get("/reports", "beto").json()["reports"]]
    kept = b"".join(path.read_bytes() for path in (desk.path / "reports").rglob("*") if path.is_file())
    assert b"mended in version 2" in kept
    assert b"anybody@example.org" not in kept


def test_form_when_sent_as_a_browser_does_then_it_leads_to_the_receipt_where_markup_is_text(desk):
    page = desk.server.get("/id/experience/ketal", "text/html").text
    assert "/reports/new?about=/id/experience/ketal" in page
    assert "/reports/new?about=/queries/list_entry_ways%3Flanguage%3Des" in desk.server.get(
        "/queries/list_entry_ways?language=es", "text/html").text
    form = desk.server.get("/reports/new?about=/id/experience/ketal%22%3E%3Cscript%3E", "text/html")
    assert form.status == 200
    assert "<script>" not in form.text
    assert "&lt;script&gt;" in form.text
    connection = http.client.HTTPConnection(desk.server.address.removeprefix("http://"))
    body = urllib.parse.urlencode({**WRONG, "what": "<script>alert(1)</script> ñandú", "about": "javascript:alert(1)"})
    connection.request("POST", "/reports", body, {"Content-Type": FORM, "Accept": "text/html", "Origin": desk.server.address,
                                                  "Sec-Fetch-Site": "same-origin"})
    answer = connection.getresponse()
    connection.close()
    assert answer.status == 303
    receipt = desk.get(answer.headers["Location"], accept="text/html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; ñandú" in receipt.text
    assert "<script>" not in receipt.text
    assert 'href="javascript' not in receipt.text
    assert receipt.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Location"] not in receipt.text.partition("<footer")[2]


@pytest.mark.parametrize(("fields", "status"), [
    ({}, 422), ({"what": "  "}, 422), ({"what": "x" * 5001}, 422), ({"what": "x", "about": "y" * 1001}, 422),
    ({"what": "x", "state": "closed"}, 422), ({"what": 7}, 422), ({"what": "x" * 70_000}, 413)])
def test_report_when_not_one_then_refused(desk, fields, status):
    assert desk.send("/reports", fields).status == status


def test_report_when_another_site_sends_it_then_refused(desk):
    assert desk.send("/reports", WRONG, form=True, Origin="http://elsewhere.example").status == 403
    assert desk.send("/reports", WRONG, form=True, Sec_Fetch_Site="cross-site").status == 403
    assert desk.send("/reports", WRONG, Content_Type="text/plain").status == 415


def test_reports_when_too_many_of_one_client_then_429_says_when_and_others_are_heard(desk):
    own = {"X_Forwarded_For": "203.0.113.9, 198.51.100.7"}  # the last is the one that the proxy saw
    for _ in range(module.MOST_OF_ONE):
        assert desk.send("/reports", {"what": "again"}, **own).status == 201
    refused = desk.send("/reports", {"what": "again"}, **{**own, "X_Forwarded_For": "203.0.113.10, 198.51.100.7"})
    assert refused.status == 429
    assert 3500 < int(refused.headers["Retry-After"]) <= 3601
    assert desk.send("/reports", {"what": "another"}, X_Forwarded_For="2001:db8:0:1::1").status == 201
    for i in range(module.MOST_OF_ONE - 1):
        assert desk.send("/reports", {"what": "a household"}, X_Forwarded_For=f"2001:db8:0:1::{i + 2}").status == 201
    assert desk.send("/reports", {"what": "a household"}, X_Forwarded_For="2001:db8:0:1::ffff").status == 429


def test_reports_when_too_many_of_all_or_waiting_then_refused_until_an_hour_is_over(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_OF_ALL", 5)
    now = [0.0]
    reports = Reports(tmp_path, lambda: now[0])
    for i in range(5):
        now[0] = i
        reports.take(f"client {i}", "wrong")
    with pytest.raises(TooManyReports) as refused:
        reports.take("another", "wrong")
    assert refused.value.retry_after_s == 3597
    now[0] = 3600.5
    reports.take("another", "wrong")
    monkeypatch.setattr(module, "MOST_WAITING", 6)
    now[0] = 9000.0
    with pytest.raises(TooManyReports):
        Reports(tmp_path, lambda: now[0]).take("another", "wrong")
    reports.move(reports.waiting()[0].id, "beto", "close", "seen")
    assert reports.take("another", "wrong").state == "waiting"


def test_report_when_its_last_line_was_cut_by_a_crash_then_what_was_acknowledged_is_there(tmp_path):
    reports = Reports(tmp_path)
    kept = reports.take("one", "wrong")
    reports.move(kept.id, "beto", "answer", "seen")
    with (tmp_path / "reports" / f"{kept.id}.jsonl").open("a") as file:
        file.write('{"at": "20')
    (tmp_path / "reports/waiting" / ("b" * 26)).touch()  # whose report never came to the disk
    assert [(one.id, one.state) for one in Reports(tmp_path).waiting()] == [(kept.id, "answered")]
    assert [done.note for done in Reports(tmp_path).move(kept.id, "beto", "close", "done").events] == ["seen", "done"]
