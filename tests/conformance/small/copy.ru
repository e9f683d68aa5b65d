INSERT { GRAPH <http://example.org/copy> { ?s ?p "one" } } WHERE { ?s ?p "one" }
