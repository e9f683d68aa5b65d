"""Turns the records of a form into grids of cells that a person fills in, and filled grids into rows.

A record that there is once stands upright, a field in a row; any other lies, a record in a row under three rows that say what
each column is. A row that holds more values alone continues the one above it.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.entry.form import EXPERIENCE, Field, Form, Record
from kg.entry.naming import LANGUAGES
from kg.entry.rows import PASSAGE_COLUMN, Row, Rows
from kg.store.places import Place

# The formats of what a person filled in, each with its media type; csv are CSV files in a ZIP.
SHEET_FORMATS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "application/zip"}
# The format of a file by what its name ends in.
FORMAT_OF_SUFFIX = {".ttl": "turtle", ".trig": "trig", ".nt": "ntriples", ".nq": "nquads",
                    ".rdf": "rdfxml", ".xml": "rdfxml", ".owl": "rdfxml",
                    ".jsonld": "jsonld", ".json": "jsonld", ".xlsx": "xlsx", ".zip": "csv"}
HEAD_ROWS = 3  # of a record that lies
MOST_ROWS = 5000
_LANGUAGE_NAMES = {"en": "English / inglés", "es": "Spanish / español"}
_UPRIGHT = ("field", "what / qué", f"value, {_LANGUAGE_NAMES['en']} / valor", _LANGUAGE_NAMES["es"], "passage / pasaje",
            "note / nota")
_KEY = ["key", "Key / Clave", "", "", "",
        "Leave it as it is, and empty for what is new. / Déjela como está, y vacía en lo que es nuevo."]
_PASSAGE_NAME = "Passage that says it / Pasaje que lo dice"
_PASSAGE_NOTE = ("Where there are several, the name of one in the sheet of passages. / "
                 "Donde haya varios, el nombre de uno de la hoja de pasajes.")

Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Misplaced:
    """What stands where the template has nothing: ``sheet`` or ``column``, what was found, and where."""

    name: str
    found: str
    place: Place = field(default_factory=Place)


@dataclass(frozen=True)
class Column:
    """A column of a grid: its key, such as ``label@en``, the field that it is of, and what it is called."""

    key: str
    field: Field | None
    name: str
    note: str


def columns_of(record: Record) -> list[Column]:
    """Return the columns of a record that lies; the passage last, of what is stated in one."""
    found = []
    for one in record.asked():
        name, note = " / ".join(one.names[language] for language in LANGUAGES), _note(one)
        if one.bilingual:
            found += [Column(f"{one.key}@{code}", one, f"{name}: {_LANGUAGE_NAMES[code]}", note) for code in LANGUAGES]
        else:
            found.append(Column(one.key, one, name, note))
    if record.key != "Passage":
        found.append(Column(PASSAGE_COLUMN, None, _PASSAGE_NAME, _PASSAGE_NOTE))
    return [*found, Column(_KEY[0], None, _KEY[1], _KEY[5])]


def _note(one: Field) -> str:
    must = "must / obligatorio. " if one.required and not one.default else ""
    return must + " / ".join(one.notes[language] for language in LANGUAGES if language in one.notes)


def empty_grid(form: Form, record: Record) -> list[list[str]]:
    """Return the grid of a record before anything is filled in."""
    if not record.single:
        columns = columns_of(record)
        return [[one.key for one in columns], [one.name for one in columns], [one.note for one in columns]]
    grid = [list(_UPRIGHT), *([_KEY] if record.of_class == EXPERIENCE else [])]
    for area in form.areas:
        fields = record.asked(area.key)
        if fields:
            grid.append(["", " / ".join(area.names[language] for language in LANGUAGES), "", "", "", ""])
        grid += [[one.key, " / ".join(one.names[language] for language in LANGUAGES), "", "", "", _note(one)] for one in fields]
    return grid


def filled_grid(form: Form, record: Record, given: Rows) -> list[list[str]]:
    """Return the grid of a record with rows filled in."""
    own = [row for row in given.rows if row.record == record.key]
    grid = empty_grid(form, record)
    if not record.single:
        for row in own:
            deepest = max((len(texts) for texts in row.values.values()), default=1)
            values = {**row.values, _KEY[0]: (row.key,)}
            grid += [[_at(values.get(one.key, ()), n) for one in columns_of(record)] for n in range(deepest)]
        return grid
    filled = []
    for line in grid:
        filled.append([*line[:2], given.key, *line[3:]] if line is _KEY else line)
        for n, (said, passage) in enumerate((said, row.text(PASSAGE_COLUMN)) for row in own for said in _upright(row, line[0])):
            cells = [line[0], line[1] if not n else "", *said, passage, line[5] if not n else ""]
            filled[-1:] = [cells] if not n else [filled[-1], cells]
    return filled


def _upright(row: Row, key: str) -> list[tuple[str, str]]:
    """Return the values of a field, in the first language or in none and in the second, a pair for each line."""
    plain, english, spanish = row.values.get(key, ()), row.values.get(f"{key}@en", ()), row.values.get(f"{key}@es", ())
    first = plain or english
    return [(_at(first, n), _at(spanish, n)) for n in range(max(len(first), len(spanish)))] if key else []


def _at(texts: Sequence[str], n: int) -> str:
    return texts[n] if n < len(texts) else ""


def read_grids(form: Form, grids: Mapping[str, Grid]) -> tuple[Rows, list[Misplaced]]:
    """Return what was filled in, by the names of sheets, and what stands where the template has nothing."""
    rows: list[Row] = []
    misplaced, key = [], ""
    for name, grid in grids.items():
        record = form.of_sheet(name)
        if record is None:
            if any(any(cell.strip() for cell in line) for line in grid):
                misplaced.append(Misplaced("sheet", name))
            continue
        reading = _Reading(record, name)
        rows += reading.upright(grid) if record.single else reading.lying(grid)
        misplaced += reading.misplaced
        if record.of_class == EXPERIENCE:
            key = next((line[2].strip() for line in grid if line[0].strip() == _KEY[0] and len(line) > 2), "")
    return Rows(tuple(rows), key), misplaced


class _Reading:
    def __init__(self, record: Record, sheet: str) -> None:
        self._record, self._sheet = record, sheet
        self._many = {one.key: one.many for one in record.asked()}
        self._things = {one.key for one in record.asked() if one.kind == "thing"}
        self.misplaced: list[Misplaced] = []

    def lying(self, grid: Grid) -> list[Row]:
        """Return a row for each line that is not the continuation of another."""
        keys = [key.strip() for key in grid[0]] if grid else []
        known = {one.key for one in columns_of(self._record)}
        for number, key in enumerate(keys, 1):
            if key not in known and any(len(line) >= number and line[number - 1].strip() for line in grid[1:]):
                self.misplaced.append(Misplaced("column", key or "?", Place(1, number, self._sheet)))
        found: list[tuple[dict[str, list[str]], dict[str, Place]]] = []
        for number, line in enumerate(grid[HEAD_ROWS:], HEAD_ROWS + 1):
            cells = {key: cell.strip() for key, cell in zip(keys, line, strict=False) if key in known and cell.strip()}
            if not cells:
                continue
            more = found and keys[0] not in cells and all(self._many.get(key.partition("@")[0]) for key in cells)
            if not more:
                found.append(({}, {}))
            values, places = found[-1]
            for key, cell in cells.items():
                values.setdefault(key, []).extend(self._split(key, cell))
                places.setdefault(key, Place(number, keys.index(key) + 1, self._sheet))
        return [Row(self._record.key, {key: tuple(texts) for key, texts in values.items() if key != _KEY[0]},
                    next(iter(values.get(_KEY[0], ())), ""), places) for values, places in found]

    def upright(self, grid: Grid) -> list[Row]:
        """Return a row for each passage that is named."""
        fields = {one.key: one for one in self._record.asked()}
        found: dict[str, tuple[dict[str, list[str]], dict[str, Place]]] = {}
        key = ""
        for number, line in enumerate(grid[1:], 2):
            cells = [*(cell.strip() for cell in line), *[""] * len(_UPRIGHT)][:len(_UPRIGHT)]
            key = cells[0] or key
            if (not cells[2] and not cells[3]) or key == _KEY[0]:
                continue
            if key not in fields:
                self.misplaced.append(Misplaced("column", key or cells[2] or cells[3], Place(number, 1, self._sheet)))
                continue
            values, places = found.setdefault(cells[4], ({PASSAGE_COLUMN: [cells[4]]} if cells[4] else {}, {}))
            for column, text in self._upright_cells(fields[key], cells):
                values.setdefault(column, []).extend(self._split(column, text))
                places.setdefault(column, Place(number, 3 if not column.endswith("@es") else 4, self._sheet))
        return [Row(self._record.key, {one: tuple(texts) for one, texts in values.items()}, places=places)
                for values, places in found.values()]

    def _upright_cells(self, field: Field, cells: list[str]) -> Iterator[tuple[str, str]]:
        for language, text in zip(LANGUAGES, cells[2:4], strict=True):
            if text:
                yield (f"{field.key}@{language}" if field.bilingual else field.key), text

    def _split(self, key: str, cell: str) -> list[str]:
        """Return the values of a cell: of a field that may have several things, those between semicolons or on lines."""
        if key in self._things and self._many[key]:
            return [part.strip() for part in cell.replace("\n", ";").split(";") if part.strip()]
        return [cell]


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP, the form in which CSV files are sent."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()
