"""Turns a question into what the texts of things tell of it: in words that no query has, but a lesson, a risk or an event has."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kg.catalogue import Query
from kg.heard import Heard
from kg.inquire import Inquiry
from kg.names import kind_of
from kg.search import Called
from kg.speech import read_speech
from kg.words import folded, stem, words_of

_LOOKED_AT = 60  # entries, the likeliest first
_ELSEWHERE = 0.3  # what is left of what a text tells that has none of the names


@dataclass(frozen=True)
class Told:
    """What the text of a thing tells: the thing's kind, the share of the question that it has (0 to 1), the things it is told of.

    word: the weightiest word of the text that the question has and that is no name.
    """

    kind: str
    share: float
    whose: tuple[Called, ...]
    word: str


def told(heard: Heard, inquiry: Inquiry) -> list[Told]:
    """Return what the texts of things tell of a question, those that tell most first. Raises StoreUnavailable."""
    small = read_speech().small[heard.language]
    names: dict[str, float] = {}
    asked: dict[str, float] = {}
    for unit, weight in heard.units:
        for word in unit.words.split() if not unit.is_foreign else ():
            if word not in small:
                (names if heard.proper & set(unit.places) else asked)[stem(word)] = weight
    all_asked = sum(asked.values()) + sum(weight for unit, weight in heard.units if unit.is_foreign)
    all_names = sum(names.values())
    found = inquiry.telling({**names, **asked}, heard.language, _LOOKED_AT) if asked else []
    known = {one.thing: one for one in inquiry.known({thing for _, _, whose in found for thing in whose})}
    told = []
    for kind, text, whose in found:
        having = _stems(text)
        answered = sum(weight for one, weight in asked.items() if one in having)
        named = sum(weight for one, weight in names.items() if one in having)
        share = (answered + named) / (all_asked + all_names) * answered / all_asked
        if names:
            share *= _ELSEWHERE + (1 - _ELSEWHERE) * named / all_names
        word = max(re.findall(r"[^\W_]+", text), key=lambda word: asked.get(stem(folded(word)), 0.0))
        told.append(Told(kind, share, tuple(known[thing] for thing in whose if thing in known), word))
    return sorted(told, key=lambda one: -one.share)


def telling(query: Query, all_told: Iterable[Told]) -> list[Told]:
    """Return what is told by things whose texts a query gives, those that tell most first."""
    kinds = {kind_of(one) for one in query.tells}
    return [one for one in all_told if one.kind in kinds]


@lru_cache(maxsize=10_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words_of(text))
