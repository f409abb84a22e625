"""Clone classes: which chunks say the same, and which of them stands for the others.

Every chunk has one key, and chunks with the same key are a class: the loosest fingerprint that it may fold by. The looser a
fingerprint, the more chunks share it, and chunks that share a stricter one share the looser one too; so one pass over a
hash table does the work of all steps, in linear time and without comparing pairs. The price is that a class of type 2 holds
its type 1 members as well; `CloneMember.type` tells them apart.

What may fold by what:

- whole definitions by `renamed`, or by `layout` where that is empty;
- parts of a definition that was too long for one chunk by `layout` alone;
- other chunks by `exact`;
- chunks below `MIN_TOKENS` only along with their whole file, when files are identical.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import xxhash

from core.model.chunk import ChunkKind
from core.model.clone import CloneClass, CloneMember, CloneType, FoldingSummary
from core.model.source import FileRole, Place
from indexing.folding.normalise import MIN_TOKENS

_ROLE_RANK = {
    FileRole.SOURCE: 0,
    FileRole.EXAMPLE: 1,
    FileRole.DOCUMENT: 1,
    FileRole.DATA: 1,
    FileRole.TEST: 2,
    FileRole.GENERATED: 3,
    FileRole.VENDORED: 4,
}
_HAND_WRITTEN_CODE = frozenset((FileRole.SOURCE, FileRole.TEST, FileRole.EXAMPLE))

_ID_BITS = 52
"""Ids stay exact as numbers of JSON."""


@dataclass(frozen=True, slots=True)
class FoldFile:
    """An indexed file: its size in bytes, the hash of its content, what it is."""

    size: int
    content_hash: bytes
    role: FileRole
    language: str


@dataclass(frozen=True, slots=True)
class FoldCandidate:
    """A chunk that may fold. `content_hash` is that of its file, `position` its number among the file's chunks, `size` its
    own bytes; a higher `centrality` makes it a better representative. Hashes are those of `Fingerprint`, as bytes; a part of
    a definition has no `renamed`."""

    id: int
    place: Place
    position: int
    kind: ChunkKind
    role: FileRole
    language: str
    content_hash: bytes
    size: int
    exact: bytes
    layout: bytes
    renamed: bytes
    tokens: int
    centrality: float = 0.0


@dataclass(frozen=True, slots=True)
class Folding:
    """The classes, those that save most first, and what they save."""

    classes: tuple[CloneClass, ...]
    summary: FoldingSummary


_Key = tuple[str, str, bytes, int]
"""Step, language, hash, position of the chunk in its file (0 unless the step is `file`)."""


def fold(candidates: Iterable[FoldCandidate], files: Mapping[str, FoldFile]) -> Folding:
    """Sort chunks into clone classes; chunks that are alone in theirs are left out, and need not be among `candidates`.

    `files` holds every indexed file by its path. The result does not depend on the order of `candidates`.
    """
    chunks = sorted(candidates, key=lambda candidate: (candidate.place.path, candidate.place.start_line, candidate.id))
    redundant = _redundant_files(files)
    groups: defaultdict[_Key, list[FoldCandidate]] = defaultdict(list)
    for chunk, key in zip(chunks, _keys(chunks, files), strict=True):
        if key:
            groups[key].append(chunk)
    shared = {key: group for key, group in groups.items() if len(group) > 1}
    ids = _ids(shared)
    classes = [_class(ids[key], group) for key, group in shared.items()]
    classes.sort(key=lambda clones: (-clones.bytes_saved, clones.representative.place))
    return Folding(tuple(classes), _summary(shared.values(), files, redundant))


def _keys(chunks: Sequence[FoldCandidate], files: Mapping[str, FoldFile]) -> Iterable[_Key | None]:
    copies = Counter(file.content_hash for file in files.values())
    for chunk in chunks:
        if chunk.tokens < MIN_TOKENS:
            whole = copies[chunk.content_hash] > 1
            yield ("file", chunk.language, chunk.content_hash, chunk.position) if whole else None
        elif chunk.renamed:
            yield ("renamed", chunk.language, chunk.renamed, 0)
        elif chunk.layout:
            yield ("layout", chunk.language, chunk.layout, 0)
        else:
            yield ("exact", chunk.language, chunk.exact, 0)


def _ids(keys: Iterable[_Key]) -> dict[_Key, int]:
    """Ids that depend on what the class says alone, so that they stay when an index is built anew."""
    ids: dict[_Key, int] = {}
    taken: set[int] = set()
    for key in sorted(keys):
        number = xxhash.xxh3_64_intdigest(repr(key).encode()) >> (64 - _ID_BITS)
        while number in taken:
            number = (number + 1) % (1 << _ID_BITS)
        taken.add(number)
        ids[key] = number
    return ids


def _preference(chunk: FoldCandidate) -> tuple[int, float, int, Place, int]:
    """The smallest represents: no test, not generated, not vendored; central; of two that say the same the longer one is
    the better documented."""
    return (_ROLE_RANK[chunk.role], -chunk.centrality, -chunk.size, chunk.place, chunk.id)


def _class(key: int, group: Sequence[FoldCandidate]) -> CloneClass:
    best, *others = sorted(group, key=_preference)
    members = [
        CloneMember(chunk.id, chunk.place, CloneType.LAYOUT if _same_layout(chunk, best) else CloneType.RENAMED, 1.0)
        for chunk in sorted(others, key=lambda chunk: (chunk.place, chunk.id))
    ]
    return CloneClass(
        key,
        max(member.type for member in members),
        min(member.similarity for member in members),
        sum(chunk.size for chunk in others),
        CloneMember(best.id, best.place, CloneType.LAYOUT, 1.0),
        tuple(members),
    )


def _same_layout(one: FoldCandidate, other: FoldCandidate) -> bool:
    return one.exact == other.exact or (bool(one.layout) and one.layout == other.layout)


def _redundant_files(files: Mapping[str, FoldFile]) -> set[str]:
    """Files whose bytes another file of the same language holds as well, all but the one that is worth most to a reader."""
    alike: defaultdict[tuple[str, bytes], list[tuple[int, str]]] = defaultdict(list)
    for path, file in files.items():
        alike[file.language, file.content_hash].append((_ROLE_RANK[file.role], path))
    return {path for group in alike.values() if len(group) > 1 for _, path in sorted(group)[1:]}


def _summary(
    groups: Iterable[Sequence[FoldCandidate]], files: Mapping[str, FoldFile], redundant: set[str]
) -> FoldingSummary:
    """What is left after each step, counted over all files; a redundant file is counted in the first step alone."""
    bytes_of: Counter[FileRole] = Counter()
    for file in files.values():
        bytes_of[file.role] += file.size
    raw = sum(file.size for file in files.values())
    after_identical = raw - sum(files[path].size for path in redundant)
    saved_type1 = saved_type2 = 0
    for group in groups:
        kept: dict[bytes, FoldCandidate] = {}  # one chunk of each layout
        left = [chunk for chunk in group if chunk.place.path not in redundant]
        for chunk in sorted(left, key=_preference):
            if kept.setdefault(chunk.layout or chunk.exact, chunk) is not chunk:
                saved_type1 += chunk.size
        saved_type2 += sum(chunk.size for chunk in list(kept.values())[1:])
    return FoldingSummary(
        raw_bytes=raw,
        code_bytes=sum(bytes_of[role] for role in _HAND_WRITTEN_CODE),
        after_identical_files=after_identical,
        after_type1=after_identical - saved_type1,
        after_type2=after_identical - saved_type1 - saved_type2,
        after_type3=after_identical - saved_type1 - saved_type2,  # type 3 does not fold yet
        generated_bytes=bytes_of[FileRole.GENERATED],
        vendored_bytes=bytes_of[FileRole.VENDORED],
        files=len(files),
        files_after_identical=len(files) - len(redundant),
    )
