"""What a person fills in: the form that the shapes make, its rows, and the statements that come of them."""

import re
from dataclasses import replace

import pytest

from kg.entry.choices import choices_of
from kg.entry.entering import enter
from kg.entry.example import KEY
from kg.entry.filled import beyond, fill
from kg.entry.form import EXPERIENCE
from kg.entry.rows import Rows
from kg.names import RDF_TYPE, RDFS_LABEL, brief, expand, path_of, thing_iri
from kg.store.rdf import Literal, NamedNode, Quad
from tests.entering import CASE, EXAMPLE, FORM, KEYS, ONE_WAY, SHIPPED, SOURCE, again, bare, called, named, row, said

# The form

def test_form_when_read_then_every_record_and_field_is_named_in_both_languages():
    assert [area.key for area in FORM.areas][:2] == ["short", "source"]
    assert len(FORM.records) >= 15
    for record in FORM.records:
        assert set(record.names) == set(record.notes) == {"en", "es"}, record
        for one in record.asked():
            assert set(one.names) == {"en", "es"}, (record.key, one)
            assert set(one.notes) == {"en", "es"} or one.kind in ("thing", "class"), (record.key, one)
    assert all(FORM.within(area.key) for area in FORM.areas)


def test_form_when_asked_for_the_short_part_then_what_where_who_how_and_source_are_in_it():
    asked = {(record.key, one.key) for record in FORM.within("short") for one in record.asked("short")}
    assert {("SystematizedExperience", "inCountry"), ("SystematizedExperience", "usesEntryWay"), ("Document", "license"),
            ("ToolApplication", "appliesTool"), ("Participation", "hasParticipant")} <= asked


@pytest.mark.parametrize("key", KEYS)
def test_form_when_a_shipped_experience_is_filled_in_then_all_that_is_said_of_its_things_has_a_place(key, naming):
    """What the thirteen state, a new one can state."""
    own = {Quad(quad.subject, quad.predicate, quad.object, NamedNode("http://example.org/one")) for quad in SHIPPED
           if f"{path_of(quad.subject.value).rpartition('/')[2]}-".startswith(key + "-")}
    joins = {one.path for one in FORM.by_class[EXPERIENCE].fields if one.kind == "records"}
    own -= {quad for quad in own if quad.predicate.value in joins and not any(quad.object == other.subject for other in own)}
    left = {(brief(quad.subject.value).partition("/")[0], brief(quad.predicate.value))
            for quad in beyond(FORM, own, naming, fill(FORM, own, naming, "en", key))
            if not (isinstance(quad.object, NamedNode) and quad.object.value == EXPERIENCE)
            and quad.predicate.value != expand("par:fillsBlock")}  # in which block a thing stands is read by this project
    # A scheme of quality as the subject of principles, matches, and a chain drawn as a map: said in RDF.
    assert left <= {("quality-scheme", "par:hasGuidance"), ("quality-scheme", "skos:closeMatch"),
                    ("agent", "par:hasChainElement"), ("event", "par:hasGuidance"), ("argument", "par:hasGuidance"),
                    ("value-chain", "par:hasParticipation")}


# Rows and statements

def test_example_when_filled_in_again_then_the_same_statements(naming):
    assert bare(enter(FORM, fill(FORM, EXAMPLE, naming, "en", KEY), naming).quads) == bare(EXAMPLE)
    assert not beyond(FORM, EXAMPLE, naming, fill(FORM, EXAMPLE, naming, "en", KEY))


def test_example_when_it_says_more_than_the_form_asks_then_that_is_kept_apart(naming):
    more = Quad(NamedNode(expand("par:x")), NamedNode(expand("rdfs:seeAlso")), Literal("more"), EXAMPLE[0].graph_name)
    stated = [*EXAMPLE, more]
    assert beyond(FORM, stated, naming, fill(FORM, stated, naming, "en", KEY)) == [more]


