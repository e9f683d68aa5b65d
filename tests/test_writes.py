"""Writing over a real socket: tokens, updates, the Graph Store Protocol, what is refused, and what is never lost."""

import base64
import gzip
import shutil
import sys
import urllib.parse
import urllib.request

import pytest

from kg.store.revisions import DataFolder
from kg.tokens import Tokens
from tests.servers import start_server

NOTES = "http://example.org/notes"
TURTLE = b'<http://example.org/s> <http://example.org/p> "text" .'
PUBLIC = "https://w3id.org/cocina-par/graph/toolbox/3-2-8"


class Writing:
    """A server to write to, and its tokens."""

    def __init__(self, data, **environment):
        self.folder = DataFolder(data)
        self.token = {scope: Tokens(data).make(scope, scope, 1) for scope in ("write", "review", "admin")}
        self.server = start_server(data, **environment)

    def send(self, method, path, body=None, type="", token="admin", **headers):
        headers = {key.replace("_", "-"): value for key, value in headers.items()}
        if type:
            headers["Content-Type"] = type
        if token:
            headers["Authorization"] = f"Bearer {self.token.get(token, token)}"
        return self.server.send(urllib.request.Request(self.server.address + path, body, headers, method=method))

    def update(self, text, **options):
        return self.send("POST", "/update", text.encode(), "application/sparql-update", **options)

    def put(self, graph, body=TURTLE, type="text/turtle", **options):
        return self.send("PUT", f"/store?graph={urllib.parse.quote(graph, '')}", body, type, **options)

    def holds(self, pattern):
        return self.server.get("/sparql?query=" + urllib.parse.quote(f"ASK {{ {pattern} }}")).json()["boolean"]

    def revision(self):
        return self.folder.current().number


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    writing = Writing(tmp_path_factory.mktemp("plain"), PARKG_PLAIN="1")
    yield writing
    writing.server.end()


@pytest.fixture(scope="module")
def shipped_graph(cube_alone, tmp_path_factory):
    data = tmp_path_factory.mktemp("written") / "var"
    shutil.copytree(cube_alone / "var", data)
    command = ("from api.serve import serve; from kg.settings import read_settings; import api.serve as s; "
               "s._build_or_keep = lambda settings: None; serve(['--port', '0'], obj=read_settings(), standalone_mode=False)")
    writing = Writing.__new__(Writing)
    writing.folder = DataFolder(data)
    writing.token = {scope: Tokens(data).make(scope, scope, 1) for scope in ("write", "review", "admin")}
    writing.server = start_server(data, sys.executable, "-c", command)
    yield writing
    writing.server.end()


def test_graph_when_put_got_posted_and_deleted_then_as_the_protocol_says(plain):
    assert plain.put(NOTES).status == 201
    assert plain.put(NOTES).status == 204
    read = plain.send("GET", f"/store?graph={NOTES}", token="", Accept="application/n-triples")
    assert (read.status, read.text.strip()) == (200, TURTLE.decode())
    assert plain.send("HEAD", f"/store?graph={NOTES}", token="").status == 200
    more = b'<http://example.org/s> <http://example.org/p> "more" .'
    assert plain.send("POST", f"/store?graph={NOTES}", more, "application/n-triples").status == 204
    assert plain.holds(f'GRAPH <{NOTES}> {{ ?s ?p "more" , "text" }}')
    assert plain.send("DELETE", f"/store?graph={NOTES}").status == 204
    assert plain.send("DELETE", f"/store?graph={NOTES}").status == 404
    assert plain.send("GET", f"/store?graph={NOTES}", token="").status == 404


def test_graph_when_posted_without_a_name_then_made_and_told_where(plain):
    made = plain.send("POST", "/store", TURTLE, "text/turtle")
    assert made.status == 201
    address = made.headers["Location"]
    read = plain.server.send(urllib.request.Request(address, headers={"Accept": "application/n-triples"}))
    assert read.text.strip() == TURTLE.decode()


def form(*parts):
    """Return a body of multipart/form-data: name, file name or nothing, type, content of each part."""
    lines = []
    for name, file, type, content in parts:
        named = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
        lines += [b"--cut", f"Content-Disposition: {named}".encode(), f"Content-Type: {type}".encode(), b"", content]
    return b"\r\n".join([*lines, b"--cut--", b""])


