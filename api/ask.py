"""Turns a question in plain words into the answer of the query that fits it best, as a page or as data."""

import json

from flask import Blueprint, Response, jsonify, request

from api import conditional, fields
from api.answers import accepted_language, choose, inquiry, names_of, say_in
from api.as_data import answered, given_as
from api.kinds import kinds_in
from api.negotiation import JSON, PAGE, PAGES, SHOWN
from api.paging import FIELDS, page_asked_for, part_asked_for
from api.sections import Section, of_table
from api.taking import citable, page
from kg.ask import ask, nothing_asked
from kg.asked import address_of, as_tree, question_of
from kg.errors import ParameterInvalid
from kg.hits import as_table, pieces
from kg.names import brief, path_of

blueprint = Blueprint("ask", __name__)

_FIELDS = ("q", *fields.OF_PAGE, *FIELDS)


@blueprint.get("/ask")
def ask_question() -> Response:
    """Answer a question with the query of the catalogue that fits it best, and offer the next ones; or say what is near."""
    format = choose((*SHOWN, *citable()), page=True)
    fields.refuse_others("/ask", _FIELDS)
    part_asked_for()  # refused whether or not there is an answer to give in parts
    question = request.args.get("q", "").strip()
    language = accepted_language() if format in PAGES or fields.once("language") else ""
    conditional.check(format.type, language if format in PAGES else "")
    if not question and format != PAGE:
        raise ParameterInvalid("q is missing: the question, as in /ask?q=which+tools+did+Maqueo+use.",
                               "Falta q: la pregunta, como en /ask?q=qué+herramientas+usó+Maqueo.")
    asked = ask(question, inquiry()) if question else nothing_asked(language)
    best = asked.candidates[0] if asked.candidates else None
    if format not in (*PAGES, *JSON):
        if best:
            return answered(best.query.name, best.given, format, always=True)
        return given_as(as_table(asked.found), format, "search", [("q", question), ("language", asked.language)])
    text = inquiry().bound(best.query.name, best.given) if best else ""
    paged, part = page_asked_for(text, always=True) if best else ("", None)
    if format in JSON:
        tree = as_tree(asked)
        if best:
            tree["answer"] |= {"sparql": text, "results": json.loads(inquiry().answer(paged, "json"))}
        response = jsonify(tree)
    else:
        answer = of_table(Section("answer", "", "", best.query.name, best.given), inquiry().table(paged), address_of(best),
                          asked.language) if best else None
        labels = names_of({thing.thing for one in asked.named for thing in one.things}, language)
        response = page("ask.html", asked.question or say_in(language)("Ask", "Preguntar"),
                        [(say_in(language)("Ask", "Preguntar"), "/ask")] if question else [], bare=not question, asked=asked,
                        best=best, text=text, part=part, answer=answer, address_of=address_of, question_of=question_of,
                        short=brief, pieces=pieces, labels=labels,
                        meant={name: label for thing, label in labels.items() for name in (path_of(thing), brief(thing))},
                        called=kinds_in(language) if asked.found.found else {})
    return part.told(response) if part else response
