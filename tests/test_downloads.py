"""Revisions of the whole over HTTP: which there were, what each changed, any of them as files; what a crash and a sweep leave."""

import base64
import gzip
import hashlib
import json
import shutil
import threading
import urllib.request

import pytest

from kg.build import build
from kg.errors import RevisionUnknown, StoreUnavailable
from kg.names import OFFER_GRAPH, is_public_graph
from kg.store.dumps import Dumps
from kg.store.engine import open_revision
from kg.store.patch import line
from kg.store.rdf import NamedNode, Quad, read_n_quads
from kg.store.revisions import KEPT_REVISIONS, DataFolder
from kg.tokens import Tokens
from tests.desk import HONEY, publish
from tests.servers import start_server
from tests.test_versions import ask, check_cff, read_yaml

KEY = "valley-honey"
FIRST = HONEY.replace(b"andean-honey", KEY.encode())


KEPT = 3  # statements that tell of a version which was taken back: what it is, when and why


@pytest.fixture(scope="module")
def desk(desk):
    """A server with a publication, a correction, a graph of a user's own and a withdrawal: the first revision is swept."""
    desk.first = desk.server.get("/download/dataset.nq.gz")
    one = publish(desk, FIRST)
    publish(desk, FIRST.replace(b"made-up", b"thought-up"), one)
    admin = Tokens(desk.path).make("carla", "admin", 1)
    request = urllib.request.Request(desk.server.address + "/store?graph=http://example.org/mine", b"<urn:a> <urn:b> 1 .", {
        "Authorization": f"Bearer {admin}", "Content-Type": "text/turtle"}, method="PUT")
    assert desk.server.send(request).status == 201
    assert desk.note("beto", one, "withdraw", "It was invented.").status == 200
    return desk


def test_revisions_when_listed_then_each_says_when_why_and_how_much(desk):
    told = desk.server.get("/revisions", "application/json").json()["revisions"]
    assert [(one["number"], one["cause"]) for one in told] == [
        (5, "publication"), (4, "update"), (3, "publication"), (2, "publication"), (1, "build")]
    assert [[(done["experience"], done["version"], done["did"]) for done in one["experiences"]] for one in told[:4]] == [
        [(KEY, 2, "taken back")], [], [(KEY, 2, "published")], [(KEY, 1, "published")]]
    assert told[0]["adds"] == KEPT
    assert told[1]["adds"] == told[1]["removes"] == told[1]["graphs_touched"] == 0
    assert told[0]["removes"] == told[3]["adds"] > 80
    assert told[4]["adds"] > 70_000
    assert desk.server.get("/revisions?before=3", "application/json").json()["revisions"][0]["number"] == 2
    assert desk.server.get("/revisions?before=x", "application/json").status == 422
    page = ask(desk, "/revisions", Accept="text/html", Accept_Language="es").text
    assert f'href="/id/experience/{KEY}?version=2"' in page
    assert "retirada" in page


def test_revision_when_shown_then_graphs_with_counts_and_a_patch_of_every_statement(desk):
    told = desk.server.get("/revisions/3", "application/json").json()
    graphs = {one["graph"].partition("/graph/")[2]: one for one in told["graphs"]}
    assert graphs[f"experience/{KEY}/1"]["is"] == "gone"
    assert graphs[f"experience/{KEY}/2"]["is"] == "new"
    second = {one["graph"].partition("/graph/")[2]: one for one in desk.server.get(
        "/revisions/2", "application/json").json()["graphs"]}
    assert second["inferred"]["is"] == "changed"
    assert second["inferred"]["adds"] > 10
    patch = desk.server.get("/revisions/3.rdfp")
    assert patch.type == "application/rdf-patch"
    lines = patch.text.splitlines()
    assert sum(one.startswith("A ") for one in lines) == told["adds"]
    assert sum(one.startswith("D ") for one in lines) == told["removes"]
    assert desk.server.get("/revisions/4.rdfp").status == 404  # it changed nothing of the dataset
    assert desk.server.get("/revisions/1.rdfp").status == 404  # all of it is new
    assert desk.server.get("/revisions/9").status == 404
    assert desk.server.get("/revisions/x").status == 404
    assert 'href="/revisions/3.rdfp"' in desk.server.get("/revisions/3", "text/html").text


