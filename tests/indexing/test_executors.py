"""Batches come back whole, also when a worker dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError, NotThereYetError, UsageError
from indexing.executors import ProcessExecutor, SerialExecutor, open_executor


def double(batch: Sequence[int]) -> list[int]:
    return [2 * item for item in batch]


def double_or_die(batch: Sequence[int]) -> list[int]:
    if 13 in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return double(batch)


def gone(item: int) -> int:
    return -item


BATCHES = [list(range(first, first + 5)) for first in range(0, 30, 5)]


def test_processes_and_this_process_give_the_same() -> None:
    token = CancellationToken()
    here = sorted(x for batch in SerialExecutor(double).run(BATCHES, token) for x in batch)
    there = sorted(x for batch in ProcessExecutor(double, gone, 2).run(BATCHES, token) for x in batch)
    assert here == there == [2 * x for x in range(30)]


def test_a_worker_that_dies_costs_only_the_item_that_killed_it() -> None:
    found = [x for batch in ProcessExecutor(double_or_die, gone, 2).run(BATCHES, CancellationToken()) for x in batch]
    assert sorted(found) == sorted([-13, *(2 * x for x in range(30) if x != 13)])


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
    with pytest.raises(NotThereYetError, match="Dask"):
        open_executor("dask=tcp://127.0.0.1:8786", 0, double, gone)
    with pytest.raises(UsageError, match="no executor 'cloud'"):
        open_executor("cloud", 0, double, gone)
