"""Turns the ontology and the catalogue into what an editor of SPARQL completes from: terms, prefixes, examples."""

from typing import Any

from flask import Blueprint, Response, jsonify

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry
from api.negotiation import JSON
from kg.errors import ParameterInvalid
from kg.names import PREFIXES, compact

blueprint = Blueprint("vocabulary", __name__)


@blueprint.get("/vocabulary")
def vocabulary() -> Response:
    """Give the classes and properties with their names in a language, the prefixes, and the catalogue's questions as SPARQL."""
    format = choose(JSON, page=False)
    fields.refuse_others("/vocabulary", ("language", "format"))
    language = accepted_language()
    conditional.check(format.type, language)
    return jsonify(terms=_terms(language), prefixes=PREFIXES, examples=_examples(language))


def _terms(language: str) -> list[dict[str, Any]]:
    rows = inquiry().table(inquiry().bound("list_terms", {"language": language})).rows
    found = {row[0].text: {"iri": row[0].text, "term": compact(row[0].text), "label": row[1].text, "definition": row[2].text,
                           "kind": "class" if row[3].text.endswith("#Class") else "property"}
             for row in rows if row[0] and row[1] and row[2] and row[3]}
    return list(found.values())


def _examples(language: str) -> list[dict[str, str]]:
    found = []
    for query in inquiry().catalogue.all():
        try:
            text = query.bound(query.example)
        except ParameterInvalid:
            continue
        found.append({"name": query.name, "question": query.question_es if language == "es" else query.question, "query": text})
    return found
