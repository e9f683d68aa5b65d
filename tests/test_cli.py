"""The command line as a process: what it prints, where, and with which exit code."""

import csv
import io
import json
import subprocess

import pytest

from tests.asking import PREFIXES
from tests.machine import ROOT
from tests.servers import PARKG


def test_query_when_not_at_a_terminal_then_a_whole_table_and_nothing_on_stderr(parkg):
    done = parkg("query", "show_cell", "tool=financing", "entry_way=entire-chain")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["experience", "experience_label", "country_label", "passage", "passage_label"]
    assert lines[-1] == "4 rows"
    assert "…" not in done.stdout


def test_query_when_csv_or_json_is_asked_then_that(parkg):
    rows = list(csv.DictReader(io.StringIO(parkg("query", "list_experiences", "-f", "csv").stdout)))
    assert len(rows) == 13
    answer = json.loads(parkg("query", "list_experiences", "--json").stdout)
    assert len(answer["results"]["bindings"]) == 13


def test_query_when_no_name_is_given_then_the_catalogue(parkg):
    done = parkg("query")
    assert done.stdout.count("parkg query ") == len(list((ROOT / "queries").glob("*.rq")))


def test_query_when_shown_then_the_sparql_runs_as_it_is(parkg):
    text = parkg("query", "list_tool_experiences", "tool=financing", "--show").stdout
    assert "<https://w3id.org/cocina-par/id/tool/financing>" in text
    assert parkg("sparql", "-", stdin=text).stdout == parkg("query", "list_tool_experiences", "tool=financing").stdout


@pytest.mark.parametrize(("arguments", "message"), [
    (["query", "show_cel"], "parkg: There is no query show_cel. Did you mean show_cell"),
    (["query", "show_cell", "tool=financing"], "parkg: show_cell needs entry_way"),
    (["query", "show_cell", "financing"], "Write a parameter as name=value, not 'financing'"),
    (["query", "list_tool_experiences", "tool=finance"], "Did you mean financing"),
    (["sparql", "nowhere.rq"], "nowhere.rq"),
])
def test_query_when_wrong_then_one_message_and_exit_code_2(parkg, arguments, message):
    done = parkg(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(("query", "format", "expected"), [
    ("SELECT (COUNT(*) AS ?n) { ?a a par:ToolApplication }", None, "n\n---\n111\n\n1 row\n"),
    ("ASK { ?a a par:ToolApplication }", "csv", "true\n"),
    ("CONSTRUCT { id:tool\\/quality a par:Tool } WHERE {}", "ntriples",
     "<https://w3id.org/cocina-par/id/tool/quality> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
     "<https://w3id.org/cocina-par/ontology#Tool> .\n"),
])
def test_sparql_when_given_on_stdin_then_answered_in_the_format(parkg, query, format, expected):
    done = parkg("sparql", "-", *(["--format", format] if format else []), stdin=PREFIXES + query)
    assert (done.returncode, done.stdout) == (0, expected), done.stderr


def test_sparql_when_the_format_cannot_hold_the_answer_then_it_says_which_can(parkg):
    done = parkg("sparql", "-", "-f", "csv", stdin="CONSTRUCT WHERE { ?s ?p ?o }")
    assert done.returncode == 2
    assert "choose from turtle" in done.stderr


def test_build_when_data_are_wrong_then_exit_code_1_and_the_record(checkout, tmp_path):
    path = checkout.data / "toolbox/1.trig"
    before, manqa, after = path.read_text(encoding="utf-8").partition("experience:manqa a")
    path.write_text(before + manqa + after.replace("par:inCountry country:bolivia ;", "", 1), encoding="utf-8")
    done = subprocess.run([*PARKG, "--data", str(tmp_path / "var"), "build", "--source", str(tmp_path / "checkout")],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "id/experience/manqa, par:inCountry: Say in which country the case ran" in done.stderr
    assert f"toolbox/1.trig, line {(before + manqa).count(chr(10)) + 1}" in done.stderr
    assert not (tmp_path / "var/current.json").exists()


def test_build_when_unreadable_then_exit_code_2_and_the_place(checkout, tmp_path):
    path = checkout.data / "toolbox/1.trig"
    path.write_text(path.read_text(encoding="utf-8") + "\noops\n", encoding="utf-8")
    done = subprocess.run([*PARKG, "--data", str(tmp_path / "var"), "build", "--source", str(tmp_path / "checkout")],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"{path}, line " in done.stderr


def test_build_when_the_reasoner_is_asked_for_then_it_is_asked(cube_alone, tmp_path):
    command = [*PARKG, "--data", str(tmp_path), "build", "--source", str(cube_alone), "--reasoner"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "HermiT finds it consistent" in done.stderr


@pytest.mark.parametrize(("name", "value"), [("PARKG_PORT", "eight"), ("PARKG_TIME_LIMIT_S", "-1"), ("PARKG_PORT", "99999")])
def test_setting_when_it_cannot_be_then_it_is_named(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    done = subprocess.run([*PARKG, "query"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"{name}={value} is not a number from" in done.stderr


@pytest.mark.parametrize(("statement", "code", "told"), [
    (("experience/ketal", "par:usesTool", "tool/quality"), 0, "stated in toolbox/tools-by-entry-ways"),
    (("experience/ketal", "par:usesTool", "tool/public-policy"), 1, "not stated, not inferred"),
    (("ketal", "par:usesTool", "tool/quality"), 2, "subject=ketal will not do"),
    (("experience/ketal", "par:useTool", "tool/quality"), 2, "property=par:useTool will not do"),
    (("experience/ketal", "par:usesTool", "quality"), 2, "or tool/quality?"),
    (("experience/ketal", "a", "par:Tool"), 1, "not stated, not inferred")])
def test_explain_when_it_does_not_hold_or_names_what_is_not_there_then_each_is_told_apart(parkg, statement, code, told):
    done = parkg("explain", *statement)
    assert done.returncode == code
    assert told in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["build", "completion", "coverage", "explain", "mcp", "query", "serve", "sparql"])
def test_command_when_asked_for_help_then_an_example(parkg, command):
    done = parkg(command, "--help")
    assert done.returncode == 0
    assert "Example: parkg " + command in done.stdout
