"""Turns what happens to a contribution into a record on disk that is never lost, and the record into where it stands.

    <data>/contributions/<id>/history.jsonl   what happened, one event a line, in order
    <data>/contributions/<id>/<edition>.nq     what was sent, as the quads that it would publish; never changed
    <data>/contributions/keys/<key>            which contribution speaks of an experience
    <data>/contributions/repeats/<digest>      which contribution a request with an Idempotency-Key has moved
    <data>/contributions/recent                the ids of contributions in the order in which they moved

An event is on disk for good before anybody is told of it. One that moves the graph stands in the record of the revision first,
which is made in one step with it: where a crash came between, it is read from there, and written here before the next move.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg.durable import append, last_bytes, locked, sync, write
from kg.errors import ContributionUnknown, MoveImpossible, StoreUnavailable, StoreUnwritable
from kg.names import thing_iri
from kg.store.revisions import DataFolder

_ID = re.compile(r"[a-z2-7]{12}")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_RECENT_BYTES = 1 << 16


@dataclass(frozen=True)
class Move:
    """What may be done with a contribution: in which states, which state follows, and what it takes.

    to: nothing where the state stays. scope: that of the token that may do it; own: whoever sent the contribution may do it too,
    with the scope ``write``; reason: whether a note has to say why.
    """

    at: tuple[str, ...]
    to: str
    scope: str
    own: bool = False
    reason: bool = False


_TAKING = ("", "draft", "submitted", "changes asked for", "published", "withdrawn")
_OPEN = ("submitted", "changes asked for", "accepted")
MOVES = {
    "save": Move(_TAKING, "draft", "write", own=True),
    "submit": Move(_TAKING, "submitted", "write", own=True),
    "comment": Move((*_OPEN, "published", "refused", "withdrawn", "joined"), "", "write"),
    "request-changes": Move(("submitted", "accepted"), "changes asked for", "review", reason=True),
    "accept": Move(("submitted",), "accepted", "review"),
    "refuse": Move(_OPEN, "refused", "review", reason=True),
    "publish": Move(("accepted",), "published", "review"),
    "join": Move(("published",), "joined", "review", reason=True),  # with another experience, which stays
    "separate": Move(("joined",), "accepted", "review", reason=True),
    "remove-person": Move(("draft", *_OPEN, "published", "refused", "withdrawn", "joined"), "", "admin", reason=True),
    "carry-over": Move(("published",), "accepted", "review"),  # to the newest edition of the shapes
    "revert": Move(("submitted", "changes asked for", "published", "withdrawn"), "submitted", "review", own=True, reason=True),
    "withdraw": Move(("draft", *_OPEN, "published"), "withdrawn", "review", own=True, reason=True),
}
ACTIONS = tuple(did for did in MOVES if did not in ("save", "submit"))  # on what was sent; these two send it
SENDING = ("submit", "revert")  # what brings an edition to be reviewed


@dataclass(frozen=True)
class Event:
    """Something that happened: when (UTC), by whom (the name of a token), what, with which edition, and why or what was said.

    version: the number under which the edition was published, or of the version whose statements it has again, or 0; graphs: the
    names of its graphs when it was published; repeats: the Idempotency-Key of the request; shapes: the number of the edition of
    the shapes with which what was sent or published was checked, or 0 where the record is older than these.
    """

    at: str
    who: str
    did: str
    edition: int
    note: str = ""
    version: int = 0
    repeats: str = ""
    graphs: tuple[str, ...] = ()
    shapes: int = 0


@dataclass(frozen=True)
class Contribution:
    """Where a contribution stands. edition: the number of what was sent last; version: the number that is published, or 0."""

    id: str
    key: str
    state: str
    edition: int
    version: int
    events: tuple[Event, ...]

    @property
    def who(self) -> str:
        """Return who sent it: the name of a token."""
        return self.events[0].who

    @property
    def senders(self) -> set[str]:
        """Return who sent it first and who sent its last edition: those who do not review it."""
        return {self.who, *[event.who for event in self.events if event.did in SENDING][-1:]}

    @property
    def experience(self) -> str:
        """Return the IRI of the experience that it speaks of."""
        return thing_iri("experience", self.key)

    @property
    def versions(self) -> dict[int, Event]:
        """Return the event that published each version, by number."""
        return {event.version: event for event in self.events if event.did == "publish"}

    @property
    def next_version(self) -> int:
        """Return the number that its last edition has if it is published next."""
        return max(self.versions, default=0) + 1

    @property
    def shapes(self) -> int:
        """Return the edition of the shapes with which its last edition was checked, or 0."""
        return next(event.shapes for event in reversed(self.events) if event.did in (*SENDING, "save", "carry-over", "publish"))

    def is_behind(self, newest: int) -> bool:
        """Tell whether what is in the graph was checked with an edition of the shapes before the newest."""
        return bool(self.version) and self.versions[self.version].shapes < newest

    def was_moved_by(self, who: str, repeats: str) -> bool:
        """Tell whether a request of somebody with this Idempotency-Key has moved it already."""
        return any((event.who, event.repeats) == (who, repeats) for event in self.events)

    def check(self, did: str) -> None:
        """Raise MoveImpossible where its state does not allow a move, with those that would."""
        states = MOVES[did].at
        if self.state not in states:
            raise MoveImpossible(f"The contribution {self.id} is {self.state or 'new'}. To {did.replace('-', ' ')} it, it has to "
                                 f"be {' or '.join(state for state in states if state)}.")

    def event(self, who: str, did: str, note: str = "", repeats: str = "", edition: int = 0) -> Event:
        """Return what somebody does with it now; edition: the number of what they send. Raises MoveImpossible."""
        self.check(did)
        return Event(datetime.now(UTC).isoformat(timespec="milliseconds"), who, did, edition or self.edition, note, 0, repeats)

    def cause(self, event: Event) -> dict[str, Any]:
        """Return what a revision is made for where an event moves the graph."""
        return {"contribution": self.id, "event": asdict(event)}

    def after(self, event: Event) -> "Contribution":
        """Return where it stands after an event."""
        version = 0 if event.did in ("withdraw", "join") else event.version if event.did == "publish" else self.version
        state = MOVES[event.did].to or self.state
        if state == "refused" and self.versions:  # a correction is refused, not what it was to correct
            state = "published" if version else "withdrawn"
        return replace(self, state=state, edition=event.edition, version=version,
                       events=(*self.events, event))


class Ledger:
    """The contributions of a data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._folder = data / "contributions"
        self._revisions = DataFolder(data)

    def recent(self, most: int = 100) -> list[Contribution]:
        """Return the contributions that moved last, the last first. Raises StoreUnavailable where a record is damaged."""
        try:
            lines = last_bytes(self._folder / "recent", _RECENT_BYTES).decode().split("\n")
        except OSError:
            return []
        return [self.get(id) for id in list(dict.fromkeys(filter(_ID.fullmatch, reversed(lines))))[:most]]

    def behind(self, newest: int) -> list[Contribution]:
        """Return those whose published version was checked with an earlier edition of the shapes, by key; it reads every record.

        Raises StoreUnavailable where a record is damaged.
        """
        pointers = sorted((self._folder / "keys").iterdir()) if (self._folder / "keys").is_dir() else []
        found = (self._named(pointer) for pointer in pointers)
        return [one for one in found if one and one.is_behind(newest)]

    def get(self, id: str) -> Contribution:
        """Return a contribution. Raises ContributionUnknown, and StoreUnavailable where its record is damaged."""
        found = self._written(id)
        unwritten = self._last_publication(found)
        return found.after(unwritten) if unwritten else found

    def _written(self, id: str) -> Contribution:
        if not _ID.fullmatch(id):
            raise ContributionUnknown(f"There is no contribution {id}.")
        path = self._folder / id / "history.jsonl"
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
            key = json.loads(lines[0])["key"]
            found = Contribution(id, key, "", 0, 0, ())
            for line in lines[1:-1]:  # what stands after the last line feed was never told to anybody
                found = found.after(_event(json.loads(line)))
        except FileNotFoundError:
            raise ContributionUnknown(f"There is no contribution {id}.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreUnavailable(f"{path} cannot be read ({error}). Restore it from a backup.") from error
        if not found.events:
            raise ContributionUnknown(f"There is no contribution {id}.")
        return found

    def has(self, id: str) -> bool:
        """Tell whether there is a contribution of an id."""
        return bool(_ID.fullmatch(id)) and (self._folder / id / "history.jsonl").exists()

    def body(self, one: Contribution, edition: int) -> bytes:
        """Return the quads of an edition, as N-Quads. Raises StoreUnavailable."""
        try:
            return (self._folder / one.id / f"{edition}.nq").read_bytes()
        except OSError as error:
            raise StoreUnavailable(f"Edition {edition} of contribution {one.id} cannot be read ({error}).") from error

    def of_key(self, key: str) -> Contribution | None:
        """Return the contribution that speaks of an experience, other than one that was refused; None where there is none."""
        one = self._named(self._folder / "keys" / key)
        return one if one and one.state != "refused" else None

    def repeated(self, who: str, repeats: str) -> Contribution | None:
        """Return the contribution that a request with this Idempotency-Key has moved already, if one has."""
        one = self._named(self._folder / "repeats" / _digest(who, repeats))
        return one if one and one.was_moved_by(who, repeats) else None

    def begin(self, key: str) -> Contribution:
        """Return a contribution of an experience to which nothing has happened yet."""
        return Contribution("".join(secrets.choice(_ALPHABET) for _ in range(12)), key, "", 0, 0, ())

    def record(self, one: Contribution, event: Event, body: bytes = b"") -> Contribution:
        """Write down that something happened to a contribution, and return where it stands now.

        body: the quads of a new edition. Raises MoveImpossible where its state does not allow it, and StoreUnwritable.
        """
        one.check(event.did)
        folder = self._folder / one.id
        try:
            for path in (folder, self._folder / "keys", self._folder / "repeats"):
                path.mkdir(parents=True, exist_ok=True)
            # Pointers first: one to what never happened is passed over.
            if not one.events:
                write(self._folder / "keys" / one.key, "wb", one.id.encode())
            if event.repeats:
                write(self._folder / "repeats" / _digest(event.who, event.repeats), "wb", one.id.encode())
            if body:
                write(folder / f"{event.edition}.nq", "wb", body)
            head = "" if one.events else json.dumps({"key": one.key}) + "\n"
            append(folder / "history.jsonl", head + json.dumps(asdict(event), ensure_ascii=False) + "\n")
            for path in (folder, self._folder / "keys", self._folder / "repeats", self._folder, self._folder.parent):
                sync(path)
            with (self._folder / "recent").open("a", encoding="utf-8") as file:
                file.write(one.id + "\n")
        except OSError as error:
            raise StoreUnwritable(f"The contribution cannot be kept in {folder} ({error}).") from error
        return one.after(event)

    def _named(self, pointer: Path) -> Contribution | None:
        try:
            return self.get(pointer.read_text(encoding="utf-8"))
        except (OSError, ContributionUnknown):
            return None

    def _last_publication(self, one: Contribution) -> Event | None:
        """Return the event of the last publication if it is of this contribution, which does not have it yet."""
        cause = self._cause()
        event = _event(cause["event"]) if cause.get("contribution") == one.id else None
        return event if event not in one.events else None

    def _cause(self) -> Mapping[str, Any]:
        revision = self._revisions.current()
        return revision.cause if revision else {}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from moving a contribution meanwhile, all records being whole. Raises StoreUnwritable, StoreUnavailable."""
        with locked(self._folder / "lock"):
            if id := self._cause().get("contribution"):
                one = self._written(id)
                if event := self._last_publication(one):
                    self.record(one, event)
            yield


def _digest(who: str, repeats: str) -> str:
    return hashlib.sha256(f"{who}\n{repeats}".encode()).hexdigest()


def _event(told: Mapping[str, Any]) -> Event:
    return Event(**{**told, "graphs": tuple(told["graphs"])})
