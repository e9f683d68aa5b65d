"""Persons in what is filled in: whether they were asked, and agreed, is asked, told and kept."""

import pytest

from kg.entry.entering import enter
from kg.entry.filled import beyond, fill
from kg.entry.rows import Rows
from kg.names import brief, expand, path_of, thing_iri
from kg.store.rdf import Literal, NamedNode, Quad
from tests.entering import CASE, FORM, SOURCE, again, bare, named, row

AGREED = {"en": "they were asked, and agree", "es": "se le preguntó, y acepta"}
ROSA = dict(**named("Rosa Invented", "Rosa Inventada"), type="person")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("answer", "property", "strength"), [
    (AGREED, "namesWithConsent", None),
    ({"en": "the document itself names them in public", "es": "el propio documento público la nombra"}, "namesAsPublished", None),
    ({"en": "not asked yet", "es": "aún no se le ha preguntado"}, "namesUnasked", "should"), ({}, "", "must")])
def test_person_when_named_in_a_row_then_the_form_asks_whether_they_agreed(checked, naming, language, answer, property, strength):
    rosa = row("Agent", **ROSA, **({"isPersonNamedBy": answer[language]} if answer else {}))
    submission = checked(Rows((CASE, SOURCE, rosa)), language)
    told = {(path_of(quad.object.value), brief(quad.predicate.value)) for quad in submission.quads
            if "/names" in brief(quad.predicate.value) or "par:names" in brief(quad.predicate.value)}
    assert told == ({("agent/salt-quinoa-rosa-invented", f"par:{property}")} if property else set())
    found = [one for one in submission.findings if one.record.endswith("rosa-invented")]
    assert [one.strength for one in found] == ([strength] if strength else [])
    for one in found:
        assert brief(one.field) == "par:isPersonNamedBy"
        assert ("agree to be named" if language == "en" else "acepta que se la nombre") in one.write
        assert "par:" not in one.write
    kept = fill(FORM, submission.quads, naming, language, submission.key)
    assert [one.text("isPersonNamedBy") for one in kept.rows if one.record == "Agent"] == [answer.get(language, "")]
    assert beyond(FORM, submission.quads, naming, kept) == []


@pytest.mark.parametrize("values", [{**ROSA, "isPersonNamedBy": "perhaps"},
                                    {**ROSA, "type": "organization", "isPersonNamedBy": AGREED["en"]}])
def test_person_when_the_answer_is_none_or_it_is_no_person_then_told_beside_the_field_and_kept(checked, naming, values):
    submission = checked(Rows((CASE, SOURCE, row("Agent", **values))))
    found = [one for one in submission.findings if brief(one.field) == "par:isPersonNamedBy" and one.strength == "must"]
    assert {one.found for one in found} >= {values["isPersonNamedBy"]}
    assert all("For a person alone" in one.write or "choose the answer" in one.write for one in found)
    kept = fill(FORM, submission.quads, naming, "en", submission.key)
    assert [one.text("isPersonNamedBy") for one in kept.rows if one.record == "Agent"] == [values["isPersonNamedBy"]]


def test_person_when_of_the_published_graph_then_a_row_with_their_name_says_that_they_agreed(checked, naming):
    name = naming.label(thing_iri("agent", "marie-helene-collion"), "en")
    part = row("Participation", hasParticipant=name, hasRole="seller")
    assert [one.found for one in checked(Rows((CASE, SOURCE, part))).findings if one.strength == "must"] == [
        "agent/marie-helene-collion"]
    rows = Rows((CASE, SOURCE, part, row("Agent", **named(name), type="person", isPersonNamedBy=AGREED["en"])))
    submission = checked(rows)
    assert [one for one in submission.findings if one.strength == "must"] == []
    assert not [quad for quad in submission.quads if "agent/" in path_of(quad.subject.value)]
    kept = again(rows, naming)
    assert [one.text("isPersonNamedBy") for one in kept.rows if one.record == "Agent"] == [AGREED["en"]]
    assert bare(enter(FORM, kept, naming).quads) == bare(submission.quads)


def test_consent_when_said_in_rdf_then_the_form_shows_it_and_an_other_answer_takes_its_place(naming):
    rows = Rows((CASE, SOURCE, row("Passage", **named("One"), hasPassageKind="section"),
                 row("Passage", **named("Two"), hasPassageKind="section"),
                 row("Agent", **ROSA, passage="Two")))
    entered = enter(FORM, rows, naming)
    rosa = next(quad.subject for quad in entered.quads if quad.object == Literal("Rosa Invented", language="en"))
    second = next(quad.object for quad in entered.quads if brief(quad.predicate.value) == "par:hasNamedGraph"
                  and quad.object.value.endswith("/two"))
    stated = [*entered.quads, Quad(second, NamedNode(expand("par:namesUnasked")), rosa, second)]
    kept = fill(FORM, stated, naming, "en", entered.key)
    assert next(one for one in kept.rows if one.record == "Agent").text("isPersonNamedBy") == "not asked yet"
    assert beyond(FORM, stated, naming, kept) == []


def test_consent_when_rdf_says_it_from_the_person_then_kept_though_no_row_can_hold_it(naming):
    entered = enter(FORM, Rows((CASE, SOURCE, row("Agent", **ROSA))), naming)
    rosa = next(quad.subject for quad in entered.quads if quad.object == Literal("Rosa Invented", language="en"))
    graph = entered.quads[0].graph_name
    more = Quad(rosa, NamedNode(expand("par:isPersonNamedBy")), graph, graph)
    kept = fill(FORM, [*entered.quads, more], naming, "en", entered.key)
    assert next(one for one in kept.rows if one.record == "Agent").text("isPersonNamedBy") == ""
    assert beyond(FORM, [*entered.quads, more], naming, kept) == [more]
