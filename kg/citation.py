"""Turns what is known of a version or a revision into a citation of it: as a sentence, as BibTeX, as a CITATION.cff file.

Source: Citation File Format 1.2.0, its schema; BibTeX's @misc with the fields of biblatex's @dataset that every style ignores.
"""

import json
import re
from dataclasses import dataclass

TYPE_OF = {"text": "text/plain", "bibtex": "application/x-bibtex", "cff": "application/yaml"}
_LICENCE = re.compile(r"creativecommons\.org/(?:licenses/(by[a-z-]*)|publicdomain/(zero))/([\d.]+)/?$")
_TEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
        **{mark: "\\" + mark for mark in "&%$#_"}}
_PLEASE = {"en": "If you use these data, please cite them as below.", "es": "Si usa estos datos, cítelos como sigue."}
_NAMED = {"en": "What is cited, under its lasting name.", "es": "Lo que se cita, con su nombre duradero."}


@dataclass(frozen=True)
class Citation:
    """What a citation says, in a language.

    contributors: names under which people or programs sent it; groups: names of groups; version: ``version 2`` or ``revision 7``,
    or the same in Spanish; made: when, ISO 8601; iri: what is cited, for good; address: where it is read now; licences: IRIs.
    """

    title: str
    contributors: tuple[str, ...]
    groups: tuple[str, ...]
    version: str
    made: str
    iri: str
    address: str
    licences: tuple[str, ...]
    within: str = ""
    language: str = "en"

    @property
    def authors(self) -> tuple[str, ...]:
        """Return all who made it, contributors first."""
        return (*self.contributors, *self.groups)


def cite(citation: Citation, form: str) -> str:
    """Return a citation in a form: a key of TYPE_OF."""
    return {"text": _text, "bibtex": _bibtex, "cff": _cff}[form](citation)


def licence_name(iri: str) -> str:
    """Return the identifier that SPDX gives a licence of Creative Commons, such as CC-BY-4.0; nothing for another."""
    found = _LICENCE.search(iri)
    if not found:
        return ""
    return f"CC0-{found[3]}" if found[2] else f"CC-{found[1].upper()}-{found[3]}"


def _text(one: Citation) -> str:
    within = f" {'En' if one.language == 'es' else 'In'}: {one.within}." if one.within else ""
    licences = ", ".join(licence_name(iri) or iri for iri in one.licences)
    return (f"{', '.join(one.authors)} ({one.made[:4]}). {one.title}. {one.version.capitalize()}, {one.made[:10]}.{within} "
            f"{one.iri}" + (f" ({licences})" if licences else "") + "\n")


def _bibtex(one: Citation) -> str:
    fields = {"author": " and ".join(f"{{{_tex(name)}}}" for name in one.authors), "title": f"{{{_tex(one.title)}}}",
              "year": one.made[:4], "month": str(int(one.made[5:7])), "version": _tex(one.version), "url": one.iri,
              "howpublished": _tex(one.within), "note": _tex(", ".join(licence_name(iri) or iri for iri in one.licences))}
    key = re.sub(r"[^a-z0-9]+", "-", one.iri.partition("//")[2].partition("/")[2].lower()).strip("-")
    return f"@misc{{{key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value) + "}\n"


def _cff(one: Citation) -> str:
    named = [licence_name(iri) for iri in one.licences if licence_name(iri)]
    others = [iri for iri in one.licences if not licence_name(iri)]
    lines = ["cff-version: 1.2.0", f"message: {_PLEASE[one.language]}", "type: dataset",
             f"title: {_yaml(one.title)}", "authors:", *(f"  - alias: {_yaml(name)}" for name in one.contributors),
             *(f"  - name: {_yaml(name)}" for name in one.groups), f"version: {_yaml(one.version)}",
             f"date-released: {_yaml(one.made[:10])}", f"url: {_yaml(one.address)}", "identifiers:", "  - type: url",
             f"    value: {_yaml(one.iri)}", f"    description: {_NAMED[one.language]}"]
    lines += ["license:", *(f"  - {name}" for name in named)] if named else []
    lines += [f"license-url: {_yaml(others[0])}"] if others and not named else []
    return "\n".join(lines) + "\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(mark, mark) for mark in text)


def _yaml(text: str) -> str:
    """Return a text as a YAML scalar: a string of JSON is one."""
    return json.dumps(text, ensure_ascii=False)
