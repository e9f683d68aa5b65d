"""A contribution from what was sent to what is published, over HTTP: who may do what, in which order, and what is seen when."""

import json
import subprocess
import time

from kg.contributions.ledger import Ledger
from kg.store.revisions import DataFolder
from tests.asking import ask_path
from tests.desk import HONEY, THING
from tests.servers import PARKG

LABELS = ask_path("PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
                  "SELECT ?label { <id/experience/andean-honey> rdfs:label ?label } ORDER BY ?label")
COUNTED = ask_path("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_experience_when_sent_reviewed_and_published_then_seen_by_all_at_once_and_taken_back_with_the_reason_left(desk):
    counted = desk.rows(COUNTED)
    sent = desk.post("ana", "/contributions", HONEY)
    assert sent.status == 201, sent.text
    one = sent.json()["id"]
    assert sent.headers["Location"] == f"/contributions/{one}"
    assert (sent.json()["state"], sent.json()["edition"], sent.json()["version"]) == ("submitted", 1, None)
    assert desk.rows(LABELS) == []  # in nobody's reach
    assert desk.server.get(THING).status == 404
    seen = desk.server.get(f"/contributions/{one}", "application/json").json()
    assert len(seen["changes"]["adds"]) > 50
    assert seen["changes"]["removes"] == []
    assert any("usesTool" in triple for triple in seen["changes"]["follows"])
    assert desk.note("beto", one, "request-changes", "Name the fair.").json()["state"] == "changes asked for"
    mended = HONEY.replace(b'"Andean honey"@en', b'"Honey of the Andes"@en')
    assert desk.post("ana", f"/contributions/{one}", mended).json()["edition"] == 2
    assert desk.note("beto", one, "accept").json()["state"] == "accepted"
    published = desk.note("beto", one, "publish")
    assert published.json()["version"] == 1, published.text
    assert desk.rows(LABELS) == ["Honey of the high valleys", "Miel de los valles altos"]
    assert desk.server.get(THING).status == 200
    told = desk.server.get("/graph/experience/andean-honey/1.nt").text
    assert '"ana"' in told
    assert '"beto"' in told
    found = desk.server.get("/search?q=honey+valleys&kind=experience", "application/json").json()["found"]
    assert [one["label"] for one in found] == ["Honey of the high valleys"]
    assert b"usesTool" in desk.server.get(f"{THING}.nt").body  # what follows is there in the same revision
    taken = desk.note("rosa", one, "withdraw", "Invented.")
    assert (taken.json()["state"], taken.json()["version"]) == ("withdrawn", None)
    assert desk.rows(LABELS) == []
    assert desk.rows(COUNTED) == [str(int(counted[0]) + 3)]  # what was taken back, when, and why
    told = desk.server.get("/graph/experience/andean-honey/withdrawn.nt").text
    assert "/graph/experience/andean-honey/1> <http://www.w3.org/ns/prov#invalidatedAtTime>" in told
    assert '"Invented."' in told
    assert desk.server.get(THING).status in (404, 410)
    other = desk.post("eva", "/contributions", HONEY)  # its key is never another's
    assert (other.status, one in other.text) == (409, True)
    found = desk.server.get("/search?q=honey+valleys&kind=experience", "application/json").json()["found"]
    assert "Honey of the high valleys" not in [one["label"] for one in found]
    assert [event["did"] for event in desk.server.get(f"/contributions/{one}", "application/json").json()["events"]] == [
        "submit", "request-changes", "submit", "accept", "publish", "withdraw"]


def sent(desk, key, **headers):
    answer = desk.post("ana", "/contributions", HONEY.replace(b"andean-honey", key.encode()), **headers)
    assert answer.status in (200, 201), answer.text
    return answer


def test_correction_when_published_then_the_next_version_takes_the_place_of_the_one_before(desk):
    one = sent(desk, "first-fair").json()["id"]
    for did in ("accept", "publish"):
        desk.note("beto", one, did)
    corrected = HONEY.replace(b"andean-honey", b"first-fair").replace(b"made-up", b"thought-up")
    again = desk.post("ana", f"/contributions/{one}", corrected)
    assert (again.json()["state"], again.json()["version"]) == ("submitted", 1)
    changes = desk.server.get(f"/contributions/{one}", "application/json").json()["changes"]
    assert len(changes["adds"]) == len(changes["removes"]) > 0
    desk.note("beto", one, "accept")
    assert desk.note("rosa", one, "publish").json()["version"] == 2
    assert desk.server.get("/graph/experience/first-fair/1").status == 404
    text = desk.server.get("/graph/experience/first-fair/2.nt").text
    assert "thought-up" in text
    assert "made-up" not in text


def test_request_when_repeated_with_its_key_then_nothing_happens_twice(desk):
    answers = [sent(desk, "twice-sent", Idempotency_Key="k1") for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 200]
    assert len({answer.json()["id"] for answer in answers}) == 1
    one = answers[0].json()["id"]
    assert [desk.note("beto", one, "accept", Idempotency_Key="k2").status for _ in range(2)] == [200, 200]
    before = DataFolder(desk.path).current().number
    assert [desk.note("beto", one, "publish", Idempotency_Key="k3").json()["version"] for _ in range(2)] == [1, 1]
    assert DataFolder(desk.path).current().number == before + 1
    assert desk.note("beto", one, "publish").status == 409


def test_contributions_when_sent_without_leave_then_refused_with_what_it_takes(desk):
    one = sent(desk, "no-leave").json()["id"]
    assert desk.post("", "/contributions", HONEY).status == 401
    assert desk.note("ana", one, "accept").status == 403
    assert desk.note("eva", one, "withdraw", "not mine").status == 403
    assert desk.post("eva", f"/contributions/{one}", HONEY).status == 403
    own = desk.post("beto", "/contributions", HONEY.replace(b"andean-honey", b"of-beto")).json()["id"]
    refused = desk.note("beto", own, "accept")
    assert refused.status == 403
    assert "Nobody reviews what they sent themselves" in refused.text
    assert desk.note("rosa", own, "accept").status == 200
    assert desk.note("beto", one, "refuse").status == 422  # it takes a reason
    assert desk.note("beto", one, "publish").status == 409  # it is not accepted
    assert desk.note("beto", "aaaaaaaaaaaa", "accept").status == 404
    assert desk.note("beto", one, "vanish").status == 404


def test_submission_when_something_must_be_mended_then_422_with_the_findings_and_nothing_is_kept(desk):
    before = len(Ledger(desk.path).recent())
    faulty = HONEY.replace(b"andean-honey", b"faulty").replace(b"par:inCountry", b"par:inCountri")
    answer = desk.post("ana", "/contributions?language=es", faulty)
    assert answer.status == 422
    found = [one for one in answer.json()["findings"] if one["strength"] == "must"]
    assert any("inCountri" in json.dumps(one) for one in found)
    assert desk.post("ana", "/contributions", b"not turtle").status == 422
    assert desk.post("ana", "/contributions", HONEY, "application/pdf").status == 415
    again = desk.post("ana", "/contributions", HONEY.replace(b"andean-honey", b"ketal"))
    assert again.status == 422  # it ships
    assert len(Ledger(desk.path).recent()) == before


def test_key_when_it_has_a_contribution_then_another_is_sent_to_that_one(desk):
    one = sent(desk, "taken-key").json()["id"]
    again = desk.post("eva", "/contributions", HONEY.replace(b"andean-honey", b"taken-key"))
    assert again.status == 409
    assert one in again.text


def test_pages_when_opened_then_what_was_sent_shows_as_text(desk):
    marked = HONEY.replace(b"andean-honey", b"marked-up").replace(b"Andean honey", b"Andean & sweet")
    one = desk.post("ana", "/contributions", marked).json()["id"]
    page = desk.server.get(f"/contributions/{one}", "text/html").text
    assert "Andean &amp; sweet" in page
    assert "marked-up" in desk.server.get("/contributions", "text/html").text
    edition = desk.server.get(f"/contributions/{one}/editions/1.ttl")
    assert edition.type == "text/turtle"
    assert desk.server.get(f"/contributions/{one}/editions/2.ttl").status == 404


def test_record_when_its_last_line_was_cut_by_a_crash_then_what_was_acknowledged_is_there(desk):
    one = sent(desk, "cut-off").json()["id"]
    with (desk.path / "contributions" / one / "history.jsonl").open("a") as file:
        file.write('{"at": "2026-')
    assert desk.server.get(f"/contributions/{one}", "application/json").json()["state"] == "submitted"
    assert desk.note("beto", one, "comment", "Still here.").status == 200
    assert [event.did for event in Ledger(desk.path).get(one).events] == ["submit", "comment"]


def published_naming(desk, key, agent, name):
    """Publish a case of a key that names a person, who agreed, and return the id of its contribution."""
    named = HONEY.replace(b"andean-honey", key.encode()) + f"""
        agent:{key}-{agent} a par:Person ; rdfs:label "{name}"@en , "{name}"@es .
        <https://w3id.org/cocina-par/graph/experience/{key}/1> par:namesWithConsent agent:{key}-{agent} .""".encode()
    one = desk.post("ana", "/contributions", named).json()["id"]
    for did in ("accept", "publish"):
        assert desk.note("beto", one, did).status == 200
    return one


def test_person_when_removed_then_by_an_administrator_alone_and_seen_nowhere(desk):
    one = published_naming(desk, "named-fair", "filomena", "Filomena Quispe")
    assert desk.server.get("/id/agent/named-fair-filomena").status == 200
    asked = json.dumps({"person": "https://w3id.org/cocina-par/id/agent/named-fair-filomena", "note": "Asked for."}).encode()
    remove = [desk.post(who, f"/contributions/{one}/remove-person", asked, "application/json")
              for who in ("", "ana", "beto", "admin")]
    assert [answer.status for answer in remove] == [401, 403, 403, 200]
    assert (remove[-1].json()["left"], remove[-1].json()["state"]) == ([], "published")
    assert desk.server.get("/id/agent/named-fair-filomena").status == 404
    assert "personRemovedOn" in desk.server.get("/graph/experience/named-fair/1.nt").text
    assert "ilomena" not in desk.server.get(f"/contributions/{one}", "text/html").text
    assert desk.server.get("/search?q=filomena+quispe&kind=agent", "application/json").json()["found"] == []


def test_replication_when_published_then_both_cases_show_it_and_it_counts_as_a_case_of_its_own(desk):
    again = HONEY.replace(b"andean-honey", b"second-fair").replace(
        b"a par:SystematizedExperience ;", b"a par:SystematizedExperience ; par:repeatsCase experience:ketal ;")
    one = desk.post("ana", "/contributions", again).json()["id"]
    for did in ("accept", "publish"):
        assert desk.note("beto", one, did).status == 200
    for key, other in (("second-fair", "ketal"), ("ketal", "second-fair")):
        page = desk.server.get(f"/id/experience/{key}", "text/html").text
        assert f'href="/id/experience/{other}"' in page
        assert "replica" in page
    rows = desk.rows("/queries/list_replications.csv?experience=ketal")
    assert [row.split(",")[-1] for row in rows] == ["1"]
    rows = desk.rows("/queries/list_replications.csv?experience=second-fair")
    assert ["experience/ketal,Ketal Supermarkets,0" in row for row in rows] == [True]
    desk.note("rosa", one, "withdraw", "Tried out.")
    assert [row.split(",")[-1] for row in desk.rows("/queries/list_replications.csv?experience=ketal")] == ["0"]


def test_experience_when_joined_with_another_then_counted_once_and_its_page_says_which_and_a_join_can_be_undone(desk):
    def counts():
        return ([row for row in desk.rows("/queries/count_things.csv?language=en") if "SystematizedExperience" in row],
                len(desk.rows("/queries/list_experiences.csv")), desk.rows("/queries/count_cells_by_tool.csv"))
    before = counts()
    one = sent(desk, "same-fair").json()["id"]
    for did in ("accept", "publish"):
        assert desk.note("beto", one, did).status == 200
    assert counts() != before
    def join(who, into, note="The same fair, told twice."):
        body = json.dumps({"note": note, "into": into}).encode()
        return desk.post(who, f"/contributions/{one}/join", body, "application/json")
    ketal = "https://w3id.org/cocina-par/id/experience/ketal"
    assert join("ana", ketal).status == 403
    assert [join("beto", *bad).status for bad in (
        ("",), (ketal + "x",), (ketal.replace("experience/ketal", "tool/quality"),), (ketal, ""))] == [422] * 4
    assert join("beto", ketal.replace("ketal", "same-fair")).status == 409
    joined = join("beto", ketal)
    assert (joined.status, joined.json()["state"], joined.json()["version"]) == (200, "joined", None)
    assert counts() == before
    page = desk.server.get("/id/experience/same-fair", "text/html")
    assert page.status == 200
    assert 'href="/id/experience/ketal"' in page.text
    assert "isReplacedBy" in desk.server.get("/id/experience/same-fair.nt").text
    assert "/id/experience/same-fair" in desk.server.get("/id/experience/ketal", "text/html").text
    assert desk.post("eva", "/contributions", HONEY.replace(b"andean-honey", b"same-fair")).status == 409
    assert desk.note("beto", one, "separate").status == 422  # it takes a reason
    assert desk.note("beto", one, "separate", "They are two.").json()["state"] == "accepted"
    assert desk.server.get("/id/experience/same-fair").status == 404
    assert desk.note("beto", one, "publish").json()["version"] == 2
    assert counts() != before
    assert "isReplacedBy" not in desk.server.get("/id/experience/same-fair.nt").text


def test_doubles_when_two_experiences_have_nearly_the_same_name_then_listed_by_the_command_until_joined(desk):
    def doubles():
        command = [*PARKG, "--data", str(desk.path), "doubles", "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        pairs = [{double["one"].rpartition("/")[2], double["other"].rpartition("/")[2]} for double in json.loads(done.stdout)]
        assert done.returncode == bool(pairs)
        return pairs
    ids = {}
    for key in ("told-once", "told-twice"):
        named = HONEY.replace(b"andean-honey", key.encode()).replace(b"Honey of the high valleys", b"Quinoa bakers of Charazani")
        ids[key] = desk.post("ana", "/contributions", named.replace(b"Charazani", b"Charazany") if ids else named).json()["id"]
        for did in ("accept", "publish"):
            assert desk.note("beto", ids[key], did).status == 200
    assert {"told-once", "told-twice"} in doubles()
    body = json.dumps({"note": "One.", "into": "https://w3id.org/cocina-par/id/experience/told-once"}).encode()
    assert desk.post("beto", f"/contributions/{ids['told-twice']}/join", body, "application/json").status == 200
    assert {"told-once", "told-twice"} not in doubles()


def test_person_when_removed_by_the_command_beside_the_server_then_the_server_serves_what_is_left(desk):
    one = published_naming(desk, "by-command", "tomasa", "Tomasa Condori")
    done = subprocess.run([*PARKG, "--data", str(desk.path), "remove-person", one, "Tomasa Condori", "--why", "Asked for."],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("taken out of ")
    revision = DataFolder(desk.path).current().number
    while desk.server.get("/readyz").json()["revision"] != revision:
        time.sleep(0.1)
    assert "omasa" not in desk.server.get("/graph/experience/by-command/1.nt").text.replace("by-command-tomasa", "")
    assert Ledger(desk.path).get(one).events[-1].who == "command line"
