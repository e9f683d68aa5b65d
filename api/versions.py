"""Turns requests for an experience as it was into its versions: by number, by time (Memento), as a list, as a difference.

Source: RFC 7089 (Memento), pattern 1.1: what stands at the address of the thing leads, asked with Accept-Datetime, to a version.
"""

import hashlib
import re
from datetime import UTC, datetime

from flask import Blueprint, Response, after_this_request, current_app, jsonify, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.http import http_date, parse_date

from api import conditional, errors, fields
from api.answers import accepted_language, by_suffix, depend_on, inquiry, is_of_earlier, local, respond, say_in
from api.error_texts import Advice
from api.negotiation import CITATIONS, GRAPHS, JSON, LINKS, PAGE, PATCH, QUADS, Format
from api.statements import grouped
from api.taking import cited_at, cited_by_itself
from kg.citation import Citation, cite
from kg.contributions.contribute import Contributing
from kg.contributions.ledger import Event
from kg.contributions.versions import History, Version, Versions, label_of, licences_of
from kg.describe import TITLE
from kg.names import graph_of_experience, thing_iri
from kg.store.rdf import NamedNode
from kg.store.sparql import bind
from kg.store.written import write_graph

blueprint = Blueprint("versions", __name__)

_EXPERIENCE = re.compile(r"experience/([a-z0-9-]+)")
_PATH = "/id/experience/<key>"
_GRAPHS = "SELECT DISTINCT ?graph { GRAPH ?graph { ?thing ?p ?o } }"


def history_of(stem: str) -> History | None:
    """Return the versions of a thing, by its kind and key; None for all but an experience that was contributed and published."""
    match = _EXPERIENCE.fullmatch(stem)
    return _versions().of(match[1]) if match and current_app.extensions["contributing"] else None


def standing(history: History) -> int:
    """Return the number of the version that is in the graph from which this request is answered, or 0."""
    if not is_of_earlier():
        return history.current
    found = inquiry().table(bind(_GRAPHS, {"thing": NamedNode(thing_iri("experience", history.key))})).rows
    graphs = {graph.text for graph, in found if graph}
    return next((one.number for one in history.versions if graph_of_experience(history.key, one.number) in graphs), 0)


def instead_of(stem: str, suffix: str) -> Response | None:
    """Return what is answered in the place of the description of a thing, or None where that is what is asked for.

    That is a version where ``?version=`` asks for one, what leads to one where Accept-Datetime does, and 410 for an experience
    that was taken back. Raises NotFound, ParameterInvalid and BadRequest.
    """
    history = history_of(stem)
    if "version" in request.args:
        return _version(_there(history, stem), suffix)
    if history is None:
        return None
    depend_on("Accept-Datetime")
    _tell(history)
    if "Accept-Datetime" in request.headers:
        moment = parse_date(request.headers["Accept-Datetime"])
        if moment is None:
            raise BadRequest("Accept-Datetime takes a date as HTTP has it, such as Thu, 31 May 2029 20:35:00 GMT.")
        path = f"/id/{stem}" + (f".{suffix}" if suffix else "")
        return redirect(f"{path}?version={history.at(moment).number}", 302)  # type: ignore[return-value]
    return _gone(history, back) if (back := history.taken_back) and not is_of_earlier() else None


@blueprint.get(_PATH + "/versions")
@blueprint.get(_PATH + "/versions.<suffix>")
def versions(key: str, suffix: str = "") -> Response:
    """List the versions of an experience: as a time map, as JSON, as a page."""
    history = _known(key)
    format = by_suffix(suffix, (LINKS, *JSON), f"/id/experience/{key}/versions")
    language = accepted_language() if format == PAGE else ""
    _check(history, format, language)
    if format == LINKS:
        return respond(_time_map(history), format)
    told = [_told(history, one) for one in history.versions]
    if format == PAGE:
        changes = {one.number: _versions().difference(history, history.versions[one.number - 2], one)
                   for one in history.versions[1:]}
        return Response(render_template("versions.html", history=history, changes=changes, say=say_in(language),
                                        language=language, path=f"/id/experience/{key}"))
    back = history.taken_back
    return jsonify(experience=thing_iri("experience", key), current=history.current or None, versions=told,
                   taken_back={"at": back.at, "who": back.who, "why": back.note} if back else None)


