"""The work of a worker: a batch of files in, compact records out, and nothing else touched.

The function is pure but for reading the files, so it runs in this process, in another, or on another machine that sees the
same tree. What goes wrong with a file is a value; what raises is a bug.
"""

from __future__ import annotations

import functools
import logging
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xxhash

from core.model.source import FailedFile, SourceFile
from core.settings import ChunkSettings
from indexing.blocks import NO_MEMBER, FileParts, pack_blocks, pack_content
from indexing.chunk_columns import names_by_chunk, pack_details, pack_prints, pack_sketches, pack_spans
from indexing.chunk_rows import ChunkParts
from indexing.embedding.static import StaticEmbedder
from indexing.embedding.text import embedding_text
from indexing.encodings import EXTRACTED
from indexing.fact_columns import pack_outline
from indexing.linking.dialects import declared_types
from indexing.linking.naming import module_name
from indexing.linking.slices import seen_bindings
from indexing.packed import UNSETTLED, FileResult, PackedChunk, PackedFile, UnchangedFile, defined_names
from indexing.parse import parse
from indexing.parsed import ParsedFile
from indexing.use_columns import FileUses

_log = logging.getLogger(__name__)
_MAX_REASON = 200
_PLAIN = "text"
_TRIES = 3
# A file written this shortly before it was read may change again within the same tick of its time stamp.
_SETTLED_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class FileTask:
    """A file to read at `location`, as `os` spells it. `known_hash` is that of its bytes in the index, or empty. `loaded` is
    what was read of it already, for a worker that cannot see the source."""

    location: str
    source: SourceFile
    known_hash: bytes
    chunks: ChunkSettings
    max_bytes: int
    with_vectors: bool
    loaded: tuple[SourceFile, bytes] | FailedFile | None = None


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What became of a file, and the CPU seconds of reading and parsing it and of its vectors."""

    file: FileResult
    parse_seconds: float
    vector_seconds: float


def index_batch(tasks: Sequence[FileTask]) -> list[TaskResult]:
    """Read, parse, chunk and embed files, one result a task, in their order."""
    results = _in_blocks([_index_file(task) for task in tasks])
    return _embedded(results) if any(task.with_vectors for task in tasks) else results


def load(task: FileTask) -> FileTask:
    """The task with what it is to read: it can be carried out where its source is not."""
    return replace(task, loaded=_read(task))


def task_bytes(task: FileTask) -> int:
    """What a task weighs."""
    return task.source.size


def give_up(task: FileTask, reason: str) -> TaskResult:
    """The result for a file that killed the process which parsed it, or took it too long."""
    return TaskResult(FailedFile(task.source.path, reason), 0.0, 0.0)


def _index_file(task: FileTask) -> tuple[TaskResult, FileParts | None]:
    """The result without its place in a block, and what is to go there."""
    began = time.process_time()
    content = _read(task)
    if isinstance(content, FailedFile):
        return TaskResult(content, time.process_time() - began, 0.0), None
    source, data = content
    if task.known_hash and xxhash.xxh3_128_digest(data) == task.known_hash:
        return TaskResult(UnchangedFile(source), time.process_time() - began, 0.0), None
    parsed, problem = _parse(source, data, task.chunks)
    if isinstance(parsed, FailedFile):
        return TaskResult(parsed, time.process_time() - began, 0.0), None
    chunks = tuple(_packed_chunks(parsed))
    definitions = parsed.facts.definitions
    names, visible = defined_names(definitions)
    extracted = parsed.extracted
    packed = PackedFile(
        source,
        bytes.fromhex(parsed.content_hash),
        parsed.encoding,
        _count_lines(data if extracted is None else extracted),
        parsed.errors,
        NO_MEMBER,
        len(definitions),
        names,
        visible,
        chunks,
        np.empty((0, 0), np.float16),
        problem,
        None if extracted is None else pack_content(extracted),
        tuple((place, draft.fingerprint.stream) for place, draft in enumerate(parsed.chunks) if draft.fingerprint.stream),
    )
    facts = parsed.facts
    seen = tuple(seen_bindings(facts, declared_types(source.language)))
    uses = FileUses(facts.references, facts.imports, facts.bindings, facts.namings, seen)
    rows = ChunkParts(pack_spans(parsed.chunks), pack_prints(parsed.chunks), pack_sketches(parsed.chunks))
    parts = FileParts(data, pack_outline(definitions, data), pack_details(parsed.chunks), uses, rows)
    return TaskResult(packed, time.process_time() - began, 0.0), parts


def _in_blocks(read: Sequence[tuple[TaskResult, FileParts | None]]) -> list[TaskResult]:
    """The results with their places in blocks: neighbours are compressed together."""
    began = time.process_time()
    members = iter(pack_blocks([parts for _, parts in read if parts is not None]))
    seconds = (time.process_time() - began) / max(1, len(read))
    found = []
    for result, _ in read:
        file = replace(result.file, member=next(members)) if isinstance(result.file, PackedFile) else result.file
        found.append(TaskResult(file, result.parse_seconds + seconds, result.vector_seconds))
    return found


def _embedded(results: Sequence[TaskResult]) -> list[TaskResult]:
    """The same with vectors: those of a whole batch are one product, a third cheaper than a product a file."""
    began = time.process_time()
    files = [result.file for result in results if isinstance(result.file, PackedFile)]
    texts = [
        embedding_text(file.source.path, chunk.symbol, chunk.outline, chunk.text) for file in files for chunk in file.chunks
    ]
    vectors = _embedder().embed_documents(texts).astype(np.float16) if texts else np.empty((0, 0), np.float16)
    seconds = (time.process_time() - began) / max(1, len(results))
    found, first = [], 0
    for result in results:
        file = result.file
        if isinstance(file, PackedFile) and file.chunks:
            last = first + len(file.chunks)
            file, first = replace(file, vectors=vectors[first:last]), last
        found.append(TaskResult(file, result.parse_seconds, seconds))
    return found


def _parse(source: SourceFile, data: bytes, settings: ChunkSettings) -> tuple[ParsedFile | FailedFile, str]:
    """The parsed file, and why it could only be taken as text, or nothing.

    A bug that one file brings out must not cost the hour of indexing around it, nor hide that file from a search: it is
    read again as plain text, the report names it, and the log has its trace.
    """
    try:
        return parse(source, data, settings), ""
    except Exception as error:  # noqa: BLE001 - see above
        _log.debug("%s could not be parsed", source.path, exc_info=True)
        problem = f"parser failed: {error!r}"[:_MAX_REASON]
    if source.language in EXTRACTED:
        return FailedFile(source.path, problem), ""
    parsed = parse(replace(source, language=_PLAIN), data, settings)
    return parsed if isinstance(parsed, FailedFile) else replace(parsed, source=source, errors=True), problem


def _read(task: FileTask) -> tuple[SourceFile, bytes] | FailedFile:
    """The file's bytes with the size and time stamp they belong to; taken again when it changes while it is read."""
    if task.loaded is not None:
        return task.loaded
    path = os.fsencode(task.location)
    for _ in range(_TRIES):
        try:
            # A link or a pipe put in the file's place since the scan is not followed and not waited for.
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, "rb") as stream:  # noqa: PTH123 - a descriptor
                before = os.fstat(descriptor)
                data = stream.read(task.max_bytes + 1)
                after = os.fstat(descriptor)
        except OSError as error:
            return FailedFile(task.source.path, error.strerror or str(error))
        if len(data) > task.max_bytes:
            return FailedFile(task.source.path, "grew beyond the size limit while it was read")
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(data) == after.st_size:
            settled = time.time_ns() - after.st_mtime_ns > _SETTLED_NS
            stamp = after.st_mtime_ns if settled else UNSETTLED
            source = task.source
            return SourceFile(source.path, source.language, source.role, len(data), stamp), data
    return FailedFile(task.source.path, "kept changing while it was read")


def _count_lines(text: bytes) -> int:
    return text.count(b"\n") + (not text.endswith(b"\n")) if text else 0


def _packed_chunks(parsed: ParsedFile) -> Iterator[PackedChunk]:
    text, module = parsed.text, module_name(parsed.source.path)
    spans = [(draft.span.start, draft.span.end) for draft in parsed.chunks]
    names = names_by_chunk(parsed.facts.definitions, spans)
    for draft, defined in zip(parsed.chunks, names, strict=True):
        nesting = parsed.facts.definitions[draft.definition].nesting
        symbol = f"{module}.{nesting}" if nesting else module
        yield PackedChunk(symbol, " ".join(defined), draft.outline, text[draft.span.start : draft.span.end].decode())


@functools.cache
def _embedder() -> StaticEmbedder:
    return StaticEmbedder()
