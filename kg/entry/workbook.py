"""Turns a form into a workbook, or into CSV files in a ZIP, and what was filled in there into rows. The door to openpyxl."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import PurePosixPath

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kg.entry.form import PASSAGE, Field, Form, Record
from kg.entry.naming import LANGUAGES
from kg.entry.rows import PASSAGE_COLUMN, Rows
from kg.entry.sheets import HEAD_ROWS, MOST_ROWS, Grid, Misplaced, columns_of, filled_grid, read_grids
from kg.names import expand
from kg.store.sent import Fault

MOST_COLUMNS, LARGEST_UNPACKED_BYTES, LONGEST_CELL = 60, 64 << 20, 20_000
# The sheets that are only to be read, by language: how to fill in, an example, and what can be chosen.
GUIDE, EXAMPLE, LISTS = {"en": "Guide", "es": "Guía"}, {"en": "Example", "es": "Ejemplo"}, {"en": "Lists", "es": "Listas"}
_ROWS_READY = 200  # that offer a list and break lines before anything is filled in
_HEAD = PatternFill("solid", fgColor="E7EFE3")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_WIDTHS = (22, 30, 44, 44, 24, 70)
_GUIDE = (
    ("How to fill this in", "Cómo llenar esto"),
    ("Begin with the sheets {0} and {1}, then {2} and {3}: that is the short form.",
     "Empiece por las hojas {0} y {1}, luego {2} y {3}: es la forma breve."),
    ("Texts are written in English and in Spanish, in your own words. A name that is the same in both is written twice.",
     "Los textos se escriben en inglés y en español, con sus propias palabras. Un nombre igual en ambos se escribe dos veces."),
    ("Where a cell has a list, choose from it; what is missing there and is yours can be written as you would call it.",
     "Donde una celda tiene lista, elija de ella; lo que falte y sea suyo puede escribirse como usted lo llamaría."),
    ("Several values: one below the other, in rows that are empty otherwise, or with semicolons.",
     "Varios valores: uno debajo de otro, en filas vacías por lo demás, o con punto y coma."),
    ("Leave the first row of each sheet as it is: it tells the program what the columns are.",
     "Deje como está la primera fila de cada hoja: le dice al programa qué son las columnas."),
    ("Check it as often as you like on the page Contribute of the server, or by: parkg validate FILE.xlsx --language en",
     "Revíselo cuantas veces quiera en la página Contribuir del servidor, o con: parkg validate ARCHIVO.xlsx --language es"),
)


def write_workbook(form: Form, lists: Mapping[str, Sequence[str]], given: Rows, example: Rows, language: str) -> bytes:
    """Return a workbook in XLSX: a guide, a sheet for each record, an example to read, and what can be chosen.

    lists: by the IRI of a class what its things are called; given: what is filled in already;
    language: of the kinds that can be chosen, and of the names of the sheets.
    """
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)
    guide.title = GUIDE[language]
    ranges = _ranges(form, lists, language)
    for record in form.records:
        _write_sheet(book.create_sheet(record.sheets[language]), form, record, filled_grid(form, record, given), ranges)
    _write_example(book.create_sheet(EXAMPLE[language]), form, example, language)
    _write_lists(book.create_sheet(LISTS[language]), form, lists, language)
    _write_guide(guide, form, language)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_csv(form: Form, given: Rows, language: str) -> Iterator[tuple[str, bytes]]:
    """Yield the name and text of a CSV file for each record, with a byte order mark, by which spreadsheets know UTF-8.

    language: of the names of the files.
    """
    for record in form.records:
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows([_plain(cell) for cell in line]
                                                          for line in filled_grid(form, record, given))
        yield f"{record.sheets[language]}.csv", text.getvalue().encode("utf-8-sig")


def read_workbook(body: bytes, format: str, form: Form) -> tuple[Rows, list[Misplaced]] | Fault:
    """Return what was filled in and what stands where the template has nothing; or why it cannot be read.

    To be called in a process that can be ended. Formulas count as the values that were saved with them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED_BYTES:
                return Fault("too_large")
            grids = dict(_csv_grids(archive)) if format == "csv" else dict(_xlsx_grids(body))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, csv.Error, TypeError, AttributeError, SyntaxError) as error:
        return Fault("no_sheets", said=str(error)[:200] or type(error).__name__)
    if not any(form.of_sheet(name) for name in grids):
        return Fault("no_sheets", said=f"sheets: {', '.join(grids) or 'none'}"[:200])
    to_read = {name for names in (GUIDE, EXAMPLE, LISTS) for name in names.values()}
    return read_grids(form, {name: grid for name, grid in grids.items() if name not in to_read})


def _csv_grids(archive: zipfile.ZipFile) -> Iterator[tuple[str, Grid]]:
    for entry in archive.infolist():
        path = PurePosixPath(entry.filename)
        if path.suffix.lower() == ".csv" and not path.name.startswith("."):
            text = archive.read(entry).decode("utf-8-sig")
            delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
            lines = islice(csv.reader(io.StringIO(text), delimiter=delimiter), MOST_ROWS)
            yield path.stem, [line[:MOST_COLUMNS] for line in lines]


def _xlsx_grids(body: bytes) -> Iterator[tuple[str, Grid]]:
    book = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
        yield sheet.title, [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, datetime | date) else str(cell)


