"""Turns pages that a person fills in, and files, into contributions: no RDF to know, and no script.

What is filled in is kept as a draft, an edition of RDF like any other; a page shows what is in it and what was found in it.
"""

import base64
import re
from collections.abc import Callable, Hashable
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound, UnsupportedMediaType

from api import fields
from api.access import require
from api.answers import inquiry
from api.contributions import contributing
from api.entry_coordinates import coordinates
from api.entry_page import Page, page_of
from api.entry_texts import TEXTS
from api.entry_told import read_rows
from api.language import page_language
from kg.contributions.ledger import MOVES, Contribution
from kg.entry.choices import choices_of
from kg.entry.example import example_rows
from kg.entry.form import Area
from kg.entry.parts import rows_of, with_area
from kg.entry.rows import Rows
from kg.entry.sheets import FORMAT_OF_SUFFIX, SHEET_FORMATS, packed
from kg.entry.shipped import shipped_form
from kg.entry.workbook import write_csv, write_workbook
from kg.errors import ContributionFaulty
from kg.store.changes import Upload
from kg.submissions.finding import Finding
from kg.submissions.known_things import KnownThings

blueprint = Blueprint("entry", __name__)

T = TypeVar("T")
MOST_KEPT = 64
MORE = 3  # empty records that are added at a time
_SHORT = "short"


@blueprint.get("/contributions/new")
def new() -> Response:
    """Show the short form, empty or with what the address fills in."""
    given = Rows((*coordinates(page_language()), *rows_of(shipped_form(), fields.of_address())))
    return _page(None, _area(_SHORT), given)


@blueprint.post("/contributions/new")
def begin() -> Response:
    """Keep a new draft."""
    return _saved(None, _area(_SHORT))


@blueprint.get("/contributions/<id>/form/<area>")
def show(id: str, area: str) -> Response:
    """Show an area of the form, with what a contribution has in it and what was found in it."""
    one = contributing().ledger.get(id)
    return _page(one, _area(area), _rows(one))


@blueprint.post("/contributions/<id>/form/<area>")
def save(id: str, area: str) -> Response:
    """Keep what was filled in, and go where the button says."""
    return _saved(contributing().ledger.get(id), _area(area))


@blueprint.get("/template/<name>")
def template(name: str) -> Response:
    """Give the workbook or the CSV files to fill in."""
    return _file(Rows(()), "experience", name)


@blueprint.get("/contributions/<id>/template/<name>")
def filled_template(id: str, name: str) -> Response:
    """Give a contribution as a workbook or as CSV files, to go on with."""
    one = contributing().ledger.get(id)
    return _file(_rows(one), one.key, name)


@blueprint.post("/contributions/upload")
def upload() -> Response:
    """Take a file from a page: check it alone, or keep it as a new contribution or as the next edition of one."""
    token, language = require("write"), page_language()
    name, body = _sent_file()
    format = FORMAT_OF_SUFFIX.get("." + name.rpartition(".")[2].lower())
    if format is None:
        raise UnsupportedMediaType(f"What {name} is cannot be told from its name. It ends in one of: "
                                   f"{', '.join(FORMAT_OF_SUFFIX)}.")
    given, id, do = Upload(body, format), request.form.get("id", ""), request.form.get("do")
    if do == "check":
        checked = contributing().check(given, language)
        next_steps = [*([] if checked.blocked else ["submit"]), *(["draft"] if checked.key else [])]
        return _told(checked.findings, name, body, next_steps)
    try:
        taken = contributing().take(token, given, id, do == "draft", language=language)
    except ContributionFaulty as error:
        return _told(_found(error), name, body, [] if do == "draft" else ["draft"], 422)
    return _to(f"/contributions/{taken.contribution.id}")


