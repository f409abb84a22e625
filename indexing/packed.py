"""A parsed file as it crosses from a worker to the committer: compact, and already in the form it is stored in."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from core.model.source import FailedFile, SourceFile
from core.model.symbol import Facts
from indexing.parsed import ChunkDraft

# Level 3 is the library's own default: 5 times smaller source text at several hundred MB/s.
_COMPRESSION_LEVEL = 3
_MAX_UNPACKED_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class PackedChunk:
    """A chunk that has no id yet, with its text. `symbol` is a qualified name, `names` are the simple names it defines, with
    a space between them."""

    draft: ChunkDraft
    symbol: str
    names: str
    text: str


@dataclass(frozen=True, slots=True)
class PackedFile:
    """What one worker made of one file.

    `raw` and `facts` are compressed (`unpack_content`, `unpack_facts`); `vectors` is (chunks, dimension) float16, its rows
    of unit length, or has no rows where no static embedder ran. `problem` says why the file could only be taken as text.
    """

    source: SourceFile
    content_hash: bytes
    encoding: str
    lines: int
    errors: bool
    raw: bytes
    facts: bytes
    chunks: tuple[PackedChunk, ...]
    vectors: NDArray[np.float16]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class UnchangedFile:
    """A file whose bytes are those already indexed, though its time stamp is new."""

    source: SourceFile


FileResult = PackedFile | UnchangedFile | FailedFile
"""What becomes of a file that was handed to a worker."""


def pack_content(content: bytes) -> bytes:
    """Compress a file's bytes; `unpack_content` gives them back."""
    return _compressor().compress(content)


def unpack_content(raw: bytes) -> bytes:
    """The bytes that `pack_content` was given."""
    return _decompressor().decompress(raw, max_output_size=_MAX_UNPACKED_BYTES)


def pack_facts(facts: Facts) -> bytes:
    """Facts as compressed MessagePack; `unpack_facts` gives them back."""
    return _compressor().compress(msgspec.msgpack.encode(facts))


def unpack_facts(packed: bytes) -> Facts:
    """The facts that `pack_facts` was given."""
    return _facts_decoder().decode(_decompressor().decompress(packed, max_output_size=_MAX_UNPACKED_BYTES))


@functools.cache
def _compressor() -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=_COMPRESSION_LEVEL)


@functools.cache
def _decompressor() -> zstandard.ZstdDecompressor:
    return zstandard.ZstdDecompressor()


@functools.cache
def _facts_decoder() -> msgspec.msgpack.Decoder[Facts]:
    return msgspec.msgpack.Decoder(Facts)
