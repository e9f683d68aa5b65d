"""Turns settings into a running server: one process with an event loop, beside it the readers."""

import asyncio
import contextlib
import errno
import functools
import gc
import resource
import signal
import socket
import threading
from collections.abc import Iterator

import click
import uvicorn
import uvloop

from api import create_app
from api.connection import MOST_CONNECTIONS, Connection
from api.front import Front
from api.lane import Lane
from api.warming import Warming
from kg.amend import Amending
from kg.console import build_and_tell, read_catalogue, tell
from kg.contributions.reports import Reports
from kg.desk import contributing_by
from kg.durable import announced
from kg.errors import OntologyInconsistent, SettingInvalid, ShapesViolated, SourceUnreadable, StoreDown, StoreUnavailable
from kg.inquire import Inquiry
from kg.settings import Settings
from kg.store.abroad import Abroad
from kg.store.dumps import Dumps
from kg.store.elsewhere import Elsewhere
from kg.store.pool import Pool
from kg.store.publish import Place, place_of, publish
from kg.store.readers import Readers
from kg.store.revisions import DataFolder
from kg.store.served import Served
from kg.store.writers import Writer
from kg.submissions.inspectors import Inspector
from kg.tokens import Tokens

LAST_ANSWERS_S = 5
SWEEP_S = 1.0
KEEP_S, LONGEST_PAUSE_S = 2.0, 30.0
DESCRIPTORS = 4 * MOST_CONNECTIONS


