"""Turns the abbreviations of the toolbox in a text into words: written out where a page has one first, explained where again."""

from flask import g
from markupsafe import Markup, escape

_WORDS = {"SP/RE": {"en": "small producers and rural entrepreneurs", "es": "pequeños productores y emprendedores rurales"}}


def spelled(text: str, language: str) -> Markup:
    """Return a text as HTML, its abbreviations with their words in its language; those that this page had before as ``abbr``."""
    html = escape(text)
    for short, words in _WORDS.items():
        if short in html and (full := words.get(language)):
            known: set[str] = g.setdefault("spelled", set())
            again = Markup('<abbr title="{}">{}</abbr>').format(full, short)
            first = again if short in known else Markup("{} ({})").format(full, short)
            known.add(short)
            before, after = html.split(short, 1)
            html = before + first + after.replace(short, again)
    return html
