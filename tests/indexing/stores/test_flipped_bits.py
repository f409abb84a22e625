"""No flipped bit changes an answer unnoticed: a damaged blob is a broken index, never another answer and never a crash."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import BrokenIndexError
from core.settings import Settings
from indexing.embedding.static import StaticEmbedder
from indexing.intake.opening import open_source
from indexing.pipeline import Job, build
from indexing.stores.sqlite.reader import open_snapshot
from indexing.stores.sqlite.schema import DATABASE_NAME
from indexing.stores.sqlite.writer import IndexWriter

SOURCE = {
    "pkg/__init__.py": "from .shapes import Circle\n",
    "pkg/shapes.py": 'class Circle:\n    """Round."""\n    def area(self):\n        return square(self.r)\n\n'
    "def square(x):\n    return x * x\n",
    "main.py": "from pkg import Circle\n\ndef run():\n    return Circle().area()\n",
}
FLIPS = 25


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, folder = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("index")
    for path, text in SOURCE.items():
        (source / path).parent.mkdir(exist_ok=True)
        (source / path).write_text(text)
    with open_source(str(source)) as workspace:
        for _ in build(Job(workspace, folder, Settings(), StaticEmbedder()), CancellationToken()):
            pass
    with sqlite3.connect(folder / DATABASE_NAME) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def answers(folder: Path) -> str:
    """What a person may ask an index for, in one text."""
    with open_snapshot(folder) as reader:
        graph = [str(item) for item in (*reader.all_symbols(), *reader.edges())]
        chunks = [str(chunk) for file in reader.files() for chunk in reader.chunks_of(file.path)]
        table = [part.tolist() for part in (reader.chunk_table().ids, reader.chunk_table().start_lines)]
        texts = [reader.text(file.path) for file in reader.files()]
    with IndexWriter(folder) as writer:
        prints = writer.stored_chunks().prints.tolist()
    return json.dumps([graph, chunks, table, texts, prints], default=str)


@pytest.mark.parametrize(
    ("table", "column"),
    [*(("blocks", name) for name in ("chunks", "texts", "outlines")), ("edges", "held")],
)
def test_a_flipped_bit_is_noticed(index: Path, table: str, column: str, tmp_path: Path) -> None:
    right = answers(index)
    chance = random.Random(column)
    for turn in range(FLIPS):
        folder = tmp_path / str(turn)
        shutil.copytree(index, folder)
        with sqlite3.connect(folder / DATABASE_NAME) as connection:
            rows = connection.execute(f"SELECT rowid, {column} FROM {table} WHERE LENGTH({column}) > 0").fetchall()
            key, blob = chance.choice(rows)
            damaged = bytearray(blob)
            place = chance.randrange(len(damaged) * 8)
            damaged[place // 8] ^= 1 << place % 8
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (bytes(damaged), key))
        try:
            assert answers(folder) == right, f"bit {place} of {column} changes an answer"
        except BrokenIndexError:
            continue