@click.command()
@click.option("--host", help="The address to listen at (PARKG_HOST, default 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="The port (PARKG_PORT, default 8000); 0 takes a free one.")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Build the graph if that is due, and serve it until Ctrl-C.

    Example: parkg serve --port 8080
    """
    place = place_of(settings)
    with _listen(host or settings.host, settings.port if port is None else port) as listener:
        if settings.plain:
            DataFolder(settings.data).begin()
        elif place is None or place.graphs:
            _build_or_keep(settings)
        uvloop.run(run_elsewhere(settings, place, listener) if place else run(settings, listener))


def _build_or_keep(settings: Settings) -> None:
    """Build; where the sources have a fault and there is a good revision, tell of the fault and serve that.

    A store that does not answer is told of too: it will be published to when it does.
    """
    try:
        build_and_tell(settings)
    except StoreDown as error:
        tell(f"{error}\nparkg: it is tried again until it is done")
    except (SourceUnreadable, ShapesViolated, OntologyInconsistent) as error:
        revision = DataFolder(settings.data).current()
        if revision is None:
            raise
        tell(f"{error}\nparkg: not built; serving revision {revision.number} of {revision.made} as before")


async def run(settings: Settings, listener: socket.socket) -> None:
    """Serve on a bound socket until the process is told to end."""
    pool = Pool(settings.time_limit_s, settings.result_limit_bytes)
    folder = DataFolder(settings.data)
    served = Served(folder, pool)
    revision = served.current()
    if revision:
        pool.crew(served.directory(revision))  # which is opened while the rest is made ready
    abroad = Abroad(settings.allowed_hosts, settings.time_limit_s)
    writer = Writer(settings.time_limit_s, settings.plain)
    amending = Amending(folder, writer, Tokens(settings.data), settings.plain, served.catch_up, abroad,
                        largest_answer=settings.result_limit_bytes)
    inquiry = Inquiry(served, pool, read_catalogue(), abroad=abroad)
    inspector = Inspector()
    contributing = None if settings.plain else contributing_by(settings, inquiry, amending, inspector)
    reports, dumps = (None, None) if settings.plain else (Reports(settings.data), Dumps(folder))
    app = create_app(inquiry, amending, contributing, reports, dumps)
    front, warming = Front(app, settings.base_url), Warming(app, inquiry)
    try:
        lane = Lane(pool, served, app.extensions["fingerprint"], settings.base_url)
        if revision:
            await pool.settle(served.directory(revision))
        await _serve(front, lane, listener, served, warming)
    finally:
        warming.close()
        front.close()
        pool.close()
        amending.close()
        inspector.close()


async def run_elsewhere(settings: Settings, place: Place, listener: socket.socket) -> None:
    """Serve from another store on a bound socket, and keep it at the revision of the data folder, until told to end."""
    folder = DataFolder(settings.data)
    elsewhere = Elsewhere(place, Readers(settings.time_limit_s), folder, settings.result_limit_bytes)
    amending = Amending(folder, Writer(settings.time_limit_s), Tokens(settings.data), plain=False, elsewhere=True,
                        largest_answer=settings.result_limit_bytes)
    abroad = Abroad(settings.allowed_hosts, settings.time_limit_s)
    dumps = Dumps(folder) if place.graphs else None
    app = create_app(Inquiry(elsewhere, elsewhere, read_catalogue(), abroad), amending, kept=Reports(settings.data), dumps=dumps)
    front = Front(app, settings.base_url)
    over = threading.Event()
    if place.graphs:  # a daemon, since the end of the server does not wait for what can be taken up again
        threading.Thread(target=_keep, args=(folder, place, over), daemon=True).start()
    try:
        await _serve(front, None, listener)
    finally:
        over.set()
        front.close()
        elsewhere.close()
        amending.close()


def _keep(folder: DataFolder, place: Place, over: threading.Event) -> None:
    """Publish the revision of the data folder wherever another is served, or none, such as after the store was away."""
    told, pause = "", KEEP_S
    while not over.wait(pause):
        try:
            revision = folder.current()
            if revision and publish(folder, revision, place):
                tell(f"revision {revision.number} is served from {place.name}")
            told, pause = "", KEEP_S
        except StoreUnavailable as error:
            if str(error) != told:
                tell(str(error))
            told, pause = str(error), min(2 * pause, LONGEST_PAUSE_S)


async def _serve(front: Front, lane: Lane | None, listener: socket.socket, served: Served | None = None,
                 warming: Warming | None = None) -> None:
    data = served.path if served else None  # commands that change it find the server by what stands there
    _allow_descriptors()
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    config = uvicorn.Config(front, http=functools.partial(Connection, lane), ws="none", lifespan="off", log_config=None,  # type: ignore[arg-type]
                            access_log=False, proxy_headers=False, server_header=False, backlog=MOST_CONNECTIONS,
                            timeout_graceful_shutdown=LAST_ANSWERS_S)
    server = _Server(config)
    gc.freeze()  # what is there now stays, and need not be looked through for garbage
    sweeping = asyncio.ensure_future(_sweep(server, served, warming))
    with announced(data / "server", address) if data else contextlib.nullcontext():
        tell(f"serving on {address}/ (Ctrl-C ends it)")
        await server.serve([listener])
    sweeping.cancel()


class _Server(uvicorn.Server):
    """A server that ends, when it is told to, by returning; uvicorn's would raise the signal a second time."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def _sweep(server: uvicorn.Server, served: Served | None, warming: Warming | None) -> None:
    """Once a second end the connections of clients that are too slow, and look for a new revision."""
    while True:
        await asyncio.sleep(SWEEP_S)
        now = asyncio.get_running_loop().time()
        for connection in list(server.server_state.connections):
            if isinstance(connection, Connection):
                connection.sweep(now)
        with contextlib.suppress(StoreUnavailable):  # whoever asks is told
            if served:
                served.current()
            if warming:
                warming.look()


def _allow_descriptors() -> None:
    """Have room for as many connections as there may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < DESCRIPTORS:
        most = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is built, so that one that is in use is told at once."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=MOST_CONNECTIONS)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingInvalid(f"Port {port} of {host} is in use. End the program that has it, or take another: "
                                 "PARKG_PORT=8001 make run, or parkg serve --port 8001.") from error
        raise SettingInvalid(f"Cannot listen on {host}, port {port}: {error.strerror or error}. "
                             "Choose others with PARKG_HOST and PARKG_PORT.") from error
