"""Building an index and bringing it up to date: the stages as one generator of progress.

`scan → (read, parse, chunk, embed → store → commit) a batch at a time → link → fold → mask copies → commit`. Nothing calls
back. A search works from the first commit on; whatever stops the run, the last commit stays, and the next run goes on from
there.
"""

from __future__ import annotations

import functools
import gc
import json
import sqlite3
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from core.cancellation import CancellationToken
from core.errors import BrokenIndexError, CancelledError, CodestrataError
from core.model.source import FailedFile, SourceFile
from core.ports import Embedder
from core.progress import Progress, Stage
from core.settings import Settings
from indexing.batches import FileTask, TaskResult, give_up, index_batch, load, task_bytes
from indexing.derived import DerivedStores
from indexing.embedding import STATIC
from indexing.encodings import EXTRACTED
from indexing.executors import (
    DASK,
    IN_PROCESS_BYTES,
    LOCAL,
    BatchExecutor,
    Item,
    Result,
    in_batches,
    open_fitting_executor,
    usable_cores,
)
from indexing.fold_job import FoldJob
from indexing.fold_step import fold_index, is_folded_as_now
from indexing.fold_tasks import rename_batch
from indexing.folding.streams import KeptStreams
from indexing.intake.package_names import package_names
from indexing.intake.workspace import Workspace
from indexing.link_plan import plan_links
from indexing.link_tasks import LinkResult, close_session, give_up_linking, link_batch, weight_of
from indexing.measure import MemorySampler, StageClock, collector_paused, folder_bytes, give_memory_back, keep_heaps_few
from indexing.packed import PackedFile, UnchangedFile
from indexing.report import FileCounts, LanguageCount, Report, VectorCounts
from indexing.run_memory import remember_run
from indexing.scan import Scan, nothing_to_index, scan
from indexing.scip_edges import ScipEdges
from indexing.scip_step import open_scip
from indexing.stores.sqlite.facts import StoredFacts
from indexing.stores.sqlite.known import KnownFile, known_files
from indexing.stores.sqlite.links import Basis, LinkWriter
from indexing.stores.sqlite.reader import SnapshotReader
from indexing.stores.sqlite.writer import IndexWriter
from indexing.tool_files import Locate, ToolFiles, read_include_folders, tool_files
from indexing.workers import WorkerPool

# The first commit comes early, so that a search has something to look at; each later one waits twice as long.
_FIRST_COMMIT_SECONDS = 1.0
_LONGEST_COMMIT_SECONDS = 20.0

_LITTLE_BYTES = 8_000_000
"""Of source in a run, after which a worker holds so little that it may go on with the next stage."""
_WORTH_WARMING = 400_000
"""Bytes of changed files that are linked by workers, as a rule; these can start while the files are read."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be indexed, where to, and how; `device` is told in the report."""

    workspace: Workspace
    folder: Path
    settings: Settings
    embedder: Embedder
    device: str = "cpu"
    workers: WorkerPool = field(default_factory=WorkerPool, compare=False)
    """What one stage after the other works with."""


@dataclass(slots=True)
class _Tally:
    """What the run has done so far."""

    indexed: int = 0
    unchanged: int = 0
    removed: int = 0
    bytes_done: int = 0
    failed: list[FailedFile] = field(default_factory=list)
    degraded: list[FailedFile] = field(default_factory=list)
    renewed: set[str] = field(default_factory=set)
    """Paths that were stored anew."""
    streams: KeptStreams = field(default_factory=KeptStreams)
    """The tokens of their functions."""
    has_written: bool = False
    """Whether the tables, or what is derived from them, are others than at the last commit."""

    def is_little(self) -> bool:
        """Whether workers hold so little of what was done that they may go on with what follows."""
        return self.bytes_done < _LITTLE_BYTES


