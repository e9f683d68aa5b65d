"""Turns JSON-LD that names our context by its address into JSON-LD that holds it, so that it is read without a connection.

What stands at any other address stays a name, which the parser refuses to look up.
"""

import functools
import json
import re

from kg.names import CONTEXT
from kg.settings import shipped

# How often in one text: each holds the whole context, and a text that names it without end would come to gigabytes.
MOST = 20

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{},:]', re.DOTALL)


@functools.cache
def own_context() -> str:
    """Return the context that ships, as it is served."""
    return (shipped("ontology") / "context.jsonld").read_text(encoding="utf-8")


@functools.cache
def _in_one_line() -> str:
    return json.dumps(json.loads(own_context())["@context"], ensure_ascii=False)


def with_own_context(text: str) -> str:
    """Return JSON-LD with the context itself wherever @context names it, alone or in a list; no line moves."""
    if CONTEXT not in text:
        return text
    parts: list[str] = []
    done = 0
    opened = [False]  # of each bracket that is open: whether it is the list of an @context
    awaited, last = False, ""
    for match in _TOKEN.finditer(text, 0, text.rindex(CONTEXT) + len(CONTEXT) + 1):
        token = match[0]
        if token in ("[", "{"):
            opened.append(token == "[" and awaited)
        elif token in ("]", "}"):
            opened = opened[:-1] or [False]
        elif token == f'"{CONTEXT}"' and (awaited or opened[-1]) and len(parts) < 2 * MOST:
            parts += text[done:match.start()], _in_one_line()
            done = match.end()
        awaited, last = token == ":" and last == '"@context"', token
    return "".join([*parts, text[done:]])
