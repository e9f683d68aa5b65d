"""Turns a question in plain words, English or Spanish, into queries of the catalogue, with what it names as their values.

No language model and no network: the words of a question are compared with the texts of the queries by their stems and by what
they mean, what it names is looked up among the names in the graph, and what else it says among the texts of the graph. How much
of a question a query takes up is its score, from 0 to 1.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.catalogue import OF_ANY_THING, Query
from kg.errors import ParameterInvalid
from kg.heard import Heard, denied_in, hear
from kg.inquire import Inquiry
from kg.named import PROPER, Named
from kg.names import compact, path_of
from kg.parameters import Parameter
from kg.search import LONGEST_TEXT, Called, Hits
from kg.told import Told, telling, told
from kg.wordings import Wordings, wordings
from kg.words import words_of

FITS = 0.22  # the least share of a question that has to be taken up: the middle of what does best on a-tuned
OFFERED, NEAR, FOUND = 5, 3, 5
GAPS = "gaps"  # the area of the queries that tell what is missing
_BESIDE = 0.4  # what another query takes up at the least, of what the best one does
# What share of its words a thing takes up that a query can be asked of, by how surely: for its class or for any thing.
_OF_CLASS, _OF_COMMON, _OF_ANY, _IN_PART = 1.0, 0.8, 0.7, 0.6
_TOLD = 0.4  # what a text adds that tells all that is asked, of what is still lacking
_ONLY_NAMED = 0.6  # what is left of a query that takes up what is named, and nothing of what is asked about it
_UNNAMED = 0.5  # what is left of a query that needs a thing which the question does not name
# What is asked for as any thing, and as the thing on which something bears.
_BORNE_ON = {"tool", "entry-way", "approach", "tool-step", "stage", "process", "event", "linkage-modality", "financing-source",
             "quality-scheme", "partnership-type", "organizational-model", "service-type", "value-chain"}
_SPOKEN_OF = PROPER | _BORNE_ON | {"theme", "policy-instrument", "alliance-type", "success-factor"}


@dataclass(frozen=True)
class Candidate:
    """A query that may be meant: how much of the question it takes up, its values, and the parameters that still need one."""

    query: Query
    score: float
    given: Mapping[str, str]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What became of a question: its language, what it names, the queries that may be meant, best first, and what is near.

    found: things whose texts have words of it, where no query is meant; mended: words that were taken for others; is_negated: it
    asks for what is not so, and no query answers that; is_bare: it only names things.
    """

    question: str
    language: str
    named: list[Named]
    candidates: list[Candidate]
    near: list[Candidate]
    found: Hits
    mended: Mapping[str, str]
    is_negated: bool = False
    is_bare: bool = False


def nothing_asked(language: str) -> Asked:
    """Return what becomes of no question."""
    return Asked("", language, [], [], [], Hits([], {}), {})


def ask(question: str, inquiry: Inquiry) -> Asked:
    """Match a question to the queries of the catalogue. Where nothing fits there are no candidates, only what is near.

    Raises ParameterInvalid for a question that is too long, and StoreUnavailable.
    """
    question = question.strip()
    if len(question) > LONGEST_TEXT:
        raise ParameterInvalid(f"The question has {len(question):,} characters. Ask in {LONGEST_TEXT} at the most.",
                               f"La pregunta tiene {len(question)} caracteres. Pregunte en {LONGEST_TEXT} como máximo.")
    heard = hear(question, inquiry)
    worded, texts = wordings(inquiry.catalogue)[heard.language], told(heard, inquiry)
    ranked = sorted((_candidate(query, heard, worded, texts) for query in inquiry.catalogue.all()),
                    key=lambda one: (-round(one.score, 2), _is_of_anything(one.query), -one.score, one.query.name))
    possible = [candidate for candidate in ranked if candidate.score > 0 and not candidate.missing
                and (not heard.denied or _answers_not(candidate, heard, worded))
                and (not heard.is_bare or _takes_any(candidate, heard.named))]
    best = possible[0].score if possible and possible[0].score >= FITS else math.inf
    offered = _answering([candidate for candidate in possible if candidate.score >= best * _BESIDE][:OFFERED], inquiry)
    near = [one for one in ranked if one.score > 0 and one not in offered][:NEAR]
    found = Hits([], {}) if offered else _found(heard, inquiry)
    return Asked(question, heard.language, heard.named, offered, near, found, heard.mended, bool(heard.denied) and not offered,
                 heard.is_bare)


def _answers_not(candidate: Candidate, heard: Heard, worded: Wordings) -> bool:
    """Tell whether a query tells what is not so: of a thing that is named only what is missing of it."""
    proper = [one for one in heard.named if one.is_proper]
    if candidate.query.area == GAPS:
        return all({path_of(thing.thing) for thing in one.things} & {*candidate.given.values()} for one in proper)
    return not proper and any(heard.denied <= denied_in(words_of(wording.words), heard.language)
                              for _, wording in worded.said[candidate.query.name])


def _takes_any(candidate: Candidate, named: Iterable[Named]) -> bool:
    """Tell whether a query is asked of any of the things that are named."""
    return not {path_of(thing.thing) for one in named for thing in one.things}.isdisjoint(candidate.given.values())


def _is_of_anything(query: Query) -> bool:
    """Tell whether a query can be asked of any thing: of two that take up as much of a question the other one says more."""
    return any(parameter.kind == "iri" and parameter.default == "required" and parameter.name in OF_ANY_THING
               for parameter in query.parameters)


