"""The knowledge graph: reads, checks, infers and stores it, and answers queries over it. Knows nothing of HTTP."""
