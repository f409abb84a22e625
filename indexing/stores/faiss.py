"""The vector store: exact search by inner product over float16 codes.

Three engines answer alike, over the same files (`indexing.stores.vectors`):

* ``faiss``: `IndexScalarQuantizer` with `QT_fp16`, filtered by a bitmap (`IDSelectorBitmap`). It is authoritative;
* ``faiss-gpu``: a flat float16 index on the first device, with the GPU build of faiss. It holds only what a search may
  return; restricted searches, and every search after its first failure, run on the CPU;
* ``numpy``: one matrix product, where faiss is not installed (it is an extra). It widens the codes to float32.

Exact search reads every code: 50 MB for 100,000 chunks of 256 dimensions, a few milliseconds. Below a million chunks no
approximate structure pays for its training, its memory and its misses.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from core.errors import BrokenIndexError
from core.ports import FloatVector, IdVector
from indexing.stores.vectors import Bits, Codes, VectorWriter, read_vector_files

__all__ = ["VectorReader", "VectorWriter"]

_LOG = logging.getLogger(__name__)

_BLOCK = 8_192
"""Rows the numpy engine multiplies at a time: 8 MB of float32 at 256 dimensions, about a core's cache."""

_KEPT_WIDE = 256_000_000
"""Bytes of float32 that the numpy engine keeps; widening anew costs ten times the product itself."""

_GPU_BLOCK = 65_536
"""Rows widened and copied to a device at a time."""


class _Engine(Protocol):
    """Searches rows; `admitted` has a flag for every row, None admits all the store would return."""

    name: str

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> tuple[IdVector, FloatVector]: ...


class VectorReader:
    """One snapshot of a folder of vectors (`core.ports.VectorStore`), undisturbed by later commits."""

    def __init__(self, folder: Path, device: str = "auto", use_faiss: bool = True) -> None:
        """`BrokenIndexError` where `folder` holds no vectors that can be read.

        `device` is "auto", "cpu" or "cuda"; with the last two out of reach the CPU answers. Without `use_faiss`, or where
        it is not installed, numpy searches.
        """
        files = read_vector_files(folder)
        if files is None:
            raise BrokenIndexError(f"there are no vectors in {folder}", "nothing was committed", "index the source first")
        self._manifest = files.manifest
        dimension = files.manifest.dimension
        self._segments = [segment.codes for segment in files.segments]
        self._starts = np.cumsum([0, *(len(codes) for codes in self._segments)])
        self._ids: IdVector = np.concatenate([s.ids for s in files.segments] or [np.empty(0, np.int64)]).astype(np.int64)
        living = np.flatnonzero(~files.dead)
        order = living[np.argsort(self._ids[living], kind="stable")]
        # Ascending ids of living rows, and the row of each.
        self._sorted_ids, self._sorted_rows = self._ids[order], order
        self._returned: Bits = ~files.dead & ~np.isin(self._ids, files.masked)
        self._all_returned = bool(self._returned.all())
        self._engine: _Engine | None = None
        self._device, self._use_faiss, self._dimension = device, use_faiss, dimension

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
    def dimension(self) -> int:
        return self._dimension

    @property
    def engine(self) -> str:
        """Which engine answers: "faiss", "faiss-gpu" or "numpy"."""
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
        query = np.ascontiguousarray(query, np.float32)
        engine = self._opened()
        try:
            rows, scores = engine.search(query, k, admitted)
        except RuntimeError as error:
            if engine.name != "faiss-gpu":
                raise
            _LOG.warning("search on the GPU failed (%s); the CPU answers from now on", _first_line(error))
            self._engine = engine = self._on_cpu()
            rows, scores = engine.search(query, k, admitted)
        order = np.lexsort((self._ids[rows], -scores))
        return self._ids[rows][order], scores[order]

    def scores(self, query: FloatVector, ids: IdVector) -> FloatVector:
        """See `core.ports.VectorStore`; masked ids are scored as well."""
        found = np.zeros(len(ids), np.float32)
        places, known = self._places(np.asarray(ids, np.int64))
        rows = self._sorted_rows[places[known]]
        known_scores = np.empty(len(rows), np.float32)
        for start, codes in zip(self._starts, self._segments, strict=False):
            here = (rows >= start) & (rows < start + len(codes))
            if here.any():
                known_scores[here] = codes[rows[here] - start].astype(np.float32) @ query
        found[known] = known_scores
        return found

    def _places(self, ids: IdVector) -> tuple[IdVector, Bits]:
        """Where `ids` stand among the sorted ones, and which of them do."""
        if not len(self._sorted_ids):
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), bool)
        places = np.minimum(np.searchsorted(self._sorted_ids, ids), len(self._sorted_ids) - 1)
        return places, self._sorted_ids[places] == ids

    def _flags(self, among: IdVector) -> Bits:
        places, known = self._places(np.asarray(among, np.int64))
        flags = np.zeros(len(self._ids), bool)
        flags[self._sorted_rows[places[known]]] = True
        return flags

    def _opened(self) -> _Engine:
        """The engine, made at the first search: a reader that is opened only to be asked for its count costs nothing."""
        if self._engine is None:
            self._engine = self._on_gpu() or self._on_cpu()
        return self._engine

    def _on_cpu(self) -> _Engine:
        faiss = _faiss() if self._use_faiss else None
        if faiss is None:
            return _NumpyEngine(self._segments, None if self._all_returned else self._returned)
        return _FaissEngine(faiss, self._segments, self._dimension, None if self._all_returned else self._returned)

    def _on_gpu(self) -> _Engine | None:
        """The device's engine, or None where there is no device, no GPU build, or no room."""
        faiss = _faiss() if self._use_faiss and self._device != "cpu" else None
        if faiss is None or not hasattr(faiss, "StandardGpuResources"):
            return None
        try:
            if faiss.get_num_gpus() < 1:
                return None
            return _GpuEngine(faiss, self._segments, self._dimension, self._returned)
        except RuntimeError as error:
            _LOG.warning("the GPU cannot hold the vectors (%s); the CPU answers", _first_line(error))
            return None


