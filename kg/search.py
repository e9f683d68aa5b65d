"""Turns a revision into an index of its labels and texts, and words as people write them into the things that they name.

The index is a file of SQLite's FTS5, made once for each revision and never changed. Case and accents are folded, a word finds
what begins with it, and a word that nothing has is taken for the nearest that something has.

Source of the order: Okapi BM25 as FTS5 computes it, a label weighing LABEL_WEIGHT times as much as a text.
"""

import difflib
import json
import math
import shutil
import sqlite3
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.entries import Asked, called, entries
from kg.errors import QueryTimeout, StoreUnavailable
from kg.words import words_of

LABEL_WEIGHT = 10
# How much more, or less, a thing of a kind counts than a text that speaks of it, such as an insight.
WEIGHTS = {**dict.fromkeys(("experience", "tool", "entry-way", "approach", "document", "product", "country", "place",
                            "project"), 2.0),
           **dict.fromkeys(("participation", "tool-application", "approach-application", "observation", "graph", "claim",
                            "concept-scheme", "quantity"), 0.5)}
MOST_WORDS, LONGEST_TEXT = 24, 500
SHORTEST_MENDED, NEAREST, ALIKE = 4, 40, 0.7
TIME_LIMIT_S, STEPS = 2.0, 10_000
SNIPPET_WORDS = 28
_VERSION = 4  # of the index: one of another version is made anew
OPENING, CLOSING = "\ue000", "\ue001"  # around what was found, in a snippet; no text of the graph has them