@blueprint.get(_PATH + "/diff")
@blueprint.get(_PATH + "/diff.<suffix>")
def diff(key: str, suffix: str = "") -> Response:
    """Tell what changed between two versions, the last two where none are named: as a page, as JSON, as RDF Patch."""
    history = _known(key)
    later = history.version(fields.number("to", len(history.versions)))
    earlier = history.version(fields.number("from", max(1, later.number - 1)))
    format = by_suffix(suffix, (*JSON, PATCH), f"/id/experience/{key}/diff")
    language = accepted_language() if format == PAGE else ""
    _check(history, format, language)
    if format == PATCH:
        told = {"id": _address(history, later), "prev": _address(history, earlier)}
        return respond(_versions().patch(history, earlier, later, told), format)
    difference = _versions().difference(history, earlier, later)
    if format == PAGE:
        known = [*_versions().triples(history, earlier), *_versions().triples(history, later)]
        parts = [("-", grouped(difference.removes, known, language)), ("+", grouped(difference.adds, known, language))]
        return Response(render_template("diff.html", history=history, earlier=earlier, later=later, parts=parts, local=local,
                                        say=say_in(language), language=language, path=f"/id/experience/{key}"))
    return jsonify({"experience": thing_iri("experience", key), "from": earlier.number, "to": later.number,
                    "adds": [str(triple) for triple in difference.adds],
                    "removes": [str(triple) for triple in difference.removes]})


@blueprint.get(_PATH + "/citation")
@blueprint.get(_PATH + "/citation.<suffix>")
def citation(key: str, suffix: str = "") -> Response:
    """Cite a version of an experience, the one in the graph where none is named."""
    history = _known(key)
    version = history.version(fields.number("version", history.current or len(history.versions)))
    format = by_suffix(suffix, CITATIONS, f"/id/experience/{key}/citation")
    language = accepted_language()
    _check(history, format, language)
    return cited_by_itself(citation_of(history, version, language), format, f"/id/experience/{key}/citation",
                           f"?version={version.number}")


def _version(history: History, suffix: str) -> Response:
    version = history.version(fields.number("version", 0))
    path = f"/id/experience/{history.key}"
    format = by_suffix(suffix, (*GRAPHS, *QUADS), path)
    _tell(history, version)
    if format != PAGE:
        body = write_graph(_versions().quads(history, version) if format in QUADS else _versions().triples(history, version),
                           format.key)
        conditional.check_state((hashlib.sha256(body).hexdigest(),), version.made, format.type)
        return respond(body, format)
    language = accepted_language()
    _check(history, format, language)
    triples = _versions().triples(history, version)
    return Response(render_template(
        "version.html", history=history, version=version, language=language, say=say_in(language), local=local,
        title=label_of(triples, thing_iri("experience", history.key), language), path=path, formats=(*GRAPHS, *QUADS),
        groups=grouped(triples, triples, language), cited=cite(citation_of(history, version, language), "text"),
        cites=cited_at(f"{path}/citation", f"?version={version.number}")))


def _gone(history: History, back: Event) -> Response:
    path = f"/id/experience/{history.key}"
    links = [{"href": f"{path}?version={one.number}", "title": f"Version {one.number}, published {one.at[:10]}"}
             for one in history.versions]
    return errors.problem(410, "Taken back", f"The experience {history.key} was taken back on {back.at[:10]} by {back.who}: "
                          f"{back.note}\nWhat it stated stays readable, version by version.",
                          {"withdrawn": {"at": back.at, "who": back.who, "why": back.note},
                           "links": [*links, {"href": f"{path}/versions", "title": "All versions"}]},
                          Advice("Retirada", f"La experiencia {history.key} fue retirada el {back.at[:10]} por {back.who}: "
                                 f"{back.note}\nLo que afirmaba se puede seguir leyendo, versión por versión.", whole=True,
                                 links=(*(f"Versión {one.number}, publicada el {one.at[:10]}" for one in history.versions),
                                        "Todas las versiones")))


