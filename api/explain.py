"""Turns a statement into the reason why it holds: ``/explain``, as a page in which each premise leads on, and as JSON."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import BadRequest, NotFound

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry, local, say_in
from api.negotiation import JSON, PAGES
from api.passages import passages_of
from api.rule_texts import in_spanish
from api.taking import citable, page
from kg.explain import Reason, explain
from kg.names import GRAPH, brief, is_public_graph
from kg.reason import Rule, read_rules
from kg.reasons import as_tree, graphs_of, term_of
from kg.settings import shipped
from kg.store.rdf import Literal, NamedNode, Triple, read_n_quads
from kg.store.sparql import bind

blueprint = Blueprint("explain", __name__)

_GRAPHS = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?subject ?property ?value } } ORDER BY ?graph"


class Asked:
    """What explaining asks of a graph, answered by what answers this request."""

    def graphs_of(self, triple: Triple) -> list[str]:
        """Return the names of the public graphs that hold a triple, sorted."""
        asked = bind(_GRAPHS, {"subject": _bound(triple.subject), "property": _bound(triple.predicate),
                               "value": _bound(triple.object)})
        return [row[0].text for row in inquiry().table(asked).rows if row[0] and is_public_graph(row[0].text)]

    def construct(self, query: str) -> list[Triple]:
        """Return what a CONSTRUCT query constructs, each triple once."""
        return list(dict.fromkeys(quad.triple for quad in read_n_quads(inquiry().answer(query, "ntriples"))))


@dataclass(frozen=True)
class Word:
    """A term on a page: what it is called, its language, its IRI (empty for a text), and how ``/explain`` takes it."""

    name: str
    language: str
    iri: str
    written: str


@dataclass(frozen=True)
class Told:
    """A reason on a page: the statement in words, the passages that say it, or the rule, and what that rests on."""

    words: tuple[Word, Word, Word]
    sources: list[tuple[str, str]]
    rule: str
    premises: list["Told"]

    @property
    def address(self) -> str:
        """Return where this statement is explained by itself."""
        return "/explain?" + urlencode(dict(zip("spo", (word.written for word in self.words), strict=True)), safe="/:")


@blueprint.get("/explain")
def explanation() -> Response:
    """Tell why a statement holds: where it is said, or by which rule it follows from what."""
    fields.refuse_others("/explain", ("s", "p", "o", *fields.OF_PAGE))
    asked = [fields.once(name) for name in "spo"]
    if not all(asked):
        raise BadRequest("Give a statement: s, its subject, p, its property, and o, its value, as in "
                         "/explain?s=experience/ketal&p=par:usesTool&o=tool/quality.")
    format = choose((*JSON, *citable()), page=True)
    language = accepted_language() if format in PAGES else ""
    conditional.check(format.type, language)
    triple = Triple(term_of(asked[0]), term_of(asked[1]), term_of(asked[2], literal=True))
    reason = explain(triple, _rules(), Asked())
    if not reason.holds:
        raise NotFound(f"The graph does not say that {asked[0]} {asked[1]} {asked[2]}, and it does not follow from what it says. "
                       f"What it says of {asked[0]} stands at its own page; a text is written in quotes, with its language, as "
                       "in \"Ketal\"@en.")
    if format not in PAGES:
        return jsonify(as_tree(reason))
    told = _told(reason, inquiry().labels(_iris(reason), language), language, _sources(reason, language))
    subject = told.words[0]
    why = say_in(language)("Why this holds", "Por qué vale esto")
    return page("explain.html", f"{why}: {' '.join(word.name for word in told.words)}",
                [(subject.name, local(subject.iri))] if subject.iri and local(subject.iri) else [], told=told)


def _rules() -> list[Rule]:
    return read_rules(shipped("rules"))


def _bound(term: object) -> NamedNode | Literal:
    if not isinstance(term, NamedNode | Literal):
        raise NotFound("What has no name of its own cannot be explained by itself.")
    return term


def _terms(reason: Reason) -> tuple[object, object, object]:
    return reason.triple.subject, reason.triple.predicate, reason.triple.object


def _iris(reason: Reason) -> set[str]:
    own = {term.value for term in _terms(reason) if isinstance(term, NamedNode)}
    return own.union(*map(_iris, reason.premises))


def _sources(reason: Reason, language: str) -> dict[str, tuple[str, str]]:
    """Return, for each graph that a reason comes down to, the IRI and the name of its passage, or those of the graph itself."""
    graphs = graphs_of(reason)
    names = inquiry().labels(set(graphs), language)
    found = passages_of(graphs, language)
    return {graph: found.get(graph) or (graph, names.get(graph) or graph.removeprefix(GRAPH)) for graph in graphs}


def _told(reason: Reason, names: dict[str, str], language: str, sources: dict[str, tuple[str, str]]) -> Told:
    subject, property, value = (_word(term, names) for term in _terms(reason))
    rule = in_spanish(reason.rule) if language == "es" else reason.rule
    return Told((subject, property, value), [sources[graph] for graph in reason.graphs], rule,
                [_told(premise, names, language, sources) for premise in reason.premises])


def _word(term: object, names: dict[str, str]) -> Word:
    if isinstance(term, NamedNode):
        return Word(names.get(term.value) or brief(term.value), "", term.value, brief(term.value))
    assert isinstance(term, Literal)
    tail = f"@{term.language}" if term.language else f"^^{term.datatype.value}"
    return Word(term.value, term.language or "", "", f'"{term.value}"{tail}')
