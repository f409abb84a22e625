"""Batches worked on by the workers of a Dask cluster: batches out, results back, everything else stays here.

On each worker a process of its own does the work, as on this machine (`executors.py`): a file that kills or hangs it is
found and given up there, and costs the cluster nothing. Dask does a batch again whose worker is lost. A batch that is long
overdue, because its worker stalls without being lost, is handed out a second time, and what comes first counts.

An address is one of Dask's, with options as in a URL: `tcp://HOST:8786?shared=yes` where the workers see the source under
the same path (else the bytes of the files are sent along), `tls://HOST:8786?ca=FILE&cert=FILE&key=FILE` for TLS. What Dask's
own configuration says holds as well.
"""

from __future__ import annotations

import contextlib
import functools
import math
import pickle
import platform
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic
from urllib.parse import parse_qsl

import zstandard

from core.cancellation import CancellationToken
from core.errors import CodestrataError, MissingPartError, UsageError
from indexing.executors import CRASHED, Item, ProcessExecutor, Result
from indexing.stores.sqlite.schema import FEATURE_VERSION
from indexing.workers import WorkerPool

if TYPE_CHECKING:
    from distributed import Client, Future

_OPTIONS = {"ca": "tls_ca_file", "cert": "tls_client_cert", "key": "tls_client_key"}
_CONNECT_SECONDS = 10
_WORKERS_SECONDS = 30.0
"""How long there may be no worker, at the beginning or later, until that is told."""
_POLL_SECONDS = 0.1
_ASK_SECONDS = 1.0
_BATCHES_A_THREAD = 2
_MOST_AHEAD = 128
"""Batches that may be under way or wait for one before them: results are some 300 kB each."""
_OVERDUE_SECONDS = 60.0
_OVERDUE_TIMES = 10
"""A batch is handed out again when it has taken so many times the median of the others, and at least so many seconds."""
_TRIES = 3
"""How often a batch is handed out whose worker was lost with its answer."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask scheduler: its address, whether its workers see the source under the same path, and Dask's options for TLS."""

    address: str
    shared: bool = False
    tls: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Versions:
    """What a worker must have in common with this process."""

    codestrata: str
    features: int
    python: str


@dataclass(slots=True)
class _Handed(Generic[Item]):
    """What was handed out of the batch at `place`: since when, and how often."""

    place: int
    batch: Sequence[Item]
    since: float = 0.0
    tries: int = 1


def parse_address(text: str) -> Cluster:
    """Read `ADDRESS[?shared=yes&ca=FILE&cert=FILE&key=FILE]`; UsageError where it says something else."""
    address, _, query = text.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if not address or (unknown := sorted(options.keys() - {"shared", *_OPTIONS})):
        why = f"'{unknown[0]}' is no option of it" if address else "it is empty"
        raise UsageError(f"'{text}' is no address of a Dask scheduler", why, "write it as dask=tcp://HOST:8786")
    if options.get("shared", "no") not in ("yes", "no"):
        raise UsageError("'shared' must be yes or no", "", "say yes where the workers see the source under the same path")
    tls = tuple((_OPTIONS[name], value) for name, value in options.items() if name in _OPTIONS)
    return Cluster(address if "://" in address else f"tcp://{address}", options.get("shared") == "yes", tls)


def check_cluster(cluster: Cluster) -> None:
    """Raise CodestrataError, in one line, where the scheduler cannot be reached, has no workers, or one has another version
    of this program or of Python; MissingPartError without Dask here."""
    with _connected(cluster):
        pass


class _InOrder(Generic[Result]):
    """Results by the place of their batch, given out in the order of batches: so that an index does not depend on which
    worker was faster."""

    def __init__(self) -> None:
        self._found: dict[int, list[Result]] = {}
        self._missing: dict[int, int] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._found)

    def expect(self, place: int, items: int) -> None:
        """So many results are to come for a place."""
        self._found[place], self._missing[place] = [], items

    def put(self, place: int, results: Sequence[Result]) -> Iterator[list[Result]]:
        """Take results in; gives whole batches, as far as none before them is missing."""
        self._found[place].extend(results)
        self._missing[place] -= len(results)
        while self._missing.get(self._next) == 0:
            del self._missing[self._next]
            yield self._found.pop(self._next)
            self._next += 1


