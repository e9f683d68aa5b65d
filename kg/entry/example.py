"""Turns the invented experience that ships into rows, to show how one is filled in."""

from pathlib import Path

from kg.entry.filled import fill
from kg.entry.form import Form
from kg.entry.naming import NamesOfThings
from kg.entry.rows import Rows
from kg.store.rdf import read_file
from kg.submissions.known import Known

KEY = "lake-cheese"


def example_rows(form: Form, known: Known, language: str) -> Rows:
    """Return the rows of the invented experience, things by their names in a language."""
    quads = read_file(Path(__file__).parent / "example.trig")
    return fill(form, quads, NamesOfThings(known), language, KEY)