def quads_of(answer):
    assert answer.status == 200, answer.text
    return set(gzip.decompress(answer.body).decode().splitlines())


def test_dump_when_its_directory_was_swept_then_the_same_bytes_as_when_it_was_new(desk):
    assert not (desk.path / "revisions/1").exists()
    shutil.rmtree(desk.path / "downloads")
    again = desk.server.get("/revisions/1/dataset.nq.gz")
    assert again.body == desk.first.body
    assert again.headers["ETag"] == desk.first.headers["ETag"]
    first, second, third, fourth = (quads_of(desk.server.get(f"/revisions/{n}/dataset.nq.gz")) for n in (1, 2, 3, 4))
    assert third == fourth
    assert not any("example.org/mine" in one for one in fourth)
    newest = quads_of(desk.server.get("/download/dataset.nq.gz"))
    assert first == {one for one in newest if "/withdrawn> ." not in one}
    assert len(newest) == len(first) + KEPT
    for before, number, after in ((first, 2, second), (second, 3, third)):
        lines = desk.server.get(f"/revisions/{number}.rdfp").text.splitlines()
        removes, adds = ({one[2:] for one in lines if one.startswith(sign)} for sign in ("D ", "A "))
        assert removes <= before
        assert (before - removes) | adds == after
    lines = desk.server.get("/revisions/3.rdfp?from=1").text.splitlines()
    removes, adds = ({one[2:] for one in lines if one.startswith(sign)} for sign in ("D ", "A "))
    assert (first - removes) | adds == third
    assert all(one.endswith(f"<{OFFER_GRAPH}> .") for one in removes)  # counts; what came and went between is in neither
    assert desk.server.get("/revisions/3.rdfp?from=3").status == 404
    assert any(f"graph/experience/{KEY}/1>" in one for one in second)
    assert any("thought-up" in one for one in third)


def test_files_when_listed_then_date_size_and_checksum_are_those_of_what_is_sent(desk):
    told = desk.server.get("/download", "application/json").json()
    assert told["revision"] == 5
    assert {file["name"] for file in told["files"]} == {"dataset.nq.gz", "dataset.trig.gz", "dataset.ttl.gz", "ontology.ttl"}
    page = desk.server.get("/download", "text/html").text
    for file in told["files"]:
        answer = desk.server.get(file["address"].removeprefix(desk.server.address))
        assert (answer.status, answer.type, len(answer.body)) == (200, file["type"], file["size_bytes"])
        digest = hashlib.sha256(answer.body)
        assert digest.hexdigest() == file["sha256"]
        assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        assert answer.headers["Content-Encoding"] is None
        assert "attachment" in answer.headers["Content-Disposition"]
        assert file["sha256"] in page
    assert desk.server.get("/download/everything.zip").status == 404


def test_files_when_read_then_trig_and_turtle_say_what_the_quads_say(desk):
    from pyoxigraph import RdfFormat, parse
    quads = set(read_n_quads(gzip.decompress(desk.server.get("/download/dataset.nq.gz").body)))
    named = {quad for quad in quads if "_:" not in str(quad)}
    trig = set(parse(gzip.decompress(desk.server.get("/download/dataset.trig.gz").body), RdfFormat.TRIG))
    assert {quad for quad in trig if "_:" not in str(quad)} == named
    assert len(trig) == len(quads)
    turtle = {quad.triple for quad in parse(gzip.decompress(desk.server.get("/download/dataset.ttl.gz").body), RdfFormat.TURTLE)}
    assert {quad.triple for quad in named} <= turtle
    assert len(turtle) == len({quad.triple for quad in quads})
    ontology = parse(desk.server.get("/download/ontology.ttl").body, RdfFormat.TURTLE)
    assert len(list(ontology)) == sum(str(quad.graph_name).endswith("/graph/ontology>") for quad in quads)


