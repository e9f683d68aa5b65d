"""The hard limits of connections: clients that are slow to ask or to take their answer keep nobody else waiting."""

import socket
import time

from api import front
from tests.asking import COUNT, FORM, ask_path
from tests.limits import connect


def test_slow_clients_when_four_hundred_then_a_new_one_does_not_wait_and_they_are_ended(limited):
    """Seen to fail where a request has one of as many places as there are threads from its first byte on; with a2wsgi and eight
    threads; and, for the ending of slow ones, without the sweep.
    """
    slow = [connect(limited) for _ in range(400)]
    for number, client in enumerate(slow):
        part = (b"GET /sparql?que", b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 900\r\n\r\nqu"
                % FORM.encode(), b"")[number % 3]
        client.sendall(part)
    try:
        for ask in (lambda: limited.get(ask_path(COUNT + "# slow"), "text/csv"), lambda: limited.get("/queries"),
                    lambda: limited.post("/sparql", b"query=ASK{}", FORM)):
            begun = time.monotonic()
            assert ask().status == 200
            assert time.monotonic() - begun < 2
        slow[0].settimeout(20)
        assert slow[0].recv(1) == b""  # half a request line, and no more
    finally:
        for client in slow:
            client.close()


def test_slow_readers_when_they_take_no_byte_of_large_answers_then_no_thread_waits_for_them(server):
    """Seen to fail where a request keeps one of as many places as there are threads until its answer is taken."""
    path = ask_path("SELECT * { ?s ?p ?o } LIMIT 20000")
    assert [len(server.get(path, "text/csv").body) > 1 << 20 for _ in range(3)] == [True] * 3  # kept, so that all have it at once
    clients = [connect(server) for _ in range(front.THREADS + 6)]
    try:
        for client in clients:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
        time.sleep(2)
        begun = time.monotonic()
        assert server.get("/queries").status == 200
        assert time.monotonic() - begun < 2
        assert {client.recv(12, socket.MSG_PEEK) for client in clients} == {b"HTTP/1.1 200"}
    finally:
        for client in clients:
            client.close()
