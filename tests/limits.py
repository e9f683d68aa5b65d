"""What the tests of limits share: an endless query, slow clients, and what a server uses that nobody asks anything."""

import contextlib
import os
import socket
import time
from pathlib import Path

from tests.servers import descendants_of

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def processor_s(pid):
    """Return the processor time that a process and those that it started have used; of those that still are."""
    used = 0.0
    for process in [pid, *descendants_of(pid)]:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


def assert_at_rest(server):
    """No processor burns: soon there is a second in which next to nothing is used, once readers are forked and pages are warm."""
    for _ in range(35):
        time.sleep(1)
        before = processor_s(server.process.pid)
        time.sleep(1)
        if processor_s(server.process.pid) - before < 0.2:
            return
    raise AssertionError("it never rests")


def connect(server):
    host, port = server.address.removeprefix("http://").split(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # what a client does not read, stays with the server
    client.settimeout(30)
    client.connect((host, int(port)))
    return client