def build(job: Job, cancellation: CancellationToken) -> Generator[Progress, None, Report]:
    """Bring the index in `job.folder` up to date with the workspace; returns the report.

    Raises SourceError where there is nothing to index, IndexBusyError and BrokenIndexError for the index, CancelledError
    after committing what was finished, CodestrataError where the disk is full or fails.
    """
    keep_heaps_few()
    try:
        with collector_paused():
            return (yield from _build(job, cancellation))
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CodestrataError(
            f"indexing {job.workspace.name} stopped", why, "see to that, then index again: what was finished is kept"
        ) from error
    finally:
        job.workers.close()
        give_memory_back()


def _build(job: Job, cancellation: CancellationToken) -> Generator[Progress, None, Report]:
    clock, tally = StageClock(), _Tally()
    yield Progress(Stage.SCAN, 0, 0)
    with clock.stage(Stage.SCAN):
        known = _as_scanned(job.folder)
        found = scan(job.workspace, job.settings.scan, cancellation, known, job.folder, _warming(job))
    if not found.files:
        raise nothing_to_index(job.workspace, found)
    tally.failed.extend(found.failed)
    with (
        MemorySampler() as memory,
        IndexWriter(job.folder) as writer,
        _derived(job, writer, tally, cancellation, clock) as derived,
    ):
        _describe_source(writer, job)
        try:
            yield from _index_files(job, found, writer, derived, tally, clock, cancellation)
            done = writer.meta("complete", "") == "yes" and is_folded_as_now(writer, job.folder, job.settings.folding)
            tools = tool_files(found, job.workspace)
            told = writer.meta("tool_files", "") != tools.stamp(job.workspace.locate)
            if tally.indexed or tally.removed or told or not done:
                yield from _finish(job, tools, writer, tally, clock, cancellation)
            if job.settings.index.settle and writer.links.has_unsettled():
                _commit(writer, derived, clock)
                clock.mark("first_searchable")
                yield from _link(job, tools, writer, tally, clock, cancellation, settle=True)
        except CancelledError:
            _commit(writer, derived, clock)
            raise
        remember_run(writer, found, tally.failed, tally.degraded, tally.renewed)
        if tally.has_written:
            _commit(writer, derived, clock)
        else:
            writer.note()
        clock.mark("first_searchable")
        clock.mark("total")
        peak, precision = memory.peak, derived.precision
    return _report(job, found, tally, clock, peak, precision)


def _as_scanned(folder: Path) -> dict[str, KnownFile]:
    """The files of the index as an earlier run found them; none where there is no index that could tell."""
    try:
        return {path: file for path, file in known_files(folder).items() if file.current}
    except BrokenIndexError:
        return {}


def _derived(
    job: Job, writer: IndexWriter, tally: _Tally, cancellation: CancellationToken, clock: StageClock
) -> DerivedStores:
    with clock.stage(Stage.INTAKE):
        chosen = job.settings.index
        derived = DerivedStores(job.folder, job.embedder, chosen.store, chosen.precision)
        try:
            tally.has_written = derived.catch_up(writer, cancellation)
        except BaseException:
            derived.close()
            raise
    return derived


def _index_files(
    job: Job,
    found: Scan,
    writer: IndexWriter,
    derived: DerivedStores,
    tally: _Tally,
    clock: StageClock,
    cancellation: CancellationToken,
) -> Iterator[Progress]:
    """Store what is new or changed, forget what is gone, committing now and then."""
    known = known_files(job.folder)
    gone = known.keys() - {file.path for file in found.files}
    tasks, same = _tasks(job, found.files, known)
    tally.unchanged = same
    tally.has_written |= bool(gone or tasks)
    if gone:
        writer.set_meta("complete", "no")
    with clock.stage("store"):
        derived.remove(writer.remove(sorted(gone)))
    tally.removed = len(gone)
    total_bytes = sum(task.source.size for task in tasks)
    done, pause, last = 0, _FIRST_COMMIT_SECONDS, time.monotonic()
    # What may hang belongs into a process that can be killed, however little there is to do.
    risky = any(task.source.language in EXTRACTED for task in tasks)
    weight = max(total_bytes, IN_PROCESS_BYTES) if risky else total_bytes
    executor = _file_executor(job, weight)
    if known and _WORTH_WARMING <= total_bytes < IN_PROCESS_BYTES:
        # What changed is read here meanwhile.
        _warm(job, link_batch)
    for results in executor.run(in_batches(tasks, job.settings.index.batch_bytes, task_bytes), cancellation):
        done += len(results)
        with clock.stage("store"):
            _store(results, writer, derived, tally, clock)
        if time.monotonic() - last > pause:
            _commit(writer, derived, clock, more=True)
            gc.collect()
            clock.mark("first_searchable")
            pause, last = min(2 * pause, _LONGEST_COMMIT_SECONDS), time.monotonic()
        path = _path(results[-1])
        yield Progress(Stage.INDEX, done, len(tasks), tally.bytes_done, total_bytes, path, tally.indexed + tally.unchanged)


