"""Methods and other sites over a real socket: HEAD on every route, OPTIONS, 405, and leave to read for every page of the web."""

import socket

import pytest

from api import create_app
from tests.asking import COUNT, FORM, ask_path

# One address for each rule of the application.
ADDRESSES = {
    "/": "/",
    "/language/<code>": "/language/es",
    "/healthz": "/healthz",
    "/readyz": "/readyz",
    "/sparql": ask_path(COUNT),
    "/.well-known/void": "/.well-known/void",
    "/openapi.json": "/openapi.json",
    "/api": "/api",
    "/path": "/path?who=sector/public&place=country/chile&entry_way=fairs",
    "/path/canvas": "/path/canvas?entry_way=chefs",
    "/map": "/map?count=cases",
    "/projects": "/projects?country=brazil",
    "/about": "/about",
    "/coverage": "/coverage?document=toolbox",
    "/sitemap.xml": "/sitemap.xml",
    "/robots.txt": "/robots.txt",
    "/metrics": "/metrics",
    "/vocabulary": "/vocabulary",
    "/ask": "/ask?q=which+tools+did+Maqueo+use",
    "/search": "/search?q=honey",
    "/search/suggestions": "/search/suggestions?q=mie",
    "/opensearch.xml": "/opensearch.xml",
    "/cube": "/cube",
    "/compare": "/compare?case=experience/ketal&case=experience/gustu",
    "/contributions": "/contributions",
    "/contributions/new": "/contributions/new",
    "/template/<name>": "/template/template.zip",
    "/contributions/<id>": "/contributions/aaaaaaaaaaaa",
    "/contributions/<id>/form/<area>": "/contributions/aaaaaaaaaaaa/form/short",
    "/contributions/<id>/template/<name>": "/contributions/aaaaaaaaaaaa/template/template.xlsx",
    "/contributions/<id>/preview": "/contributions/aaaaaaaaaaaa/preview",
    "/contributions/<id>/preview/<path:path>": "/contributions/aaaaaaaaaaaa/preview/experience/ketal",
    "/contributions/<id>/editions/<name>": "/contributions/aaaaaaaaaaaa/editions/1.ttl",
    "/reports": "/reports",
    "/reports/new": "/reports/new?about=/id/experience/ketal",
    "/reports/<id>": "/reports/" + 26 * "a",
    "/id/experience/<key>/versions": "/id/experience/ketal/versions",
    "/id/experience/<key>/versions.<suffix>": "/id/experience/ketal/versions.json",
    "/id/experience/<key>/diff": "/id/experience/ketal/diff",
    "/id/experience/<key>/diff.<suffix>": "/id/experience/ketal/diff.rdfp",
    "/id/experience/<key>/citation": "/id/experience/ketal/citation",
    "/id/experience/<key>/citation.<suffix>": "/id/experience/ketal/citation.cff",
    "/revisions": "/revisions",
    "/revisions/<name>": "/revisions/1",
    "/revisions/<number>/citation": "/revisions/1/citation",
    "/revisions/<number>/citation.<suffix>": "/revisions/1/citation.cff",
    "/revisions/<number>/<name>": "/revisions/1/ontology.ttl",
    "/download": "/download",
    "/download/<name>": "/download/ontology.ttl",
    "/queries": "/queries",
    "/queries/<name>": "/queries/list_entry_ways.csv",
    "/id/<path:path>": "/id/experience/ketal",
    "/id": "/id",
    "/id/<kind>": "/id/tool",
    "/graph": "/graph",
    "/graph/<path:path>": "/graph/toolbox/1",
    "/ontology": "/ontology",
    "/ontology.<suffix>": "/ontology.jsonld",
    "/context.jsonld": "/context.jsonld",
    "/ontology/<name>": "/ontology/toolbox",
    "/store": "/store?graph=https://w3id.org/cocina-par/graph/toolbox/1",
    "/store/<path:path>": "/store/nothing",
    "/static/<path:filename>": "/static/style.css",
    "/explain": "/explain?s=experience/ketal&p=par:inCountry&o=country/bolivia",
    "/pictures/cube.svg": "/pictures/cube.svg", "/pictures/<name>.svg": "/pictures/chain.svg?case=experience/ketal",
}

