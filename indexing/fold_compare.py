"""Which functions of an index are alike: likely pairs by their sketches, then by tokens, which this run has kept or workers
read again from the stored text. Only pairs with a function that says what none said at the last run are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from core.model.clone import CloneType
from indexing.fold_job import FoldJob, run_tasks, threads_of
from indexing.fold_tasks import rename_batch, stream_batch
from indexing.folding.beside import turned
from indexing.folding.compare import (
    CODES,
    FIRST_CODE,
    LOCAL_CODE,
    Coded,
    Comparison,
    RenameTask,
    Similarities,
    alike_enough,
    give_up_renaming,
)
from indexing.folding.likely import likely_pairs
from indexing.folding.policy import DIGITS
from indexing.folding.streams import Extent, StreamTask, UnpackedStreams, give_up_reading, unpack_streams
from indexing.folding.units import Rows, Units
from indexing.number_sets import are_among, distinct
from indexing.stores.sqlite.compared import PAIRS, Compared, StoredPairs

_COMPARED_AT_ONCE = 200_000
_RENAMED_AT_ONCE = 5_000
"""Pairs of one task: a tenth of a second."""


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """What was compared: the functions by their contents (n,), with a unit that says each (n,), in the order of their
    chunks, and the pairs that are alike. `before` is the place of each function that an earlier run compared, -1 where it is
    gone."""

    contents: NDArray[np.uint64]
    units: Rows
    pairs: StoredPairs
    before: Rows

    @property
    def ends(self) -> Rows:
        """Shape (m, 2): the units of each pair."""
        return self.units[ends_of(self.pairs)]


def compare_functions(units: Units, known: Compared, job: FoldJob, cancellation: CancellationToken) -> tuple[Alike, float]:
    """The functions that are alike, those that were `known` to be included, and the CPU seconds of workers.

    A function is known by what it says: one that moved, or that stands as it was in a file that changed, is no new one.
    """
    least = min(job.settings.suggested, job.settings.indexed, job.settings.folded)
    leaders = units.leaders
    order = np.argsort(units.chunks[leaders])
    rows = leaders[order]
    contents = units.contents[rows]
    places = np.empty(len(order), np.int64)
    by_content = np.argsort(contents, kind="stable")
    places[order] = _places_of(contents, contents, by_content)  # short functions may say the same
    before = _places_of(known.functions, contents, by_content)
    ends = before[ends_of(known.pairs)]
    gone = (ends[:, 0] < 0) | (ends[:, 1] < 0)
    is_known, is_touched = np.zeros((2, len(contents)), bool)
    is_known[before[before >= 0]] = True
    # Where a function is gone, those that were like it may be beside each other for the first time.
    is_touched[ends[gone][ends[gone] >= 0]] = True
    fresh = (~is_known | is_touched)[places]
    likely = likely_pairs(units.functions(leaders), fresh, least, cancellation, threads_of(job))
    one, other = places[likely[:, 0]], places[likely[:, 1]]
    likely = np.stack([np.minimum(one, other), np.maximum(one, other)], axis=1)
    if len(before):
        likely = likely[~is_known[likely].all(axis=1) | is_touched[likely].all(axis=1)]
    kept = _moved(known.pairs[~gone], ends[~gone])
    if len(kept):
        likely = likely[~are_among(_numbers(likely), _numbers(ends_of(kept)))]
    found, seconds = _verified(likely, rows, units, job, least, cancellation)
    both = np.concatenate([kept, found])
    return Alike(contents, rows, both[np.argsort(_numbers(ends_of(both)), kind="stable")], before), seconds


def _moved(pairs: StoredPairs, ends: Rows) -> StoredPairs:
    """The pairs with their functions at other places (m, 2); what of a file that was read again now comes last."""
    is_turned = ends[:, 0] > ends[:, 1]
    pairs["one"], pairs["other"] = np.minimum(ends[:, 0], ends[:, 1]), np.maximum(ends[:, 0], ends[:, 1])
    pairs["part"] = np.where(is_turned, turned(pairs["part"]), pairs["part"])
    return pairs


def _places_of(numbers: NDArray[np.uint64], among: NDArray[np.uint64], order: Rows) -> Rows:
    """The first place of each of `numbers` among others, -1 where it is not there; in this `order` the others rise."""
    if not len(among):
        return np.full(len(numbers), -1)
    wanted = np.argsort(numbers)
    ordered, found = among[order], np.empty(len(numbers), np.int64)
    places = np.minimum(np.searchsorted(ordered, numbers[wanted]), len(among) - 1)
    found[wanted] = np.where(ordered[places] == numbers[wanted], order[places], -1)
    return found


def _numbers(ends: Rows) -> Rows:
    """A number for each pair of places, in the order of both."""
    found: Rows = ends[:, 0] << 32 | ends[:, 1]
    return found


def ends_of(pairs: StoredPairs) -> Rows:
    """Shape (n, 2): the places of both functions of each pair."""
    return np.stack([pairs["one"], pairs["other"]], axis=1).astype(np.int64)


def _verified(
    ends: Rows, found_in: Rows, units: Units, job: FoldJob, least: float, cancellation: CancellationToken
) -> tuple[StoredPairs, float]:
    """Those of the pairs `ends` (places of functions, whose units are `found_in` these rows) that are `least` alike or
    more."""
    if not len(ends):
        return np.zeros(0, PAIRS), 0.0
    pairs = found_in[ends]
    is_wanted = np.zeros(len(units.chunks), bool)
    is_wanted[pairs] = True
    rows = np.flatnonzero(is_wanted)
    coded, skeletons, seconds = _read(rows, units, job, cancellation)
    places, frames = (np.cumsum(is_wanted) - 1)[pairs], units.frames
    likeness, elsewhere = _likeness(coded, places, job, least, cancellation)
    alike = alike_enough(likeness, least)
    places, pairs = places[alike], pairs[alike]
    same_frame = frames[pairs[:, 0]] == frames[pairs[:, 1]]
    made = np.zeros(len(alike), PAIRS)
    made["one"], made["other"] = ends[alike].T
    made["similarity"] = likeness[alike].round(DIGITS)
    made["type"] = np.where(same_frame, CloneType.RENAMED, CloneType.EDITED)
    made["apart"] = same_frame | (skeletons[places[:, 0]] == skeletons[places[:, 1]])
    return made, seconds + elsewhere


def _likeness(
    functions: Sequence[Coded], pairs: Rows, job: FoldJob, least: float, cancellation: CancellationToken
) -> tuple[Similarities, float]:
    """How alike each of `pairs` (places in `functions`) is, perhaps less than `least`; and the CPU seconds of workers."""
    comparison = Comparison(functions, job.threads)
    likeness, shares = np.zeros(len(pairs)), list[Rows]()

    def renaming(first: int) -> list[RenameTask]:
        """Compare the pairs from `first` on; the tasks of those that other names may make more alike."""
        cancellation.check("comparing repeated code")
        part = slice(first, first + _COMPARED_AT_ONCE)
        likeness[part], is_open = comparison.similarities(pairs[part], least)
        again = first + np.flatnonzero(is_open)
        before = len(shares)
        shares.extend(again[start : start + _RENAMED_AT_ONCE] for start in range(0, len(again), _RENAMED_AT_ONCE))
        return [_rename_task(number, functions, pairs[shares[number]]) for number in range(before, len(shares))]

    firsts = range(0, len(pairs), _COMPARED_AT_ONCE)
    tasks = renaming(0)
    # Workers have these while the next are compared here.
    following = chain.from_iterable(renaming(first) for first in firsts[1:])
    total = sum(task.size for task in tasks) * len(firsts)
    results, seconds = run_tasks(job, chain(tasks, following), rename_batch, give_up_renaming, cancellation, total)
    for result in results:
        share = shares[result.task]
        likeness[share] = np.maximum(likeness[share], result.similarities)
    return likeness, seconds


def _rename_task(number: int, functions: Sequence[Coded], pairs: Rows) -> RenameTask:
    rows = distinct(pairs)
    held = tuple(functions[row] for row in rows.tolist())
    lengths = np.array([len(function.raw) for function in held])
    places = np.searchsorted(rows, pairs)
    return RenameTask(number, held, places, int(lengths[places].sum()))


def _read(
    rows: Rows, units: Units, job: FoldJob, cancellation: CancellationToken
) -> tuple[list[Coded], NDArray[np.uint64], float]:
    """Units in code, with the hashes of their skeletons, and the CPU seconds of workers."""
    packed = [job.kept.get(chunk) for chunk in units.chunks[rows].tolist()]
    by_file: defaultdict[tuple[int, str], list[tuple[int, Extent]]] = defaultdict(list)
    for place, row in enumerate(rows.tolist()):
        if packed[place] is None:
            by_file[units.file_of(row)].append((place, units.extent(row)))
    tasks = [
        StreamTask(str(job.folder), file, language, tuple(extent for _, extent in held), _bytes(held))
        for (file, language), held in by_file.items()
    ]
    results, seconds = run_tasks(job, tasks, stream_batch, give_up_reading, cancellation)
    placed = {file: [place for place, _ in held] for (file, _), held in by_file.items()}
    for result in results:
        for place, stream in zip(placed[result.file], result.packed, strict=True):
            packed[place] = stream
    streams = unpack_streams([stream or b"" for stream in packed])
    return _coded(streams), streams.skeletons, seconds


def _coded(streams: UnpackedStreams) -> list[Coded]:
    """A character for each token, by its hash."""
    codes = streams.hashes % np.uint32(CODES) + np.uint32(FIRST_CODE)
    raw, plain = _characters(codes), _characters(np.where(streams.local, np.uint32(ord(LOCAL_CODE)), codes))
    stops = np.cumsum(streams.counts).tolist()
    return [Coded(raw[start:stop], plain[start:stop]) for start, stop in zip([0, *stops], stops, strict=False)]


def _characters(codes: NDArray[np.uint32]) -> str:
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def _bytes(held: Sequence[tuple[int, Extent]]) -> int:
    return sum(extent.stop - extent.start for _, extent in held)
