"""Turns what somebody does with contributions at a terminal into a request to the server of a folder, or into the deed itself.

The server that owns a folder announces its address in it; where none does, the folder is opened by the command.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol

from kg.amend import Amending, Upload
from kg.build import shipped_sources
from kg.catalogue import Catalogue
from kg.contributions.contribute import Contributing, Given
from kg.contributions.ledger import Ledger
from kg.contributions.trees import contribution_tree, difference_tree
from kg.durable import announcement
from kg.entry.sheets import SHEET_FORMATS
from kg.errors import ContributionFaulty, ServerRefused, SettingInvalid, StoreUnavailable
from kg.inquire import Inquiry, asking
from kg.reason import read_rules
from kg.settings import Settings
from kg.store.rdf import MEDIA_TYPES
from kg.store.revisions import DataFolder
from kg.store.writers import Writer
from kg.submissions.inspectors import Inspector
from kg.submissions.known_things import KnownThings
from kg.submissions.submission import Submission, check
from kg.tokens import Token, Tokens

WAIT_S = 120


class Desk(Protocol):
    """Where contributions are sent and moved. What is returned are trees as ``GET /contributions/<id>`` gives them."""

    def submit(self, upload: Upload, id: str, note: str, draft: bool, language: str) -> dict[str, Any]:
        """Send RDF as a new contribution, or as the next edition of one. Raises ContributionFaulty with the findings."""

    def move(self, id: str, did: str, note: str) -> dict[str, Any]:
        """Comment on it, ask for changes, accept, refuse, publish or withdraw it."""

    def waiting(self) -> list[dict[str, Any]]:
        """Return the contributions that moved last, drafts aside."""

    def behind(self) -> list[dict[str, Any]]:
        """Return the published ones that were checked with an earlier edition of the shapes."""

    def show(self, id: str) -> dict[str, Any]:
        """Return one with its events and what it changes."""


class AtServer:
    """The desk of a server."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._token = token

    def submit(self, upload: Upload, id: str, note: str, draft: bool, language: str) -> dict[str, Any]:
        """Send it, as Desk.submit."""
        query = urllib.parse.urlencode({"note": note, "language": language, **({"draft": "1"} if draft else {})})
        return self._ask("POST", f"/contributions{'/' + id if id else ''}?{query}", upload.body,
                         {**MEDIA_TYPES, **SHEET_FORMATS}[upload.format])

    def move(self, id: str, did: str, note: str) -> dict[str, Any]:
        """Move it, as Desk.move."""
        return self._ask("POST", f"/contributions/{id}/{did}", json.dumps({"note": note}).encode(), "application/json")

    def waiting(self) -> list[dict[str, Any]]:
        """List them, as Desk.waiting."""
        found: list[dict[str, Any]] = self._ask("GET", "/contributions")["contributions"]
        return found

    def behind(self) -> list[dict[str, Any]]:
        """List them, as Desk.behind."""
        found: list[dict[str, Any]] = self._ask("GET", "/contributions?behind=1")["contributions"]
        return found

    def show(self, id: str) -> dict[str, Any]:
        """Show one, as Desk.show."""
        return self._ask("GET", f"/contributions/{id}")

    def _ask(self, method: str, path: str, body: bytes | None = None, type: str = "") -> dict[str, Any]:
        headers = {"Accept": "application/json", **({"Content-Type": type, "Idempotency-Key": uuid.uuid4().hex} if type else {}),
                   **({"Authorization": f"Bearer {self._token}"} if self._token else {})}
        request = urllib.request.Request(self._address + path, body, headers, method=method)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=WAIT_S) as answer:
                tree: dict[str, Any] = json.load(answer)
                return tree
        except urllib.error.HTTPError as error:
            told = json.load(error) if "json" in error.headers.get("Content-Type", "") else {}
            if "findings" in told:
                raise ContributionFaulty(told["detail"], told["findings"]) from error
            raise ServerRefused(str(told.get("detail", error.reason))) from error
        except OSError as error:
            raise StoreUnavailable(f"The server at {self._address} does not answer ({error}).") from error


class InFolder:
    """The desk of a data folder that no server serves."""

    def __init__(self, contributing: Contributing, token: Token | None) -> None:
        self._contributing = contributing
        self._token = token

    def submit(self, upload: Upload, id: str, note: str, draft: bool, language: str) -> dict[str, Any]:
        """Send it, as Desk.submit."""
        taken = self._contributing.take(self._who(), upload, id, draft, note, language=language)
        return {**contribution_tree(taken.contribution), "findings": taken.findings}

    def move(self, id: str, did: str, note: str) -> dict[str, Any]:
        """Move it, as Desk.move."""
        return contribution_tree(self._contributing.move(self._who(), id, did, note))

    def waiting(self) -> list[dict[str, Any]]:
        """List them, as Desk.waiting."""
        return [contribution_tree(one) for one in self._contributing.ledger.recent() if one.state != "draft"]

    def behind(self) -> list[dict[str, Any]]:
        """List them, as Desk.behind."""
        return [contribution_tree(one) for one in self._contributing.behind()]

    def show(self, id: str) -> dict[str, Any]:
        """Show one, as Desk.show."""
        one = self._contributing.ledger.get(id)
        return {**contribution_tree(one, events=True), "changes": difference_tree(self._contributing.difference(one))}

    def _who(self) -> Token:
        if self._token is None:
            raise SettingInvalid("Say who you are: PARKG_TOKEN is a token of this data folder, from parkg token make NAME.")
        return self._token


@contextmanager
def desk_of(settings: Settings, catalogue: Catalogue) -> Iterator[Desk]:
    """Give the desk of the folder that the settings name, for as long as a command runs. Raises StoreUnavailable."""
    if address := announcement(settings.data / "server"):
        yield AtServer(address, settings.token)
    else:
        with contributing_in(settings, catalogue) as contributing:
            yield InFolder(contributing, Tokens(settings.data).find(settings.token) if settings.token else None)


@contextmanager
def contributing_in(settings: Settings, catalogue: Catalogue) -> Iterator[Contributing]:
    """Give what keeps the contributions of the folder that the settings name, for as long as a command runs."""
    with ExitStack() as held:
        inquiry = held.enter_context(asking(settings, catalogue))
        inspector = held.enter_context(Inspector())
        amending = Amending(DataFolder(settings.data), Writer(settings.time_limit_s), Tokens(settings.data), plain=False)
        held.callback(amending.close)
        yield contributing_by(settings, inquiry, amending, inspector)


def contributing_by(settings: Settings, inquiry: Inquiry, amending: Amending, inspector: Inspector) -> Contributing:
    """Return what keeps the contributions of a folder: it checks against an inquiry and publishes by what amends the graph."""
    def checked(given: Given, language: str) -> Submission:
        return check(given, KnownThings(inquiry), language, inspector)

    return Contributing(Ledger(settings.data), amending, checked, read_rules(shipped_sources().rules), settings.own_review)
