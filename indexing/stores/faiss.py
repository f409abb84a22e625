"""The vector store: every code is looked at, none is missed; among very many only where the query points.

The codes (`indexing.stores.codes`) are opened into what can be multiplied: small integers, a byte a dimension, or float16.
One of the `engines` takes the best rows by them, and these are scored by what their codes say exactly, so that all engines
answer alike: ``faiss``, or ``numpy`` where it is not installed; ``faiss-gpu`` with its GPU build and a device, where
restricted searches, and every search after the device's first failure, run on the CPU.

Below a million chunks no approximate structure pays for its training, its memory and its misses. Above, files hold cells
(`indexing.stores.cells`), and ``faiss-cells`` looks into the nearest.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import BrokenIndexError
from core.ports import FloatMatrix, FloatVector, IdVector
from indexing.stores.engines import CellEngine, Engine, FaissEngine, GpuEngine, NumpyEngine
from indexing.stores.precision import codec_of
from indexing.stores.stored_rows import StoredRows
from indexing.stores.vector_files import Bits, RowsById, read_vector_files

_LOG = logging.getLogger(__name__)

_AT_ONCE = 8_192
"""Rows scored at a time."""

_SPARE = 16
"""Rows an engine finds beyond those asked for: by integers two close ones may change places."""


LOOKED_INTO = 1 / 4
"""The share of cells that a search looks into. README.md tells what more and fewer cost and find."""


class VectorReader:
    """One snapshot of a folder of vectors (`core.ports.VectorStore`), undisturbed by later commits."""

    def __init__(self, folder: Path, device: str = "auto", use_faiss: bool = True, looked_into: float = LOOKED_INTO) -> None:
        """`BrokenIndexError` where `folder` holds no vectors that can be read.

        `device` is "auto", "cpu" or "cuda"; with the last two out of reach the CPU answers. Without `use_faiss`, or where
        it is not installed, numpy searches. Where there are cells, FAISS looks into the share `looked_into` of them.
        """
        files = read_vector_files(folder)
        if files is None:
            raise BrokenIndexError(f"there are no vectors in {folder}", "nothing was committed", "index the source first")
        self._manifest = files.manifest
        dimension = files.manifest.dimension
        self._codec = codec_of(files.manifest.precision, dimension)
        self._rows = StoredRows(self._codec, [segment.codes for segment in files.segments])
        self._cells = files.cells
        self._ids: IdVector = np.concatenate([s.ids for s in files.segments] or [np.empty(0, np.int64)])
        self._by_id = RowsById(self._ids, files.dead)
        self._returned: Bits = ~files.dead & ~np.isin(self._ids, files.masked)
        self._all_returned = bool(self._returned.all())
        self._engine: Engine | None = None
        self._device, self._use_faiss, self._dimension = device, use_faiss, dimension
        self._looked_into = looked_into

    @property
    def generation(self) -> int:
        return self._manifest.generation

    @property
    def embedder_name(self) -> str:
        """What made the vectors; a query made by another means nothing here."""
        return self._manifest.embedder_name

    @property
    def embedder_version(self) -> str:
        return self._manifest.embedder_version

    @property
    def precision(self) -> str:
        """How exactly vectors are kept."""
        return self._codec.precision

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def engine(self) -> str:
        """Which engine answers: "faiss", "faiss-cells", "faiss-gpu" or "numpy"."""
        return self._opened().name

    def count(self) -> int:
        """Vectors that a search may return."""
        return int(self._returned.sum())

    def search(self, query: FloatVector, k: int, among: IdVector | None = None) -> tuple[IdVector, FloatVector]:
        """See `core.ports.VectorStore`. Equal scores come in the order of their ids."""
        if query.shape != (self._dimension,):
            raise ValueError(f"a query of shape {query.shape}, not ({self._dimension},)")
        admitted = None if among is None else self._returned & self._flags(among)
        k = min(k, self.count() if admitted is None else int(admitted.sum()))
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = self._codec.turned(query)
        engine = self._opened()
        wanted = k + _SPARE
        try:
            rows = engine.search(query, wanted, admitted)
        except RuntimeError as error:
            if engine.name != "faiss-gpu":
                raise
            _LOG.warning("search on the GPU failed (%s); the CPU answers from now on", _first_line(error))
            self._engine = engine = self._on_cpu()
            rows = engine.search(query, wanted, admitted)
        scores = self._scores(query, rows)
        order = np.lexsort((self._ids[rows], -scores))[:k]
        return self._ids[rows][order], scores[order]

    def scores(self, query: FloatVector, ids: IdVector) -> FloatVector:
        """See `core.ports.VectorStore`; masked ids are scored as well."""
        found = np.zeros(len(ids), np.float32)
        rows, known = self._by_id.find(np.asarray(ids, np.int64))
        found[known] = self._scores(self._codec.turned(query), rows[known])
        return found

    def vectors(self, ids: IdVector) -> FloatMatrix:
        """See `core.ports.VectorStore`; masked ids have theirs as well."""
        found = np.zeros((len(ids), self._dimension), np.float32)
        rows, known = self._by_id.find(np.asarray(ids, np.int64))
        found[known] = self._codec.turned_back(self._rows.vectors(rows[known]))
        return found

    def _scores(self, turned: FloatVector, rows: IdVector) -> FloatVector:
        scores = np.empty(len(rows), np.float32)
        for first in range(0, len(rows), _AT_ONCE):
            vectors = self._rows.vectors(rows[first : first + _AT_ONCE])
            # Row by row, so that equal codes get equal scores wherever they stand.
            scores[first : first + _AT_ONCE] = np.einsum("ij,j->i", vectors, turned)
        return scores

    def _flags(self, among: IdVector) -> Bits:
        rows, known = self._by_id.find(np.asarray(among, np.int64))
        flags = np.zeros(len(self._ids), bool)
        flags[rows[known]] = True
        return flags

    def _opened(self) -> Engine:
        """The engine, made at the first search: a reader that is opened only to be asked for its count costs nothing."""
        if self._engine is None:
            self._engine = self._on_gpu() or self._on_cpu()
        return self._engine

    def _on_cpu(self) -> Engine:
        faiss = _faiss() if self._use_faiss else None
        returned = None if self._all_returned else self._returned
        if faiss is None:
            return NumpyEngine(self._rows, returned)
        if self._cells is not None:
            return CellEngine(faiss, self._rows, self._cells, self._returned, self._looked_into)
        return FaissEngine(faiss, self._rows, returned)

    def _on_gpu(self) -> Engine | None:
        """The device's engine, or None where there is no device, no GPU build, or no room."""
        faiss = _faiss() if self._use_faiss and self._device != "cpu" else None
        if faiss is None or not hasattr(faiss, "StandardGpuResources"):
            return None
        try:
            if faiss.get_num_gpus() < 1:
                return None
            return GpuEngine(faiss, self._on_cpu(), self._rows, self._returned)
        except RuntimeError as error:
            _LOG.warning("the GPU cannot hold the vectors (%s); the CPU answers", _first_line(error))
            return None


def gpu_count() -> int:
    """How many devices FAISS may search on; 0 without a build for them."""
    faiss = _faiss()
    return int(faiss.get_num_gpus()) if faiss is not None and hasattr(faiss, "StandardGpuResources") else 0


def _faiss() -> Any | None:
    try:
        import faiss
    except ImportError:
        return None
    return faiss


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