class DaskExecutor(Generic[Item, Result]):
    """Runs batches on a cluster; a `BatchExecutor`. `prepare` makes an item fit to leave this machine; `give_up` and `weigh`
    are those of ProcessExecutor and, like `work`, importable on the workers."""

    def __init__(
        self,
        cluster: Cluster,
        work: Callable[[Sequence[Item]], list[Result]],
        give_up: Callable[[Item, str], Result],
        weigh: Callable[[Item], int],
        prepare: Callable[[Item], Item],
    ) -> None:
        self._cluster = cluster
        self._job = _Job(work, give_up, weigh)
        self._give_up = give_up
        self._prepare = prepare
        self._some_done = threading.Event()
        self._ordered = _InOrder[Result]()

    def run(self, batches: Iterable[Sequence[Item]], cancellation: CancellationToken) -> Iterator[list[Result]]:
        waiting, again = enumerate(batches), deque[_Handed[Item]]()
        ordered = self._ordered = _InOrder[Result]()
        with _connected(self._cluster) as client:
            under_way: dict[Future, _Handed[Item]] = {}
            times: list[float] = []
            crew = _Crew(client, self._cluster)
            while self._hand_out(client, crew.threads(), under_way, again, waiting) or again:
                cancellation.check("reading files")
                self._some_done.wait(_POLL_SECONDS)
                self._some_done.clear()
                for future in [future for future in under_way if future.done()]:
                    if future not in under_way:
                        continue
                    handed = under_way.pop(future)
                    if future.status == "finished":
                        for twin in [other for other, same in under_way.items() if same is handed]:
                            del under_way[twin]
                            twin.cancel()
                        times.append(time.monotonic() - handed.since)
                        yield from ordered.put(
                            handed.place, [done for packed in future.result() for done in _unpacked(packed)]
                        )
                    else:
                        yield from ordered.put(handed.place, self._take_apart(future, handed, again))
                _hand_out_overdue(client, under_way, times, self._submit)

    def _hand_out(
        self,
        client: Client,
        threads: int,
        under_way: dict[Future, _Handed[Item]],
        again: deque[_Handed[Item]],
        waiting: Iterator[tuple[int, Sequence[Item]]],
    ) -> bool:
        """Keep every thread of every worker busy; returns whether anything is under way."""
        room = _BATCHES_A_THREAD * max(1, threads) - len(under_way)
        while room > 0:
            if again:
                handed = again.popleft()
            elif len(self._ordered) < _MOST_AHEAD and (found := next(waiting, None)) is not None:
                place, batch = found
                self._ordered.expect(place, len(batch))
                handed = _Handed(place, [self._prepare(item) for item in batch])
            else:
                break
            handed.since = time.monotonic()
            under_way[self._submit(client, handed.batch, None)] = handed
            room -= 1
        return bool(under_way)

    def _submit(self, client: Client, batch: Sequence[Item], workers: list[str] | None) -> Future:
        packed = _packed((self._job, batch))
        future = client.submit(_work_there, packed, _versions(), pure=False, workers=workers)
        future.add_done_callback(lambda _: self._some_done.set())
        return future

    def _take_apart(self, future: Future, handed: _Handed[Item], again: deque[_Handed[Item]]) -> list[Result]:
        """Do again what was lost; what kills whole workers one by one, so that the item that does it again is given up."""
        from distributed import KilledWorker

        if future.status != "error":  # lost, or cancelled with its worker
            if handed.tries == _TRIES:
                raise self._gone("a batch was lost again and again")
            handed.tries += 1
            again.append(handed)
            return []
        error = future.exception()
        if isinstance(error, ModuleNotFoundError):
            raise _unlike(f"has no {error.name}")
        if not isinstance(error, KilledWorker):
            raise error
        if len(handed.batch) > 1:
            again.extend(_Handed(handed.place, [item]) for item in handed.batch)
            return []
        return [self._give_up(item, CRASHED) for item in handed.batch]

    def _gone(self, why: str) -> CodestrataError:
        return _unreachable(self._cluster, why)


@dataclass(frozen=True, slots=True)
class _Job(Generic[Item, Result]):
    """What the process of a worker is to do. Its results are packed there, a list a batch, so that the worker only passes
    them on: taking them apart and packing them again would cost it as much as a tenth of the work."""

    work: Callable[[Sequence[Item]], list[Result]]
    when_lost: Callable[[Item, str], Result]
    weigh: Callable[[Item], int]

    def run(self, batch: Sequence[Item]) -> list[bytes]:
        return [_packed(self.work(batch))]

    def give_up(self, item: Item, reason: str) -> bytes:
        return _packed([self.when_lost(item, reason)])


def _work_there(packed: bytes, expected: _Versions) -> list[bytes]:
    """What a worker of the cluster does: a batch in its process, the results packed. Raises CodestrataError where the
    worker has other versions than who asks."""
    if (found := _versions()) != expected:
        raise _unlike(f"has {_told(found)}, this program {_told(expected)}")
    job, batch = _unpacked(packed)
    return [results for found in _bench(job).run([batch], CancellationToken()) for results in found]


_benches = threading.local()
"""Of each thread of a worker the process that works for it, by its job."""