MORE = b'<http://example.org/s> <http://example.org/p> "more" .'
FORM_TYPE = "multipart/form-data; boundary=cut"


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_graph_when_sent_as_a_form_of_files_then_all_of_them_by_one_revision(plain, method):
    plain.put(NOTES, b"")
    before = plain.revision()
    both = form(("a", "a.ttl", "text/turtle; charset=utf-8", TURTLE), ("a", "b.nt", "application/n-triples", MORE))
    assert plain.send(method, f"/store?graph={NOTES}", both, FORM_TYPE).status == 204
    assert plain.revision() == before + 1
    assert plain.holds(f'GRAPH <{NOTES}> {{ ?s ?p "more" , "text" }}')


@pytest.mark.parametrize(("parts", "status"), [
    ([("a", "a.ttl", "text/turtle", MORE), ("b", "b.ttl", "text/turtle", b"oops")], 400),
    ([("a", "a.ttl", "text/turtle", MORE), ("b", "b.html", "text/html", b"oops")], 415),
    ([("a", "a.ttl", "text/turtle", MORE), ("b", "", "text/turtle", MORE)], 400), ([], 400)])
def test_graph_when_a_part_of_a_form_will_not_do_then_nothing_of_it_is_kept(plain, parts, status):
    plain.put(NOTES)
    before = plain.revision()
    answer = plain.send("POST", f"/store?graph={NOTES}", form(*parts), FORM_TYPE)
    assert answer.status == status, answer.text
    assert plain.revision() == before
    assert not plain.holds(f'GRAPH <{NOTES}> {{ ?s ?p "more" }}')


def test_graph_when_named_by_a_path_then_its_iri_is_the_address_as_written(plain):
    for path in ("/store/caf%C3%A9%20one", "/store/a/b.ttl"):
        assert plain.send("PUT", path, b"<> <#p> <c> .", "text/turtle").status == 201
        address = plain.server.address + path
        assert plain.send("GET", path, token="", Accept="text/turtle").status == 200
        assert plain.holds(f"GRAPH <{address}> {{ <{address}> <{address}#p> ?o }}")
        assert plain.send("GET", f"/store?graph={urllib.parse.quote(address, '')}", token="").status == 200


def test_graph_when_empty_then_it_is_there_until_it_is_deleted(plain):
    empty = "http://example.org/empty"
    assert plain.put(empty, b"").status == 201
    read = plain.send("GET", f"/store?graph={empty}", token="", Accept="application/n-triples")
    assert (read.status, read.text) == (200, "")
    assert plain.put(empty, b"").status == 204
    assert plain.send("DELETE", f"/store?graph={empty}").status == 204
    assert plain.send("HEAD", f"/store?graph={empty}", token="").status == 404


def test_graph_when_it_must_or_must_not_be_there_then_412_where_it_is_otherwise(plain):
    once = "http://example.org/once"
    assert plain.put(once, If_Match="*").status == 412
    assert plain.put(once, If_None_Match="*").status == 201
    before = plain.revision()
    assert plain.put(once, b"", If_None_Match="*").status == 412
    assert plain.revision() == before
    assert plain.put(once, If_Match="*").status == 204


@pytest.mark.parametrize(("header", "value"), [
    ("If_Match", ""), ("If_Match", "r1"), ("If_None_Match", ""), ("If_None_Match", '"r1"')])
def test_condition_when_it_cannot_be_read_then_400_and_nothing_changes(plain, header, value):
    """An empty If-Match, as of a program that lost its ETag, once changed whatever was there."""
    plain.put(NOTES)
    before = plain.revision()
    assert plain.put(NOTES, b"", **{header: value}).status == 400
    assert plain.revision() == before


def test_update_when_it_says_nothing_then_nothing_is_wrong(plain):
    """It was once a fault of the server."""
    assert [plain.update(text).status for text in ("", " # nothing\n")] == [204, 204]


def test_update_when_the_graphs_are_not_as_it_needs_them_then_409_and_nothing_changes(plain):
    before = plain.revision()
    answer = plain.update("INSERT DATA { <http://e.org/left> <http://e.org/p> 1 } ; DROP GRAPH <http://e.org/none>")
    assert answer.status == 409
    assert "SILENT" in answer.json()["detail"]
    assert plain.revision() == before
    assert not plain.holds("<http://e.org/left> ?p ?o")
    assert plain.update("DROP SILENT GRAPH <http://e.org/none>").status == 204


