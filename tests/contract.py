"""Turns the API document of a server into requests of every kind, and answers that it does not describe into findings.

``python -m tests.contract`` asks for long and at random; tests/test_contract.py asks less, and the same each time.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from kg.catalogue import Catalogue, Query
from kg.settings import shipped
from kg.tokens import Tokens
from tests.servers import Server, start_server

# What is asked of a server that is written to, whose store is its own and empty; the other is asked the rest.
WRITTEN = ("/update", "/store")
# Checks that are left out, for which paths, and why; every other check of schemathesis is made of every answer.
LEFT_OUT = (
    ("positive_data_acceptance", ("/sparql", "/update"), "what is no SPARQL is a 400, and JSON Schema cannot say what is"),
    ("positive_data_acceptance", ("/store",), "a text that is no RDF is a 400; and of graph and default just one is given"),
    ("positive_data_acceptance", ("/contributions", "/contributions/{id}", "/contributions/{id}/editions/{name}",
                                  "/contributions/{id}/{action}"), "no contribution has a made-up id, no made-up text is a case"),
    ("positive_data_acceptance", ("/reports",), "one address may send so many in an hour, then it is a 429"),
    ("positive_data_acceptance", ("/explain",), "a name that nothing has is a 422"),
    ("positive_data_acceptance", ("/queries",), "about= of what the graph does not have is a 422"),
    ("positive_data_acceptance", ("/compare", "/path", "/path/canvas", "/projects"), "a key of what the graph does not have is a "
     "422, and so is a way beside a case"),
)
GRAPH_DECIDES = "positive_data_acceptance", "a key or name of what the graph does not have is a 422"
REFUSED = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422]
# Half of the values of these fields are from here; those of the catalogue's queries are from their questions and examples.
VALUES = {
    "query": ("ASK {}", "SELECT * { ?s ?p ?o } LIMIT 3", "SELECT (RAND() AS ?x) {}", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3",
              "DESCRIBE <https://w3id.org/cocina-par/id/tool/financing>", "SELECT * { SERVICE <http://localhost:9/> {} }"),
    "path": ("experience/ketal", "tool", "tool/financing.ttl", "tool/financing.html", "tool//financing", "toolbox/3-2-8",
             "toolbox/3-2-8.nq"),
    "format": ("json", "csv", "xml", "ttl", "rdfxml", "trig", "html"),
}


def ask(server: Server, token: str, folder: Path, written: bool, examples: int, seed: int | None = None) -> tuple[int, str]:
    """Ask a server; return 0 where nothing was found, else another number, and what was found with how to ask it again.

    token: of the scope admin; folder: for the settings; written: what writes, or all else; examples: the most requests of each
    operation, besides those at the bounds of every field; seed: without one the same is asked each time, and bounds of one query
    alone of those that take fields of the same types.
    """
    settings = folder / "contract.toml"
    settings.write_text("\n".join(_settings(all_bounds=seed is not None)), encoding="utf-8")
    which = [word for path in WRITTEN for word in ("--include-path" if written else "--exclude-path", path)]
    how = ["--generation-deterministic"] if seed is None else ["--seed", str(seed)]
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run", server.address + "/openapi.json",
               "--max-examples", str(examples), "--no-color", *which, *how]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "CONTRACT_TOKEN": token}, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def _settings(all_bounds: bool) -> Iterator[str]:
    queries = Catalogue(shipped("queries")).all()
    yield "continue-on-failure = true\nrequest-timeout = 60"
    yield 'auth.openapi.bearer = { bearer = "${CONTRACT_TOKEN}" }'
    yield "phases.stateful.enabled = false"  # no operation takes what another answers
    yield f"checks.negative_data_rejection.expected-statuses = {REFUSED}"
    values = _values(queries)
    for name, known in values.items():
        yield f"[dictionaries.{name}]\nvalues = {json.dumps(known, ensure_ascii=False)}"
    yield "[parameters]"
    for name in values:
        place = "path" if name == "path" else "query"
        yield f'"{place}.{name}" = {{ dictionary = "{name}", probability = 0.5 }}'
    of_things = tuple(f"/queries/{query.name}" for query in queries
                      if any(parameter.kind in ("class", "iri", "one of") for parameter in query.parameters))
    for check, paths, _ in (*LEFT_OUT, (GRAPH_DECIDES[0], of_things, GRAPH_DECIDES[1])):
        yield f"[[operations]]\ninclude-path = {list(paths)}\nchecks.{check}.enabled = false"
    if not all_bounds:
        first: dict[object, Query] = {}
        for query in queries:
            first.setdefault(frozenset((p.kind, p.range, p.default == "required") for p in query.parameters), query)
        others = [f"/queries/{query.name}" for query in queries if query not in first.values()]
        yield f"[[operations]]\ninclude-path = {others}\nphases.coverage.enabled = false"


def _values(queries: Sequence[Query]) -> dict[str, list[str | int]]:
    values: dict[str, list[str | int]] = {name: list(known) for name, known in VALUES.items()}
    values["q"] = [question for query in queries for question in (query.question, query.question_es)]
    for query in queries:
        for parameter in query.parameters:
            if text := query.example.get(parameter.name):
                value = int(text) if parameter.kind in ("integer", "year") else text
                values.setdefault(parameter.name, []).append(value)
    return values


@click.command()
@click.option("--examples", default=100, show_default=True, help="The most requests of an operation besides those at bounds.")
@click.option("--seed", default=0, show_default=True, help="Another seed asks other requests.")
def main(examples: int, seed: int) -> None:
    """Ask a server of what ships, and an empty one that is written to; tell what they answer that /openapi.json does not say.

    Example: python -m tests.contract --examples 500 --seed 7
    """
    found = 0
    with tempfile.TemporaryDirectory() as there:
        for written in (True, False):
            data = Path(there) / str(written)
            data.mkdir()
            token = Tokens(data).make("contract", "admin", 1)
            server = start_server(data, PARKG_PLAIN="1" if written else "", PARKG_TIME_LIMIT_S="30")
            try:
                code, told = ask(server, token, data, written, examples, seed)
            finally:
                server.end()
            click.echo(told)
            found = found or code
    sys.exit(found)


if __name__ == "__main__":
    main()