def _bench(job: _Job[Any, Any]) -> ProcessExecutor[Any, bytes]:
    import multiprocessing

    kept: dict[_Job[Any, Any], ProcessExecutor[Any, bytes]] = _benches.__dict__.setdefault("kept", {})
    if job not in kept:
        # Dask marks its workers as daemons, and those may not start processes; ours end with the worker by themselves.
        multiprocessing.current_process().daemon = False
        kept[job] = ProcessExecutor(job.run, job.give_up, 1, job.weigh, kept=WorkerPool())
    return kept[job]


@contextlib.contextmanager
def _connected(cluster: Cluster) -> Iterator[Client]:
    """A client of the cluster, once it has workers that fit."""
    try:
        from distributed import Client
        from distributed.security import Security
    except ImportError as error:
        raise MissingPartError(
            "indexing on Dask needs a package that is not installed", "", "pip install 'codestrata[scale]'"
        ) from error
    security = Security(**dict(cluster.tls), require_encryption=True) if cluster.tls else None
    try:
        client = Client(cluster.address, timeout=_CONNECT_SECONDS, security=security, set_as_default=False)
    except (OSError, ValueError, TypeError, AssertionError) as error:  # Dask asserts that its loop starts in ten seconds
        raise _unreachable(cluster, str(error) or "Dask could not start on this machine, which is busy") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_WORKERS_SECONDS)
        except TimeoutError as error:
            raise _unreachable(cluster, "it has no workers") from error
        _check_workers(client)
        yield client


def _check_workers(client: Client) -> None:
    expected = _versions()
    for worker, found in client.run(_asker()).items():
        if found is None:
            raise _unlike("has no Codestrata", worker)
        if _Versions(*found) != expected:
            raise _unlike(f"has {_told(_Versions(*found))}, this program {_told(expected)}", worker)


def _asker() -> Callable[[], tuple[str, int, str] | None]:
    """A function that crosses by value, so that it also runs where this program is not installed."""

    def ask() -> tuple[str, int, str] | None:
        try:
            from indexing.dask_executor import _versions as here
        except ImportError:
            return None
        found = here()
        return found.codestrata, found.features, found.python

    return ask


@functools.cache
def _versions() -> _Versions:
    import importlib.metadata

    try:
        version = importlib.metadata.version("codestrata")
    except importlib.metadata.PackageNotFoundError:
        version = "of no version"
    return _Versions(version, FEATURE_VERSION, ".".join(platform.python_version_tuple()[:2]))


def _told(versions: _Versions) -> str:
    return f"Codestrata {versions.codestrata} (features {versions.features}) on Python {versions.python}"


def _unlike(how: str, worker: str = "") -> CodestrataError:
    who = f"the Dask worker {worker}" if worker else "a Dask worker"
    return CodestrataError(f"{who} does not fit", f"it {how}", "install the same 'codestrata' on every worker")


def _unreachable(cluster: Cluster, why: str) -> CodestrataError:
    return CodestrataError(
        f"the Dask cluster at {cluster.address} cannot be worked with",
        why,
        "see to it and index again, or '--executor local'",
    )


class _Crew:
    """The workers of a cluster, asked after every second: each question is a round trip, and batches are done faster."""

    def __init__(self, client: Client, cluster: Cluster) -> None:
        self._client = client
        self._cluster = cluster
        self._threads = 0
        self._asked = -math.inf
        self._alone_since: float | None = None

    def threads(self) -> int:
        """How many threads they have in all; CodestrataError where the scheduler is gone, or all workers for too long."""
        if self._client.status not in ("running", "connecting"):
            raise _unreachable(self._cluster, "its scheduler is gone; what was finished is kept")
        now = time.monotonic()
        if now - self._asked >= _ASK_SECONDS:
            self._threads, self._asked = sum(self._client.nthreads().values()), now
            self._alone_since = None if self._threads else self._alone_since or now
        if self._alone_since is not None and now - self._alone_since > _WORKERS_SECONDS:
            raise _unreachable(self._cluster, "all its workers are gone; what was finished is kept")
        return self._threads


def _hand_out_overdue(
    client: Client,
    under_way: dict[Future, _Handed[Item]],
    times: Sequence[float],
    submit: Callable[[Client, Sequence[Item], list[str] | None], Future],
) -> None:
    """Hand out what is long overdue once more, to other workers than the one that has it."""
    if not times:
        return
    limit = max(_OVERDUE_SECONDS, _OVERDUE_TIMES * statistics.median(times))
    overdue = [(f, h) for f, h in under_way.items() if h.tries == 1 and time.monotonic() - h.since > limit]
    if not overdue:
        return
    having = {key: worker for worker, keys in client.processing().items() for key in keys}
    for future, handed in overdue:
        others = [worker for worker in client.nthreads() if worker != having.get(future.key)]
        if others:
            handed.tries += 1
            under_way[submit(client, handed.batch, others)] = handed


def _packed(value: object) -> bytes:
    return zstandard.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)


def _unpacked(data: bytes) -> Any:
    return pickle.loads(zstandard.decompress(data))
