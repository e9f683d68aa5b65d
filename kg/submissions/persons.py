"""Turns the quads of a submission into findings about the people it names: whether they agreed, and how they could be reached."""

import re
from collections.abc import Iterator

from kg.names import RDF_TYPE, brief, expand
from kg.store.rdf import Literal, NamedNode
from kg.submissions.draft import Draft
from kg.submissions.finding import Finding

PERSON = expand("par:Person")
NAMED_BY = expand("par:isPersonNamedBy")
AGREED, PUBLISHED, UNASKED = map(expand, ("par:namesWithConsent", "par:namesAsPublished", "par:namesUnasked"))
_MAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
# A number is one to call where it begins as those of abroad do, or a word says so: texts are full of other numbers.
_CALL = r"(?<![\w+])\+\d(?:[\s().-]{0,2}\d){7,14}(?!\d)"
_TOLD = r"\b(?:tels?|tlf|phone|cel|m[oó]vil|celular|tel[eé]fonos?|whatsapp)\b[.:]{0,2}\s?\(?\d(?:[\s().-]{0,2}\d){5,14}(?!\d)"
CONTACT = re.compile(f"{_MAIL}|{_CALL}|{_TOLD}", re.IGNORECASE)


def check_persons(draft: Draft) -> Iterator[Finding]:
    """Yield the persons of whom nothing says whether they agreed, or that they were not asked, and contacts in public texts."""
    told = {field: {value.value for about in draft.about.values() for value in about.get(field, ())
                    if isinstance(value, NamedNode)} for field in (AGREED, PUBLISHED, UNASKED)}
    spoken_of = {*draft.about, *(value.value for about in draft.about.values() for field, values in about.items()
                                 if field != RDF_TYPE for value in values if isinstance(value, NamedNode))}
    asked = NAMED_BY if NAMED_BY in draft.titles else ""  # where it was filled in, a field asks for it
    for person in sorted(iri for iri in spoken_of if PERSON in draft.classes(iri)):
        if person in told[UNASKED] - told[AGREED]:
            yield draft.tell("person_unasked", person, asked, found=brief(person), person=person)
        elif person not in told[AGREED] | told[PUBLISHED]:
            yield draft.tell("person", person, asked, found=brief(person), person=person)
    for record, about in draft.about.items():
        for field, values in about.items():
            for value in values:
                if isinstance(value, Literal) and (match := CONTACT.search(value.value)):
                    name = "contact_agreed" if told[AGREED] else "contact"
                    yield draft.tell(name, record, field, match[0])
