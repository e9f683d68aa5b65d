"""Turns RDF that somebody sends into the quads that it would publish, and what is wrong with it in plain words."""
