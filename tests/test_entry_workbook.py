"""Workbook and CSV files: written, filled in, read again; and the command that writes one."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from kg.entry.choices import choices_of
from kg.entry.example import example_rows
from kg.entry.filled import fill
from kg.entry.rows import Rows
from kg.entry.sheets import packed
from kg.entry.workbook import write_csv, write_workbook
from kg.names import brief, expand
from kg.store.sent import LARGEST_BYTES
from kg.submissions.report import as_lines
from kg.submissions.submission import Upload
from tests.entering import EXAMPLE, FORM, NOTHING, ONE_WAY, SOURCE, bare, called, named, row, said


@pytest.fixture
def workbook(known):
    """Make a workbook from rows, in a language."""
    def make(given=NOTHING, language="en"):
        return write_workbook(FORM, choices_of(FORM, known, language), given, example_rows(FORM, known, language), language)
    return make


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


def test_workbook_when_a_text_is_in_one_language_alone_then_its_sheet_row_and_column_are_told(workbook, checked):
    case = replace(ONE_WAY, values={name: texts for name, texts in ONE_WAY.values.items() if name != "definition@en"})
    body = workbook(Rows((case, SOURCE)))
    submission = checked(Upload(body, "xlsx"), "es")
    (one,) = [one for one in submission.findings if one.strength == "must"]
    sheet = openpyxl.load_workbook(io.BytesIO(body))["SystematizedExperience"]
    assert (one.sheet, sheet.cell(one.line, 1).value, sheet.cell(one.line, one.column).value) == (
        "SystematizedExperience", "definition", "Una prueba.")
    assert "escríbalo también en inglés" in one.message


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
