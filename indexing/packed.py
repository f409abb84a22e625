"""A parsed file as it crosses from a worker to the committer: compact, and already in the form it is stored in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import xxhash
from numpy.typing import NDArray

from core.model.source import FailedFile, SourceFile
from core.model.symbol import Definition, SymbolKind
from indexing.blocks import BlockMember
from indexing.kinds import FUNCTION, MODULE

_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})

UNSETTLED = -1
"""Stands for the time stamp of a file written so shortly before it was read that it may change again within the same tick,
so that the next run looks at its bytes again."""

NameHashes = NDArray[np.uint32]
"""Shape (n,), sorted, each once: see `name_hash`."""


@dataclass(frozen=True, slots=True)
class PackedChunk:
    """The words of a chunk that has no id yet. `symbol` is a qualified name, `names` are the simple names it defines, with
    a space between them."""

    symbol: str
    names: str
    outline: str
    text: str


@dataclass(frozen=True, slots=True)
class PackedFile:
    """What one worker made of one file.

    `member` is its place in a block, with its bytes, its facts and its chunks. `names` are the hashes of the names it
    defines, `visible` of those among them that other files may use without naming a class first. `vectors` is (chunks,
    dimension) float16, its rows of unit length, or has no rows where no static embedder ran. `problem` says why the file
    could only be taken as text. `extracted` is the compressed text (`pack_content`) of a file whose bytes are none.
    `streams` are those of its functions (`indexing.folding.streams`), each with the place of its first chunk; they are not
    stored.
    """

    source: SourceFile
    content_hash: bytes
    encoding: str
    lines: int
    errors: bool
    member: BlockMember
    definitions: int
    names: NameHashes
    visible: NameHashes
    chunks: tuple[PackedChunk, ...]
    vectors: NDArray[np.float16]
    problem: str = ""
    extracted: bytes | None = None
    streams: tuple[tuple[int, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class UnchangedFile:
    """A file whose bytes are those already indexed, though its time stamp is new."""

    source: SourceFile


FileResult = PackedFile | UnchangedFile | FailedFile
"""What becomes of a file that was handed to a worker."""


def name_hash(name: str) -> int:
    """32 bits by which a simple name is looked up, whatever its case; what is found must be compared."""
    return xxhash.xxh32_intdigest(name.casefold().encode("utf-8", "surrogatepass"))


def defined_names(definitions: tuple[Definition, ...]) -> tuple[NameHashes, NameHashes]:
    """Hashes of the names of all definitions but the module, and of those that other files may use by themselves:
    types that no function hides, and what stands directly in a module; C's `static` functions are the file's own."""
    open_scope = [False] * len(definitions)
    every: set[str] = set()
    visible: set[str] = set()
    for index, item in enumerate(definitions):
        if item.parent < 0:
            open_scope[index] = True
            continue
        outer = definitions[item.parent]
        is_type = item.kind in _TYPES
        open_scope[index] = open_scope[item.parent] and (is_type or item.kind is MODULE)
        every.add(item.name)
        if open_scope[item.parent] and (is_type or outer.kind is MODULE) and not _is_own(item):
            visible.add(item.name)
    return _hashes(every), _hashes(visible)


def _is_own(item: Definition) -> bool:
    return item.kind is FUNCTION and item.signature.startswith("static ") and "inline" not in item.signature


def _hashes(names: Iterable[str]) -> NameHashes:
    return np.unique(np.fromiter((name_hash(name) for name in names), np.uint32))
