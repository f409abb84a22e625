"""Which chunks may have a copy: found over all of them at once, as arrays; folding looks at no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.model.chunk import ChunkKind
from core.model.source import Place
from indexing.chunk_columns import Prints, Spans
from indexing.folding.classes import FoldCandidate, FoldFile
from indexing.folding.normalise import MIN_TOKENS

_KINDS = tuple(ChunkKind)
_MIXER = np.uint64(0x9E3779B97F4A7C15)
"""An odd number with its bits well spread (2**64 over the golden ratio)."""


@dataclass(frozen=True, slots=True, eq=False)
class StoredChunks:
    """Every chunk of an index, file by file: `paths[i]` has the chunks from id `firsts[i]` on, `counts[i]` of them."""

    paths: Sequence[str]
    files: Sequence[FoldFile]
    firsts: Sequence[int]
    counts: Sequence[int]
    spans: Spans
    prints: Prints


def candidates(stored: StoredChunks) -> list[FoldCandidate]:
    """The chunks that share what they fold by with another (and rarely one that only seems to)."""
    counts = np.array(stored.counts, np.int64)
    owners = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    positions = np.arange(len(owners)) - np.repeat(before, counts)
    shared = _shared(_keys(stored, owners, positions))
    chosen = np.flatnonzero(shared)
    found = []
    rows = zip(
        owners[chosen].tolist(), positions[chosen].tolist(), stored.spans[chosen].tolist(), stored.prints[chosen].tolist(),
        strict=True,
    )  # fmt: skip
    for owner, position, (_, size, line, height, kind), (layout, renamed, tokens) in rows:
        file = stored.files[owner]
        found.append(
            FoldCandidate(
                stored.firsts[owner] + position, Place(stored.paths[owner], line, line + height), position, _KINDS[kind],
                file.role, file.language, file.content_hash, size, _bytes(layout), _bytes(layout), _bytes(renamed), tokens,
            )
        )  # fmt: skip
    return found


def _keys(stored: StoredChunks, owners: NDArray[np.int64], positions: NDArray[np.int64]) -> NDArray[np.uint64]:
    """One number a chunk, 0 for one that has no copy: equal for chunks that `indexing.folding.classes` would compare."""
    languages = {name: number for number, name in enumerate(sorted({file.language for file in stored.files}), 1)}
    copies = Counter((file.language, file.content_hash) for file in stored.files)
    language = np.array([languages[file.language] for file in stored.files], np.uint64)
    alone = [copies[file.language, file.content_hash] == 1 for file in stored.files]
    hashes = [int.from_bytes(file.content_hash[:8], "little") for file in stored.files]
    whole = np.where(alone, np.uint64(0), np.array(hashes, np.uint64))
    prints = stored.prints
    loosest = np.where(prints["renamed"], prints["renamed"], prints["layout"])
    small = prints["tokens"] < MIN_TOKENS
    in_file = np.where(whole[owners], whole[owners] + positions.astype(np.uint64) * _MIXER, np.uint64(0))
    keys: NDArray[np.uint64] = np.where(small, in_file, loosest + language[owners] * _MIXER)
    return keys


def _shared(keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    same = (ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)
    shared = np.zeros(len(keys), bool)
    shared[order[1:][same]] = True
    shared[order[:-1][same]] = True
    return shared


def _bytes(number: int) -> bytes:
    return number.to_bytes(8, "little") if number else b""
