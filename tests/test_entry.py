"""What a person fills in: the form that the shapes make, workbook and CSV files, and the statements that come of them."""

import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from kg.entry.choices import choices_of
from kg.entry.entering import enter
from kg.entry.example import KEY, example_rows
from kg.entry.filled import beyond, fill
from kg.entry.form import EXPERIENCE
from kg.entry.naming import NamesOfThings
from kg.entry.rows import Row, Rows
from kg.entry.sheets import packed
from kg.entry.shipped import shipped_form
from kg.entry.workbook import write_csv, write_workbook
from kg.names import RDF_TYPE, brief, expand, path_of, thing_iri
from kg.store.rdf import Literal, NamedNode, Quad, read_file
from kg.store.sent import LARGEST_BYTES
from kg.submissions.report import as_lines
from kg.submissions.submission import Upload, check
from tests.machine import ROOT

FORM = shipped_form()
NOTHING = Rows(())
EXAMPLE = read_file(ROOT / "kg/entry/example.trig")
SHIPPED = [quad for path in sorted((ROOT / "kg/data").glob("*/*.trig")) for quad in read_file(path)]
KEYS = ["peasant-agro-fairs", "corpapa", "el-bodegon", "tambinas-schools", "maqueo", "mieles-del-sur", "punta-chilen",
        "campos-de-hielo", "nam-festival", "tarija-aromas-and-flavors", "manqa", "ketal", "gustu"]


@pytest.fixture(scope="session")
def naming(known):
    return NamesOfThings(known)


@pytest.fixture
def workbook(known):
    """Make a workbook from rows, in a language."""
    def make(given=NOTHING, language="en"):
        return write_workbook(FORM, choices_of(FORM, known, language), given, example_rows(FORM, known, language), language)
    return make


@pytest.fixture
def checked(known, inspector):
    def run(given, language="en"):
        return check(given, known, language, inspector)
    return run


def row(record, key="", **values):
    """Return a row; a column of a language is written with two underscores: label__en."""
    return Row(record, {name.replace("__", "@"): (text,) if isinstance(text, str) else tuple(text)
                        for name, text in values.items()}, key)


def named(name, spanish=""):
    return {"label__en": name, "label__es": spanish or name}


CASE = row("SystematizedExperience", **named("Salt quinoa", "Quinua de sal"), definition__en="A trial.",
           definition__es="Una prueba.", inCountry="Bolivia", usesEntryWay=["Fairs", "Relación directa con chefs o restaurantes"])
SOURCE = row("Document", **named("A report", "Un informe"), definition__en="A trial.", definition__es="Una prueba.",
             bibliographicCitation__en="Nobody.", bibliographicCitation__es="Nadie.",
             license="https://creativecommons.org/licenses/by/4.0/")


def bare(quads):
    return {(quad.subject, quad.predicate, quad.object) for quad in quads}


def said(submission):
    return [f"{one.strength} {one.message} {one.write}" for one in submission.findings]


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
            if not (isinstance(quad.object, NamedNode) and quad.object.value == EXPERIENCE)}
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


def again(given, naming, times=3):
    """Return rows as they are after being kept and opened several times."""
    for _ in range(times):
        entered = enter(FORM, given, naming)
        given = fill(FORM, entered.quads, naming, "en", entered.key)
    return given


def called(rows, record):
    return [row.name() for row in rows.rows if row.record == record]


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


ONE_WAY = replace(CASE, values={**CASE.values, "usesEntryWay": ("Fairs",)})


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


# Workbook and CSV files

@pytest.mark.parametrize("language", ["en", "es"])
def test_workbook_when_the_example_is_written_and_read_then_the_same_statements(workbook, known, checked, language):
    submission = checked(Upload(workbook(example_rows(FORM, known, language), language), "xlsx"), language)
    assert submission.findings == []
    assert bare(submission.quads) == bare(EXAMPLE)


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_csv_when_the_example_is_written_and_read_then_the_same_statements(known, checked, delimiter):
    files = dict(write_csv(FORM, example_rows(FORM, known, "en"), "en"))
    if delimiter == ";":  # as a spreadsheet of a country that writes 2,5 saves them
        import csv
        for name, body in files.items():
            out = io.StringIO()
            csv.writer(out, delimiter=";").writerows(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
            files[name] = out.getvalue().encode("utf-8-sig")
    assert bare(checked(Upload(packed(files), "csv")).quads) == bare(EXAMPLE)


def test_workbook_when_opened_then_lists_guide_notes_and_example_are_there(workbook):
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    assert book.sheetnames == ["Guide", *(record.key for record in FORM.records), "Example", "Lists"]
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["Lists"].iter_cols()}
    assert "Financing" in lists["Tool"]
    assert "Peru" in lists["Country"]
    assert "lesson" in lists["Insight type"]
    tools = book["ToolApplication"]
    assert [cell.value for cell in tools[1]][:2] == ["onEntryWay", "appliesTool"]
    assert len(tools.data_validations.dataValidation) >= 2
    assert any("Cheese of the lake" in str(cell.value) for line in book["Example"] for cell in line)


