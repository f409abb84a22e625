"""Batches on a Dask cluster: addresses, and a real scheduler with two worker processes, one of which is killed midway."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

pytest.importorskip("distributed")

from core.cancellation import CancellationToken
from core.errors import CodestrataError, UsageError
from indexing import dask_executor
from indexing.dask_executor import Cluster, DaskExecutor, check_cluster, parse_address
from indexing.executors import CRASHED
from tests.dask_cluster import dask_cluster

WORKERS = 2
pytestmark = pytest.mark.filterwarnings("ignore")


DEADLY, WRONG = 1013, 2013


def double(batch: Sequence[int]) -> list[int]:
    """One function for all tests: each worker starts a process for each that it is given."""
    if DEADLY in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    if WRONG in batch:
        raise ValueError("thirteen")
    time.sleep(0.05)
    return [2 * item for item in batch]


def reason_of(item: int, reason: str) -> tuple[int, str]:
    return item, reason


def weightless(_item: int) -> int:
    return 0


def as_it_is(item: int) -> int:
    return item


@dataclass(frozen=True)
class Running:
    cluster: Cluster
    workers: list[subprocess.Popen[bytes]]

    def run(self, batches: Sequence[Sequence[int]]) -> Iterator[list[object]]:
        executor: DaskExecutor[int, object] = DaskExecutor(self.cluster, double, reason_of, weightless, as_it_is)  # type: ignore[arg-type]
        return executor.run(batches, CancellationToken())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with dask_cluster(tmp_path_factory.mktemp("dask"), WORKERS) as (address, workers):
        yield Running(parse_address(address), workers)


def test_addresses() -> None:
    assert parse_address("10.0.0.1:8786") == Cluster("tcp://10.0.0.1:8786")
    assert parse_address("tcp://h:1?shared=yes").shared
    assert parse_address("tls://h:1?ca=a.pem&cert=c.pem&key=k.pem").tls == (
        ("tls_ca_file", "a.pem"),
        ("tls_client_cert", "c.pem"),
        ("tls_client_key", "k.pem"),
    )
    for wrong in ("", "tcp://h:1?shared=maybe", "tcp://h:1?password=x"):
        with pytest.raises(UsageError):
            parse_address(wrong)


def test_a_cluster_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_executor, "_CONNECT_SECONDS", 1)
    with pytest.raises(CodestrataError, match=r"cannot be worked with: .*--executor local"):
        check_cluster(parse_address("127.0.0.1:9"))
    with pytest.raises(CodestrataError, match="cannot be worked with"):
        check_cluster(parse_address("tls://127.0.0.1:9?ca=/no/such.pem"))


def test_all_come_back_and_an_item_that_kills_costs_itself_alone(running: Running) -> None:
    check_cluster(running.cluster)
    batches = [[*range(first, first + 5)] for first in range(0, 30, 5)]
    batches[2].append(DEADLY)
    found = [x for batch in running.run(batches) for x in batch]
    assert [x for x in found if isinstance(x, tuple)] == [(DEADLY, CRASHED)]
    assert sorted(x for x in found if isinstance(x, int)) == [2 * x for x in range(30)]
    assert all(worker.poll() is None for worker in running.workers)


def test_what_the_work_raises_is_raised(running: Running) -> None:
    with pytest.raises(ValueError, match="thirteen"):
        list(running.run([[1, WRONG]]))


def test_workers_with_other_versions_are_told(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_executor, "FEATURE_VERSION", 999)
    dask_executor._versions.cache_clear()
    try:
        with pytest.raises(CodestrataError, match=r"Dask worker \S+ does not fit: it has Codestrata .* on Python 3"):
            check_cluster(running.cluster)
    finally:
        dask_executor._versions.cache_clear()


def test_a_batch_of_a_stalled_worker_is_handed_out_again(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_executor, "_OVERDUE_SECONDS", 1.0)
    monkeypatch.setattr(dask_executor, "_OVERDUE_TIMES", 1)
    made = [[first] for first in range(40)]
    results = running.run(made)
    found = list(next(results))
    stalled = running.workers[0]
    stalled.send_signal(signal.SIGSTOP)
    try:
        found += [x for batch in results for x in batch]
    finally:
        stalled.send_signal(signal.SIGCONT)
    assert sorted(found) == [2 * x for x in range(40)]  # type: ignore[type-var]


def test_a_worker_that_is_killed_midway_costs_nothing(running: Running) -> None:
    made = [[first] for first in range(40)]
    results = running.run(made)
    found = list(next(results))
    running.workers[1].kill()
    found += [x for batch in results for x in batch]
    assert sorted(found) == [2 * x for x in range(40)]  # type: ignore[type-var]
