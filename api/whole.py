"""Turns a page about the whole into how it is cited: as of the revision that is served."""

from dataclasses import replace

from flask import current_app, request

from api.answers import inquiry, say_in
from api.revisions import citation_of
from kg.citation import cite


def cited(path: str, english: str, spanish: str, language: str) -> str:
    """Return how a page is cited, as text; nothing where revisions are not ours. english, spanish: its title."""
    if not current_app.extensions["dumps"]:
        return ""
    whole = citation_of(inquiry().revision(), language)
    title = say_in(language)(english, spanish)
    return cite(replace(whole, title=title, within=whole.title, address=request.url_root.rstrip("/") + path), "text").strip()
