"""Turns what a reader says is wrong into a report on disk that is never lost, and what reviewers answer into where it stands.

    <data>/reports/<id>.jsonl      the report, then what was done with it, one event a line
    <data>/reports/waiting/<id>    empty: nobody has closed it yet
    <data>/reports/contacts/<id>   how to reach who reported, if they said; taken away when the report is closed

Anybody may report, so what one client and what all together send is limited; where a report came from is not kept.
"""

import json
import re
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from kg.durable import append, locked, sync, write
from kg.errors import MoveImpossible, ParameterInvalid, ReportUnknown, StoreUnavailable, StoreUnwritable, TooManyReports
from kg.names import BASE

LONGEST_REPORT, LONGEST_FIELD = 5_000, 1_000  # characters
MOST_OF_ONE, MOST_OF_ALL, SPAN_S = 10, 300, 3600.0  # reports in an hour
MOST_WAITING = 10_000
MOST_CLIENTS = 10_000  # that are remembered for an hour
ACTIONS = ("answer", "close")
_ID = re.compile(r"[a-z2-7]{26}")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PATH = re.compile(r"/(?:id|graph|ontology)(?=[/#]|$)")


@dataclass(frozen=True)
class Done:
    """What was done with a report: when (UTC), by whom (the name of a token), ``answer`` or ``close``, and with which note."""

    at: str
    who: str
    did: str
    note: str


@dataclass(frozen=True)
class Report:
    """What a reader says is wrong: what, about which thing, where that stands, and how they know; all texts as they were given.

    about: the IRI of a thing, or the path of a page. contact: how to reach them, nothing where they did not say or it is gone;
    only those who review are told.
    """

    id: str
    at: str
    what: str
    about: str = ""
    where: str = ""
    source: str = ""
    contact: str = ""
    events: tuple[Done, ...] = ()

    @property
    def state(self) -> str:
        """Return where it stands: ``waiting``, ``answered`` or ``closed``."""
        return {"answer": "answered", "close": "closed"}[self.events[-1].did] if self.events else "waiting"


