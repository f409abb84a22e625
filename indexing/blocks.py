"""What is known of files, compressed several together.

Neighbours in a folder repeat one another: a *block* of them takes a quarter less room than each for itself. Their texts are
one frame of Zstandard; what was found in them is two more (outlines with the details of chunks, and uses, which fewer ask
for), with the texts as the dictionary, since nearly every name stands there already, and one of the rows of their chunks
(`indexing.chunk_rows`), which are read of all files without the texts. The price is that whoever reads one
file unpacks its block: the larger, the smaller and the slower (stores/README.md has the figures). Zstandard's checksum
guards each frame.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import zstandard

from indexing.chunk_rows import BlockChunks, ChunkParts, ChunkRows, pack_rows, unpack_rows
from indexing.codecs import compressor, decompressor

BLOCK_BYTES = 128 << 10
"""Bytes of texts in a full block. A larger file is a block of its own."""

# Level 10 takes 60 MB of source a second and gives 3 % less than level 6; above, what was found takes far longer.
_COMPRESSION_LEVEL = 10
_MAX_UNPACKED_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class FileParts:
    """What goes into a block for a file: its bytes, its facts (`indexing.fact_columns`), the details of its chunks
    (`indexing.chunk_columns`) and their rows."""

    content: bytes
    outline: bytes
    details: bytes
    uses: bytes
    chunks: ChunkParts


@dataclass(frozen=True, slots=True)
class Block:
    """Four compressed frames; `OpenBlock` reads them."""

    chunks: bytes
    texts: bytes
    outlines: bytes
    uses: bytes


class OpenBlock:
    """Reads a block. What is not asked for is not unpacked; a damaged frame raises `indexing.columns.DAMAGE`."""

    def __init__(self, block: Block) -> None:
        self._block = block

    def content(self, start: int, size: int) -> bytes:
        """The bytes of the file that begins at `start`."""
        content = self._texts[start : start + size]
        if len(content) != size:
            raise ValueError(f"a block of {len(self._texts)} bytes does not hold {size} from {start} on")
        return content

    def outline(self, member: int) -> bytes:
        """What `pack_outline` made of the file of this number."""
        return self._outlines[2 * member]

    def details(self, member: int) -> bytes:
        """What `pack_details` made of it."""
        return self._outlines[2 * member + 1]

    def uses(self, member: int) -> bytes:
        """What `pack_uses` made of it."""
        return self._uses[member]

    def chunks(self, member: int) -> ChunkRows:
        """The rows of its chunks."""
        return self._chunks.of(np.array([member]))

    @functools.cached_property
    def _chunks(self) -> BlockChunks:
        return unpack_rows([self._block.chunks])

    @functools.cached_property
    def _texts(self) -> bytes:
        return unpack_content(self._block.texts)

    @functools.cached_property
    def _outlines(self) -> list[bytes]:
        return self._columns(self._block.outlines)

    @functools.cached_property
    def _uses(self) -> list[bytes]:
        return self._columns(self._block.uses)

    def _columns(self, frame: bytes) -> list[bytes]:
        reader = zstandard.ZstdDecompressor(dict_data=_dictionary(self._texts)) if self._texts else decompressor()
        return msgspec.msgpack.decode(reader.decompress(frame, max_output_size=_MAX_UNPACKED_BYTES), type=list[bytes])


@dataclass(frozen=True, slots=True)
class BlockMember:
    """A file of a block: its number, and where its `size` bytes begin."""

    block: Block
    number: int
    start: int
    size: int

    def outline(self) -> bytes:
        """See `OpenBlock.outline`."""
        return OpenBlock(self.block).outline(self.number)


NO_MEMBER = BlockMember(Block(b"", b"", b"", b""), 0, 0, 0)
"""Stands for the place of a file until its block is packed."""


def pack_blocks(files: Sequence[FileParts]) -> list[BlockMember]:
    """Put files into blocks about as large as one another, in their order; those of one block share one object."""
    total = sum(len(file.content) for file in files)
    room = total // max(1, -(-total // BLOCK_BYTES))
    found: list[BlockMember] = []
    first = held = 0
    for index, file in enumerate(files):
        if held and (held + len(file.content) > BLOCK_BYTES or 2 * held + len(file.content) > 2 * room):
            found += _members(files[first:index])
            first, held = index, 0
        held += len(file.content)
    return found + _members(files[first:])


def pack_content(content: bytes) -> bytes:
    """Compress bytes by themselves; `unpack_content` gives them back."""
    return compressor(_COMPRESSION_LEVEL).compress(content)


def unpack_content(packed: bytes) -> bytes:
    """The bytes that `pack_content` was given."""
    return decompressor().decompress(packed, max_output_size=_MAX_UNPACKED_BYTES)


def _members(files: Sequence[FileParts]) -> list[BlockMember]:
    texts = b"".join(file.content for file in files)
    block = Block(
        pack_rows([file.chunks for file in files]),
        pack_content(texts),
        _packed_columns([part for file in files for part in (file.outline, file.details)], texts),
        _packed_columns([file.uses for file in files], texts),
    )
    found, start = [], 0
    for number, file in enumerate(files):
        found.append(BlockMember(block, number, start, len(file.content)))
        start += len(file.content)
    return found


def _packed_columns(parts: list[bytes], texts: bytes) -> bytes:
    if not texts:
        return pack_content(msgspec.msgpack.encode(parts))
    writer = zstandard.ZstdCompressor(level=_COMPRESSION_LEVEL, dict_data=_dictionary(texts), write_checksum=True)
    return writer.compress(msgspec.msgpack.encode(parts))


def _dictionary(texts: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(texts, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
