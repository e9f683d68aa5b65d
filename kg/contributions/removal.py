"""Turns the wish of a person not to be named into a data folder that names them nowhere, and the fact that this was done.

What goes: the name, or a way to reach somebody, in every edition of every contribution, in the record of what happened, in
reports, in the graph and its index; earlier revisions are taken away. What stays: when, by whom, why and in how many places,
never the name. The shipped files and the tokens are not touched, nor are backups kept elsewhere.
"""

import gzip
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kg.amend import Amending
from kg.contributions.ledger import Contribution, Ledger
from kg.durable import locked, sync, write
from kg.errors import MoveImpossible, ParameterInvalid, StoreUnwritable
from kg.names import PREFIXES, expand, graph_of_experience
from kg.redaction import NAMING, Redaction
from kg.store.rdf import Literal, NamedNode, Triple, n_triples, read_n_quads
from kg.store.rewriting import Rewriting, redacted_quad

LONGEST_NAME = 300
_NOT_SWEPT = ("revisions", "tokens.json", "current.json")


@dataclass(frozen=True)
class Removed:
    """What a removal did. places: statements of the graph and files; left: files that hold it still, since they are no text."""

    contribution: Contribution
    places: int
    left: list[str]


class Removal:
    """Takes persons out of a data folder."""

    def __init__(self, ledger: Ledger, amending: Amending) -> None:
        self._ledger = ledger
        self._data = ledger.data
        self._amending = amending

    def remove(self, who: str, one: Contribution, person: str, why: str) -> Removed:
        """Take a person out of all there is: by their IRI, with the names that contributions give them, or by an exact text.

        Raises ParameterInvalid where that stands nowhere or would take out more than a name, MoveImpossible where the key of an
        experience has it, GraphProtected where what ships has it, and what Amending.rewrite raises. Asked for again after a
        crash it finishes what was begun.
        """
        with self._ledger.locked(), locked(self._data / "reports/lock"):
            redaction = self._redaction(person.strip())
            files = [(path, fresh) for path in self._files() if (fresh := _without(path, redaction)) is not None]
            if not files:
                raise ParameterInvalid("That stands nowhere in what was contributed. Look at how it is written there.")
            touched = {one.id} | {path.parent.name for path, _ in files if path.parent.parent == self._data / "contributions"}
            moved = [self._ledger.get(id) for id in sorted(touched) if self._ledger.has(id)]
            told = tuple((graph, n_triples(removed_on(graph, [datetime.now(UTC).date().isoformat()])))
                         for each in moved if each.version for graph in (graph_of_experience(each.key, each.version),))
            found = self._amending.rewrite(Rewriting(redaction, told)).found
            shutil.rmtree(self._data / "downloads", ignore_errors=True)  # made anew for whoever asks
            places = sum(found.values()) + len(files)
            note = redaction.redacted(f"{why.strip()} ({places} places)")
            for each in moved:  # told before the files are mended: whoever asks again after a crash finds the rest
                self._ledger.record(each, each.event(who, "remove-person", note))
            left = []
            for path, _ in files:
                if (fresh := _without(path, redaction)) is not None:  # with what was written down just now
                    _replace(path, fresh)
            for path in self._files():
                if redaction.holds(path.read_bytes().decode("utf-8", "replace")) or redaction.holds(path.name):
                    left.append(str(path.relative_to(self._data)))
            return Removed(self._ledger.get(one.id), places, left)

    def _redaction(self, person: str) -> Redaction:
        if not person or len(person) > LONGEST_NAME:
            raise ParameterInvalid("Say who is to be taken out: the IRI of a person, or the exact text.")
        if person.startswith(("http://", "https://")):
            editions = map(Path.read_bytes, self._data.glob("contributions/*/*.nq"))
            names = {quad.object.value for body in editions for quad in read_n_quads(body)
                     if quad.subject == NamedNode(person) and quad.predicate.value in NAMING and isinstance(quad.object, Literal)}
            # One word alone is taken out where it is their name, and left in sentences, where it may mean something else.
            redaction = Redaction(tuple(sorted(name for name in names if len(name.split()) > 1)), person)
        else:
            redaction = Redaction((person,))
        for path in self._data.glob("contributions/keys/*"):
            if redaction.holds(path.name):
                raise MoveImpossible(f"The key of the experience {path.name} has that, and keys do not change. Withdraw it, and "
                                     "send it under another key.")
        return redaction

    def _files(self) -> Iterable[Path]:
        return sorted(path for path in self._data.rglob("*") if path.is_file() and not path.is_symlink()
                      and path.relative_to(self._data).parts[0] not in _NOT_SWEPT)


def removed_on(graph: str, days: Iterable[str]) -> set[Triple]:
    """Return what a graph tells of removals: the days on which a person was taken out of it."""
    return {Triple(NamedNode(graph), NamedNode(expand("par:personRemovedOn")),
                   Literal(day, datatype=NamedNode(PREFIXES["xsd"] + "date"))) for day in days}


def _without(path: Path, redaction: Redaction) -> bytes | None:
    """Return what a file holds without what is taken out; None where that stands not in it, or it is no text."""
    try:
        body = path.read_bytes()
        packed = path.suffix == ".gz"
        if packed:
            body = gzip.decompress(body)
        text = body.decode("utf-8")
    except (OSError, ValueError, EOFError):
        return None
    suffix = Path(path.stem).suffix if packed else path.suffix
    fresh = _CLEANERS.get(suffix, _clean_text)(text, redaction)
    if fresh == text:
        return None
    return gzip.compress(fresh.encode(), mtime=0) if packed else fresh.encode()


def _clean_text(text: str, redaction: Redaction) -> str:
    return redaction.redacted(text)


def _clean_n_quads(text: str, redaction: Redaction) -> str:
    quads = read_n_quads(text.encode())
    fresh = [redacted_quad(quad, redaction) for quad in quads]
    return text if fresh == quads else "".join(f"{quad} .\n" for quad in dict.fromkeys(fresh))


def _clean_json(text: str, redaction: Redaction) -> str:
    def cleaned(value: object) -> object:
        if isinstance(value, str):
            return redaction.redacted(value)
        if isinstance(value, list):
            return [cleaned(item) for item in value]
        return {key: cleaned(item) for key, item in value.items()} if isinstance(value, dict) else value

    lines = []
    for line in text.split("\n"):
        try:
            told = json.loads(line)
            fresh = cleaned(told)
            lines.append(line if fresh == told else json.dumps(fresh, ensure_ascii=False))
        except ValueError:
            lines.append(redaction.redacted(line))
    return "\n".join(lines)


_CLEANERS: dict[str, Callable[[str, Redaction], str]] = {".nq": _clean_n_quads, ".json": _clean_json, ".jsonl": _clean_json}


def _replace(path: Path, body: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    try:
        write(fresh, "wb", body)
        fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
        sync(path.parent)
    except OSError as error:
        raise StoreUnwritable(f"{path} could not be written anew ({error}). Ask again once that is mended.") from error