def test_function_when_the_engine_does_not_have_it_then_501_names_it(plain):
    pattern = "{ ?s ?p ?o FILTER(<http://e.org/f>(?o)) }"
    asked = plain.server.get("/sparql?query=" + urllib.parse.quote("SELECT * " + pattern))
    for answer in (asked, plain.update("DELETE { ?s ?p ?o } WHERE " + pattern)):
        assert answer.status == 501
        assert "<http://e.org/f>" in answer.json()["detail"]


def test_relative_iri_when_in_a_query_or_an_update_then_one_of_the_projects_own(plain):
    assert plain.update("INSERT DATA { <id/tool/one> <p> 1 }").status == 204
    assert plain.holds("<https://w3id.org/cocina-par/id/tool/one> <p> 1")
    choosing = urllib.parse.urlencode({"query": "ASK { <s> <p> 1 }", "default-graph-uri": NOTES})
    assert plain.server.get("/sparql?" + choosing).status == 200


def test_update_when_sent_then_one_revision_and_seen_at_once(plain):
    before = plain.revision()
    answer = plain.update("INSERT DATA { <http://example.org/a> <http://example.org/b> 1 } ; "
                          "INSERT DATA { <http://example.org/a> <http://example.org/b> 2 }")
    assert answer.status == 204
    assert plain.revision() == before + 1
    assert plain.holds("<http://example.org/a> <http://example.org/b> 1 , 2")


@pytest.mark.parametrize(("text", "form"), [("using-graph-uri", "INSERT { ?s <http://e.org/found> 1 } WHERE { ?s ?p 'only' }"),
                                            ("using-graph-uri", "DELETE WHERE { ?s ?p 'only' }")])
def test_update_when_the_request_chooses_graphs_then_where_asks_them(plain, text, form):
    plain.put("http://example.org/one", b"<http://e.org/s> <http://e.org/p> 'only' .")
    assert plain.send("POST", f"/update?{text}=http://example.org/one", form.encode(), "application/sparql-update").status == 204
    if "INSERT" in form:
        assert plain.holds("<http://e.org/s> <http://e.org/found> 1")
    refused = plain.send("POST", f"/update?{text}=http://example.org/one", b"WITH <http://e.org/x> DELETE {} WHERE { ?s ?p ?o }",
                         "application/sparql-update")
    assert refused.status == 400
    assert "the request chooses the graphs already" in refused.json()["detail"]


@pytest.mark.parametrize(("token", "status"), [("", 401), ("parkg_nonsense", 401), ("write", 403), ("review", 403),
                                               ("admin", 204)])
def test_write_when_the_token_is_missing_wrong_or_small_then_refused(plain, token, status):
    answer = plain.update("INSERT DATA { <http://e.org/t> <http://e.org/t> 1 }", token=token)
    assert answer.status == status
    if status == 401:
        assert any("earer" in value for value in answer.headers.get_all("WWW-Authenticate"))


def test_write_when_the_token_is_the_password_of_basic_then_taken(plain):
    basic = "Basic " + base64.b64encode(f"me:{plain.token['admin']}".encode()).decode()
    assert plain.update("INSERT DATA { <http://e.org/t> <http://e.org/t> 2 }", token="", Authorization=basic).status == 204


@pytest.mark.parametrize("headers", [{"Origin": "http://elsewhere.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"},
                                     {"Sec_Fetch_Site": "same-site"}])
def test_write_when_a_page_of_another_site_sends_it_then_refused(plain, headers):
    before = plain.revision()
    assert plain.update("CLEAR ALL", **headers).status == 403
    assert plain.revision() == before


