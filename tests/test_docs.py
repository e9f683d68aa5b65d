"""The docs: every command in them runs and prints what they show, every link leads to a file, what is generated is current."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys

import pytest

from kg.catalogue import Catalogue
from kg.settings import shipped
from kg.store.revisions import DataFolder
from tests.context import shipped_context
from tests.machine import ROOT, need
from tests.renew import catalogue_readme, cube
from tests.servers import PARKG, children_of, start_server

PAGES = sorted(p for p in ROOT.glob("**/*.md") if not {".venv", "node_modules"} & set(p.parts))
CONTRIBUTING = {"how_to_contribute.md", "como_contribuir.md", "two_ways_to_keep_it.md", "dos_maneras_de_guardar.md",
                "versions.md", "versiones.md", "care_for_people.md", "cuidado_de_las_personas.md", "reviewing.md",
                "como_revisar.md"}
COMMANDS = {"make run", "make test"}  # the first has its own test below, the other is what runs this one


def blocks(page):
    """Yield (language, text, the text block that follows or None) of each block of code in a page."""
    found = re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for i, (language, text) in enumerate(found):
        if language != "text":
            yield language, text, found[i + 1][1] if i + 1 < len(found) and found[i + 1][0] == "text" else None


EXAMPLES = [(page, *block) for page in PAGES for block in blocks(page) if block[1].strip() not in COMMANDS]


@pytest.fixture
def spare(folder, tmp_path_factory):
    """A server over a copy of what ships, which may be changed, and its data folder."""
    copy = DataFolder(tmp_path_factory.mktemp("spare") / "var")
    shutil.copytree(folder.path, copy.path)
    server = start_server(copy.path)
    yield server, copy
    server.end()


def test_examples_when_counted_then_the_readme_has_them():
    readme = [page for page, *_ in EXAMPLES if page == ROOT / "README.md"]
    assert len(readme) >= 9


@pytest.mark.parametrize(("page", "language", "text", "shown"), EXAMPLES,
                         ids=[f"{page.relative_to(ROOT)}-{i}" for i, (page, *_) in enumerate(EXAMPLES)])
def test_example_when_run_then_it_works_and_prints_what_is_shown(page, language, text, shown, server, folder, tmp_path, request):
    if page.name in CONTRIBUTING:
        server, folder = request.getfixturevalue("spare")
    if language in ("turtle", "trig"):
        pytest.fail("show RDF in a file that a build reads, not in a page")
    need("curl" not in text or shutil.which("curl"), "curl")
    parkg = " ".join(shlex.quote(part) for part in (*PARKG, "--data", str(folder.path)))
    text = text.replace("localhost:8000", server.address.removeprefix("http://")).replace(".venv/bin/parkg", parkg)
    text = text.replace("docs/examples/", f"{ROOT}/docs/examples/")
    command = ["bash", "-euo", "pipefail", "-c", text] if language == "sh" else [sys.executable, "-c", text]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() or done.stderr.strip()
    assert "about:blank" not in done.stdout, done.stdout
    if shown is not None:
        assert done.stdout.replace("\r\n", "\n") == shown


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_link_when_followed_then_there_is_a_file(page):
    for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        assert link.startswith("http") or (page.parent / link).exists(), link


def test_settings_when_named_in_the_docs_then_they_exist_and_the_reverse():
    read = set(re.findall(r"PARKG_[A-Z_]+", (ROOT / "kg/settings.py").read_text(encoding="utf-8")))
    told = set(re.findall(r"PARKG_[A-Z_]+", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert read == told


def test_generated_files_when_compared_then_current(inquiry):
    assert (ROOT / "queries/README.md").read_text(encoding="utf-8") == catalogue_readme(Catalogue(shipped("queries")))
    assert (ROOT / "ontology/context.jsonld").read_text(encoding="utf-8") == shipped_context()
    assert (ROOT / "docs/cube.svg").read_text(encoding="utf-8") == cube(inquiry)


def test_make_run_when_started_then_it_builds_serves_and_says_where(tmp_path):
    server = start_server(tmp_path, "make", "-C", str(ROOT), "run", PARKG_PORT="0", MAKEFLAGS="")
    try:
        assert server.get("/readyz").json()["revision"] == 1
    finally:
        for pid in children_of(server.process.pid):
            os.kill(pid, signal.SIGINT)
        server.process.communicate(timeout=10)


def test_make_run_when_python_is_too_old_then_it_says_which_is_needed(tmp_path):
    old = tmp_path / "python-old"
    old.write_text('#!/bin/sh\ncase "$1" in -c) exit 1;; --version) echo "Python 3.9.2";; esac\n', encoding="utf-8")
    old.chmod(0o755)
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("requirements.lock", "setup.cfg", "pyproject.toml"):
        (tmp_path / name).touch()
    done = subprocess.run(["make", f"PYTHON={old}", "run"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "Python 3.9.2" in done.stderr


def test_make_run_when_no_package_can_be_had_then_it_says_what_to_do(tmp_path):
    for name in ("Makefile", "requirements.lock", "setup.cfg", "pyproject.toml"):
        (tmp_path / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    environment = {**os.environ, "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0", "PIP_FIND_LINKS": "",
                   "PIP_EXTRA_INDEX_URL": "", "PIP_NO_CACHE_DIR": "1", "PIP_CONFIG_FILE": "/dev/null", "MAKEFLAGS": ""}
    done = subprocess.run(["make", "run"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Without a network, point pip at a mirror" in done.stderr
