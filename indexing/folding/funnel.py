"""The funnel: how much of a source is left after each step of folding, with what each step is honestly due.

Bytes as written count over all files. The hand-written code is counted a second time without its comments and layout, so
that a licence header that every file repeats is no repeated logic.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.model.clone import FoldingSummary, PlainFunnel
from core.model.source import FileRole

if TYPE_CHECKING:
    from indexing.folding.classes import FoldCandidate, FoldFile

HAND_WRITTEN = frozenset((FileRole.SOURCE, FileRole.TEST, FileRole.EXAMPLE))


@dataclass(frozen=True, slots=True)
class Saving:
    """What folding saves by types 1, 2 and 3: bytes as written, and plain bytes of hand-written code."""

    written: tuple[int, int, int] = (0, 0, 0)
    plain: tuple[int, int, int] = (0, 0, 0)


def saving_of(groups: Sequence[Sequence[FoldCandidate]], redundant: Collection[str]) -> Saving:
    """What one class saves: units that say the same in each group, the best first; the groups after the first are like it.
    A redundant file counts as a whole, so not here."""
    written, plain = [0, 0, 0], [0, 0, 0]
    kept_one = False
    for group in groups:
        layouts: set[bytes] = set()
        for unit in group:
            if unit.place.path in redundant:
                continue
            layout = unit.layout or unit.exact
            step = 1 if layout in layouts else 2 if layouts else 3
            layouts.add(layout)
            if step == 3 and not kept_one:
                kept_one = True
                continue
            written[step - 1] += unit.size
            if unit.role in HAND_WRITTEN:
                plain[step - 1] += unit.plain
    return Saving((written[0], written[1], written[2]), (plain[0], plain[1], plain[2]))


def redundant_files(files: Mapping[str, FoldFile], rank: Mapping[FileRole, int]) -> set[str]:
    """Files whose bytes another file of the same language holds as well, all but the one that is worth most to a reader."""
    contents = [(file.language, file.content_hash) for file in files.values()]
    copies = Counter(contents)
    alike: defaultdict[tuple[str, bytes], list[tuple[int, str]]] = defaultdict(list)
    for content, (path, file) in zip(contents, files.items(), strict=True):
        if copies[content] > 1:
            alike[content].append((rank[file.role], path))
    return {path for group in alike.values() for _, path in sorted(group)[1:]}


def summarise(files: Mapping[str, FoldFile], redundant: Collection[str], saved: Saving) -> FoldingSummary:
    """What is left after each step, counted over all files; `saved` is the sum over all classes."""
    bytes_of: Counter[FileRole] = Counter()
    for file in files.values():
        bytes_of[file.role] += file.size
    raw = sum(file.size for file in files.values())
    written = _left(raw, sum(files[path].size for path in redundant), saved.written)
    code = [file for file in files.values() if file.role in HAND_WRITTEN]
    plain = sum(file.plain for file in code)
    twice = sum(files[path].plain for path in redundant if files[path].role in HAND_WRITTEN)
    return FoldingSummary(
        raw_bytes=raw,
        code_bytes=sum(file.size for file in code),
        after_identical_files=written[0],
        after_type1=written[1],
        after_type2=written[2],
        after_type3=written[3],
        generated_bytes=bytes_of[FileRole.GENERATED],
        vendored_bytes=bytes_of[FileRole.VENDORED],
        files=len(files),
        files_after_identical=len(files) - len(redundant),
        plain=PlainFunnel(plain, *_left(plain, twice, saved.plain)),
    )


def _left(start: int, twice: int, saved: tuple[int, int, int]) -> tuple[int, int, int, int]:
    first = start - twice
    second = first - saved[0]
    third = second - saved[1]
    return first, second, third, third - saved[2]
