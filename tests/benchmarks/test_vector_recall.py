"""What the precisions of stored vectors lose and cost: the chunks of a hundred megabytes, embedded anew by the static model,
and real questions to them, against exact products in float32; and what cells lose and spare among more than a million.

CODESTRATA_BENCH_INDEX names an index of the 100 MB made before, to read the chunks of instead of a new one.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.ports import FloatMatrix, IdVector
from indexing.embedding.static import StaticEmbedder
from indexing.embedding.text import embedding_text
from indexing.stores.cells import MANY, CellPolicy
from indexing.stores.codes import Precision
from indexing.stores.faiss import LOOKED_INTO, VectorReader
from indexing.stores.sqlite.reader import open_snapshot
from indexing.stores.vectors import VectorWriter
from tests.benchmarks import machine
from tests.benchmarks.test_search_speed import drawn
from tests.benchmarks.test_window_speed import indexed

ASKED = 1_000
ASKED_OF_MANY = 400
LEAST = {Precision.FLOAT16: 0.995, Precision.INT8: 0.98, Precision.COMPACT: 0.65}
"""Recall among the best ten. `compact` is chosen for its size: what it loses are exchanges among near equals (the README of
the stores), and this only tells that it has not become worse."""
LEAST_IN_CELLS = 0.9
_EQUAL = 1e-6
"""Exact products that differ by less are equal: a copy of what was missed is as good as it is."""
_AT_ONCE = 4_096

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]


class Asked:
    """Exact vectors, questions to them, and for each question the least exact product among its best ten and hundred."""

    def __init__(self, vectors: FloatMatrix, questions: FloatMatrix) -> None:
        self.vectors, self.questions = vectors, questions
        best = np.empty((len(questions), 0), np.float32)
        for first in range(0, len(vectors), 2**16):
            best = np.concatenate([best, questions @ vectors[first : first + 2**16].T], axis=1)
            best = -np.partition(-best, 99, axis=1)[:, :100]
        best.sort(axis=1)
        self._least = {10: best[:, -10], 100: best[:, 0]}

    def recall(self, number: int, found: IdVector, k: int) -> float:
        """The share of the best `k` that was found for a question; one exactly as good counts for one that is missed."""
        assert len(np.unique(found)) == len(found) == k
        return float(np.mean(self.vectors[found] @ self.questions[number] >= self._least[k][number] - _EQUAL))


def test_what_each_precision_finds_of_what_float32_finds(mixed: Path, tmp_path: Path) -> None:
    folder = indexed(mixed, tmp_path)
    asked = Asked(np.concatenate(list(_embedded(folder))), _questions(folder, ASKED))
    rows = [("", "bytes", "recall@10", "recall@100", "CPU p50", "CPU p95", "taken in")]
    recalls = {}
    for precision in Precision:
        began = time.process_time()
        stored(asked.vectors, tmp_path / precision, precision)
        taken = (time.process_time() - began) / len(asked.vectors)
        told, cells = measured(VectorReader(tmp_path / precision, device="cpu"), asked)
        recalls[precision] = told
        size = sum(path.stat().st_size for path in (tmp_path / precision).iterdir()) / len(asked.vectors)
        rows.append((precision, f"{size:.0f}", *cells, f"{1e6 * taken:.1f} µs"))
    title = f"Vectors against float32, {len(asked.vectors):,} chunks of 100 MB, {len(asked.questions):,} questions"
    machine.show("vector_recall", title, rows)
    short = {precision: recall for precision, recall in recalls.items() if recall < LEAST[precision]}
    assert not short, short


def test_what_cells_find_among_more_than_a_million(mixed: Path, kernel: Path, tmp_path: Path) -> None:
    """The same chunks, and among them the whole kernel in pieces of thirty lines."""
    folder = indexed(mixed, tmp_path)
    vectors = np.concatenate([*_embedded_lines(kernel), *_embedded(folder)])
    assert len(vectors) > MANY
    asked = Asked(vectors, _questions(folder, ASKED_OF_MANY))
    rows = [("", "recall@10", "recall@100", "CPU p50", "CPU p95", "opened in")]
    recalls = {}
    for name, policy in (("exact", CellPolicy(many=2 * len(vectors))), ("cells", CellPolicy())):
        began = time.process_time()
        stored(vectors, tmp_path / name, Precision.INT8, policy)
        print(f"\n{name}: taken in and committed in {time.process_time() - began:.0f} CPU seconds")
        for share in (1 / 16, 1 / 8, LOOKED_INTO) if name == "cells" else (1.0,):
            reader = VectorReader(tmp_path / name, device="cpu", looked_into=share)
            began = time.process_time()
            reader.search(asked.questions[0], 1)
            opened = time.process_time() - began
            recalls[name], cells = measured(reader, asked)
            rows.append((f"{name}, {share:.2f} of all looked into", *cells, f"{opened:.1f} s"))
    title = f"int8 against float32, {len(vectors):,} vectors, {len(asked.questions):,} questions"
    machine.show("vector_cells", title, rows)
    assert recalls["exact"] >= LEAST[Precision.INT8]
    assert recalls["cells"] >= LEAST_IN_CELLS


def stored(vectors: FloatMatrix, folder: Path, precision: Precision, policy: CellPolicy | None = None) -> None:
    """Vectors in a folder; their ids are their places. Committed now and then, as while a source is read."""
    with VectorWriter(folder, vectors.shape[1], "static", "1", precision, policy) as writer:
        for first in range(0, len(vectors), _AT_ONCE):
            some = vectors[first : first + _AT_ONCE]
            writer.add(np.arange(first, first + len(some)), some)
            if first // _AT_ONCE % 64 == 63:
                writer.commit(1 + first, more=True)
        writer.commit(1 + len(vectors))


def measured(reader: VectorReader, asked: Asked) -> tuple[float, tuple[str, str, str, str]]:
    """Recall among the best ten, and cells: recall among ten and a hundred, the CPU time of a search for a hundred."""
    reader.search(asked.questions[0], 1)  # which opens the vectors
    ten, hundred, times = [], [], []
    for number, question in enumerate(asked.questions):
        began = time.process_time()
        found, _ = reader.search(question, 100)
        times.append(1000 * (time.process_time() - began))
        hundred.append(asked.recall(number, found, 100))
        ten.append(asked.recall(number, reader.search(question, 10)[0], 10))
    slow = statistics.quantiles(times, n=20)[18]
    cells = (f"{np.mean(ten):.4f}", f"{np.mean(hundred):.4f}", f"{statistics.median(times):.1f} ms", f"{slow:.1f} ms")
    return float(np.mean(ten)), cells


def _questions(folder: Path, count: int) -> FloatMatrix:
    """The vectors of questions; those that say nothing to the model are left out."""
    embedded = map(StaticEmbedder().embed_query, drawn(folder, count))
    questions = np.stack([question for question in embedded if question.any()])
    assert len(questions) >= count / 2
    return questions


def _embedded(folder: Path) -> Iterator[FloatMatrix]:
    """The chunks of an index in float32, file by file, as a worker embeds them."""
    embedder = StaticEmbedder()
    with open_snapshot(folder) as reader:
        for file in reader.files():
            chunks = reader.chunks_of(file.path)
            text = reader.text(file.path).encode() if chunks else b""
            texts = [
                embedding_text(file.path, chunk.symbol, chunk.outline, text[chunk.span.start : chunk.span.end].decode())
                for chunk in chunks
            ]
            if texts:
                yield embedder.embed_documents(texts)


def _embedded_lines(source: Path) -> Iterator[FloatMatrix]:
    """A tree of source in pieces of thirty lines, of each file the first hundred."""
    embedder, texts = StaticEmbedder(), list[str]()
    for path in sorted(path for path in source.rglob("*") if path.is_file() and not path.is_symlink()):
        lines = path.read_bytes().decode("utf-8", "replace").split("\n")
        name = path.relative_to(source).as_posix()
        texts += [
            embedding_text(name, "", "", "\n".join(lines[first : first + 30])[:3_000])
            for first in range(0, min(len(lines), 3_000), 30)
        ]
        if len(texts) >= _AT_ONCE:
            yield embedder.embed_documents(texts)
            texts.clear()
    if texts:
        yield embedder.embed_documents(texts)