def _answering(candidates: list[Candidate], inquiry: Inquiry) -> list[Candidate]:
    """Return candidates from the first on that fits and whose answer has a row; those before it are left out."""
    for at, one in enumerate(candidates):
        if one.score < FITS:
            return []
        if inquiry.table(inquiry.bound(one.query.name, one.given).rstrip() + "\nLIMIT 1").rows:
            return candidates[at:]
    return []


def _found(heard: Heard, inquiry: Inquiry) -> Hits:
    """Return the things whose labels and texts have the words of a question that say something."""
    words = " ".join(unit.words for unit, _ in heard.units if not (unit.is_light or unit.is_foreign))
    return inquiry.search(words, heard.language, limit=FOUND) if words else Hits([], {})


def _candidate(query: Query, heard: Heard, worded: Wordings, texts: Iterable[Told]) -> Candidate:
    given, surely = _given(query, heard.named)
    total = taken = asked = answered = 0.0
    tells_asked = any(_told_class(query, one) for one in heard.named)
    only_taken = heard.proper | heard.things if tells_asked else heard.proper  # of a thing, which it has to take
    for unit, weight in heard.units:
        share = 0.0 if only_taken & set(unit.places) else worded.share(unit, query.name)
        if tells_asked and len(query.tells) == 1 and not unit.places:
            share = 1.0  # that it is a list of them goes without saying
        share = max(share, *(surely.get(place, 0.0) for place in unit.places), 0.0)
        if not heard.things & set(unit.places):
            asked += weight
            answered += weight * share
        total += weight
        taken += weight * share
    tokens = frozenset(token for unit, _ in heard.units for token in unit.tokens)
    given = {**_class(query, heard.named), **worded.meant(query, tokens), **given}
    if any(parameter.kind == "language" for parameter in query.parameters):
        given["language"] = heard.language
    by_text = _by_text(query, texts, given)
    missing = tuple(p.name for p in query.parameters if p.default == "required" and p.name not in given)
    share = _more(taken / total, by_text) if total else 0.0
    reply = _more(answered / asked, by_text) if asked else 1.0
    score = share * (_ONLY_NAMED + (1 - _ONLY_NAMED) * reply) * (_UNNAMED if missing else 1.0)
    return Candidate(query, score, given, missing)


def _more(share: float, by_text: float) -> float:
    return share + (1 - share) * _TOLD * by_text


def _given(query: Query, named: Iterable[Named]) -> tuple[dict[str, str], dict[int, float]]:
    """Return the values that a query takes of what is named, and how surely each word is taken up so."""
    given: dict[str, str] = {}
    surely: dict[int, float] = {}
    for one in named:
        if told := _told_class(query, one):
            of_one = len(query.tells) == 1
            kinds = [] if of_one else [parameter.name for parameter in query.parameters if parameter.name == "kind"]
            given |= dict.fromkeys(kinds, told)
            surely |= dict.fromkeys(one.places, _OF_CLASS if of_one else _OF_COMMON if kinds else _IN_PART)
            continue
        best = max(((share, -number, parameter.name, thing.thing) for number, parameter in enumerate(query.parameters)
                    if parameter.name not in given for thing in one.things if (share := _takes(parameter, thing))), default=None)
        if best:
            given[best[2]] = path_of(best[3]) or best[3]
            surely |= dict.fromkeys(one.places, best[0])
    return given, surely


def _told_class(query: Query, one: Named) -> str:
    """Return the class that words name, if things of it are what a query tells; else nothing."""
    return next((term for thing in one.things if thing.kind == "term" and (term := compact(thing.thing)) in query.tells), "")


def _class(query: Query, named: Iterable[Named]) -> dict[str, str]:
    """Return the first class that is named, for a query that needs one; for one that may take it, the only one of its own."""
    terms = [compact(thing.thing) for one in named for thing in one.things if thing.kind == "term"]
    classes = [term for term in terms if term.partition(":")[2][:1].isupper()]
    given = {p.name: classes[0] for p in query.parameters if p.name == "class" and p.default == "required" and classes}
    for parameter in query.parameters:
        own = {one for one in classes if one in re.findall(r"\w+:\w+", parameter.meaning)}
        if parameter.name == "class" and parameter.default == "any" and len(own) == 1:
            given[parameter.name] = own.pop()
    return given


def _by_text(query: Query, texts: Iterable[Told], given: dict[str, str]) -> float:
    """Return the share of a question that a text has which the query gives; the thing of which that is told becomes its value."""
    needed = next((p for p in query.parameters if p.default == "required"), None)
    for one in telling(query, texts):
        if not needed:
            return one.share
        if needed.kind == "text":
            given.setdefault(needed.name, one.word)
            return 0.0  # that some text has a word answers nothing yet
        takers = {path_of(thing.thing): share for thing in one.whose if (share := _takes(needed, thing))}
        if takers and given.get(needed.name) in {None, *takers}:
            given.setdefault(needed.name, max(takers, key=lambda path: (takers[path], path)))
            return one.share
        if needed.name in given and not one.whose:
            return one.share
    return 0.0


def _takes(parameter: Parameter, thing: Called) -> float:
    """Return how surely a parameter takes a thing: 0 where it does not."""
    if thing.kind == "term":
        return 0.0
    if parameter.of_class in thing.classes:
        return _IN_PART if not thing.whole else _OF_CLASS if thing.kind in PROPER else _OF_COMMON
    if (parameter.kind == "iri" and parameter.name in OF_ANY_THING
            and thing.kind in (_BORNE_ON if parameter.name == "item" else _SPOKEN_OF)):
        return _OF_ANY if thing.whole else _IN_PART * _OF_ANY
    return 0.0
