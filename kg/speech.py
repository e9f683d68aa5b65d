"""Turns the words of a question, or of a query, into units that mean something, by what is known of how people say things.

What is known is data: speech.txt, whose first lines say how it is written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.words import singular, stem, words_of

_FILE = Path(__file__).with_name("speech.txt")
MEANING = "="  # before the name of a meaning that several words have


@dataclass(frozen=True)
class Unit:
    """A word or a phrase: its words, where they stand, and its tokens, which are the stems of the words and their meanings.

    is_small: of words that say nothing; is_light: of such that say little; is_foreign: asks for what the graph does not hold, and
    has no tokens.
    """

    words: str
    places: range
    tokens: frozenset[str]
    is_small: bool = False
    is_light: bool = False
    is_foreign: bool = False


class Phrases:
    """Words and phrases with what each stands for. A word that ends in ``*`` stands for all that begin so."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)

    def add(self, phrase: str, value: str) -> None:
        """Let a phrase stand for a value; it may stand for others as well."""
        words = tuple(word if word.endswith("*") else singular(word) for word in phrase.split())
        self._by_first[words[0]].append((words, value))

    def at(self, words: Sequence[str], start: int) -> tuple[int, frozenset[str]]:
        """Return how many words from a place on are the longest phrase there, and the values of that; 0 where there is none."""
        keys = (singular(words[start]), *(words[start][:n] + "*" for n in range(len(words[start]), 1, -1)))
        best, values = 0, frozenset[str]()
        for key in keys:
            fitting = [(len(phrase), value) for phrase, value in self._by_first.get(key, ())
                       if _fits(phrase, words[start:start + len(phrase)])]
            longest = max((length for length, _ in fitting), default=0)
            if longest > best:
                best, values = longest, frozenset(value for length, value in fitting if length == longest)
        return best, values

    def values(self) -> set[str]:
        """Return everything that some phrase stands for."""
        return {value for phrases in self._by_first.values() for _, value in phrases}


@dataclass(frozen=True)
class Speech:
    """What is known of how people say things.

    small, asking: small words of each language, and with those that ask; named: words for things of the graph; foreign: for what
    it does not hold; elsewhere: small words of other languages; joining: small words that only join names.
    """

    small: Mapping[str, frozenset[str]]
    asking: Mapping[str, frozenset[str]]
    light: frozenset[str]
    alike: Phrases
    named: Phrases
    foreign: Phrases
    elsewhere: frozenset[str]
    joining: frozenset[str]

    def units(self, words: Sequence[str], language: str, named: Collection[int] = frozenset()) -> Iterator[Unit]:
        """Yield the units of some folded words, in order; words at the places that are named stand each alone."""
        small = self.small[language]
        at = 0
        while at < len(words):
            length, meanings = self.alike.at(words, at)
            foreign, _ = self.foreign.at(words, at)
            if foreign > 1 and foreign >= length:
                length, meanings = foreign, frozenset()
            if length > 1 and any(place in named for place in range(at, at + length)):
                length, meanings, foreign = 1, frozenset(), 0
            run = words[at:at + max(length, 1)]
            stems = {singular(word) if meanings else stem(word) for word in run if word not in small}
            tokens = frozenset(stems | {MEANING + meaning for meaning in meanings}) if not foreign else frozenset()
            alone = length <= 1
            yield Unit(" ".join(run), range(at, at + len(run)), tokens,
                       is_small=alone and run[0] in small,
                       is_light=not foreign and not (alone and meanings) and all(word in small | self.light for word in run),
                       is_foreign=foreign > 0)
            at += len(run)

    def strange(self, words: Sequence[str]) -> set[int]:
        """Return the places of the words that ask for what the graph does not hold."""
        return {place for at in range(len(words)) for place in range(at, at + self.foreign.at(words, at)[0])}

    def is_elsewhere(self, words: Sequence[str]) -> bool:
        """Tell whether words are of another language than those that are known here."""
        here = max(sum(word in asking for word in words) for asking in self.asking.values())
        return sum(word in self.elsewhere for word in words) > here

    def knows(self, word: str) -> bool:
        """Tell whether a folded word is one of those that are known here."""
        return (any(word in known for known in (*self.small.values(), *self.asking.values(), self.light))
                or any(phrases.at([word], 0)[0] for phrases in (self.alike, self.named, self.foreign)))


@lru_cache(maxsize=1)
def read_speech() -> Speech:
    """Read what is known of how people say things."""
    entries: dict[str, list[str]] = defaultdict(list)
    section = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        entry = line.partition("#")[0].strip()
        if entry.startswith("["):
            section = entry.strip("[]")
        elif entry:
            entries[section].append(entry)
    small = {code: _words(entries[f"small {code}"]) for code in ("en", "es")}
    asking = {code: small[code] | _words(entries[f"asking {code}"]) for code in ("en", "es")}
    alike, named, foreign = Phrases(), Phrases(), Phrases()
    for into, section in ((alike, "alike"), (named, "named")):
        for entry in entries[section]:
            name, _, told = entry.partition(":")
            for phrase in told.split(","):
                into.add(phrase, name.strip())
    for phrase in ",".join(entries["not held"]).split(","):
        foreign.add(phrase, phrase.strip())
    return Speech(small, asking, _words(entries["light"]), alike, named, foreign,
                  _words(entries["elsewhere"]), _words(entries["joining"]))


def _words(entries: Iterable[str]) -> frozenset[str]:
    return frozenset(words_of(" ".join(entries)))


def _fits(phrase: tuple[str, ...], words: Sequence[str]) -> bool:
    return len(words) == len(phrase) and all(
        word.startswith(wanted[:-1]) if wanted.endswith("*") else singular(word) == wanted
        for wanted, word in zip(phrase, words, strict=True))
