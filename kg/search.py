"""Turns words as people write them into the things of a revision that they name, by its index.

Case and accents are folded, and singular and plural find each other. The last word finds what begins with it where few have
the whole word; a word that nothing has is taken for one that was likely meant, where there is one (kg.words.is_likely_slip).
Small words (kg.speech), such as "of" and "de", count only where no others were asked for.

Source of the order: Okapi BM25 as FTS5 computes it, a label weighing LABEL_WEIGHT times as much as a text.
"""

import json
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from kg.index import Tables
from kg.speech import read_speech
from kg.store.indexes import IndexAt
from kg.words import SHORTEST_MENDED, forms, is_likely_slip, one_slip_apart, words_of

LABEL_WEIGHT = 10
# How much more, or less, a thing of a kind counts than a text that speaks of it, such as an insight.
WEIGHTS = {**dict.fromkeys(("experience", "tool", "entry-way", "approach", "document", "product", "country", "place",
                            "project"), 2.0),
           **dict.fromkeys(("participation", "tool-application", "approach-application", "observation", "graph", "claim",
                            "concept-scheme", "quantity"), 0.5)}
MOST_WORDS, LONGEST_TEXT = 24, 500
MOST_COUNTED = 5000  # entries, so that counting costs no more than finding whatever the graph holds
NEAREST, COMMON = 40, 2  # words that are looked at for one that nothing has; entries that have one that is taken for it
SHORTEST_BEGUN, FEW = 4, 5  # letters of a last word that finds what begins with it, where fewer entries have it whole
SNIPPET_WORDS = 28
_SMALL = frozenset().union(*read_speech().small.values())
OPENING, CLOSING = "\ue000", "\ue001"  # around what was found, in a snippet; no text of the graph has them


_FIND = f"""SELECT rowid, thing, kind, language, label, passage, bm25(entry, {LABEL_WEIGHT}, 1) AS rank
FROM entry WHERE entry MATCH ? AND {{lives}}{{only}} ORDER BY rank LIMIT ?"""
_COUNT = """SELECT kind, count(DISTINCT thing), count(*) FROM (SELECT kind, thing FROM entry
WHERE entry MATCH ? AND {lives}{only} LIMIT ?) GROUP BY kind ORDER BY 2 DESC, kind"""
_SNIPPETS = f"""SELECT rowid, snippet(entry, -1, '{OPENING}', '{CLOSING}', '…', {SNIPPET_WORDS})
FROM entry WHERE entry MATCH ? AND rowid IN (SELECT value FROM json_each(?))"""
_TELLING = """SELECT kind, label || ' ' || text, whose FROM entry WHERE entry MATCH ? AND language = ? AND {lives}
ORDER BY bm25(entry, 2, 1) LIMIT ?"""


@dataclass(frozen=True)
class Found:
    """A thing that was found: its IRI, its kind, a label with its language, a passage that states it, if any, and a snippet.

    In the snippet OPENING and CLOSING stand around the words that were found.
    """

    thing: str
    kind: str
    label: str
    language: str
    passage: str
    snippet: str


@dataclass(frozen=True)
class Counted:
    """How many things of each kind have the words of a search, the most first; or at least, where more may have them."""

    kinds: dict[str, int]
    at_least: bool


@dataclass(frozen=True)
class Called:
    """A thing that some words name, wholly or in part: its IRI, its kind and its classes; of a class those above it."""

    name: str
    thing: str
    kind: str
    whole: bool
    classes: frozenset[str]


@dataclass(frozen=True)
class Hits:
    """What a search found, best first, the words that were taken for others, and those that nothing has."""

    found: list[Found]
    mended: dict[str, str]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Wanted:
    """The words that are searched for, what an entry matches that has each, and what became of those that nothing has."""

    words: list[str]
    terms: list[str]
    mended: dict[str, str]
    unknown: tuple[str, ...]

    @property
    def matches(self) -> list[str]:
        """What an entry matches that has all words, and then that has any."""
        return list(dict.fromkeys(joined.join(self.terms) for joined in (" AND ", " OR "))) if self.terms else []


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))


def _any(words: Collection[str], begun: str = "") -> str:
    """Return what an entry has to match to have any of some words; begun: the one of which its beginning is enough."""
    return "(" + " OR ".join(f'"{word}"' + "*" * (word == begun) for word in dict.fromkeys(words)) + ")"


def _only(kinds: Collection[str], texts: str) -> tuple[str, tuple[str, ...]]:
    """Return what a question asks beside the words, where only things of kinds or texts in a language count, and its values."""
    asked = (f" AND kind IN ({_marks(kinds)})" if kinds else "") + (" AND language = ?" if texts else "")
    return asked, (*kinds, *([texts] if texts else ()))


