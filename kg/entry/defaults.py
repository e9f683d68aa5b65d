"""Turns rows in which something is left out into rows that say it: nobody is asked twice for what follows from the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.entry.form import DOCUMENT, EXPERIENCE, PASSAGE, Form
from kg.entry.naming import LANGUAGES, folder_of
from kg.entry.rows import PASSAGE_COLUMN, Row
from kg.names import expand, local_name, thing_iri

WHOLE = "whole"  # the key of the passage that stands for the document where none is named
_WHOLE_CALLED = {"en": "the whole document", "es": "el documento entero"}
_USES_ENTRY_WAY = expand("par:usesEntryWay")


def with_defaults(form: Form, rows: Sequence[Row]) -> list[Row]:
    """Return rows with the entry way and the name of the whole document where these follow from the rest."""
    return _with_whole_called(form, _with_entry_way(form, rows))


def _with_entry_way(form: Form, rows: Sequence[Row]) -> list[Row]:
    """Return rows with the entry way of the case where one is left out, if the case has but one."""
    case = form.by_class[EXPERIENCE]
    ways = {text for row in rows if row.record == case.key for text in row.texts(local_name(_USES_ENTRY_WAY))}
    if len(ways) != 1:
        return list(rows)
    asked = {record.key: one.key for record in form.records for one in record.fields if one.default == "theEntryWay"}
    return [replace(row, values={**row.values, asked[row.record]: tuple(ways)})
            if row.record in asked and not row.texts(asked[row.record]) else row for row in rows]


def whole_called(document: Mapping[str, str]) -> dict[str, str]:
    """Return what the passage that is a whole document is called, by language, from what the document is; either may lack."""
    names = {language: document.get(language) or next(iter(document.values()), "") for language in LANGUAGES}
    return {language: f"{names[language]}, {text}" if names[language] else text.capitalize()
            for language, text in _WHOLE_CALLED.items()}


def _with_whole_called(form: Form, rows: Sequence[Row]) -> list[Row]:
    """Return rows in which the passage that is the whole document has the name that the document has by now.

    Where somebody has called it otherwise, it stays as it is.
    """
    passage, document = form.by_class[PASSAGE].key, form.by_class[DOCUMENT].key
    whole = next((row for row in rows if (row.record, row.key) == (passage, WHOLE)), None)
    if not whole or not all(whole.text(f"label@{language}").casefold().endswith(of) for language, of in _WHOLE_CALLED.items()):
        return list(rows)
    named = next((row for row in rows if row.record == document), Row(document, {}))
    called = whole_called({language: text for language in LANGUAGES if (text := named.text(f"label@{language}"))})
    before = {whole.text(f"label@{language}"): text for language, text in called.items()}
    return [replace(row, values={column: tuple(before.get(text, text) for text in texts)
                                 if column in _names_of_passages(form, row) else texts for column, texts in row.values.items()})
            for row in rows]


def _names_of_passages(form: Form, row: Row) -> set[str]:
    """Return the columns of a row that have the name of a passage."""
    record = form.by_class[PASSAGE]
    own = {f"label@{language}" for language in LANGUAGES} if row.record == record.key else set()
    return own | {PASSAGE_COLUMN, *(one.key for one in (form.record(row.record) or record).fields if one.of_class == PASSAGE)}


def scheme_of(of_class: str) -> str:
    """Return the IRI of the list to which the concepts of a class belong; it has the name of their kind in the plural."""
    return thing_iri("concept-scheme", f"{folder_of(of_class)}s")
