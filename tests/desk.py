"""A server at which experiences are sent, reviewed and published, by people who have tokens for it."""

import json
import shutil
import urllib.request

from kg.store.revisions import DataFolder
from kg.tokens import Tokens
from tests.machine import ROOT
from tests.servers import start_server

HONEY = (ROOT / "tests/data/submissions/andean_honey.ttl").read_bytes()
THING = "/id/experience/andean-honey"


class Desk:
    """A server over a copy of the shipped graph, changed first or not, and the tokens of two contributors and two reviewers."""

    def __init__(self, folder, path, change=lambda folder: None, **environment):
        shutil.copytree(folder.path, path)
        change(DataFolder(path))
        self.path = path
        tokens = Tokens(path)
        self.tokens = {name: tokens.make(name, scope, 1) for name, scope in
                       (("ana", "write"), ("eva", "write"), ("beto", "review"), ("rosa", "review"), ("admin", "admin"))}
        self.server = start_server(path, **environment)

    def post(self, who, path, body=b"", type="text/turtle", **headers):
        bearer = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.server.send(urllib.request.Request(self.server.address + path, body, {
            "Content-Type": type, "Accept": "application/json", **bearer, **named}, method="POST"))

    def note(self, who, one, did, note="", **headers):
        return self.post(who, f"/contributions/{one}/{did}", json.dumps({"note": note}).encode(), "application/json", **headers)

    def rows(self, path):
        return self.server.get(path, "text/csv").text.split("\r\n")[1:-1]


def publish(desk, body, one=""):
    sent = desk.post("ana", f"/contributions/{one}" if one else "/contributions?note=As+told+at+the+fair.", body)
    assert sent.status in (200, 201), sent.text
    for did in ("accept", "publish"):
        moved = desk.note("beto", sent.json()["id"], did)
        assert moved.status == 200, moved.text
    return sent.json()["id"]
