"""What the tests of the entry form fill in: a case and its source, rows, and what was said of them."""

from dataclasses import replace

from kg.entry.entering import enter
from kg.entry.filled import fill
from kg.entry.rows import Row, Rows
from kg.entry.shipped import shipped_form
from kg.store.rdf import read_file
from tests.machine import ROOT

FORM = shipped_form()
NOTHING = Rows(())
EXAMPLE = read_file(ROOT / "kg/entry/example.trig")
SHIPPED = [quad for path in sorted((ROOT / "kg/data").glob("*/*.trig")) for quad in read_file(path)]
KEYS = ["peasant-agro-fairs", "corpapa", "el-bodegon", "tambinas-schools", "maqueo", "mieles-del-sur", "punta-chilen",
        "campos-de-hielo", "nam-festival", "tarija-aromas-and-flavors", "manqa", "ketal", "gustu"]


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
ONE_WAY = replace(CASE, values={**CASE.values, "usesEntryWay": ("Fairs",)})


def bare(quads):
    return {(quad.subject, quad.predicate, quad.object) for quad in quads}


def said(submission):
    return [f"{one.strength} {one.message} {one.write}" for one in submission.findings]


def called(rows, record):
    return [row.name() for row in rows.rows if row.record == record]


def again(given, naming, times=3):
    """Return rows as they are after being kept and opened several times."""
    for _ in range(times):
        entered = enter(FORM, given, naming)
        given = fill(FORM, entered.quads, naming, "en", entered.key)
    return given
