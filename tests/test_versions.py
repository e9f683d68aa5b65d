"""Versions of a contributed experience over HTTP: by number, by time, what changed, back to one, taken back, how to cite one."""

import json
import re
import urllib.error
import urllib.request
from email.utils import format_datetime, parsedate_to_datetime

import pytest

from kg.store.rdf import read_n_quads
from tests.desk import HONEY, publish
from tests.servers import Answer

KEY = "valley-honey"
THING = f"/id/experience/{KEY}"
FIRST = HONEY.replace(b"andean-honey", KEY.encode())
SECOND = FIRST.replace(b"made-up", b"thought-up").replace(b'"Andean honey"@en', b'"Sweet & light"@en')


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(desk, path, **headers):
    """Ask without following where it leads."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(desk.server.address + path, headers=named)
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=30) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


def links(answer):
    """Return the links of an answer by relation: address and datetime."""
    found = {}
    for link in answer.headers.get_all("Link", []):
        address, relations, moment = re.match(r'<([^>]*)>; rel="([^"]*)"(?:.*datetime="([^"]*)")?', link).groups()
        found |= dict.fromkeys([relations] if "memento" in relations else relations.split(), (address, moment))
    return found


@pytest.fixture(scope="module")
def desk(desk):
    """A server with an experience of two versions, whose first RDF as it was published is kept."""
    desk.one = publish(desk, FIRST)
    desk.published = set(desk.server.get(f"/graph/experience/{KEY}/1.nt").text.splitlines())
    publish(desk, SECOND, desk.one)
    return desk


def test_version_when_another_took_its_place_then_read_as_it_was_in_every_format(desk):
    first = desk.server.get(f"{THING}.nt?version=1")
    assert first.status == 200
    assert desk.published <= set(first.text.splitlines())  # to the second of its publication
    assert "made-up" in first.text
    assert "thought-up" in desk.server.get(f"{THING}?version=2", "application/n-triples").text
    quads = desk.server.get(f"{THING}?version=1", "application/n-quads").text
    assert f"graph/experience/{KEY}/1>" in quads
    assert f"graph/experience/{KEY}/2>" not in quads
    for suffix, type in (("ttl", "text/turtle"), ("jsonld", "application/ld+json"), ("rdf", "application/rdf+xml"),
                         ("trig", "application/trig"), ("html", "text/html")):
        answer = desk.server.get(f"{THING}.{suffix}?version=1")
        assert (answer.status, answer.type) == (200, type)
        assert "made-up" in answer.text


def test_version_when_read_again_then_its_validator_is_the_same_whatever_came_after(desk):
    before = desk.server.get(f"{THING}.ttl?version=1")
    assert desk.note("eva", desk.one, "comment", "Seen.").status == 200
    publish(desk, HONEY.replace(b"andean-honey", b"another-honey"))
    after = desk.server.get(f"{THING}.ttl?version=1")
    assert (after.headers["ETag"], after.body) == (before.headers["ETag"], before.body)
    assert ask(desk, f"{THING}.ttl?version=1", If_None_Match=before.headers["ETag"]).status == 304


@pytest.mark.parametrize(("path", "status", "told"), [
    (f"{THING}?version=9", 404, "versions 1 to 2"), (f"{THING}?version=x", 422, "number"),
    ("/id/experience/ketal?version=1", 404, "/revisions"), ("/id/tool/financing?version=1", 404, "/revisions"),
    ("/id/experience/ketal/versions", 404, "/revisions"), (f"{THING}/diff?from=0", 422, "number"),
    (f"{THING}/versions.pdf", 404, ".link")])
def test_version_when_there_is_none_then_told_which_there_are(desk, path, status, told):
    answer = desk.server.get(path, "application/json")
    assert answer.status == status
    assert told in answer.json()["detail"]


def test_thing_when_read_then_it_links_to_its_versions_and_depends_on_the_time_asked_for(desk):
    answer = ask(desk, THING, Accept="text/turtle")
    assert answer.status == 200
    assert "Accept-Datetime" in answer.headers["Vary"]
    assert answer.headers["Memento-Datetime"] is None
    found = links(answer)
    assert found["original"][0] == found["timegate"][0] == desk.server.address + THING
    assert found["timemap"][0] == f"{desk.server.address}{THING}/versions"
    assert found["last memento"][0].endswith("?version=2")
    assert "Accept-Datetime" not in ask(desk, "/id/experience/ketal").headers["Vary"]


def test_versions_when_walked_then_each_says_when_it_was_and_what_is_around_it(desk):
    first = ask(desk, f"{THING}.ttl?version=1")
    moment = parsedate_to_datetime(first.headers["Memento-Datetime"])
    found = links(first)
    assert found["first memento"] == (f"{desk.server.address}{THING}?version=1", first.headers["Memento-Datetime"])
    assert found["last next memento"][0].endswith("?version=2")
    assert parsedate_to_datetime(found["last next memento"][1]) >= moment
    assert found["cite-as"][0] == f"https://w3id.org/cocina-par{THING}?version=1"
    assert {"original", "timegate", "timemap"} <= found.keys()
    second = links(ask(desk, f"{THING}?version=2", Accept="text/html"))
    assert second["first prev memento"][0].endswith("?version=1")


def test_time_gate_when_a_time_is_named_then_it_leads_to_the_version_of_then(desk):
    versions = desk.server.get(f"{THING}/versions", "application/json").json()["versions"]
    for moment, number in (("Thu, 01 Jan 1970 00:00:00 GMT", 1), ("Thu, 31 May 2129 20:35:00 GMT", 2),
                           (memento_of(desk, 2), 2)):
        answer = ask(desk, THING, Accept_Datetime=moment, Accept="text/turtle")
        assert (answer.status, answer.headers["Location"]) == (302, f"{THING}?version={number}")
        assert "Accept-Datetime" in answer.headers["Vary"]
        assert links(answer)["timemap"]
    assert ask(desk, f"{THING}.ttl", Accept_Datetime=memento_of(desk, 2)).headers["Location"] == f"{THING}.ttl?version=2"
    assert [one["version"] for one in versions] == [1, 2]
    refused = ask(desk, THING, Accept_Datetime="yesterday", Accept="application/json")
    assert refused.status == 400
    assert "GMT" in refused.json()["detail"]


def memento_of(desk, number):
    return ask(desk, f"{THING}.ttl?version={number}").headers["Memento-Datetime"]


def test_time_map_when_read_then_it_lists_every_version_with_its_time(desk):
    answer = desk.server.get(f"{THING}/versions")
    assert answer.type == "application/link-format"
    lines = answer.text.rstrip("\n").split(",\n")
    assert lines[0] == f'<{desk.server.address}{THING}>;rel="original timegate"'
    assert re.search(r';rel="self";type="application/link-format";from=".* GMT";until=".* GMT"$', lines[1])
    assert re.fullmatch(rf'<[^>]*{THING}\?version=1>;rel="first memento";datetime=".* GMT"', lines[2])
    assert len(lines) == 4
    told = desk.server.get(f"{THING}/versions", "application/json").json()
    assert told["current"] == 2
    assert [(one["contributor"], one["reviewer"]) for one in told["versions"]] == [("ana", "beto")] * 2
    assert told["versions"][0]["note"] == "As told at the fair."
    page = desk.server.get(f"{THING}/versions", "text/html").text
    assert f"{THING}/diff?from=1&amp;to=2" in page


def test_difference_when_asked_for_then_what_came_and_went_and_a_patch_that_turns_one_into_the_other(desk):
    told = desk.server.get(f"{THING}/diff", "application/json").json()
    assert (told["from"], told["to"]) == (1, 2)
    assert any("thought-up" in one for one in told["adds"])
    assert any("made-up" in one for one in told["removes"])
    assert len(told["adds"]) == len(told["removes"])
    patch = desk.server.get(f"{THING}/diff.rdfp")
    assert patch.type == "application/rdf-patch"
    lines = patch.text.splitlines()
    assert [line[0] for line in lines if line[0] in "HT"] == ["H", "H", "T", "T"]
    first, second = (set(map(parsed, desk.server.get(f"{THING}.nt?version={n}").text.splitlines())) for n in (1, 2))
    removes, adds = ({parsed(line[2:]) for line in lines if line.startswith(sign)} for sign in ("D ", "A "))
    assert removes <= first
    assert (first - removes) | adds == second
    page = ask(desk, f"{THING}/diff", Accept="text/html", Accept_Language="es").text
    assert "Qué cambió" in page
    assert "Sweet &amp; light" in page


def parsed(line):
    (quad,) = read_n_quads(line.encode())
    return quad.triple


def test_citation_when_asked_for_then_text_bibtex_and_a_file_that_cff_knows(desk):
    text = desk.server.get(f"{THING}/citation?version=1", "text/plain").text
    assert re.fullmatch(r"ana \(20\d\d\)\. Honey of the high valleys\. Version 1, 20\d\d-\d\d-\d\d\. In: .+\. "
                        rf"https://w3id.org/cocina-par{THING}\?version=1 \(CC-BY-4.0\)\n", text)
    bibtex = desk.server.get(f"{THING}/citation.bib?version=2")
    assert bibtex.type == "application/x-bibtex"
    assert re.match(r"@misc\{[a-z0-9-]+,\n  author = \{\{ana\}\},\n", bibtex.text)
    assert bibtex.text.count("{") == bibtex.text.count("}")
    cff = read_yaml(desk.server.get(f"{THING}/citation?version=2&format=cff").text)
    assert cff["authors"] == [{"alias": "ana"}]
    assert (cff["version"], cff["license"]) == ("version 2", ["CC-BY-4.0"])
    check_cff(cff)
    page = desk.server.get(f"{THING}/citation", "text/html").text
    assert "version 2" in page
    assert "cff-version: 1.2.0" in page
    assert f"{THING}/citation.cff?version=1" in desk.server.get(f"{THING}?version=1", "text/html").text


# The keys of a CITATION.cff and which of them must be there, by the schema of Citation File Format 1.2.0.
CFF_KEYS = {"abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi", "identifiers", "keywords",
            "license", "license-url", "message", "preferred-citation", "references", "repository", "repository-artifact",
            "repository-code", "title", "type", "url", "version"}
CFF_REQUIRED = {"authors", "cff-version", "message", "title"}


def check_cff(cff):
    assert CFF_REQUIRED <= cff.keys() <= CFF_KEYS
    assert cff["cff-version"] == "1.2.0"
    assert cff["type"] == "dataset"
    assert cff["authors"]
    assert all(author.keys() in ({"alias"}, {"name"}) for author in cff["authors"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", cff["date-released"])
    assert re.match(r"(https|http|ftp|sftp)://.+", cff["url"])
    assert all(one.keys() == {"type", "value", "description"} and one["type"] == "url" for one in cff["identifiers"])


def read_yaml(text):
    """Read the little of YAML that a citation is written in: keys, strings of JSON or plain, and lists of these."""
    found, into = {}, None
    for line in text.splitlines():
        indent, key, value = re.fullmatch(r"( *(?:- )?)(?:([\w-]+):)? ?(.*)", line).groups()
        value = json.loads(value) if value.startswith('"') else value
        if not indent:
            found[key] = value if value else []
            into = found[key]
        elif "- " in indent:
            into.append({key: value} if key else value)
        else:
            into[-1][key] = value
    return found


def test_revert_when_asked_for_then_the_old_statements_are_reviewed_and_published_as_a_new_version(desk):
    one = publish(desk, HONEY.replace(b"andean-honey", b"turned-honey"))
    thing = "/id/experience/turned-honey"
    publish(desk, SECOND.replace(KEY.encode(), b"turned-honey"), one)
    back = {"note": "The first was right.", "version": 1}
    assert revert(desk, "eva", one, back).status == 403  # neither who sent it nor a reviewer
    assert revert(desk, "rosa", one, {**back, "note": ""}).status == 422
    assert revert(desk, "rosa", one, {**back, "version": 7}).status == 422
    assert revert(desk, "rosa", one, {**back, "version": 2}).status == 409  # it is in the graph
    again = revert(desk, "rosa", one, back)
    assert (again.status, again.json()["state"], again.json()["version"], again.json()["edition"]) == (200, "submitted", 2, 3)
    assert desk.note("rosa", one, "accept").status == 403  # nobody reviews what they sent
    assert desk.note("beto", one, "accept").status == 200
    assert desk.note("beto", one, "publish").json()["version"] == 3
    assert "made-up" in desk.server.get(f"{thing}.nt").text
    told = desk.server.get(f"{thing}/diff?from=1&to=3", "application/json").json()
    assert (told["adds"], told["removes"]) == ([], [])
    assert "thought-up" in desk.server.get(f"{thing}.nt?version=2").text
    assert "to version 1" in desk.server.get(f"/contributions/{one}", "text/html").text
    told = desk.server.get(f"{thing}/versions", "application/json").json()["versions"]
    assert [(version["contributor"], version["note"]) for version in told][2] == ("rosa", "The first was right.")


def revert(desk, who, one, given):
    return desk.post(who, f"/contributions/{one}/revert", json.dumps(given).encode(), "application/json")


def test_correction_when_refused_then_the_version_before_stays_and_can_be_corrected_again(desk):
    one = publish(desk, HONEY.replace(b"andean-honey", b"kept-honey"))
    assert desk.post("ana", f"/contributions/{one}", SECOND.replace(KEY.encode(), b"kept-honey")).status == 200
    refused = desk.note("beto", one, "refuse", "The report says otherwise.").json()
    assert (refused["state"], refused["version"]) == ("published", 1)
    assert desk.server.get("/id/experience/kept-honey?version=1").status == 200
    assert desk.post("eva", "/contributions", HONEY.replace(b"andean-honey", b"kept-honey")).status == 409
    publish(desk, SECOND.replace(KEY.encode(), b"kept-honey"), one)
    assert desk.server.get("/id/experience/kept-honey/versions", "application/json").json()["current"] == 2


def test_experience_when_taken_back_then_gone_with_the_reason_and_its_versions_stay(desk):
    one = publish(desk, HONEY.replace(b"andean-honey", b"gone-honey"))
    thing = "/id/experience/gone-honey"
    desk.note("beto", one, "withdraw", "The families asked <us> to.")
    answer = ask(desk, thing, Accept="application/json")
    assert answer.status == 410
    told = answer.json()
    assert told["withdrawn"]["who"] == "beto"
    assert told["withdrawn"]["why"] == "The families asked <us> to."
    assert told["links"][0]["href"] == f"{thing}?version=1"
    assert links(answer)["first last memento"][0].endswith(f"{thing}?version=1")
    assert "Accept-Datetime" in answer.headers["Vary"]
    page = ask(desk, f"{thing}.html", Accept="text/html")
    assert page.status == 410
    text = page.text
    assert "The families asked &lt;us&gt; to." in text
    assert f'<a href="{thing}?version=1">' in text
    assert ask(desk, thing, Accept_Datetime=format_datetime(parsedate_to_datetime(memento_of(desk, 1)))).status == 302
    assert "made-up" in desk.server.get(f"{thing}.ttl?version=1").text
    assert "taken back" in desk.server.get(f"{thing}?version=1", "text/html").text
    assert desk.server.get(f"{thing}/versions", "application/json").json()["taken_back"]["why"] == "The families asked <us> to."
    assert desk.post("ana", f"/contributions/{one}", HONEY.replace(b"andean-honey", b"gone-honey")).status == 200
    assert ask(desk, thing, Accept="application/json").status == 410  # until it is published again


def test_version_when_its_thing_is_a_page_then_the_page_leads_to_all_that_there_is(desk):
    page = desk.server.get(THING, "text/html").text
    for address in (f"{THING}/versions", f"{THING}/citation", f"/contributions/{desk.one}"):
        assert f'href="{address}"' in page
    shown = desk.server.get(f"{THING}?version=1", "text/html").text
    assert "not the version that is in the graph now" in shown
