"""Turns what a search found into lines of text, rows or a tree for JSON."""

from collections.abc import Iterator
from typing import Any

from kg.inquire import Cell, Table
from kg.names import brief, path_of
from kg.search import CLOSING, OPENING, Counted, Hits


def as_lines(hits: Hits) -> Iterator[str]:
    """Yield two lines for each thing: what it is and is called, and where its words stand, marked by ``*``."""
    for one in hits.found:
        yield f"{brief(one.thing)}  {one.label}"
        snippet = one.snippet.replace(OPENING, "*").replace(CLOSING, "*").replace("\n", " ")
        yield f"    {snippet}" + (f"  ({path_of(one.passage)})" if one.passage else "")


def as_tree(hits: Hits, counted: Counted | None = None) -> dict[str, Any]:
    """Return what was found for JSON, with how many of each kind there are; the words in a snippet are pairs of start and end."""
    return {"found": [{"thing": one.thing, "kind": one.kind, "label": one.label, "language": one.language,
                       "passage": one.passage or None, **_marked(one.snippet)} for one in hits.found],
            "taken_for": hits.mended, "unknown": list(hits.unknown),
            **({"kinds": counted.kinds, "at_least": counted.at_least} if counted else {})}


def as_table(hits: Hits) -> Table:
    """Return what was found as rows, best first: the thing, what it is called, its kind, where its words stand, the passage."""
    return Table(["thing", "thing_label", "kind", "text", "passage"], [
        [Cell(one.thing, "uri"), Cell(one.label, language=one.language), Cell(one.kind),
         Cell("".join(text for text, _ in pieces(one.snippet)), language=one.language),
         Cell(one.passage, "uri") if one.passage else None] for one in hits.found])


def pieces(snippet: str) -> list[tuple[str, bool]]:
    """Return the pieces of a snippet, each with whether it was searched for."""
    found: list[tuple[str, bool]] = []
    for before in snippet.split(OPENING):
        marked, closing, after = before.partition(CLOSING)
        found += [(marked, True), (after, False)] if closing else [(marked, False)]
    return [piece for piece in found if piece[0]]


def _marked(snippet: str) -> dict[str, Any]:
    text, places = "", []
    for piece, marked in pieces(snippet):
        if marked:
            places.append([len(text), len(text) + len(piece)])
        text += piece
    return {"snippet": text, "marked": places}