def _plain(text: str) -> str:
    """Return a text that a spreadsheet takes for a text and for no formula."""
    is_number = text[:1] in ("+", "-") and text[1:2].isdigit()
    return " " + text if text[:1] in ("=", "+", "-", "@") and not is_number else text


def _ranges(form: Form, lists: Mapping[str, Sequence[str]], language: str) -> dict[str, str]:
    """Return where in the sheet of lists the things of each class, and the choices of each field, stand."""
    found = {}
    for number, (name, values) in enumerate(_columns_of_lists(form, lists, language), 1):
        if values:
            letter = get_column_letter(number)
            found[name] = f"={LISTS[language]}!${letter}$2:${letter}${len(values) + 1}"
    return found


def _columns_of_lists(form: Form, lists: Mapping[str, Sequence[str]], language: str) -> Iterator[tuple[str, Sequence[str]]]:
    yield from sorted(lists.items())
    for record in form.records:
        yield from ((_choice_name(record, one), [names[language] for names in one.choices.values()])
                    for one in record.asked() if one.choices)


def _choice_name(record: Record, one: Field) -> str:
    return f"{record.key} {one.key}"


def _write_sheet(sheet: Worksheet, form: Form, record: Record, grid: list[list[str]], ranges: Mapping[str, str]) -> None:
    for line in grid:
        sheet.append([_safe(cell) for cell in line])
    if record.single:
        _lay_out(sheet, _WIDTHS, 1)
        for number, line in enumerate(grid, 1):
            one = next((field for field in record.asked() if field.key == line[0]), None)
            if not line[0]:
                sheet.cell(number, 2).font = Font(bold=True)
            _offer(sheet, record, one, ranges, f"C{number}:D{number}" if one and not one.bilingual else "")
        return
    columns = columns_of(record)
    passages = next(name for code, name in form.by_class[PASSAGE].sheets.items() if record.sheets[code] == sheet.title)
    _lay_out(sheet, [34] * len(columns), HEAD_ROWS)
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        cells = f"{letter}{HEAD_ROWS + 1}:{letter}{HEAD_ROWS + _ROWS_READY}"
        if column.key == PASSAGE_COLUMN:
            _list(sheet, f"='{passages}'!$A$4:$A$60", cells)
        elif column.field and not column.field.bilingual:
            _offer(sheet, record, column.field, ranges, cells)


def _offer(sheet: Worksheet, record: Record, one: Field | None, ranges: Mapping[str, str], cells: str) -> None:
    wanted = one and (ranges.get(_choice_name(record, one)) if one.choices else ranges.get(one.of_class))
    if wanted and cells:
        _list(sheet, wanted, cells)


def _list(sheet: Worksheet, range: str, cells: str) -> None:
    offered = DataValidation(type="list", formula1=range, allow_blank=True, showErrorMessage=False)  # what is new may be written
    sheet.add_data_validation(offered)
    offered.add(cells)


def _lay_out(sheet: Worksheet, widths: Sequence[int], head_rows: int) -> None:
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row in sheet.iter_rows(min_row=1, max_row=max(sheet.max_row, head_rows)):
        for cell in row:
            cell.alignment = _WRAPPED
            if cell.row and cell.row <= head_rows:
                cell.fill = _HEAD
                cell.font = Font(bold=cell.row == 2 or head_rows == 1, italic=cell.row == HEAD_ROWS,
                                 color="777777" if cell.row == 1 and head_rows > 1 else "000000")
    sheet.freeze_panes = f"A{head_rows + 1}"


def _write_guide(sheet: Worksheet, form: Form, language: str) -> None:
    short = [record.sheets[language] for record in form.records[:4]]
    for texts in _GUIDE:
        sheet.append([text.format(*short) for text in texts])
    sheet.append([])
    for area in form.areas:
        sheet.append([area.names[language] for language in LANGUAGES])
        sheet.cell(sheet.max_row, 1).font = sheet.cell(sheet.max_row, 2).font = Font(bold=True)
        for record in form.within(area.key):
            if record.area == area.key:
                told = [f"{record.names[language]}. {record.notes[language]}" for language in LANGUAGES]
                sheet.append([f"{record.sheets[language]}: {told[0]}", told[1]])
                sheet.cell(sheet.max_row, 1).hyperlink = f"#'{record.sheets[language]}'!A1"
    _lay_out(sheet, (80, 80), 1)


def _write_example(sheet: Worksheet, form: Form, example: Rows, language: str) -> None:
    sheet.append(["sheet / hoja", "field / campo", "value / valor"])
    for record in form.records:
        for row in example.rows:
            for column, texts in row.values.items() if row.record == record.key else ():
                sheet.append([record.sheets[language], column, _safe("; ".join(texts))])
    _lay_out(sheet, (30, 30, 90), 1)


def _write_lists(sheet: Worksheet, form: Form, lists: Mapping[str, Sequence[str]], language: str) -> None:
    for number, (name, values) in enumerate(_columns_of_lists(form, lists, language), 1):
        for line, text in enumerate([name.removeprefix(expand("par:")), *values], 1):
            sheet.cell(line, number, _safe(text))
    sheet.freeze_panes = "A2"


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, without what XML cannot hold."""
    return _plain("".join(c for c in text if c.isprintable() or c in "\n\t"))[:LONGEST_CELL]
