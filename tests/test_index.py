"""The index of the labels and texts: one file for a build and the publications after it, and each revision in it as it was."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from bench.generate import graph_of, shipped_values, synthetic
from kg.amend import Amending
from kg.build import build, shipped_sources
from kg.errors import StoreUnavailable
from kg.index import amend_index, copy_index, is_whole, write_index
from kg.load import load
from kg.names import RDFS_LABEL
from kg.reason import read_rules
from kg.search import Index
from kg.store.changes import GraphChange
from kg.store.engine import Opened
from kg.store.indexes import IndexAt
from kg.store.publication import Publication
from kg.store.rdf import n_triples
from kg.store.writers import Writer
from kg.tokens import Tokens

FIRST, SECOND = (f"https://w3id.org/cocina-par/id/experience/synthetic-{number}" for number in (0, 1))
TOLD = "name GLOB '~*' AND kind IN ('tool', 'entry-way')"
"""Words that tell a tool: which are too common for that, a build counts among the names of all."""


@pytest.fixture(scope="module")
def quads():
    return list(synthetic(2, shipped_values(load(shipped_sources()).quads)))


@pytest.fixture(scope="module")
def names(quads):
    """The English names of the two experiences."""
    return {quad.subject.value: quad.object.value for quad in quads if quad.subject.value in (FIRST, SECOND)
            and quad.predicate.value == RDFS_LABEL and quad.object.language == "en"}


@pytest.fixture(scope="module")
def bodies(quads):
    return [n_triples(quad.triple for quad in quads if quad.graph_name.value == graph_of(number)) for number in (0, 1)]


@pytest.fixture
def amending(built):
    writer = Writer(30)
    amending = Amending(built, writer, Tokens(built.path), plain=False)
    yield amending
    amending.close()


@pytest.fixture(scope="module")
def laws():
    rules = read_rules(shipped_sources().rules)
    return (tuple(r.law() for r in rules if not r.contradicts), tuple(r.law() for r in rules if r.contradicts))


@pytest.fixture
def has(names):
    """Tell by each table that tells of things whether one is in an index; they have to say the same."""
    def told_by_each(at, thing):
        index = Index(at)
        told = {bool(index.known([thing])), bool(index.labels([thing], "en")),
                thing in {one.thing for one in index.find(names[thing]).found}}
        assert len(told) == 1, told
        return told.pop()
    return told_by_each


def test_index_when_published_and_withdrawn_then_each_revision_that_is_kept_has_what_it_had(built, amending, laws, bodies, has):
    before = built.current()
    file = built.index(before).path
    made = [amending.change(Publication(((graph_of(number), body),), *laws))[0]
            for number, body in ((0, bodies[0]), (1, bodies[1]), (0, b""))]
    assert {built.index(one).path for one in (before, *made)} == {file}
    assert [[has(built.index(one), thing) for thing in (FIRST, SECOND)] for one in (before, *made)] == [
        [False, False], [True, False], [True, True], [False, True]]


def test_index_when_amended_then_it_finds_what_one_made_anew_finds(built, amending, laws, bodies, names, tmp_path):
    for number, body in ((0, bodies[0]), (1, bodies[1]), (0, b"")):
        revision, _ = amending.change(Publication(((graph_of(number), body),), *laws))
    for number in range(3):  # until no revision that is kept has what was withdrawn
        revision, _ = amending.change(GraphChange("PUT", f"http://a/{number}"))
    anew = IndexAt(tmp_path / "anew.search", revision.number)
    write_index(Opened(built.directory(revision)), anew)
    for text in (names[SECOND], "financing", "miel", "gastronomic fairs", "ferias"):
        amended, fresh = (Index(at).find(text, limit=50).found for at in (built.index(revision), anew))
        assert {one.thing for one in amended} == {one.thing for one in fresh}
        assert fresh, text
    with closing(sqlite3.connect(anew.path)) as one, closing(sqlite3.connect(built.index(revision).path)) as other:
        for statement in ("SELECT label, text, thing, kind, language, passage, whose FROM entry ORDER BY thing, language, label",
                          f"SELECT name, language, thing, kind, whole, classes FROM called WHERE until > {revision.number} "
                          f"AND NOT ({TOLD}) ORDER BY name, language, thing",
                          "SELECT thing, count(*) FROM placed GROUP BY thing ORDER BY thing"):
            assert one.execute(statement).fetchall() == other.execute(statement).fetchall()
        (lives,), = other.execute("SELECT count(*) FROM life WHERE until < ?", (1 << 62,))
        assert lives == 0


def test_index_when_a_revision_was_never_made_then_nobody_sees_it_and_the_next_takes_it_out(built, amending, laws, bodies, has):
    before = built.current()
    tried = built.try_out(Publication(((graph_of(0), bodies[0]),), *laws), amending._writer)
    store, _ = built.set_aside(before, Publication(((graph_of(0), bodies[0]),), *laws), amending._writer)
    at = IndexAt(built.index(before).path, before.number + 1)
    amend_index(Opened(store), at, tried.moved.told)  # and then the power fails
    assert has(at, FIRST)
    assert not has(built.index(before), FIRST)
    revision, _ = amending.change(Publication(((graph_of(1), bodies[1]),), *laws))
    assert [has(built.index(revision), thing) for thing in (FIRST, SECOND)] == [False, True]


def test_index_when_the_writer_is_killed_at_it_then_it_is_as_it_was(built):
    at = built.index(built.current())
    killed = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.executescript("PRAGMA cache_size = 1; BEGIN IMMEDIATE; DELETE FROM called; DELETE FROM placed;")
print("half", flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", killed, str(at.path)], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"half\n"
        process.kill()
    assert at.files[1].exists()
    assert is_whole(at)
    assert Index(at).called(["gustu"], "es")


def test_index_when_it_lacks_a_revision_then_it_is_refused_and_a_build_makes_it_anew(built, cube_alone):
    current = built.current()
    at = built.index(current)
    with closing(sqlite3.connect(at.path)) as database, database:
        database.execute("UPDATE reached SET number = 0")
    with pytest.raises(StoreUnavailable, match=f"revision 0, not {current.number}\\)\\. Run parkg build"):
        Index(at)
    build(built, shipped_sources(cube_alone))
    assert Index(built.index(current)).find("financing").found


def test_index_when_copied_while_it_is_written_then_the_copy_is_of_one_moment(built, tmp_path):
    at = built.index(built.current())
    with closing(sqlite3.connect(at.path, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM placed")
        copy_index(at, tmp_path / "copy.search")
        database.execute("ROLLBACK")
    assert Index(IndexAt(tmp_path / "copy.search", at.number)).labels(["https://w3id.org/cocina-par/id/tool/financing"], "en")


def test_index_when_a_build_makes_the_next_then_the_one_before_goes_once_no_revision_has_it(built, amending):
    first = built.index(built.current())
    again = build(built, shipped_sources()).revision
    second = built.index(again)
    assert second.path != first.path
    assert first.path.exists()
    for number in range(3):
        revision, _ = amending.change(GraphChange("PUT", f"http://a/{number}"))
        assert Index(built.index(revision)).find("Punta Chilén").found
    assert not first.path.exists()
    assert built.index(revision).path == second.path


def test_index_when_asked_while_others_publish_then_every_answer_is_of_its_revision(built, amending, laws, bodies, has):
    before = built.current()
    asked = Index(built.index(before))
    for _ in range(2):
        for body in (bodies[0], b""):
            revision, _ = amending.change(Publication(((graph_of(0), body),), *laws))
            assert has(built.index(revision), FIRST) == bool(body)
        assert not asked.known([FIRST])
