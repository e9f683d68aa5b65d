"""The HTTP face of the knowledge graph: turns requests into questions to kg, and answers into representations."""

from flask import Flask, Response, request

from api import errors, graph_store, home, queries, sparql, things, update
from kg.amend import Amending
from kg.inquire import Inquiry

MAX_REQUEST_BYTES = 1 << 20
PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'"


def create_app(inquiry: Inquiry, amending: Amending) -> Flask:
    """Return the application that answers from ``inquiry`` and changes by ``amending``. It opens nothing itself."""
    app = Flask(__name__)
    app.url_map.strict_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_REQUEST_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["inquiry"] = inquiry
    app.extensions["amending"] = amending
    for module in (home, sparql, update, graph_store, things, queries):
        app.register_blueprint(module.blueprint)
    errors.register(app)
    app.after_request(_let_others_read)
    return app


def _let_others_read(response: Response) -> Response:
    response.headers.setdefault("Access-Control-Allow-Origin", "*")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    response.vary.update(("Accept", "Accept-Language"))
    if request.method == "OPTIONS":
        response.headers.setdefault("Access-Control-Allow-Methods", response.headers.get("Allow", "GET"))
        response.headers.setdefault("Access-Control-Allow-Headers", "Accept, Accept-Language, Content-Type")
    return response
