"""Batches come back whole, also when a worker dies."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError, CodestrataError, UsageError
from indexing.executors import (
    BYTES_PER_SECOND,
    TOO_SLOW,
    ProcessExecutor,
    SerialExecutor,
    open_executor,
    open_fitting_executor,
)
from indexing.workers import WorkerPool


def double(batch: Sequence[int]) -> list[int]:
    return [2 * item for item in batch]


def double_or_die(batch: Sequence[int]) -> list[int]:
    if 13 in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return double(batch)


def double_or_wait(batch: Sequence[int]) -> list[int]:
    if 13 in batch:
        threading.Event().wait()
    return double(batch)


def double_or_hold(batch: Sequence[int]) -> list[int]:
    if 13 in batch:  # holds the interpreter, as a parser does that does not come back
        re.match("(a+)+$", "a" * 40 + "b")
    return double(batch)


def double_or_raise(batch: Sequence[int]) -> list[int]:
    if 13 in batch:
        raise ValueError("thirteen")
    return double(batch)


def gone(item: int, _reason: str) -> int:
    return -item


def reason_of(item: int, reason: str) -> tuple[int, str]:
    return item, reason


BATCHES = [list(range(first, first + 5)) for first in range(0, 30, 5)]


def test_processes_and_this_process_give_the_same() -> None:
    token = CancellationToken()
    here = sorted(x for batch in SerialExecutor(double).run(BATCHES, token) for x in batch)
    there = sorted(x for batch in ProcessExecutor(double, gone, 2).run(BATCHES, token) for x in batch)
    assert here == there == [2 * x for x in range(30)]


def test_a_worker_that_dies_costs_only_the_item_that_killed_it() -> None:
    found = [x for batch in ProcessExecutor(double_or_die, gone, 2).run(BATCHES, CancellationToken()) for x in batch]
    assert sorted(found) == sorted([-13, *(2 * x for x in range(30) if x != 13)])


@pytest.mark.parametrize(("work", "patience"), [(double_or_wait, 0.5), (double_or_hold, 1.5)])
def test_a_worker_that_hangs_costs_only_the_item_it_hangs_on(
    work: Callable[[Sequence[int]], list[int]], patience: float
) -> None:
    executor: ProcessExecutor[int, int | tuple[int, str]] = ProcessExecutor(work, reason_of, 2, patience=patience)
    began = time.monotonic()
    found = [x for batch in executor.run(BATCHES, CancellationToken()) for x in batch]
    assert sorted(x for x in found if isinstance(x, int)) == [2 * x for x in range(30) if x != 13]
    assert [x for x in found if not isinstance(x, int)] == [(13, TOO_SLOW)]
    assert time.monotonic() - began < 60


def test_more_bytes_have_more_time() -> None:
    executor = ProcessExecutor(double_slowly, gone, 1, weigh=lambda _: 20 * BYTES_PER_SECOND, patience=0.05)
    assert list(executor.run([[1]], CancellationToken())) == [[2]]
    hasty = ProcessExecutor(double_slowly, gone, 1, patience=0.05)
    assert list(hasty.run([[1]], CancellationToken())) == [[-1]]


def double_slowly(batch: Sequence[int]) -> list[int]:
    """A second of work."""
    until = time.process_time() + 1
    while time.process_time() < until:
        pass
    return double(batch)


def test_waiting_on_a_busy_machine_is_not_hanging() -> None:
    executor = ProcessExecutor(double_late, gone, 1, patience=0.5)
    assert list(executor.run([[1]], CancellationToken())) == [[2]]


def double_late(batch: Sequence[int]) -> list[int]:
    time.sleep(1.5)
    return double(batch)


def test_a_hanging_worker_does_not_hold_up_the_end() -> None:
    token = CancellationToken()
    results = ProcessExecutor(double_or_hold, gone, 2).run([[13, *range(20_000)], [1], [2], [13], [13]], token)
    next(results)
    threading.Timer(0.5, token.cancel).start()
    began = time.monotonic()
    with pytest.raises(CancelledError):
        list(results)
    assert time.monotonic() - began < 2.5
    assert not multiprocessing.active_children()


def test_what_the_work_raises_is_raised_with_its_trace() -> None:
    with pytest.raises(ValueError, match="thirteen") as raised:
        list(ProcessExecutor(double_or_raise, gone, 2).run(BATCHES, CancellationToken()))
    assert "double_or_raise" in "".join(raised.value.__notes__)


def test_results_that_nobody_takes_do_not_count_as_hanging() -> None:
    results = ProcessExecutor(large, gone, 2, patience=1.0).run(BATCHES, CancellationToken())
    first = next(results)
    time.sleep(2.5)
    assert sorted(len(x) for x in [*first, *(x for batch in results for x in batch)]) == [1_000_000] * 30


def large(batch: Sequence[int]) -> list[bytes]:
    return [bytes(1_000_000) for _ in batch]


class SlowToLoad:
    """Work that takes two seconds to be received, as everything does on a busy machine."""

    def __call__(self, batch: Sequence[int]) -> list[int]:
        return double(batch)

    def __reduce__(self) -> tuple[object, ...]:
        return loaded_slowly, ()


def loaded_slowly() -> SlowToLoad:
    time.sleep(2)
    return SlowToLoad()


def test_a_batch_is_not_to_blame_for_how_long_its_worker_takes_to_start() -> None:
    executor = ProcessExecutor(SlowToLoad(), gone, 1, patience=0.1)  # a second on the clock
    assert list(executor.run([[1], [2]], CancellationToken())) == [[2], [4]]


def test_a_worker_that_never_begins_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexing.workers.START_SECONDS", 0.0)
    with pytest.raises(CodestrataError, match=r"cannot be started.*has not begun after"):
        list(ProcessExecutor(SlowToLoad(), gone, 1).run([[1]], CancellationToken()))
    assert not multiprocessing.active_children()


def test_a_worker_that_cannot_start_is_told() -> None:
    with pytest.raises(CodestrataError, match="cannot be started"):
        list(ProcessExecutor(Unloadable(), gone, 2).run(BATCHES, CancellationToken()))


def test_workers_go_on_from_one_kind_of_work_to_the_next() -> None:
    pool = WorkerPool()
    try:
        first = {x for batch in ProcessExecutor(who, gone, 2, kept=pool).run(BATCHES, CancellationToken()) for x in batch}
        found = list(ProcessExecutor(who_and_double, gone, 2, kept=pool).run(BATCHES, CancellationToken()))
        assert {process for batch in found for process, _ in batch} <= first
        assert sorted(doubled for batch in found for _, doubled in batch) == [2 * x for x in range(30)]
    finally:
        pool.close()
    assert not multiprocessing.active_children()


def test_a_kept_worker_that_died_meanwhile_costs_nothing() -> None:
    pool = WorkerPool()
    try:
        list(ProcessExecutor(who, gone, 1, kept=pool).run(BATCHES, CancellationToken()))
        for child in multiprocessing.active_children():
            child.kill()
            child.join()
        found = list(ProcessExecutor(double, gone, 1, kept=pool).run(BATCHES, CancellationToken()))
        assert sorted(x for batch in found for x in batch) == [2 * x for x in range(30)]
    finally:
        pool.close()


def test_workers_that_were_started_ahead_are_used_for_little_work() -> None:
    pool = WorkerPool()
    try:
        pool.warm(who, 2)
        ahead = {child.pid for child in multiprocessing.active_children()}
        little = open_fitting_executor("local", 2, 200_000, who, gone, lambda _: 0, pool)
        found = {x for batch in little.run(BATCHES, CancellationToken()) for x in batch}
        assert found
        assert found <= ahead
        assert isinstance(open_fitting_executor("local", 2, 1_000, who, gone, lambda _: 0, pool), SerialExecutor)
        assert isinstance(open_fitting_executor("local", 2, 200_000, who, gone, lambda _: 0, WorkerPool()), SerialExecutor)
    finally:
        pool.close()
    assert not multiprocessing.active_children()


def test_workers_let_go_of_what_they_hold_and_go_on() -> None:
    pool = WorkerPool()
    try:
        pool.warm(held, 1)
        assert [list(batch) for batch in ProcessExecutor(held, gone, 1, kept=pool).run([[1]], CancellationToken())] == [[1]]
        pool.let_go(forget)
        assert [list(batch) for batch in ProcessExecutor(held, gone, 1, kept=pool).run([[2]], CancellationToken())] == [[1]]
        assert [list(batch) for batch in ProcessExecutor(held, gone, 1, kept=pool).run([[3]], CancellationToken())] == [[2]]
    finally:
        pool.close()


HELD: list[int] = []


def held(batch: Sequence[int]) -> list[int]:
    HELD.extend(batch)
    return [len(HELD)]


def forget() -> None:
    HELD.clear()


def test_workers_of_a_run_that_stops_early_are_not_kept() -> None:
    pool = WorkerPool()
    results = ProcessExecutor(who, gone, 2, kept=pool).run(BATCHES, CancellationToken())
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


def who(batch: Sequence[int]) -> list[int]:
    return [os.getpid() for _ in batch]


def who_and_double(batch: Sequence[int]) -> list[tuple[int, int]]:
    return [(os.getpid(), 2 * x) for x in batch]


class Unloadable:
    """Work that can be sent and not be received."""

    def __call__(self, batch: Sequence[int]) -> list[int]:
        return list(batch)

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (3,)


def test_a_worker_that_dies_while_a_result_is_stored_costs_nothing() -> None:
    results = ProcessExecutor(double, gone, 1).run(BATCHES, CancellationToken())
    found = list(next(results))
    for child in multiprocessing.active_children():  # nothing waits for the pool now, so its end is met by the next batch
        child.kill()
        child.join()
    time.sleep(0.5)  # the pool's own thread marks it broken
    assert sorted([*found, *(x for batch in results for x in batch)]) == [2 * x for x in range(30)]


PARENT = """
import os, signal, time
from core.cancellation import CancellationToken
from indexing.executors import ProcessExecutor

def pids(batch):
    return [os.getpid() for _ in batch]

if __name__ == "__main__":
    results = ProcessExecutor(pids, int, 1).run(([i] for i in range(100)), CancellationToken())
    print(next(results)[0], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends SIGKILL")
def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)
    worker = int(done.stdout)
    deadline = time.monotonic() + 20
    while _alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(worker)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def test_cancelling_stops_between_batches() -> None:
    token = CancellationToken()
    results = SerialExecutor(double).run(BATCHES, token)
    next(results)
    token.cancel()
    with pytest.raises(CancelledError):
        next(results)


def test_an_executor_is_chosen_by_name() -> None:
    assert isinstance(open_executor("serial", 0, double, gone), SerialExecutor)
    assert isinstance(open_executor("local", 1, double, gone), ProcessExecutor)
    assert isinstance(open_executor("dask=tcp://127.0.0.1:8786", 1, double, gone), ProcessExecutor)
    with pytest.raises(UsageError, match="no executor 'cloud'"):
        open_executor("cloud", 0, double, gone)