def test_rows_when_least_is_filled_in_then_it_passes(checked):
    applied = row("ToolApplication", onEntryWay="Participación en ferias", appliesTool="Financing")
    submission = checked(Rows((CASE, SOURCE, applied)))
    assert [line for line in said(submission) if line.startswith("must")] == []
    assert submission.key == "salt-quinoa"
    assert "tool-application/salt-quinoa-fairs-financing" in {path_of(quad.subject.value) for quad in submission.quads}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("lacking", ["en", "es"])
def test_rows_when_filled_in_in_one_language_then_each_text_that_must_be_in_the_other_is_asked_for(checked, lacking, language):
    rows = [replace(one, values={name: texts for name, texts in one.values.items() if not name.endswith(f"@{lacking}")})
            for one in (CASE, SOURCE, row("ToolApplication", appliesTool="Financing", onEntryWay="Fairs"))]
    submission = checked(Rows(tuple(rows)), language)
    musts = [one for one in submission.findings if one.strength == "must"]
    asked = {(path_of(one.record), brief(one.field)) for one in musts}
    assert asked == {(f"{kind}/{submission.key}", field) for kind in ("experience", "document")
                     for field in ("rdfs:label", "skos:definition")}
    words = {"es": {"en": "escríbalo también en inglés", "es": "escríbalo también en español"},
             "en": {"en": "write it in English too", "es": "write it in Spanish too"}}[language][lacking]
    assert all(words in one.message and one.write for one in musts)


def test_whole_document_when_its_name_changes_then_its_passage_has_the_new_one_and_keeps_one_of_its_own(naming):
    def passages(given):
        entered = enter(FORM, given, naming)
        labels = [str(quad.object) for quad in entered.quads
                  if quad.subject.value.endswith("/whole") and quad.predicate.value == RDFS_LABEL]
        graphs = [str(quad.object) for quad in entered.quads
                  if "/graph/" in quad.subject.value and quad.predicate.value == RDFS_LABEL]
        return labels, graphs, again(given, naming, 1)

    first, _, kept = passages(Rows((CASE,)))
    assert first == ['"The whole document"@en', '"El documento entero"@es']
    labels, graphs, kept = passages(replace(kept, rows=(*kept.rows, SOURCE)))
    assert labels == ['"A report, the whole document"@en', '"Un informe, el documento entero"@es']
    assert graphs == ['"What is stated in: A report, the whole document"@en',
                      '"Lo que se afirma en: Un informe, el documento entero"@es']
    assert beyond(FORM, enter(FORM, kept, naming).quads, naming, kept) == []
    own = row("", **named("The page", "La página")).values
    renamed = [replace(one, values={**one.values, **own}) if one.record == "Passage" else one for one in kept.rows]
    assert passages(replace(kept, rows=tuple(renamed)))[0] == ['"The page"@en', '"La página"@es']


def test_whole_document_when_it_was_kept_without_a_name_then_its_older_name_is_not_taken_along(naming):
    quads = [Quad(one.subject, one.predicate, Literal("The whole document", language="en"), one.graph_name)
             if one.subject.value.endswith("/whole") and str(one.object).endswith("@en") else one
             for one in enter(FORM, Rows((CASE, SOURCE)), naming).quads]
    quads = [Quad(one.subject, one.predicate, Literal("El documento entero", language="es"), one.graph_name)
             if one.subject.value.endswith("/whole") and str(one.object).endswith("@es") else one for one in quads]
    filled = fill(FORM, quads, naming, "en", "salt-quinoa")
    assert beyond(FORM, quads, naming, filled) == []
    claim = row("Claim", **named("x"), claimText__en="x", claimText__es="x", claimedIn="The whole document")
    entered = enter(FORM, replace(filled, rows=(*filled.rows, claim)), naming)
    assert not entered.lacking
    assert [str(quad.object) for quad in entered.quads if quad.predicate.value == expand("par:claimedIn")] == [
        f"<{thing_iri('passage', 'salt-quinoa/whole')}>"]