def _tell(history: History, version: Version | None = None) -> None:
    """Put on the answer to this request where the thing, its versions and their list are, and of a version which and of when."""
    def put(response: Response) -> Response:
        if response.status_code not in (200, 302, 304, 410):
            return response
        original = f"{request.url_root}id/experience/{history.key}"
        response.headers.add("Link", f'<{original}>; rel="original timegate"')
        response.headers.add("Link", f'<{original}/versions>; rel="timemap"; type="{LINKS.type}"')
        for number, relations in _places(history, version).items():
            one = history.version(number)
            response.headers.add("Link", f'<{_address(history, one)}>; rel="{" ".join(relations)} memento"; '
                                         f'datetime="{http_date(one.made)}"')
        if version:
            response.headers["Memento-Datetime"] = http_date(version.made)
            response.headers.add("Link", f'<{thing_iri("experience", history.key)}?version={version.number}>; rel="cite-as"')
        return response

    after_this_request(put)


def _places(history: History, version: Version | None) -> dict[int, list[str]]:
    """Return the numbers of the versions that are linked from one, or from the thing itself, with what each is to it."""
    found: dict[int, list[str]] = {1: ["first"]}
    found.setdefault(len(history.versions), []).append("last")
    if version:
        for relation, number in (("prev", version.number - 1), ("next", version.number + 1)):
            if 1 <= number <= len(history.versions):
                found.setdefault(number, []).append(relation)
    return found


def _time_map(history: History) -> bytes:
    """Return the list of versions in the format of RFC 6690, as RFC 7089, section 5, has it."""
    original = f"{request.url_root}id/experience/{history.key}"
    first, last = (http_date(history.versions[place].made) for place in (0, -1))
    places = _places(history, None)
    lines = [f'<{original}>;rel="original timegate"',
             f'<{original}/versions>;rel="self";type="{LINKS.type}";from="{first}";until="{last}"',
             *(f'<{_address(history, one)}>;rel="{" ".join([*places.get(one.number, ()), "memento"])}"'
               f';datetime="{http_date(one.made)}"' for one in history.versions)]
    return (",\n".join(lines) + "\n").encode()


def _told(history: History, one: Version) -> dict[str, object]:
    return {"version": one.number, "at": one.at, "contributor": one.contributor, "reviewer": one.reviewer,
            "publisher": one.publisher, "note": one.note, "address": _address(history, one)}


def citation_of(history: History, version: Version, language: str) -> Citation:
    """Return what a citation of a version says."""
    triples = _versions().triples(history, version)
    iri = thing_iri("experience", history.key)
    number = say_in(language)("version", "versión") + f" {version.number}"
    return Citation(label_of(triples, iri, language), (version.contributor,), (), number, version.at,
                    f"{iri}?version={version.number}", _address(history, version), tuple(licences_of(triples)), TITLE[language],
                    language)


def _check(history: History, format: Format, language: str) -> None:
    """Give an answer about a history a validator: it is made of the record, and in part of the labels of the revision."""
    revision, last = inquiry().revision(), history.contribution.events[-1]
    state = (str(revision.number), revision.made, history.contribution.id, str(len(history.contribution.events)), last.at)
    made = max(datetime.fromisoformat(last.at).replace(microsecond=0), datetime.fromisoformat(revision.made)).astimezone(UTC)
    conditional.check_state(state, made, format.type, language)


def _address(history: History, version: Version) -> str:
    return f"{request.url_root}id/experience/{history.key}?version={version.number}"


def _known(key: str) -> History:
    return _there(history_of(f"experience/{key}"), f"experience/{key}")


def _there(history: History | None, stem: str) -> History:
    if history is None:
        raise NotFound(f"/id/{stem} has no versions of its own: only experiences that were contributed and published have. What "
                       "comes with the data changes with all of it: /revisions lists how, and gives each as it was.")
    return history


def _versions() -> Versions:
    keeping = current_app.extensions["contributing"]
    assert isinstance(keeping, Contributing)
    return Versions(keeping.ledger)
