"""Turns what a test came to into one of three verdicts: passed, failed with a Mismatch, or not asked with the reason."""

from dataclasses import dataclass

PASSED, FAILED, NOT_ASKED = "passed", "failed", "not asked"


class Mismatch(Exception):
    """The engine answered otherwise than the test expects."""


class NotAsked(Exception):
    """The test asks for what the engine does not claim to do."""


@dataclass(frozen=True)
class Verdict:
    """What a test came to, and why, in one line."""

    outcome: str
    reason: str = ""
