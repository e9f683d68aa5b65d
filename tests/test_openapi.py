"""The OpenAPI document: valid, whole, and true; its page in a real browser."""

import hashlib
import json
import re
import shutil
import subprocess
import urllib.parse

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api import create_app
from tests.conftest import ROOT, need

# Pages and what they load, what leads elsewhere, and a second way to name a graph.
UNDESCRIBED = {"/", "/api", "/static/<path:filename>", "/id/<kind>", "/store/<path:path>"}


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
        if "get" not in methods:
            continue
        fields = methods["get"]["parameters"]
        for field in fields:
            if field["in"] == "path":
                path = path.replace("{" + field["name"] + "}", field["example"])
        given = {f["name"]: f["example"] for f in fields if f["in"] == "query" and "example" in f}
        answer = server.get(path + ("?" + urllib.parse.urlencode(given) if given else ""))
        assert answer.status == 200, path
        assert answer.type in methods["get"]["responses"]["200"]["content"], path


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
         "--virtual-time-budget=20000", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--dump-dom", address],
        capture_output=True, text=True, timeout=120, check=True)
    events = [event.get("params", {}) for event in json.loads(log.read_text(encoding="utf-8"))["events"]]
    return run.stdout, [event["url"] for event in events if "url" in event and event.get("initiator", "").startswith("http")]
