"""From a folded source back to the source, byte for byte.

What was left out is written down as *deltas*: of each folded unit the lines it takes from the copy that was kept, and the
lines that are its own. A folded tree carries them in one file, so that it says all that the source said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import zstandard
from rapidfuzz.distance import Indel

from core.model.chunk import Chunk
from core.model.source import IndexedFile
from core.ports import IndexReader
from indexing.folding.compare import FIRST_CODE
from indexing.folding.folded_text import NOTHING, Copy, FoldedText, fold_text

Step = tuple[int, int] | bytes
"""(first line, number of lines) of the kept copy, or lines of its own."""

ReadUnit = Callable[[int, int], bytes]
"""The text of a unit by its first chunk and the number of its chunks."""


class LeftOut(msgspec.Struct, frozen=True, array_like=True):
    """The bytes `[start, stop)` of a text: those of `[begin, end)` of the text at `path`, changed by `steps`."""

    start: int
    stop: int
    path: str
    begin: int
    end: int
    steps: list[Step]


class FoldedRecord(msgspec.Struct, frozen=True, array_like=True):
    """How a file of a folded tree is expanded. `kept` are (start in the text, start in what is written, bytes)."""

    encoding: str
    kept: list[tuple[int, int, int]]
    left: list[LeftOut]


@dataclass(frozen=True, slots=True)
class Located:
    """Where a unit stands: the path of its file, and its bytes there."""

    path: str
    start: int
    stop: int


def line_delta(kept: bytes, copy: bytes) -> list[Step]:
    """How to make `copy` of `kept`; `apply_delta` does it."""
    ours, theirs = kept.splitlines(keepends=True), copy.splitlines(keepends=True)
    codes: dict[bytes, str] = {}
    one = "".join(codes.setdefault(line, chr(FIRST_CODE + len(codes))) for line in ours)
    other = "".join(codes.setdefault(line, chr(FIRST_CODE + len(codes))) for line in theirs)
    steps: list[Step] = []
    for step in Indel.opcodes(one, other):
        if step.tag == "equal":
            steps.append((step.src_start, step.src_end - step.src_start))
        elif step.tag == "insert":
            steps.append(b"".join(theirs[step.dest_start : step.dest_end]))
    return steps


def apply_delta(kept: bytes, steps: list[Step]) -> bytes:
    """What `line_delta` was given as the copy."""
    lines = kept.splitlines(keepends=True)
    return b"".join(step if isinstance(step, bytes) else b"".join(lines[step[0] : step[0] + step[1]]) for step in steps)


def record(
    text: bytes, folded: FoldedText, encoding: str, locate: Callable[[int, int], Located], read: ReadUnit
) -> FoldedRecord:
    """What it takes to make `text` again of `folded` and of the copies that were kept."""
    left = []
    for piece in folded.left:
        own = text[piece.start : piece.stop]
        if piece.copy == NOTHING:
            left.append(LeftOut(piece.start, piece.stop, "", 0, 0, [own]))
            continue
        where = locate(piece.copy.kept, piece.copy.kept_parts)
        steps = line_delta(read(piece.copy.kept, piece.copy.kept_parts), own)
        left.append(LeftOut(piece.start, piece.stop, where.path, where.start, where.stop, steps))
    return FoldedRecord(encoding, [(kept.start, kept.written, kept.size) for kept in folded.kept], left)


def whole(text: bytes, encoding: str) -> FoldedRecord:
    """The record of a file of which nothing was left out."""
    return FoldedRecord(encoding, [(0, 0, len(text))], [])


def expand(written: bytes, found: FoldedRecord, read: Callable[[str, int, int], bytes]) -> bytes:
    """The text (UTF-8) that was folded to `written`; `read` gives bytes of the texts of other files."""
    pieces = [(start, written[at : at + size]) for start, at, size in found.kept]
    for left in found.left:
        kept = read(left.path, left.begin, left.end) if left.path else b""
        pieces.append((left.start, apply_delta(kept, left.steps)))
    return b"".join(piece for _, piece in sorted(pieces, key=lambda piece: piece[0]))


def original(written: bytes, found: FoldedRecord, begin: int, end: int) -> bytes:
    """The bytes `[begin, end)` of a text, which was folded to `written` and still holds them."""
    for start, at, size in found.kept:
        if start <= begin and end <= start + size:
            return written[at + begin - start : at + end - start]
    raise ValueError(f"the bytes {begin} to {end} were left out")


class UnitTexts:
    """The texts of units, by their first chunk and the number of their chunks."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader

    def locate(self, first: int, parts: int) -> Located:
        """Where a unit stands."""
        chunks = self._reader.chunks(range(first, first + parts))
        return Located(chunks[0].path, chunks[0].span.start, chunks[-1].span.end)

    def read(self, first: int, parts: int) -> bytes:
        """Its text in UTF-8."""
        chunks = self._reader.chunks(range(first, first + parts))
        return self._reader.text(chunks[0].path).encode()[chunks[0].span.start : chunks[-1].span.end]

    def come_back(self, file: IndexedFile, chunks: Sequence[Chunk], copies: Mapping[int, Copy]) -> bool:
        """Whether a file, folded and expanded, is what it was."""
        if not any(chunk.id in copies for chunk in chunks):
            return True
        text = self._reader.text(file.path).encode()
        folded = fold_text(text, file.language, chunks, copies, file.encoding)
        found = record(text, folded, file.encoding, self.locate, self.read)

        def read(path: str, begin: int, end: int) -> bytes:
            return self._reader.text(path).encode()[begin:end]

        return expand(folded.text, found, read) == text


def pack_records(records: dict[str, FoldedRecord]) -> bytes:
    """Records by path; `unpack_records` gives them back."""
    return zstandard.ZstdCompressor(level=9, write_checksum=True).compress(msgspec.msgpack.encode(records))


def unpack_records(blob: bytes) -> dict[str, FoldedRecord]:
    """What `pack_records` was given. Raises ValueError (or its kin) for anything else."""
    try:
        packed = zstandard.ZstdDecompressor().decompress(blob, max_output_size=1 << 32)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error
    return msgspec.msgpack.decode(packed, type=dict[str, FoldedRecord])