def test_rows_when_a_name_is_new_then_the_thing_is_made_and_that_is_told(checked):
    submission = checked(Rows((CASE, SOURCE, row("Participation", hasParticipant="Women of the salt rim", hasRole="seller"))))
    agent = "agent/salt-quinoa-women-of-the-salt-rim"
    assert agent in {path_of(quad.subject.value) for quad in submission.quads}
    assert any("Women of the salt rim" in line and line.startswith("may") for line in said(submission))


def test_rows_when_a_name_of_a_fixed_list_is_unknown_then_near_ones_are_told_and_the_text_is_kept(checked):
    submission = checked(Rows((CASE, SOURCE, row("ToolApplication", onEntryWay="Fairs", appliesTool="Finansing"))))
    found = [line for line in said(submission) if "Finansing" in line]
    assert len(found) == 1
    assert found[0].startswith("must")
    assert "tool/financing" in found[0]
    assert any(quad.object == Literal("Finansing") for quad in submission.quads)


def test_rows_when_kind_and_key_stand_behind_a_name_then_that_thing(naming):
    entered = enter(FORM, Rows((CASE, row("ToolApplication", onEntryWay="Fairs", appliesTool="Money (tool/financing)"))), naming)
    assert any(quad.object.value.endswith("/tool/financing") for quad in entered.quads)


def test_rows_when_a_passage_is_chosen_then_its_graph_and_when_unknown_then_told(checked):
    first = row("Passage", **named("The start"), hasPassageKind="section")
    second = row("Passage", **named("The end"), hasPassageKind="box")
    asset = row("Asset", **named("Salt"), hasAssetKind="natural", passage="The end")
    submission = checked(Rows((CASE, SOURCE, first, second, asset)))
    graphs = {quad.graph_name.value.rpartition("salt-quinoa/")[2] for quad in submission.quads if "asset/" in quad.subject.value}
    assert graphs == {"1/the-end"}
    assert not [line for line in said(submission) if line.startswith("must")]
    wrong = checked(Rows((CASE, SOURCE, first, row("Asset", **named("Salt"), hasAssetKind="natural", passage="Nowhere"))))
    assert any("Nowhere" in line and "The start" in line for line in said(wrong))
    assert [brief(one.record) for one in wrong.findings if one.found == "Nowhere"] == ["asset/salt-quinoa-salt"]


def test_rows_when_two_have_one_name_then_two_iris(naming):
    entered = enter(FORM, Rows((CASE, row("Asset", **named("Salt")), row("Asset", **named("Salt")))), naming)
    kinds = [path_of(quad.subject.value) for quad in entered.quads if quad.predicate.value == RDF_TYPE]
    assert sorted(one for one in kinds if one.startswith("asset/")) == ["asset/salt-quinoa-salt", "asset/salt-quinoa-salt-2"]


def test_rows_when_a_number_is_none_then_the_text_is_kept_and_told(checked):
    number = row("Quantity", counts__en="members", counts__es="socios", numericValue="about sixty", hasUnit="students",
                 hasValueStatus="actual")
    submission = checked(Rows((CASE, SOURCE, number)), "es")
    assert any("about sixty" in one.found and one.strength == "must" for one in submission.findings)


@pytest.mark.parametrize("language", ["en", "es"])
def test_rows_when_much_is_wrong_then_what_to_write_has_no_rdf_in_it(checked, language):
    source = row("Document", **named("The page"))
    number = row("Quantity", counts__en="members", counts__es="socios", numericValue="about sixty")
    lesson = row("Insight", **named("Talk with the owners"), fallsTo="nobody known")
    case = row("SystematizedExperience", label__en="Salt quinoa", label__es="Salt quinoa", hasFinancingSource="a loan")
    findings = checked(Rows((case, source, number, lesson)), language).findings
    lines = [f"{one.message} {one.write}" for one in findings]
    assert len([one for one in findings if one.strength == "must"]) > 8
    assert not [line for line in lines if re.search(r"\b(par|rdfs|skos|dcterms|country|unit):\w|<https|@en", line)]
    sheet = {"en": "(BusinessCategory)", "es": "(Categorías nuevas)"}[language]
    assert any("a loan" in line and sheet in line for line in lines)


