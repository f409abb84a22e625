"""What the precisions of stored vectors lose and cost: the chunks of a hundred megabytes, embedded anew by the static model,
and real questions to them, against exact products in float32.

CODESTRATA_BENCH_INDEX names an index of the 100 MB made before, to read the chunks of instead of a new one.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from core.ports import FloatMatrix, IdVector
from indexing.embedding.static import StaticEmbedder
from indexing.embedding.text import embedding_text
from indexing.stores.codes import Precision
from indexing.stores.faiss import VectorReader
from indexing.stores.sqlite.reader import open_snapshot
from indexing.stores.vectors import VectorWriter
from tests.benchmarks import machine
from tests.benchmarks.test_search_speed import drawn
from tests.benchmarks.test_window_speed import indexed

ASKED = 1_000
LEAST = {Precision.FLOAT16: 0.995, Precision.INT8: 0.98, Precision.COMPACT: 0.65}
"""Recall among the best ten. `compact` is chosen for its size: what it loses are exchanges among near equals (the README of
the stores), and this only tells that it has not become worse."""
_EQUAL = 1e-6
"""Exact products that differ by less are equal: a copy of what was missed is as good as it is."""
_AT_ONCE = 4_096

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]


@dataclass(frozen=True, slots=True)
class Asked:
    """Exact vectors, questions to them, and for each question the exact products."""

    vectors: FloatMatrix
    questions: FloatMatrix

    def recall(self, number: int, found: IdVector, k: int) -> float:
        """The share of the best `k` that was found for a question; one exactly as good counts for one that is missed."""
        exact = self.vectors @ self.questions[number]
        worst = np.partition(exact, -k)[-k]
        assert len(np.unique(found[:k])) == k
        return float(np.mean(exact[found[:k]] >= worst - _EQUAL))


def test_what_each_precision_finds_of_what_float32_finds(mixed: Path, tmp_path: Path) -> None:
    asked = _asked(indexed(mixed, tmp_path))
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


def stored(vectors: FloatMatrix, folder: Path, precision: Precision) -> None:
    """Vectors in a folder, in one commit; their ids are their places."""
    with VectorWriter(folder, vectors.shape[1], "static", "1", precision) as writer:
        for first in range(0, len(vectors), _AT_ONCE):
            some = vectors[first : first + _AT_ONCE]
            writer.add(np.arange(first, first + len(some)), some)
        writer.commit(1)


def measured(reader: VectorReader, asked: Asked) -> tuple[float, tuple[str, str, str, str]]:
    """Recall among the best ten, and cells: recall among ten and a hundred, the CPU time of a search for a hundred."""
    reader.search(asked.questions[0], 1)  # which opens the vectors
    ten, hundred, times = [], [], []
    for number, question in enumerate(asked.questions):
        began = time.process_time()
        found, _ = reader.search(question, 100)
        times.append(1000 * (time.process_time() - began))
        ten.append(asked.recall(number, reader.search(question, 10)[0], 10))
        hundred.append(asked.recall(number, found, 100))
    slow = statistics.quantiles(times, n=20)[18]
    cells = (f"{np.mean(ten):.4f}", f"{np.mean(hundred):.4f}", f"{statistics.median(times):.1f} ms", f"{slow:.1f} ms")
    return float(np.mean(ten)), cells


def _asked(folder: Path) -> Asked:
    embedder = StaticEmbedder()
    questions = (embedder.embed_query(question) for question in drawn(folder, ASKED))
    said = np.stack([question for question in questions if question.any()])
    assert len(said) >= 500
    return Asked(np.concatenate(list(_embedded(folder, embedder))), said)


def _embedded(folder: Path, embedder: StaticEmbedder) -> Iterator[FloatMatrix]:
    """The chunks of an index in float32, file by file, as a worker embeds them."""
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