class _FaissEngine:
    name = "faiss"

    def __init__(self, faiss: Any, segments: list[Codes], dimension: int, returned: Bits | None) -> None:
        self._faiss = faiss
        # One thread searches for one query; the others would only spin, at twenty times the cost where cores are busy.
        faiss.omp_set_num_threads(1)
        self._index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        for codes in segments:
            # What faiss keeps for QT_fp16 is the float16 values themselves, so they go in as they are stored.
            self._index.add_sa_codes(np.ascontiguousarray(codes).view(np.uint8))
        self._returned = returned

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> tuple[IdVector, FloatVector]:
        admitted = self._returned if admitted is None else admitted
        parameters = None
        if admitted is not None:
            bitmap = np.packbits(admitted, bitorder="little")  # must outlive the search: faiss keeps a pointer
            selector = self._faiss.IDSelectorBitmap(len(admitted), self._faiss.swig_ptr(bitmap))
            parameters = self._faiss.SearchParameters(sel=selector)
        scores, rows = self._index.search(query[None], k, params=parameters)
        return rows[0].astype(np.int64), scores[0]


class _GpuEngine:
    """A flat index of the rows that a search may return; GPU indexes know no selectors."""

    name = "faiss-gpu"

    def __init__(self, faiss: Any, segments: list[Codes], dimension: int, returned: Bits) -> None:
        self._cpu = _FaissEngine(faiss, segments, dimension, None if returned.all() else returned)
        self._rows = np.flatnonzero(returned)
        self._resources = faiss.StandardGpuResources()  # the index keeps only a pointer to it
        settings = faiss.GpuIndexFlatConfig()
        settings.useFloat16 = True
        settings.device = 0
        self._index = faiss.GpuIndexFlatIP(self._resources, dimension, settings)
        start = 0
        for codes in segments:
            kept = codes[returned[start : start + len(codes)]]
            start += len(codes)
            for first in range(0, len(kept), _GPU_BLOCK):
                self._index.add(kept[first : first + _GPU_BLOCK].astype(np.float32))

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> tuple[IdVector, FloatVector]:
        if admitted is not None or k > _MAX_GPU_RESULTS:
            return self._cpu.search(query, k, admitted)
        scores, places = self._index.search(query[None], k)
        return self._rows[places[0]], scores[0]


_MAX_GPU_RESULTS = 2_048
"""What the selection on a device can hold."""


class _NumpyEngine:
    name = "numpy"

    def __init__(self, segments: list[Codes], returned: Bits | None) -> None:
        self._returned = returned
        wide = sum(4 * codes.size for codes in segments)
        self._blocks = [codes[i : i + _BLOCK] for codes in segments for i in range(0, len(codes), _BLOCK)]
        if wide <= _KEPT_WIDE:
            self._blocks = [block.astype(np.float32) for block in self._blocks]

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> tuple[IdVector, FloatVector]:
        admitted = self._returned if admitted is None else admitted
        scores = np.concatenate([block.astype(np.float32, copy=False) @ query for block in self._blocks])
        rows = np.arange(len(scores)) if admitted is None else np.flatnonzero(admitted)
        if k < len(rows):
            rows = rows[np.argpartition(-scores[rows], k - 1)[:k]]
        return rows.astype(np.int64), scores[rows]


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
