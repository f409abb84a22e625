"""One tree measured: copied, planted, indexed with the ordinary pipeline, and asked for every needle."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.cancellation import CancellationToken
from core.model.needle import NeedleFinding, NeedleRow
from core.model.ranking import Hit
from core.paths import to_os
from core.progress import Progress
from indexing.intake.private_folder import PrivateFolder
from indexing.intake.workspace import Workspace
from indexing.needles.haystack import Haystack, copy_files
from indexing.needles.naming import draw_names
from indexing.needles.planting import Planted, plant
from indexing.needles.templates import Needle, NeedleKind, needles
from indexing.report import Report

SEARCHED = 50
"""Ranks that are looked at for a needle; beyond, it is lost."""

BuildIndex = Callable[[Path, Path], Generator[Progress, None, Report]]
"""Indexes a folder into another."""
Visit = Callable[[Path, Path, Sequence[Planted]], None]
"""A tree, its index, and what is planted in it."""
Search = Callable[[Path, str, int], Sequence[Hit]]
"""The best so many places in an index for a question."""


def depths_of(count: int) -> tuple[float, ...]:
    """`count` depths, evenly from the beginning (0) to the end (1); a single one lies in the middle."""
    return tuple(round(number / (count - 1), 4) for number in range(count)) if count > 1 else (0.5,)


@dataclass(frozen=True, slots=True)
class Job:
    """A tree to measure: the files of `workspace` in it, the size it was asked to have, the depths to plant at (0 to 1), and
    what the needles are drawn by."""

    workspace: Workspace
    haystack: Haystack
    size_mb: float
    depths: tuple[float, ...]
    seed: int


def measure(
    job: Job, build: BuildIndex, search: Search, cancellation: CancellationToken, visit: Visit | None = None
) -> Generator[Progress, None, NeedleRow]:
    """Plant a function and a fact at each depth, and find them; a generator of progress. `visit` sees each planted tree
    while it is there.

    A needle stands but once in a tree, for in other words two of it could not be told apart. Where there are more depths
    than needles, the same tree is planted anew and its index brought up to date. The tree and its index are gone
    afterwards, however this ends.
    """
    workspace, haystack, depths = job.workspace, job.haystack, job.depths
    folder = PrivateFolder(cancellation)
    try:
        copy_files(workspace, haystack.files, folder.tree, cancellation)
        rng = random.Random(f"{job.seed} {job.size_mb}")
        functions, facts = _drawn(rng)
        names = draw_names(needles(), [folder.tree / to_os(file.path) for file in haystack.files], rng, cancellation)
        found: list[list[NeedleFinding]] = [[] for _ in depths]
        at_once = min(len(functions), len(facts))
        for first in range(0, len(depths), at_once):
            chosen = [
                (depths[number], number, needle, names[needle.id])
                for number in range(first, min(first + at_once, len(depths)))
                for needle in (functions[number - first], facts[number - first])
            ]
            planted = list(plant(folder.tree, haystack.files, chosen))
            index = folder.scratch / "index"
            yield from build(folder.tree, index)
            for place in planted:
                cancellation.check("asking for the needles")
                found[place.depth].append(_ask(place, index, search))
            if visit is not None:
                visit(folder.tree, index, planted)
            # Without its needles again, for the next of them.
            changed = {place.path for place in planted}
            copy_files(workspace, [file for file in haystack.files if file.path in changed], folder.tree, cancellation)
        return NeedleRow(job.size_mb, haystack.bytes, len(haystack.files), tuple(map(tuple, found)))
    finally:
        folder.remove()


def _drawn(rng: random.Random) -> tuple[list[Needle], list[Needle]]:
    """Functions and facts, each in drawn order."""
    functions = [needle for needle in needles() if needle.kind is NeedleKind.FUNCTION]
    facts = [needle for needle in needles() if needle.kind is not NeedleKind.FUNCTION]
    rng.shuffle(functions)
    rng.shuffle(facts)
    return functions, facts


def _ask(place: Planted, index: Path, search: Search) -> NeedleFinding:
    needle = place.needle
    return NeedleFinding(
        needle=needle.id,
        kind=needle.kind,
        name=place.name,
        path=place.path,
        start_line=place.start_line,
        end_line=place.end_line,
        position=round(place.position, 4),
        shared=_rank(place, search(index, needle.question(place.name), SEARCHED)),
        paraphrase=_rank(place, search(index, needle.paraphrase, SEARCHED)),
    )


def _rank(place: Planted, hits: Sequence[Hit]) -> int | None:
    """The rank of the first hit that touches the needle's lines."""
    for rank, hit in enumerate(hits, 1):
        if hit.path == place.path and hit.start_line <= place.end_line and hit.end_line >= place.start_line:
            return rank
    return None
