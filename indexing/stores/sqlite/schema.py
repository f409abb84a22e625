"""The tables of an index, and the two versions that guard it.

The *format version* says how things are stored: a program meets an index of another format with an error, never with a
guess. The *feature version* says what was computed from a file's bytes: when it rises, files are parsed again and the
index stays.

Places are integers (`file`, `source`, `target`), hashes are 16 raw bytes, and what only the program itself reads (a
file's text, its facts) is MessagePack or text, compressed with Zstandard.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from core.errors import BrokenIndexError

FORMAT_VERSION = 1
"""1: the first."""

FEATURE_VERSION = 1
"""1: the first."""

DATABASE_NAME = "index.sqlite"

_BUSY_MILLISECONDS = 5_000

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE contents (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    language TEXT NOT NULL,
    feature_version INTEGER NOT NULL,
    size INTEGER NOT NULL,
    encoding TEXT NOT NULL,
    lines INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    raw BLOB NOT NULL,
    facts BLOB NOT NULL,
    UNIQUE (hash, language)
);

-- AUTOINCREMENT: symbols and edges of a file that is gone must not pass to another before they are linked anew.
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    content INTEGER NOT NULL REFERENCES contents (id),
    language TEXT NOT NULL,
    role TEXT NOT NULL,
    modified_ns INTEGER NOT NULL
);
CREATE INDEX files_by_content ON files (content);

-- AUTOINCREMENT: the id of a removed chunk is never given to another.
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file INTEGER NOT NULL REFERENCES files (id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    symbol TEXT NOT NULL,
    names TEXT NOT NULL,
    part INTEGER NOT NULL,
    outline TEXT NOT NULL,
    exact BLOB NOT NULL,
    layout BLOB NOT NULL,
    renamed BLOB NOT NULL,
    tokens INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    representative INTEGER NOT NULL
);
CREATE INDEX chunks_by_file ON chunks (file);
CREATE INDEX chunks_by_generation ON chunks (generation);

-- What the derived stores may still have to forget.
CREATE TABLE removed_chunks (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL);

CREATE TABLE symbols (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    qualified_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    file INTEGER NOT NULL,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    signature TEXT NOT NULL,
    doc TEXT NOT NULL,
    parent INTEGER NOT NULL
);
CREATE UNIQUE INDEX symbols_by_id ON symbols (id);
CREATE INDEX symbols_by_name ON symbols (name COLLATE NOCASE);
CREATE INDEX symbols_by_file ON symbols (file);

CREATE TABLE edges (
    source INTEGER NOT NULL,
    target INTEGER NOT NULL,
    kind TEXT NOT NULL,
    confidence TEXT NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL
);
CREATE INDEX edges_by_source ON edges (source);
CREATE INDEX edges_by_target ON edges (target);

CREATE TABLE clone_classes (
    id INTEGER PRIMARY KEY,
    type INTEGER NOT NULL,
    similarity REAL NOT NULL,
    bytes_saved INTEGER NOT NULL,
    representative INTEGER NOT NULL
);
CREATE TABLE clone_members (
    class INTEGER NOT NULL REFERENCES clone_classes (id),
    chunk INTEGER NOT NULL,
    type INTEGER NOT NULL,
    similarity REAL NOT NULL
);
CREATE INDEX clone_members_by_class ON clone_members (class);
CREATE INDEX clone_members_by_chunk ON clone_members (chunk);
"""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty database."""
    connection.executescript(
        "PRAGMA journal_mode = WAL; BEGIN;" + _TABLES + f"PRAGMA user_version = {FORMAT_VERSION}; COMMIT;"
    )


def connect(folder: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open the database of the index in `folder`.

    Raises BrokenIndexError where there is none, it is damaged, or it is of another format version.
    """
    file = folder / DATABASE_NAME
    if read_only and not file.is_file():
        raise BrokenIndexError(f"there is no index in {folder}", "", "run 'codestrata index SOURCE' first")
    mode = "ro" if read_only else "rwc"
    if read_only and not os.access(folder, os.W_OK) and not (folder / f"{DATABASE_NAME}-wal").exists():
        mode = "ro&immutable=1"  # on a read-only disk SQLite could not make the files that it shares with a writer
    try:
        # Transactions are begun and ended by hand; threads share the connection under the owner's lock.
        connection = sqlite3.connect(
            f"{file.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0 and not read_only and not _has_tables(connection):
            create(connection)
            version = FORMAT_VERSION
    except sqlite3.Error as error:
        raise broken(folder, error) from error
    if version != FORMAT_VERSION:
        connection.close()
        age = "newer" if version > FORMAT_VERSION else "older or unfinished"
        raise BrokenIndexError(
            f"the index in {folder} has format {version}, this program reads {FORMAT_VERSION}",
            f"it was made by a program that is {age}",
            "run 'codestrata index SOURCE --rebuild'",
        )
    return connection


def broken(folder: Path, error: Exception) -> BrokenIndexError:
    """The error for a database that SQLite cannot read."""
    return BrokenIndexError(f"the index in {folder} cannot be read", str(error), "run 'codestrata index SOURCE --rebuild'")


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None
