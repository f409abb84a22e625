"""The chunks that folding looks at: all that share a fingerprint with another, found as arrays."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.model.chunk import ChunkKind
from core.model.source import FileRole
from indexing.chunk_columns import PRINTS, SPANS
from indexing.folding.classes import FoldFile
from indexing.folding.normalise import MIN_TOKENS
from indexing.folding.sketch import ROW
from indexing.folding.units import StoredChunks, Units

Chunk = tuple[int, int, int]
"""Hashes `layout` and `renamed`; tokens."""
HASH = st.sampled_from([0, 0, 7, 8, 2**64 - 1])
CHUNKS = st.lists(
    st.tuples(st.sampled_from([5, 6, 2**63]), HASH, st.sampled_from([0, MIN_TOKENS - 1, MIN_TOKENS, 0x3FFF])),
    max_size=4,
)
FILES = st.lists(st.tuples(st.sampled_from(["python", "java"]), st.sampled_from([b"1" * 16, b"2" * 16]), CHUNKS), max_size=6)


@given(FILES)
def test_candidates_are_those_that_a_naive_grouping_finds(files: list[tuple[str, bytes, list[Chunk]]]) -> None:
    # Files of the same bytes and language have the same chunks.
    known: dict[tuple[str, bytes], list[Chunk]] = {}
    files = [(language, digest, known.setdefault((language, digest), chunks)) for language, digest, chunks in files]
    stored = StoredChunks(
        list(range(1, len(files) + 1)),
        [f"f{n}" for n in range(len(files))],
        [FoldFile(9, digest, FileRole.SOURCE, language) for language, digest, _ in files],
        [100 * n + 1 for n in range(len(files))],
        [len(chunks) for *_, chunks in files],
        np.array([(n, 10, n + 1, 2, 0) for *_, chunks in files for n in range(len(chunks))], SPANS),
        np.array([(*chunk, 255) for *_, chunks in files for chunk in chunks], PRINTS),
        np.zeros((0, ROW), np.uint8),
    )
    groups: defaultdict[object, list[int]] = defaultdict(list)
    for number, (language, digest, chunks) in enumerate(files):
        for position, (layout, renamed, tokens) in enumerate(chunks):
            key = (language, renamed or layout) if tokens >= MIN_TOKENS else (language, digest, position, "file")
            groups[key].append(100 * number + 1 + position)
    expected = sorted(member for group in groups.values() if len(group) > 1 for member in group)
    units = Units(stored, {}, ())
    found = units.candidates((), np.ones(len(units.chunks), bool))
    assert [candidate.id for candidate in found] == expected
    for candidate in found:
        number, position = divmod(candidate.id - 1, 100)
        language, digest, chunks = files[number]
        hashes = tuple(int.from_bytes(part, "little") for part in (candidate.layout, candidate.renamed))
        assert (*hashes, candidate.tokens) == chunks[position]
        assert (candidate.language, candidate.content_hash, candidate.position) == (language, digest, position)
        assert (candidate.place.path, candidate.place.start_line, candidate.size) == (f"f{number}", position + 1, 10)
        assert (candidate.parts, candidate.plain) == (1, 10)
        assert candidate.kind is next(iter(ChunkKind))