@pytest.mark.parametrize(("method", "path", "body", "type", "status"), [
    ("GET", "/update?update=CLEAR%20ALL", None, "", 405), ("PUT", "/update", b"CLEAR ALL", "application/sparql-update", 405),
    ("POST", "/update", b"SELECT * { ?s ?p ?o }", "application/sparql-update", 400),
    ("POST", "/update", b"INSERT DATA { oops", "application/sparql-update", 400),
    ("POST", "/update", b"CLEAR ALL", "text/plain", 415), ("POST", "/update", b"update=CLEAR+ALL&update=CLEAR+ALL",
                                                           "application/x-www-form-urlencoded", 400),
    ("POST", "/update", b"\xff\xfe", "application/sparql-update", 400),
    ("POST", "/update", b"LOAD <http://127.0.0.1:1/x>", "application/sparql-update", 400),
    ("POST", "/update", b"INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
     "application/sparql-update", 400),
    ("POST", "/update", b"update=%ff", "application/x-www-form-urlencoded", 400),
    ("POST", "/update", b"query=ASK%7B%7D", "application/x-www-form-urlencoded", 400),
    ("POST", "/update?query=ASK%7B%7D", b"CLEAR ALL", "application/sparql-update", 400),
    ("POST", "/update?update=CLEAR%20ALL", b"CLEAR ALL", "application/sparql-update", 400),
    ("POST", "/update?using-graph-uri=%ff", b"CLEAR ALL", "application/sparql-update", 400),
    ("POST", "/update", b"CLEAR ALL", "application/sparql-update; charset=utf-16", 415),
    ("PUT", "/store?default", TURTLE, "text/turtle; charset=iso-8859-1", 415),
    ("PUT", "/store/x?graph=http://e.org/g", TURTLE, "text/turtle", 400), ("PUT", "/store?graph=%ff", TURTLE, "text/turtle", 400),
    ("PUT", "/store", TURTLE, "text/turtle", 400), ("PUT", "/store?default&graph=http://e.org/g", TURTLE, "text/turtle", 400),
    ("PUT", "/store?graph=no%20iri", TURTLE, "text/turtle", 400), ("PUT", "/store?default", TURTLE, "text/html", 415),
    ("PUT", "/store?default", b"not turtle", "text/turtle", 400),
    ("PUT", "/store?default", b"[" * 100_000, "application/ld+json", 400),
])
def test_request_when_it_will_not_do_then_its_status_and_nothing_changes(plain, method, path, body, type, status):
    before = plain.revision()
    answer = plain.send(method, path, body, type)
    assert answer.status == status, answer.text
    assert plain.revision() == before


def test_upload_when_it_is_not_rdf_then_line_and_column(plain):
    answer = plain.put(NOTES, b"<http://e.org/a> <http://e.org/b> 1 .\n<http://e.org/a> oops .")
    assert answer.json()["line"] == 2
    assert "line 2, column" in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"false", b'""', b"3", b"null", b""])
def test_upload_when_it_is_json_and_no_json_ld_then_400_and_the_graph_stays(plain, body):
    """The parser finds no triples there, so that a replacement once emptied the graph."""
    plain.put(NOTES)
    assert plain.put(NOTES, body, "application/ld+json").status == 400
    assert plain.holds(f'GRAPH <{NOTES}> {{ ?s ?p "text" }}')
    assert plain.put(NOTES, b"\xef\xbb\xbf []", "application/ld+json").status == 204


def test_upload_when_it_is_packed_then_unpacked_and_a_bomb_is_refused(plain):
    assert plain.put(NOTES, gzip.compress(TURTLE), Content_Encoding="gzip").status in (201, 204)
    bomb = plain.put(NOTES, gzip.compress(b" " * (65 << 20)), Content_Encoding="gzip")
    assert bomb.status == 413
    assert plain.put(NOTES, TURTLE, Content_Encoding="br").status == 415
    assert plain.holds(f'GRAPH <{NOTES}> {{ ?s ?p "text" }}')


@pytest.mark.parametrize("body", [
    b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
        f"<!ENTITY {chr(98 + i)} '{('&' + chr(97 + i) + ';') * 10}'>".encode() for i in range(12)) +
    b"]><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e.org/'>"
    b"<rdf:Description rdf:about='http://e.org/x'><e:p>&m;</e:p></rdf:Description></rdf:RDF>",
    b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rdf:RDF "
    b"xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e.org/'><rdf:Description rdf:about='http://e.org/x'>"
    b"<e:p>&a;</e:p></rdf:Description></rdf:RDF>"], ids=["entities upon entities", "an entity that is a file"])
