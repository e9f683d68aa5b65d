"""Turns a question in plain words, English or Spanish, into queries of the catalogue, with what it names as their values.

No language model and no network: the words of a question are compared with the texts of the queries by their stems, and what it
names is looked up among the names in the graph. How much of a question a query takes up is its score, from 0 to 1.

Source of how words weigh: Okapi BM25 (inverse document frequency, saturation, length), with each word's share bounded by 1.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.catalogue import AREAS, OF_ANY_THING, Catalogue, Query, Wording
from kg.inquire import Inquiry
from kg.names import path_of
from kg.parameters import LANGUAGES, Parameter
from kg.search import LONGEST_NAME, LONGEST_TEXT, PART, Called
from kg.words import singular, stem, words_of

FITS = 0.3  # the least share of a question that has to be taken up
OFFERED, NEAR = 5, 3
_BESIDE = 0.5  # what another query takes up at the least, of what the best one does
# What a text of a query weighs: the questions that it answers, what it is called, what its parameters and columns mean.
_QUESTION, _ASKED, _TITLE, _MEANING = 2.0, 3.0, 2.0, 0.5
_SATURATION, _LENGTH = 0.8, 0.15
# What share of its words a thing takes up that a query can be asked of, by how surely: for its class or for any thing.
_OF_CLASS, _OF_COMMON, _OF_ANY, _IN_PART = 1.0, 0.8, 0.7, 0.6
_NAME = 3.0  # what a name weighs, however many words it has
_UNSAID = 0.7  # what is left of a query of whose own words the question has none
_UNNAMED = 0.5  # what is left of a query that needs a thing which the question does not name
_PROPER = {"experience", "country", "place", "product", "document", "project", "process", "agent", "cluster-case",
           "partnership-case", "approach"}
_SPOKEN_OF = _PROPER | {"tool", "entry-way", "theme", "tool-step", "stage"}  # what is asked for as any thing
_STOP = {
    "en": set(words_of("""a about after all also am an and another any anywhere are as at be been by can could did do does doing
        ever for from get give go had has have having he her his how i if in into is it its let like me my of on one or other
        others our please shall she should show so some still such tell than that the their them then there these they thing
        things this those to us want was we were what which while will with would you your find list""")),
    "es": set(words_of("""a al algo algun alguna algunas algunos ante aqui asi como con cual cuales de del desde dime donde e el
        ella ellas ellos en entre era es esa esas ese eso esos esta estan estas este esto estos fue fueron ha hace hacer han
        hasta hay la las le les lo los me mi mis muestra muestrame muy necesito ni no nos o os para pero por porque puede pueden
        puedo que quiero se sea ser si sin sobre son su sus tal tambien te tengo tiene tienen todo todos tu tus u un una unas
        uno unos y ya yo"""))}
_SMALL = {"en": _STOP["en"] | {"how", "who", "when", "where", "why", "many", "much"},
          "es": _STOP["es"] | set(words_of("quien quienes cuando cuanto cuanta cuantos cuantas"))}


@dataclass(frozen=True)
class Named:
    """Words of a question and the things that they name, those named wholly first; several where it cannot be told which."""

    words: str
    things: tuple[Called, ...]
    places: frozenset[int]

    @property
    def is_proper(self) -> bool:
        """Whether it is the name of something single, such as an experience or a country, rather than a word for a kind."""
        return any(thing.whole and thing.kind in _PROPER for thing in self.things)


@dataclass(frozen=True)
class Candidate:
    """A query that may be meant: how much of the question it takes up, its values, and the parameters that still need one."""

    query: Query
    score: float
    given: Mapping[str, str]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What became of a question: its language, what it names, the queries that may be meant, best first, and what is near."""

    question: str
    language: str
    named: list[Named]
    candidates: list[Candidate]
    near: list[Candidate]


def ask(question: str, inquiry: Inquiry) -> Asked:
    """Match a question to the queries of the catalogue. Where nothing fits there are no candidates, only what is near.

    Raises StoreUnavailable.
    """
    question = question[:LONGEST_TEXT].strip()
    words = words_of(question)
    language = language_of(question)
    texts = _texts(inquiry.catalogue)[language]
    named = _named(words, language, inquiry)
    familiar = inquiry.familiar(words)
    ranked = sorted((_candidate(query, words, language, texts, named, familiar) for query in inquiry.catalogue.all()),
                    key=lambda candidate: (-candidate.score, candidate.query.name))
    possible = [candidate for candidate in ranked if candidate.score > 0 and not candidate.missing]
    best = possible[0].score if possible and possible[0].score >= FITS else math.inf
    offered = [candidate for candidate in possible if candidate.score >= best * _BESIDE][:OFFERED]
    return Asked(question, language, named, offered, [one for one in ranked if one.score > 0 and one not in offered][:NEAR])


def language_of(question: str) -> str:
    """Return the language of a question, ``en`` or ``es``: the one more of whose small words it has."""
    words = words_of(question)
    counts = {language: sum(word in _SMALL[language] for word in words) for language in LANGUAGES}
    told = bool(re.search("[¿ñáéíóú]", question.lower()))
    return "es" if (counts["es"], told) > (counts["en"], False) else "en"


