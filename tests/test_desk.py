"""Contributions from the terminal: by the server that serves the folder where one does, else in the folder itself."""

import json
import os
import re
import shutil
import subprocess

import pytest

from kg.durable import announced, announcement
from kg.tokens import Tokens
from tests.ledger_run import SERVE
from tests.machine import ROOT
from tests.servers import PARKG, start_server

HONEY = (ROOT / "tests/data/submissions/andean_honey.ttl").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def data(folder, tmp_path_factory):
    data = tmp_path_factory.mktemp("desk") / "var"
    shutil.copytree(folder.path, data)
    return data


@pytest.fixture(scope="module")
def tokens(data):
    return {name: Tokens(data).make(name, scope, 1) for name, scope in (("ana", "write"), ("beto", "review"))}


def parkg(data, token, *arguments, stdin=""):
    return subprocess.run([*PARKG, "--data", str(data), "--time-limit-s", "60", *arguments], input=stdin, capture_output=True,
                          text=True, check=False, env={**os.environ, "PARKG_TOKEN": token})


@pytest.mark.parametrize("served", [False, True], ids=["in the folder", "by the server"])
def test_experience_when_submitted_reviewed_published_and_withdrawn_by_commands_then_each_says_where_it_stands(
        data, tokens, served):
    server = start_server(data, *SERVE) if served else None
    case = HONEY.replace("andean-honey", f"honey-{int(served)}")
    try:
        assert announcement(data / "server") == (server.address if server else "")
        sent = parkg(data, tokens["ana"], "submit", "-", "--format", "turtle", "--json", stdin=case)
        assert sent.returncode == 0, sent.stderr
        id = json.loads(sent.stdout)["id"]
        assert f"{id}  submitted" in parkg(data, "", "review").stdout
        shown = parkg(data, "", "review", "show", id).stdout
        assert "ana  submit" in shown
        assert re.search(r"adds: \d\d", shown)
        own = parkg(data, tokens["ana"], "review", "accept", id)
        assert own.returncode == 2
        assert "scope review" in own.stderr
        assert f"{id}  accepted" in parkg(data, tokens["beto"], "review", "accept", id, "--note", "Read.").stdout
        done = parkg(data, tokens["beto"], "publish", id)
        assert f"{id}  published, version 1" in done.stdout, done.stderr
        assert parkg(data, tokens["beto"], "withdraw", id).returncode == 2  # it takes a note
        assert "withdrawn" in parkg(data, tokens["ana"], "withdraw", id, "--note", "Invented.").stdout
        assert parkg(data, "", "template", str(data.parent / "case.xlsx"), "--example", "--force").returncode == 0
        book = parkg(data, tokens["ana"], "submit", str(data.parent / "case.xlsx"), "--draft")
        assert "draft" in book.stdout or "lake-cheese has a contribution" in book.stderr, book.stderr  # of the other way
    finally:
        if server:
            server.end()
    assert announcement(data / "server") == ""


def test_submit_when_something_must_be_mended_or_nobody_says_who_then_exit_codes_1_and_2(data, tokens):
    text = HONEY.replace("country:peru ;", "country:peruu ;")
    faulty = parkg(data, tokens["ana"], "submit", "-", "--format", "turtle", stdin=text)
    assert faulty.returncode == 1
    assert "must: There is no country/peruu" in faulty.stdout
    nobody = parkg(data, "", "submit", "-", "--format", "turtle", stdin=HONEY)
    assert nobody.returncode == 2
    assert "PARKG_TOKEN" in nobody.stderr


def test_backup_when_made_and_restored_by_commands_then_said_where(data, tmp_path):
    made = parkg(data, "", "backup", str(tmp_path / "one.tar.gz"))
    assert made.returncode == 0, made.stderr
    again = parkg(tmp_path / "again", "", "restore", str(tmp_path / "one.tar.gz"))
    assert "revision" in again.stderr
    assert parkg(data, "", "restore", str(tmp_path / "one.tar.gz")).returncode == 2


def test_announcement_when_its_process_is_gone_then_nothing_is_announced(tmp_path):
    assert announcement(tmp_path / "server") == ""
    with announced(tmp_path / "server", "http://127.0.0.1:1"):
        assert announcement(tmp_path / "server") == "http://127.0.0.1:1"
    assert announcement(tmp_path / "server") == ""
