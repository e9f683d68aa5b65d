"""Turns the texts of a catalogue's queries into the weights of their words, by which a question can be compared with them.

Source of how words weigh: Okapi BM25 (inverse document frequency, saturation, length), with each word's share bounded by 1.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.catalogue import AREAS, Catalogue, Query, Wording
from kg.parameters import LANGUAGES
from kg.speech import MEANING, Unit, read_speech
from kg.words import words_of

# What a text of a query weighs: the questions that it answers, what it is called, what its parameters and columns mean.
_QUESTION, _ASKED, _TITLE, _MEANING = 2.0, 3.0, 2.0, 0.5
_SATURATION, _LENGTH = 0.8, 0.15
_NEARLY = 0.7  # what a wording has at the least, of what the one has that has most, to stand for its values
_ALIKE = 0.9  # what a word of the same meaning takes up, of what the word itself does


@dataclass(frozen=True)
class Wordings:
    """The tokens of each query in one language with their weights, its length to the mean, and how rare each token is.

    said: the tokens of each of its wordings; unknown: how rare what no query has is; vocabulary: all words of the queries.
    """

    of_query: Mapping[str, Mapping[str, float]]
    length: Mapping[str, float]
    rarity: Mapping[str, float]
    said: Mapping[str, tuple[tuple[frozenset[str], Wording], ...]]
    unknown: float
    vocabulary: tuple[str, ...]

    def share(self, unit: Unit, name: str) -> float:
        """Return how well a query takes up a unit of a question, from 0 to 1."""
        having, least = self.of_query[name], _SATURATION * (1 - _LENGTH + _LENGTH * self.length[name])
        return max((weight / (weight + least) * (_ALIKE if token.startswith(MEANING) else 1.0)
                    for token in unit.tokens if (weight := having.get(token, 0.0))), default=0.0)

    def rarity_of(self, unit: Unit) -> float:
        """Return how rare a unit is in the catalogue; 0 where no query has it."""
        return min((self.rarity[token] for token in unit.tokens if token in self.rarity), default=0.0)

    def meant(self, query: Query, tokens: frozenset[str]) -> Mapping[str, str]:
        """Return the values that stand for the wordings of a query which have most, or nearly so, of a question's rare tokens.

        Where wordings that have as much stand for different values, the question tells none of these.
        """
        had = sorted(((sum(self.rarity.get(token, 0.0) for token in tokens & having), wording.given)
                      for having, wording in self.said[query.name]), key=lambda entry: -entry[0])
        likely: dict[str, dict[str, float]] = defaultdict(dict)
        for rare, values in had:
            if rare and rare >= _NEARLY * had[0][0]:
                for name, value in values.items():
                    likely[name].setdefault(value, rare)
        return {name: best[0] for name, of_values in likely.items()
                if len(best := [value for value, rare in of_values.items() if rare == max(of_values.values())]) == 1}


@lru_cache(maxsize=4)
def wordings(catalogue: Catalogue) -> dict[str, Wordings]:
    """Return how the queries of a catalogue are worded, by language."""
    found = {}
    for language in LANGUAGES:
        of_query = {query.name: _weights(query, language) for query in catalogue.all()}
        having = Counter(token for weights in of_query.values() for token in weights)
        count = max(len(of_query), 1)
        rarity = {token: math.log(1 + (count - n + 0.5) / (n + 0.5)) for token, n in having.items()}
        sizes = {name: sum(weights.values()) for name, weights in of_query.items()}
        lengths = {name: size * count / sum(sizes.values()) for name, size in sizes.items()}
        said = {query.name: tuple((_tokens(one.words, language), one) for one in _all_said(query, language))
                for query in catalogue.all()}
        found[language] = Wordings(of_query, lengths, rarity, said, math.log(1 + (count + 0.5) / 0.5),
                                   tuple(sorted({word for query in catalogue.all() for word in words_of(query.told())})))
    return found


def _tokens(text: str, language: str) -> frozenset[str]:
    return frozenset(token for unit in read_speech().units(words_of(text), language) for token in unit.tokens)


def _all_said(query: Query, language: str) -> list[Wording]:
    return [*query.asked, Wording(query.question_es if language == "es" else query.question, {})]


def _weights(query: Query, language: str) -> dict[str, float]:
    weights: dict[str, float] = defaultdict(float)
    spanish = language == "es"
    said = [(_QUESTION, query.question_es if spanish else query.question), (_MEANING, AREAS[query.area][spanish])]
    said += [(_ASKED, wording.words) for wording in query.asked]
    if not spanish:
        said += [(_TITLE, query.title), (_MEANING, query.name.replace("_", " "))]
        said += [(_MEANING, p.meaning) for p in query.parameters if p.kind != "language"]
        said += [(_MEANING, column.meaning) for column in query.columns]
    for weight, text in said:
        for token in _tokens(text, language):
            weights[token] += weight
    return weights
