"""The tokens of functions as they are handed to a comparison."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import indexing.pipeline
from core.cancellation import CancellationToken
from indexing.fold_job import FoldJob
from indexing.fold_tasks import close_texts, stream_batch
from indexing.folding.numbering import numbers_of, turn_to
from indexing.folding.shapes import Function, Shapes
from indexing.folding.streams import KeptStreams, StreamTask, unpack_streams
from indexing.folding.units import Units
from indexing.stores.sqlite.writer import IndexWriter
from tests.indexing.trees import index_tree

PROJECT = Path(__file__).parents[3]


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=9), st.booleans()), max_size=99))
def test_a_stream_comes_back_as_it_was_packed(tokens: list[tuple[bytes, bool]]) -> None:
    turn_to("")
    plain = [token for token, _ in tokens]
    function = Function(plain, numbers_of(plain), [place for place, (_, is_local) in enumerate(tokens) if is_local])
    [packed] = Shapes([function], "").streams
    stream = unpack_streams([packed])
    assert stream.local.tolist() == [is_local for _, is_local in tokens]
    same = [(one == other) for one in plain for other in plain]
    assert (stream.hashes[:, None] == stream.hashes).reshape(-1).tolist() == same
    assert stream.skeletons.tolist() == Shapes([function], "").skeletons
    beside = unpack_streams([packed, b"", packed])
    assert beside.counts.tolist() == [len(tokens), 0, len(tokens)]
    assert beside.hashes.tolist() == stream.hashes.tolist() * 2
    assert beside.local.tolist() == stream.local.tolist() * 2
    assert beside.skeletons.tolist() == [stream.skeletons[0], 0, stream.skeletons[0]]


def test_no_more_is_kept_than_was_said() -> None:
    kept = KeptStreams(most=10)
    kept.keep(1, b"four")
    kept.keep(2, b"sevenn7")
    kept.keep(3, b"sixsix")
    assert [kept.get(chunk) for chunk in (1, 2, 3)] == [b"four", None, b"sixsix"]


def test_what_a_run_keeps_is_what_it_would_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def compare(writer: IndexWriter, job: FoldJob, _cancellation: CancellationToken) -> float:
        units = Units(writer.stored_chunks(), {}, frozenset())
        for row in units.leaders.tolist():
            file, language = units.file_of(row)
            [read] = stream_batch([StreamTask(str(job.folder), file, language, (units.extent(row),), 0)])
            compared.append((language, job.kept.get(int(units.chunks[row])), read.packed[0]))
        close_texts()
        return 0.0

    monkeypatch.setattr(indexing.pipeline, "fold_index", compare)
    index_tree(PROJECT / "resources" / "sample", tmp_path / "sample")
    index_tree(PROJECT / "tests" / "indexing" / "languages" / "golden", tmp_path / "golden")
    index_tree(PROJECT / "indexing" / "folding", tmp_path / "folding")
    assert len(compared) > 300
    assert len({language for language, _, _ in compared}) > 10
    assert all(kept == read for _, kept, read in compared)
    assert any(unpack_streams([read]).local.any() for _, _, read in compared)
    assert np.mean([len(read) for _, _, read in compared]) > 100
