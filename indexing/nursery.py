"""Where worker processes come from.

To start an interpreter and load what workers work with takes a third of a second of CPU time for each of them, and a run has
new ones for every stage. On Linux one process does that once, and every worker is a copy of it, made in some milliseconds:
the *nursery* (the fork server of `multiprocessing`), which has no threads and no open database that a fork would copy.
Elsewhere each worker is started anew.
"""

from __future__ import annotations

import functools
import multiprocessing
import multiprocessing.forkserver
import signal
import sys
import threading
from multiprocessing.context import ForkServerContext, SpawnContext

_LOADED = ["indexing.batches", "indexing.link_tasks", "indexing.fold_tasks", "scipy.sparse"]
"""What workers work with. A nursery that does not find it makes workers that load it themselves."""
HAS_NURSERY = sys.platform == "linux"
_expected = threading.Event()


@functools.cache
def worker_context() -> ForkServerContext | SpawnContext:
    """What starts workers, with PYTHONSAFEPATH as this process has it."""
    if not HAS_NURSERY:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    return context


def expect_workers() -> None:
    """Have the nursery get ready, unless it is: workers will be wanted soon. Returns at once."""
    if not HAS_NURSERY:
        return
    _expected.set()
    worker_context()
    # Until it has loaded all it would die of a Ctrl-C that is meant for this process.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        multiprocessing.forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def are_workers_expected() -> bool:
    """Whether the nursery was told to get ready, so that a worker is started in no time."""
    return _expected.is_set()
