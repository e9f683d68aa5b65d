"""Turns rows in which something is left out into rows that say it: nobody is asked twice for what follows from the rest."""

from collections.abc import Sequence
from dataclasses import replace

from kg.entry.form import EXPERIENCE, Form
from kg.entry.naming import folder_of
from kg.entry.rows import Row
from kg.names import expand, local_name, thing_iri

_USES_ENTRY_WAY = expand("par:usesEntryWay")


def with_entry_way(form: Form, rows: Sequence[Row]) -> list[Row]:
    """Return rows with the entry way of the case where one is left out, if the case has but one."""
    case = form.by_class[EXPERIENCE]
    ways = {text for row in rows if row.record == case.key for text in row.texts(local_name(_USES_ENTRY_WAY))}
    if len(ways) != 1:
        return list(rows)
    asked = {record.key: one.key for record in form.records for one in record.fields if one.default == "theEntryWay"}
    return [replace(row, values={**row.values, asked[row.record]: tuple(ways)})
            if row.record in asked and not row.texts(asked[row.record]) else row for row in rows]


def scheme_of(of_class: str) -> str:
    """Return the IRI of the list to which the concepts of a class belong; it has the name of their kind in the plural."""
    return thing_iri("concept-scheme", f"{folder_of(of_class)}s")
