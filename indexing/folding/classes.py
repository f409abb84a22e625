"""Clone classes: which chunks say the same, and which of them stands for the others.

Every chunk has one key, and chunks with the same key are a class: the loosest fingerprint that it may fold by. The looser a
fingerprint, the more chunks share it, and chunks that share a stricter one share the looser one too; so one pass over a
hash table does the work of all steps, in linear time and without comparing pairs. The price is that a class of type 2 holds
its type 1 members as well; `CloneMember.type` tells them apart.

What may fold by what:

- whole definitions by `renamed`, or by `layout` where that is empty;
- parts of a definition that was too long for one chunk by `layout` alone: each part for itself cannot tell that a renaming
  is the same in all parts;
- other chunks by `exact`;
- chunks below `MIN_TOKENS` only along with their whole file, when files are identical.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import xxhash

from core.model.chunk import ChunkKind
from core.model.clone import CloneClass, CloneMember, CloneType, FoldingSummary
from core.model.source import FileRole, Place
from indexing.folding.normalise import DEFINITIONS, MIN_TOKENS

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


class StoredPrint(Protocol):
    """A chunk as the store hands it out for folding; hashes are raw bytes, empty where a chunk does not fold that way."""

    @property
    def id(self) -> int: ...
    @property
    def place(self) -> Place: ...
    @property
    def kind(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def content_hash(self) -> bytes: ...
    @property
    def size(self) -> int: ...
    @property
    def exact(self) -> bytes: ...
    @property
    def layout(self) -> bytes: ...
    @property
    def renamed(self) -> bytes: ...
    @property
    def tokens(self) -> int: ...


@dataclass(frozen=True, slots=True)
class FoldCandidate:
    """A chunk that may fold. `content_hash` is that of its file, `size` its own bytes; a higher `centrality` makes it a
    better representative. Hashes are those of `Fingerprint`, as bytes."""

    id: int
    place: Place
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

    @classmethod
    def from_print(cls, stored: StoredPrint, centrality: float = 0.0) -> FoldCandidate:
        return cls(
            stored.id, stored.place, ChunkKind(stored.kind), FileRole(stored.role), stored.language, stored.content_hash,
            stored.size, stored.exact, stored.layout, stored.renamed, stored.tokens, centrality,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folding:
    """The classes, those that save most first, and what they save."""

    classes: tuple[CloneClass, ...]
    summary: FoldingSummary


_Key = tuple[str, str, bytes, int]
"""Step, language, hash, position of the chunk in its file (0 unless the step is `file`)."""


def fold(candidates: Iterable[FoldCandidate], files: Mapping[str, tuple[int, bytes]]) -> Folding:
    """Sort chunks into clone classes; chunks that are alone in theirs are left out.

    `files` gives the size in bytes and the content hash of every indexed file by its path. The result does not depend on
    the order of `candidates`.
    """
    chunks = sorted(candidates, key=lambda candidate: (candidate.place.path, candidate.place.start_line, candidate.id))
    redundant = _redundant_files(chunks, files)
    groups: defaultdict[_Key, list[FoldCandidate]] = defaultdict(list)
    for chunk, key in zip(chunks, _keys(chunks, files), strict=True):
        if key:
            groups[key].append(chunk)
    shared = {key: group for key, group in groups.items() if len(group) > 1}
    ids = _ids(shared)
    classes = [_class(ids[key], group) for key, group in shared.items()]
    classes.sort(key=lambda clones: (-clones.bytes_saved, clones.representative.place))
    return Folding(tuple(classes), _summary(chunks, shared.values(), files, redundant))


def _keys(chunks: Sequence[FoldCandidate], files: Mapping[str, tuple[int, bytes]]) -> Iterable[_Key | None]:
    copies = Counter(digest for _, digest in files.values())
    pieces = Counter((chunk.place.path, chunk.place.symbol) for chunk in chunks if chunk.kind in DEFINITIONS)
    path, position = "", 0
    for chunk in chunks:
        position = position + 1 if chunk.place.path == path else 0
        path = chunk.place.path
        if chunk.tokens < MIN_TOKENS:
            yield ("file", chunk.language, chunk.content_hash, position) if copies[chunk.content_hash] > 1 else None
        elif chunk.renamed and pieces[path, chunk.place.symbol] == 1:
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


def _redundant_files(chunks: Sequence[FoldCandidate], files: Mapping[str, tuple[int, bytes]]) -> set[str]:
    """Files whose bytes another file of the same language holds as well, all but the one that is worth most to a reader."""
    roles = {chunk.place.path: (_ROLE_RANK[chunk.role], chunk.language) for chunk in chunks}
    alike: defaultdict[tuple[str, bytes], list[tuple[int, str]]] = defaultdict(list)
    for path, (_, digest) in files.items():
        rank, language = roles.get(path, (0, ""))
        alike[language, digest].append((rank, path))
    return {path for group in alike.values() if len(group) > 1 for _, path in sorted(group)[1:]}


def _summary(
    chunks: Sequence[FoldCandidate],
    groups: Iterable[Sequence[FoldCandidate]],
    files: Mapping[str, tuple[int, bytes]],
    redundant: set[str],
) -> FoldingSummary:
    """What is left after each step, counted over all files; a redundant file is counted in the first step alone."""
    roles = {chunk.place.path: chunk.role for chunk in chunks}
    bytes_of: Counter[FileRole | None] = Counter()
    for path, (size, _) in files.items():
        bytes_of[roles.get(path)] += size
    raw = sum(size for size, _ in files.values())
    after_identical = raw - sum(files[path][0] for path in redundant)
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
