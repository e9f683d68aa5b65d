"""Turns the last edition of a contribution into the pages that it would have if it were published, by what makes such pages.

All that is asked while one is made is asked of the graph as it would be. Whatever makes pages has nothing to do for it, and
links to things that have a page nowhere else lead to theirs in the preview.
"""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, g, redirect, request
from werkzeug.exceptions import NotFound

from api import things
from api.answers import Preview, answer_from, inquiry
from api.contribution_texts import TEXTS
from api.contributions import contributing
from api.language import page_language
from api.neighbours import neighbours_of
from kg.contributions.ledger import MOVES, Contribution
from kg.contributions.provenance import as_version
from kg.entry.shipped import shipped_form
from kg.inquire import Inquiry
from kg.names import BASE, GRAPH, graph_of_experience, path_of
from kg.store.rdf import NamedNode
from kg.submissions.known_things import KnownThings

blueprint = Blueprint("preview", __name__)

_UNPUBLISHED = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


@blueprint.get("/contributions/<id>/preview")
def experience(id: str) -> Response:
    """Show the experience of a contribution as its own page would."""
    one = contributing().ledger.get(id)
    return _page(one, path_of(one.experience))


@blueprint.get("/contributions/<id>/preview/<path:path>")
def thing(id: str, path: str) -> Response:
    """Show another thing that a contribution brings, or after ``graph/`` a graph, as its own page would."""
    return _page(contributing().ledger.get(id), path)


@blueprint.app_context_processor
def _banner() -> dict[str, Any]:
    """Give every page what it says above itself where it is a preview."""
    preview: Preview | None = g.get("preview")
    if preview is None:
        return {"preview": None}
    return {"preview": preview, "preview_texts": TEXTS[preview.language],
            "preview_areas": shipped_form().areas if preview.contribution.state in MOVES["save"].at else ()}


def _page(one: Contribution, path: str) -> Response:
    address = f"/{path}" if path.startswith("graph/") else f"/id/{path}"
    if one.state == "published":
        return redirect(quote(address, safe="/:@-._~"), 303)  # type: ignore[return-value]
    language, catalogue = page_language(), inquiry().catalogue
    with contributing().preview(one) as trial:
        tried = Inquiry(trial, trial, catalogue)
        addresses = _addresses(one, tried)
        iri = BASE + address.removeprefix("/")
        if iri not in addresses:
            raise NotFound(f"The contribution brings no {path}. What is published stands at {address}, if it is.")
        answer_from(tried, Preview(one, addresses, language))
        response = things.page(neighbours_of(NamedNode(iri)), path, address)
    response.headers.update(_UNPUBLISHED)
    return response


def _addresses(one: Contribution, tried: Inquiry) -> dict[str, str]:
    """Return where the preview has a page of what nobody but this contribution states something of, and of its graphs."""
    own = graph_of_experience(one.key, one.next_version)
    edition = as_version(contributing().ledger.body(one, one.edition), one.key, one.next_version)
    graphs = {graph for graph in edition if graph == own or graph.startswith(own + "/")}
    told = {triple.subject.value for triples in edition.values() for triple in triples if isinstance(triple.subject, NamedNode)}
    homes = KnownThings(tried).homes({iri for iri in told if path_of(iri)})
    root = f"/contributions/{one.id}/preview"
    asked = f"?language={page_language()}" if "language" in request.args else ""
    paths = {**{iri: path_of(iri) for iri, found in homes.items() if found <= graphs},
             **{graph: "graph/" + graph.removeprefix(GRAPH) for graph in graphs}}
    return {iri: f"{root}/{quote(path, safe='/:@-._~')}{asked}" for iri, path in paths.items()}
