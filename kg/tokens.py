"""Turns names and scopes into tokens that let a program write; keeps their hashes alone.

    <data>/tokens.json   one entry a token: name, scope, SHA-256 of its text, when made, when it ends

A token has 256 random bits, so that a plain hash of it cannot be guessed back, and checking one costs microseconds.
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kg.errors import StoreUnavailable, TokenUnknown

SCOPES = ("write", "review", "admin")


@dataclass(frozen=True)
class Token:
    """What is kept of a token. scope: ``write`` submits, ``review`` also reviews and publishes, ``admin`` may do everything."""

    name: str
    scope: str
    digest: str
    made: str
    ends: str

    def allows(self, scope: str) -> bool:
        """Tell whether a bearer of this token may do what a scope allows; each scope includes those before it."""
        return SCOPES.index(self.scope) >= SCOPES.index(scope)


class Tokens:
    """The tokens of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "tokens.json"

    def all(self) -> list[Token]:
        """Return every token, in the order in which they were made. Raises StoreUnavailable where the file is damaged."""
        try:
            return [Token(**entry) for entry in json.loads(self._path.read_text(encoding="utf-8"))]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError) as error:
            raise StoreUnavailable(f"{self._path} cannot be read ({error}). Restore it, or move it aside and make new tokens."
                                   ) from error

    def make(self, name: str, scope: str, days: int) -> str:
        """Make a token and return its text, which is told this once. Raises TokenUnknown where the name is taken."""
        text = "parkg_" + secrets.token_urlsafe(32)
        now = datetime.now(UTC)
        ends = (now + timedelta(days=days)).isoformat(timespec="seconds")
        with self._changed() as tokens:
            if any(token.name == name for token in tokens):
                raise TokenUnknown(f"There is a token {name} already. Choose another name, or: parkg token revoke {name}")
            tokens.append(Token(name, scope, _digest(text), now.isoformat(timespec="seconds"), ends))
        return text

    def revoke(self, name: str) -> None:
        """Make a token worthless. Raises TokenUnknown."""
        with self._changed() as tokens:
            kept = [token for token in tokens if token.name != name]
            if len(kept) == len(tokens):
                raise TokenUnknown(f"There is no token {name}. parkg token list shows those that there are.")
            tokens[:] = kept

    def find(self, text: str) -> Token | None:
        """Return the token of a text, or None where there is none or it has ended."""
        digest = _digest(text)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        found = [token for token in self.all() if hmac.compare_digest(token.digest, digest)]
        return found[0] if found and found[0].ends > now else None

    @contextmanager
    def _changed(self) -> Iterator[list[Token]]:
        """Give the tokens to change, and write them back whole: who reads sees all of the change or none."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                tokens = self.all()
                yield tokens
                fresh = self._path.with_suffix(".new")
                with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                    json.dump([asdict(token) for token in tokens], file, indent=1)
                    file.flush()
                    os.fsync(file.fileno())
                fresh.replace(self._path)
        except OSError as error:
            raise StoreUnavailable(f"{self._path} cannot be written ({error}). Mend the rights of the data folder.") from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
