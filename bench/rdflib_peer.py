"""Turns a file of N-Quads into an rdflib-endpoint over a dataset in memory; the main module of that peer.

    python -m bench.rdflib_peer FILE PORT
"""

import sys

import rdflib
import uvicorn
from rdflib_endpoint import SparqlEndpoint


def main() -> None:
    """Read the file and serve it until the process is ended."""
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(sys.argv[1], format="nquads")
    uvicorn.run(SparqlEndpoint(graph=dataset, path="/sparql"), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")


if __name__ == "__main__":
    main()
