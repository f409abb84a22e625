"""Where an index has its vectors: in files, or on a server that its folder remembers; and how exactly files keep them."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from core.errors import BrokenIndexError, UsageError
from core.ports import Embedder, FloatMatrix, IdVector, VectorStore
from indexing.stores.codes import Precision
from indexing.stores.faiss import VectorReader
from indexing.stores.precision import checked_precision, usual_precision
from indexing.stores.qdrant_connection import PREFIX, Pointer, call, checked_url, connect, read_pointer
from indexing.stores.vector_files import read_manifest
from indexing.stores.vectors import VectorWriter

FILES = "faiss"
AS_BEFORE = ""
"""What the index had; files for a new one."""


class StoreWriter(Protocol):
    """The writer of a vector store; whoever opens it holds the index's lock. What was not committed is forgotten."""

    @property
    def generation(self) -> int:
        """The generation last committed, 0 where there is none."""
        ...

    @property
    def precision(self) -> Precision:
        """How exactly vectors are kept."""
        ...

    def add(self, ids: IdVector, vectors: FloatMatrix) -> None: ...
    def remove(self, ids: Iterable[int]) -> None: ...
    def mask(self, ids: IdVector) -> None: ...
    def clear(self) -> None: ...
    def commit(self, generation: int, *, more: bool = False) -> None:
        """Make everything since the last commit visible; with `more` another follows soon, and what only makes searches
        quicker may wait for it."""
        ...

    def close(self) -> None: ...


class StoreReader(VectorStore, Protocol):
    """A vector store that says what it is of."""

    @property
    def generation(self) -> int: ...
    @property
    def embedder_name(self) -> str: ...
    @property
    def embedder_version(self) -> str: ...


def check_store(store: str) -> None:
    """Raise UsageError for a store there is none of, and what is wrong with a server before anything is written."""
    if store.startswith(PREFIX):
        url = checked_url(store.removeprefix(PREFIX))
        client = connect(url)
        call(url, client.get_collections)
    elif store not in (AS_BEFORE, FILES):
        raise UsageError(f"there is no store '{store}'", "", "choose faiss or qdrant=URL")


def kept_precision(folder: Path, embedder: Embedder) -> str:
    """The precision that the files in `folder` keep vectors of this embedder, or of another version of it, in; empty where
    they tell of none."""
    try:
        before = read_manifest(folder)
    except BrokenIndexError:
        return ""
    return before.precision if before is not None and before.embedder_name == embedder.name else ""


def open_vector_writer(folder: Path, store: str, embedder: Embedder, precision: str = "") -> StoreWriter:
    """The writer of the vectors in `folder` at `store`: `faiss`, `qdrant=URL`, or nothing, as before. Files keep them in
    `precision`: one of `codes.Precision`, or nothing, as before and in a new index what is usual; a server has its own.

    Raises BrokenIndexError for what has to be made anew, and CodestrataError where a server cannot be asked.
    """
    before = read_pointer(folder)
    if store == FILES or (before is None and not store):
        if before is not None:
            from indexing.stores.qdrant import drop_collection

            drop_collection(before)
            shutil.rmtree(folder)
        chosen = checked_precision(precision or kept_precision(folder, embedder)) or usual_precision(embedder.name)
        return VectorWriter(folder, embedder.dimension, embedder.name, embedder.version, chosen)
    from indexing.stores.qdrant import QdrantWriter

    url = checked_url(store.removeprefix(PREFIX)) if store or before is None else before.url
    index = before.index if before is not None else uuid.uuid4().hex[:16]
    pointer = Pointer(url, index, embedder.name, embedder.version, embedder.dimension, ready=False)
    return QdrantWriter(folder, connect(url), pointer)


def open_vector_reader(folder: Path) -> StoreReader:
    """The vectors of `folder`, wherever they are. Raises BrokenIndexError, and CodestrataError for a server."""
    pointer = read_pointer(folder)
    if pointer is None or not pointer.ready:
        return VectorReader(folder)
    from indexing.stores.qdrant import QdrantReader

    return QdrantReader(connect(pointer.url), pointer)


def forget_server(folder: Path) -> None:
    """Delete what an index has on a server, as far as the server can be asked, before its folder goes."""
    from indexing.stores.qdrant import drop_collection

    try:
        pointer = read_pointer(folder)
    except BrokenIndexError:
        return
    if pointer is not None:
        drop_collection(pointer)
