"""Turns the graph of a revision into figures about it, and figures into a description: VoID, DCAT and SPARQL Service Description.

Sources: Describing Linked Datasets with the VoID Vocabulary (W3C, 2011); DCAT 3 (W3C, 2024); SPARQL 1.1 Service Description
(W3C, 2013).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from kg.inquire import Cell, Inquiry
from kg.names import (
    BASE,
    DESCRIBING,
    DESCRIPTION,
    LINKED,
    ONTOLOGY_GRAPH,
    PREFIXES,
    PUBLISHER,
    SPARQL_PROTOCOL,
    compact,
    is_public_graph,
)
from kg.store.dumps import File
from kg.store.rdf import Literal, NamedNode, Triple
from kg.store.revisions import Revision
from kg.store.sparql import bind

TITLE = {"en": "COCINA PAR graph: how small producers and rural entrepreneurs reach a market",
         "es": "Grafo COCINA PAR: cómo llegan al mercado los pequeños productores y emprendedores rurales"}
ABOUT = {"en": "What five reports teach about ways to the market, each statement tied to the passage that makes it.",
         "es": "Lo que enseñan cinco informes sobre los caminos al mercado, cada afirmación unida al pasaje que la hace."}
ENDPOINT = {"en": "SPARQL endpoint of the COCINA PAR graph", "es": "Punto de consulta SPARQL del grafo COCINA PAR"}
RESULT_FORMATS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
                  "Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads")
WHOLE = {"turtle": "text/turtle", "ntriples": "application/n-triples", "jsonld": "application/ld+json"}

_QUERIES = {
    "totals": """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) { ?s ?p ?o }""",
    "entities": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o FILTER(STRSTARTS(STR(?s), ?things)) }",
    "classes": "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(ISIRI(?c)) } GROUP BY ?c ORDER BY ?c",
    "properties": """SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
        { ?s ?p ?o } GROUP BY ?p ORDER BY ?p""",
    "graphs": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "links": f"""SELECT ?space ?p (COUNT(*) AS ?n) {{
        VALUES ?p {{ {" ".join(f"<{PREFIXES['skos']}{kind}Match>" for kind in ("broad", "close", "exact", "narrow", "related"))}
          <{PREFIXES["owl"]}sameAs> }}
        ?s ?p ?o FILTER(ISIRI(?o) && !STRSTARTS(STR(?o), ?base)) BIND(REPLACE(STR(?o), "[^/#]+$", "") AS ?space) }}
        GROUP BY ?space ?p ORDER BY ?space ?p""",
    "licences": f"SELECT ?licence {{ ?ontology <{PREFIXES['dcterms']}license> ?licence }} ORDER BY ?licence",
    "examples": f"SELECT ?e {{ ?e a <{PREFIXES['par']}SystematizedExperience> }} ORDER BY ?e LIMIT 3",
}

_Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Figures:
    """What was counted of a revision: the rows of each query, as texts; empty where there is nothing."""

    revision: Revision
    rows: Mapping[str, _Rows]

    @property
    def is_ours(self) -> bool:
        """Tell whether this is our graph, with our ontology, and not a plain store of something else."""
        return any(row[0] == ONTOLOGY_GRAPH for row in self.rows["graphs"])


def measure(inquiry: Inquiry) -> Figures:
    """Count the triples, entities, classes, properties, graphs and links of the revision. Raises what Inquiry.table raises."""
    values: dict[str, NamedNode | Literal] = {"base": Literal(BASE), "things": Literal(BASE + "id/")}
    return Figures(inquiry.revision(), {name: [tuple(map(_text, row)) for row in inquiry.table(bind(query, values)).rows]
                                        for name, query in _QUERIES.items()})


def describe_dataset(figures: Figures, root: str, files: Sequence[File] = ()) -> list[Triple]:
    """Return the VoID and DCAT description of a revision that is served below the address ``root``.

    files: those of the whole that can be had there, with size and checksum where they are made already.
    Counts, partitions, vocabularies and link sets; for our own graph also title, licence and where to get it.
    """
    here = _here(figures, root)
    dataset = here + "#dataset"
    found = [*_state(here, ("rdf:type", _term("void:DatasetDescription")), ("foaf:primaryTopic", NamedNode(dataset))),
             *_counts(figures, root, dataset), *_partitions(figures, here, dataset), *_links(figures, here, dataset)]
    if figures.is_ours:
        found += [*_record(figures, root, here, dataset), *_files(files, figures, root, here, dataset)]
    return found


def describe_service(figures: Figures, root: str) -> list[Triple]:
    """Return the description of the endpoint below ``root``: languages, formats, and its data set with every named graph."""
    here = _here(figures, root)
    service, dataset, default = here + "#sparql", here + "#dataset", here + "#default-graph"
    found = [*_state(service, ("rdf:type", _term("sd:Service")), ("sd:endpoint", NamedNode(root + "sparql")),
                     ("sd:supportedLanguage", _term("sd:SPARQL11Query")), ("sd:defaultDataset", NamedNode(dataset)),
                     *(("sd:resultFormat", NamedNode(DESCRIBING["formats"] + name)) for name in RESULT_FORMATS)),
             *_counts(figures, root, dataset),
             *_state(dataset, ("rdf:type", _term("sd:Dataset")), ("sd:defaultGraph", NamedNode(default))),
             *_state(default, ("rdf:type", _term("sd:Graph")), ("void:triples", int(figures.rows["totals"][0][0])))]
    if figures.is_ours:
        found += _state(service, ("sd:feature", _term("sd:UnionDefaultGraph")))
    for name, count in figures.rows["graphs"]:
        if is_public_graph(name) or not figures.is_ours:
            named, graph = f"{here}#named-{_slug(name)}", f"{here}#graph-{_slug(name)}"
            found += [*_state(dataset, ("sd:namedGraph", NamedNode(named))),
                      *_state(named, ("rdf:type", _term("sd:NamedGraph")), ("sd:name", NamedNode(name)),
                              ("sd:graph", NamedNode(graph))),
                      *_state(graph, ("rdf:type", _term("sd:Graph")), ("void:triples", int(count)))]
    return found


def _counts(figures: Figures, root: str, dataset: str) -> Iterator[Triple]:
    ((triples, subjects, objects),) = figures.rows["totals"]
    made = Literal(figures.revision.made, datatype=_term("xsd:dateTime"))
    yield from _state(dataset, ("rdf:type", _term("void:Dataset")), ("void:sparqlEndpoint", NamedNode(root + "sparql")),
                      ("void:triples", int(triples)), ("void:distinctSubjects", int(subjects)),
                      ("void:distinctObjects", int(objects)), ("void:classes", len(figures.rows["classes"])),
                      ("void:properties", len(figures.rows["properties"])), ("dcterms:issued", made), ("dcterms:modified", made))
    if figures.is_ours:
        yield from _state(dataset, ("void:uriSpace", BASE + "id/"), ("void:entities", int(figures.rows["entities"][0][0])))


def _partitions(figures: Figures, here: str, dataset: str) -> Iterator[Triple]:
    for name, count in figures.rows["classes"]:
        part = f"{here}#class-{_slug(name)}"
        yield from _state(dataset, ("void:classPartition", NamedNode(part)))
        yield from _state(part, ("void:class", NamedNode(name)), ("void:entities", int(count)))
    for name, count, subjects, objects in figures.rows["properties"]:
        part = f"{here}#property-{_slug(name)}"
        yield from _state(dataset, ("void:propertyPartition", NamedNode(part)))
        yield from _state(part, ("void:property", NamedNode(name)), ("void:triples", int(count)),
                          ("void:distinctSubjects", int(subjects)), ("void:distinctObjects", int(objects)))
    used = [row[0] for row in (*figures.rows["classes"], *figures.rows["properties"])]
    for space in sorted({re.sub(r"[^/#]*$", "", name) for name in used}):
        yield from _state(dataset, ("void:vocabulary", NamedNode(space)))


def _links(figures: Figures, here: str, dataset: str) -> Iterator[Triple]:
    """Return a link set for each data set that is linked to and each property that links."""
    for space, predicate, count in figures.rows["links"]:
        target, links = f"{here}#target-{_slug(space)}", f"{here}#links-{_slug(space)}-{_slug(predicate)}"
        yield from _state(dataset, ("void:subset", NamedNode(links)))
        yield from _state(links, ("rdf:type", _term("void:Linkset")), ("void:linkPredicate", NamedNode(predicate)),
                          ("void:subjectsTarget", NamedNode(dataset)), ("void:objectsTarget", NamedNode(target)),
                          ("void:triples", int(count)))
        yield from _state(target, ("rdf:type", _term("void:Dataset")), ("void:uriSpace", space))
        if space in LINKED:
            yield from _state(target, ("dcterms:title", LINKED[space]))


def _record(figures: Figures, root: str, here: str, dataset: str) -> Iterator[Triple]:
    """Return the DCAT record: title, licence and version, the whole graph in three formats, and the endpoint that serves it."""
    service = here + "#sparql"
    licences = [("dcterms:license", NamedNode(row[0])) for row in figures.rows["licences"]]
    yield from _state(dataset, ("rdf:type", _term("dcat:Dataset")), *_texts("dcterms:title", TITLE),
                      *_texts("dcterms:description", ABOUT), *licences, ("dcterms:publisher", NamedNode(PUBLISHER)),
                      ("dcterms:identifier", dataset), ("dcat:version", str(figures.revision.number)),
                      ("dcat:landingPage", NamedNode(root)), ("foaf:homepage", NamedNode(root)),
                      *(("dcterms:language", NamedNode(DESCRIBING["language"] + code)) for code in ("en", "es")),
                      *(("void:exampleResource", NamedNode(row[0])) for row in figures.rows["examples"]))
    for key, type in WHOLE.items():
        distribution = f"{here}#{key}"
        address = NamedNode(root + "sparql?" + urlencode({"query": "CONSTRUCT WHERE { ?s ?p ?o }", "format": key}))
        yield from _state(dataset, ("dcat:distribution", NamedNode(distribution)), ("void:dataDump", address))
        yield from _state(distribution, ("rdf:type", _term("dcat:Distribution")), ("dcat:downloadURL", address),
                          ("dcat:accessURL", NamedNode(root + "sparql")), ("dcat:accessService", NamedNode(service)),
                          ("dcat:mediaType", NamedNode(DESCRIBING["media"] + type)), *_texts("dcterms:title", TITLE), *licences)
    yield from _state(service, ("rdf:type", _term("dcat:DataService")), *_texts("dcterms:title", ENDPOINT),
                      ("dcat:endpointURL", NamedNode(root + "sparql")), ("dcat:endpointDescription", NamedNode(root + "sparql")),
                      ("dcat:servesDataset", NamedNode(dataset)), ("dcterms:conformsTo", NamedNode(SPARQL_PROTOCOL)))


def _files(files: Sequence[File], figures: Figures, root: str, here: str, dataset: str) -> Iterator[Triple]:
    """Return the distributions that are files: what they hold, how it is packed, and of those that are made size and checksum."""
    licences = [("dcterms:license", NamedNode(row[0])) for row in figures.rows["licences"]]
    for file in files:
        if not file.name.startswith("dataset"):
            continue
        distribution, address = f"{here}#{file.name}", NamedNode(f"{root}download/{file.name}")
        media = NamedNode(DESCRIBING["media"] + file.holds)
        yield from _state(dataset, ("dcat:distribution", NamedNode(distribution)), ("void:dataDump", address))
        yield from _state(distribution, ("rdf:type", _term("dcat:Distribution")), ("dcat:downloadURL", address),
                          ("dcat:accessURL", NamedNode(root + "download")), ("dcat:mediaType", media), *licences,
                          *_texts("dcterms:title", TITLE))
        if file.type != file.holds:
            yield from _state(distribution, ("dcat:compressFormat", NamedNode(DESCRIBING["media"] + file.type)))
        if file.sha256:
            checksum = distribution + "-checksum"
            yield from _state(distribution, ("dcat:byteSize", file.size_bytes), ("spdx:checksum", NamedNode(checksum)))
            yield from _state(checksum, ("rdf:type", _term("spdx:Checksum")),
                              ("spdx:algorithm", _term("spdx:checksumAlgorithm_sha256")),
                              ("spdx:checksumValue", Literal(file.sha256, datatype=_term("xsd:hexBinary"))))


def _here(figures: Figures, root: str) -> str:
    return DESCRIPTION if figures.is_ours else root + DESCRIPTION.removeprefix(BASE)


def _state(subject: str, *stated: tuple[str, NamedNode | Literal | str | int]) -> Iterator[Triple]:
    for property, value in stated:
        yield Triple(NamedNode(subject), _term(property), value if isinstance(value, NamedNode | Literal) else Literal(value))


def _texts(property: str, texts: Mapping[str, str]) -> list[tuple[str, Literal]]:
    return [(property, Literal(text, language=code)) for code, text in texts.items()]


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode({**PREFIXES, **DESCRIBING}[prefix] + local)


def _slug(iri: str) -> str:
    """Return a part of a fragment that tells an IRI from all others: one of ours by its path, another escaped whole."""
    return quote(compact(iri).removeprefix(BASE), safe="")


def _text(cell: Cell | None) -> str:
    return cell.text if cell else ""
