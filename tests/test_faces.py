"""One file of SPARQL put into the folder of queries, and nothing else: it has every face."""

import csv
import io
import shutil
import subprocess

import pytest

from tests.asking import ask_path
from tests.machine import ROOT
from tests.servers import PARKG, start_server
from tests.test_mcp import connected

QUESTION = "How many tools are there for each phase, if one counts them?"
FILE = f"""#+ title: Tools counted by phase
#+ area: cube
#+ question: {QUESTION}
#+ question-es: ¿Cuántas herramientas hay en cada fase, si se cuentan?
#+ param: phase | par:ActionPhase | any | only this phase
#+ column: phase | par:ActionPhase | - | the phase
#+ column: tools | integer | tools | how many
#+ example: phase=understand-and-manage

PREFIX par: <https://w3id.org/cocina-par/ontology#>
SELECT ?phase (COUNT(?tool) AS ?tools) WHERE {{ ?tool a par:Tool ; par:inPhase ?phase }}
GROUP BY ?phase ORDER BY ?phase
"""
PHASE = "https://w3id.org/cocina-par/id/action-phase/understand-and-manage"


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """A copy of what an installation has, with one more query, and a data folder of its own."""
    folder = tmp_path_factory.mktemp("installation")
    for part in ("kg", "api", "ontology", "queries"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "queries/count_phase_tools.rq").write_text(FILE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def there(installation):
    server = start_server(installation / "var", "env", "-C", str(installation), *PARKG, "serve", "--port", "0")
    yield server
    server.end()


def test_file_when_put_into_the_folder_then_it_is_a_path_and_a_page(there):
    rows = list(csv.DictReader(io.StringIO(there.get("/queries/count_phase_tools.csv?phase=understand-and-manage").text)))
    assert [row["phase"] for row in rows] == [PHASE]
    assert int(rows[0]["tools"]) > 1
    page = there.get("/queries/count_phase_tools", "text/html").text
    assert QUESTION in page
    assert '<option value="understand-and-manage">' in page
    assert f"<td>{rows[0]['tools']}</td>" in page
    assert QUESTION in there.get("/queries?area=cube", "text/html").text


def test_file_when_put_into_the_folder_then_it_is_in_the_document_of_the_api(there):
    operation = there.get("/openapi.json").json()["paths"]["/queries/count_phase_tools"]["get"]
    assert operation["summary"] == QUESTION
    assert operation["parameters"][0]["name"] == "phase"


def test_file_when_put_into_the_folder_then_editors_find_it_as_an_example(there):
    asked = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?query { ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select ?query
          FILTER(STR(?comment) = "%s") }"""
    (row,) = there.get(ask_path(asked % QUESTION)).json()["results"]["bindings"]
    assert f"<{PHASE}>" in row["query"]["value"]
    assert PHASE in there.get(ask_path(row["query"]["value"]), "text/csv").text
    assert "count_phase_tools" in there.get("/search?q=tools+counted+by+phase", "application/json").text


def test_file_when_put_into_the_folder_then_it_is_a_command_and_a_tool_of_agents(installation, there, tmp_path):
    command = [*PARKG, "--data", str(installation / "var"), "query", "count_phase_tools", "--format", "csv"]
    done = subprocess.run(command, cwd=installation, capture_output=True, text=True, check=True)
    assert PHASE in done.stdout
    with connected(installation / "var", tmp_path / "stderr", installation) as agent:
        (query,) = agent.call("list_queries", words="tools counted by phase")["queries"]
        assert query["name"] == "count_phase_tools"
        assert agent.call("run_query", name="count_phase_tools", parameters={"phase": "understand-and-manage"})["rows"][0][1] > 1
