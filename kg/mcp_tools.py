"""Turns what an agent asks into questions to the graph, and answers into text: the tools that kg.mcp_server offers.

An answer is one JSON object, or Turtle. Terms stand in it as explain_statement takes them: a thing of ours as kind/key, another
as a prefixed name or an IRI, a text in quotes with its language or datatype, a whole number as a number. What is left out of an
answer is always told. The docstring of a tool is what the agent is told of it; each raises what kg.inquire.Inquiry raises.
"""

import json
import re
from typing import Annotated, Any
from typing import Literal as OneOf

from pydantic import Field

from kg.catalogue import AREAS
from kg.console import served
from kg.entries import kind_of_thing
from kg.errors import AnswerTooLarge, ParameterInvalid
from kg.explain import explain
from kg.hits import pieces
from kg.inquire import Inquiry
from kg.names import PREFIXES, brief, path_of
from kg.parameters import iri_of
from kg.reason import read_rules
from kg.reasons import as_tree, graphs_of, term_of
from kg.settings import Settings, shipped
from kg.store.engine import Opened
from kg.store.rdf import Literal, NamedNode, Triple
from kg.store.sparql import bind, page_of
from kg.tables import as_terms

MOST_ROWS = 200
MOST_CHARACTERS = 60_000

_PASSAGE = f"""PREFIX par: <{PREFIXES["par"]}> PREFIX rdfs: <{PREFIXES["rdfs"]}> PREFIX dcterms: <{PREFIXES["dcterms"]}>
SELECT ?passage ?label ?citation {{ ?passage par:hasNamedGraph ?graph ; rdfs:label ?label ; par:isPassageOf ?document
  FILTER(LANG(?label) = ?language)
  OPTIONAL {{ ?document dcterms:bibliographicCitation ?citation FILTER(LANG(?citation) = ?language) }} }} ORDER BY ?passage"""

Thing = Annotated[str, Field(description="kind/key such as experience/ketal, a prefixed name such as par:Tool, or an IRI")]
Language = Annotated[OneOf["en", "es"], Field(description="of labels")]
Page = Annotated[int, Field(ge=1, le=1_000_000)]
Size = Annotated[int, Field(ge=1, le=MOST_ROWS, description="rows a page")]


