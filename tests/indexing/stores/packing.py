"""Files as a worker hands them to the store, made from text."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import xxhash

from core.model.chunk import ChunkKind
from core.model.clone import Fingerprint
from core.model.source import FileRole, SourceFile, Span
from core.model.symbol import Definition, SymbolKind
from core.settings import ChunkSettings
from indexing.batches import FileTask, index_batch
from indexing.blocks import FileParts, pack_blocks
from indexing.chunk_columns import pack_details, pack_prints, pack_spans
from indexing.chunk_rows import ChunkParts
from indexing.fact_columns import pack_outline
from indexing.languages.registry import language_of
from indexing.packed import PackedChunk, PackedFile, defined_names
from indexing.parsed import ChunkDraft
from indexing.use_columns import FileUses

NO_PRINT = Fingerprint("", "", "", 0)


def packed_lines(path: str, text: str, lines_a_chunk: int = 2) -> PackedFile:
    """A text cut into chunks of a few lines, which no language would cut so small."""
    content = text.encode()
    lines = text.splitlines(keepends=True)
    drafts, chunks, start = [], [], 0
    for first in range(0, len(lines), lines_a_chunk):
        piece = "".join(lines[first : first + lines_a_chunk])
        stop = start + len(piece.encode())
        span = Span(start, stop, first + 1, min(first + lines_a_chunk, len(lines)))
        drafts.append(ChunkDraft(span, ChunkKind.TEXT, 0, len(drafts), "", NO_PRINT))
        chunks.append(PackedChunk(path, "", "", piece))
        start = stop
    module = Definition("m", "", SymbolKind.MODULE, Span(0, len(content), 1, max(1, len(lines))), 1, -1, "", "")
    names, visible = defined_names((module,))
    rows = ChunkParts(pack_spans(drafts), pack_prints(drafts), b"")
    parts = FileParts(content, pack_outline((module,), content), pack_details(drafts), FileUses(), rows)
    return PackedFile(
        SourceFile(path, "text", FileRole.SOURCE, len(content), 1),
        xxhash.xxh3_128_digest(content),
        "utf-8",
        len(lines),
        False,
        pack_blocks([parts])[0],
        1,
        names,
        visible,
        tuple(chunks),
        np.empty((0, 0), np.float16),
    )


def packed_code(path: str, text: str) -> PackedFile:
    """A file as the worker makes it, its language told by its path."""
    content = text.encode()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "file"
        place.write_bytes(content)
        source = SourceFile(path, language_of(path, content), FileRole.SOURCE, len(content), 1)
        [result] = index_batch([FileTask(str(place), source, b"", ChunkSettings(), 1 << 20, with_vectors=False)])
    assert isinstance(result.file, PackedFile)
    assert not result.file.problem
    return result.file
