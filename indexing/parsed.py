"""What a worker hands back for one file: compact records, no syntax tree, values instead of exceptions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.model.chunk import ChunkKind
from core.model.clone import Fingerprint
from core.model.source import SourceFile, Span
from core.model.symbol import Facts
from indexing.encodings import decode


@dataclass(frozen=True, slots=True)
class ChunkDraft:
    """A chunk before it is stored. `definition` is the index of the innermost definition in the file's facts."""

    span: Span
    kind: ChunkKind
    definition: int
    part: int
    outline: str
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file, read and taken apart.

    `content` is its bytes; `encoding` decodes them to the text that spans count in. `errors` is true where the grammar
    met something it could not read; what could be read is here all the same. `vectors` has a row for each chunk
    (float32, unit length) when a static embedder made them beside the parse, else no rows. `extracted` is the text, in
    UTF-8, of a file whose bytes are none; its encoding is then a name of `indexing.encodings.EXTRACTED`.
    """

    source: SourceFile
    content: bytes
    content_hash: str
    encoding: str
    errors: bool
    facts: Facts
    chunks: tuple[ChunkDraft, ...]
    vectors: NDArray[np.float32]
    extracted: bytes | None = None

    @property
    def text(self) -> bytes:
        """What spans count in, in UTF-8."""
        if self.extracted is not None:
            return self.extracted
        return self.content if self.encoding == "utf-8" else decode(self.content, self.encoding).encode()
