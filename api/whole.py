"""Turns a revision of the whole into what it was made for, who contributed to it, and how it is cited."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from flask import current_app, request
from werkzeug.exceptions import NotFound

from api.answers import names_of, say_in
from kg.citation import Citation
from kg.contributions.versions import Versions
from kg.describe import TITLE
from kg.names import EXPERIENCE_GRAPH, LICENCE, PUBLISHER, REVISION
from kg.store.dumps import Dumps
from kg.store.journal import Entry
from kg.store.revisions import Revision

_VERSION = re.compile(re.escape(EXPERIENCE_GRAPH) + r"([a-z0-9-]+)/(\d+)")
_GROUP = "COCINA PAR graph project"


def dumps() -> Dumps:
    """Return what makes the files of a revision. Raises NotFound where this server has none to give."""
    found = current_app.extensions["dumps"]
    if not isinstance(found, Dumps):
        raise NotFound("This server has no revisions to give: it serves a plain store, or one that it does not fill itself.")
    return found


def citation_of(one: Revision, language: str, contributors: Sequence[str] = ()) -> Citation:
    """Return what a citation of a revision says, its title in a language.

    contributors: who sent what is in it, for a citation of the whole; a page of it, which most of them have no part in, names
    the project.
    """
    return Citation(TITLE[language], tuple(contributors), (names_of({PUBLISHER}, language).get(PUBLISHER, _GROUP),),
                    say_in(language)("revision", "revisión") + f" {one.number}", one.made, f"{REVISION}{one.number}",
                    f"{request.url_root}revisions/{one.number}", (LICENCE,), language=language)


def causes_of(entry: Entry | None) -> Iterator[dict[str, Any]]:
    """Yield what a publication did: which experience was published as which version, or taken back."""
    found: dict[str, tuple[int, str]] = {}
    for graph, (_, _, what) in (entry.graphs if entry else {}).items():
        if match := _VERSION.fullmatch(graph):
            key, version = match[1], int(match[2])
            found[key] = max(found.get(key, (0, "")), (version, what))
    for key, (version, what) in found.items():
        yield {"experience": key, "version": version, "did": {"new": "published", "gone": "taken back"}.get(what, "changed")}


def contributors_of(one: Revision) -> list[str]:
    """Return who sent the versions that were in the graph, as far as the journal goes back, in the order in which they came."""
    there: dict[str, int] = {}
    for number, entry in sorted(dumps().entries().items()):
        for cause in causes_of(entry) if number <= one.number else ():
            there.pop(cause["experience"], None)
            if cause["did"] != "taken back":
                there[cause["experience"]] = cause["version"]
    keeping = current_app.extensions["contributing"]
    found: dict[str, None] = {}
    for key, version in there.items() if keeping else ():
        history = Versions(keeping.ledger).of(key)
        if history and version <= len(history.versions):
            found[history.version(version).contributor] = None
    return list(found)