def test_workbook_when_in_spanish_then_its_sheets_are_and_either_name_is_read(workbook, known, checked):
    names = [record.sheets["es"] for record in FORM.records]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    book = openpyxl.load_workbook(io.BytesIO(workbook(example_rows(FORM, known, "es"), "es")))
    assert book.sheetnames == ["Guía", *names, "Ejemplo", "Listas"]
    assert "Herramientas usadas" in book["Guía"]["B2"].value
    assert any("'Pasajes'" in one.formula1 for one in book["Activos"].data_validations.dataValidation)
    assert any("Listas!" in one.formula1 for one in book["Activos"].data_validations.dataValidation)
    book["Herramientas usadas"].title = "ToolApplication"
    out = io.BytesIO()
    book.save(out)
    submission = checked(Upload(out.getvalue(), "xlsx"), "es")
    assert submission.findings == []
    assert bare(submission.quads) == bare(EXAMPLE)


def test_workbook_when_read_and_opened_in_the_form_then_rows_in_its_order(workbook, checked, naming):
    names = ["Weigh twice", "Ask first", "Pay on time"]
    lessons = [row("Insight", **named(name), type="lesson", definition__en="x", definition__es="x") for name in names]
    submission = checked(Upload(workbook(Rows((ONE_WAY, SOURCE, *lessons))), "xlsx"))
    assert called(fill(FORM, submission.quads, naming, "en", submission.key), "Insight") == names


def test_workbook_when_a_cell_is_wrong_then_sheet_row_and_column_are_told(workbook, known, checked):
    book = openpyxl.load_workbook(io.BytesIO(workbook(example_rows(FORM, known, "en"))))
    book["ToolApplication"]["B4"] = "Finansing"
    book["ToolApplication"]["Z1"] = "colour"
    book["ToolApplication"]["Z4"] = "green"
    book.create_sheet("Extra")["A1"] = "more"
    out = io.BytesIO()
    book.save(out)
    submission = checked(Upload(out.getvalue(), "xlsx"))
    one = next(one for one in submission.findings if one.found == "Finansing")
    assert (one.sheet, one.line, one.column) == ("ToolApplication", 4, 2)
    assert any("must (sheet ToolApplication, row 4): “Finansing”" in line for line in as_lines(submission))
    assert any(one.found == "colour" for one in submission.findings)
    assert any(one.found == "Extra" for one in submission.findings)


def test_workbook_when_values_stand_below_each_other_or_with_semicolons_then_all_are_taken(workbook, known, checked):
    book = openpyxl.load_workbook(io.BytesIO(workbook(example_rows(FORM, known, "en"))))
    assets = book["Asset"]
    columns = {cell.value: cell.column for cell in assets[1]}
    assets.cell(5, columns["hasAssetKind"], "natural")
    assets.cell(6, columns["hasTheme"], "Infrastructure and equipment; Alliances and networks")
    out = io.BytesIO()
    book.save(out)
    submission = checked(Upload(out.getvalue(), "xlsx"))
    kinds = {brief(quad.object.value) for quad in submission.quads if quad.predicate.value == expand("par:hasAssetKind")}
    assert kinds == {"asset-kind/cultural", "asset-kind/natural"}


def zipped(**files):
    return packed({name.replace("__", "/"): body for name, body in files.items()})


@pytest.mark.parametrize("body", [
    b"", b"PK\x03\x04", b"not a zip", zipped(a=b"b"), zipped(**{"Asset.csv": b"\xff\xfe\x00"}),
    zipped(**{"xl__workbook.xml": b"<!DOCTYPE a [<!ENTITY a 'b'>]><workbook>&a;</workbook>", "[Content_Types].xml": b"<Types/>"}),
], ids=["nothing", "cut off", "text", "another zip", "no UTF-8", "entities"])
@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_workbook_when_it_is_none_then_that_is_said_and_nothing_else(checked, body, format):
    found = said(checked(Upload(body, format)))
    assert len(found) == 1
    assert found[0].startswith("must This is not a workbook")


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_workbook_when_it_unpacks_to_too_much_or_is_too_large_then_refused_in_time(checked, format):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(8):
            archive.writestr(f"Asset{n}.csv" if format == "csv" else f"xl/worksheets/sheet{n}.xml", b"0" * (16 << 20))
    assert "8 MB" in said(checked(Upload(out.getvalue(), format)))[0]
    assert "8 MB" in said(checked(Upload(b"0" * (LARGEST_BYTES + 1), format)))[0]


def test_workbook_when_a_text_begins_like_a_formula_then_it_is_a_text_and_comes_back(workbook, checked):
    case = row("SystematizedExperience", **named("=1+1 salt", "@sal"))
    book = openpyxl.load_workbook(io.BytesIO(workbook(Rows((case,)))))
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    submission = checked(Upload(workbook(Rows((case,))), "xlsx"))
    labels = {quad.object.value for quad in submission.quads if "experience/" in quad.subject.value}
    assert {"=1+1 salt", "@sal"} <= labels


# The command

def test_template_when_asked_then_written_checked_and_not_written_over(parkg, tmp_path):
    for path, *options in ((tmp_path / "case.xlsx", "--example"), (tmp_path / "case", "--csv", "--example", "--language", "es")):
        assert parkg("template", str(path), *options).returncode == 0
        checked = parkg("validate", str(path))
        assert checked.returncode == 0
        assert "lake-cheese" in checked.stdout
        again = parkg("template", str(path), *options)
        assert again.returncode == 2
        assert "--force" in again.stderr
