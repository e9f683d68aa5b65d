"""The W3C's suites against a plain server of ours, where W3C names their folder; and that the runner finds what is wrong."""

import os
import subprocess
import sys

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tests.conformance.__main__ import FAILURES, UNASKED, findings
from tests.conformance.answers import MEDIA, Graph, Table, Texts, Truth, read
from tests.conformance.compare import compare
from tests.conformance.known import read_known
from tests.conformance.manifests import cases
from tests.conformance.verdicts import FAILED, NOT_ASKED, PASSED, Mismatch, Verdict
from tests.machine import ROOT

HERE = ROOT / "tests/conformance"
WRONG = [f"small#{kind}_wrong" for kind in ("protocol", "query", "syntax", "update")]
XSD = "http://www.w3.org/2001/XMLSchema#"


def run(folder, lists=HERE):
    """Run the suites of a folder as make conformance does."""
    command = [sys.executable, "-m", "tests.conformance", str(folder), "--lists", str(lists)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def write_lists(folder, failures, unasked):
    for name, names in ((FAILURES, failures), (UNASKED, unasked)):
        (folder / name).write_text("\n".join(["# made so", *names]) + "\n", encoding="utf-8")
    return folder


@pytest.mark.skipif(not os.environ.get("W3C"), reason="W3C is not set: give it the folder of a copy of github.com/w3c/rdf-tests, "
                                                      "and its SPARQL suites are asked of a plain server")
def test_suites_of_the_w3c_when_asked_then_what_fails_is_what_the_list_says():
    done = run(os.environ["W3C"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"sparql11/{part} " in done.stdout for part in ("protocol", "graph-store-protocol", "csv-tsv-res", "json-res"))


def test_small_suite_when_the_lists_are_right_then_a_table_and_exit_code_0(tmp_path):
    done = run(HERE, write_lists(tmp_path, WRONG, ["small#regime"]))
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = [line.split() for line in done.stdout.splitlines() if line.startswith("small ")]
    assert row == ["small", "4", "4", "1", "3", "3", "3"]


def test_small_suite_when_the_lists_are_empty_then_each_failure_is_told_and_exit_code_1(tmp_path):
    done = run(HERE, write_lists(tmp_path, [], []))
    assert done.returncode == 1, done.stdout + done.stderr
    told = [line.partition(": ")[2] for line in done.stdout.splitlines() if line.startswith("failed, and not in the list: ")]
    assert sorted(told) == WRONG
    assert "not asked, and not in the list: small#regime" in done.stdout
    for reason in ("4 rows, expected 3", "only got ['\"two\" _:", "breaks off at line", "expected NotFound: HTTP 200"):
        assert reason in done.stdout


def test_findings_when_a_listed_test_passes_or_http_loses_one_then_told():
    served = {"passes": Verdict(PASSED), "lost": Verdict(FAILED, "no"), "both": Verdict(FAILED, "no")}
    alone = {"passes": Verdict(PASSED), "lost": Verdict(PASSED), "both": Verdict(FAILED, "no")}
    known = {FAILED: dict.fromkeys(("passes", "lost", "both", "another suite's"), "why"), NOT_ASKED: {}}
    assert [line.partition("\n")[0] for line in findings(served, alone, known)] == [
        "in the list, and passed: passes", "passes in process, and fails over HTTP: lost"]


@pytest.mark.parametrize(("text", "fault"), [("suite#one\n", "no cause"), ("# why\nsuite#one\nsuite#one\n", "twice")])
def test_list_when_a_name_has_no_cause_or_stands_there_twice_then_refused(tmp_path, text, fault):
    (tmp_path / "list.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=fault):
        read_known(tmp_path / "list.txt")


def test_lists_when_read_then_each_name_has_its_cause():
    for name in (FAILURES, UNASKED):
        assert all(cause.endswith(".") for cause in read_known(HERE / name).values())


def test_conformance_when_there_is_no_suite_in_the_folder_then_it_says_what_to_give(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 2
    assert "github.com/w3c/rdf-tests" in done.stderr


def test_make_conformance_when_no_folder_is_given_then_it_says_what_to_give(tmp_path):
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text(encoding="utf-8"), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name not in ("W3C", "MAKEFLAGS")}
    done = subprocess.run(["make", "conformance"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "make conformance W3C=" in done.stderr
    assert not (tmp_path / ".venv").exists()


A, B, C = (BlankNode(name) for name in "abc")
P, Q = (NamedNode(f"http://e.org/{name}") for name in "pq")


def number(text, type):
    return Literal(text, datatype=NamedNode(XSD + type))


@pytest.mark.parametrize(("got", "want"), [
    (Graph([(A, P, B), (B, P, A)]), Graph([(C, P, A), (A, P, C)])),
    (Graph([(Triple(A, P, B), Q, A)]), Graph([(Triple(B, P, C), Q, B)])),
    (Table(["x", "y"], [(P, Q)]), Table(["y", "x"], [(Q, P)])),
    (Table(["x"], [(number("01", "integer"),), (None,)]), Table(["x"], [(None,), (number("1", "integer"),)])),
    (Texts(["x"], [(Literal("1.0"),)]), Texts(["x"], [(Literal("1"),)])),
])
def test_answers_when_they_say_the_same_then_equal(got, want):
    compare(got, want)


@pytest.mark.parametrize(("got", "want", "options"), [
    (Truth(True), Truth(False), {}), (Truth(True), Graph([]), {}), (Table(["x"], []), Table(["y"], []), {}),
    (Graph([(A, P, B), (B, P, A)]), Graph([(A, P, A), (B, P, B)]), {}),
    (Graph([(A, P, B), (B, P, C), (C, P, A)]), Graph([(A, P, B), (B, P, C), (A, P, C)]), {}),
    (Graph([(Triple(A, P, B), Q, A)]), Graph([(Triple(A, P, B), Q, B)]), {}),
    (Table(["x"], [(number("1", "integer"),)]), Table(["x"], [(number("1", "decimal"),)]), {}),
    (Table(["x"], [(P,), (P,), (Q,)]), Table(["x"], [(P,), (Q,), (Q,)]), {}),
    (Table(["x"], [(P,), (Q,)]), Table(["x"], [(Q,), (P,)]), {"ordered": True}),
    (Table(["x"], [(P,)]), Table(["x"], [(P,), (Q,)]), {"reduced": True}),
    (Texts(["x"], [(Literal("1"),)]), Texts(["x"], [(Literal("one"),)]), {}),
])
def test_answers_when_they_differ_then_a_mismatch(got, want, options):
    with pytest.raises(Mismatch):
        compare(got, want, **options)


@pytest.mark.parametrize("ending", ["srx", "srj", "tsv"])
def test_results_when_read_in_any_format_then_the_same(ending):
    bodies = {
        "srj": '{"head": {"vars": ["x", "y"]}, '
               '"results": {"bindings": [{"x": {"type": "literal", "value": "a", "xml:lang": "en"}}]}}',
        "srx": '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/><variable name="y"/></head>'
               '<results><result><binding name="x"><literal xml:lang="en">a</literal></binding></result></results></sparql>',
        "tsv": '?x\t?y\n"a"@en\t\n',
    }
    compare(read(bodies[ending].encode(), MEDIA[ending]), Table(["x", "y"], [(Literal("a", language="en"), None)]))


def test_folder_of_the_suites_when_read_then_also_the_whole_copy_of_which_it_is_a_part(tmp_path):
    (tmp_path / "sparql").mkdir()
    (tmp_path / "sparql/small").symlink_to(HERE / "small")
    assert [case.name for case in cases(tmp_path)] == [case.name for case in cases(HERE)] != []