def _sent_file() -> tuple[str, bytes]:
    """Return the name and the bytes of the file that a form brings: chosen now, or carried along by the page that checked it."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        return sent.filename, sent.read()
    name = request.form.get("name", "")
    if not name:
        raise BadRequest("There is no file in the form: choose one.")
    try:
        return name, base64.b64decode(request.form.get("body", ""), validate=True)
    except ValueError as error:
        raise BadRequest("The file that was checked has not come along whole: choose it again.") from error


def _told(findings: list[Finding], name: str, body: bytes, next_steps: list[str], status: int = 200) -> Response:
    """Show what was found in a file, and what can be done with it as it is; it goes along with the page."""
    language = page_language()
    page = render_template("findings.html", findings=findings, language=language, texts=TEXTS[language], name=name,
                           body=base64.b64encode(body).decode(), next_steps=next_steps, id=request.form.get("id", ""))
    return Response(page, status)


def _found(error: ContributionFaulty) -> list[Finding]:
    return [Finding(**found) for found in error.findings]  # type: ignore[arg-type]


def _saved(one: Contribution | None, area: Area) -> Response:
    token, form = require("write"), shipped_form()
    if request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType("The form is sent as application/x-www-form-urlencoded.")
    filled = fields.of_form(request.get_data())
    rows = with_area(form, _rows(one) if one else Rows(()), area.key, rows_of(form, filled))
    do = next(iter(filled.get("do", ())), "save")
    seen = next(iter(filled.get("edition", ())), "")
    if one and seen != str(one.edition):
        return _page(one, area, rows, notice="changed", status=409)
    try:
        taken = contributing().take(token, rows, one.id if one else "", draft=True, language=page_language())
    except ContributionFaulty as error:
        return _page(one, area, rows, _found(error), status=422)
    path = f"/contributions/{taken.contribution.id}"
    if do == "submit":
        try:
            contributing().take(token, _rows(taken.contribution), taken.contribution.id, language=page_language())
        except ContributionFaulty:
            return _to(f"{path}/form/{area.key}", tried="1")
        return _to(path)
    if do.startswith("more:"):
        return _to(f"{path}/form/{area.key}", more=do.partition(":")[2], anchor=do.partition(":")[2])
    areas = [found.key for found in form.areas]
    if do == "next" and area.key != areas[-1]:
        return _to(f"{path}/form/{areas[areas.index(area.key) + 1]}")
    return _to(path) if do in ("next", "see") else _to(f"{path}/form/{area.key}", saved="1")


def _page(one: Contribution | None, area: Area, rows: Rows, findings: list[Finding] | None = None, notice: str = "",
          status: int = 200) -> Response:
    language, form = page_language(), shipped_form()
    more = request.args.get("more", "")
    if findings is None:
        findings = _findings(one, rows, language) if one else []
    page: Page = page_of(form, area.key, rows, language, _choices(language), findings, {more: MORE} if more else {})
    notice = notice or next((name for name in ("tried", "saved") if name in request.args), "")
    return Response(render_template("entry.html", one=one, area=area, areas=form.areas, page=page, language=language,
                                    name=_name(rows, language) or (one.key if one else ""),
                                    names={of.key: of.names[language] for of in form.areas},
                                    texts=TEXTS[language], notice=notice, open=one is None or one.state in MOVES["save"].at,
                                    blocked=any(found.strength == "must" for found in findings)), status)


def _name(rows: Rows, language: str) -> str:
    return next((name for row in rows.rows if row.record == "SystematizedExperience" and (name := row.name(language))), "")


def _findings(one: Contribution, rows: Rows, language: str) -> list[Finding]:
    """Return what is found in the last edition of a contribution; looked for once for each revision."""
    return _once("findings", (inquiry().revision().number, one.id, one.edition, language),
                 lambda: contributing().check(rows, language).findings)


def _once(name: str, key: Hashable, find: Callable[[], T]) -> T:
    """Return what was found under a key before, or find it; some of the last are kept."""
    kept: dict[Hashable, T] = current_app.extensions.setdefault(name, {})
    found = kept.get(key)
    if found is None:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = found = find()
    return found


def _rows(one: Contribution) -> Rows:
    """Return what the last edition of a contribution says, as rows, with what no row can hold beside them."""
    return read_rows(one, contributing().quads(one, one.edition), page_language())


def _choices(language: str) -> dict[str, list[str]]:
    """Return what can be chosen; looked up once for each revision."""
    return _once("choices", (inquiry().revision().number, language),
                 lambda: choices_of(shipped_form(), KnownThings(inquiry()), language))


def _file(rows: Rows, stem: str, name: str) -> Response:
    language, form, known = page_language(), shipped_form(), KnownThings(inquiry())
    suffix = name.removeprefix("template.")
    if suffix == "xlsx":
        example = example_rows(form, known, language)
        response = Response(write_workbook(form, _choices(language), rows, example, language), content_type=SHEET_FORMATS[suffix])
    elif suffix == "zip":
        response = Response(packed(dict(write_csv(form, rows, language))), content_type=SHEET_FORMATS["csv"])
    else:
        raise NotFound("There is template.xlsx, a workbook, and template.zip, CSV files.")
    response.headers["Content-Disposition"] = f'attachment; filename="{re.sub("[^a-z0-9-]", "", stem)}.{suffix}"'
    return response


def _area(key: str) -> Area:
    found = next((area for area in shipped_form().areas if area.key == key), None)
    if found is None:
        raise NotFound(f"The form has no part {key}. It has: {', '.join(area.key for area in shipped_form().areas)}.")
    return found


def _to(path: str, anchor: str = "", **more: str) -> Response:
    query = urlencode({**({"language": page_language()} if "language" in request.args else {}), **more})
    return redirect(path + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else ""), 303)  # type: ignore[return-value]
