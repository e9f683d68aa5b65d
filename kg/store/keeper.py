"""Turns a revision into as many readers of it as are asked for, which read it from memory or from disk.

The main module of a process with one thread: it loads the revision and then forks a reader for each byte that comes in over its
socket. A reader shares the memory of the store with its keeper, so it is there in milliseconds whatever the size. It answers,
one after the other, the questions that come over a socket of its own, whose other end the keeper passes to the server together
with a descriptor of the process, by which the server can end it. Where it may have no memory for the revision, each reader opens
the directory for itself, and all else is the same.

A keeper ends when its socket closes, and its readers with it. It knows one revision for all its life; the next one has its own.
"""

import gc
import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from kg.errors import ParkgError, QueryAborted, QueryMalformed
from kg.store.engine import Question, answer, open_revision
from kg.store.sandbox import STACK_BYTES, bound, end_with, seal_network
from kg.store.wire import ANSWER, FAULT, LENGTH, fault_bytes, question_of

PID = struct.Struct("!I")
LOADED, NOT_LOADED = b"+", b"-"
CHUNK_BYTES = 1 << 20
BYTES_A_QUAD = 580  # in memory, the default graph once more for itself among them; measured with 131,000 and with 1,200,000
OUT_OF_MEMORY = "The query needed more memory than a query may have and was ended. Ask for less at a time."


def main() -> None:
    """Keep the revision that the second argument names, for the socket whose descriptor is the first, until it closes.

    The third argument is the largest answer, the fourth the most memory that the revision may take, both in bytes; with none it
    is read from disk.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to every process of a terminal; the server decides when to end
    control = socket.socket(fileno=int(sys.argv[1]))
    sealed = seal_network()
    try:
        store = load(Path(sys.argv[2]), most_bytes) if (most_bytes := int(sys.argv[4])) else OnDisk(Path(sys.argv[2]))
    except (ParkgError, OSError, MemoryError) as error:
        control.sendall(NOT_LOADED + str(error).encode())
        return
    control.sendall(LOADED)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no reader that ended stays behind
    gc.freeze()  # what is there now is never collected, so that readers do not copy its pages
    _fork_on_request(control, store, sealed, int(sys.argv[3]))


class Memory:
    """A revision in memory, and its default graph once more for itself.

    Oxigraph in memory finds a triple by walking along all quads of one of its terms, in whatever graph; without the named
    graphs, which hold each triple again, most walks are half as long and less.
    """

    def __init__(self, default: Store, whole: Store) -> None:
        self._default = default
        self._whole = whole

    def holding(self, question: Question) -> Store:
        """Return the store to ask: that of the default graph, unless the question may name a graph."""
        text = question.query.lower()
        names = question.default_graphs or question.named_graphs or "graph" in text or "from" in text
        return self._whole if names else self._default


class OnDisk:
    """A revision in its directory, which a reader opens when first asked: a store on disk has threads, and no fork has them."""

    def __init__(self, directory: Path) -> None:
        """Raises StoreUnavailable where it cannot be opened."""
        with _child(lambda file: open_revision(directory), directory) as file:
            file.read()
        self._directory = directory
        self._store: Store | None = None

    def holding(self, question: Question) -> Store:
        """Return the store to ask. Raises StoreUnavailable where it cannot be opened."""
        self._store = self._store or open_revision(self._directory)
        return self._store


def load(directory: Path, most_bytes: int) -> Memory:
    """Return a copy in memory of the revision in a directory.

    Raises MemoryError where it would be larger than it may, and StoreUnavailable or OSError where it cannot be read whole.
    """
    with _child(lambda file: file.write("\n".join(_outline(directory)).encode()), directory) as file:
        count, *names = file.read().decode().splitlines()
    if int(count) * BYTES_A_QUAD > most_bytes:
        raise MemoryError(f"The revision {directory} would take more memory than it may.")
    whole, default = Store(), Store()
    with _child(lambda file: open_revision(directory).dump(file, RdfFormat.N_QUADS), directory) as file:
        whole.bulk_load(file, RdfFormat.N_QUADS, lenient=True)
    for name in names:
        whole.add_graph(NamedNode(name))  # an empty graph is a graph too, and no format for quads can say so
    with _child(lambda file: whole.dump(file, RdfFormat.N_TRIPLES, from_graph=DefaultGraph()), directory) as file:
        default.bulk_load(file, RdfFormat.N_TRIPLES, lenient=True)
    return Memory(default, whole)


def _outline(directory: Path) -> list[str]:
    """Return how many quads a revision has, and the names of its graphs."""
    store = open_revision(directory)
    return [str(len(store)), *(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))]


@contextmanager
def _child(tell: Callable[[BinaryIO], object], directory: Path) -> Iterator[BinaryIO]:
    """Give what a child tells of a revision, while it tells: a store on disk has threads, which no fork of this process would."""
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(source)
        status = 1
        try:
            with open(sink, "wb", CHUNK_BYTES) as file:
                tell(file)
            status = 0
        finally:
            os._exit(status)
    os.close(sink)
    with open(source, "rb", CHUNK_BYTES) as file:
        yield file
    _, status = os.waitpid(child, 0)
    if status:
        open_revision(directory)  # tells what is wrong with it, if it still is
        raise OSError(f"The revision {directory} could not be read whole.")


def _fork_on_request(control: socket.socket, store: Memory | OnDisk, sealed: bool, most_bytes: int) -> None:
    keeper = os.getpid()
    while control.recv(1):
        ours, theirs = socket.socketpair()
        try:
            pid = os.fork()
            if pid == 0:
                control.close()
                theirs.close()
                _read(ours, store, sealed, most_bytes, keeper)
            process = os.pidfd_open(pid)
        except OSError:  # the machine has no more processes or memory to give, or the reader was killed at once
            control.sendall(PID.pack(0))
        else:
            socket.send_fds(control, [PID.pack(pid)], [theirs.fileno(), process])
            os.close(process)
        ours.close()
        theirs.close()


def _read(channel: socket.socket, store: Memory | OnDisk, sealed: bool, most_bytes: int, keeper: int) -> NoReturn:
    """Be a reader until the channel closes."""
    end_with(keeper)
    bound()
    threading.stack_size(STACK_BYTES)
    # A thread, for its deep stack and since it allocates apart from what the keeper allocated: fewer pages are copied.
    thread = threading.Thread(target=_answer_all, args=(channel, store, sealed, most_bytes), daemon=True)
    thread.start()
    thread.join()
    os._exit(0)


def _answer_all(channel: socket.socket, store: Memory | OnDisk, sealed: bool, most_bytes: int) -> None:
    stream = channel.makefile("rb")
    while head := stream.read(LENGTH.size):
        mark, body = _outcome(stream.read(LENGTH.unpack(head)[0]), store, sealed, most_bytes)
        channel.sendall(LENGTH.pack(len(body) + 1) + mark + body)


def _outcome(message: bytes, store: Memory | OnDisk, sealed: bool, most_bytes: int) -> tuple[bytes, bytes]:
    try:
        question = question_of(message)
        if not sealed and "service" in question.query.lower():
            raise QueryMalformed("This machine cannot keep a query from the network, so none may hold the word service.")
        return ANSWER, answer(store.holding(question), question, most_bytes)
    except MemoryError:
        return FAULT, fault_bytes(QueryAborted(OUT_OF_MEMORY))
    except UnicodeError as error:
        return FAULT, fault_bytes(QueryMalformed(f"The query is not Unicode text: {error}"))
    except Exception as error:
        return FAULT, fault_bytes(error)


if __name__ == "__main__":
    main()