def _finish(
    job: Job, tools: ToolFiles, writer: IndexWriter, tally: _Tally, clock: StageClock, cancellation: CancellationToken
) -> Iterator[Progress]:
    """Link what changed, form the clone classes, and leave copies out of the vectors."""
    searchable = tally.indexed + tally.unchanged
    yield from _link(job, tools, writer, tally, clock, cancellation)
    yield Progress(Stage.FOLD, 0, 0, searchable=searchable)
    with clock.stage(Stage.FOLD):
        if not tally.is_little():
            _warm(job, rename_batch)  # while likely pairs are found here
        writer.commit()  # workers read what was committed
        threads = job.settings.index.workers or -1
        fold_job = FoldJob(job.folder, job.settings.folding, functools.partial(_executor, job), threads, tally.streams)
        try:
            clock.add(Stage.FOLD, fold_index(writer, fold_job, cancellation))
        finally:
            job.workers.close()  # as after linking
        writer.sweep()
    writer.set_meta("complete", "yes")
    yield Progress(Stage.COMMIT, 0, 0, searchable=searchable)


def _link(
    job: Job,
    tools: ToolFiles,
    writer: IndexWriter,
    tally: _Tally,
    clock: StageClock,
    cancellation: CancellationToken,
    *,
    settle: bool = False,
) -> Iterator[Progress]:
    """Link the groups of files that have to be, in the workers; their edges come as they are ready. What a SCIP
    index says of them is better."""
    tally.has_written = True
    searchable = tally.indexed + tally.unchanged
    yield Progress(Stage.LINK, 0, 0, searchable=searchable)
    if not tally.is_little():
        job.workers.close()  # what they remember of words and tokens helps no more, and linking takes as much memory again
        _warm(job, link_batch)  # while it is planned here
    with clock.stage(Stage.LINK):
        links, unlinked = writer.links, writer.links.unlinked()
        tally.degraded.extend(_notice_tools(tools, job.workspace.locate, writer))
        # The workers read what was committed; words and vectors need not have followed.
        generation = writer.commit()
        facts = StoredFacts(job.folder)
        better = None
        try:
            _notice_names(facts, writer)
            plan = plan_links(
                job.folder, generation, facts, links.groups(), unlinked, settle=settle, in_parts=not tools.scip
            )
            gone = [file.file for file in unlinked if not facts.holds(file.file)]
            if tools.scip and plan.tasks:
                better, failed = open_scip(tools.scip, job.workspace.locate, facts)
                tally.degraded.extend(failed)
        finally:
            if better is None:
                facts.close()
        links.forget(gone)
        links.drop_groups(plan.gone)
        links.unsettle(plan.unsettled)
    done, total, is_linked = 0, len(plan.tasks), False
    executor = _executor(job, weight_of(plan.tasks), link_batch, give_up_linking, lambda task: task.weight)
    try:
        for results in executor.run(([task] for task in plan.tasks), cancellation):
            with clock.stage(Stage.LINK):
                for result in results:
                    _store_links(result, links, better)
                    clock.add(Stage.LINK, result.seconds)
                    if result.problem:
                        tally.degraded.append(FailedFile(result.task.name, result.problem))
            done += len(results)
            yield Progress(Stage.LINK, done, total, searchable=searchable)
        is_linked = True
    finally:
        # A worker's open snapshot would keep the log from being cleared.
        if is_linked and tally.is_little():
            job.workers.let_go(close_session)
        else:
            job.workers.close()
        close_session()
        facts.close()
    with clock.stage(Stage.LINK):
        links.finish()


