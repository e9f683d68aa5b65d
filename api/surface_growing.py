"""The part of the HTTP surface by which the graph grows and is mended: contributions, and reports of wrong facts."""

from api.operations import (
    GRAPH_TYPES,
    INTEGER,
    IRI,
    MAYBE,
    MAYBE_INTEGER,
    OF_PAGE,
    TEXT,
    WHEN,
    Field,
    Operation,
    Schema,
    list_of,
    tree_of,
)
from kg.contributions.ledger import ACTIONS
from kg.contributions.reports import ACTIONS as ANSWERS
from kg.contributions.reports import LONGEST_FIELD, LONGEST_REPORT
from kg.entry.sheets import SHEET_FORMATS
from kg.parameters import LANGUAGES

_CONTRIBUTION = tree_of(id=TEXT, experience=IRI, state=TEXT, edition=INTEGER, version=MAYBE_INTEGER, shapes=MAYBE_INTEGER,
                      sent_by=TEXT, moved=WHEN, page=TEXT)
_BEHIND = Field("behind", "query", "1: those published with an earlier edition of the shapes, which are to be carried over.",
                {"enum": ["1"]})
_TAKEN = {**_CONTRIBUTION, "properties": {**_CONTRIBUTION["properties"], "findings": list_of({"type": "object"})}}
_SEEN = {**_CONTRIBUTION, "properties": {
    **_CONTRIBUTION["properties"],
    "events": list_of(tree_of(at=WHEN, who=TEXT, did=TEXT, edition=INTEGER, note=TEXT, version=MAYBE_INTEGER)),
    "changes": tree_of(adds=list_of(TEXT), removes=list_of(TEXT), follows={"anyOf": [list_of(TEXT), {"type": "null"}]},
                     contradicts={"type": ["string", "null"]})}}
_ID = Field("id", "path", "The id of a contribution.", {"type": "string", "pattern": "^[a-z2-7]{12}$"})
_REPEATS = Field("Idempotency-Key", "header", "A request with the key of an earlier one of the same token does nothing again.",
                 {"type": "string", "pattern": "^[!-~]{1,200}$"})
_SENDING = (Field("draft", "query", "1: keep it as a draft, whatever is to be mended.", {"enum": ["1"]}),
            Field("note", "query", "What is told to who reviews it.", TEXT),
            Field("language", "query", "Of what is found.", {"enum": list(LANGUAGES)}), _REPEATS)
_SENT = (401, 403, 409, 422)
_BINARY: Schema = {"type": "string", "format": "binary"}
_CASE_TYPES = (*GRAPH_TYPES[:4], ("application/trig", TEXT), ("application/n-quads", TEXT),
               *((type, _BINARY) for type in SHEET_FORMATS.values()))
_REPORT = tree_of(id=TEXT, state={"enum": ["waiting", "answered", "closed"]}, at=WHEN, what=TEXT, about=MAYBE, where=MAYBE,
                source=MAYBE, page=TEXT, answers=list_of(tree_of(at=WHEN, did=TEXT, note=TEXT)))
_REPORTED: Schema = {"type": "object", "required": ["what"], "additionalProperties": False, "properties": {
    "what": {"type": "string", "pattern": r"\S", "maxLength": LONGEST_REPORT},
    **{name: {"type": "string", "maxLength": LONGEST_FIELD} for name in ("about", "where", "source", "contact")}}}
_ANSWERED: Schema = {"type": "object", "required": ["note"], "additionalProperties": False, "properties": {
    "note": {"type": "string", "pattern": r"\S", "maxLength": LONGEST_REPORT}}}
_RECEIPT = Field("id", "path", "The id of a report.", {"type": "string", "pattern": "^[a-z2-7]{26}$"})
_NOTE: Schema = {"type": "object", "properties": {
    "note": TEXT, "person": TEXT, "into": TEXT, "version": {"type": ["integer", "string"]}}}
_CONTRIBUTIONS = "Contributions"
_REPORTS = "Reports of wrong facts"

GROWING = (
    Operation("get", "/contributions", _CONTRIBUTIONS, "List the contributions that moved last", "json", statuses=(422,),
              fields=(OF_PAGE, _BEHIND), conditional="never", tree=tree_of(contributions=list_of(_CONTRIBUTION))),
    Operation("post", "/contributions", _CONTRIBUTIONS, "Send a new experience, as RDF or as a workbook", "json", page=False,
              success=(200, 201), statuses=_SENT, fields=_SENDING, body=_CASE_TYPES, scope="write", conditional="never",
              tree=_TAKEN),
    Operation("get", "/contributions/{id}", _CONTRIBUTIONS, "Show where a contribution stands and what it changes", "json",
              statuses=(404, 422), fields=(_ID, OF_PAGE), conditional="never", tree=_SEEN),
    Operation("post", "/contributions/{id}", _CONTRIBUTIONS, "Send the next edition of a contribution", "json", page=False,
              statuses=(404, *_SENT), fields=(_ID, *_SENDING), body=_CASE_TYPES, scope="write", conditional="never", tree=_TAKEN),
    Operation("get", "/contributions/{id}/editions/{name}", _CONTRIBUTIONS, "Give an edition of a contribution", "quads",
              statuses=(404,), conditional="never", fields=(_ID, Field(
                  "name", "path", "Its number; .ttl, .trig, .jsonld, .nt, .nq or .rdf after it names a format.", TEXT))),
    Operation("post", "/contributions/{id}/{action}", _CONTRIBUTIONS,
              "Comment on a contribution, ask for changes, accept, refuse, publish, carry over, revert, withdraw or join it",
              "json",
              statuses=(303, 404, *_SENT), scope="write", conditional="never", tree=_CONTRIBUTION, fields=(_ID, Field(
                  "action", "path", "What is done.", {"enum": list(ACTIONS)}), _REPEATS),
              body=(("application/json", _NOTE), ("application/x-www-form-urlencoded", _NOTE))),
    Operation("post", "/reports", _REPORTS, "Report a wrong fact; takes no token", "json", success=(201,),
              statuses=(303, 403, 422), conditional="never", tree=_REPORT,
              body=(("application/json", _REPORTED), ("application/x-www-form-urlencoded", _REPORTED))),
    Operation("get", "/reports", _REPORTS, "List the reports that wait", "json", statuses=(401, 403, 422), scope="review",
              conditional="never", tree=tree_of(reports=list_of(_REPORT))),
    Operation("get", "/reports/{id}", _REPORTS, "Show where a report stands, to whoever knows its address", "json",
              statuses=(404,), fields=(_RECEIPT,), conditional="never", tree=_REPORT),
    Operation("post", "/reports/{id}/{action}", _REPORTS, "Answer a report, or close it, with a note", "json",
              statuses=(303, 404, *_SENT), scope="review", conditional="never", tree=_REPORT, fields=(_RECEIPT, Field(
                  "action", "path", "What is done.", {"enum": list(ANSWERS)})),
              body=(("application/json", _ANSWERED), ("application/x-www-form-urlencoded", _ANSWERED))),
)