class Reports:
    """The reports of a data folder; clock: seconds that never run back, by which the rate is kept."""

    def __init__(self, data: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = data / "reports"
        self._clock = clock
        self._all: deque[float] = deque()
        self._of_client: OrderedDict[str, deque[float]] = OrderedDict()
        self._counting = threading.Lock()

    def take(self, client: str, what: str, about: str = "", where: str = "", source: str = "", contact: str = "") -> Report:
        """Keep a report, and return it when it is on disk for good. client: an address, that is counted and not kept.

        Raises ParameterInvalid where there is no text or too much, TooManyReports and StoreUnwritable.
        """
        what, about, where, source, contact = (text.strip() for text in (what, about, where, source, contact))
        if not what:
            raise ParameterInvalid("A report says what is wrong, in the field what.",
                                   "Un aviso dice qué está mal, en el campo what.")
        for name, text in (("what", what), ("about", about), ("where", where), ("source", source), ("contact", contact)):
            most = LONGEST_REPORT if name == "what" else LONGEST_FIELD
            if len(text) > most:
                raise ParameterInvalid(f"The field {name} of a report has at most {most:,} characters, and this one has "
                                       f"{len(text):,}.", f"El campo {name} de un aviso tiene como máximo {most} caracteres, y "
                                       f"este tiene {len(text)}.")
        about = BASE + about[1:] if _PATH.match(about) else about
        self._count(client)
        id = "".join(secrets.choice(_ALPHABET) for _ in range(26))
        report = Report(id, datetime.now(UTC).isoformat(timespec="seconds"), what, about, where, source, contact)
        told = {**{name: getattr(report, name) for name in ("at", "what", "about", "where", "source")}}
        try:
            for path in (self._folder / "waiting", self._folder / "contacts"):
                path.mkdir(parents=True, exist_ok=True)
            if contact:
                (self._folder / "contacts" / id).touch(mode=0o600)
                write(self._folder / "contacts" / id, "wb", contact.encode())
            write(self._folder / "waiting" / id, "wb", b"")
            write(self._folder / f"{id}.jsonl", "wb", (json.dumps(told, ensure_ascii=False) + "\n").encode())
            for path in (self._folder / "contacts", self._folder / "waiting", self._folder, self._folder.parent):
                sync(path)
        except OSError as error:
            raise StoreUnwritable(f"The report cannot be kept in {self._folder} ({error}).") from error
        return report

    def _count(self, client: str) -> None:
        with self._counting:
            now = self._clock()
            own = self._of_client.setdefault(client, deque())
            for times in (own, self._all):
                while times and times[0] <= now - SPAN_S:
                    times.popleft()
            for times, most, whose in ((own, MOST_OF_ONE, "from one address"), (self._all, MOST_OF_ALL, "from all together")):
                if len(times) >= most:
                    raise TooManyReports(f"There were {most} reports {whose} within an hour, which is the most. Please keep "
                                         "yours and send it later.", int(times[0] + SPAN_S - now) + 1)
            if self.count() >= MOST_WAITING:
                raise TooManyReports(f"{MOST_WAITING:,} reports wait for a reviewer, which is the most. Please keep yours and "
                                     "send it later.", int(SPAN_S))
            own.append(now)
            self._all.append(now)
            self._of_client.move_to_end(client)
            while len(self._of_client) > MOST_CLIENTS:
                self._of_client.popitem(last=False)

    def count(self) -> int:
        """Return how many reports wait for a reviewer."""
        return len(self._waiting())

    def waiting(self, most: int = 200) -> list[Report]:
        """Return the reports that nobody has closed, the oldest first. Raises StoreUnavailable where one is damaged."""
        found = []
        for id in self._waiting():
            try:
                found.append(self.get(id))
            except ReportUnknown:  # its pointer came to the disk, and it did not: nobody was told that it had
                continue
        return sorted((one for one in found if one.state != "closed"), key=lambda one: one.at)[:most]

    def _waiting(self) -> list[str]:
        folder = self._folder / "waiting"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def get(self, id: str) -> Report:
        """Return a report. Raises ReportUnknown, and StoreUnavailable where it is damaged."""
        path = self._folder / f"{id}.jsonl"
        try:
            if not _ID.fullmatch(id):
                raise FileNotFoundError
            lines = path.read_text(encoding="utf-8").split("\n")
            if len(lines) < 2:  # cut off: never acknowledged
                raise FileNotFoundError
            events = tuple(Done(**json.loads(line)) for line in lines[1:-1])
            return Report(id, **json.loads(lines[0]), contact=self._contact(id), events=events)
        except FileNotFoundError:
            raise ReportUnknown("There is no report at this address.") from None
        except (OSError, ValueError, TypeError) as error:
            raise StoreUnavailable(f"{path} cannot be read ({error}). Restore it from a backup.") from error

    def _contact(self, id: str) -> str:
        path = self._folder / "contacts" / id
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def move(self, id: str, who: str, did: str, note: str) -> Report:
        """Answer a report, or close it, with a note that whoever reported it can read. A closed one keeps no contact.

        Raises ReportUnknown, ParameterInvalid without a note, MoveImpossible where it is closed, and StoreUnwritable.
        """
        with locked(self._folder / "lock"):
            report = self.get(id)
            note = note.strip()
            if not note or len(note) > LONGEST_REPORT:
                raise ParameterInvalid(f"To {did} a report takes a note, of at most {LONGEST_REPORT:,} characters: what was "
                                       "found, and what is done about it.", f"Hace falta una nota, de hasta {LONGEST_REPORT} "
                                       "caracteres: qué se encontró, y qué se hace.")
            if report.state == "closed":
                raise MoveImpossible("This report is closed.")
            done = Done(datetime.now(UTC).isoformat(timespec="seconds"), who, did, note)
            try:
                append(self._folder / f"{id}.jsonl", json.dumps(asdict(done), ensure_ascii=False) + "\n")
                if did == "close":
                    (self._folder / "contacts" / id).unlink(missing_ok=True)
                    (self._folder / "waiting" / id).unlink(missing_ok=True)
            except OSError as error:
                raise StoreUnwritable(f"The report cannot be kept in {self._folder} ({error}).") from error
            return replace(report, events=(*report.events, done), contact="" if did == "close" else report.contact)
