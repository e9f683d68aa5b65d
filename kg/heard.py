"""Turns a question into what is heard of it: its language, words mended, what it names, and units that weigh so much each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.inquire import Inquiry
from kg.named import Named, named
from kg.names import compact
from kg.parameters import LANGUAGES
from kg.speech import MEANING, Unit, read_speech
from kg.wordings import Wordings, wordings
from kg.words import one_slip_apart, stem, words_of

# What a light, an unknown and a foreign word weigh, of what they would by rarity; what a name weighs, however many words it has.
_LIGHT, _UNHEARD, _FOREIGN, _NAME = 0.3, 0.6, 4.0, 3.0
_SHORTEST_MENDED = 5  # letters
# Words that turn a question round, and those before them with which it asks for a reason or a way, where they do not.
_NOT = {"en": frozenset(["not", "never", "didnt", "doesnt", "dont", "isnt", "arent", "wasnt", "werent", "hasnt", "havent"]),
        "es": frozenset(["no", "nunca", "jamas"])}
_REASONING = frozenset(["why", "how", "when", "if", "because", "porque", "como", "cuando", "si", "por"])


@dataclass(frozen=True)
class Heard:
    """A question as it was heard. units: those that count, each with its weight; mended: words that were taken for others.

    Without units nothing is asked that could be answered. denied: the stems of what it
    says is not so, where it asks for that. is_bare: it only names things, and asks nothing of them.
    """

    language: str
    units: list[tuple[Unit, float]]
    named: list[Named]
    mended: Mapping[str, str]
    denied: frozenset[str] = frozenset()
    is_bare: bool = False

    @cached_property
    def proper(self) -> frozenset[int]:
        """The places of the words that are the name of something single."""
        return frozenset(place for one in self.named for place in one.places if one.is_proper)

    @cached_property
    def things(self) -> frozenset[int]:
        """The places of the words that name a thing, rather than what is asked for: a class or a property."""
        return frozenset(place for one in self.named for place in one.places
                         if any(t.kind != "term" for t in one.things)) - self.asked_for

    @cached_property
    def asked_for(self) -> frozenset[int]:
        """The places of the words that name a class of which something is asked for, beside the name of a thing."""
        return _asked_for(self.named)


def hear(question: str, inquiry: Inquiry) -> Heard:
    """Hear a question. Raises StoreUnavailable."""
    speech, words = read_speech(), words_of(question)
    language = language_of(question) or _language_of_names(words, inquiry)
    worded = wordings(inquiry.catalogue)[language]
    mended = _mended(words, inquiry, worded)
    words = [mended.get(word, word) for word in words]
    foreign = speech.strange(words)
    found = [one for one in named(words, language, inquiry, speech) if one.is_proper or not foreign & one.places]
    units, is_bare = ([], False) if speech.is_elsewhere(words) else _weighed(words, language, worded, found,
                                                                             inquiry.familiar(words))
    return Heard(language, units, found, mended, denied_in(words, language), is_bare)


def _asked_for(found: Sequence[Named]) -> frozenset[int]:
    """Return the places of the words that name a class, if perhaps a thing as well, beside the name of some thing.

    Of that thing the class is asked for: in "risks of alliances" the risks; in "the communication tool" nothing is.
    """
    classes = {one: {compact(thing.thing) for thing in one.things if thing.kind == "term"} for one in found}
    things = [one for one, terms in classes.items() if not terms]
    kinds = {kind for one in things for thing in one.things for kind in thing.classes}
    return frozenset(place for one, terms in classes.items() if things and terms and not terms & kinds for place in one.places)


def denied_in(words: Sequence[str], language: str) -> frozenset[str]:
    """Return the stems of what folded words ask for that is not so: which tools one did not use, not why one did not."""
    denied = [place for place, word in enumerate(words)
              if word in _NOT[language] or (word == "t" and place and words[place - 1].endswith("n"))]
    if not denied or not _REASONING.isdisjoint(words[:denied[0]]):
        return frozenset()
    return frozenset(stem(words[min(place + 1, len(words) - 1)]) for place in denied)


def language_of(question: str) -> str:
    """Return the language of a question, ``en`` or ``es``: the one more of whose small words it has; nothing where none tells."""
    words = words_of(question)
    counts = {language: sum(word in asking for word in words) for language, asking in read_speech().asking.items()}
    if counts["en"] == counts["es"]:
        return "es" if re.search("[¿¡ñáéíóú]", question.lower()) else ""
    return max(counts, key=lambda language: counts[language])


def _language_of_names(words: Sequence[str], inquiry: Inquiry) -> str:
    """Return the language in which more of some words name something; English where both are alike."""
    return max(LANGUAGES, key=lambda language: sum(len(one.places) for one in named(words, language, inquiry, read_speech())))


def _mended(words: Sequence[str], inquiry: Inquiry, worded: Wordings) -> dict[str, str]:
    """Return the words that nothing knows, each with a known word that it is one slip away from."""
    strange = [word for word in dict.fromkeys(words) if len(word) >= _SHORTEST_MENDED and not word.isdigit()
               and stem(word) not in worded.rarity and not read_speech().knows(word)]
    known = inquiry.familiar(strange)
    near = {word: [one for one in (*worded.vocabulary, *inquiry.spelled_like(word)) if one_slip_apart(word, one)]
            for word in strange if word not in known}
    return {word: likely[0] for word, likely in near.items() if likely}


def _weighed(words: Sequence[str], language: str, worded: Wordings, found: Sequence[Named],
             familiar: Mapping[str, float]) -> tuple[list[tuple[Unit, float]], bool]:
    """Return the units of a question that count, each with its weight, and whether it only names things.

    Where it does, what that asks for is one of them.
    """
    proper = {place: len(one.places) for one in found for place in one.places if one.is_proper}
    places = {place for one in found for place in one.places}
    weighed = []
    asks = bool(_asked_for(found))
    for unit in read_speech().units(words, language, places):
        here = places & set(unit.places)
        if unit.is_small and unit.places[0] not in proper:
            continue
        asks = asks or not (here or unit.is_light) or (len(unit.places) > 1 and not here)  # a phrase that means something
        if unit.places[0] in proper:
            weight = _NAME / proper[unit.places[0]]
        elif unit.is_foreign:
            weight = _FOREIGN * worded.unknown
        elif unit.is_light:
            weight = _LIGHT * (worded.rarity_of(unit) or worded.unknown)
        else:
            weight = worded.rarity_of(unit) or _UNHEARD * worded.unknown * (1 - familiar.get(unit.words, 0.0))
        weighed.append((unit, weight))
    if places and not asks:
        names_classes = all(any(thing.kind == "term" for thing in one.things) for one in found)
        is_bare = not names_classes and all(place in places or word in read_speech().joining for place, word in enumerate(words))
        one = "listing" if names_classes else "naming" if is_bare else "overview"
        meaning = Unit("", range(len(words), len(words)), frozenset({MEANING + one}))
        weighed.append((meaning, worded.rarity_of(meaning)))
        return weighed, is_bare
    return (weighed if places or asks else []), False
