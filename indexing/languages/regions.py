"""Parts of a text that belong together and that no node of the tree covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True, slots=True)
class _Region:
    id: int
    start_byte: int
    end_byte: int

    @property
    def byte_range(self) -> tuple[int, int]:
        return self.start_byte, self.end_byte


def region(node: Node, start: int, end: int) -> Node:
    """The bytes `[start, end)` in the place of `node`, for `Extractor.define`, which asks a node only for its place."""
    return cast("Node", _Region(node.id, start, end))
