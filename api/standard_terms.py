"""Turns the terms of other vocabularies, of which the graph gives no names, into what a page calls them."""

from kg.names import compact

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
    "http://www.w3.org/ns/org#Organization": ("organization", "organización"), "http://www.w3.org/ns/org#Role": ("role", "papel"),
    "http://www.w3.org/ns/org#OrganizationalUnit": ("organizational unit", "unidad de una organización"),
    "http://www.opengis.net/ont/geosparql#Feature": ("place on a map", "lugar en un mapa"),
    "http://purl.org/net/p-plan#Step": ("step", "paso"), "http://purl.org/net/p-plan#Plan": ("plan", "plan"),
    "http://purl.org/linked-data/cube#Observation": ("value in a table", "valor de una tabla"),
    "http://purl.org/linked-data/cube#DataSet": ("table of values", "tabla de valores"),
    "http://www.w3.org/ns/org#hasMember": ("has the member", "tiene como miembro"),
    "http://purl.org/net/p-plan#isStepOfPlan": ("is a step of", "es un paso de"),
    "http://purl.org/linked-data/sdmx/2009/measure#obsValue": ("value", "valor"),
    "http://purl.org/linked-data/sdmx/2009/dimension#refArea": ("area", "área"),
    "http://purl.org/linked-data/cube#dataSet": ("of the table", "de la tabla"),
}


def standard_term(iri: str, language: str) -> str:
    """Return what a page calls a term of another vocabulary in a language; its prefixed name, or IRI, where it has none."""
    names = _OTHERS.get(iri) or _NAMES.get(compact(iri))
    return names[language == "es"] if names else compact(iri)


def is_standard(text: str) -> bool:
    """Tell whether a text is the IRI of a term that has a name here."""
    return text in _OTHERS or compact(text) in _NAMES
