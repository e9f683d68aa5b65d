"""Turns what somebody sends into a contribution, and a contribution into a published version: who may do what, in which order.

What is published is one revision: the graphs of the version, where they come from, what follows from them and the index.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace

from kg.amend import Amending, Upload
from kg.contributions.joining import joined, separated
from kg.contributions.ledger import MOVES, SENDING, Contribution, Event, Ledger
from kg.contributions.removal import Removal, Removed, removed_on
from kg.entry.rows import Rows
from kg.errors import ContributionFaulty, MoveForbidden, MoveImpossible, OntologyInconsistent, ParameterInvalid
from kg.names import PREFIXES, REVIEWER, expand, graph_of_experience
from kg.reason import Rule
from kg.store.publication import Publication
from kg.store.rdf import Literal, NamedNode, Quad, Triple, n_triples, read_n_quads
from kg.submissions.known import Thing
from kg.submissions.submission import Submission
from kg.tokens import Token

LONGEST_NOTE = 10_000
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

    check: of an upload, with findings in a language; own_review: whether the same person may review what they sent.
    """

    def __init__(self, ledger: Ledger, amending: Amending, check: Check, rules: list[Rule], own_review: bool = False) -> None:
        self.ledger = ledger
        self._amending = amending
        self.check = check
        self._laws = tuple(rule.law() for rule in rules if not rule.contradicts)
        self._contradictions = tuple(rule.law() for rule in rules if rule.contradicts)
        self._own_review = own_review
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
            body = "".join(f"{quad} .\n" for quad in dict.fromkeys(submission.quads)).encode()  # in the order of what was sent
            if draft and one.edition and body == self.ledger.body(one, one.edition):
                return Taken(one, findings)
            event = replace(one.event(token.name, did, _short(note), repeats, one.edition + 1), version=version)
            return Taken(self.ledger.record(one, event, body), findings)

    def revert(self, token: Token, id: str, version: int, note: str, repeats: str = "", language: str = "en") -> Taken:
        """Send what a version stated once more, as the next edition, which is checked and reviewed like any other.

        Raises what take raises, and ParameterInvalid where there is no such version or no note that says why.
        """
        one = self.ledger.get(id)
        if version not in one.versions:
            raise ParameterInvalid(f"To revert takes the number of a version, as version; there are: "
                                   f"{', '.join(map(str, one.versions)) or 'none'}.")
        if not note.strip():
            raise ParameterInvalid("To revert takes a note that says why.")
        if version == one.version:
            raise MoveImpossible(f"Version {version} is the one that is in the graph.")
        body = self.ledger.body(one, one.versions[version].edition)
        return self.take(token, Upload(body, "nquads"), id, note=note, repeats=repeats, language=language, version=version)

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

    def move(self, token: Token, id: str, did: str, note: str = "", repeats: str = "", into: Thing | None = None) -> Contribution:
        """Comment on a contribution, ask for changes, accept, refuse, publish or withdraw it, join it with another or undo that.

        into: for a join, the experience that stays, as the graph knows it.

        A repeated request with the same key changes nothing. Raises what submit raises, ParameterInvalid where a note is missing,
        and for a publication what Amending.change raises.
        """
        with self.ledger.locked():
            one = self.ledger.get(id)
            if repeats and one.was_moved_by(token.name, repeats):
                return one
            self._permit(token, one, did)
            if (MOVES[did].reason and not note.strip()) or (did == "comment" and not note.strip()):
                raise ParameterInvalid(f"To {did.replace('-', ' ')} takes a note that says why.")
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
            raise ParameterInvalid("To remove a person takes a note that says why.")
        removed = Removal(self.ledger, self._amending).remove(token.name, one, person, _short(note))
        self._differences.clear()
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
        version = max(one.versions, default=0) + 1
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


def as_version(body: bytes, key: str, version: int) -> dict[str, set[Triple]]:
    """Return the triples of an edition by graph, its graphs named for a version wherever they are named."""
    first, named = graph_of_experience(key, 1), graph_of_experience(key, version)

    def renamed(term: object) -> object:
        if isinstance(term, NamedNode) and (term.value == first or term.value.startswith(first + "/")):
            return NamedNode(named + term.value.removeprefix(first))
        return term

    graphs: dict[str, set[Triple]] = defaultdict(set, {named: set()})
    for quad in read_n_quads(body):
        graph = renamed(quad.graph_name)
        assert isinstance(graph, NamedNode)
        graphs[graph.value].add(Triple(renamed(quad.subject), quad.predicate, renamed(quad.object)))  # type: ignore[arg-type]
    return graphs


def origin(one: Contribution, version: int, published: Event) -> set[Triple]:
    """Return what is told of where a version comes from: who sent it, who accepted it, and when it was published."""
    graph = NamedNode(graph_of_experience(one.key, version))
    sent = next(event for event in reversed(one.events) if event.did in SENDING)
    accepted = next((event for event in reversed(one.events) if event.did == "accept"), published)
    moment = f"{published.at[:19]}Z"  # as the store writes it
    time = Literal(moment, datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))
    days = (event.at[:10] for event in one.events if event.did == "remove-person")
    return {*removed_on(graph.value, days), Triple(graph, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(expand("prov:Entity"))),
            Triple(graph, NamedNode(expand("prov:generatedAtTime")), time),
            Triple(graph, NamedNode(expand("dcterms:contributor")), Literal(sent.who)),
            Triple(graph, NamedNode(expand("dcterms:hasVersion")), Literal(str(version))),
            Triple(graph, NamedNode(REVIEWER), Literal(accepted.who))}


def withdrawals(one: Contribution, last: Event) -> set[Triple]:
    """Return what the graph keeps of versions that were taken back, the last of them now: which, when and why."""
    told, version = set(), 0
    for event in (*one.events, last):
        if event.did == "withdraw" and version:
            graph = NamedNode(graph_of_experience(one.key, version))
            told |= {Triple(graph, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(expand("prov:Entity"))),
                     Triple(graph, NamedNode(expand("prov:invalidatedAtTime")),
                            Literal(event.at, datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))),
                     Triple(graph, NamedNode(expand("par:withdrawnBecause")), Literal(event.note))}
        version = {"publish": event.version, "withdraw": 0, "join": 0}.get(event.did, version)
    return told


def _short(note: str) -> str:
    if len(note) > LONGEST_NOTE:
        raise ParameterInvalid(f"A note has at most {LONGEST_NOTE:,} characters; this one has {len(note):,}.")
    return note.strip()