class Tools:
    """What an agent can do."""

    def __init__(self, inquiry: Inquiry, settings: Settings) -> None:
        self._inquiry, self._settings = inquiry, settings

    def find_things(
            self, words: Annotated[str, Field(description="in English or Spanish, with accents or without: miel chiloe")],
            kinds: Annotated[list[str] | None, Field(description="only these, such as experience, tool, lesson")] = None,
            language: Language = "en", limit: Annotated[int, Field(ge=1, le=100)] = 20) -> str:
        """Find things by the words of their labels and texts, best first. Start here: other tools take the `thing` that it gives.

        `snippet` shows where the words stand, between *; `passage` is one that speaks of the thing. `taken_for` tells which words
        nothing has, with the near ones that were searched for in their place, `unknown` those that nothing has or is near.
        """
        inquiry = self._inquiry.pinned()
        hits = inquiry.search(words, language, kinds or (), limit)
        found = [{"thing": brief(one.thing), "kind": one.kind, "label": one.label,
                  "passage": path_of(one.passage) or None,
                  "snippet": "".join(f"*{text}*" if marked else text for text, marked in pieces(one.snippet))}
                 for one in hits.found]
        told: dict[str, Any] = {"found": found, "taken_for": hits.mended, "unknown": hits.unknown}
        if kinds and not found:
            told["found_of_other_kinds"] = inquiry.counted(words).kinds
        return _told(told)

    def list_queries(
            self, area: Annotated[str, Field(description=f"one of {', '.join(AREAS)}")] = "",
            about: Annotated[str, Field(description="a thing, for the queries that can be asked of it")] = "",
            words: Annotated[str, Field(description="words of names, questions, parameters and columns")] = "") -> str:
        """List the questions that are ready, all or those that the filters leave: name, question, parameters, an example.

        They were tested and are faster and surer than SPARQL of your own. A parameter `required` has to be given, `any` may be
        left out. With `about`, `takes` is the parameter that takes the thing.
        """
        inquiry = self._inquiry.pinned()
        found = inquiry.about(about) if about else [(query, "") for query in inquiry.catalogue.all()]
        for given, kept in ((area, inquiry.catalogue.of_area), (words, inquiry.catalogue.matching)):
            found = [(query, takes) for query, takes in found if not given or query in kept(given)]
        return _told({"queries": [{
            "name": query.name, "question": query.question, **({"takes": takes} if takes else {}),
            "parameters": {p.name: f"{p.type} | {p.default} | {p.meaning}" for p in query.parameters},
            "example": dict(query.example)} for query, takes in found]})

    def run_query(
            self, name: Annotated[str, Field(description="as list_queries gives it")],
            parameters: Annotated[dict[str, str | int | float] | None, Field(description='{"tool": "financing"}')] = None,
            page: Page = 1, page_size: Size = 50) -> str:
        """Ask a question of list_queries. A thing is given by its key, kind/key, IRI or name in either language.

        `columns` tells what each column means, with its unit in brackets; `rows_in_all` how many rows there are on all pages.
        `language` is a parameter of most queries: en or es.
        """
        inquiry = self._inquiry.pinned()
        text = inquiry.bound(name, {key: str(value) for key, value in (parameters or {}).items()})
        meanings = {c.name: c.meaning + (f" [{c.unit}]" if c.unit != "-" else "") for c in inquiry.catalogue.get(name).columns}
        return _told({"query": name, **_part(inquiry, text, page, page_size), "columns": meanings})

    def run_sparql(self, query: Annotated[str, Field(description="SPARQL 1.1 with its PREFIX lines")]) -> str:
        """Ask SPARQL of your own: SELECT and ASK give rows, CONSTRUCT and DESCRIBE Turtle. It reads only, within a time limit.

        Read parkg://prefixes and parkg://ontology first. `GRAPH ?g { … }` tells which passage states a triple; without it all are
        one. Texts have a language: filter with LANG(?label) = "en". No more than 200 rows are given, with the number of all:
        count in the query, or page with ORDER BY, LIMIT and OFFSET. An error tells line and column.
        """
        inquiry, form = self._inquiry.pinned(), self._inquiry.form(query)
        if form not in ("SELECT", "ASK"):
            return _bounded(turtle(inquiry, query))
        try:
            table = inquiry.table(query)
        except AnswerTooLarge as error:
            raise AnswerTooLarge("The answer has too many rows, and nothing of it is given. Count in the query, or add ORDER BY "
                                 "and LIMIT.") from error
        if form == "ASK":
            return _told({"answer": table.rows[0][0] is not None and table.rows[0][0].text == "true"})
        told: dict[str, Any] = {"rows_in_all": len(table.rows), "columns": table.columns, "rows": as_terms(table)[:MOST_ROWS]}
        if len(table.rows) > MOST_ROWS:
            told["left_out"] = f"all but the first {MOST_ROWS} rows; for others add ORDER BY, LIMIT and OFFSET, or count in it"
        return _told(told)

    def explain_statement(
            self, subject: Thing, property: Annotated[str, Field(description="such as par:usesTool, or a for the type")],
            value: Annotated[str | int, Field(description="a thing, a whole number or a text in quotes, such as \"quality\"@en")],
            language: Language = "en") -> str:
        """Say why a statement holds: the passages that state it, with what to cite, or the rule and what it follows from.

        With neither graphs nor a rule it is not in the graph; `values_there` are then what the subject has for the property.
        """
        inquiry = self._inquiry.pinned()
        term = term_of(value, literal=True) if isinstance(value, str) else Literal(value)
        triple = Triple(term_of(subject), term_of(property), term)
        there = _bound(inquiry, "find_statements", {"thing": subject, "property": triple.predicate.value})
        folder, revision = served(self._settings)
        reason = explain(triple, read_rules(shipped("rules")), Opened(folder.directory(revision)))
        told = as_tree(reason)
        if reason.holds:
            passages = {graph: inquiry.table(bind(_PASSAGE, {"graph": NamedNode(graph), "language": Literal(language)}))
                        for graph in sorted(graphs_of(reason))}
            told["passages"] = {graph: [dict(zip(table.columns, row, strict=True)) for row in as_terms(table)]
                                for graph, table in passages.items()}
        else:
            part = inquiry.table(page_of(there, MOST_ROWS, 0))
            told["values_there"] = list(dict.fromkeys(row[part.columns.index("value")] for row in as_terms(part)))
        return _told(told)

    def describe_thing(self, thing: Thing, language: Language = "en") -> str:
        """Give what is stated of a thing, what names it, each with the passage that says so, and the queries to ask of the thing.

        Up to 50 statements of each sort, with the number of all; the others by run_query of find_statements or find_mentions.
        """
        inquiry = self._inquiry.pinned()
        given = {"thing": thing, "language": language}
        parts = {name: _part(inquiry, _bound(inquiry, name, given), 1, 50) for name in ("find_statements", "find_mentions")}
        return _told({"thing": thing, **parts, "queries": {query.name: takes for query, takes in inquiry.about(thing)}})


def turtle(inquiry: Inquiry, query: str) -> str:
    """Return a graph as Turtle that declares the prefixes it uses and no others."""
    lines = inquiry.answer(query, "turtle").decode().split("\n")
    used = set(re.findall(r"[\w-]+:", "\n".join(line for line in lines if not line.startswith("@prefix "))))
    return "\n".join(line for line in lines if not line.startswith("@prefix ") or line.split()[1] in used)


def _told(told: dict[str, Any]) -> str:
    return _bounded(json.dumps(told, ensure_ascii=False, separators=(",", ":")))


def _bounded(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise AnswerTooLarge(f"The answer has {len(text):,} characters, and {MOST_CHARACTERS:,} can be given at once; nothing of "
                             "it is given. Ask for fewer rows (page_size, LIMIT), fewer columns, or less of the graph.")
    return text


def _bound(inquiry: Inquiry, name: str, given: dict[str, str]) -> str:
    """Bind a query to things; for one that is not there, what a search for the words of its key finds is told too."""
    try:
        return inquiry.bound(name, given)
    except ParameterInvalid as error:
        iri = iri_of(given.get(str(error).partition("=")[0], ""))
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.split("[/#]", iri)[-1])
        near = inquiry.search(words, kinds=(kind_of_thing(iri),), limit=3).found or inquiry.search(words, limit=3).found
        found = ", ".join(brief(one.thing) for one in near)
        raise ParameterInvalid(f"{error} A search for its words finds {found or 'nothing'}.") from error


def _part(inquiry: Inquiry, query: str, page: int, size: int) -> dict[str, Any]:
    total = inquiry.total(query)
    pages = None if total is None else max(1, -(-total // size))
    if pages is not None and page > pages:
        raise ParameterInvalid(f"page={page} is past the end: there are {total} rows, on {pages} pages of {size}.")
    table = inquiry.table(page_of(query, size, (page - 1) * size))
    return {"rows_in_all": "unknown: counting took too long" if total is None else total, "page": page, "pages": pages,
            "columns": table.columns, "rows": as_terms(table)}
