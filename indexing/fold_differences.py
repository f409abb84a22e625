"""How the members of clone classes differ from what represents them: workers tell it, unless an earlier run did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core.cancellation import CancellationToken
from core.model.clone import CloneClass, CloneMember, CloneType, Difference, Verdict
from core.settings import FoldingSettings
from indexing.fold_compare import Alike
from indexing.fold_job import FoldJob, run_tasks
from indexing.fold_tasks import explain_batch
from indexing.folding.edits import EditKind
from indexing.folding.explain import ExplainTask, Sited, give_up_explaining
from indexing.folding.units import Units
from indexing.number_sets import are_among
from indexing.stores.sqlite.clone_writer import Told
from indexing.stores.sqlite.compared import Compared


def with_differences(
    classes: Sequence[CloneClass],
    told: Mapping[tuple[int, int], Told],
    units: Units,
    job: FoldJob,
    cancellation: CancellationToken,
) -> tuple[list[CloneClass], float]:
    """The classes with the differences of their members, and the CPU seconds of workers. `told` is what was said before with
    the same settings, by representative and member: only of what it lacks do workers tell it."""
    rows = _rows_of(classes, units)

    def sited(member: CloneMember) -> Sited:
        row = rows[member.chunk]
        return Sited(*units.file_of(row), units.extent(row), member.place.path)

    known: dict[tuple[int, int], tuple[Difference, EditKind]] = {}
    tasks, waiting = list[ExplainTask](), list[list[tuple[int, int]]]()
    for found in classes:
        lacking = []
        for member in filter(_is_explained, found.members):
            pair = found.representative.chunk, member.chunk
            before = told.get(pair)
            if before is not None and _still_tells(before, member):
                known[pair] = before.difference, _kind_of(before)
            else:
                lacking.append(member)
        if lacking:
            kept, members = sited(found.representative), tuple(map(sited, lacking))
            judged = tuple(map(_is_judged, lacking))
            size = sum(site.extent.stop - site.extent.start for site in (kept, *members))
            tasks.append(ExplainTask(str(job.folder), len(tasks), kept, members, judged, size))
            waiting.append([(found.representative.chunk, member.chunk) for member in lacking])
    # Files that lie together are compressed together: taken in their order, each is unpacked once.
    nearby = sorted(tasks, key=lambda task: task.kept.file)
    results, seconds = run_tasks(job, nearby, explain_batch, give_up_explaining, cancellation)
    for result in results:
        told_now = zip(result.differences, result.kinds, strict=True)
        known.update(zip(waiting[result.number], told_now, strict=True))
    return [_with(found, known, job.settings) for found in classes], seconds


def told_again(
    told: Mapping[tuple[int, int], Told], known: Compared, compared: Alike, units: Units
) -> dict[tuple[int, int], Told]:
    """What was `told` of functions of which some were read again, by the chunks that say now what each said: how two differ
    depends on what they say alone. What they change depends on their names' places as well, so nothing is said of that."""
    pairs = list(told)
    old = np.array(pairs, np.int64).reshape(-1, 2)
    stands = are_among(old, units.chunks)
    now = np.where(stands, old, -1)
    if len(known.chunks) and len(compared.units):
        order = np.argsort(known.chunks)
        places = order[np.minimum(np.searchsorted(known.chunks[order], old), len(order) - 1)]
        after = np.where(known.chunks[places] == old, compared.before[places], -1)
        now = np.where(stands | (after < 0), now, units.chunks[compared.units[after]])
    found = {}
    for pair, (kept, member) in zip(pairs, now.tolist(), strict=True):
        if kept >= 0 and member >= 0:
            is_as_it_was = pair == (kept, member)
            found[kept, member] = told[pair] if is_as_it_was else replace(told[pair], verdict=Verdict.APART)
    return found


def _rows_of(classes: Sequence[CloneClass], units: Units) -> dict[int, int]:
    chunks = np.array([m.chunk for found in classes for m in (found.representative, *found.members)], np.int64)
    return dict(zip(chunks.tolist(), units.rows_of(chunks).tolist(), strict=True))


def _is_explained(member: CloneMember) -> bool:
    """Whether it is told how a member differs: of what is only suggested, how alike it is says enough."""
    return member.type is not CloneType.LAYOUT and member.verdict is not Verdict.SUGGESTED


def _is_judged(member: CloneMember) -> bool:
    """Whether what a member changes decides what is done with it: a sixth of telling how it differs is to tell that."""
    return member.type is CloneType.EDITED and member.verdict.is_masked


def _still_tells(told: Told, member: CloneMember) -> bool:
    """Whether what was told of a member holds: what was not to be judged, since a person had unfolded it, may be so now."""
    return told.type is member.type and (told.verdict.is_masked or not _is_judged(member))


def _kind_of(told: Told) -> EditKind:
    """What a member changes, as far as its verdict tells: what has to be kept apart is so before it is stored."""
    return EditKind.STATEMENTS if told.verdict is Verdict.FOLDED else EditKind.VARIANT


def _with(
    found: CloneClass, known: Mapping[tuple[int, int], tuple[Difference, EditKind]], settings: FoldingSettings
) -> CloneClass:
    """The class with the differences of its members. What changes more than statements is folded in the index at most; what
    changes none is kept apart, and so is what is nearly the same and says something else in a statement that both have: the
    fix, however many statements come or go beside it."""
    members = []
    for member in found.members:
        told = member
        if _is_explained(member):
            difference, kind = known[found.representative.chunk, member.chunk]
            verdict, threshold = member.verdict, member.threshold
            if _is_judged(member):
                if kind is EditKind.WITHIN or (kind is EditKind.MIXED and verdict is Verdict.FOLDED):
                    verdict, threshold = Verdict.APART, settings.suggested
                elif kind is EditKind.VARIANT and verdict is Verdict.FOLDED:
                    verdict, threshold = Verdict.INDEXED, settings.indexed
            # To make it anew takes a third of the time of `replace`.
            told = CloneMember(
                member.chunk, member.place, member.type, member.similarity, verdict, threshold, member.parts, difference
            )
        members.append(told)
    return replace(found, members=tuple(members))
