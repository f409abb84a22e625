"""How the members of clone classes differ from what represents them: workers tell it, unless an earlier run did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core.cancellation import CancellationToken
from core.model.clone import CloneClass, CloneMember, CloneType, Difference, Verdict
from core.settings import FoldingSettings
from indexing.fold_job import FoldJob, run_tasks
from indexing.fold_tasks import explain_batch
from indexing.folding.edits import EditKind
from indexing.folding.explain import ExplainTask, Sited, give_up_explaining
from indexing.folding.units import Units
from indexing.stores.sqlite.clones import Told


def with_differences(
    classes: Sequence[CloneClass],
    told: Mapping[tuple[int, int], Told],
    units: Units,
    job: FoldJob,
    cancellation: CancellationToken,
) -> tuple[list[CloneClass], float]:
    """The classes with the differences of their members, and the CPU seconds of workers. `told` is what an earlier run with
    the same settings said, by representative and member; a class of which it lacks any is explained whole."""
    rows = _rows_of(classes, units)

    def sited(member: CloneMember) -> Sited:
        row = rows[member.chunk]
        return Sited(*units.file_of(row), units.extent(row), member.place.path)

    known: dict[int, tuple[Sequence[Difference], Sequence[EditKind]]] = {}
    tasks = []
    for found in classes:
        differing = [member for member in found.members if _is_explained(member)]
        before = [told.get((found.representative.chunk, member.chunk)) for member in differing]
        if all(one is not None and one.type is member.type for one, member in zip(before, differing, strict=True)):
            same = [one for one in before if one is not None]
            known[found.id] = [one.difference for one in same], [_kind_of(one) for one in same]
        else:
            members = tuple(map(sited, differing))
            kept = sited(found.representative)
            size = sum(site.extent.stop - site.extent.start for site in (kept, *members))
            tasks.append(ExplainTask(str(job.folder), found.id, kept, members, size))
    results, seconds = run_tasks(job, tasks, explain_batch, give_up_explaining, cancellation)
    known.update((result.task.id, (result.differences, result.kinds)) for result in results)
    return [_with(found, *known[found.id], job.settings) for found in classes], seconds


def _rows_of(classes: Sequence[CloneClass], units: Units) -> dict[int, int]:
    chunks = np.array([m.chunk for found in classes for m in (found.representative, *found.members)], np.int64)
    return dict(zip(chunks.tolist(), units.rows_of(chunks).tolist(), strict=True))


def _is_explained(member: CloneMember) -> bool:
    """Whether it is told how a member differs: of what is only suggested, how alike it is says enough."""
    return member.type is not CloneType.LAYOUT and member.verdict is not Verdict.SUGGESTED


def _kind_of(told: Told) -> EditKind:
    """What a member changes, as far as its verdict tells: what changes no statement is kept apart before it is stored."""
    return EditKind.STATEMENTS if told.verdict is Verdict.FOLDED else EditKind.MIXED


def _with(
    found: CloneClass, differences: Sequence[Difference], kinds: Sequence[EditKind], settings: FoldingSettings
) -> CloneClass:
    """The class with the differences of its members; what changes more than statements is folded in the index at most, and
    what changes none is kept apart."""
    waiting = iter(zip(differences, kinds, strict=True))
    members = []
    for member in found.members:
        told = member
        if _is_explained(member):
            difference, kind = next(waiting)
            told = replace(member, difference=difference)
            if member.type is CloneType.EDITED and member.verdict.is_masked:
                if kind is EditKind.WITHIN:
                    told = replace(told, verdict=Verdict.APART, threshold=settings.suggested)
                elif kind is EditKind.MIXED and member.verdict is Verdict.FOLDED:
                    told = replace(told, verdict=Verdict.INDEXED, threshold=settings.indexed)
        members.append(told)
    return replace(found, members=tuple(members))
