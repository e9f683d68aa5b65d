"""Turns the kinds under which search files things into what a page calls them: by the label of the class that each stands for."""

from api.answers import inquiry
from api.memory import remembered
from kg.names import BASE, compact, kind_of
from kg.parameters import LANGUAGES
from kg.store.rdf import Literal
from kg.store.sparql import bind

# Kinds that no class alone has, and those whose class belongs to a standard.
_OWN = {"chain-stage": ("stage of a value chain", "etapa de una cadena de valor"),
        "component": ("component of a table", "componente de una tabla"), "concept-scheme": ("vocabulary", "vocabulario"),
        "data-set": ("table", "tabla"), "data-structure": ("structure of a table", "estructura de una tabla"),
        "graph": ("graph", "grafo"), "observation": ("figure", "cifra"), "ontology": ("ontology", "ontología"),
        "place": ("place", "lugar"), "project-state": ("state of a project", "estado de un proyecto"),
        "queries": ("question", "pregunta"), "stage": ("stage", "etapa"), "term": ("term", "término")}
# One thing of each class tells in which folder its things stand: those of a class that others define stand in another's.
_FOLDERS = "SELECT ?class (MIN(STR(?thing)) AS ?one) { ?thing a ?class FILTER(STRSTARTS(STR(?thing), ?base)) } GROUP BY ?class"


def kinds_in(language: str) -> dict[str, str]:
    """Return what each kind of thing that the graph has is called in a language, by what is called; none in a plain store."""
    base = f"{BASE}id/"
    folders = {row[0].text: row[1].text.removeprefix(base).partition("/")[0]
               for row in remembered(bind(_FOLDERS, {"base": Literal(base)})).rows if row[0] and row[1]}
    rows = remembered(inquiry().bound("count_things", {"language": language})).rows
    named = {kind_of(compact(of_class.text)): label.text for of_class, label, _ in reversed(rows)  # the widest class comes first
             if of_class and label and folders.get(of_class.text) == kind_of(compact(of_class.text))}
    own = {kind: names[LANGUAGES.index(language)] for kind, names in _OWN.items()}
    return dict(sorted({**named, **own}.items(), key=lambda one: one[1].casefold())) if named else {}


def class_of(kind: str) -> str:
    """Return the class whose things stand in a folder of /id/, as a prefixed name; nothing where no class has any."""
    rows = remembered(inquiry().bound("count_things", {})).rows
    there = [compact(row[0].text) for row in rows if row[0]]
    own = "par:" + "".join(part.capitalize() for part in kind.split("-"))
    return own if own in there else next((name for name in there if kind_of(name) == kind), "")
