"""A backup of a folder that is served, and what is made of it: the same graph, contributions and tokens."""

import shutil

import pytest

from kg.backup import back_up, restore
from kg.contributions.ledger import Ledger
from kg.errors import StoreUnavailable, StoreUnwritable
from kg.search import Index
from kg.store.engine import open_revision
from kg.store.revisions import DataFolder
from kg.tokens import Tokens
from tests.ledger_run import Run


@pytest.fixture(scope="module")
def run(cube_alone, tmp_path_factory):
    data = tmp_path_factory.mktemp("served") / "var"
    shutil.copytree(cube_alone / "var", data)
    run = Run(data, 2, seed=1)
    run.until_done(run.ids[0], "publish", "published")
    yield run
    run.end_server()


def test_backup_when_restored_then_the_same_graph_contributions_and_tokens_and_it_can_go_on(run, tmp_path):
    back_up(run.folder.path, tmp_path / "monday.tar.gz")
    assert (tmp_path / "monday.tar.gz").stat().st_mode & 0o777 == 0o600
    run.until_done(run.ids[1], "publish", "published")  # after it
    assert restore(tmp_path / "again", tmp_path / "monday.tar.gz").number == run.folder.current().number - 1
    again = DataFolder(tmp_path / "again")
    assert [Ledger(again.path).get(id).state for id in run.ids] == ["published", "accepted"]
    assert Tokens(again.path).find(run.token)
    assert len(open_revision(again.directory(again.current()))) > 1000
    assert Index(again.index(again.current())).find("financing").found


def test_restore_when_something_is_there_or_the_file_is_none_then_refused_and_nothing_is_touched(run, tmp_path):
    back_up(run.folder.path, tmp_path / "one.tar.gz")
    with pytest.raises(StoreUnwritable, match="already"):
        back_up(run.folder.path, tmp_path / "one.tar.gz")
    with pytest.raises(StoreUnwritable, match="not empty"):
        restore(run.folder.path, tmp_path / "one.tar.gz")
    (tmp_path / "two.tar.gz").write_bytes((tmp_path / "one.tar.gz").read_bytes()[:5000])
    with pytest.raises(StoreUnavailable, match="cannot be restored"):
        restore(tmp_path / "new", tmp_path / "two.tar.gz")
    assert not (tmp_path / "new").exists()
    with pytest.raises(StoreUnavailable, match="no graph"):
        back_up(tmp_path / "nothing", tmp_path / "three.tar.gz")
