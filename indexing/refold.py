"""Folding an index anew after a person has chosen otherwise, without looking at its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.cancellation import CancellationToken
from core.ports import Embedder
from core.settings import Settings
from indexing.derived import DerivedStores
from indexing.executors import BatchExecutor, open_fitting_executor
from indexing.fold_job import FoldJob
from indexing.fold_step import fold_index
from indexing.stores.sqlite.writer import IndexWriter


def refold(folder: Path, settings: Settings, embedder: Embedder, cancellation: CancellationToken) -> None:
    """Form the clone classes of the index in `folder` by what is chosen now. Raises IndexBusyError while it is written."""

    def opened(
        total_bytes: int,
        work: Callable[[Sequence[Any]], list[Any]],
        give_up: Callable[[Any, str], Any],
        weigh: Callable[[Any], int],
    ) -> BatchExecutor[Any, Any]:
        chosen = settings.index
        return open_fitting_executor(chosen.executor, chosen.workers, total_bytes, work, give_up, weigh)

    with IndexWriter(folder) as writer, DerivedStores(folder, embedder) as derived:
        derived.catch_up(writer, cancellation)
        fold_index(writer, FoldJob(folder, settings.folding, opened, settings.index.workers or -1), cancellation)
        derived.commit(writer.commit(), writer.masked())
