"""Folding an index: from what is stored of its chunks to clone classes, with the workers reading what has to be compared.

Exact copies are found among stored hashes; functions that may be alike among stored sketches. Only pairs with a function
that is new since the last run are compared, on tokens that workers read again from the stored text. Members of the classes
that come out are then explained, those that an earlier run explained excepted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from core.graph.ranks import rank_links
from core.model.clone import CloneClass, CloneMember, CloneType, Difference, Verdict
from core.settings import FoldingSettings
from indexing.executors import BatchExecutor, ProcessExecutor, in_batches
from indexing.fold_tasks import close_texts, explain_batch, stream_batch
from indexing.folding.classes import AlikePair, fold
from indexing.folding.compare import CODES, FIRST_CODE, LOCAL_CODE, Coded, similarities
from indexing.folding.explain import Explained, ExplainTask, Sited, give_up_explaining
from indexing.folding.likely import likely_pairs
from indexing.folding.streams import Extent, Streams, StreamTask, give_up_reading
from indexing.folding.units import Units
from indexing.stores.choices import Chosen, FoldChoice, fold_choices
from indexing.stores.sqlite.clones import PAIRS, Compared, StoredPairs, pack_summary
from indexing.stores.sqlite.writer import IndexWriter

_BATCH_BYTES = 500_000
CHOICES = "fold_choices"
"""Where the index keeps by which choices it was folded."""
_COMPARED_AT_ONCE = 200_000
_Rows = NDArray[np.int64]
_Item = TypeVar("_Item", StreamTask, ExplainTask)
_Result = TypeVar("_Result", Streams, Explained)


class OpenExecutor(Protocol):
    """Opens what runs work on batches."""

    def __call__(
        self,
        total_bytes: int,
        work: Callable[[Sequence[Any]], list[Any]],
        give_up: Callable[[Any, str], Any],
        weigh: Callable[[Any], int],
    ) -> BatchExecutor[Any, Any]: ...


@dataclass(frozen=True, slots=True)
class FoldJob:
    """An index to fold; `threads` compare tokens."""

    folder: Path
    settings: FoldingSettings
    open_executor: OpenExecutor
    threads: int


def fold_index(writer: IndexWriter, job: FoldJob, cancellation: CancellationToken) -> float:
    """Form the clone classes of what is committed and put them in the place of the old ones; returns the CPU seconds that
    workers took."""
    stored = writer.stored_chunks()
    choices = fold_choices(job.folder)
    chosen = {choice: _chunks_of(writer, choices, choice) for choice in FoldChoice}
    units = Units(stored, _centrality(writer), chosen[FoldChoice.PINNED])
    try:
        compared, seconds = _compare(writer, units, job, cancellation)
        row_of = {chunk: row for row, chunk in enumerate(units.chunks.tolist())}
        tokens = {chunk: int(units.tokens[row_of[chunk]]) for chunk in np.unique(compared.pairs["one"]).tolist()}
        alike = [_alike_pair(pair, tokens[pair[0]], job.settings) for pair in compared.pairs.tolist()]
        near = {row_of[chunk] for pair in alike for chunk in (pair.one, pair.other)}
        files = dict(zip(stored.paths, stored.files, strict=True))
        folded = fold(units.candidates(near), files, alike, chosen[FoldChoice.UNFOLDED])
        classes, more = _explained(folded.classes, units, row_of, job, cancellation)
    finally:
        close_texts()
    writer.clones.replace(classes, compared)
    writer.set_meta("folding", pack_summary(folded.summary))
    writer.set_meta(CHOICES, repr(choices))
    return seconds + more


def is_folded_as_chosen(writer: IndexWriter, folder: Path) -> bool:
    """Whether nothing was chosen otherwise since the index was folded."""
    return writer.meta(CHOICES, repr({})) == repr(fold_choices(folder))


def _chunks_of(writer: IndexWriter, choices: Chosen, wanted: FoldChoice) -> frozenset[int]:
    """The first chunk of each definition for which this was chosen."""
    found: dict[tuple[str, str], int] = {}
    for (path, symbol), choice in choices.items():
        if choice is wanted:
            for text in writer.chunk_texts(writer.chunk_ids([path])):
                if text.symbol == symbol:
                    found.setdefault((path, symbol), text.id)
    return frozenset(found.values())


def _centrality(writer: IndexWriter) -> dict[int, float]:
    """The rank of each file among those that use others."""
    sources, targets = writer.clones.file_links()
    ids, places = np.unique(np.concatenate([sources, targets]), return_inverse=True)
    ranks = rank_links(places[: len(sources)], places[len(sources) :], np.ones(len(sources)), len(ids))
    return dict(zip(ids.tolist(), ranks.tolist(), strict=True))


def _compare(writer: IndexWriter, units: Units, job: FoldJob, cancellation: CancellationToken) -> tuple[Compared, float]:
    """Every pair of functions that is alike, those of before as they were found then."""
    least = min(job.settings.suggested, job.settings.indexed, job.settings.folded)
    leaders = units.leaders
    pairs = leaders[likely_pairs(units.functions(leaders), least, cancellation)]
    chunks = units.chunks[pairs]
    known = writer.clones.compared()
    functions = np.sort(units.chunks[leaders])
    if known.least != least:
        known = Compared(known.functions[:0], known.pairs[:0], least)
    # Where a function is gone, those that were like it may be beside each other for the first time.
    gone = np.setdiff1d(known.functions, functions)
    beside = np.isin(known.pairs["one"], gone) | np.isin(known.pairs["other"], gone)
    touched = np.union1d(known.pairs["one"][beside], known.pairs["other"][beside]).astype(np.int64)
    still = np.intersect1d(known.functions, functions)
    is_known = np.isin(chunks, still).all(axis=1) & ~np.isin(chunks, touched).all(axis=1)
    ends = np.stack([known.pairs["one"], known.pairs["other"]], axis=1).astype(np.int64)
    kept = known.pairs[np.isin(ends, still).all(axis=1) & ~np.isin(ends, touched).all(axis=1)]
    found, seconds = _verified(pairs[~is_known], units, job, least, cancellation)
    both = np.concatenate([kept, found])
    return Compared(functions, both[np.lexsort((both["other"], both["one"]))], least), seconds


def _verified(
    pairs: _Rows, units: Units, job: FoldJob, least: float, cancellation: CancellationToken
) -> tuple[StoredPairs, float]:
    """Those of `pairs` (rows of units) that are `least` alike or more."""
    if not len(pairs):
        return np.zeros(0, PAIRS), 0.0
    rows = np.unique(pairs)
    coded, skeletons, seconds = _read(rows, units, job, cancellation)
    places, frames = np.searchsorted(rows, pairs), units.frames
    found: list[StoredPairs] = []
    for first in range(0, len(pairs), _COMPARED_AT_ONCE):
        cancellation.check("comparing repeated code")
        part, part_rows = places[first : first + _COMPARED_AT_ONCE], pairs[first : first + _COMPARED_AT_ONCE]
        ones, others = [coded[i] for i in part[:, 0].tolist()], [coded[i] for i in part[:, 1].tolist()]
        likeness = similarities(ones, others, least, job.threads)
        alike = likeness > 0.0
        part, part_rows = part[alike], part_rows[alike]
        same_frame = frames[part_rows[:, 0]] == frames[part_rows[:, 1]]
        made = np.zeros(len(part), PAIRS)
        made["one"], made["other"] = units.chunks[part_rows[:, 0]], units.chunks[part_rows[:, 1]]
        made["similarity"] = likeness[alike]
        made["type"] = np.where(same_frame, CloneType.RENAMED, CloneType.EDITED)
        made["apart"] = same_frame | (skeletons[part[:, 0]] == skeletons[part[:, 1]])
        found.append(made)
    return np.concatenate(found), seconds


def _read(
    rows: _Rows, units: Units, job: FoldJob, cancellation: CancellationToken
) -> tuple[list[Coded], NDArray[np.uint64], float]:
    """Units in code, with the hashes of their skeletons."""
    by_file: defaultdict[tuple[int, str], list[tuple[int, Extent]]] = defaultdict(list)
    for place, row in enumerate(rows.tolist()):
        by_file[units.file_of(row)].append((place, units.extent(row)))
    tasks = [
        StreamTask(str(job.folder), file, language, tuple(extent for _, extent in held), _bytes(held))
        for (file, language), held in by_file.items()
    ]
    placed = {file: [place for place, _ in held] for (file, _), held in by_file.items()}
    results, seconds = _run(job, tasks, stream_batch, give_up_reading, cancellation)
    places = np.array([place for result in results for place in placed[result.task.file]], np.int64)
    lengths = [length for result in results for length in result.lengths]
    coded: list[Coded] = [Coded("", "")] * len(rows)
    for place, code in zip(places.tolist(), _coded(results, lengths), strict=True):
        coded[place] = code
    skeletons = np.zeros(len(rows), np.uint64)
    skeletons[places] = np.array([value for result in results for value in result.skeletons], np.uint64)
    return coded, skeletons, seconds


def _coded(results: Sequence[Streams], lengths: Sequence[int]) -> Iterator[Coded]:
    """A character for each distinct token hash."""
    hashes = np.frombuffer(b"".join(result.hashes for result in results), np.uint32)
    local = np.concatenate([np.unpackbits(np.frombuffer(r.local, np.uint8), count=sum(r.lengths)) for r in results]).astype(
        bool
    )
    _, numbers = np.unique(hashes, return_inverse=True)
    raw = (numbers % CODES + FIRST_CODE).astype("<u4")
    plain = np.where(local, np.uint32(ord(LOCAL_CODE)), raw).astype("<u4")
    start = 0
    for length in lengths:
        stop = start + length
        yield Coded(_characters(raw[start:stop]), _characters(plain[start:stop]))
        start = stop


def _characters(codes: NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def _alike_pair(pair: tuple[int, int, float, int, int], tokens: int, settings: FoldingSettings) -> AlikePair:
    """What may be done with a pair whose first function has so many tokens, by the policy."""
    one, other, similarity, kind, apart = pair
    similarity = round(similarity, 4)
    if apart:
        verdict, threshold = Verdict.APART, settings.suggested
    elif tokens < settings.least_tokens:
        verdict, threshold = Verdict.SUGGESTED, settings.suggested
    elif similarity >= settings.folded:
        verdict, threshold = Verdict.FOLDED, settings.folded
    elif similarity >= settings.indexed:
        verdict, threshold = Verdict.INDEXED, settings.indexed
    else:
        verdict, threshold = Verdict.SUGGESTED, settings.suggested
    return AlikePair(one, other, CloneType(kind), similarity, verdict, threshold)


def _explained(
    classes: Sequence[CloneClass], units: Units, row_of: Mapping[int, int], job: FoldJob, cancellation: CancellationToken
) -> tuple[list[CloneClass], float]:
    """The classes with the differences of their members."""

    def sited(member: CloneMember) -> Sited:
        row = row_of[member.chunk]
        return Sited(*units.file_of(row), units.extent(row), member.place.path)

    tasks = []
    for found in classes:
        differing = [member for member in found.members if _is_explained(member)]
        if differing:
            members = tuple(map(sited, differing))
            kept = sited(found.representative)
            size = sum(site.extent.stop - site.extent.start for site in (kept, *members))
            tasks.append(ExplainTask(str(job.folder), found.id, kept, members, size))
    results, seconds = _run(job, tasks, explain_batch, give_up_explaining, cancellation)
    told = {result.task.id: (result.differences, result.plain) for result in results}
    return [
        _with_differences(found, *told[found.id], job.settings) if found.id in told else found for found in classes
    ], seconds


def _is_explained(member: CloneMember) -> bool:
    """Whether it is told how a member differs: of what is only suggested, how alike it is says enough."""
    return member.type is not CloneType.LAYOUT and member.verdict is not Verdict.SUGGESTED


def _with_differences(
    found: CloneClass, differences: Sequence[Difference], plain: Sequence[bool], settings: FoldingSettings
) -> CloneClass:
    """The class with the differences of its members; what changes more than statements is folded in the index at most."""
    waiting = iter(zip(differences, plain, strict=True))
    members = []
    for member in found.members:
        told = member
        if _is_explained(member):
            difference, is_plain = next(waiting)
            told = replace(member, difference=difference)
            if member.type is CloneType.EDITED and member.verdict is Verdict.FOLDED and not is_plain:
                told = replace(told, verdict=Verdict.INDEXED, threshold=settings.indexed)
        members.append(told)
    return replace(found, members=tuple(members))


def _bytes(held: Sequence[tuple[int, Extent]]) -> int:
    return sum(extent.stop - extent.start for _, extent in held)


def _run(
    job: FoldJob,
    tasks: Sequence[_Item],
    work: Callable[[Sequence[_Item]], list[_Result]],
    give_up: Callable[[_Item, str], _Result],
    cancellation: CancellationToken,
) -> tuple[list[_Result], float]:
    """The results, and the CPU seconds that other processes spent on them."""
    executor = job.open_executor(sum(task.size for task in tasks), work, give_up, lambda task: task.size)
    batches = in_batches(tasks, _BATCH_BYTES, lambda task: task.size)
    results = [result for batch in executor.run(batches, cancellation) for result in batch]
    elsewhere = isinstance(executor, ProcessExecutor)
    return results, sum(result.seconds for result in results) if elsewhere else 0.0
