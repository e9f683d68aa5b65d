"""A wheel built from the checkout and installed elsewhere serves the same graph."""

import shutil
import subprocess
import sys
import venv

from tests.machine import ROOT
from tests.servers import start_server

PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


def run(*command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_wheel_when_installed_elsewhere_then_serves_the_same_graph(tmp_path, inquiry):
    source = tmp_path / "source"
    tracked = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).stdout.splitlines()
    for name in tracked:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    run(*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, source, cwd=tmp_path)
    (wheel,) = tmp_path.glob("parkg-*.whl")

    # The packages that parkg needs are those of this environment; parkg itself is the wheel's.
    venv.create(tmp_path / "venv", with_pip=True)
    (site,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    python = str(tmp_path / "venv/bin/python")
    run(python, *PIP[1:], "install", "--no-deps", wheel, cwd=tmp_path)
    import flask
    (site / "packages.pth").write_text(str((ROOT / flask.__file__).parent.parent) + "\n", encoding="utf-8")
    where = run(python, "-c", "import kg, api; print(kg.__file__, api.__file__)", cwd=tmp_path).stdout
    assert where.count(str(site)) == 2

    server = start_server(tmp_path / "data", str(tmp_path / "venv/bin/parkg"), "serve", "--port", "0",
                          PARKG_TIME_LIMIT_S="60")
    try:
        everything = ("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o FILTER(!ISBLANK(?s) && !ISBLANK(?o)) } } "
                      "ORDER BY ?g ?s ?p STR(?o) ?o")
        answer = server.post("/sparql", everything.encode(), "application/sparql-query", "text/csv")
        assert answer.body == inquiry.answer(everything, "csv")
        assert answer.text.count("\n") > 3000
        assert server.get("/queries/list_experiences", "text/html").status == 200
        assert server.get("/static/style.css").status == 200
    finally:
        server.end()
