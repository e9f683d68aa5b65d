"""What was acknowledged is there, and whole, whatever was killed meanwhile; what was not can be asked for again."""

import shutil
from dataclasses import asdict
from http.client import HTTPException

import pytest

from kg.contributions.ledger import Ledger
from kg.store.revisions import DataFolder
from tests.ledger_run import SERVE, Run
from tests.servers import start_server

PUBLISHES = 20  # python -m tests.ledger_run publishes more


@pytest.fixture
def copy(cube_alone, tmp_path):
    shutil.copytree(cube_alone / "var", tmp_path / "var")
    return tmp_path / "var"


def test_contributions_when_published_by_several_under_kill_9_then_nothing_lost_nothing_half_nothing_twice(copy):
    run = Run(copy, PUBLISHES, seed=1)
    found = run.everything()
    assert not found
    assert len(run.acknowledged) == PUBLISHES
    assert run.killed["server"]
    assert run.killed["writer"]


# A server that dies of a move after its revision is made, and before the ledger is written.
DYING = (*SERVE[:2], "import os; from kg.contributions.ledger import Ledger; Ledger.record = lambda *_: os.kill(os.getpid(), 9); "
         + SERVE[2])


@pytest.mark.parametrize("did", ["publish", "withdraw"])
def test_move_when_the_server_dies_before_the_ledger_is_written_then_the_revision_tells_what_happened(copy, did):
    run = Run(copy, 1, seed=1)
    (id,) = run.ids
    if did == "withdraw":
        run.until_done(id, "publish", "published")
    before = run.folder.current().number
    run.end_server()
    run.server = start_server(copy, *DYING)
    with pytest.raises((OSError, HTTPException)):
        run.send("POST", f"/contributions/{id}/{did}", "once")
    run.end_server()
    record = copy / "contributions" / id / "history.jsonl"
    assert f'"did": "{did}"' not in record.read_text()
    moved = Ledger(copy).get(id)
    assert moved.state == {"publish": "published", "withdraw": "withdrawn"}[did]
    assert moved.events[-1].repeats == "once"
    run.server = start_server(copy, *SERVE)
    assert run.send("POST", f"/contributions/{id}/{did}", "once")[0] == 200
    assert DataFolder(copy).current().number == before + 1
    assert record.read_text().count(f'"did": "{did}"') == 1
    again = Ledger(copy).get(id)
    assert asdict(again) == asdict(moved)
    assert not list(run.halves())
    run.end_server()


def test_revision_when_a_crash_kept_it_from_the_history_then_the_next_one_writes_it_down(copy):
    run = Run(copy, 2, seed=1)
    run.until_done(run.ids[0], "publish", "published")
    history = copy / "history.jsonl"
    lines = history.read_text().splitlines(keepends=True)
    history.write_text("".join(lines[:-1]) + lines[-1][:20])
    run.until_done(run.ids[1], "publish", "published")
    assert not list(run.halves())
    run.end_server()


def test_run_when_something_is_lost_then_it_tells(copy):
    run = Run(copy, 2, seed=1)
    run.until_done(run.ids[0], "publish", "published")
    run.end_server()
    assert not list(run.halves())
    record = copy / "contributions" / run.ids[0] / "history.jsonl"
    record.write_text(record.read_text().replace('"publish"', '"comment"'))
    pointer = copy / "current.json"
    pointer.write_text(pointer.read_text().replace(run.ids[0], run.ids[1]))
    assert list(run.halves())
