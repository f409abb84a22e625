"""The funnel: how much of a source is left after each step of folding, with what each step is honestly due.

Bytes as written count over all files. The hand-written code is counted a second time without its comments and layout, so
that a licence header that every file repeats is no repeated logic.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from core.model.clone import FoldingSummary, PlainFunnel
from core.model.source import FileRole

if TYPE_CHECKING:
    from indexing.folding.classes import FoldCandidate, FoldFile

HAND_WRITTEN = frozenset((FileRole.SOURCE, FileRole.TEST, FileRole.EXAMPLE))


class Saved:
    """What folding saves, added up class by class: by type, in bytes as written and in plain bytes of hand-written code. A
    redundant file was counted before."""

    def __init__(self, redundant: set[str]) -> None:
        self.redundant = redundant
        self.written: Counter[int] = Counter()
        self.plain: Counter[int] = Counter()

    def add(self, groups: Sequence[Sequence[FoldCandidate]]) -> None:
        """One class: units that say the same in each group, the best first; the groups after the first are like it."""
        kept_one = False
        for group in groups:
            layouts: set[bytes] = set()
            for unit in group:
                if unit.place.path in self.redundant:
                    continue
                layout = unit.layout or unit.exact
                step = 1 if layout in layouts else 2 if layouts else 3
                layouts.add(layout)
                if step == 3 and not kept_one:
                    kept_one = True
                    continue
                self.written[step] += unit.size
                if unit.role in HAND_WRITTEN:
                    self.plain[step] += unit.plain


def redundant_files(files: Mapping[str, FoldFile], rank: Mapping[FileRole, int]) -> set[str]:
    """Files whose bytes another file of the same language holds as well, all but the one that is worth most to a reader."""
    alike: defaultdict[tuple[str, bytes], list[tuple[int, str]]] = defaultdict(list)
    for path, file in files.items():
        alike[file.language, file.content_hash].append((rank[file.role], path))
    return {path for group in alike.values() if len(group) > 1 for _, path in sorted(group)[1:]}


def summarise(files: Mapping[str, FoldFile], saved: Saved) -> FoldingSummary:
    """What is left after each step, counted over all files."""
    bytes_of: Counter[FileRole] = Counter()
    for file in files.values():
        bytes_of[file.role] += file.size
    raw = sum(file.size for file in files.values())
    written = _left(raw, sum(files[path].size for path in saved.redundant), saved.written)
    code = [file for file in files.values() if file.role in HAND_WRITTEN]
    plain = sum(file.plain for file in code)
    twice = sum(files[path].plain for path in saved.redundant if files[path].role in HAND_WRITTEN)
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
        files_after_identical=len(files) - len(saved.redundant),
        plain=PlainFunnel(plain, *_left(plain, twice, saved.plain)),
    )


def _left(start: int, twice: int, saved: Counter[int]) -> tuple[int, int, int, int]:
    first = start - twice
    second = first - saved[1]
    third = second - saved[2]
    return first, second, third, third - saved[3]
