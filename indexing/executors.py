"""Where batches are worked on: in this process, or in worker processes of this machine.

A worker that dies, or takes longer over a batch than is believable, is killed and replaced. The batch is then taken apart
and its items are tried one by one, so that only an item that does it again is given up.
"""

from __future__ import annotations

import multiprocessing.connection
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from core.cancellation import CancellationToken
from core.errors import UsageError
from indexing.workers import Worker, WorkerDiedError, WorkerPool

Item = TypeVar("Item")
Result = TypeVar("Result")
Item_contra = TypeVar("Item_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)

LOCAL = "local"
DASK = "dask="
"""What an executor on a cluster is called by: `dask=ADDRESS`."""
CRASHED, TOO_SLOW = "parser crashed", "took too long"
"""Why an item is given up."""

# One that is worked on and one that waits: no worker idles while results are stored, and results do not pile up in memory.
_BATCHES_A_WORKER = 2
_LAST_BATCHES = 8
"""Where less than so many full batches is left, what is left is shared out among as many, of an eighth at least."""
_CANCELLATION_SECONDS = 0.1
PATIENCE_SECONDS = 20.0
"""CPU time that any batch may take."""
BYTES_PER_SECOND = 50_000
"""What is added for its size: a twentieth of the usual speed."""
IN_PROCESS_BYTES = 1_500_000
"""Below this, starting worker processes takes longer than the work."""
_SHARED_BYTES = 150_000
"""The same where they have been started."""
STARVED = 10
"""So many times longer it may be on the clock: it may be one of many on a busy machine, or wait for a disk."""


class BatchExecutor(Protocol[Item_contra, Result_co]):
    """Runs one function over batches; results come in any order, in one sequence a batch."""

    def run(
        self, batches: Iterable[Sequence[Item_contra]], cancellation: CancellationToken
    ) -> Iterator[Sequence[Result_co]]: ...


class SerialExecutor(Generic[Item, Result]):
    """One batch after the other, in this process."""

    def __init__(self, work: Callable[[Sequence[Item]], list[Result]]) -> None:
        self._work = work

    def run(self, batches: Iterable[Sequence[Item]], cancellation: CancellationToken) -> Iterator[list[Result]]:
        for batch in batches:
            cancellation.check("reading files")
            yield self._work(batch)


class ProcessExecutor(Generic[Item, Result]):
    """Worker processes at low priority; those of a `kept` pool are used and go back to it, others end with each run.

    `give_up` makes the result of an item that kills its process or takes too long, given the reason; `weigh` tells the bytes
    of an item, which add to its `patience` in seconds of CPU time.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], list[Result]],
        give_up: Callable[[Item, str], Result],
        workers: int,
        weigh: Callable[[Item], int] = lambda _: 0,
        patience: float = PATIENCE_SECONDS,
        kept: WorkerPool | None = None,
    ) -> None:
        self._kept = kept
        self._work = work
        self._give_up = give_up
        self._workers = workers
        self._weigh = weigh
        self._patience = patience

    def run(self, batches: Iterable[Sequence[Item]], cancellation: CancellationToken) -> Iterator[list[Result]]:
        waiting = iter(batches)
        again: deque[Sequence[Item]] = deque()  # what a lost worker leaves: the items of its batch, and what waited
        pool: list[Worker[Item, Result]] = []
        is_done = False
        try:
            while self._hand_out(pool, again, waiting):
                by_connection = {worker.connection: worker for worker in pool}
                ready = multiprocessing.connection.wait(list(by_connection), _CANCELLATION_SECONDS)
                cancellation.check("reading files")
                for connection in ready:
                    worker = by_connection[connection]  # type: ignore[index]
                    try:
                        results = worker.receive()
                    except WorkerDiedError:
                        yield from self._lose(worker, pool, again, CRASHED)
                    else:
                        if results is not None:
                            yield results
                for worker in [worker for worker in pool if worker.batches]:
                    if self._is_overdue(worker):
                        yield from self._lose(worker, pool, again, TOO_SLOW)
            is_done = True
        finally:
            for worker in pool:
                if is_done and self._kept is not None:
                    self._kept.give_back(worker)
                else:
                    worker.kill()

    def _hand_out(
        self, pool: list[Worker[Item, Result]], again: deque[Sequence[Item]], waiting: Iterator[Sequence[Item]]
    ) -> bool:
        """Keep every worker busy, starting one where all are; returns whether anything is under way."""
        while len(pool) < self._workers or any(len(worker.batches) < _BATCHES_A_WORKER for worker in pool):
            batch = again.popleft() if again else next(waiting, None)
            if batch is None:
                break
            idle = min(pool, key=lambda worker: len(worker.batches), default=None)
            if idle is None or (idle.batches and len(pool) < self._workers):
                idle = Worker(self._work) if self._kept is None else self._kept.take(self._work)
                pool.append(idle)
            idle.send(batch)
        return any(worker.batches for worker in pool)

    def _is_overdue(self, worker: Worker[Item, Result]) -> bool:
        limit = self._patience + sum(map(self._weigh, worker.batches[0])) / BYTES_PER_SECOND
        seconds = worker.seconds()
        return seconds > limit and (seconds > STARVED * limit or worker.cpu_seconds() > limit)

    def _lose(
        self, worker: Worker[Item, Result], pool: list[Worker[Item, Result]], again: deque[Sequence[Item]], reason: str
    ) -> Iterator[list[Result]]:
        """Kill a worker; an item that it had alone is given up, all else is tried again."""
        worker.kill()
        pool.remove(worker)
        if not worker.batches:
            return
        suspect, *others = worker.batches
        again.extend(others)
        if len(suspect) > 1:
            again.extendleft([item] for item in reversed(suspect))
        else:
            yield [self._give_up(item, reason) for item in suspect]


def open_executor(
    name: str,
    workers: int,
    work: Callable[[Sequence[Item]], list[Result]],
    give_up: Callable[[Item, str], Result],
    weigh: Callable[[Item], int] = lambda _: 0,
    kept: WorkerPool | None = None,
) -> BatchExecutor[Item, Result]:
    """The executor called `name` for work that reads the index; `workers` of 0 means one a core. `give_up`, `weigh` and
    `kept` are those of ProcessExecutor. The index lies on this machine, so `dask=ADDRESS` has such work done here, too."""
    if name == "serial":
        return SerialExecutor(work)
    if name == LOCAL or name.startswith(DASK):
        return ProcessExecutor(work, give_up, workers or usable_cores(), weigh, kept=kept)
    raise UsageError(f"there is no executor '{name}'", "", "choose local, serial or dask=ADDRESS")


def open_fitting_executor(
    name: str,
    workers: int,
    total_bytes: int,
    work: Callable[[Sequence[Item]], list[Result]],
    give_up: Callable[[Item, str], Result],
    weigh: Callable[[Item], int],
    kept: WorkerPool | None = None,
) -> BatchExecutor[Item, Result]:
    """The executor called `name` for so much work; little of it is done in this process."""
    least = IN_PROCESS_BYTES if kept is None or not kept.has_idle() else _SHARED_BYTES
    if name == LOCAL and total_bytes < least:
        return SerialExecutor(work)
    return open_executor(name, workers, work, give_up, weigh, kept)


def usable_cores() -> int:
    """Cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_batches(items: Sequence[Item], size: int, weigh: Callable[[Item], int]) -> Iterator[list[Item]]:
    """The items in their order, so many together that they weigh `size` or more. Towards the end there are fewer, so that no
    worker is left alone with many; the last ones are as they are."""
    batch: list[Item] = []
    filled, left = 0, sum(map(weigh, items))
    for item in items:
        batch.append(item)
        filled += weigh(item)
        if filled * _LAST_BATCHES >= min(max(left, size), size * _LAST_BATCHES):
            left -= filled
            yield batch
            batch, filled = [], 0
    if batch:
        yield batch
