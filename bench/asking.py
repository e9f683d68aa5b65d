"""Measures asking: every query of the catalogue through a reader process, against rdflib over the same triples in memory.

    python -m bench.asking [rounds]
"""

import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import rdflib

from kg.build import build, shipped_sources
from kg.catalogue import Catalogue
from kg.inquire import Inquiry
from kg.settings import shipped
from kg.store.readers import Readers
from kg.store.revisions import DataFolder

LIMIT_S = 10


def median_ms(rounds: int, ask: Callable[[], object]) -> float:
    """Return the median time of a call in milliseconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        ask()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _peer(dataset: rdflib.Dataset, text: str, ours: float) -> str:
    """Ask rdflib once; return its time and the ratio, or why there is none."""
    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT_S)
    try:
        peer = median_ms(1, lambda: dataset.query(text).serialize(format="json"))
        return f"{peer:10.1f} {peer / ours:7.0f}"
    except TimeoutError:
        return f"{f'> {LIMIT_S * 1000}':>10} {f'> {LIMIT_S * 1000 / ours:.0f}':>7}"
    except Exception as error:
        return f"      fails ({type(error).__name__})"
    finally:
        signal.alarm(0)


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    readers = Readers(time_limit_s=60, size=1)
    with tempfile.TemporaryDirectory() as path:
        folder = DataFolder(Path(path))
        build(folder, shipped_sources())
        inquiry = Inquiry(folder, readers, Catalogue(shipped("queries")))
        dataset = rdflib.Dataset(default_union=True)
        for row in inquiry.table("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g").rows:
            if row[0]:
                name = row[0].text
                text = inquiry.answer(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}", "ntriples")
                dataset.graph(rdflib.URIRef(name)).parse(data=text, format="nt")
        print(f"{'query':32} {'ours ms':>9} {'rdflib ms':>10} {'ratio':>7}")
        for query in inquiry.catalogue.all():
            text = inquiry.bound(query.name, query.example)
            ours = median_ms(rounds, lambda text=text: inquiry.answer(text, "json"))  # type: ignore[misc]
            print(f"{query.name:32} {ours:9.2f} {_peer(dataset, text, ours)}")
    readers.close()


if __name__ == "__main__":
    main()
