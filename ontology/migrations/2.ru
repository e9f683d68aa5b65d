# Texts in Spanish of Peru or in English of Kenya are texts in Spanish and in English; the passage that stands for a document names it.

PREFIX par: <https://w3id.org/cocina-par/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE { GRAPH ?graph { ?thing ?property ?regional } }
INSERT { GRAPH ?graph { ?thing ?property ?text } }
WHERE {
  GRAPH ?graph { ?thing ?property ?regional }
  FILTER(isLiteral(?regional) && REGEX(LANG(?regional), "^(en|es)-"))
  BIND(STRLANG(STR(?regional), SUBSTR(LANG(?regional), 1, 2)) AS ?text)
} ;

DELETE { GRAPH ?graph { ?thing rdfs:label ?before } }
INSERT { GRAPH ?graph { ?thing rdfs:label ?label } }
WHERE {
  VALUES (?whole ?named) {
    ("The whole document"@en "the whole document"@en)
    ("El documento entero"@es "el documento entero"@es)
  }
  GRAPH ?graph { ?passage rdfs:label ?whole ; par:isPassageOf ?document ; par:hasNamedGraph ?stated . ?thing rdfs:label ?before }
  GRAPH ?in { ?document rdfs:label ?name }
  FILTER(LANG(?name) = LANG(?whole) && LANG(?before) = LANG(?whole))
  FILTER(?thing = ?passage && ?before = ?whole || ?thing = ?stated && STRENDS(STR(?before), CONCAT(": ", STR(?whole))))
  BIND(STRLANG(CONCAT(STRBEFORE(STR(?before), STR(?whole)), STR(?name), ", ", STR(?named)), LANG(?whole)) AS ?label)
}
