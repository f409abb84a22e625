"""Time and memory of a run: CPU seconds by stage, and the highest memory of all its processes."""

from __future__ import annotations

import contextlib
import functools
import gc
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ctypes

_SAMPLE_SECONDS, _LONGEST_SAMPLE_SECONDS = 0.5, 2.0
"""A sample costs some milliseconds, for the kernel walks through all that a process holds. So a run that goes on for long,
whose memory grows slowly, is looked at less often."""

_M_ARENA_MAX, _HEAPS = -8, 2


@functools.cache
def keep_heaps_few() -> None:
    """Have all threads of this process share two heaps of the C library; once a process, where it is that of GNU.

    It gives up to eight heaps a core to threads that come and go, and each keeps what it once took: the writer of words
    starts a thread a run, so that a process which brings an index up to date again and again grew by 14 MB with each heap.
    """
    if (library := _c_library()) is not None:
        library.mallopt(_M_ARENA_MAX, _HEAPS)


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Look for no garbage in cycles: to index makes records by the million and hardly any of it, and looking for some would
    take most of the time of linking, and a sixth of folding's."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def give_memory_back() -> None:
    """Hand what the heaps hold free back to the system: a few milliseconds, for a process that waits for the next edit."""
    if (library := _c_library()) is not None:
        library.malloc_trim(0)


@functools.cache
def _c_library() -> ctypes.CDLL | None:
    """That of GNU; None where it is another."""
    if sys.platform != "linux":
        return None
    import ctypes

    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None


class StageClock:
    """CPU seconds by stage, this process's and those that workers report."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._seconds: dict[str, float] = defaultdict(float)

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count this process's CPU time, its threads' included, towards a stage."""
        began = time.process_time()
        try:
            yield
        finally:
            self._seconds[name] += time.process_time() - began

    def add(self, name: str, seconds: float) -> None:
        """Count CPU time that was spent elsewhere."""
        self._seconds[name] += seconds

    def mark(self, name: str) -> None:
        """Note the wall seconds since the start, the first time only."""
        self._seconds.setdefault(name, time.perf_counter() - self._began)

    def seconds(self) -> dict[str, float]:
        """Everything counted, to the millisecond."""
        return {name: round(value, 3) for name, value in self._seconds.items()}


class MemorySampler:
    """A context manager that samples the memory of this process and its children."""

    def __init__(self) -> None:
        self._peak = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory sampler", daemon=True)

    @property
    def peak(self) -> int:
        """Bytes: the highest sum seen of the processes' proportional set sizes (resident sizes where there are none)."""
        return max(self._peak, self._sample())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        pause = _SAMPLE_SECONDS
        while not self._stop.wait(pause):
            self._peak = max(self._peak, self._sample())
            pause = min(1.1 * pause, _LONGEST_SAMPLE_SECONDS)

    def _sample(self) -> int:
        import psutil

        total = 0
        here = psutil.Process()
        for process in [here, *here.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):  # it ended meanwhile
                memory = process.memory_full_info()
                total += getattr(memory, "pss", memory.rss)
        return total


def folder_bytes(folder: Path) -> int:
    """The size of all files below a folder."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # a writer replaced it meanwhile
            total += path.stat().st_size if path.is_file() else 0
    return total