class Index:
    """The index of a revision, opened for reading. Can be used by one thread at a time."""

    def __init__(self, at: IndexAt) -> None:
        """Open an index. Raises StoreUnavailable."""
        tables = Tables(at)
        self._rows = tables.rows
        self._lives, self._called = tables.entry_lives, tables.called_lives

    def find(self, text: str, language: str = "en", kinds: Iterable[str] = (), limit: int = 20, texts: str = "",
             begun: bool = False, after: int = 0) -> Hits:
        """Find the things whose labels and texts have the words of a text, each thing once.

        All words have to be there; where nothing has them all, any. language: of the label and the snippet where the thing
        has both; kinds: only things of these; texts: only by what is said in this language; begun: the text is still being
        typed, and each word finds all that begins with it; after: so many of the best are left out. Raises QueryTimeout.
        """
        wanted = self._wanted(text, begun)
        kinds = sorted(set(kinds))
        entries = max(20 * limit, 0 if begun else MOST_COUNTED)
        found: list[Found] = []
        for match in wanted.matches:
            if ranked := self._ranked(match, wanted.words, language, kinds, entries, texts):
                found = self._snipped(match, ranked[after:after + limit])
                break
        return Hits(found, wanted.mended, wanted.unknown)

    def counted(self, text: str, texts: str = "", kinds: Collection[str] = ()) -> Counted:
        """Count what ``find`` would find without limit, by kind. Raises QueryTimeout.

        kinds: those that are asked for; where nothing of them has all words, they are counted by any, as they are found.
        """
        found: dict[str, int] = {}
        at_least = False
        for match in self._wanted(text).matches:
            only, given = _only(sorted(set(kinds)) if found else (), texts)
            rows = self._rows(_COUNT.format(lives=self._lives, only=only), (match, *given, MOST_COUNTED))
            found |= {kind: things for kind, things, _ in rows}
            at_least = at_least or sum(row[2] for row in rows) == MOST_COUNTED
            if found and (not kinds or not found.keys().isdisjoint(kinds)):
                break
        return Counted(dict(sorted(found.items(), key=lambda one: (-one[1], one[0]))), at_least)

    def called(self, names: Collection[str], language: str) -> list[Called]:
        """Return the things that are called one of these names in a language.

        A name is a run of words in the singular with spaces between them, or PART and the stem of a word.
        """
        rows = self._rows("SELECT name, thing, kind, whole, classes FROM called "
                          f"WHERE language = ? AND name IN ({_marks(names)}) AND {self._called} ORDER BY name, thing",
                          (language, *names))
        return [Called(name, thing, kind, bool(whole), frozenset(classes.split())) for name, thing, kind, whole, classes in rows]

    def known(self, things: Collection[str]) -> list[Called]:
        """Return what is known of the things of these IRIs that have a name; one that is not there is left out."""
        rows = self._rows(f"SELECT DISTINCT thing, kind, classes FROM called WHERE whole AND thing IN ({_marks(things)}) "
                          f"AND {self._called} ORDER BY thing", tuple(things))
        return [Called("", thing, kind, True, frozenset(classes.split())) for thing, kind, classes in rows]

    def labels(self, things: Collection[str], language: str) -> dict[str, str]:
        """Return the labels of the things of these IRIs in a language; one that has none is left out."""
        rows = self._rows("SELECT placed.thing, label FROM placed JOIN entry ON entry.rowid = row WHERE entry.language = ? "
                          f"AND label <> '' AND placed.thing IN (SELECT value FROM json_each(?)) AND {self._lives}",
                          (language, json.dumps(sorted(things))))
        return {thing: label.partition("; ")[0] for thing, label in rows}  # behind it stand other names

    def stated_in(self, things: Collection[str]) -> dict[str, str]:
        """Return the passages that say most of the things of these IRIs; a thing of which none speaks is left out."""
        return dict(self._rows("SELECT DISTINCT placed.thing, passage FROM placed JOIN entry ON entry.rowid = row "
                               f"WHERE passage <> '' AND placed.thing IN (SELECT value FROM json_each(?)) AND {self._lives}",
                               (json.dumps(sorted(things)),)))

    def telling(self, stems: Collection[str], language: str, limit: int) -> list[tuple[str, str, list[str]]]:
        """Return the entries that have most of some stems, the rare ones first: kind, words, the things of which it is told."""
        rows = self._rows(_TELLING.format(lives=self._lives),
                          (" OR ".join(f'"{one}"*' for one in stems), language, limit)) if stems else []
        return [(kind, text, whose.split()) for kind, text, whose in rows]

    def spelled_like(self, word: str) -> list[str]:
        """Return words of the labels and texts that share most pieces of three letters with a word, the nearest first."""
        pieces = " OR ".join(f'"{word[i:i + 3]}"' for i in range(len(word) - 2))
        return [row[0] for row in self._rows(
            "SELECT word FROM spelling WHERE spelling MATCH ? ORDER BY bm25(spelling) LIMIT ?", (pieces, NEAREST))]

    def familiar(self, words: Collection[str]) -> dict[str, float]:
        """Return how often the labels and texts have each word, from 0 (nowhere) to 1 (everywhere), on a logarithmic scale."""
        (most,), = self._rows("SELECT count(*) FROM entry_docsize", ())
        rows = self._rows(f"SELECT term, doc FROM vocabulary WHERE term IN ({_marks(words)})", tuple(words))
        return {term: math.log(1 + having) / math.log(1 + most) for term, having in rows}

    def _wanted(self, text: str, begun: bool = False) -> _Wanted:
        words = words_of(text[:LONGEST_TEXT])[:MOST_WORDS]
        having = self._having({form for word in words for form in forms(word)})
        small = [word in _SMALL and not (begun and place == len(words) - 1) for place, word in enumerate(words)]
        terms, mended, unknown = [], dict[str, str](), list[str]()
        for place, word in enumerate(words):
            if small[place] and not all(small):
                continue
            whole = [form for form in forms(word) if form in having]
            few = place == len(words) - 1 and len(word) >= SHORTEST_BEGUN and sum(having[form] for form in whole) < FEW
            if (begun or few) and (whole or self._begins(word)):
                terms.append(_any([*whole, word], begun=word))
                continue
            if not whole and (near := self._nearest(word)):
                mended[word] = near
                whole = [form for form in forms(near) if form in self._having(forms(near))]
            elif not whole:
                unknown.append(word)
            terms.append(_any(whole or [word]))
        return _Wanted([mended.get(word, word) for word in words], terms, mended, tuple(dict.fromkeys(unknown)))

    def _ranked(self, match: str, words: list[str], language: str, kinds: list[str], entries: int,
                texts: str) -> list[tuple[Found, int]]:
        """Return the things that so many of the best entries tell, best first, each with its entry, and without a snippet."""
        only, given = _only(kinds, texts)
        find = _FIND.format(lives=self._lives, only=only)
        exact = self._rows(find, (f'label : ^ "{" ".join(words)}"', *given, entries))
        best: dict[str, tuple[tuple[bool, float], Found, int]] = {}
        for row, thing, kind, code, label, passage, rank in [*exact, *self._rows(find, (match, *given, entries))]:
            name = label.partition("; ")[0]
            order = (words_of(name) != words, rank * WEIGHTS.get(kind, 1.0))
            known, one, place = best.get(thing, (order, None, row))
            if one is None or (one.language != language and code == language):
                one, place = Found(thing, kind, name, code, passage, ""), row
            best[thing] = (min(known, order), one, place)
        return [(one, place) for _, one, place in sorted(best.values(), key=lambda entry: (entry[0], entry[1].thing))]

    def _snipped(self, match: str, ranked: Collection[tuple[Found, int]]) -> list[Found]:
        """Return what was found with the words of its entry around those that match; of these alone, since each costs."""
        snippets = dict(self._rows(_SNIPPETS, (match, json.dumps([place for _, place in ranked]))))
        return [replace(one, snippet=snippets.get(place, "")) for one, place in ranked]

    def _having(self, words: Collection[str]) -> dict[str, int]:
        """Return how many entries have each word, of those that some has."""
        return dict(self._rows(f"SELECT term, doc FROM vocabulary WHERE term IN ({_marks(words)})", tuple(words)))

    def _begins(self, word: str) -> bool:
        return bool(self._rows(f"SELECT 1 FROM entry WHERE entry MATCH ? AND {self._lives} LIMIT 1", (f'"{word}"*',)))

    def _nearest(self, word: str) -> str:
        """Return the common word, or word of a name, that one which nothing has was likely meant to be; nothing where none is."""
        likely = [near for near in self.spelled_like(word) if is_likely_slip(word, near)] if len(word) >= SHORTEST_MENDED else []
        having = self._having(likely)
        common = [near for near in likely if having.get(near, 0) >= COMMON
                  or self._rows("SELECT 1 FROM entry WHERE entry MATCH ? LIMIT 1", (f'label : "{near}"',))]
        return min(common, key=lambda near: (not one_slip_apart(word, near), -having.get(near, 0)), default="")
