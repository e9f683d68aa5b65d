"""Turns names of the project into IRIs: namespaces, graphs and kinds of thing, all spelled here and nowhere else."""

import re

BASE = "https://w3id.org/cocina-par/"

PREFIXES = {
    "par": BASE + "ontology#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
}

ONTOLOGY = BASE + "ontology"
CONTEXT = BASE + "context.jsonld"
GRAPH = BASE + "graph/"
EDITORIAL_GRAPH = GRAPH + "editorial"
ONTOLOGY_GRAPH = GRAPH + "ontology"
INFERRED_GRAPH = GRAPH + "inferred"
OFFER_GRAPH = GRAPH + "queries"
EXPERIENCE_GRAPH = GRAPH + "experience/"
# Where a revision keeps what changes call the default graph, since its own default graph is the union of the public ones.
OWN_DEFAULT_GRAPH = "urn:x-parkg:default-graph"

# On another store: each revision's union of the public graphs, which revision is served, and a graph that never is.
REVISION_GRAPH = "urn:x-parkg:revision:"
SERVED_GRAPH = "urn:x-parkg:served:"
HAS_STATE = "urn:x-parkg:state"
HAS_DIGEST = "urn:x-parkg:digest"
NO_GRAPH = "urn:x-parkg:none"

RDF_TYPE = PREFIXES["rdf"] + "type"
XSD_STRING = PREFIXES["xsd"] + "string"
XSD_DECIMAL = PREFIXES["xsd"] + "decimal"
RDFS_LABEL = PREFIXES["rdfs"] + "label"
SKOS_DEFINITION = PREFIXES["skos"] + "definition"
HAS_NAMED_GRAPH = PREFIXES["par"] + "hasNamedGraph"
OWL_IMPORTS = PREFIXES["owl"] + "imports"
# That of the dataset; what examples name: a licence, and an address that is nobody's.
LICENCE = EXAMPLE_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
EXAMPLE_SITE = "https://example.org/"
SHAPE = BASE + "shape/"
SUBMISSION_CONSTRAINT = SHAPE + "SubmissionConstraintComponent"
DASH = "http://datashapes.org/dash#"

# The folder of /id/ in which the things of a class stand, for classes that a query may take as a parameter.
KIND_OF_CLASS = {
    "par:ActionPhase": "action-phase",
    "par:Approach": "approach",
    "par:Country": "country",
    "par:Discrepancy": "discrepancy",
    "par:Document": "document",
    "par:EntryWay": "entry-way",
    "par:Passage": "passage",
    "par:Product": "product",
    "par:ProductiveAllianceProject": "project",
    "par:SystematizedExperience": "experience",
    "par:Tool": "tool",
}

# The same for other classes whose things do not stand in the folder of the class's own name.
_KIND_OF_OTHER = {"par:Region": "place", "par:AgentGroup": "agent", "par:Organization": "agent", "par:Person": "agent",
                  "par:Programme": "agent", "par:GuidanceItem": "guidance", "par:ProductGroup": "product",
                  **dict.fromkeys(("par:Case", "par:PublicPrivateCase", "par:ToolboxItem", "par:Place", "par:Stage",
                                   "par:ChainStage", "par:BusinessCategory", "par:Application", "par:Insight"), "")}

