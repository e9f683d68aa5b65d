"""Turns the kinds under which search files things into what a page calls them: by the label of the class that each stands for."""

from api.answers import inquiry
from api.memory import remembered
from kg.names import KIND_OF_CLASS, compact, kind_of
from kg.parameters import LANGUAGES

# Kinds that no class alone has.
_OWN = {"graph": ("graph", "grafo"), "ontology": ("ontology", "ontología"), "place": ("place", "lugar"),
        "queries": ("question", "pregunta"), "term": ("term", "término")}


def kinds_in(language: str) -> dict[str, str]:
    """Return what each kind of thing that the graph has is called in a language, by what is called; none in a plain store."""
    found = {kind: names[LANGUAGES.index(language)] for kind, names in _OWN.items()}
    for of_class, label, _ in remembered(inquiry().bound("count_things", {"language": language})).rows:
        if of_class and label:
            name = compact(of_class.text)
            named_after = name in KIND_OF_CLASS or "par:" + "".join(map(str.capitalize, kind_of(name).split("-"))) == name
            if kind_of(name) and (named_after or kind_of(name) not in found) and kind_of(name) not in _OWN:
                found[kind_of(name)] = label.text
    return dict(sorted(found.items(), key=lambda one: one[1].casefold())) if len(found) > len(_OWN) else {}
