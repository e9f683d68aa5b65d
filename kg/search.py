"""Turns words as people write them into the things of a revision that they name, by its index.

Case and accents are folded, a word finds what begins with it, and a word that nothing has is taken for the nearest that
something has.

Source of the order: Okapi BM25 as FTS5 computes it, a label weighing LABEL_WEIGHT times as much as a text.
"""

import difflib
import json
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from kg.index import SHORTEST_SPELLED, Tables
from kg.store.indexes import IndexAt
from kg.words import words_of

LABEL_WEIGHT = 10
# How much more, or less, a thing of a kind counts than a text that speaks of it, such as an insight.
WEIGHTS = {**dict.fromkeys(("experience", "tool", "entry-way", "approach", "document", "product", "country", "place",
                            "project"), 2.0),
           **dict.fromkeys(("participation", "tool-application", "approach-application", "observation", "graph", "claim",
                            "concept-scheme", "quantity"), 0.5)}
MOST_WORDS, LONGEST_TEXT = 24, 500
MOST_COUNTED = 5000  # entries, so that counting costs no more than finding whatever the graph holds
NEAREST, ALIKE = 40, 0.7
SNIPPET_WORDS = 28
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
    """What a search found, best first, and the words that were taken for others, where some were."""

    found: list[Found]
    mended: dict[str, str]


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))


def _matches(words: list[str]) -> list[str]:
    """Return what an entry has to match to have all words, and then to have any."""
    return list(dict.fromkeys(joined.join(f'"{word}"*' for word in words) for joined in (" AND ", " OR "))) if words else []


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

    def find(self, text: str, language: str = "en", kinds: Iterable[str] = (), limit: int = 20, texts: str = "") -> Hits:
        """Find the things whose labels and texts have the words of a text, each thing once.

        All words have to be there; where nothing has them all, any. language: of the label and the snippet where the thing
        has both; kinds: only things of these; texts: only by what is said in this language. Raises QueryTimeout.
        """
        wanted, mended = self._wanted(text)
        kinds = sorted(set(kinds))
        found: list[Found] = []
        for match in _matches(wanted):
            if found := self._found(match, wanted, language, kinds, limit, texts):
                break
        return Hits(found, mended)

    def counted(self, text: str, texts: str = "", kinds: Collection[str] = ()) -> Counted:
        """Count what ``find`` would find without limit, by kind. Raises QueryTimeout.

        kinds: those that are asked for; where nothing of them has all words, they are counted by any, as they are found.
        """
        found: dict[str, int] = {}
        at_least = False
        for match in _matches(self._wanted(text)[0]):
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

    def _wanted(self, text: str) -> tuple[list[str], dict[str, str]]:
        """Return the words of a text that are searched for, and which of them stand for others that nothing has."""
        words = words_of(text[:LONGEST_TEXT])[:MOST_WORDS]
        mended = {word: near for word in words if (near := self._nearest(word))}
        return [mended.get(word, word) for word in words], mended

    def _found(self, match: str, words: list[str], language: str, kinds: list[str], limit: int, texts: str) -> list[Found]:
        only, given = _only(kinds, texts)
        find = _FIND.format(lives=self._lives, only=only)
        exact = self._rows(find, (f'label : ^ "{" ".join(words)}"', *given, 4 * limit))
        best: dict[str, tuple[tuple[bool, float], Found, int]] = {}
        for row, thing, kind, code, label, passage, rank in [*exact, *self._rows(find, (match, *given, 20 * limit))]:
            name = label.partition("; ")[0]
            order = (words_of(name) != words, rank * WEIGHTS.get(kind, 1.0))
            known, one, place = best.get(thing, (order, None, row))
            if one is None or (one.language != language and code == language):
                one, place = Found(thing, kind, name, code, passage, ""), row
            best[thing] = (min(known, order), one, place)
        ranked = sorted(best.values(), key=lambda entry: (entry[0], entry[1].thing))[:limit]
        snippets = dict(self._rows(_SNIPPETS, (match, json.dumps([place for *_, place in ranked]))))  # these alone: each costs
        return [replace(one, snippet=snippets.get(place, "")) for _, one, place in ranked]

    def _nearest(self, word: str) -> str:
        """Return the word that is nearest to one with which nothing begins; nothing where none is near, or there is no need."""
        if len(word) < SHORTEST_SPELLED or self._rows(
                f"SELECT 1 FROM entry WHERE entry MATCH ? AND {self._lives} LIMIT 1", (f'"{word}"*',)):
            return ""
        found = difflib.get_close_matches(word, self.spelled_like(word), 1, ALIKE)
        return found[0] if found else ""
