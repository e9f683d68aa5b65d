"""Turns what is shipped and N synthetic experiences into a data folder, by the steps of a build, each with its seconds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.generate import shipped_values, synthetic
from kg.build import refuse_violations, shipped_sources
from kg.index import write_index
from kg.load import load
from kg.names import INFERRED_GRAPH
from kg.reason import infer, read_rules
from kg.store.engine import Opened
from kg.store.rdf import NamedNode, Quad
from kg.store.revisions import DataFolder


@dataclass
class Made:
    """What was made: how many triples are stated and inferred, and the seconds that each step took."""

    stated: int = 0
    inferred: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started


def make(path: Path, count: int, shapes: bool = True) -> Made:
    """Make a data folder of what is shipped and ``count`` synthetic experiences: read, check, infer, commit.

    The revision bears the key of a build from what is shipped, and has its index, so that ``parkg serve`` takes it as it is.
    shapes: False leaves out the check against the shapes, whose time grows fastest. Raises what a build raises, and
    FileExistsError where the folder has something in it already.
    """
    if path.exists() and any(path.iterdir()):
        raise FileExistsError(f"{path} is not empty. Name a new folder.")
    made = Made()
    sources = shipped_sources()
    with made.step("read"):
        loaded = load(sources)
    with made.step("generate"):
        loaded.quads.extend(synthetic(count, shipped_values(loaded.quads)))
    stated = {quad.triple for quad in loaded.quads}
    made.stated = len(stated)
    if shapes:
        from kg.validate import check_names, read_shapes, validate

        with made.step("names"):
            violations = check_names(loaded.quads)
        with made.step("shapes"):
            violations += validate(stated, read_shapes(sources.ontology / "shapes"))
        refuse_violations(violations, loaded)
    with made.step("infer"):
        inferred = infer(stated, read_rules(sources.rules))
    made.inferred = len(inferred)
    del stated
    graph = NamedNode(INFERRED_GRAPH)
    loaded.quads.extend(Quad(t.subject, t.predicate, t.object, graph) for t in inferred)
    del inferred
    with made.step("commit"):
        DataFolder(path).commit(sources.key(), lambda graph: False, loaded.quads,
                                lambda store, index: write_index(Opened(store), index))
    return made
