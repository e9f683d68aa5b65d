"""Turns what became of a question into lines of text or a tree for JSON."""

from collections.abc import Iterator
from typing import Any

from kg.ask import Asked, Candidate
from kg.hits import as_tree as found
from kg.names import brief


def address_of(candidate: Candidate) -> str:
    """Return the path that asks a query with the values that were bound; what is still missing can be filled in there."""
    return candidate.query.path(candidate.given)


def command_of(candidate: Candidate) -> str:
    """Return the command that asks a query with the values that were bound."""
    given = [f"'{key}={value}'" if " " in value else f"{key}={value}" for key, value in candidate.given.items()]
    return " ".join(["parkg query", candidate.query.name, *given, *(f"{name}=…" for name in candidate.missing)])


def question_of(candidate: Candidate, language: str) -> str:
    """Return the question that a query answers, in a language."""
    return candidate.query.question_es if language == "es" else candidate.query.question


def named_lines(asked: Asked) -> Iterator[str]:
    """Yield a line for each thing that a question names: the words, and what they stand for."""
    for one in asked.named:
        yield f"{one.words}: {', '.join(brief(thing.thing) for thing in one.things)}"


def candidate_lines(candidates: list[Candidate], language: str) -> Iterator[str]:
    """Yield two lines for each query: the question that it answers, and how to ask it."""
    for candidate in candidates:
        yield question_of(candidate, language)
        yield f"    {command_of(candidate)}"


def as_tree(asked: Asked) -> dict[str, Any]:
    """Return what became of a question for JSON, without the rows of the answer; ``answer`` is null where nothing fits."""
    candidates = [_candidate(one) for one in asked.candidates]
    return {"question": asked.question, "language": asked.language,
            "named": [{"words": one.words, "things": [{"thing": thing.thing, "kind": thing.kind, "in_part": not thing.whole}
                                                      for thing in one.things]} for one in asked.named],
            "only_names": asked.is_bare,
            "answer": candidates[0] if candidates else None, "others": candidates[1:],
            "near": [_candidate(one) for one in asked.near], "found": found(asked.found)["found"],
            "taken_for": dict(asked.mended)}


def _candidate(candidate: Candidate) -> dict[str, Any]:
    query = candidate.query
    return {"query": query.name, "title": query.title, "question": {"en": query.question, "es": query.question_es},
            "given": dict(candidate.given), "missing": list(candidate.missing), "score": round(candidate.score, 2),
            "ask": address_of(candidate)}