# What the dataset is called, and the vocabularies in which it and its endpoint are described.
DESCRIPTION = BASE + ".well-known/void"
REVISION = BASE + "revisions/"
PUBLISHER = BASE + "id/agent/cocina-par-graph-project"
DESCRIBING = {
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "formats": "http://www.w3.org/ns/formats/",
    "spdx": "http://spdx.org/rdf/terms#",
    "media": "https://www.iana.org/assignments/media-types/",
    "language": "http://id.loc.gov/vocabulary/iso639-1/",
}
# Vocabularies by which editors find examples, prefixes and classes.
OFFERING = {"sh": "http://www.w3.org/ns/shacl#", "schema": "https://schema.org/", "void": DESCRIBING["void"]}
# Vocabularies of which the graph has terms, but no prefix for what is written: pages say what these are called.
BORROWED = {
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "org": "http://www.w3.org/ns/org#",
    "p-plan": "http://purl.org/net/p-plan#",
    "qb": "http://purl.org/linked-data/cube#",
    "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
}
REVIEWER = "http://id.loc.gov/vocabulary/relators/rev"
SVG = "http://www.w3.org/2000/svg"
SPARQL_PROTOCOL = "http://www.w3.org/TR/sparql11-protocol/"
# Data sets that ours links to, by the beginning of their IRIs.
LINKED = {
    "http://aims.fao.org/aos/agrovoc/": "AGROVOC",
    "http://www.wikidata.org/entity/": "Wikidata",
    "http://metadata.un.org/sdg/": "UN Sustainable Development Goals",
    "http://purl.obolibrary.org/obo/": "OBO Foundry",
    "https://schema.org/": "Schema.org",
    "https://sws.geonames.org/": "GeoNames",
}


# Prefixes for what is written, so that a thing reads as experience:ketal.
OUTPUT_PREFIXES = {**PREFIXES, **{prefix: DESCRIBING[prefix] for prefix in ("void", "dcat", "sd", "csvw")},
                   **{kind: f"{BASE}id/{kind}/" for kind in KIND_OF_CLASS.values()},
                   **{kind: f"{BASE}id/{kind}/" for kind in ("tool-application", "approach-application", "claim")}}


def thing_iri(kind: str, key: str) -> str:
    """Return the IRI of a thing from its kind and key, such as ``tool`` and ``financing``."""
    return f"{BASE}id/{kind}/{key}"


def kind_of(of_class: str) -> str:
    """Return the folder of /id/ in which the things of a class stand, such as ``entry-way`` for ``par:EntryWay``.

    A class over several kinds, such as par:Case, has none: nothing is returned.
    """
    known = {**KIND_OF_CLASS, **_KIND_OF_OTHER}.get(of_class)
    return known if known is not None else re.sub(r"(?<!^)(?=[A-Z])", "-", of_class.partition(":")[2]).lower()


def expand(name: str) -> str:
    """Return the IRI that a prefixed name such as ``par:Tool`` stands for; an IRI is returned as it is."""
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else name


def compact(iri: str) -> str:
    """Return the prefixed name of an IRI where one of ours fits, else the IRI."""
    for prefix, namespace in PREFIXES.items():
        local = iri[len(namespace):]
        if iri.startswith(namespace) and local and not set("/#") & set(local):
            return f"{prefix}:{local}"
    return iri


def local_name(iri: str) -> str:
    """Return what stands behind the last ``#`` or ``/`` of an IRI."""
    return re.split(r"[#/]", iri)[-1]


def path_of(iri: str) -> str:
    """Return kind and key of a thing of ours, such as ``tool/financing``; nothing for what is not one."""
    start = BASE + "id/"
    return iri.removeprefix(start) if iri.startswith(start) else ""


def brief(iri: str) -> str:
    """Return kind and key of a thing of ours, the prefixed name of a term, or the IRI."""
    return path_of(iri) or compact(iri)


def graph_of_experience(key: str, version: int | str) -> str:
    """Return the IRI of the graph of a version of a contributed experience; those of its passages begin with it and a slash."""
    return f"{EXPERIENCE_GRAPH}{key}/{version}"


def is_public_graph(iri: str) -> bool:
    """Tell whether a named graph belongs to the union that a query reads by default."""
    return iri.startswith(GRAPH)


def is_shipped_graph(iri: str) -> bool:
    """Tell whether a named graph is one that a build writes: all of ours but those of contributed experiences."""
    return is_public_graph(iri) and not iri.startswith(EXPERIENCE_GRAPH)