def test_rows_when_what_is_new_has_one_name_for_both_languages_then_that_is_to_look_at(checked):
    product = row("Product", **named("black quinoa"), type="product")
    other = row("Product", **named("salt", "sal"), type="product")
    lines = said(checked(Rows((CASE, SOURCE, product, other, row("Place", **named("Uyuni"), type="region")))))
    assert [line for line in lines if "called the same" in line] == [line for line in lines if "black quinoa" in line]
    assert any(line.startswith("may “black quinoa” is called the same in English and in Spanish") for line in lines)


def test_form_when_something_must_be_filled_in_then_its_field_says_so():
    asked = {(record.key, one.key) for record in FORM.records for one in record.asked() if one.required}
    assert {("Document", "license"), ("Insight", "type"), ("Quantity", "hasUnit")} <= asked
    assert ("Agent", "type") not in asked


def test_rows_when_kept_again_and_again_then_in_the_order_in_which_they_were_written(naming):
    assets = [row("Asset", **named(name)) for name in ("Zebu milk", "Clay pot", "Mountain salt", "An oven")]
    kept = again(Rows((CASE, SOURCE, *assets)), naming)
    assert called(kept, "Asset") == ["Zebu milk", "Clay pot", "Mountain salt", "An oven"]
    later = again(replace(kept, rows=(*kept.rows, row("Asset", **named("Ash")))), naming)
    assert called(later, "Asset")[-1] == "Ash"


def test_rows_when_a_thing_is_made_by_naming_it_later_then_it_stands_behind_those_that_have_a_row(naming):
    agents = [row("Agent", **named(name), type="organization") for name in ("Zealous weavers", "Mill of the lake")]
    kept = again(Rows((CASE, SOURCE, *agents)), naming)
    part = row("Participation", hasParticipant="Bakers of the hill", hasRole="seller")
    later = again(replace(kept, rows=(part, *kept.rows)), naming)
    assert called(later, "Agent") == ["Zealous weavers", "Mill of the lake", "Bakers of the hill"]


def test_rows_when_a_value_is_one_of_several_then_these_keep_their_order_too(naming):
    products = ["zapallo of the lake", "maize of the lake", "beans of the lake"]
    case = replace(CASE, values={**CASE.values, "involvesProduct": tuple(products)})
    assert again(Rows((case, SOURCE)), naming).rows[0].texts("involvesProduct") == products


def test_units_when_of_a_rural_case_then_each_can_be_chosen_in_both_languages_and_by_its_usual_name(known, naming):
    for language, names in (("en", ("kilograms", "litres", "Peruvian soles", "Chilean pesos", "US dollars", "hectares")),
                            ("es", ("kilogramos", "litros", "bolivianos", "pesos colombianos", "quintales de 46 kg"))):
        assert set(names) <= set(choices_of(FORM, known, language)[expand("par:Unit")])
    for text, key in (("kg", "kilograms"), ("soles", "soles"), ("Bolivianos", "bolivianos"), ("PEN", "soles"),
                      ("t", "metric-tons")):
        assert naming.found(text, expand("par:Unit")) == [thing_iri("unit", key)]


def test_units_when_they_have_a_code_then_no_other_has_it():
    codes = [quad.object.value for quad in SHIPPED if brief(quad.subject.value).startswith("unit/")
             and brief(quad.predicate.value) == "skos:notation"]
    assert len(codes) > 30
    assert len(set(codes)) == len(codes)


def test_tool_when_used_then_a_sentence_says_how_and_comes_back(checked, naming):
    applied = row("ToolApplication", onEntryWay="Fairs", appliesTool="Financing", definition__en="Each paid a share of it.",
                  definition__es="Cada una pagó una parte del puesto.")
    submission = checked(Rows((CASE, SOURCE, applied)))
    assert not [one for one in submission.findings if one.strength == "must"]
    kept = fill(FORM, submission.quads, naming, "en", submission.key)
    assert [one.text("definition@es") for one in kept.rows if one.record == "ToolApplication"] == [applied.text("definition@es")]


