"""The server for agents, spoken to by the client of the package mcp over standard input and output."""

import functools
import json
import re
import subprocess
import sys
from contextlib import contextmanager

import pytest
from anyio.from_thread import start_blocking_portal
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters, stdio_client

from kg.mcp_tools import MOST_CHARACTERS, MOST_ROWS
from tests.asking import PREFIXES
from tests.machine import ROOT
from tests.servers import PARKG

TOOLS = {"find_things", "list_queries", "run_query", "run_sparql", "explain_statement", "describe_thing"}
RESOURCES = {"parkg://about", "parkg://prefixes", "parkg://queries", "parkg://ontology"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


class Agent:
    """A client that is connected to a server process, and the file that takes what the process says on stderr."""

    def __init__(self, portal, client, said):
        self._portal, self._client, self._said = portal, client, said

    def do(self, what, *arguments):
        return self._portal.call(functools.partial(getattr(self._client, what), *arguments))

    def call(self, tool, **arguments):
        """Call a tool that has to succeed; return its answer."""
        result = self.do("call_tool", tool, arguments)
        (content,) = result.content
        assert not result.is_error, content.text
        return json.loads(content.text) if content.text.startswith("{") else content.text

    def fail(self, tool, **arguments):
        """Call a tool that has to fail; return what it says."""
        result = self.do("call_tool", tool, arguments)
        (content,) = result.content
        assert result.is_error, content.text
        assert "Traceback" not in content.text
        return content.text

    def read(self, address):
        (content,) = self.do("read_resource", address).contents
        return content.text

    def instructions(self):
        return self._client.instructions

    def said(self):
        self._said.flush()
        return self._said.seek(0) or self._said.read()


@contextmanager
def connected(data, said, cwd=ROOT, mode="auto"):
    command = StdioServerParameters(command=PARKG[0], args=[*PARKG[1:], "--data", str(data), "--time-limit-s", "2", "mcp"],
                                    cwd=cwd)
    with (said.open("w+", encoding="utf-8") as file, start_blocking_portal() as portal,
          portal.wrap_async_context_manager(Client(stdio_client(command, file), mode=mode)) as client):
        yield Agent(portal, client, file)


@pytest.fixture(scope="module")
def agent(folder, tmp_path_factory):
    with connected(folder.path, tmp_path_factory.mktemp("mcp") / "stderr") as agent:
        yield agent
        assert agent.said() == ""


def test_tools_when_listed_then_described_and_said_to_change_nothing(agent):
    tools = agent.do("list_tools").tools
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert tool.annotations.open_world_hint is False
        assert len(tool.description) > 100
        assert not re.search(r"^ {4}", tool.description, re.MULTILINE)


def test_client_when_it_shakes_hands_as_older_ones_do_then_it_is_told_what_to_do_and_served(folder, tmp_path):
    with connected(folder.path, tmp_path / "stderr", mode="legacy") as agent:
        assert {tool.name for tool in agent.do("list_tools").tools} == TOOLS
        assert agent.call("run_sparql", query="ASK {}") == {"answer": True}
        assert "Find a thing with find_things" in agent.instructions()


def test_resources_when_listed_then_each_can_be_read(agent, inquiry):
    assert {resource.uri for resource in agent.do("list_resources").resources} == RESOURCES
    assert agent.read("parkg://prefixes").startswith(PREFIXES.splitlines()[0])
    assert agent.do("read_resource", "parkg://ontology").contents[0].mime_type == "text/turtle"
    about = agent.read("parkg://about")
    assert "Licence: https://creativecommons.org/licenses/by/4.0/\n" in about
    assert about.partition("Documents:\n")[2].count("\n") == 4
    listed = agent.read("parkg://queries").splitlines()
    assert len(listed) == len(inquiry.catalogue.all()) > 50


def test_prefixes_when_put_above_a_query_then_it_is_answered(agent):
    query = agent.read("parkg://prefixes") + "SELECT ?label { tool:quality rdfs:label ?label } ORDER BY ?label"
    assert agent.call("run_sparql", query=query)["rows"] == [[
        '"Calidad, normas y certificaciones"@es'], ['"Quality, standards and certifications"@en']]


def test_ontology_when_read_then_whole_or_a_module_with_no_prefix_that_it_does_not_use(agent):
    whole, core = agent.read("parkg://ontology"), agent.read("parkg://ontology/core")
    assert "par:Tool a owl:Class" in whole
    assert "par:Passage a owl:Class" in core
    assert "par:Tool a owl:Class" not in core
    declared = re.findall(r"^@prefix (\S+)", core, re.MULTILINE)
    assert "par:" in declared
    assert "void:" not in declared
    with pytest.raises(MCPError, match=r"no module cor\. It has: actors, .*core"):
        agent.read("parkg://ontology/cor")


def test_agent_when_it_goes_from_words_to_an_answer_then_each_step_takes_what_the_last_gave(agent):
    found = agent.call("find_things", words="financiamiento", kinds=["tool"])["found"][0]
    assert found["thing"] == "tool/financing"
    listed = agent.call("list_queries", about=found["thing"], words="experience")["queries"]
    query = next(query for query in listed if query["name"] == "list_tool_experiences")
    assert query["parameters"]["tool"].startswith("par:Tool | required | ")
    answer = agent.call("run_query", name=query["name"], parameters={query["takes"]: found["thing"]}, page_size=3, page=2)
    assert (answer["page"], len(answer["rows"])) == (2, 3)
    assert answer["rows_in_all"] == 6
    assert next(iter(answer["columns"])) == "experience"
    described = agent.call("describe_thing", thing=answer["rows"][0][0])
    assert described["find_statements"]["rows_in_all"] > 50 == len(described["find_statements"]["rows"])
    assert "list_case_comparison" in described["queries"]


def test_run_query_when_columns_have_units_then_they_are_told_and_numbers_are_numbers(agent):
    answer = agent.call("run_query", name="count_things")
    assert answer["columns"]["things"].endswith("[things]")
    assert ["par:ToolApplication", '"tool application"@en', 111] in answer["rows"]


def test_find_things_when_no_kind_has_the_words_then_the_kinds_that_have(agent):
    answer = agent.call("find_things", words="miel", kinds=["experence"])
    assert answer["found"] == []
    assert answer["found_of_other_kinds"]["experience"] == 1


@pytest.mark.parametrize(("tool", "arguments", "told"), [
    ("run_sparql", {"query": "SELECT ?x {\n ?x a <id/x> .. }"}, "breaks off at line 2, column"),
    ("run_sparql", {"query": "SELECT ?x {\n ?x a par:Tool }"}, "line 2, column 7 is not declared. Write above the query: PREFIX"),
    ("run_sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, "DELETE is an update"),
    ("run_sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}, "asks no other endpoint"),
    ("run_sparql", {"query": "SELECT * { ?s ?p ?o }"}, "nothing of it is given. Count in the query"),
    ("run_sparql", {"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, f"{MOST_CHARACTERS:,} can be given at once"),
    ("run_query", {"name": "show_cel"}, "Did you mean show_cell"),
    ("run_query", {"name": "list_tool_experiences", "parameters": {"tool": "finance"}}, "Did you mean financing"),
    ("run_query", {"name": "list_experiences", "page": 2}, "page=2 is past the end: there are 13 rows, on 1 pages"),
    ("run_query", {"name": "list_experiences", "page_size": 201}, "less than or equal to 200"),
    ("list_queries", {"area": "cubes"}, "one of cube, paths"),
    ("list_queries", {"about": "tool/finance"}, "the graph says nothing of"),
    ("describe_thing", {"thing": "experience/ketl"}, "A search for its words finds experience/ketal"),
    ("explain_statement", {"subject": "experience/ketal", "property": "par:useTool", "value": "tool/quality"}, "par:usesTool"),
    ("explain_statement", {"subject": "two words", "property": "a", "value": "par:Tool"}, "two words is not a term"),
])
def test_tool_when_asked_wrongly_then_an_error_that_helps_and_no_stack_trace(agent, tool, arguments, told):
    assert told in agent.fail(tool, **arguments)


def test_run_sparql_when_endless_then_ended_at_the_limit_and_the_next_is_answered(agent):
    assert "longer than the limit of 2 s and was ended" in agent.fail("run_sparql", query=ENDLESS)
    assert agent.call("run_sparql", query="ASK { ?s ?p ?o }") == {"answer": True}


def test_run_sparql_when_there_are_more_rows_than_are_given_then_it_says_so(agent):
    answer = agent.call("run_sparql", query=PREFIXES + "SELECT ?s { ?s a par:Insight } ORDER BY ?s")
    assert len(answer["rows"]) == MOST_ROWS < answer["rows_in_all"]
    assert answer["left_out"].startswith("all but the first 200 rows")
    counted = agent.call("run_sparql", query=PREFIXES + "SELECT (COUNT(*) AS ?n) { ?s a par:Insight }")
    assert counted["rows"] == [[answer["rows_in_all"]]]
    assert "left_out" not in counted


def test_run_sparql_when_it_gives_terms_then_with_their_languages_and_datatypes(agent):
    query = """SELECT * { VALUES (?a ?b ?c ?d ?e ?f ?g) {
      (<id/tool/quality> <http://example.org/x> "say \\"so\\""@es "12" 12 1.5 UNDEF) } }"""
    (row,) = agent.call("run_sparql", query=query)["rows"]
    assert row == ["tool/quality", "http://example.org/x", '"say "so""@es', '"12"', 12, '"1.5"^^xsd:decimal', None]


def test_run_sparql_when_the_answer_is_a_graph_then_turtle(agent):
    query = PREFIXES + "CONSTRUCT { ?t a par:Tool } WHERE { ?t a par:Tool FILTER(?t = <id/tool/quality>) }"
    assert agent.call("run_sparql", query=query).endswith("\ntool:quality a par:Tool .\n")


def test_explain_statement_when_it_follows_then_the_rule_and_the_passages_to_cite(agent):
    reason = agent.call("explain_statement", subject="experience/ketal", property="par:usesTool", value="tool/quality")
    assert reason["rule"].startswith("A chain of two properties")
    (passage,) = [p for passages in reason["passages"].values() for p in passages]
    assert passage["passage"] == "passage/toolbox/tools-by-entry-ways"
    assert "MIGA Bolivia and COCINA PAR consortium (2020). Toolbox." in passage["citation"]


def test_explain_statement_when_the_value_is_one_that_a_row_gave_then_it_is_found(agent):
    query = """SELECT ?s ?p ?o {
      VALUES (?s ?p) { (<id/passage/toolbox/1> par:passagePosition) (<id/tool/quality> rdfs:label) } ?s ?p ?o }"""
    rows = agent.call("run_sparql", query=PREFIXES + query)["rows"]
    assert sorted(type(row[2]).__name__ for row in rows) == ["int", "str", "str"]
    for subject, property, value in rows:
        assert agent.call("explain_statement", subject=subject, property=property, value=value)["graphs"], value


def test_explain_statement_when_it_does_not_hold_then_what_the_subject_has_there(agent):
    reason = agent.call("explain_statement", subject="experience/ketal", property="par:usesTool", value="tool/financing")
    assert (reason["graphs"], reason["rule"]) == ([], "")
    assert "tool/quality" in reason["values_there"]
    assert "tool/financing" not in reason["values_there"]


def test_command_when_the_package_is_not_installed_then_it_says_what_to_install(folder):
    without = "import sys; sys.modules['mcp'] = None; from kg.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", without, "--data", str(folder.path), "mcp"], cwd=ROOT, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'parkg[mcp]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_command_when_there_is_no_graph_then_it_says_so_and_ends(tmp_path):
    done = subprocess.run([*PARKG, "--data", str(tmp_path), "mcp"], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no graph" in done.stderr
