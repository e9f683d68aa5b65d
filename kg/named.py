"""Turns the words of a question into the things of the graph that they name.

The longest runs of words that are a name come first; then other words for a thing, as kg.speech has them; then the words of a
name that stand apart or in another order.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.entries import LONGEST_NAME, MOST_WORDS_OF_A_NAME, PART, bag_of
from kg.inquire import Inquiry
from kg.names import BASE
from kg.search import Called
from kg.speech import Speech
from kg.words import singular, stem

PROPER = {"experience", "country", "place", "product", "document", "project", "process", "agent", "cluster-case",
          "partnership-case", "alliance-case", "approach"}
_APART = 6  # words between the first and the last of a name


@dataclass(frozen=True)
class Named:
    """Words of a question and the things that they name, those named wholly first; several where it cannot be told which."""

    words: str
    things: tuple[Called, ...]
    places: frozenset[int]

    @property
    def is_proper(self) -> bool:
        """Whether it is the name of something single, such as an experience or a country, rather than a word for a kind."""
        return any(thing.whole and thing.kind in PROPER for thing in self.things)


def named(words: Sequence[str], language: str, inquiry: Inquiry, speech: Speech) -> list[Named]:
    """Return what the words of a question name, in their order, none within another."""
    idle = speech.small[language] | speech.light
    runs = {(start, end): " ".join(map(singular, words[start:end])) for start in range(len(words))
            for end in range(start + 1, min(len(words), start + LONGEST_NAME) + 1)
            if not all(word in idle for word in words[start:end])}
    bags = dict(_bags(words, idle))
    called: dict[str, list[Called]] = {}
    for one in inquiry.called({*runs.values(), *bags.values()}, language):
        called.setdefault(one.name, []).append(one)
    other = {(at, at + length): paths for at in range(len(words)) for length, paths in [speech.named.at(words, at)] if length}
    known = {one.thing: one for one in inquiry.known({_iri(path) for paths in other.values() for path in paths})}
    found: list[Named] = []
    taken: set[int] = set()

    def take(places: Collection[int], things: Collection[Called]) -> None:
        if things and not taken & set(places):
            taken.update(places)
            best = {one.thing: one for one in sorted(things, key=lambda one: one.whole)}
            found.append(Named(" ".join(words[place] for place in sorted(places)),
                               tuple(sorted(best.values(), key=lambda one: (not one.whole, one.thing))), frozenset(places)))

    longest = sorted({*runs, *other}, key=lambda run: (run[0] - run[1], run[0]))
    for start, end in longest:
        told = [known[_iri(path)] for path in other.get((start, end), ()) if _iri(path) in known]
        whole = [*told, *called.get(runs.get((start, end), ""), ())]
        take(range(start, end), whole if any(one.kind != "term" for one in whole) else ())
    for places, bag in sorted(bags.items(), key=lambda entry: (-len(entry[0]), entry[0])):
        take(places, called.get(bag, ()))
    for start, end in longest:
        take(range(start, end), called.get(runs.get((start, end), ""), ()))
    return sorted(found, key=lambda one: min(one.places))


def _iri(path: str) -> str:
    return f"{BASE}id/{path}"


def _bags(words: Sequence[str], idle: Collection[str]) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield the places of words that could tell a name, near each other, with what they would stand under in the index."""
    telling = [place for place, word in enumerate(words) if word not in idle]
    for first in range(len(telling)):
        near = [place for place in telling[first + 1:] if place - telling[first] <= _APART and len(words[place]) > 3]
        yield (telling[first],), PART + stem(words[telling[first]])
        for size in range(1, MOST_WORDS_OF_A_NAME):
            for rest in combinations(near, size):
                places = (telling[first], *rest)
                yield places, PART + " ".join(bag_of(words[place] for place in places))
