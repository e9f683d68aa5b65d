"""Turns what somebody sends into a contribution, and a contribution into a published version: who may do what, in which order.

What is published is one revision: the graphs of the version, where they come from, what follows from them and the index.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace

from kg.amend import Amending, Upload
from kg.contributions.joining import joined, separated
from kg.contributions.ledger import MOVES, Contribution, Event, Ledger
from kg.contributions.provenance import as_version, origin, withdrawals
from kg.contributions.removal import Removal, Removed
from kg.editions import Edition, carried, shipped_editions
from kg.entry.rows import Rows
from kg.errors import ContributionFaulty, MoveForbidden, MoveImpossible, OntologyInconsistent, ParameterInvalid
from kg.names import graph_of_experience
from kg.reason import Rule
from kg.store.publication import Publication
from kg.store.rdf import Quad, Triple, n_triples, read_n_quads
from kg.store.trials import Trial
from kg.submissions.known import Thing
from kg.submissions.submission import Submission
from kg.tokens import Token

LONGEST_NOTE = 10_000
_NO_NOTE = "Hace falta una nota que diga por qué."
MOST_DIFFERENCES = 64


Given = Upload | Rows
Check = Callable[[Given, str], Submission]


@dataclass(frozen=True)
class Taken:
    """A contribution that was sent: where it stands, what was found as plain values, whether the request was a repeated one."""

    contribution: Contribution
    findings: list[dict[str, object]]
    repeated: bool = False


@dataclass(frozen=True)
class Difference:
    """What the last edition of a contribution would change of the published graph.

    follows: what would follow; nothing where that is not known, since the edition contradicts what there is, as contradicts says,
    or is published already.
    """

    adds: list[Triple]
    removes: list[Triple]
    follows: list[Triple] | None = None
    contradicts: str = ""


class Contributing:
    """The contributions of a data folder, and the way from one to a revision.

    check: of an upload, with findings in a language; own_review: whether the same person may review what they sent; editions: of
    the shapes, the newest being those that check.
    """

    def __init__(self, ledger: Ledger, amending: Amending, check: Check, rules: list[Rule], own_review: bool = False,
                 editions: Sequence[Edition] = ()) -> None:
        self.ledger = ledger
        self._amending = amending
        self.check = check
        self._laws = tuple(rule.law() for rule in rules if not rule.contradicts)
        self._contradictions = tuple(rule.law() for rule in rules if rule.contradicts)
        self._own_review = own_review
        self._editions = editions or shipped_editions()
        self._differences: dict[tuple[str, int, str, int], Difference] = {}
        self._finding_out = threading.Lock()

    def take(self, token: Token, given: Given, id: str = "", draft: bool = False, note: str = "", repeats: str = "",
             language: str = "en", version: int = 0) -> Taken:
        """Check what was sent, and keep it as a new contribution, or as the next edition of one.

        version: the one whose statements these are again. A repeated request with the same key changes nothing. Raises
        ContributionFaulty where findings block (a draft may have them, if it is about one experience), MoveForbidden,
        MoveImpossible, ContributionUnknown and StoreUnwritable.
        """
        if repeats and (before := self.ledger.repeated(token.name, repeats)):
            return Taken(before, [], repeated=True)
        if id:
            self._permit(token, self.ledger.get(id), "revert" if version else "submit")
        submission = self.check(given, language)
        findings: list[dict[str, object]] = [asdict(finding) for finding in submission.findings]
        if submission.blocked and not (draft and submission.key):
            raise ContributionFaulty("What was sent cannot be taken yet: the findings say what to mend.", findings)
        with self.ledger.locked():
            if repeats and (before := self.ledger.repeated(token.name, repeats)):
                return Taken(before, [], repeated=True)
            did = "revert" if version else "save" if draft else "submit"
            one = self.ledger.get(id) if id else self.ledger.begin(submission.key)
            if id:
                self._permit(token, one, did)
                if one.key != submission.key:
                    raise MoveImpossible(f"This contribution is about {one.key}, and what was sent about {submission.key}. Send "
                                         "that as a contribution of its own.")
            elif other := self.ledger.of_key(submission.key):
                raise MoveImpossible(f"The experience {submission.key} has a contribution, {other.id}. A correction is its next "
                                     "edition; another case of the same kind needs a key of its own.")
            body = _body(submission)
            if draft and one.edition and body == self.ledger.body(one, one.edition):
                return Taken(one, findings)
            event = replace(one.event(token.name, did, _short(note), repeats, one.edition + 1), version=version,
                            shapes=self.newest)
            return Taken(self.ledger.record(one, event, body), findings)

    def revert(self, token: Token, id: str, version: int, note: str, repeats: str = "", language: str = "en") -> Taken:
        """Send what a version stated once more, as the next edition, which is checked and reviewed like any other.

        Raises what take raises, and ParameterInvalid where there is no such version or no note that says why.
        """
        one = self.ledger.get(id)
        if version not in one.versions:
            known = ", ".join(map(str, one.versions))
            raise ParameterInvalid(f"To revert takes the number of a version, as version; there are: {known or 'none'}.",
                                   f"Para volver a una versión hace falta su número; hay: {known or 'ninguna'}.")
        if not note.strip():
            raise ParameterInvalid("To revert takes a note that says why.", _NO_NOTE)
        if version == one.version:
            raise MoveImpossible(f"Version {version} is the one that is in the graph.")
        body = self.ledger.body(one, one.versions[version].edition)
        return self.take(token, Upload(body, "nquads"), id, note=note, repeats=repeats, language=language, version=version)

    @property
    def newest(self) -> int:
        """Return the number of the newest edition of the shapes."""
        return self._editions[-1].number

    def behind(self) -> list[Contribution]:
        """Return those whose published version was checked with an earlier edition of the shapes. Raises StoreUnavailable."""
        return self.ledger.behind(self.newest)

    def carry_over(self, token: Token, id: str, repeats: str = "", language: str = "en") -> Contribution:
        """Publish what is published of an older edition of the shapes as a version of the newest: migrated, and checked again.

        Raises ContributionFaulty, with the findings, where it needs a person; MoveForbidden, MoveImpossible and what publishing
        raises.
        """
        with self.ledger.locked():
            one = self.ledger.get(id)
            if repeats and one.was_moved_by(token.name, repeats):
                return one
            self._permit(token, one, "carry-over")
            one.check("carry-over")
            since = one.versions[one.version].shapes
            if not one.is_behind(self.newest):
                raise MoveImpossible(f"{one.key} was checked with edition {since} of the shapes, which is the newest.")
            submission = self._checked_again(one, carried(self.quads(one, one.edition), since, self._editions), language)
            note = f"Carried over from edition {since} of the shapes to edition {self.newest}."
            event = replace(one.event(token.name, "carry-over", note, edition=one.edition + 1), shapes=self.newest)
            one = self.ledger.record(one, event, _body(submission))
            return self.ledger.record(one, self._publish(one, one.event(token.name, "publish", note, repeats)))

    def _checked_again(self, one: Contribution, quads: Iterable[Quad], language: str) -> Submission:
        body = "".join(f"{quad} .\n" for quad in quads).encode()
        submission = self.check(Upload(body, "nquads"), language)
        if submission.blocked:
            raise ContributionFaulty(
                f"{one.key} was checked with edition {one.shapes} of the shapes, and edition {self.newest} asks for more: the "
                "findings say what to mend in its next edition.", [asdict(finding) for finding in submission.findings])
        return submission

    def quads(self, one: Contribution, edition: int) -> list[Quad]:
        """Return the quads of an edition, in graphs of version 1. Raises StoreUnavailable."""
        return read_n_quads(self.ledger.body(one, edition))

    def difference(self, one: Contribution) -> Difference:
        """Return what the last edition would change; found out once for each revision, since anybody may ask.

        Raises what Amending.try_out raises, but for contradictions.
        """
        key = (one.id, one.edition, one.state, self._amending.revision())
        with self._finding_out:
            if key not in self._differences:
                if len(self._differences) >= MOST_DIFFERENCES:
                    self._differences.clear()
                self._differences[key] = self._difference(one)
            return self._differences[key]

    def _difference(self, one: Contribution) -> Difference:
        version = one.version or 1
        new = set().union(*as_version(self.ledger.body(one, one.edition), one.key, version).values())
        old = set().union(*as_version(self.ledger.body(one, one.versions[version].edition), one.key, version).values()
                          ) if one.version else set()
        adds, removes = sorted(new - old, key=str), sorted(old - new, key=str)
        if one.state == "published" or one.state not in MOVES["withdraw"].at:
            return Difference(adds, removes)
        try:
            moved = self._amending.try_out(self._publication(self._bodies(one, version)))
        except OntologyInconsistent as error:
            return Difference(adds, removes, contradicts=str(error))
        return Difference(adds, removes, sorted(moved.inferred, key=str))

    def preview(self, one: Contribution) -> AbstractContextManager[Trial]:
        """Give the graph as it would be with the last edition published, contradictions or not, to be asked.

        Raises what Amending.trial raises.
        """
        return self._amending.trial(replace(self._publication(self._bodies(one, one.next_version)), contradictions=()))

    def move(self, token: Token, id: str, did: str, note: str = "", repeats: str = "", into: Thing | None = None) -> Contribution:
        """Comment on a contribution, ask for changes, accept, refuse, publish, carry over or withdraw it, join it with another or
        undo that.

        into: for a join, the experience that stays, as the graph knows it.

        A repeated request with the same key changes nothing. Raises what submit raises, ParameterInvalid where a note is missing,
        and for a publication what Amending.change raises.
        """
        if did == "carry-over":
            return self.carry_over(token, id, repeats)
        with self.ledger.locked():
            one = self.ledger.get(id)
            if repeats and one.was_moved_by(token.name, repeats):
                return one
            self._permit(token, one, did)
            if (MOVES[did].reason and not note.strip()) or (did == "comment" and not note.strip()):
                raise ParameterInvalid(f"To {did.replace('-', ' ')} takes a note that says why.", _NO_NOTE)
            event = one.event(token.name, did, _short(note), repeats)
            if did == "publish":
                event = self._publish(one, event)
            elif did == "join":
                self._change(joined(one, into), one, event)
            elif did == "separate":
                self._change(separated(one), one, event)
            elif did == "withdraw" and one.version:
                self._take_back(one, event)
            return self.ledger.record(one, event)

    def remove_person(self, token: Token, id: str, person: str, note: str) -> Removed:
        """Take a person, by IRI or exact text, out of everything that was ever contributed. Raises what Removal.remove raises."""
        one = self.ledger.get(id)
        self._permit(token, one, "remove-person")
        if not note.strip():
            raise ParameterInvalid("To remove a person takes a note that says why.", _NO_NOTE)
        removed = Removal(self.ledger, self._amending).remove(token.name, one, person, _short(note))
        self._differences.clear()
        self._amending.forget_trials()
        return removed

    def _permit(self, token: Token, one: Contribution, did: str) -> None:
        move = MOVES[did]
        sender, for_sender_alone = token.name == one.who, move.own and move.scope == "write"
        if not (sender if for_sender_alone else token.allows(move.scope) or (move.own and sender)):
            raise MoveForbidden(f"To {did.replace('-', ' ')} a contribution takes a token of the scope {move.scope}"
                                + (", or that of whoever sent it." if move.own else "."))
        if did in ("accept", "refuse", "request-changes") and token.name in one.senders and not self._own_review:
            raise MoveForbidden("Nobody reviews what they sent themselves. Have somebody else with the scope review look at it.")

    def _publish(self, one: Contribution, event: Event) -> Event:
        if one.shapes < self.newest:
            self._checked_again(one, self.quads(one, one.edition), "en")
        event = replace(event, shapes=self.newest)
        version = one.next_version
        bodies = self._bodies(one, version, origin(one, version, event))
        event = replace(event, version=version, graphs=tuple(sorted(name for name, body in bodies.items() if body)))
        self._amending.change(self._publication(bodies), cause=one.cause(event))
        return event

    def _bodies(self, one: Contribution, version: int, told: Iterable[Triple] = ()) -> dict[str, bytes]:
        """Return the graphs of the last edition as a version, with what is told of it, and those that go as it comes."""
        graphs = as_version(self.ledger.body(one, one.edition), one.key, version)
        graphs[graph_of_experience(one.key, version)].update(told)
        gone = one.versions[one.version].graphs if one.version else ()
        return {**dict.fromkeys(gone, b""), **{name: n_triples(triples) for name, triples in graphs.items()}}

    def publish_graphs(self, bodies: dict[str, bytes]) -> None:
        """Publish graphs that no contribution brings, none for one that goes. Raises what Amending.change raises."""
        self._amending.change(self._publication(bodies))

    def _take_back(self, one: Contribution, event: Event) -> None:
        told = {graph_of_experience(one.key, "withdrawn"): n_triples(withdrawals(one, event))}
        self._change({**dict.fromkeys(one.versions[one.version].graphs, b""), **told}, one, event)

    def _change(self, bodies: dict[str, bytes], one: Contribution, event: Event) -> None:
        self._amending.change(self._publication(bodies), cause=one.cause(event))

    def _publication(self, bodies: dict[str, bytes]) -> Publication:
        return Publication(tuple(sorted(bodies.items())), self._laws, self._contradictions)


def _body(submission: Submission) -> bytes:
    """Return an edition as it is kept: each statement once, in the order of what was sent, by which rows are read back."""
    return "".join(f"{quad} .\n" for quad in dict.fromkeys(submission.quads)).encode()


def _short(note: str) -> str:
    if len(note) > LONGEST_NOTE:
        raise ParameterInvalid(f"A note has at most {LONGEST_NOTE:,} characters; this one has {len(note):,}.",
                               f"Una nota tiene como máximo {LONGEST_NOTE} caracteres; esta tiene {len(note)}.")
    return note.strip()