_SCHEMA = f"""
PRAGMA user_version = {_VERSION};
CREATE TABLE called (name TEXT, language TEXT, thing TEXT, kind TEXT, whole INTEGER, classes TEXT,
                     PRIMARY KEY (name, language, thing)) WITHOUT ROWID;
CREATE INDEX called_thing ON called (thing);
CREATE TABLE placed (thing TEXT, row INTEGER, PRIMARY KEY (thing, row)) WITHOUT ROWID;
CREATE VIRTUAL TABLE entry USING fts5(label, text, thing UNINDEXED, kind UNINDEXED, language UNINDEXED, passage UNINDEXED,
                                      whose UNINDEXED,
                                      tokenize = "unicode61 remove_diacritics 2", prefix = '2 3 4');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(entry, 'row');
CREATE VIRTUAL TABLE spelling USING fts5(word, tokenize = 'trigram');
"""
_FIND = f"""SELECT rowid, thing, kind, language, label, passage, bm25(entry, {LABEL_WEIGHT}, 1) AS rank
FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT ?"""
_SNIPPETS = f"""SELECT rowid, snippet(entry, -1, '{OPENING}', '{CLOSING}', '…', {SNIPPET_WORDS})
FROM entry WHERE entry MATCH ? AND rowid IN (SELECT value FROM json_each(?))"""
_TELLING = """SELECT kind, label || ' ' || text, whose FROM entry WHERE entry MATCH ? AND language = ?
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


def is_whole(path: Path) -> bool:
    """Tell whether a file is an index as this version makes it; one of an earlier version may lack a table."""
    try:
        database = _opened(path)
        try:
            tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
            return {"entry", "called"} <= tables and database.execute("PRAGMA user_version").fetchone() == (_VERSION,)
        finally:
            database.close()
    except sqlite3.Error:
        return False


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def write_index(revision: Asked, path: Path) -> None:
    """Make the index of a revision as a new file."""
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        database.execute("BEGIN")
        database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", entries(revision))
        database.executemany("INSERT OR IGNORE INTO called VALUES (?, ?, ?, ?, ?, ?)", called(revision, database.execute(
            "SELECT thing, kind, language, label FROM entry").fetchall()))
        database.execute("INSERT INTO spelling SELECT term FROM vocabulary WHERE length(term) >= ?", (SHORTEST_MENDED,))
        database.execute("INSERT INTO placed SELECT thing, rowid FROM entry")
        database.execute("INSERT INTO entry(entry) VALUES ('optimize')")
        database.execute("COMMIT")
    finally:
        database.close()


def amend_index(revision: Asked, before: Path, path: Path, things: Collection[str]) -> None:
    """Make the index of a revision from that of the one before, of which it differs in what it tells of some things.

    Costs what these things and the copy of a file cost. Raises OSError.
    """
    shutil.copyfile(before, path)
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        database.execute("BEGIN")
        for thing in things:
            database.execute("DELETE FROM entry WHERE rowid IN (SELECT row FROM placed WHERE thing = ?)", (thing,))
            database.execute("DELETE FROM placed WHERE thing = ?", (thing,))
            database.execute("DELETE FROM called WHERE thing = ?", (thing,))
        rows = list(entries(revision, things)) if things else []
        words = {word for row in rows for word in words_of(f"{row[0]} {row[1]}") if len(word) >= SHORTEST_MENDED}
        # Not asked of the vocabulary, which would count how often each stands where.
        fresh = {word for word in words if not database.execute("SELECT 1 FROM entry WHERE entry MATCH ? LIMIT 1",
                                                                (f'"{word}"',)).fetchone()}
        for row in rows:
            place = database.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", row).lastrowid
            database.execute("INSERT INTO placed VALUES (?, ?)", (row[2], place))
        having = [(thing, kind, language, label) for label, _, thing, kind, language, *_ in rows]
        database.executemany("INSERT OR IGNORE INTO called VALUES (?, ?, ?, ?, ?, ?)", called(revision, having, things))
        database.executemany("INSERT INTO spelling VALUES (?)", ((word,) for word in sorted(fresh)))
        database.execute("COMMIT")
    except sqlite3.Error as error:
        raise OSError(f"the index cannot be written: {error}") from error
    finally:
        database.close()


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))


class Index:
    """The index of a revision, opened for reading. Can be used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open an index. Raises StoreUnavailable."""
        try:
            self._database = _opened(path)
            self._database.execute("SELECT whose FROM entry, called LIMIT 1")
        except sqlite3.Error as error:
            raise StoreUnavailable(f"The index {path} cannot be read ({error}). Run parkg build.") from error

    def find(self, text: str, language: str = "en", kinds: Iterable[str] = (), limit: int = 20) -> Hits:
        """Find the things whose labels and texts have the words of a text, each thing once.

        All words have to be there; where nothing has them all, any. language: of the label and the snippet where the thing
        has both; kinds: only things of these. Raises QueryTimeout.
        """
        words = words_of(text[:LONGEST_TEXT])[:MOST_WORDS]
        mended = {word: near for word in words if (near := self._nearest(word))}
        wanted = [mended.get(word, word) for word in words]
        kinds = frozenset(kinds)
        found: list[Found] = []
        for joined in (" AND ", " OR ") if len(wanted) > 1 else ("",):
            found = self._found(joined.join(f'"{word}"*' for word in wanted), wanted, language, kinds, limit) if wanted else []
            if found:
                break
        return Hits(found, mended)

    def called(self, names: Collection[str], language: str) -> list[Called]:
        """Return the things that are called one of these names in a language.

        A name is a run of words in the singular with spaces between them, or PART and the stem of a word.
        """
        rows = self._rows("SELECT name, thing, kind, whole, classes FROM called "
                          f"WHERE language = ? AND name IN ({_marks(names)}) ORDER BY name, thing", (language, *names))
        return [Called(name, thing, kind, bool(whole), frozenset(classes.split())) for name, thing, kind, whole, classes in rows]

    def known(self, things: Collection[str]) -> list[Called]:
        """Return what is known of the things of these IRIs that have a name; one that is not there is left out."""
        rows = self._rows(f"SELECT DISTINCT thing, kind, classes FROM called WHERE whole AND thing IN ({_marks(things)}) "
                          "ORDER BY thing", tuple(things))
        return [Called("", thing, kind, True, frozenset(classes.split())) for thing, kind, classes in rows]

    def labels(self, things: Collection[str], language: str) -> dict[str, str]:
        """Return the labels of the things of these IRIs in a language; one that has none is left out."""
        rows = self._rows("SELECT placed.thing, label FROM placed JOIN entry ON entry.rowid = row WHERE entry.language = ? "
                          "AND label <> '' AND placed.thing IN (SELECT value FROM json_each(?))",
                          (language, json.dumps(sorted(things))))
        return {thing: label.partition("; ")[0] for thing, label in rows}  # behind it stand other names

    def telling(self, stems: Collection[str], language: str, limit: int) -> list[tuple[str, str, list[str]]]:
        """Return the entries that have most of some stems, the rare ones first: kind, words, the things of which it is told."""
        rows = self._rows(_TELLING, (" OR ".join(f'"{one}"*' for one in stems), language, limit)) if stems else []
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

    def _found(self, match: str, words: list[str], language: str, kinds: frozenset[str], limit: int) -> list[Found]:
        exact = self._rows(_FIND, (f'label : ^ "{" ".join(words)}"', 4 * limit))
        best: dict[str, tuple[tuple[bool, float], Found, int]] = {}
        for row, thing, kind, code, label, passage, rank in [*exact, *self._rows(_FIND, (match, 20 * limit))]:
            if kinds and kind not in kinds:
                continue
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
        if len(word) < SHORTEST_MENDED or self._rows("SELECT 1 FROM entry WHERE entry MATCH ? LIMIT 1", (f'"{word}"*',)):
            return ""
        found = difflib.get_close_matches(word, self.spelled_like(word), 1, ALIKE)
        return found[0] if found else ""

    def _rows(self, statement: str, values: tuple[str | int, ...]) -> list[Any]:
        deadline = time.monotonic() + TIME_LIMIT_S
        self._database.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
        try:
            return self._database.execute(statement, values).fetchall()
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise QueryTimeout(f"The search took longer than {TIME_LIMIT_S:g} s. Give fewer or longer words.") from error
            raise