@dataclass(frozen=True)
class _Texts:
    """The stems of each query in one language with their weights, its length to the mean, and how rare each stem is."""

    of_query: Mapping[str, Mapping[str, float]]
    length: Mapping[str, float]
    rarity: Mapping[str, float]
    unknown: float

    def share(self, one: str, name: str) -> float:
        """Return how well a query takes up a stem, from 0 to 1."""
        weight = self.of_query[name].get(one, 0.0)
        return weight / (weight + _SATURATION * (1 - _LENGTH + _LENGTH * self.length[name])) if weight else 0.0


@lru_cache(maxsize=4)
def _texts(catalogue: Catalogue) -> dict[str, _Texts]:
    found = {}
    for language in LANGUAGES:
        of_query = {query.name: _weights(query, language) for query in catalogue.all()}
        having = Counter(one for weights in of_query.values() for one in weights)
        count = max(len(of_query), 1)
        rarity = {one: math.log(1 + (count - n + 0.5) / (n + 0.5)) for one, n in having.items()}
        sizes = {name: sum(weights.values()) for name, weights in of_query.items()}
        lengths = {name: size * count / sum(sizes.values()) for name, size in sizes.items()}
        found[language] = _Texts(of_query, lengths, rarity, math.log(1 + (count + 0.5) / 0.5))
    return found


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
        for one in {stem(word) for word in words_of(text) if word not in _STOP[language]}:
            weights[one] += weight
    return weights


def _named(words: list[str], language: str, inquiry: Inquiry) -> list[Named]:
    """Return what runs of words name, the longest runs first, none within another."""
    runs: dict[tuple[int, int], tuple[str, ...]] = {}
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + LONGEST_NAME) + 1):
            run = words[start:end]
            if not all(word in _STOP[language] for word in run):
                part = (PART + stem(run[0]),) if len(run) == 1 else ()
                runs[start, end] = (" ".join(map(singular, run)), *part)
    called: dict[str, list[Called]] = {}
    for one in inquiry.called({name for names in runs.values() for name in names}, language):
        called.setdefault(one.name, []).append(one)
    taken: set[int] = set()
    found = []
    for (start, end), names in sorted(runs.items(), key=lambda run: (run[0][0] - run[0][1], run[0])):
        places = frozenset(range(start, end))
        things = {one.thing: one for name in reversed(names) for one in called.get(name, ())}
        if things and not places & taken:
            taken |= places
            found.append(Named(" ".join(words[start:end]), tuple(sorted(things.values(), key=lambda t: (not t.whole, t.thing))),
                               places))
    return sorted(found, key=lambda named: min(named.places))


def _candidate(query: Query, words: list[str], language: str, texts: _Texts, named: Iterable[Named],
               familiar: Mapping[str, float]) -> Candidate:
    given, surely = _given(query, named)
    proper = {place: len(one.places) for one in named for place in one.places if one.is_proper}
    total = taken = said = 0.0
    for place, word in enumerate(words):
        if place not in proper and word in _STOP[language]:
            continue
        one = stem(word)
        weight = texts.rarity.get(one) or texts.unknown * (1 - familiar.get(word, 0.0))
        if place in proper:
            weight = _NAME / proper[place]
        total += weight
        share = 0.0 if place in proper else texts.share(one, query.name)
        said += share
        taken += weight * max(share, surely.get(place, 0.0))
    given = {**_meant(query, words, language, texts), **given}
    if any(parameter.kind == "language" for parameter in query.parameters):
        given["language"] = language
    missing = tuple(p.name for p in query.parameters if p.default == "required" and p.name not in given)
    score = taken / total * (_UNNAMED if missing else 1.0) * (1.0 if said else _UNSAID) if total else 0.0
    return Candidate(query, score, given, missing)


def _meant(query: Query, words: Collection[str], language: str, texts: _Texts) -> Mapping[str, str]:
    """Return the values that stand for the wording of a query which has most of a question's rare words."""
    asked = {stem(word) for word in words if word not in _STOP[language]}
    wordings = [*query.asked, Wording(query.question_es if language == "es" else query.question, {})]
    said = [(sum(texts.rarity.get(one, 0.0) for one in asked & {stem(w) for w in words_of(wording.words)}), wording.given)
            for wording in wordings]
    most, given = max(said, key=lambda entry: (entry[0], len(entry[1])))
    return given if most else {}


def _given(query: Query, named: Iterable[Named]) -> tuple[dict[str, str], dict[int, float]]:
    """Return the values that a query takes of what is named, and how surely each word is taken up so."""
    given: dict[str, str] = {}
    surely: dict[int, float] = {}
    for one in named:
        best = max(((share, -number, parameter.name, thing.thing) for number, parameter in enumerate(query.parameters)
                    if parameter.name not in given for thing in one.things if (share := _takes(parameter, thing))), default=None)
        if best:
            given[best[2]] = path_of(best[3]) or best[3]
            surely |= dict.fromkeys(one.places, best[0])
    return given, surely


def _takes(parameter: Parameter, thing: Called) -> float:
    """Return how surely a parameter takes a thing: 0 where it does not."""
    if thing.kind == "term":
        return 0.0
    if parameter.of_class in thing.classes:
        return _IN_PART if not thing.whole else _OF_CLASS if thing.kind in _PROPER else _OF_COMMON
    if parameter.kind == "iri" and parameter.name in OF_ANY_THING and thing.kind in _SPOKEN_OF:
        return _OF_ANY if thing.whole else _IN_PART * _OF_ANY
    return 0.0