def test_entry_way_when_the_case_has_one_then_a_tool_need_not_repeat_it(checked):
    submission = checked(Rows((ONE_WAY, SOURCE, row("ToolApplication", appliesTool="Financing"),
                               row("ApproachApplication", takesApproach="Innovation"))))
    assert [one for one in submission.findings if one.strength != "may"] == []
    assert {"tool-application/salt-quinoa-fairs-financing", "approach-application/salt-quinoa-fairs-innovation"} <= {
        path_of(quad.subject.value) for quad in submission.quads}


def test_entry_way_when_a_tool_names_it_then_the_case_need_not(checked):
    case = replace(CASE, values={column: texts for column, texts in CASE.values.items() if column != "usesEntryWay"})
    rows = Rows((case, SOURCE, row("ToolApplication", onEntryWay="Fairs", appliesTool="Financing")))
    assert [one for one in checked(rows).findings if one.strength != "may"] == []


def test_entry_way_when_the_case_has_several_and_a_tool_says_none_then_asked_for_beside_the_tool(checked):
    found = checked(Rows((CASE, SOURCE, row("ToolApplication", appliesTool="Financing")))).findings
    assert [("tool-application" in one.record, brief(one.field)) for one in found if one.strength == "must"] == [
        (True, "par:onEntryWay")]
    assert "Where it has several, say which" in next(one.write for one in found if one.strength == "must")


def test_tool_when_another_is_chosen_in_its_row_then_the_key_goes_with_it(checked, naming):
    kept = again(Rows((ONE_WAY, SOURCE, row("ToolApplication", appliesTool="Finansing"))), naming)
    rows = tuple(replace(one, values={**one.values, "appliesTool": ("Financing",)}) if one.record == "ToolApplication" else one
                 for one in kept.rows)
    assert [one for one in checked(replace(kept, rows=rows)).findings if one.strength == "must"] == []


CATEGORY = FORM.record("BusinessCategory")
KINDS = next(one.choices for one in CATEGORY.fields if one.kind == "class")


@pytest.mark.parametrize("kind", KINDS, ids=brief)
def test_category_when_new_then_it_is_put_on_the_list_of_its_kind(checked, kind):
    category = row("BusinessCategory", **named("a trial", "una prueba"), definition__en="x", definition__es="x",
                   type=KINDS[kind]["en"])
    submission = checked(Rows((ONE_WAY, SOURCE, category)))
    schemes = [quad.object.value for quad in submission.quads if brief(quad.predicate.value) == "skos:inScheme"]
    assert len(schemes) == 1
    assert any(quad.subject.value == schemes[0] for quad in SHIPPED)
    assert [one for one in submission.findings if one.strength == "must"] == []


@pytest.mark.parametrize(("text", "licence"), [
    ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"), ("cc0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    ("CC BY 4.0: puede usarse nombrando a sus autores", "https://creativecommons.org/licenses/by/4.0/"),
    ("https://example.org/our-own", "https://example.org/our-own"), ("ours", "")])
def test_licence_when_chosen_by_name_or_given_by_address_then_its_address(checked, naming, text, licence):
    submission = checked(Rows((ONE_WAY, replace(SOURCE, values={**SOURCE.values, "license": (text,)}))))
    said = [quad.object.value for quad in submission.quads if brief(quad.predicate.value) == "dcterms:license"]
    assert said == [licence or text]
    assert any(brief(one.field) == "dcterms:license" and one.strength == "must" for one in submission.findings) == (not licence)
    shown = fill(FORM, submission.quads, naming, "en", submission.key).rows[1].text("license")
    assert shown.startswith("CC") == ("creativecommons" in licence)


def test_rows_when_nothing_has_a_name_then_that_is_said(checked):
    assert said(checked(Rows((row("Asset", **named("Salt")),))))[0].startswith("must The experience has no name")
