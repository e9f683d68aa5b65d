"""How the tests ask in SPARQL: the usual prefixes, a query that counts, and the address that asks one."""

import urllib.parse

PREFIXES = """PREFIX par: <https://w3id.org/cocina-par/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX id: <https://w3id.org/cocina-par/id/>
PREFIX graph: <https://w3id.org/cocina-par/graph/>
"""
COUNT = PREFIXES + "SELECT (COUNT(*) AS ?n) { ?a a par:ToolApplication }"
FORM = "application/x-www-form-urlencoded"


def ask_path(query: str, **more: str) -> str:
    """Return the path that asks a query by GET."""
    return "/sparql?" + urllib.parse.urlencode({"query": query, **more})
