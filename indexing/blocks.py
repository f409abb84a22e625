"""What is known of files, compressed several together.

Neighbours in a folder repeat one another: a *block* of them takes a quarter less room than each for itself. Their texts are
one frame of Zstandard; what was found in them is two more parts, with the texts as the dictionary, since nearly every name
stands there already: outlines with the details of chunks, and uses, which fewer ask for, as columns
(`indexing.use_columns`). A fourth is of the rows of their chunks (`indexing.chunk_rows`), which are read of all files
without the texts. The price is that whoever reads one file unpacks its block: the larger, the smaller and the slower
(stores/README.md has the figures). Zstandard's checksum guards each frame.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import zstandard

from indexing.chunk_rows import BlockChunks, ChunkParts, ChunkRows, pack_rows, unpack_rows
from indexing.codecs import compressor, decompressor
from indexing.fact_columns import StoredOutline
from indexing.use_columns import BlockUses, FileUses, pack_uses

BLOCK_BYTES = 128 << 10
"""Bytes of texts in a full block. A larger file is a block of its own."""

# Level 10 takes 60 MB of source a second and gives 3 % less than level 6; above, what was found takes far longer.
_COMPRESSION_LEVEL = 10
_MAX_UNPACKED_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class FileParts:
    """What goes into a block for a file: its bytes, its facts (`indexing.fact_columns`, `indexing.use_columns`), the details
    of its chunks (`indexing.chunk_columns`) and their rows."""

    content: bytes
    outline: bytes
    details: bytes
    uses: FileUses
    chunks: ChunkParts


@dataclass(frozen=True, slots=True)
class Block:
    """Four compressed parts; `OpenBlock` reads them."""

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

    def outline(self, member: int) -> StoredOutline:
        """What `pack_outline` made of the file of this number, with its bytes."""
        bounds, parts = self._outlines
        return StoredOutline(parts[2 * member], self._texts[bounds[member] : bounds[member + 1]])

    def details(self, member: int) -> bytes:
        """What `pack_details` made of it."""
        return self._outlines[1][2 * member + 1]

    @functools.cached_property
    def uses(self) -> BlockUses:
        """What all its files do with names."""
        with_texts = self._with_texts()
        # Who asks for uses asks for outlines, too: to read the texts for each is a tenth of all.
        if "_outlines" not in self.__dict__:
            self.__dict__["_outlines"] = self._outlines_by(with_texts)
        return BlockUses(self._block.uses, self._texts, with_texts)

    def chunks(self, member: int) -> ChunkRows:
        """The rows of its chunks."""
        return self._chunks.of(np.array([member]))

    @functools.cached_property
    def _chunks(self) -> BlockChunks:
        return unpack_rows([self._block.chunks])

    @functools.cached_property
    def _texts(self) -> bytes:
        return unpack_content(self._block.texts)

    def _with_texts(self) -> zstandard.ZstdDecompressor:
        """Made for each use: it holds a copy of the texts."""
        if not self._texts:
            return decompressor()
        return zstandard.ZstdDecompressor(dict_data=_dictionary(self._texts))

    @functools.cached_property
    def _outlines(self) -> tuple[list[int], list[bytes]]:
        """Where the bytes of each file begin, with the end of all behind; and its outline and details."""
        return self._outlines_by(self._with_texts())

    def _outlines_by(self, with_texts: zstandard.ZstdDecompressor) -> tuple[list[int], list[bytes]]:
        columns = with_texts.decompress(self._block.outlines, max_output_size=_MAX_UNPACKED_BYTES)
        sizes, parts = msgspec.msgpack.decode(columns, type=tuple[list[int], list[bytes]])
        return [0, *itertools.accumulate(sizes)], parts


@dataclass(frozen=True, slots=True)
class BlockMember:
    """A file of a block: its number, and where its `size` bytes begin."""

    block: Block
    number: int
    start: int
    size: int

    def outline(self) -> StoredOutline:
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
    outlines = [len(file.content) for file in files], [part for file in files for part in (file.outline, file.details)]
    with_texts = _with_texts(texts)  # one for both: it has to read the texts
    block = Block(
        pack_rows([file.chunks for file in files]),
        pack_content(texts),
        with_texts.compress(msgspec.msgpack.encode(outlines)),
        pack_uses([file.uses for file in files], [file.content for file in files], with_texts),
    )
    found, start = [], 0
    for number, file in enumerate(files):
        found.append(BlockMember(block, number, start, len(file.content)))
        start += len(file.content)
    return found


def _with_texts(texts: bytes) -> zstandard.ZstdCompressor:
    if not texts:
        return compressor(_COMPRESSION_LEVEL)
    return zstandard.ZstdCompressor(level=_COMPRESSION_LEVEL, dict_data=_dictionary(texts), write_checksum=True)


def _dictionary(texts: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(texts, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