def _notice_names(facts: StoredFacts, writer: IndexWriter) -> None:
    """Where the source calls its parts otherwise than when it was last linked, all of it is linked anew."""
    names = xxhash.xxh3_64_hexdigest(repr(facts.own_names()).encode())
    if names != writer.meta("own_names", ""):
        writer.links.drop_groups(writer.links.groups())
    writer.set_meta("own_names", names)


def _notice_tools(tools: ToolFiles, locate: Locate, writer: IndexWriter) -> list[FailedFile]:
    """Where a SCIP index or a compilation database came, went or changed, all is linked anew. Says which cannot be read."""
    stamp = tools.stamp(locate)
    if stamp != writer.meta("tool_files", ""):
        writer.links.drop_groups(writer.links.groups())
    writer.set_meta("tool_files", stamp)
    includes, failed = read_include_folders(tools, locate)
    writer.set_meta("includes", includes.dumped())
    return failed


def _store_links(result: LinkResult, links: LinkWriter, scip: ScipEdges | None) -> None:
    for linked in result.files:
        edges = linked.edges
        outside = edges.files == 0
        if outside.any():
            numbers = np.array(links.external_ids(linked.externals), np.int64)
            slots = edges.slots.copy()
            slots[outside] = numbers[slots[outside]]
            edges = replace(edges, slots=slots)
        if linked.kept is not None:
            edges = edges.joined(linked.kept)
        links.put_edges(linked.file, edges if scip is None else scip.applied(linked.file, edges))
    if result.task.whole and not result.problem:
        members = np.array(sorted(result.task.members), np.int64)
        links.put_group(result.task.name, Basis(members, np.array(result.world, np.int64), result.mentions, result.named))


def _tasks(job: Job, files: Iterable[SourceFile], known: dict[str, KnownFile]) -> tuple[list[FileTask], int]:
    """The files to look at, and the number of those that need no look."""
    tasks, same = [], 0
    for file in files:
        before = known.get(file.path)
        usable = before is not None and before.current and before.language == file.language
        if (
            before is not None
            and usable
            and (before.size, before.modified_ns, before.role) == (file.size, file.modified_ns, str(file.role))
        ):
            same += 1
            continue
        tasks.append(
            FileTask(
                job.workspace.locate(file.path),
                file,
                before.content_hash if before is not None and usable else b"",
                job.settings.chunks,
                job.settings.scan.max_file_bytes,
                with_vectors=job.embedder.name == STATIC,
            )
        )
    return tasks, same


def _file_executor(job: Job, total_bytes: int) -> BatchExecutor[FileTask, TaskResult]:
    """Where files are read, parsed and embedded: the one stage that leaves this machine."""
    chosen = job.settings.index.executor
    if not chosen.startswith(DASK) or not total_bytes:
        return _executor(job, total_bytes, index_batch, give_up, task_bytes)
    from indexing.dask_executor import DaskExecutor, parse_address

    cluster = parse_address(chosen.removeprefix(DASK))
    prepare = _as_it_is if cluster.shared else load
    return DaskExecutor(cluster, index_batch, give_up, task_bytes, prepare)


def _warming(job: Job) -> Callable[[int], None]:
    """Told of bytes of files to read as they are found, has workers start once they are for workers."""
    seen = 0

    def notice(new: int) -> None:
        nonlocal seen
        before, seen = seen, seen + new
        if before < IN_PROCESS_BYTES <= seen:
            _warm(job, index_batch)

    return notice


def _as_it_is(task: FileTask) -> FileTask:
    return task


