"""Turns publications by several contributors at once, with kill -9 of server and writer among them, into what was lost by it.

``python -m tests.ledger_run --publishes 1000`` runs for as long as that takes; tests/test_ledger.py publishes fewer.
"""

import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import asdict, replace
from http.client import HTTPException
from pathlib import Path

import click
from pyoxigraph import Literal, NamedNode, Quad

from kg.build import build, shipped_sources
from kg.contributions.ledger import Ledger
from kg.editions import shipped_editions
from kg.names import INFERRED_GRAPH, OFFER_GRAPH, expand, graph_of_experience, thing_iri
from kg.reason import infer, read_rules
from kg.search import Index
from kg.store.engine import open_revision
from kg.store.revisions import DataFolder
from kg.tokens import Tokens
from tests.servers import descendants_of, start_server

# The graph is built before; what is tested is not whether it has to be built anew.
SERVE = (sys.executable, "-c", "import api.serve as s; from kg.settings import read_settings; s._build_or_keep = lambda _: None; "
         "s.serve(['--port', '0'], obj=read_settings(), standalone_mode=False)")
CONTRIBUTORS = 4
WITHDRAWN = 5  # each that many is taken back again
PATIENCE_S = 120


def body(key):
    """Return an experience that says little: enough for something to follow from it, and for a search to find it."""
    graph, experience = NamedNode(graph_of_experience(key, 1)), NamedNode(thing_iri("experience", key))
    cell = NamedNode(thing_iri("tool-application", f"{key}-fairs-financing"))
    a, label = NamedNode(expand("rdf:type")), NamedNode(expand("rdfs:label"))
    told = [(experience, a, NamedNode(expand("par:SystematizedExperience"))),
            *((experience, label, Literal(f"Invented fair {key}", language=language)) for language in ("en", "es")),
            (experience, NamedNode(expand("par:inCountry")), NamedNode(thing_iri("country", "peru"))),
            (cell, a, NamedNode(expand("par:ToolApplication"))),
            (cell, NamedNode(expand("par:ofExperience")), experience),
            (cell, NamedNode(expand("par:appliesTool")), NamedNode(thing_iri("tool", "financing"))),
            (cell, NamedNode(expand("par:onEntryWay")), NamedNode(thing_iri("entry-way", "fairs")))]
    return "".join(f"{Quad(*triple, graph)} .\n" for triple in told).encode()


