"""The OpenAPI document: valid, whole, and true; its page in a real browser."""

import hashlib
import http.client
import json
import re
import shutil
import subprocess
import urllib.parse

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api import create_app
from kg.names import GRAPH
from tests.machine import ROOT, need

# Pages and what they load, what leads elsewhere, and a second way to name a graph.
UNDESCRIBED = {"/", "/language/<code>", "/api", "/about",
               "/sitemap.xml", "/robots.txt", "/metrics",
               "/static/<path:filename>", "/id", "/id/<kind>", "/graph", "/store/<path:path>", "/reports/new",
               "/contributions/new", "/contributions/<id>/form/<area>", "/contributions/upload", "/template/<name>",
               "/contributions/<id>/template/<name>", "/contributions/<id>/preview", "/contributions/<id>/preview/<path:path>",
               "/pictures/<name>.svg", "/pictures/cube.svg", "/opensearch.xml"}


@pytest.fixture(scope="module")
def document(server):
    return server.get("/openapi.json").json()


def test_document_when_validated_then_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_document_when_compared_with_the_routes_then_each_is_described(document, inquiry, amending):
    described = {(re.sub(r"\{\w+\}", "{}", path), method) for path, methods in document["paths"].items() for method in methods}
    routed = set()
    for rule in create_app(inquiry, amending).url_map.iter_rules():
        if rule.rule not in UNDESCRIBED and "suffix" not in rule.arguments:
            path = re.sub(r"<[^>]+>", "{}", rule.rule)
            routed |= {(path, method.lower()) for method in rule.methods - {"HEAD", "OPTIONS"}}
    names = {f"/queries/{query.name}" for query in inquiry.catalogue.all()}
    assert {entry for entry in described if entry[0] not in names} == routed - {("/queries/{}", "get")}
    assert names <= set(document["paths"])


def test_document_when_its_examples_are_asked_then_each_answers_as_it_says(document, server):
    for path, methods in document["paths"].items():
        if "get" not in methods or "security" in methods["get"]:
            continue
        fields = methods["get"]["parameters"]
        for field in fields:
            if field["in"] == "path" and "example" in field:
                path = path.replace("{" + field["name"] + "}", field["example"])
        if "{" in path:  # of a contribution, of which none ships
            continue
        given = {f["name"]: f["example"] for f in fields if f["in"] == "query" and "example" in f}
        answer = server.get(path + ("?" + urllib.parse.urlencode(given, doseq=True) if given else ""))
        assert answer.status == 200, path
        assert answer.type in methods["get"]["responses"]["200"]["content"], path


@pytest.mark.parametrize("path", [
    "/sparql", "/sparql?query=CONSTRUCT+WHERE+{+?s+?p+?o+}+LIMIT+1", "/sparql?query=ASK+{}",
    "/store?graph=" + GRAPH + "toolbox/1",
    "/queries", "/queries/list_tools_by_phase", "/ask?q=which+tools+did+Maqueo+use", "/search?q=miel", "/cube",
    "/path?entry_way=fairs", "/path/canvas?entry_way=chefs", "/map", "/projects",
    "/compare?case=experience/ketal&case=experience/gustu", "/id/experience/ketal",
    "/graph/toolbox/3-2-8", "/ontology", "/ontology/toolbox", "/.well-known/void", "/openapi.json", "/healthz", "/readyz"])
def test_types_of_an_answer_when_each_is_accepted_alone_then_given_as_named_and_no_others(document, server, path):
    described = re.sub("^/(id|graph)/.*", r"/\1/{path}", path.partition("?")[0]).replace("ontology/toolbox", "ontology/{module}")
    content = document["paths"][described]["get"]["responses"]["200"]["content"]
    known = {type for methods in document["paths"].values() if "get" in methods
             for type in methods["get"]["responses"]["200"]["content"]}
    given = {type: server.get(path, type) for type in known}
    found = {type for type, answer in given.items() if answer.status == 200 and answer.type == type}
    assert found
    assert found <= set(content)
    if described != "/sparql":  # what it gives is up to the form of the query
        assert found == set(content)
    assert {answer.type for answer in given.values() if answer.status == 200} <= set(content)


@pytest.mark.parametrize(("status", "header", "value"), [
    (406, "Accept-Encoding", "identity;q=0"), (413, "Content-Length", str(1 << 30)), (415, "Content-Encoding", "br"),
    (501, "Transfer-Encoding", "gzip, chunked")])
def test_refusal_when_any_request_can_meet_it_then_each_operation_says_so(document, server, status, header, value):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            connection = http.client.HTTPConnection(server.address.removeprefix("http://"))
            connection.putrequest(method.upper(), path.replace("{path}", "tool/financing").replace("{module}", "toolbox"),
                                  skip_accept_encoding=True)
            connection.putheader(header, value)
            connection.endheaders()
            answer = connection.getresponse()
            assert (answer.status, str(status) in operation["responses"]) == (status, True), (method, path)
            connection.close()


def test_vendored_files_when_summed_then_as_their_table_says():
    folder = ROOT / "api/static/vendor"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `(\S+)` \|.*`([0-9a-f]{64})` \|$", readme, re.MULTILINE))
    assert table == {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.suffix in (".js", ".css")}


def test_api_page_when_opened_in_a_browser_then_swagger_ui_shows_every_path_and_asks_no_other_host(server, tmp_path):
    need(shutil.which("chromium"), "Chromium")
    page, asked = browse(server.address + "/api", tmp_path)
    assert page.count("opblock-summary-path") >= 80
    assert "Which values can I give to a parameter?" in page
    assert all(address.startswith(server.address) for address in asked)
    assert any(address.endswith("swagger-ui-bundle.js") for address in asked)


def browse(address, folder):
    """Return the page as a browser has it once its scripts have run, and the addresses that the page asked for.

    What the browser asks of its own accord has no page as its initiator.
    """
    log = folder / "net.json"
    run = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}",
         "--window-size=1280,20000", "--virtual-time-budget=20000",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--dump-dom", address],
        capture_output=True, text=True, timeout=120, check=True)
    events = [event.get("params", {}) for event in json.loads(log.read_text(encoding="utf-8"))["events"]]
    return run.stdout, [event["url"] for event in events if "url" in event and event.get("initiator", "").startswith("http")]