def test_upload_when_it_attacks_the_parser_then_only_it_fails(plain, body):
    before, pid = plain.revision(), plain.server.process.pid
    answer = plain.put(NOTES, body, "application/rdf+xml")
    assert answer.status in (400, 503)
    assert plain.revision() == before
    assert "root:" not in answer.text
    assert plain.server.process.pid == pid
    assert plain.server.process.poll() is None
    assert plain.put(NOTES).status == 204


def test_write_when_meant_for_another_revision_then_412_and_nothing_changes(plain):
    plain.put(NOTES)
    tag = plain.send("GET", f"/store?graph={NOTES}", token="", Accept="text/turtle").headers["ETag"]
    assert plain.send("GET", f"/store?graph={NOTES}", token="", Accept="text/turtle", If_None_Match=tag).status == 304
    assert plain.put(NOTES, If_Match=tag).status == 204
    before = plain.revision()
    assert plain.put(NOTES, b"", If_Match=tag).status == 412
    assert plain.revision() == before


def test_write_when_the_server_is_killed_after_the_acknowledgement_then_it_is_there(tmp_path):
    writing = Writing(tmp_path, PARKG_PLAIN="1")
    for number in range(3):
        assert writing.update(f"INSERT DATA {{ <http://e.org/n> <http://e.org/p> {number} }}").status == 204
    writing.server.process.kill()
    writing.server.process.communicate()
    again = start_server(tmp_path, PARKG_PLAIN="1")
    try:
        asked = "/sparql?query=" + urllib.parse.quote("SELECT (COUNT(*) AS ?n) { <http://e.org/n> ?p ?o }")
        assert again.get(asked).json()["results"]["bindings"][0]["n"]["value"] == "3"
    finally:
        again.end()


@pytest.mark.parametrize("text", [
    f"INSERT DATA {{ GRAPH <{PUBLIC}> {{ <http://e.org/a> <http://e.org/b> 1 }} }}", f"CLEAR GRAPH <{PUBLIC}>", "CLEAR ALL",
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "INSERT DATA { GRAPH <https://w3id.org/cocina-par/graph/of/mine> { <http://e.org/a> <http://e.org/b> 1 } }"])
def test_update_when_it_touches_a_graph_that_has_one_way_in_then_403_and_nothing_changes(shipped_graph, text):
    before = shipped_graph.revision()
    answer = shipped_graph.update(text)
    assert answer.status == 403
    assert "parkg build" in answer.json()["detail"]
    assert shipped_graph.revision() == before
    assert shipped_graph.holds(f"GRAPH <{PUBLIC}> {{ ?s ?p ?o }}")


def test_store_when_asked_to_change_a_public_graph_then_403(shipped_graph):
    assert shipped_graph.put(PUBLIC).status == 403
    assert shipped_graph.send("DELETE", f"/store?graph={PUBLIC}").status == 403
    assert shipped_graph.send("GET", f"/store?graph={PUBLIC}", token="").status == 200


def test_default_graph_when_changed_then_it_is_the_real_one_and_the_union_stays(shipped_graph):
    count = "/sparql?query=" + urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    union = shipped_graph.server.get(count).json()
    assert shipped_graph.send("PUT", "/store?default", TURTLE, "text/turtle").status == 204
    assert shipped_graph.update("INSERT { ?s <http://e.org/more> 1 } WHERE { ?s ?p 'text' }").status == 204
    read = shipped_graph.send("GET", "/store?default", token="", Accept="application/n-triples").text
    assert len(read.strip().splitlines()) == 2
    assert shipped_graph.server.get(count).json() == union
    assert not shipped_graph.holds('<http://example.org/s> ?p "text"')


def test_tokens_when_kept_then_as_hashes_that_only_the_owner_may_read(plain):
    path = plain.folder.path / "tokens.json"
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text(encoding="utf-8")
    assert not [token for token in plain.token.values() if token in text]


def test_token_when_revoked_or_ended_then_worth_nothing(tmp_path):
    tokens = Tokens(tmp_path)
    text = tokens.make("one", "admin", 1)
    assert tokens.find(text).name == "one"
    tokens.revoke("one")
    assert tokens.find(text) is None
    ended = tokens.make("two", "admin", -1)
    assert tokens.find(ended) is None
