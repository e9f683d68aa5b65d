"""Published experiences as files: the same each time, and a build from them gives the same graph."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from kg.catalogue import Catalogue
from kg.desk import contributing_in
from kg.errors import ShapesViolated, SourceUnreadable
from kg.files import ORIGINS, build_files, export_files
from kg.settings import Settings, shipped
from kg.store.engine import Opened, open_revision
from kg.store.revisions import DataFolder
from kg.submissions.submission import Upload
from kg.tokens import Tokens
from tests.machine import ROOT
from tests.servers import PARKG

HONEY = (ROOT / "tests/data/submissions/andean_honey.ttl").read_bytes()
WORKFLOW = (ROOT / "docs/examples/check_experiences.yml").read_text(encoding="utf-8")


def settings_of(data, files=None):
    return Settings(data, "", 0, 60, files=files)


def quads_of(data):
    return set(map(str, open_revision(DataFolder(data).directory(DataFolder(data).current()))))


@pytest.fixture(scope="module")
def published(folder, tmp_path_factory):
    """A data folder in which the second version of a case is published, and its files."""
    data = tmp_path_factory.mktemp("published") / "var"
    shutil.copytree(folder.path, data, ignore=shutil.ignore_patterns("tokens.json"))
    ana, beto = (Tokens(data).find(Tokens(data).make(name, "review", 1)) for name in ("ana", "beto"))
    with contributing_in(settings_of(data), Catalogue(shipped("queries"))) as contributing:
        id = ""
        for text in (HONEY, HONEY.replace(b"made-up", b"thought-up")):
            id = contributing.take(ana, Upload(text, "turtle"), id).contribution.id
            for did in ("accept", "publish"):
                contributing.move(beto, id, did)
    export_files(Opened(DataFolder(data).directory(DataFolder(data).current())), data.parent / "files")
    return data, data.parent / "files"


def test_files_when_exported_again_then_byte_for_byte_the_same_and_what_is_gone_is_taken_away(published, tmp_path):
    data, files = published
    revision = Opened(DataFolder(data).directory(DataFolder(data).current()))
    shutil.copytree(files, tmp_path / "files")
    (tmp_path / "files/old-case.trig").write_bytes((files / "andean-honey.trig").read_bytes())
    (tmp_path / "files/mine.trig").write_text("# by hand\n")
    export_files(revision, tmp_path / "files")
    assert {path.name for path in (tmp_path / "files").iterdir()} == {"andean-honey.trig", "mine.trig", ORIGINS}
    assert (tmp_path / "files/andean-honey.trig").read_bytes() == (files / "andean-honey.trig").read_bytes()
    assert "experience:andean-honey a par:SystematizedExperience" in (files / "andean-honey.trig").read_text()


def test_build_when_made_from_files_then_the_same_graph_and_nothing_the_second_time(published, folder, tmp_path):
    data, files = published
    shutil.copytree(folder.path, tmp_path / "var")  # a build of what ships, and nothing else
    settings = settings_of(tmp_path / "var", files)
    assert build_files(settings, Catalogue(shipped("queries"))) == 1
    assert quads_of(tmp_path / "var") == quads_of(data)
    number = DataFolder(tmp_path / "var").current().number
    assert build_files(settings, Catalogue(shipped("queries"))) == 0
    assert DataFolder(tmp_path / "var").current().number == number
    faulty = tmp_path / "faulty"
    shutil.copytree(files, faulty)
    text = (faulty / "andean-honey.trig").read_text()
    (faulty / "andean-honey.trig").write_text(text.replace("country:peru", "country:peruu"))
    with pytest.raises(ShapesViolated, match=r"andean-honey\.trig.*country/peruu"):
        build_files(settings_of(tmp_path / "var", faulty), Catalogue(shipped("queries")))
    with pytest.raises(SourceUnreadable, match=r"no \.trig"):
        build_files(settings_of(tmp_path / "var", tmp_path), Catalogue(shipped("queries")))
    assert DataFolder(tmp_path / "var").current().number == number


def test_workflow_when_read_then_its_commands_exist_and_a_file_passes_them(published, parkg):
    assert "://" not in WORKFLOW
    steps = [(step["name"], step["run"]) for step in yaml.safe_load(WORKFLOW)["jobs"]["validate"]["steps"]]
    commands = set(re.findall(r"\bparkg (\w+)", "\n".join(run for _, run in steps)))
    assert commands == {"build", "validate"}
    for command in commands:
        assert parkg(command, "--help").returncode == 0
    assert [name for name, _ in steps] == ["fetch the branch", "build the graph that ships", "validate each file"]
    data, files = published
    script = steps[-1][1].replace("experiences/", f"{files}/").replace("parkg validate", '"$@" validate')
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script, "bash", *PARKG, "--data", str(data)], capture_output=True,
                          text=True, check=False, env=dict(os.environ), cwd=Path(files))
    assert done.returncode == 0, done.stdout + done.stderr
