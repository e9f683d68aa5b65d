"""Turns revisions into the index of their labels and texts, a file of SQLite's FTS5, and its tables into rows of one revision.

A full build makes a file. A publication writes what it changes into that same file, under the number of its revision: an entry
that came or went after the file was made has a life, from one number until another, and who reads at a number sees what lived
then. So publishing costs what is published, and who asks the revision before still finds it as it was. What no revision
that is kept can see is taken out by the publications after it.
"""

import sqlite3
import time
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

from kg.entries import TOLD_BY_A_WORD, Asked, called, entries, kind_of_thing
from kg.errors import QueryTimeout, StoreUnavailable
from kg.store.indexes import IndexAt
from kg.words import words_of

SHORTEST_SPELLED = 4
TIME_LIMIT_S, STEPS = 2.0, 10_000
_VERSION = 5  # of the index: one of another version is made anew
_FOR_EVER = 1 << 62

_SCHEMA = f"""
PRAGMA user_version = {_VERSION};
CREATE TABLE reached (number INTEGER);
CREATE TABLE life (row INTEGER PRIMARY KEY, since INTEGER, until INTEGER);
CREATE INDEX life_since ON life (since);
CREATE INDEX life_until ON life (until);
CREATE TABLE called (name TEXT, language TEXT, thing TEXT, since INTEGER, until INTEGER, kind TEXT, whole INTEGER, classes TEXT,
                     PRIMARY KEY (name, language, thing, since)) WITHOUT ROWID;
CREATE INDEX called_thing ON called (thing);
CREATE INDEX called_since ON called (since);
CREATE INDEX called_until ON called (until);
CREATE TABLE placed (thing TEXT, row INTEGER, PRIMARY KEY (thing, row)) WITHOUT ROWID;
CREATE VIRTUAL TABLE entry USING fts5(label, text, thing UNINDEXED, kind UNINDEXED, language UNINDEXED, passage UNINDEXED,
                                      whose UNINDEXED,
                                      tokenize = "unicode61 remove_diacritics 2", prefix = '2 3 4');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(entry, 'row');
CREATE VIRTUAL TABLE spelling USING fts5(word, tokenize = 'trigram');
"""
_CALL = f"INSERT OR IGNORE INTO called VALUES (?, ?, ?, {{}}, {_FOR_EVER}, ?, ?, ?)"


def is_whole(at: IndexAt) -> bool:
    """Tell whether a file is an index as this version makes it, and reaches as far as the revision; what broke off is mended."""
    try:
        with closing(_opened(at)) as database:
            (version,), = database.execute("PRAGMA user_version").fetchall()
            return bool(version == _VERSION)
    except sqlite3.Error:
        return False


def write_index(revision: Asked, at: IndexAt) -> None:
    """Make the index of a revision as a new file."""
    at.path.unlink(missing_ok=True)
    with closing(sqlite3.connect(at.path, isolation_level=None)) as database:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        database.execute("BEGIN")
        database.execute("INSERT INTO reached VALUES (?)", (at.number,))
        database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", entries(revision))
        database.executemany(_CALL.format(0), called(revision, database.execute(
            "SELECT thing, kind, language, label FROM entry").fetchall()))
        database.execute("INSERT INTO spelling SELECT term FROM vocabulary WHERE length(term) >= ?", (SHORTEST_SPELLED,))
        database.execute("INSERT INTO placed SELECT thing, rowid FROM entry")
        database.execute("INSERT INTO entry(entry) VALUES ('optimize')")
        database.execute("COMMIT")


def copy_index(at: IndexAt, path: Path) -> None:
    """Make a copy of an index, whoever writes into it meanwhile. Raises OSError."""
    try:
        with closing(_opened(at)) as database, closing(sqlite3.connect(path, isolation_level=None)) as made:
            made.execute("PRAGMA synchronous = OFF")
            database.backup(made)
    except sqlite3.Error as error:
        raise OSError(f"the index cannot be copied: {error}") from error


