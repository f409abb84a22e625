"""The blocks of an index: adding to them, and putting them together again.

A block is never changed. What changes is written into new blocks, and the place of what was before lies idle until `sweep`
writes the rest of that block anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import zstandard

from core.kept import Kept
from indexing.blocks import BLOCK_BYTES, Block, BlockMember, FileParts, OpenBlock, pack_blocks

BLOCK_QUERY = "SELECT chunks, texts, outlines, uses FROM blocks WHERE id = ?"

KEPT_BLOCKS = 96
"""Opened blocks that are kept, since neighbours are mostly asked for together: 20 MB."""

_SMALL = BLOCK_BYTES // 4
_MOST_SMALL = 32
"""Blocks of few files, as small updates leave them; when there are more, they are put together."""
_BYTES_AT_ONCE = 8 * BLOCK_BYTES

_LIVING = (
    "SELECT blocks.id, blocks.size, COALESCE(SUM(contents.size), 0) FROM blocks"
    " LEFT JOIN contents ON contents.block = blocks.id GROUP BY blocks.id"
)


@dataclass(frozen=True, slots=True)
class _Held:
    """Where a content lies."""

    content: int
    block: int
    member: int
    start: int
    size: int


class BlockWriter:
    """The table `blocks`, within the transaction of its owner."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._written: dict[Block, int] = {}
        self._kept = Kept[int, OpenBlock](KEPT_BLOCKS)

    def open(self, block: int) -> OpenBlock:
        """A block to read."""
        return self._kept.get(block, self._opened)

    def put(self, member: BlockMember) -> int:
        """Store the block of a file; returns its id. Files that follow one another and share a block store it once."""
        known = self._written.get(member.block)
        if known is None:
            block = member.block
            cursor = self._connection.execute(
                "INSERT INTO blocks (size, chunks, texts, outlines, uses) VALUES (?, ?, ?, ?, ?)",
                (zstandard.frame_content_size(block.texts), block.chunks, block.texts, block.outlines, block.uses),
            )
            self._written[block] = known = int(cursor.lastrowid or 0)
        return known

    def finish(self) -> None:
        """The files that follow share no block with those before."""
        self._written.clear()

    def sweep(self) -> None:
        """Drop blocks that no content lies in; write anew what lives of those that are half idle, and of small ones where
        there are many. What lies idle thus never takes more room than what is held."""
        living = self._connection.execute(_LIVING).fetchall()
        small = [block for block, _, held in living if held < _SMALL]
        anew = {block for block, size, held in living if 2 * held < size or not held}
        if len(small) > _MOST_SMALL:
            anew.update(small)
        for group in self._groups(sorted(anew)):
            for held, member in zip(group, pack_blocks([self._parts(held) for held in group]), strict=True):
                self._connection.execute(
                    "UPDATE contents SET block = ?, member = ?, start = ? WHERE id = ?",
                    (self.put(member), member.number, member.start, held.content),
                )
            self.finish()
        self._connection.executemany("DELETE FROM blocks WHERE id = ?", [(block,) for block in anew])

    def _groups(self, blocks: list[int]) -> Iterator[list[_Held]]:
        """What lives in `blocks`, about a megabyte at a time: what is written anew is never held as a whole."""
        group: list[_Held] = []
        for block in blocks:
            rows = self._connection.execute(
                "SELECT id, block, member, start, size FROM contents WHERE block = ? ORDER BY member", (block,)
            ).fetchall()
            group += [_Held(*row) for row in rows]
            if sum(held.size for held in group) > _BYTES_AT_ONCE:
                yield group
                group = []
        if group:
            yield group

    def _parts(self, held: _Held) -> FileParts:
        block, member = self.open(held.block), held.member
        return FileParts(
            block.content(held.start, held.size),
            block.outline(member).encoded,
            block.details(member),
            block.uses.file(member),
            block.chunks(member).parts(),
        )

    def _opened(self, block: int) -> OpenBlock:
        row = self._connection.execute(BLOCK_QUERY, (block,)).fetchone()
        if row is None:
            raise ValueError(f"block {block} is missing")
        return OpenBlock(Block(*row))