class Run:
    """A data folder with contributions that wait to be published, and the server over it, which is killed again and again."""

    def __init__(self, data, publishes, seed, pause_s=(0.1, 1.5)):
        """pause_s: the seconds, least and most, between two kills."""
        self.pause_s = pause_s
        self.folder, self.ledger, self.random = DataFolder(data), Ledger(data), random.Random(seed)
        self.token = Tokens(data).make("rosa", "review", 1)
        self.ids = []
        for number in range(publishes):
            one = self.ledger.begin(f"fair-{number}")
            sent = one.event(f"ana-{number % CONTRIBUTORS}", "submit", edition=1)
            one = self.ledger.record(one, replace(sent, shapes=shipped_editions()[-1].number), body(one.key))
            self.ids.append(self.ledger.record(one, one.event("beto", "accept")).id)
        self.acknowledged, self.refused, self.moves = {}, [], 0
        self.killed = Counter()
        self.server = start_server(data, *SERVE)

    def everything(self):
        """Publish all of them, a few at once, while the server and its writer are killed; return what was found besides."""
        done = threading.Event()
        threads = [threading.Thread(target=self._publish, args=(self.ids[number::CONTRIBUTORS],))
                   for number in range(CONTRIBUTORS)]
        killer = threading.Thread(target=self._kill, args=(done,))
        for thread in (*threads, killer):
            thread.start()
        for thread in threads:
            thread.join()
        done.set()
        killer.join()
        return self.end()

    def end(self):
        """Kill the server, take away the write-ahead logs, and return what is not as it was acknowledged."""
        self.end_server()
        for log in self.folder.directory(self.folder.current()).glob("*.log"):
            log.unlink()
        found = list(self.halves())
        self.server = start_server(self.folder.path, *SERVE)  # and is it served
        for id, state in self.acknowledged.items():
            found += [] if self.ledger.get(id).state == state else [f"{id} was acknowledged as {state} and is not"]
        states = {one["state"] for one in json.loads(self.send("GET", "/contributions", "")[1])["contributions"]}
        self.end_server()
        return [*self.refused, *found, *([] if states == set(self.acknowledged.values()) else [f"the server tells of {states}"])]

    def halves(self):
        """Yield where graph, inferred, search index, revisions and ledger do not say the same, each once."""
        revision = self.folder.current()
        quads = list(open_revision(self.folder.directory(revision)))
        named = {quad for quad in quads if isinstance(quad.graph_name, NamedNode)}
        apart = {NamedNode(INFERRED_GRAPH), NamedNode(OFFER_GRAPH)}
        stated = {quad.triple for quad in named if quad.graph_name not in apart}
        if {quad.triple for quad in quads if quad not in named} != {quad.triple for quad in named}:
            yield "the default graph is not the union"
        if {quad.triple for quad in named if quad.graph_name == NamedNode(INFERRED_GRAPH)} != set(
                infer(stated, read_rules(shipped_sources().rules))):
            yield "what is inferred is not what follows"
        graphs = Counter(quad.graph_name.value for quad in named)
        indexed = {one.thing for one in Index(self.folder.index(revision)).known(
            [self.ledger.get(id).experience for id in self.ids])}
        told = [json.loads(line) for line in (self.folder.path / "history.jsonl").read_text().splitlines()]
        if [line["number"] for line in told] != list(range(1, revision.number + 1)):
            yield "the history has not each revision once"
        causes = [line["cause"] for line in told if "cause" in line]
        for id in self.ids:
            one = self.ledger.get(id)
            published = one.state == "published"
            if bool(graphs[graph_of_experience(one.key, 1)]) != published:
                yield f"{one.key} is {one.state}, and its graph tells otherwise"
            if (one.experience in indexed) != published:
                yield f"{one.key} is {one.state}, and the index tells otherwise"
            moved = [event for event in one.events if event.did in ("publish", "withdraw")]
            if [cause["event"] for cause in causes if cause["contribution"] == id] != [json.loads(json.dumps(asdict(event)))
                                                                                      for event in moved]:
                yield f"{one.key} and the history of revisions do not tell the same"
            if len({event.did for event in moved}) != len(moved):
                yield f"{one.key} was moved twice"

    def _publish(self, ids):
        for number, id in enumerate(ids):
            try:
                self.until_done(id, "publish", "published")
                if number % WITHDRAWN == 0:
                    self.until_done(id, "withdraw", "withdrawn")
            except AssertionError as error:
                self.refused.append(str(error))

    def until_done(self, id, did, state):
        """Ask for a move with the same key until it is acknowledged."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, HTTPException):
                status, text = self.send("POST", f"/contributions/{id}/{did}", f"{did}-{id}")
                if status == 200:
                    assert json.loads(text)["state"] == state, text
                    self.acknowledged[id] = state
                    self.moves += 1
                    return
                assert status in (429, 503), text  # whoever killed the writer is not a reason to give up
            time.sleep(0.05)
        raise AssertionError(f"{did} of {id} was not acknowledged within {PATIENCE_S} s")

    def send(self, method, path, key):
        request = urllib.request.Request(self.server.address + path, b'{"note": "as the test says"}' if key else None, {
            "Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {self.token}",
            **({"Idempotency-Key": key} if key else {})}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def _kill(self, done):
        """Kill the server and its writer in turn, not before something was acknowledged since: a slow machine gets on as well."""
        before = 0
        while not done.wait(self.random.uniform(*self.pause_s)):
            if self.moves == before:
                continue
            before = self.moves
            writers = []
            with contextlib.suppress(OSError):  # one that ends while it is looked at
                writers = [pid for pid in descendants_of(self.server.process.pid) if b"kg.store.writer" in _command(pid)]
            if writers and self.killed["writer"] < self.killed["server"]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(writers[0], signal.SIGKILL)
                    self.killed["writer"] += 1
            else:
                self.end_server()
                self.killed["server"] += 1
                self.server = start_server(self.folder.path, *SERVE)

    def end_server(self):
        """End it as a power cut would."""
        self.server.process.kill()
        self.server.process.wait()
        self.server.process.stderr.close()  # which a process that it was just starting may hold a moment longer


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@click.command()
@click.option("--publishes", default=1000, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True)
def main(publishes, seed):
    """Publish, kill, and print what was found."""
    with tempfile.TemporaryDirectory() as path:
        data = Path(path) / "var"
        build(DataFolder(data), shipped_sources())
        run = Run(data, publishes, seed)
        began = time.monotonic()
        found = run.everything()
        click.echo(f"{len(run.acknowledged)} acknowledged in {time.monotonic() - began:.0f} s, killed: {dict(run.killed)}")
        click.echo("\n".join(found) or "nothing lost, nothing half there, nothing twice")
        sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
