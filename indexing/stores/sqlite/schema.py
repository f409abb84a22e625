"""The tables of an index, and the two versions that guard it.

The *format version* says how things are stored: a program meets an index of another format with an error, never with a
guess. The *feature version* says what was computed from a file's bytes: when it rises, files are parsed again and the
index stays.

What is known of a file lies in a few columns of blobs, so that an index is small and written in bulk: a row for each chunk,
symbol and edge took three times the room and most of the time. The price is that a symbol is looked up through its file.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from core.errors import BrokenIndexError

FORMAT_VERSION = 12
"""1: the first. 2: what is known of a file in columns, a few blobs a file instead of a row a chunk, symbol and edge.
3: texts and facts in blocks of several files, small pages. 4: sketches of functions, clone members of several chunks with
their verdicts and differences. 5: what each clone class saves by types, so that an update forms few of them anew.
6: compared functions by what they say, names in strings. 7: which part a pair of functions plays.
8: which bindings others can notice, compared functions by their places, members of classes in whole
numbers, packed sources of edges. 9: the words of a chunk know its top folder, and a file the slots that it had when it was
last linked. 10: larger blocks, with the rows of chunks; clone classes in groups, names in buckets; no term for the id of a
chunk among its words. 11: names from outside in buckets. 12: uses, names and signatures by the words of
texts, edges in drawers."""

FEATURE_VERSION = 14
"""1: the first. 2: twenty-one more languages, documents by their structure. 3: C whose conditions and macros cut through its
syntax, constants of Java's enumerations. 4: what Python calls by itself, variables that are assigned again.
5: parts of long functions fold with the whole alone. 6: what strings name.
7: sketches of shorter functions and with every name that may be local, frames by the words of each language.
8: routes, topics, and who asks for them. 9: each language's own operators. 10: no tags for doc comments, hashes of frames
over hashes of tokens. 11: documentation with blank lines behind it,
heads of files beside their credits. 13: pointers to functions among C's local names. 14: remarks are chunks."""

DATABASE_NAME = "index.sqlite"

_BUSY_MILLISECONDS = 5_000

_PAGE_BYTES = 1_024
"""Half a page of each blob lies idle: 4 % of an index in pages of 4 kB, 1 % in these."""

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- What a file's bytes alone tell; files with the same bytes share it. What an older feature version found stays beside what
-- a newer one does, until the last file that holds it was parsed again. Its bytes and facts lie in a block;
-- extracted is NULL where the bytes themselves are the text.
-- Every blob holds its own checksum.
CREATE TABLE contents (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    language TEXT NOT NULL,
    feature_version INTEGER NOT NULL,
    size INTEGER NOT NULL,
    encoding TEXT NOT NULL,
    lines INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    definitions INTEGER NOT NULL,
    block INTEGER NOT NULL REFERENCES blocks (id),
    member INTEGER NOT NULL,
    start INTEGER NOT NULL,
    extracted BLOB,
    UNIQUE (hash, language, feature_version)
);
CREATE INDEX contents_by_block ON contents (block, size);

-- What is known of several files, compressed together (indexing.blocks); size is that of all texts. A content is the member
-- of a number, and its bytes are those from its start on. What is read of all blocks comes first.
CREATE TABLE blocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    size INTEGER NOT NULL,
    chunks BLOB NOT NULL,
    texts BLOB NOT NULL,
    outlines BLOB NOT NULL,
    uses BLOB NOT NULL
);

-- AUTOINCREMENT: edges to a file that is gone must not pass to another before its users are linked anew. The chunks of a
-- file have the ids from first_chunk on; slots name its definitions (keys.py), NULL where they count from 0.
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    content INTEGER NOT NULL REFERENCES contents (id),
    language TEXT NOT NULL,
    role TEXT NOT NULL,
    modified_ns INTEGER NOT NULL,
    first_chunk INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    next_slot INTEGER NOT NULL,
    slots BLOB
);
CREATE INDEX files_by_content ON files (content);
CREATE INDEX files_by_chunk ON files (first_chunk);

-- Which files define a name, by its hash; visible where other files may use it by itself (names.py).
CREATE TABLE names (bucket INTEGER PRIMARY KEY, holders BLOB NOT NULL);

-- Runs of chunk ids that the derived stores may still have to forget.
CREATE TABLE removed_chunks (first INTEGER NOT NULL, chunks INTEGER NOT NULL, generation INTEGER NOT NULL);

-- The edges that start in a file; of each target (a file, or a name from outside as a negative number) the files that
-- have an edge to it, packed (keys.py): those of neighbours together (drawers.py).
CREATE TABLE edges (drawer INTEGER PRIMARY KEY, held BLOB NOT NULL);
CREATE TABLE linked (drawer INTEGER PRIMARY KEY, held BLOB NOT NULL);
CREATE TABLE externals (bucket INTEGER PRIMARY KEY, names BLOB NOT NULL);

-- Files that were linked together, with what their edges rest on: the ids of members and of other files they looked into,
-- and the hashes of the names they mention (link_groups.py). Settled where all was linked since the last change.
CREATE TABLE link_groups (
    name TEXT PRIMARY KEY,
    settled INTEGER NOT NULL,
    basis BLOB NOT NULL
) WITHOUT ROWID;

-- Files that changed since they were last linked, and what they held then (NULL: nothing), with its slots.
CREATE TABLE unlinked (file INTEGER PRIMARY KEY, path TEXT NOT NULL, content INTEGER, slots BLOB);

-- Chunks that another stands for; class is theirs where they have tokens of their own, else NULL.
CREATE TABLE copies (chunk INTEGER PRIMARY KEY, representative INTEGER NOT NULL, class INTEGER);
-- Clone classes, some hundred together (indexing.clone_columns): what they and their members are, and how members differ.
CREATE TABLE clone_groups (id INTEGER PRIMARY KEY, classes BLOB NOT NULL, told BLOB NOT NULL);

-- Every pair of functions that was found alike, so that only what is new is compared (compared.py): a single row.
CREATE TABLE clone_pairs (id INTEGER PRIMARY KEY, pairs BLOB NOT NULL);
"""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty database."""
    connection.executescript(
        f"PRAGMA page_size = {_PAGE_BYTES}; PRAGMA journal_mode = WAL; BEGIN;"
        + _TABLES
        + f"PRAGMA user_version = {FORMAT_VERSION}; COMMIT;"
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
        newer, rebuild = version > FORMAT_VERSION, "run 'codestrata index SOURCE --rebuild'"
        raise BrokenIndexError(
            f"the index in {folder} has format {version}, this program reads {FORMAT_VERSION}",
            f"it was made by a program that is {'newer' if newer else 'older or unfinished'}",
            f"install that one, or {rebuild}" if newer else rebuild,
        )
    return connection


def write_back(folder: Path) -> None:
    """Have what lies in the write-ahead log written into the database, as far as open snapshots let it.

    A snapshot that is opened afterwards reads the database alone, so that the next writer may begin the log anew. Without
    this the log would grow with every commit for as long as there is always some snapshot open.
    """
    if not os.access(folder, os.W_OK):
        return
    try:
        connection = sqlite3.connect(f"{(folder / DATABASE_NAME).resolve().as_uri()}?mode=rw", uri=True)
        try:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise broken(folder, error) from error


def broken(folder: Path, error: Exception) -> BrokenIndexError:
    """The error for a database that SQLite cannot read."""
    return BrokenIndexError(f"the index in {folder} cannot be read", str(error), "run 'codestrata index SOURCE --rebuild'")


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None
