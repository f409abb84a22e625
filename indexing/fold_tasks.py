"""The work of a worker that folds: functions of the index in, their tokens, or how alike or otherwise they are out."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from pathlib import Path

from core.kept import Kept
from indexing.blocks import unpack_content
from indexing.encodings import decode
from indexing.folding.compare import Renamed, RenameTask, renamed_similarities
from indexing.folding.explain import Explained, ExplainTask, explain
from indexing.folding.streams import Streams, StreamTask, read_streams
from indexing.stores.sqlite.rows import Rows

_KEPT_TEXTS = 64


def stream_batch(tasks: Sequence[StreamTask]) -> list[Streams]:
    """The tokens of functions, one result a task."""
    return read_streams(_read_text, tasks)


def explain_batch(tasks: Sequence[ExplainTask]) -> list[Explained]:
    """How members of classes differ, one result a task."""
    return explain(_read_text, tasks)


def rename_batch(tasks: Sequence[RenameTask]) -> list[Renamed]:
    """How alike functions are with other names, one result a task."""
    found = []
    for task in tasks:
        began = time.process_time()
        similarities = renamed_similarities(task.functions, task.pairs)
        found.append(Renamed(task.number, similarities, time.process_time() - began))
    return found


def close_texts() -> None:
    """Let go of the index that was read from in this process."""
    if _texts.cache_info().currsize:
        for texts in _opened:
            texts.close()
        _opened.clear()
    _texts.cache_clear()


class _Texts:
    """The texts of the files of an index at its last commit."""

    def __init__(self, folder: str) -> None:
        self._rows = Rows(Path(folder))
        self._kept = Kept[int, bytes](_KEPT_TEXTS)

    def close(self) -> None:
        self._rows.close()

    def text(self, file: int) -> bytes:
        """The text of a file as UTF-8, empty where it is gone."""
        return self._kept.get(file, self._read)

    def _read(self, file: int) -> bytes:
        rows = self._rows.all(
            "SELECT block, start, size, encoding, extracted FROM files JOIN contents ON contents.id = files.content"
            " WHERE files.id = ?",
            file,
        )
        if not rows:
            return b""
        block, start, size, encoding, extracted = rows[0]
        with self._rows.decoding():
            if extracted:
                return unpack_content(extracted)
            content = self._rows.block(block).content(start, size)
        return content if encoding == "utf-8" else decode(content, encoding).encode()


_opened: list[_Texts] = []


@functools.cache
def _texts(folder: str) -> _Texts:
    texts = _Texts(folder)
    _opened.append(texts)
    return texts


def _read_text(folder: str, file: int) -> bytes:
    return _texts(folder).text(file)
