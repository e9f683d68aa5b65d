"""Conditional requests over a real socket: what has not changed is not sent again, and what has is."""

import email.utils
import gzip
import json
import shutil
import time

import pytest

from kg.store.rdf import Literal, NamedNode, Quad
from kg.store.revisions import DataFolder
from tests.asking import COUNT, PREFIXES, ask_path
from tests.servers import start_server

CONSTRUCT = PREFIXES + "CONSTRUCT { ?e par:inCountry ?c } WHERE { ?e a par:SystematizedExperience ; par:inCountry ?c }"
STRONG = ["/id/experience/ketal.ttl", "/id/experience/ketal.jsonld", "/id/experience/ketal.trig", "/id/experience/ketal.html",
          "/queries/list_entry_ways.csv", "/queries/list_entry_ways.json", "/queries", "/",
          "/.well-known/void", "/sparql", "/sparql?format=html", ask_path("ASK {}")]
WEAK = ["/graph/toolbox/1.nt", "/graph/toolbox/1.nq", "/ontology.rdf", "/ontology/toolbox.ttl", "/ontology/toolbox.nq",
        "/queries/list_entry_ways.html", ask_path(COUNT), ask_path(COUNT, format="html"), ask_path(CONSTRUCT)]


@pytest.mark.parametrize("path", STRONG + WEAK)
def test_data_when_asked_again_with_their_tag_then_304_and_no_body(server, path):
    first = server.get(path)
    tag = first.headers["ETag"]
    assert tag.startswith("W/") == (path in WEAK)
    assert first.headers["Cache-Control"] == "no-cache"
    for method in ("GET", "HEAD"):
        again = server.ask(method, path, Accept="*/*", If_None_Match=f'"other", {tag}')
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Vary"] == first.headers["Vary"]
        assert again.headers["Cache-Control"] == "no-cache"
    assert server.ask("GET", path, Accept="*/*", If_None_Match='"other"').status == 200


@pytest.mark.parametrize("path", STRONG)
def test_data_when_the_tag_is_strong_then_every_reader_gives_the_same_bytes(server, path):
    assert len({server.get(path).body for _ in range(8)}) == 1


def test_tags_when_address_format_or_language_differ_then_differ(server):
    def tag(path, accept="*/*", language="en"):
        return server.ask("GET", path, Accept=accept, Accept_Language=language).headers["ETag"]
    page = "/id/experience/ketal"
    tags = [tag(page, "text/turtle"), tag(page, "application/n-triples"), tag(page, "text/html"), tag(page, "text/html", "es"),
            tag(page + ".ttl"), tag("/id/experience/gustu", "text/turtle"), tag("/queries/list_entry_ways.csv"),
            tag("/queries/list_entry_ways.csv?language=es"), tag(ask_path(COUNT)), tag(ask_path(COUNT), "application/json")]
    assert len(set(tags)) == len(tags)
    assert tag(page, "text/turtle") == tag(page, "text/turtle", "es")


def test_packed_answer_when_asked_again_then_304_for_whoever_takes_it_packed(server):
    path = "/id/experience/ketal.ttl"
    packed = server.ask("GET", path, Accept_Encoding="gzip").headers["ETag"]
    plain = server.ask("GET", path).headers["ETag"]
    assert server.ask("GET", path, Accept_Encoding="gzip", If_None_Match=packed).headers["ETag"] == packed
    assert server.ask("GET", path, Accept_Encoding="gzip", If_None_Match=packed).status == 304
    assert server.ask("GET", path, Accept_Encoding="gzip", If_None_Match=plain).status == 304
    assert server.ask("GET", path, If_None_Match=packed).status == 200


@pytest.mark.parametrize("expression", ["NOW()", "RAND()", "UUID()", "STRUUID()"])
def test_query_when_its_answer_changes_by_itself_then_it_has_no_tag(server, expression):
    path = ask_path(f"SELECT ({expression} AS ?x) {{}}")
    assert server.get(path, "text/csv").headers["ETag"] is None
    assert server.get(path, "text/csv").text != server.get(path, "text/csv").text
    named = ask_path('SELECT ("NOW()" AS ?x) {} # RAND()')
    assert server.get(named, "text/csv").headers["ETag"]


@pytest.mark.parametrize("path", ["/id/tool/nothing", "/id/experience/ketal?page=2", "/nowhere", ask_path("SELECT")])
def test_error_when_asked_then_it_has_no_tag_of_the_data(server, path):
    answer = server.get(path)
    assert answer.status >= 400
    assert answer.headers["ETag"] is None
    assert answer.headers["Last-Modified"] is None


def test_conditions_when_the_version_is_another_then_412_and_by_date_304(server):
    path = "/id/experience/ketal.ttl"
    first = server.get(path)
    date = first.headers["Last-Modified"]
    earlier = email.utils.format_datetime(email.utils.parsedate_to_datetime(date).replace(year=2001), usegmt=True)
    assert server.ask("GET", path, If_Modified_Since=date).status == 304
    assert server.ask("GET", path, If_Modified_Since=earlier).status == 200
    assert server.ask("GET", path, If_Modified_Since=date, If_None_Match='"other"').status == 200
    assert server.ask("GET", path, If_Match=first.headers["ETag"]).status == 200
    assert server.ask("GET", path, If_Match='"other"').status == 412
    assert server.ask("GET", path, If_Match="*").status == 200
    assert server.ask("GET", path, If_Unmodified_Since=earlier).status == 412
    assert server.ask("GET", path, If_Unmodified_Since=date).status == 200


def test_revision_when_it_changes_then_so_do_tags_dates_and_counts(folder, tmp_path):
    copy = DataFolder(tmp_path / "var")
    shutil.copytree(folder.path, copy.path)
    server = start_server(copy.path)
    paths = ["/id/experience/ketal.ttl", "/.well-known/void?format=ntriples", ask_path(COUNT), "/sparql?format=ntriples"]
    try:
        before = [server.get(path) for path in paths]
        node = NamedNode("https://w3id.org/cocina-par/graph/experience/new-one/1")
        copy.commit("by hand", lambda _: False, [Quad(node, NamedNode("http://example.org/p"), Literal("x"), node)])
        made = json.loads((copy.path / "current.json").read_text())["made"]
        deadline = time.monotonic() + 20
        while server.get("/readyz").json()["revision"] != 2:  # the old one is served until the new one is open
            assert time.monotonic() < deadline
            time.sleep(0.05)
        for path, old in zip(paths, before, strict=True):
            new = server.ask("GET", path, Accept="*/*", If_None_Match=old.headers["ETag"])
            assert new.status == 200
            assert new.headers["ETag"] != old.headers["ETag"]
        described = server.get(paths[1]).text
        assert f'"{made}"' in described
        assert "<http://example.org/p>" in described
        assert "new-one" in server.get(paths[3]).text
        deadline = time.monotonic() + 5
        while (date := server.get(paths[0]).headers["Last-Modified"]) is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert email.utils.parsedate_to_datetime(date).isoformat() == made
    finally:
        server.end()


def test_static_file_when_packed_then_smaller_the_same_and_known_the_next_time(server):
    path = "/static/vendor/swagger-ui-bundle.js"
    plain, packed = server.get(path), server.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 3
    assert gzip.decompress(packed.body) == plain.body
    assert server.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}).status == 304
