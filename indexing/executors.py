"""Where batches are worked on: in this process, or in worker processes of this machine.

A worker that dies takes its whole pool with it, and with the pool every batch under way. Those batches are then tried one at
a time, each alone in a process, and a batch that kills its process is halved until the item that does it is known; only that
item is given up.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, Protocol, TypeVar

from core.cancellation import CancellationToken
from core.errors import NotThereYetError, UsageError

Item = TypeVar("Item")
Result = TypeVar("Result")
Item_contra = TypeVar("Item_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)

# Enough that no worker waits for the committer, few enough that results do not pile up in memory.
_BATCHES_AHEAD = 2
_CANCELLATION_SECONDS = 0.1
_NICENESS = 10


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
    """A pool of worker processes at low priority; `give_up` makes the result of an item that kills its process."""

    def __init__(
        self, work: Callable[[Sequence[Item]], list[Result]], give_up: Callable[[Item], Result], workers: int
    ) -> None:
        self._work = work
        self._give_up = give_up
        self._workers = workers

    def run(self, batches: Iterable[Sequence[Item]], cancellation: CancellationToken) -> Iterator[list[Result]]:
        waiting = iter(batches)
        suspects: deque[Sequence[Item]] = deque()
        pool = self._pool(self._workers)
        running: dict[concurrent.futures.Future[list[Result]], Sequence[Item]] = {}
        try:
            while True:
                broken = False
                while len(running) < self._workers + _BATCHES_AHEAD and (batch := next(waiting, None)) is not None:
                    try:
                        running[pool.submit(self._work, batch)] = batch
                    except BrokenProcessPool:  # a worker died while the caller was busy with a result
                        suspects.append(batch)
                        broken = True
                        break
                if not running and not broken:
                    break
                done, _ = concurrent.futures.wait(
                    running, _CANCELLATION_SECONDS, return_when=concurrent.futures.FIRST_COMPLETED
                )
                cancellation.check("reading files")
                for future in done:
                    batch = running.pop(future)
                    try:
                        result = future.result()
                    except BrokenProcessPool:
                        suspects.append(batch)
                        broken = True
                    else:
                        yield result
                if broken:
                    suspects.extend(running.values())
                    running.clear()
                    pool.shutdown(wait=True, cancel_futures=True)
                    yield from self._examine(suspects, cancellation)
                    pool = self._pool(self._workers)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _examine(self, suspects: deque[Sequence[Item]], cancellation: CancellationToken) -> Iterator[list[Result]]:
        """Work on each suspect alone, halving one that kills its process."""
        while suspects:
            cancellation.check("reading files")
            batch = suspects.popleft()
            with self._pool(1) as pool:
                try:
                    result = pool.submit(self._work, batch).result()
                except BrokenProcessPool:
                    result = None
            if result is not None:
                yield result
            elif len(batch) == 1:
                yield [self._give_up(batch[0])]
            else:
                middle = len(batch) // 2
                suspects.extendleft((batch[middle:], batch[:middle]))

    def _pool(self, workers: int) -> concurrent.futures.ProcessPoolExecutor:
        # spawn: a fork would copy the committer's threads and open database; PYTHONSAFEPATH is inherited.
        context = multiprocessing.get_context("spawn")
        return concurrent.futures.ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker)


def open_executor(
    name: str, workers: int, work: Callable[[Sequence[Item]], list[Result]], give_up: Callable[[Item], Result]
) -> BatchExecutor[Item, Result]:
    """The executor called `name` (`local`, `serial`, `dask=ADDRESS`); `workers` of 0 means one a core."""
    if name == "serial":
        return SerialExecutor(work)
    if name == "local":
        return ProcessExecutor(work, give_up, workers or usable_cores())
    if name.startswith("dask="):
        raise NotThereYetError("indexing on Dask is not there yet", "", "use '--executor local'")
    raise UsageError(f"there is no executor '{name}'", "", "choose local or serial")


def usable_cores() -> int:
    """Cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin_worker() -> None:
    """Work at low priority, leave Ctrl-C to the process that was asked, and end with it."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()


def _end_with_parent() -> None:
    """Leave as soon as the parent is gone: every worker holds the queue open, so none would ever see its end."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