# With what a body is answered that comes without a token, or is no form.
SENT_TO = {"/contributions": 401, "/contributions/new": 401, "/contributions/aaaaaaaaaaaa": 401,
           "/contributions/aaaaaaaaaaaa/form/short": 404, "/contributions/aaaaaaaaaaaa/preview": 404, "/reports": 415}


def test_routes_when_listed_then_each_is_tried_here(inquiry, amending):
    reading = {rule.rule for rule in create_app(inquiry, amending).url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert reading == set(ADDRESSES)


@pytest.mark.parametrize("path", ADDRESSES.values())
def test_head_when_asked_then_the_headers_of_get_and_no_body(server, path):
    host, port = server.address.removeprefix("http://").split(":")
    def exchange(method):
        with socket.create_connection((host, int(port))) as connection:
            request = f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: */*\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            head, _, body = b"".join(iter(lambda: connection.recv(1 << 16), b"")).partition(b"\r\n\r\n")
        return sorted(line for line in head.decode().split("\r\n") if not line.lower().startswith("date:")), body
    got, body = exchange("GET")
    headed, nothing = exchange("HEAD")
    assert headed == got
    assert body
    assert nothing == b""


@pytest.mark.parametrize("path", ADDRESSES.values())
def test_options_when_asked_then_204_with_what_is_allowed(server, path):
    assert "POST" in server.ask("OPTIONS", "/sparql/").headers["Access-Control-Allow-Methods"]
    answer = server.ask("OPTIONS", path, Origin="http://elsewhere.example", Access_Control_Request_Method="GET")
    assert (answer.status, answer.body) == (204, b"")
    allowed = {method.strip() for method in answer.headers["Allow"].split(",")}
    reading = {"GET", "HEAD", "OPTIONS"} | ({"POST"} if path.startswith("/sparql") else set())
    changing = {"PUT", "POST", "DELETE"} if path.startswith("/store") else {"POST"} if path in SENT_TO else set()
    assert allowed == reading | changing
    assert {method.strip() for method in answer.headers["Access-Control-Allow-Methods"].split(",")} == reading
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Credentials"] is None


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
@pytest.mark.parametrize("path", ADDRESSES.values())
def test_method_when_not_for_this_route_then_405_names_those_that_are(server, method, path):
    if method == "POST" and path.startswith("/sparql"):
        assert server.post("/sparql", b"query=ASK{}", FORM).status == 200
        return
    answer = server.ask(method, path, Accept="*/*")
    if (method != "PATCH" and path.startswith("/store")) or (method == "POST" and path in SENT_TO):
        assert answer.status == SENT_TO.get(path, 401)
        return
    assert (answer.status, answer.type) == (405, "application/problem+json")
    assert {"GET", "HEAD", "OPTIONS"} <= {allowed.strip() for allowed in answer.headers["Allow"].split(",")}


@pytest.mark.parametrize(("path", "status"), [
    (ask_path(COUNT), 200), ("/id/tool/nothing", 404), ("/nowhere", 404), (ask_path("SELECT"), 400),
    ("/queries/show_cell.csv?tool=nothing&entry_way=fairs", 422), ("/id/tool", 200), ("/id", 303)])
def test_answer_when_another_site_asks_then_its_pages_may_read_it_and_its_headers(server, path, status):
    answer = server.ask("GET", path, Origin="http://elsewhere.example", Accept="*/*")
    assert answer.status == (200 if status == 303 else status)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    exposed = {name.strip() for name in answer.headers["Access-Control-Expose-Headers"].split(",")}
    assert {"ETag", "Link", "Retry-After"} <= exposed


@pytest.mark.parametrize(("accept", "type"), [
    ("*/*", "application/problem+json"), ("application/json", "application/problem+json"),
    ("text/turtle", "application/problem+json"), ("text/html;q=0.1, application/problem+json", "application/problem+json"),
    ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
    ("application/problem+json;q=0, text/html;q=0.1", "text/html")])
@pytest.mark.parametrize("path", ["/nowhere", "/id/tool/nothing", "/queries/nothing"])
def test_error_when_a_type_is_preferred_then_problem_details_or_a_page(server, path, accept, type):
    answer = server.get(path, accept)
    assert answer.status == 404
    assert answer.type == type
    assert "Accept" in answer.headers["Vary"]
