"""Measures the price of isolation: a query in this process, through a reader's process, and over HTTP by one client."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from bench.classes import Class
from bench.servers import Server
from kg.store.engine import Question, answer, open_revision
from kg.store.readers import Readers

CALLS = 300
MOST_S = 3.0


class Sender(Protocol):
    """What sends requests of a class to a server, as Wrk of bench.serving does."""

    def send(self, server: Server, asked: Class, seconds: float, clients: int | None = None) -> "HasMedian": ...


class HasMedian(Protocol):
    """What tells the median time of an answer."""

    p50_ms: float


def median_ms(asked: Class, keys: int, ask: Callable[[Question], object]) -> float:
    """Return the median time of asking queries of a class, no two alike, in milliseconds."""
    times: list[float] = []
    while len(times) < CALLS and sum(times) < MOST_S * 1000:
        question = Question(asked.text(len(times) % keys, len(times)), "json")
        started = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def print_price(directory: Path, servers: list[Server], sender: Sender, asked: list[Class], keys: int,
                seconds: float) -> None:
    """Print, for each class that no cache answers, the median in ms on each way to the same answer."""
    store = open_revision(directory)
    readers = Readers(time_limit_s=60, size=1)
    print("\nthe price of isolation: one client, median ms")
    print(f"  {'':66} {'in process':>10} {'reader':>9}" + "".join(f" {server.name:>26}" for server in servers))
    try:
        for one in asked:
            if not one.same:
                here = median_ms(one, keys, lambda question: answer(store, question))
                reader = median_ms(one, keys, lambda question: readers.answer(directory, question))
                over = [sender.send(server, one, seconds, clients=1).p50_ms for server in servers]
                print(f"  {one.name:66} {here:10.2f} {reader:9.2f}" + "".join(f" {ms:26.2f}" for ms in over))
    finally:
        readers.close()