def amend_index(revision: Asked, at: IndexAt, things: Collection[str]) -> None:
    """Have an index tell of a revision too, which differs from the one before in what it tells of some things.

    Costs what these things cost; which words are too common to tell a tool or an entry way is counted by ``write_index`` alone,
    and when one of these is amended. What is written is on disk for good, and seen by nobody who reads at an earlier number;
    where the revision is never made, the next takes it out. Raises OSError.
    """
    try:
        with closing(sqlite3.connect(at.path, timeout=30, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            _clear(database, at)
            database.execute("UPDATE reached SET number = ?", (at.number,))
            if things:
                _amend(database, revision, at.number, things)
            database.execute("COMMIT")
    except sqlite3.Error as error:
        raise OSError(f"the index cannot be written: {error}") from error


def _clear(database: sqlite3.Connection, at: IndexAt) -> None:
    """Take out what no revision from the oldest on can see, and what was written for one that was never made."""
    rows = database.execute("SELECT row FROM life WHERE since >= ? OR until <= ?", (at.number, at.oldest)).fetchall()
    database.executemany("DELETE FROM placed WHERE row = ? AND thing = (SELECT thing FROM entry WHERE rowid = ?)",
                         (row * 2 for row in rows))
    database.executemany("DELETE FROM entry WHERE rowid = ?", rows)
    database.executemany("DELETE FROM life WHERE row = ?", rows)
    database.execute("DELETE FROM called WHERE since >= ? OR until <= ?", (at.number, at.oldest))
    for table in ("life", "called"):
        database.execute(f"UPDATE {table} SET until = ? WHERE until >= ? AND until < ?", (_FOR_EVER, at.number, _FOR_EVER))


def _amend(database: sqlite3.Connection, revision: Asked, number: int, things: Collection[str]) -> None:
    for thing in things:
        database.execute("INSERT INTO life SELECT row, 0, ? FROM placed WHERE thing = ? "
                         "ON CONFLICT (row) DO UPDATE SET until = min(until, excluded.until)", (number, thing))
    rows = list(entries(revision, things))
    for row in rows:
        place = database.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", row).lastrowid
        database.execute("INSERT INTO placed VALUES (?, ?)", (row[2], place))
        database.execute("INSERT INTO life VALUES (?, ?, ?)", (place, number, _FOR_EVER))
    having, renamed = [(thing, kind, language, label) for label, _, thing, kind, language, *_ in rows], set(things)
    if any(kind_of_thing(thing) in TOLD_BY_A_WORD for thing in things):  # rare: which words tell it hangs on the names of all
        having = database.execute(f"SELECT thing, kind, language, label FROM entry WHERE {_lives(number)}").fetchall()
        renamed |= {thing for thing, kind, *_ in having if kind in TOLD_BY_A_WORD}
    database.executemany("UPDATE called SET until = ?1 WHERE thing = ?2 AND until > ?1", ((number, thing) for thing in renamed))
    database.executemany(_CALL.format(number), called(revision, having, renamed))
    words = {word for row in rows for word in words_of(f"{row[0]} {row[1]}") if len(word) >= SHORTEST_SPELLED}
    database.executemany("INSERT INTO spelling SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM spelling WHERE spelling MATCH ?2 "
                         "AND word = ?1)", ((word, f'"{word}"') for word in sorted(words)))


def _then(number: int) -> str:
    return f"(since <= {number:d} AND until > {number:d})"


def _lives(number: int) -> str:
    """Return the condition under which an entry is one of a revision."""
    return f"NOT EXISTS (SELECT 1 FROM life WHERE row = entry.rowid AND NOT {_then(number)})"


def _opened(at: IndexAt) -> sqlite3.Connection:
    """Open an index for reading; its file so that a change to it that broke off is taken back. Raises sqlite3.Error."""
    database = sqlite3.connect(f"{at.path.absolute().as_uri()}?mode=rw", uri=True, check_same_thread=False)
    database.execute("PRAGMA query_only = ON")
    (reached,), = database.execute("SELECT max(number) FROM reached").fetchall()
    database.execute("SELECT whose, since FROM entry, called LIMIT 1")
    if reached is None or reached < at.number:
        database.close()
        raise sqlite3.DatabaseError(f"it reaches revision {reached}, not {at.number}")
    return database


class Tables:
    """The tables of an index as they were at a revision. Can be used by one thread at a time.

    entry_lives and called_lives are the conditions under which a row of ``entry`` and of ``called`` is one of the revision.
    """

    def __init__(self, at: IndexAt) -> None:
        """Open an index. Raises StoreUnavailable."""
        self.entry_lives = _lives(at.number)
        self.called_lives = _then(at.number)
        try:
            self._database = _opened(at)
        except sqlite3.Error as error:
            raise StoreUnavailable(f"The index {at.path} cannot be read ({error}). Run parkg build.") from error

    def rows(self, statement: str, values: tuple[str | int, ...]) -> list[Any]:
        """Return the rows that a statement gives. Raises QueryTimeout."""
        deadline = time.monotonic() + TIME_LIMIT_S
        self._database.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
        try:
            return self._database.execute(statement, values).fetchall()
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise QueryTimeout(f"The search took longer than {TIME_LIMIT_S:g} s. Give fewer or longer words.") from error
            raise
