"""Turns the graph into what is told about it as a whole: ``/about``, ``/coverage``, the sitemap."""

from flask import Blueprint, Response, render_template, request

from api import conditional, fields, linked
from api.answers import accepted_language, choose, inquiry, say_in
from api.as_data import answered
from api.negotiation import GRAPHS, PAGES, RESULTS
from api.sections import Section, fill
from api.taking import citable, page
from api.whole import citation_of, contributors_of
from kg.names import BASE, compact
from kg.store.sparql import page_of

blueprint = Blueprint("about", __name__)

MOST_ADDRESSES = 45_000  # a sitemap may have 50,000
MOST_SHOWN = 2000
_SITEMAP_PARTS = 9
_PAGES = ("/", "/cube", "/path", "/compare", "/map", "/projects", "/search", "/ask", "/queries", "/sparql", "/ontology", "/about",
          "/coverage", "/download", "/revisions", "/api", "/contributions")
_NOT_CRAWLED = ("/sparql?", "/search?", "/ask?", "/store", "/update", "/language/", "/contributions/", "/reports/")
_LISTED = ("passage", "passage_label", "statements", "things", "within", "reason")
_COUNTED = ("passages", "empty", "statements", "things", "within")
_SHOWN = ("par:SystematizedExperience", "par:EntryWay", "par:Tool", "par:Approach", "par:Document", "par:Passage", "par:Lesson",
          "par:Discrepancy")


@blueprint.get("/about")
def about() -> Response:
    """Tell what this is, how sure it is, where its sources disagree, how to cite and reuse it, how to add to it."""
    format = choose(citable(), page=True)
    fields.refuse_others("/about", fields.OF_PAGE)
    language = accepted_language()
    conditional.check(format.type, language)
    contents = fill(Section("contents", "What is in it", "Qué contiene", "count_things", most=MOST_SHOWN, counted=("things",)),
                    language)
    there = {compact(cell.text): line for line in contents.lines if (cell := line.cells["class"])}
    revision = inquiry().revision()
    citation = citation_of(revision, language, contributors_of(revision)) if citable() else None
    odds = fill(Section("discrepancies", "Where the sources disagree", "Dónde no concuerdan las fuentes", "count_discrepancies",
                        columns=("document", "document_label", "kind_label", "discrepancies", "passages", "things"),
                        most=MOST_SHOWN, counted=("discrepancies", "passages", "things")), language)
    return page("about.html", say_in(language)("About the data", "Sobre los datos"), citation=citation,
                linked=linked.whole(revision, language), odds=odds, contents=contents,
                counts={kind: there[kind] for kind in _SHOWN if kind in there})


@blueprint.get("/coverage")
def coverage() -> Response:
    """Tell how many passages each document has, or what each passage of one document yielded."""
    format = choose((*RESULTS, *GRAPHS, *citable()), page=True)
    fields.refuse_others("/coverage", ("document", *fields.OF_PAGE))
    language = accepted_language()
    conditional.check(format.type, language)
    document = fields.once("document")
    query = "count_passage_statements" if document else "count_coverage"
    given = {"document": document} if document else {}
    if format not in PAGES:
        return answered(query, {**given, "language": language}, format, "coverage")
    inquiry().bound(query, given)  # a document that is not there is told as an error, not as a page without rows
    told = fill(Section("coverage", "What each passage yielded" if document else "Documents", "Qué dio cada pasaje"
                        if document else "Documentos", query, given, _LISTED if document else (), most=MOST_SHOWN,
                        counted=_COUNTED), language)
    named = fill(Section("document", "", "", "count_coverage", given), language) if document else None
    name = named.lines[0].cells.get("document_label") if named and named.lines else None
    say = say_in(language)
    title, above = say("Coverage", "Cobertura"), [(say("About the data", "Sobre los datos"), "/about")]
    if document:
        above, title = [*above, (title, "/coverage")], f"{title}: {name.text if name else document}"
    return page("coverage.html", title, above, told=told, document=document)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the pages and every thing that has one; what does not fit into one list stands in those that ``?part=`` names."""
    fields.refuse_others("/sitemap.xml", ("part",))
    part = fields.number("part", 1)
    conditional.check("application/xml")
    listed = inquiry().bound("list_pages", {})
    rows = inquiry().table(page_of(listed, MOST_ADDRESSES, (part - 1) * MOST_ADDRESSES)).rows
    root = request.url_root.rstrip("/")
    pages = [*_PAGES, *(f"/queries/{query.name}" for query in inquiry().catalogue.all())] if part == 1 else []
    addresses = [root + page for page in pages] + [root + "/" + row[0].text.removeprefix(BASE).lstrip("/")
                                                   for row in rows if row[0]]
    text = render_template("sitemap.xml", addresses=addresses, made=inquiry().revision().made[:10])
    return Response(text, content_type="application/xml; charset=utf-8")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers what is worth reading: pages, but not every answer that a question or the endpoint can give."""
    fields.refuse_others("/robots.txt", ())
    conditional.check("text/plain")
    total = inquiry().total(inquiry().bound("list_pages", {})) or 0
    parts = min(max(1, -(-total // MOST_ADDRESSES)), _SITEMAP_PARTS)
    root = request.url_root.rstrip("/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_CRAWLED),
             *(f"Sitemap: {root}/sitemap.xml" + (f"?part={part}" if part > 1 else "") for part in range(1, parts + 1))]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