def test_file_when_a_part_or_its_headers_are_asked_for_then_no_more_is_sent(desk):
    path = "/download/dataset.nq.gz"
    whole = ask(desk, path)
    part = ask(desk, path, Range="bytes=1000-1999")
    assert (part.status, part.body) == (206, whole.body[1000:2000])
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(whole.body)}"
    rest = ask(desk, path, Range=f"bytes={len(whole.body) - 10}-", If_Range=whole.headers["ETag"])
    assert (rest.status, rest.body) == (206, whole.body[-10:])
    assert ask(desk, path, Range="bytes=0-9", If_Range='"another"').status == 200
    assert ask(desk, path, Range="bytes=999999999-").status == 416
    assert ask(desk, path, If_None_Match=whole.headers["ETag"]).status == 304
    head = desk.server.ask("HEAD", path)
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(whole.body)), b"")


def test_file_when_many_ask_for_it_at_once_then_it_is_made_once_and_the_server_answers_others(desk):
    shutil.rmtree(desk.path / "downloads", ignore_errors=True)
    answers = []
    asking = [threading.Thread(target=lambda: answers.append(desk.server.get("/revisions/2/ontology.ttl"))) for _ in range(8)]
    for one in asking:
        one.start()
    assert desk.server.get("/healthz").status == 200
    for one in asking:
        one.join()
    assert {answer.status for answer in answers} <= {200, 429}
    assert len({answer.body for answer in answers if answer.status == 200}) == 1
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status == 429)
    assert sorted(path.name for path in (desk.path / "downloads").iterdir()) == ["2"]


def test_revision_when_cited_then_its_number_date_licence_and_who_contributed_to_it(desk):
    text = desk.server.get("/revisions/3/citation", "text/plain").text
    assert text.startswith("ana, ")
    assert "Revision 3, " in text
    assert "https://w3id.org/cocina-par/revisions/3 (CC-BY-4.0)" in text
    assert not desk.server.get("/revisions/5/citation.txt").text.startswith("ana")
    cff = read_yaml(desk.server.get("/revisions/3/citation.cff").text)
    check_cff(cff)
    assert cff["authors"][0] == {"alias": "ana"}
    assert cff["version"] == "revision 3"
    assert "@misc{" in desk.server.get("/revisions/3/citation?format=bibtex").text
    assert "revision 3" in desk.server.get("/revisions/3/citation", "text/html").text


def test_description_when_files_are_made_then_it_tells_their_size_and_checksum(desk):
    shutil.rmtree(desk.path / "downloads", ignore_errors=True)
    before = desk.server.get("/.well-known/void", "application/n-triples")
    assert "/download/dataset.nq.gz>" in before.text
    assert "byteSize" not in before.text
    files = {file["name"]: file for file in desk.server.get("/download", "application/json").json()["files"]}
    after = desk.server.get("/.well-known/void", "application/n-triples")
    assert after.text.count("#byteSize>") == 3
    assert files["dataset.nq.gz"]["sha256"] in after.text
    assert after.headers["ETag"] != before.headers["ETag"]


def test_journal_when_a_build_changes_what_ships_then_the_revision_before_can_still_be_had(built, checkout):
    before = public(built)
    data = checkout.data / "editorial" / "extra.trig"
    data.write_text('<https://w3id.org/cocina-par/graph/editorial> { <https://w3id.org/cocina-par/id/tool/financing> '
                    '<http://www.w3.org/2000/01/rdf-schema#seeAlso> <https://example.org/> . }\n', encoding="utf-8")
    assert build(built, checkout).revision.number == 2
    entry = built.journal.entries()[2]
    assert entry.cause == "build"
    assert entry.graphs["https://w3id.org/cocina-par/graph/editorial"][0] >= 1
    assert b"A <https://w3id.org/cocina-par/id/tool/financing> <http://www.w3.org/2000/01/rdf-schema#seeAlso>" in (
        built.journal.patch(entry))
    dumps = Dumps(built)
    assert lines_of(dumps, 1) == before
    assert lines_of(dumps, 2) == public(built)


def public(folder):
    store = open_revision(folder.directory(folder.current()))
    return {line(quad) for quad in store if isinstance(quad.graph_name, NamedNode) and is_public_graph(quad.graph_name.value)}


def lines_of(dumps, number):
    file = dumps.files(dumps.revision(number))["dataset.nq.gz"]
    return set(gzip.decompress(file.path.read_bytes()).decode().splitlines())


def experience(number):
    graph = NamedNode(f"https://w3id.org/cocina-par/graph/experience/made-{number}/1")
    subject, property, value = (NamedNode(f"http://example.org/{name}") for name in (number, "p", "o"))
    return Quad(subject, property, value, graph)


