"""Turns the terms of other vocabularies, of which the graph gives no names, into what a page calls them."""

from kg.names import BORROWED, compact

_NAMES = {
    "rdf:type": ("kind", "tipo"), "rdfs:label": ("name", "nombre"), "skos:altLabel": ("other name", "otro nombre"),
    "skos:definition": ("definition", "definición"), "skos:scopeNote": ("note", "nota"), "skos:changeNote": ("change", "cambio"),
    "skos:notation": ("code", "código"), "skos:broader": ("within the wider", "dentro de lo más amplio"),
    "skos:inScheme": ("in the scheme", "en el esquema"), "skos:exactMatch": ("the same as", "lo mismo que"),
    "skos:closeMatch": ("close to", "cercano a"), "skos:broadMatch": ("narrower than", "más estrecho que"),
    "skos:narrowMatch": ("wider than", "más amplio que"), "skos:relatedMatch": ("related to", "relacionado con"),
    "dcterms:title": ("title", "título"), "dcterms:creator": ("author", "autoría"), "dcterms:issued": ("issued", "publicado en"),
    "dcterms:publisher": ("publisher", "editorial"), "dcterms:source": ("source", "fuente"),
    "dcterms:identifier": ("identifier", "identificador"), "prov:Entity": ("entity", "entidad"),
    "prov:Activity": ("activity", "actividad"), "prov:Agent": ("agent", "agente"), "skos:Concept": ("concept", "concepto"),
    "skos:ConceptScheme": ("scheme of concepts", "esquema de conceptos"), "dcterms:bibliographicCitation": ("citation", "cita"),
}
_OTHERS = {
    BORROWED["org"] + "Organization": ("organization", "organización"), BORROWED["org"] + "Role": ("role", "papel"),
    BORROWED["org"] + "OrganizationalUnit": ("organizational unit", "unidad de una organización"),
    BORROWED["geosparql"] + "Feature": ("place on a map", "lugar en un mapa"),
    BORROWED["p-plan"] + "Step": ("step", "paso"), BORROWED["p-plan"] + "Plan": ("plan of steps", "plan de pasos"),
    BORROWED["qb"] + "Observation": ("value in a table", "valor de una tabla"),
    BORROWED["qb"] + "DataSet": ("table of values", "tabla de valores"),
    BORROWED["org"] + "hasMember": ("has the member", "tiene como miembro"),
    BORROWED["p-plan"] + "isStepOfPlan": ("is a step of", "es un paso de"),
    BORROWED["sdmx-measure"] + "obsValue": ("value", "valor"),
    BORROWED["sdmx-dimension"] + "refArea": ("area", "área"),
    BORROWED["qb"] + "dataSet": ("of the table", "de la tabla"),
}


def standard_term(iri: str, language: str) -> str:
    """Return what a page calls a term of another vocabulary in a language; its prefixed name, or IRI, where it has none."""
    names = _OTHERS.get(iri) or _NAMES.get(compact(iri))
    return names[language == "es"] if names else compact(iri)


def is_standard(text: str) -> bool:
    """Tell whether a text is the IRI of a term that has a name here."""
    return text in _OTHERS or compact(text) in _NAMES
