"""Turns an inquiry into a server of the Model Context Protocol: its tools, and what an agent reads before it asks (door to mcp).

Source: Model Context Protocol, server features (tools, resources). Resources have a scheme of their own, since those of https
are for what a client fetches from the web itself.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from typing import ParamSpec

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp.types import ToolAnnotations

from kg.describe import ABOUT, TITLE, measure
from kg.errors import ParkgError
from kg.inquire import Inquiry
from kg.mcp_tools import Tools, turtle
from kg.names import BASE, ONTOLOGY, ONTOLOGY_GRAPH, OUTPUT_PREFIXES, PREFIXES
from kg.settings import Settings
from kg.store.rdf import NamedNode
from kg.store.sparql import bind

_INSTRUCTIONS = f"""{ABOUT["en"]} In English and Spanish.
Find a thing with find_things. Look with list_queries, by about=<thing> or words=..., for a question that is ready, and ask it
with run_query. Where none fits, write SPARQL for run_sparql, with the terms of parkg://ontology and the lines of parkg://prefixes.
Before you report a statement, get the passages that make it by describe_thing or explain_statement, and cite them.
In answers a thing stands as kind/key, such as tool/financing, and a text in quotes with its language. All tools take them so; in
SPARQL write <id/tool/financing>."""
_CITATIONS = f"""PREFIX par: <{PREFIXES["par"]}> PREFIX dcterms: <{PREFIXES["dcterms"]}>
SELECT ?document ?citation {{ ?document a par:Document ; dcterms:bibliographicCitation ?citation FILTER(LANG(?citation) = "en") }}
ORDER BY ?document"""
_ONTOLOGY = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"
_MODULE = f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ ?module ?p ?o BIND(?module AS ?s) }}
UNION {{ ?s <{PREFIXES["rdfs"]}isDefinedBy> ?module ; ?p ?o }} }} ORDER BY ?s ?p ?o"""
_MODULES = f"""SELECT ?module {{ GRAPH ?graph {{ ?term <{PREFIXES["rdfs"]}isDefinedBy> ?module }} }}
GROUP BY ?module ORDER BY ?module"""

P = ParamSpec("P")


def server(inquiry: Inquiry, settings: Settings) -> MCPServer:
    """Return a server, not yet running, whose tools and resources ask the inquiry. None of them changes anything."""
    made = MCPServer("parkg", title=TITLE["en"], instructions=_INSTRUCTIONS, version=version("parkg"), log_level="WARNING")
    tools, texts = Tools(inquiry, settings), Texts(inquiry)
    hints = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True,
                            open_world_hint=bool(settings.allowed_hosts))
    for tool in (tools.find_things, tools.list_queries, tools.run_query, tools.run_sparql, tools.explain_statement,
                 tools.describe_thing):
        made.add_tool(_failing_as(ToolError, tool), description=inspect.getdoc(tool), annotations=hints, structured_output=False)
    for address, type, text in (
            ("about", "text/plain", texts.about), ("prefixes", "text/plain", texts.prefixes),
            ("queries", "text/plain", texts.queries), ("ontology", "text/turtle", texts.ontology),
            ("ontology/{module}", "text/turtle", texts.module)):
        made.resource(f"parkg://{address}", description=inspect.getdoc(text), mime_type=type)(_failing_as(ResourceError, text))
    return made


class Texts:
    """What an agent can read. The docstring of each is what the agent is told of it."""

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry

    def about(self) -> str:
        """What the data set is, a line each: content, counts, licence, how to cite, documents."""
        inquiry = self._inquiry.pinned()
        figures = measure(inquiry)
        licences = sorted({row[0] for row in figures.rows["licences"]})
        documents = [" ".join(cell.text for cell in row if cell) for row in inquiry.table(_CITATIONS).rows]
        return "\n".join([
            TITLE["en"], ABOUT["en"],
            f"Counts: {figures.rows['totals'][0][0]} statements about {figures.rows['entities'][0][0]} things, in "
            f"{len(figures.rows['graphs'])} named graphs; revision {figures.revision.number} of {figures.revision.made}.",
            f"Licence: {' '.join(licences)}",
            "Languages: English (en) and Spanish (es).",
            f"IRIs: things are below {BASE}id/, terms below {PREFIXES['par']}; SPARQL resolves relative IRIs against {BASE}",
            "How to cite: by the passage that makes the statement, and its document; explain_statement gives both. Each passage "
            "has a named graph of what it says (par:hasNamedGraph). What stands in graph/editorial and graph/inferred alone is "
            "the project's, and no document's.",
            "Documents:", *documents])

    def prefixes(self) -> str:
        """The PREFIX lines to put above a query, ready to copy."""
        return "\n".join(f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in OUTPUT_PREFIXES.items())

    def queries(self) -> str:
        """The catalogue of questions that are ready, a line each: area, name, question; list_queries tells their parameters."""
        return "\n".join(f"{query.area}  {query.name}: {query.question}"
                         for query in sorted(self._inquiry.catalogue.all(), key=lambda q: (q.area, q.name)))

    def ontology(self) -> str:
        """The whole ontology as Turtle, some 150 kB; parkg://ontology/{module} has a part, list_terms of run_query a table."""
        return turtle(self._inquiry, bind(_ONTOLOGY, {"graph": NamedNode(ONTOLOGY_GRAPH)}))

    def module(self, module: str) -> str:
        """One module of the ontology as Turtle: core, toolbox, value_chain, actors, evidence and so on; a wrong one lists all."""
        inquiry = self._inquiry.pinned()
        rows = inquiry.table(bind(_MODULES, {"graph": NamedNode(ONTOLOGY_GRAPH)})).rows
        known = [row[0].text.removeprefix(ONTOLOGY + "/") for row in rows if row[0]]
        if module not in known:
            raise ResourceError(f"The ontology has no module {module}. It has: {', '.join(known)}.")
        return turtle(inquiry, bind(_MODULE, {"module": NamedNode(f"{ONTOLOGY}/{module}")}))


def _failing_as(error: type[ToolError | ResourceError], asked: Callable[P, str]) -> Callable[P, str]:
    """Return a function whose failures the client is told in the words of ours, without a stack trace."""
    @wraps(asked)
    def answered(*args: P.args, **kwargs: P.kwargs) -> str:
        try:
            return asked(*args, **kwargs)
        except ParkgError as failure:
            raise error(str(failure)) from failure
    return answered
