"""The tree around the needles: some of a source's own files, copied."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import SourceError
from core.model.source import SourceFile
from core.paths import to_os
from indexing.intake.workspace import Workspace

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Haystack:
    """Files of a source in the order of their paths and the bytes they come to; `whole` when these are all of them."""

    files: tuple[SourceFile, ...]
    bytes: int
    whole: bool


def choose_files(files: Sequence[SourceFile], megabytes: float, seed: int) -> Haystack:
    """Files that come to at most `megabytes`, drawn from the whole source, so that a small tree is as mixed as a large one.

    Of one seed a smaller tree nearly always lies within a larger one: files are taken in one drawn order as far as they
    fit. A file is never taken twice.
    """
    limit = round(megabytes * MEGABYTE)
    drawn = sorted(files, key=lambda file: file.path)
    random.Random(seed).shuffle(drawn)
    taken: list[SourceFile] = []
    total = 0
    for file in drawn:
        if total + file.size <= limit:
            taken.append(file)
            total += file.size
    return Haystack(tuple(sorted(taken, key=lambda file: file.path)), total, len(taken) == len(drawn))


def copy_files(workspace: Workspace, files: Iterable[SourceFile], tree: Path, cancellation: CancellationToken) -> None:
    """Copy the files below `tree`; none is linked, for what is planted must not reach the source. Raises SourceError."""
    for file in files:
        cancellation.check("copying the source")
        target = tree / to_os(file.path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(workspace.locate(file.path), target, follow_symlinks=False)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            next_step = "try again, or name a folder with more room in TMPDIR"
            raise SourceError(f"cannot copy {file.path}", why, next_step) from None