def test_journal_when_a_crash_left_a_change_that_never_was_then_the_next_takes_its_place(built):
    before = public(built)
    index = built.path / "journal/index.jsonl"
    lost = built.commit("lost", lambda _: False, [experience(1)])
    (built.path / "current.json").write_text(json.dumps({"number": 1, "build_key": "", "made": lost.made}), encoding="utf-8")
    with index.open("a", encoding="utf-8") as file:
        file.write('{"number": 2, "cau')
    assert lines_of(Dumps(built), 1) == before
    built.commit("kept", lambda _: False, [experience(2)])
    assert "made-2" in next(iter(built.journal.entries()[2].graphs))
    assert lines_of(Dumps(built), 1) == before
    assert [one.number for one in built.history()] == [1, 2]


def test_journal_when_many_revisions_follow_then_each_can_be_had_and_a_publication_writes_its_own_part_alone(built):
    states = {1: public(built)}
    for number in range(2, KEPT_REVISIONS + 4):
        built.commit(f"key {number}", lambda _: False, [experience(number)])
        states[number] = public(built)
    sizes = [built.journal.patch_file(number).stat().st_size for number in range(2, KEPT_REVISIONS + 4)]
    assert max(sizes) < 500
    dumps = Dumps(built)
    for number in (1, 3, KEPT_REVISIONS + 3):
        assert lines_of(dumps, number) == states[number]


def test_journal_when_damaged_then_that_is_told_and_nothing_wrong_is_given(built):
    built.commit("next", lambda _: False, [experience(2)])
    file = built.journal.patch_file(2)
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(b"/p>", b"/q>")))
    with pytest.raises(StoreUnavailable, match="is not what was written"):
        Dumps(built).files(built.history()[0])
    file.unlink()
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        Dumps(built).files(built.history()[0])


def test_journal_when_something_is_to_be_read_no_more_then_no_earlier_revision_gives_it(built):
    built.commit("next", lambda _: False, [experience(2)])
    dumps = Dumps(built)
    dumps.files(built.current())
    built.journal.begin_anew(2)
    dumps.forget()
    assert not (built.path / "downloads").exists()
    assert not list((built.path / "journal").glob("*.rdfp"))
    with pytest.raises(RevisionUnknown, match="cannot be had any more"):
        dumps.files(built.history()[0])
    assert lines_of(dumps, 2) == public(built)
    with pytest.raises(RevisionUnknown):
        built.journal.patch(built.journal.entries()[2])


def test_folder_when_it_is_older_than_its_journal_then_what_can_be_had_is_given_and_the_rest_told(folder, tmp_path):
    copy = DataFolder(tmp_path / "var")
    shutil.copytree(folder.path, copy.path)
    shutil.rmtree(copy.path / "journal")
    server = start_server(copy.path)
    try:
        told = server.get("/revisions", "application/json").json()["revisions"]
        assert [(one["number"], one["cause"]) for one in told] == [(1, None)]
        assert "before changes were kept" in server.get("/revisions/1", "text/html").text
        assert server.get("/revisions/1.rdfp").status == 404
        assert server.get("/revisions/1/ontology.ttl").status == 200
    finally:
        server.end()
    copy.commit(copy.current().build_key + "+", lambda _: False, [experience(2)])
    dumps = Dumps(copy)
    assert len(lines_of(dumps, 2) - lines_of(dumps, 1)) == 1


def test_plain_server_when_asked_for_revisions_then_told_that_there_are_none(tmp_path):
    server = start_server(tmp_path / "var", PARKG_PLAIN="1")
    try:
        assert server.get("/revisions").status == server.get("/download").status == 404
        assert server.get("/download/dataset.nq.gz").status == 404
    finally:
        server.end()


def test_folder_when_a_file_was_cut_off_then_it_is_made_anew(built):
    dumps = Dumps(built)
    file = dumps.files(built.current())["dataset.nq.gz"]
    file.path.write_bytes(file.path.read_bytes()[:100])
    assert dumps.made(built.current()) == {}
    assert dumps.files(built.current())["dataset.nq.gz"] == file
    assert file.path.stat().st_size == file.size_bytes
