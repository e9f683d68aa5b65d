"""The HTTP face of the knowledge graph: turns requests into questions to kg, and answers into representations."""

from flask import Flask

from api import (
    about,
    answers,
    ask,
    compare,
    conditional,
    contributions,
    cube,
    description,
    download,
    entrance,
    entry,
    errors,
    explain,
    graph_store,
    home,
    language,
    linked,
    listing,
    map,
    memory,
    metrics,
    openapi,
    path,
    pictures,
    preview,
    projects,
    queries,
    reports,
    revisions,
    search,
    sparql,
    suggest,
    taking,
    things,
    transfer,
    update,
    versions,
    vocabulary,
)
from kg.amend import Amending
from kg.contributions.contribute import Contributing
from kg.contributions.reports import Reports
from kg.inquire import Inquiry
from kg.names import EDITORIAL_GRAPH, INFERRED_GRAPH, brief, kind_of
from kg.store.dumps import Dumps

MAX_REQUEST_BYTES = 64 << 20


def create_app(inquiry: Inquiry, amending: Amending, contributing: Contributing | None = None,
               kept: Reports | None = None, dumps: Dumps | None = None) -> Flask:
    """Return the application that answers from ``inquiry`` and changes by ``amending``. It opens nothing itself.

    contributing: what takes contributions, and kept: what takes reports of wrong facts, where they are taken. dumps: what makes
    files of the whole, where there are revisions of our own.
    """
    app = Flask(__name__)
    app.url_map.strict_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_REQUEST_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the parts of a page come in its order
    app.extensions["inquiry"] = inquiry
    app.extensions["amending"] = amending
    app.extensions["contributing"] = contributing
    app.extensions["reports"] = kept
    app.extensions["dumps"] = dumps
    app.jinja_env.globals |= {"suffixed": taking.suffixed, "crumbs_for_machines": linked.crumbs,
                              "takes_reports": kept is not None, "page_asked": reports.page_asked, "brief": brief,
                              "kind_of": kind_of, "inferred_graph": INFERRED_GRAPH, "editorial_graph": EDITORIAL_GRAPH}
    app.extensions["fingerprint"] = conditional.fingerprint(inquiry)
    app.extensions["figures"] = {}
    app.extensions["meters"] = metrics.Meters()
    app.extensions["memory"] = memory.Memory()
    for module in (language, home, entrance, ask, sparql, update, graph_store, listing, things, queries, search, suggest, openapi,
                   description, contributions, entry, preview, reports, versions, revisions, download, cube,
                   compare, path, map, projects, about, explain, pictures, metrics, vocabulary):
        app.register_blueprint(module.blueprint)
    errors.register(app)
    app.before_request(transfer.refuse_unanswerable)
    app.after_request(transfer.finish)
    app.teardown_request(answers.let_go)
    return app
