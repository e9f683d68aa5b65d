"""Turns a visitor's choice of a language into one that stays, and gives every page the words of the language that it is in."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, g, redirect
from werkzeug.exceptions import NotFound

from api import fields
from api.abbreviations import spelled
from api.answers import CHOICE, accepted_language, local, say_in, shown
from api.columns import heading, worded
from api.said import said_at
from api.standard_terms import standard_term
from kg.amounts import written
from kg.parameters import LANGUAGES

blueprint = Blueprint("language", __name__)

KEPT_S = 365 * 24 * 3600


@blueprint.get("/language/<code>")
def choose_language(code: str) -> Response:
    """Keep a language in a cookie and lead back to the page that was left, which the field ``back`` names by its path."""
    if code not in LANGUAGES:
        raise NotFound(f"There is no language {code}. There are: {', '.join(LANGUAGES)}.")
    fields.refuse_others("/language", ("back",))
    back = fields.once("back")
    here = back.startswith("/") and not back.startswith("//") and "\\" not in back and back.isprintable()
    response = redirect(_in(code, back) if here else "/", 303)
    response.set_cookie(CHOICE, code, max_age=KEPT_S, samesite="Lax", httponly=True)
    return response  # type: ignore[return-value]


def _in(language: str, address: str) -> str:
    """Return an address of ours, with this language in the place of the one that it names, if it names one."""
    path, _, query = address.partition("?")
    given = [(name, language if name == "language" else value) for name, value in parse_qsl(query, keep_blank_values=True)]
    return path + (f"?{urlencode(given, safe='/:')}" if given else "")


def page_language() -> str:
    """Return the language in which something is asked for, by its address or else by what the browser prefers.

    Raises ParameterInvalid where the address names one that there is not, or two.
    """
    asked = fields.once("language")
    return fields.LANGUAGE.term(asked).value if asked else accepted_language()


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """Give pages their language, the other one, and ``say``, which of a text in English and in Spanish takes the one."""
    if "page_language" not in g:
        g.page_language = accepted_language()
    language = g.page_language
    return {"language": language, "other_language": "en" if language == "es" else "es", "say": say_in(language), "local": local,
            "said_at": lambda passage, says: said_at(passage, says, language), "spelled": spelled,
            "standard_term": standard_term,
            "shown": lambda cell: shown(cell, language), "amount": lambda number: say_in(language)(*written(number)),
            "columned": lambda column: heading(column, language),
            "worded": lambda column, text: worded(column, text, language)}
