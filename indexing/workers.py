"""One worker process: batches in, results out, in their order, over a pipe of its own.

Nothing is shared with other workers, so one can be killed without the rest noticing. A thread of this process sends the
batches: a worker that hangs reads nothing, and whoever waits for it must not hang with it.
"""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import multiprocessing.connection
import os
import pickle
import queue
import signal
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core.errors import CodestrataError

Item = TypeVar("Item")
Result = TypeVar("Result")

_NICENESS = 10
_BATCHES_A_COLLECTION = 64
START_SECONDS = 120.0
"""What a process may take to be there: half a second of work, of which a busy machine gives one at low priority a tenth."""
_END_SECONDS = 5.0
"""What a killed process may take to be gone; one that waits for a broken disk takes longer."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """What a worker says first: it has started, and what kills it from now on is its work."""


@dataclass(frozen=True, slots=True)
class _Failed:
    """The work raised, which is a bug."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class _Turn(Generic[Item, Result]):
    """Instead of a batch: what a worker does with all that follow."""

    work: Callable[[Sequence[Item]], list[Result]]


@dataclass(frozen=True, slots=True)
class _LetGo:
    """Instead of a batch: what a worker does once, without an answer."""

    of: Callable[[], None]


class WorkerDiedError(Exception):
    """The process is gone, and with it the batch that it was working on."""


class Worker(Generic[Item, Result]):
    """A process that runs `work` on every batch that is sent to it. Raises CodestrataError where it cannot be started."""

    def __init__(self, work: Callable[[Sequence[Item]], list[Result]]) -> None:
        # spawn: a fork would copy the committer's threads and open database; PYTHONSAFEPATH is inherited.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(work, theirs), name="worker", daemon=True)
        self._process.start()
        theirs.close()
        self.batches: deque[Sequence[Item]] = deque()
        """What has been sent and not answered; the first is being worked on."""
        self._begin()
        self._ready = False
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threading.Thread(target=self._feed, name="worker-feeder", daemon=True).start()

    def send(self, batch: Sequence[Item]) -> None:
        """Add a batch to its queue; never waits."""
        if not self.batches:
            self._begin()
        self.batches.append(batch)
        self._outbox.put(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL))

    def turn_to(self, work: Callable[[Sequence[Item]], list[Result]]) -> None:
        """Do other work on what is sent from now on; for a worker that has nothing to do."""
        self._outbox.put(pickle.dumps(_Turn(work), pickle.HIGHEST_PROTOCOL))

    def let_go(self, of: Callable[[], None]) -> None:
        """Call this there; for a worker that has nothing to do."""
        self._outbox.put(pickle.dumps(_LetGo(of), pickle.HIGHEST_PROTOCOL))

    def receive(self) -> list[Result] | None:
        """The results of the first batch, once the connection has something to read; None for a word before the first.

        Raises WorkerDiedError, and whatever the work raised.
        """
        try:
            answer: _Ready | _Failed | list[Result] = self.connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            if not self._ready:
                raise _cannot_start(f"the process ended with code {self._exit_code()} before it began") from None
            raise WorkerDiedError from None
        self._begin()
        if isinstance(answer, _Ready):
            self._ready = True
            return None
        self.batches.popleft()
        if isinstance(answer, _Failed):
            raise answer.error
        return answer

    def seconds(self) -> float:
        """How long it has been working on its first batch; 0 where it has none, an answer is waiting, or it still starts.

        Raises CodestrataError where it takes more than START_SECONDS to start, which no batch is to blame for.
        """
        if not self.batches or self.connection.poll():
            return 0.0
        seconds = time.monotonic() - self._began
        if self._ready:
            return seconds
        if seconds > START_SECONDS:
            raise _cannot_start(f"the process has not begun after {START_SECONDS:.0f} seconds")
        return 0.0

    def cpu_seconds(self) -> float:
        """The CPU time of that: on a busy machine a process at low priority waits far more than it works."""
        return self._cpu() - self._cpu_began

    def _begin(self) -> None:
        """Work on the first batch begins, or has begun a little earlier."""
        self._began, self._cpu_began = time.monotonic(), self._cpu()

    def _cpu(self) -> float:
        import psutil

        try:
            times = psutil.Process(self._process.pid).cpu_times()
        except psutil.Error:  # it is gone, which whoever reads is told
            return 0.0
        return float(times.user + times.system)

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()
        self._process.join(_END_SECONDS)
        self._outbox.put(None)
        self.connection.close()

    def _exit_code(self) -> int | None:
        self._process.join(1.0)
        return self._process.exitcode

    def _feed(self) -> None:
        while (data := self._outbox.get()) is not None:
            try:
                self.connection.send_bytes(data)
            except OSError:  # it died, which whoever reads is told
                return


class WorkerPool:
    """Workers that have nothing to do, kept for the next kind of work: to start one takes half a second, most of it to load
    what it works with."""

    def __init__(self) -> None:
        self._idle: list[Worker[Any, Any]] = []

    def take(self, work: Callable[[Sequence[Item]], list[Result]]) -> Worker[Item, Result]:
        """A worker for this work, started where none is idle. Raises what starting one does."""
        if not self._idle:
            return Worker(work)
        worker: Worker[Item, Result] = self._idle.pop()
        worker.turn_to(work)
        return worker

    def warm(self, work: Callable[[Sequence[Any]], list[Any]], workers: int) -> None:
        """Have so many workers for this work start while this process does something else."""
        while len(self._idle) < workers:
            self._idle.append(Worker(work))

    def has_idle(self) -> bool:
        """Whether one would not have to be started."""
        return bool(self._idle)

    def let_go(self, of: Callable[[], None]) -> None:
        """Call this in all of them: what they hold for work that is done."""
        for worker in self._idle:
            worker.let_go(of)

    def give_back(self, worker: Worker[Any, Any]) -> None:
        """Keep a worker that has answered all it was sent."""
        self._idle.append(worker)

    def close(self) -> None:
        """End the workers."""
        while self._idle:
            self._idle.pop().kill()


def _cannot_start(why: str) -> CodestrataError:
    return CodestrataError("a worker cannot be started", why, "try '--executor serial'")


def _serve(work: Callable[[Sequence[Item]], list[Result]], connection: multiprocessing.connection.Connection) -> None:
    """The life of a worker: low priority, Ctrl-C left to the process that was asked, and an end with that one."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    connection.send(_Ready())
    # Work makes records by the million and hardly any circles among them: looking for some takes a tenth of the time.
    gc.disable()
    for turn in itertools.count(1):
        try:
            batch = pickle.loads(connection.recv_bytes())
        except EOFError:
            return
        if isinstance(batch, _Turn):
            work = batch.work
            continue
        if isinstance(batch, _LetGo):
            batch.of()
            continue
        if turn % _BATCHES_A_COLLECTION == 0:
            gc.collect()
        try:
            answer: _Failed | list[Result] = work(batch)
        except Exception as error:  # noqa: BLE001 - it is raised again by whoever waits for the results
            answer = _Failed(_picklable(error))
        connection.send(answer)


def _picklable(error: Exception) -> Exception:
    """The error with its trace as a note, which a pickle would lose; what cannot be pickled is told in words."""
    trace = "".join(traceback.format_exception(error))
    try:
        error = pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - an error's own pickling may raise anything
        error = RuntimeError(repr(error))
    error.add_note(trace)
    return error


def _end_with_parent() -> None:
    """Leave as soon as the parent is gone: work that goes on for long does not look at its pipe."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
