"""The only door to pyoxigraph: RDF terms and files, SPARQL text, revisions on disk and the readers that answer.

Other modules import from the submodules: rdf (terms and files), sparql (query text), engine (an opened graph),
revisions (the data folder) and readers (processes that answer queries under limits).
"""
