"""Repeated runs of statements, wherever they stand: most often inside of functions that are not alike as a whole.

Lines of code are what is compared, without their white space and without lines that are only comments: statements end with
their line in nearly all code, and lines are a tenth of the tokens. Windows of `WINDOW` lines are hashed; each window is laid
beside its first occurrence and beside the one before it, and the run is followed to both sides as far as the lines are the
same. That is linear in the lines, however often a window occurs, and finds every run beside one of its copies, though not
each pair of copies.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xxhash
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from core.model.clone import CloneBlock
from core.model.source import FileRole, IndexedFile, Place
from core.ports import IndexReader
from indexing.encodings import EXTRACTED
from indexing.folding.mixing import FACTORS

WINDOW = 4
"""Lines. A shorter repetition is an idiom."""
MOST_BLOCKS = 5_000
"""Blocks that are told, those with the most repeated tokens first."""
_COMMENT = re.compile(rb"//|/\*|\*|#(?!\w)|#.*\s|--\s|;;|<!--")
"""What begins a line that is only a comment (`#include` and `*p = 0;` are not)."""
_DIRECTIVE = re.compile(rb"#\s*(?:include|define|if|ifdef|ifndef|else|elif|endif|pragma|undef|error)\b|\*\w")
_TOKEN = re.compile(rb"\w+|[^\w\s]")
_NO_CODE = frozenset((FileRole.DOCUMENT, FileRole.DATA))

_Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """The lines of code of all files end to end: their hashes, the numbers of their files and their own there."""

    hashes: NDArray[np.uint64]
    files: _Numbers
    numbers: _Numbers


@dataclass(frozen=True, slots=True)
class _Run:
    """`size` lines that stand at `first` and again at `again`, among all lines."""

    first: int
    again: int
    size: int


def repeated_blocks(reader: IndexReader, least_tokens: int, cancellation: CancellationToken) -> list[CloneBlock]:
    """Runs of at least `WINDOW` lines and `least_tokens` tokens that stand at several places, those that repeat most tokens
    first. Documents and data are left out."""
    files = [file for file in reader.files() if file.role not in _NO_CODE and file.encoding not in EXTRACTED]
    lines = _read(reader, files, cancellation)
    counts: dict[int, int] = {}
    texts: dict[int, list[bytes]] = {}
    blocks: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for run in _runs(lines, cancellation):
        blocks[run.first, run.size].update((run.first, run.again))

    def tokens_of(first: int, size: int) -> int:
        return sum(_tokens_at(reader, files, lines, position, counts, texts) for position in range(first, first + size))

    sized = [(tokens_of(first, size), size, sorted(places)) for (first, size), places in sorted(blocks.items())]
    sized = [entry for entry in sized if entry[0] >= least_tokens]
    sized.sort(key=lambda entry: (-entry[0] * (len(entry[2]) - 1), entry[2]))
    return [
        CloneBlock(tokens, tuple(sorted(_place(reader, files, lines, place, size) for place in places)))
        for tokens, size, places in sized[:MOST_BLOCKS]
    ]


def _read(reader: IndexReader, files: Sequence[IndexedFile], cancellation: CancellationToken) -> _Lines:
    known: dict[bytes, int] = {}
    hashes: list[int] = []
    owners: list[_Numbers] = []
    numbers: list[int] = []
    for owner, file in enumerate(files):
        cancellation.check("looking for repeated blocks")
        before = len(hashes)
        for number, line in enumerate(reader.text(file.path).encode().split(b"\n"), 1):
            squeezed = b"".join(line.split())
            if not squeezed:
                continue
            value = known.get(squeezed)
            if value is None:
                value = known[squeezed] = 0 if _is_comment(line.strip()) else xxhash.xxh3_64_intdigest(squeezed) | 1
            if value:
                hashes.append(value)
                numbers.append(number)
        owners.append(np.full(len(hashes) - before, owner))
    joined = np.concatenate(owners) if owners else np.zeros(0, np.int64)
    return _Lines(np.array(hashes, np.uint64), joined, np.array(numbers, np.int64))


def _is_comment(line: bytes) -> bool:
    return bool(_COMMENT.match(line)) and not _DIRECTIVE.match(line)


def _runs(lines: _Lines, cancellation: CancellationToken) -> Iterator[_Run]:
    """Each run beside its first occurrence and beside the one before, as long as it is the same."""
    windows = _windows(lines)
    order = np.lexsort((np.arange(len(windows)), windows))
    ordered = windows[order]
    same = ordered[1:] == ordered[:-1]
    starts = np.flatnonzero(np.r_[True, ~same])
    firsts = np.repeat(order[starts], np.diff(np.r_[starts, len(order)]))
    beside: list[_Numbers] = []
    for others in (firsts, np.r_[order[:1], order[:-1]]):
        repeated = np.r_[False, same]
        partner = np.full(len(windows), -1)
        partner[order[repeated]] = others[repeated]
        partner[windows == 0] = -1
        beside.append(partner)
    done: set[tuple[int, int]] = set()
    for partner in beside:
        distance = np.where(partner >= 0, np.arange(len(partner)) - partner, 0)
        begins = np.flatnonzero((distance > 0) & (distance != np.r_[0, distance[:-1]]))
        for position in begins.tolist():
            run = _extended(lines, int(partner[position]), position)
            if (run.first, run.again) not in done:
                cancellation.check("looking for repeated blocks")
                done.add((run.first, run.again))
                yield run


def _windows(lines: _Lines) -> NDArray[np.uint64]:
    """A hash of the `WINDOW` lines from each on; 0 where they do not lie in one file."""
    count = max(0, len(lines.hashes) - WINDOW + 1)
    found = np.zeros(count, np.uint64)
    for offset in range(WINDOW):
        found = (found * FACTORS[0]) ^ lines.hashes[offset : offset + count]
    within = lines.files[:count] == lines.files[WINDOW - 1 :] if count else np.zeros(0, bool)
    return np.where(within, found | np.uint64(1), np.uint64(0))


def _extended(lines: _Lines, first: int, again: int) -> _Run:
    """The run around two lines that are the same, to both sides; copies in one file do not overlap."""
    hashes, files = lines.hashes, lines.files
    most = again - first if files[first] == files[again] else len(hashes)
    before = after = 0
    while (
        first - before > 0
        and before + after < most
        and hashes[first - before - 1] == hashes[again - before - 1]
        and files[first - before - 1] == files[first]
        and files[again - before - 1] == files[again]
    ):
        before += 1
    while (
        again + after < len(hashes)
        and before + after < most
        and hashes[first + after] == hashes[again + after]
        and files[first + after] == files[first]
        and files[again + after] == files[again]
    ):
        after += 1
    return _Run(first - before, again - before, before + after)


def _tokens_at(
    reader: IndexReader,
    files: Sequence[IndexedFile],
    lines: _Lines,
    position: int,
    counts: dict[int, int],
    texts: dict[int, list[bytes]],
) -> int:
    value = int(lines.hashes[position])
    if value not in counts:
        owner = int(lines.files[position])
        if owner not in texts:
            texts.clear()
            texts[owner] = reader.text(files[owner].path).encode().split(b"\n")
        counts[value] = len(_TOKEN.findall(texts[owner][int(lines.numbers[position]) - 1]))
    return counts[value]


def _place(reader: IndexReader, files: Sequence[IndexedFile], lines: _Lines, first: int, size: int) -> Place:
    path = files[int(lines.files[first])].path
    start, end = int(lines.numbers[first]), int(lines.numbers[first + size - 1])
    around = [chunk for chunk in reader.chunks_of(path) if chunk.span.start_line <= start <= chunk.span.end_line]
    return Place(path, start, end, around[-1].symbol if around else "")