def _warm(job: Job, work: Callable[[Sequence[Any]], list[Any]]) -> None:
    """Have workers start for what comes next."""
    if job.settings.index.executor == LOCAL:
        job.workers.warm(work, job.settings.index.workers or usable_cores())


def _executor(
    job: Job,
    total_bytes: int,
    work: Callable[[Sequence[Item]], list[Result]],
    give_up: Callable[[Item, str], Result],
    weigh: Callable[[Item], int],
) -> BatchExecutor[Item, Result]:
    chosen = job.settings.index
    return open_fitting_executor(chosen.executor, chosen.workers, total_bytes, work, give_up, weigh, job.workers)


def _store(
    results: Sequence[TaskResult], writer: IndexWriter, derived: DerivedStores, tally: _Tally, clock: StageClock
) -> None:
    packed: list[PackedFile] = []
    touched: list[SourceFile] = []
    for result in results:
        clock.add("parse", result.parse_seconds)
        clock.add("embed", result.vector_seconds)
        match result.file:
            case PackedFile() as file:
                packed.append(file)
                tally.bytes_done += file.source.size
                if file.problem:
                    tally.degraded.append(FailedFile(file.source.path, file.problem))
            case UnchangedFile(source):
                touched.append(source)
                tally.unchanged += 1
                tally.bytes_done += source.size
            case FailedFile() as failure:
                tally.failed.append(failure)
                derived.remove(writer.remove([failure.path]))
    replaced = [file.source.path for file in packed]
    tally.renewed.update(replaced)
    derived.remove(writer.chunk_ids(replaced))
    ids = writer.put(packed)
    derived.add(packed, ids)
    for file, chunks in zip(packed, ids, strict=True):
        for place, stream in file.streams:
            tally.streams.keep(chunks[place], stream)
    writer.touch(touched)
    tally.indexed += len(packed)
    if len(touched) < len(results):
        # Until all is linked anew, the graph and the clone classes are those of before.
        writer.set_meta("complete", "no")


def _commit(writer: IndexWriter, derived: DerivedStores, clock: StageClock, *, more: bool = False) -> None:
    with clock.stage(Stage.COMMIT):
        generation = writer.commit()
        derived.commit(generation, writer.masked(), more=more)
        # Becomes durable with the next commit: until then a crash only leaves a few ids to forget again.
        writer.forget_removed(generation)


def _describe_source(writer: IndexWriter, job: Job) -> None:
    writer.set_meta("source", job.workspace.identity)
    writer.set_meta("name", job.workspace.name)
    writer.set_meta("revision", job.workspace.revision or "")
    writer.set_meta("stamp", job.workspace.stamp)
    writer.set_meta("packages", json.dumps(package_names(job.workspace)))
    writer.set_meta("embedder", job.embedder.name)


def _report(job: Job, found: Scan, tally: _Tally, clock: StageClock, peak: int, precision: str) -> Report:
    with SnapshotReader(job.folder) as reader:
        languages = {name: LanguageCount(*counts) for name, counts in sorted(reader.languages().items())}
        chunks = reader.count_chunks()
        return Report(
            index=str(job.folder),
            source=job.workspace.identity,
            revision=job.workspace.revision,
            files=FileCounts(
                len(found.files) + len(found.skipped) + len(found.failed),
                tally.indexed,
                tally.unchanged,
                tally.removed,
                found.skipped,
                tuple(tally.failed),
                tuple(tally.degraded),
            ),
            bytes=sum(count.bytes for count in languages.values()),
            languages=dict(sorted(languages.items(), key=lambda item: -item[1].bytes)),
            chunks=chunks,
            symbols=reader.count_symbols(),
            edges=reader.edge_counts(),
            folding=reader.folding(),
            vectors=VectorCounts(job.embedder.name, chunks, job.embedder.dimension, precision, job.device),
            seconds=clock.seconds(),
            peak_rss_bytes=peak,
            index_bytes=folder_bytes(job.folder),
        )


def _path(result: TaskResult) -> str:
    return result.file.path if isinstance(result.file, FailedFile) else result.file.source.path
