"""Turns an empty folder into a running Virtuoso (Debian's virtuoso-opensource-7) of the test's own, and ends it.

Virtuoso gives each of its parts a port, keeps its files beside its settings, and is ready in some three seconds. What anybody
may do at ``address`` is what its user SPARQL was granted; ``sql`` grants more, as its administrator.
"""

import socket
import subprocess
import time
import urllib.request
from pathlib import Path

PROGRAMS = ("virtuoso-t", "isql-vt")
PATIENCE_S = 60
SETTINGS = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
MaxSortedTopRows = 1000000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {most_rows}
MaxQueryExecutionTime = 10
"""


class Virtuoso:
    """A process of Virtuoso and the address of its SPARQL endpoint."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, sql_port: int) -> None:
        self.process = process
        self.address = f"http://127.0.0.1:{port}/sparql"
        self.graphs = f"http://dba:dba@127.0.0.1:{port}/sparql-graph-crud-auth"
        self.sql_port = sql_port

    def sql(self, statement: str) -> str:
        """Run SQL as the administrator; return what it printed."""
        command = ["isql-vt", f"127.0.0.1:{self.sql_port}", "dba", "dba", "ERRORS=STDOUT", f"exec={statement}"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "*** Error" not in done.stdout, done.stdout
        return done.stdout

    def allow_service(self) -> None:
        """Let queries of anybody call other endpoints by SERVICE."""
        self.sql('GRANT SELECT ON DB.DBA.SPARQL_SINV_2 TO "SPARQL"')
        self.sql('GRANT EXECUTE ON DB.DBA.SPARQL_SINV_IMP TO "SPARQL"')

    def end(self) -> None:
        """End the process at once; what it holds is a test's."""
        self.process.kill()
        self.process.wait(timeout=PATIENCE_S)


def start_virtuoso(folder: Path, most_rows: int = 1_000_000) -> Virtuoso:
    """Start Virtuoso with its files in a folder, and wait until it answers a query. most_rows: at which it cuts an answer."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        port, sql_port = one.getsockname()[1], other.getsockname()[1]
    (folder / "virtuoso.ini").write_text(SETTINGS.format(port=port, sql_port=sql_port, most_rows=most_rows), encoding="utf-8")
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"],
                                   cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    virtuoso = Virtuoso(process, port, sql_port)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(virtuoso.address + "?query=ASK%7B%7D", timeout=5):
                return virtuoso
        except OSError:
            time.sleep(0.1)
    virtuoso.end()
    raise AssertionError("Virtuoso did not start: " + (folder / "said.txt").read_text(encoding="utf-8", errors="replace")[-2000:])
