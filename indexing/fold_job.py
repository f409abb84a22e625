"""An index to fold, and how its work is handed to workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from core.cancellation import CancellationToken
from core.settings import FoldingSettings
from indexing.executors import BatchExecutor, ProcessExecutor, in_batches, usable_cores
from indexing.folding.compare import Renamed, RenameTask
from indexing.folding.explain import Explained, ExplainTask
from indexing.folding.streams import KeptStreams, Streams, StreamTask

_BATCH_BYTES = 500_000
_MOST_THREADS = 8
_Item = TypeVar("_Item", StreamTask, RenameTask, ExplainTask)
_Result = TypeVar("_Result", Streams, Renamed, Explained)
_LIGHTER = 2
"""To read a function again, or to tell how two differ, takes at most half as long a byte (0.25 s a megabyte) as to take a
file apart, by which it is judged whether workers are worth their start."""


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
    """An index to fold; `threads` compare functions (-1: one a core), those that are `kept` need not be read again."""

    folder: Path
    settings: FoldingSettings
    open_executor: OpenExecutor
    threads: int
    kept: KeptStreams = field(default_factory=KeptStreams)


def threads_of(job: FoldJob) -> int:
    """How many threads look for likely pairs: each keeps those that it has found."""
    return min(job.threads if job.threads > 0 else usable_cores(), _MOST_THREADS)


def run_tasks(
    job: FoldJob,
    tasks: Iterable[_Item],
    work: Callable[[Sequence[_Item]], list[_Result]],
    give_up: Callable[[_Item, str], _Result],
    cancellation: CancellationToken,
    total: int | None = None,
) -> tuple[list[_Result], float]:
    """The results, and the CPU seconds that other processes spent on them. Where it is told how large all tasks are in
    `total`, about, each is made when a worker is free for it."""
    batches: Iterator[Sequence[_Item]]
    if total is None:
        tasks = list(tasks)
        total = sum(task.size for task in tasks)
        batches = in_batches(tasks, _BATCH_BYTES, lambda task: task.size)
    else:
        batches = ([task] for task in tasks)
    executor = job.open_executor(total // _LIGHTER, work, give_up, lambda task: task.size)
    results = [result for batch in executor.run(batches, cancellation) for result in batch]
    elsewhere = isinstance(executor, ProcessExecutor)
    return results, sum(result.seconds for result in results) if elsewhere else 0.0
