"""The vector store: every code is looked at, none is missed.

The codes (`indexing.stores.codes`) are opened into what can be multiplied: small integers, a byte a dimension, or float16.
One of three engines takes the best rows by them, and these are scored by what their codes say exactly, so that all engines
answer alike:

* ``faiss``: `IndexScalarQuantizer` with `QT_8bit_direct_signed` or `QT_fp16`, filtered by a bitmap (`IDSelectorBitmap`);
* ``faiss-gpu``: a flat float16 index on the first device, with the GPU build of faiss. It holds only what a search may
  return; restricted searches, and every search after its first failure, run on the CPU;
* ``numpy``: matrix products, where faiss is not installed (it is an extra).

Below a million chunks no approximate structure pays for its training, its memory and its misses.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from core.errors import BrokenIndexError
from core.ports import FloatMatrix, FloatVector, IdVector
from indexing.stores.codes import Codec, Codes, Opened
from indexing.stores.precision import codec_of
from indexing.stores.vector_files import Bits, RowsById, read_vector_files

_LOG = logging.getLogger(__name__)

_BLOCK = 1_024
"""Rows the numpy engine widens and multiplies at a time: 1 MB of float32 at 256 dimensions, about a core's cache."""

_AT_ONCE = 8_192
"""Rows opened, or widened and copied to a device, at a time."""

_SPARE = 16
"""Rows an engine finds beyond those asked for: by integers two close ones may change places."""


class _Engine(Protocol):
    """Finds the `k` best rows in any order, fewer where there are fewer, for a turned query.

    `admitted` has a flag for every row, None admits all the store would return.
    """

    name: str

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> IdVector: ...


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
        self._codec = codec_of(files.manifest.precision, dimension)
        self._segments = [segment.codes for segment in files.segments]
        self._starts = np.cumsum([0, *(len(codes) for codes in self._segments)])
        self._ids: IdVector = np.concatenate([s.ids for s in files.segments] or [np.empty(0, np.int64)])
        self._by_id = RowsById(self._ids, files.dead)
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
    def precision(self) -> str:
        """How exactly vectors are kept."""
        return self._codec.precision

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
        turned = np.empty((int(known.sum()), self._dimension), np.float32)
        segments = np.searchsorted(self._starts, rows[known], side="right") - 1
        for place in np.unique(segments):
            here = segments == place
            turned[here] = self._codec.decode(self._segments[place][rows[known][here] - self._starts[place]])
        found[known] = self._codec.turned_back(turned)
        return found

    def _scores(self, turned: FloatVector, rows: IdVector) -> FloatVector:
        scores = np.empty(len(rows), np.float32)
        segments = np.searchsorted(self._starts, rows, side="right") - 1
        for place in np.unique(segments):
            here = np.flatnonzero(segments == place)
            for first in range(0, len(here), _AT_ONCE):
                some = here[first : first + _AT_ONCE]
                codes = self._segments[place][rows[some] - self._starts[place]]
                # Row by row, so that equal codes get equal scores wherever they stand.
                scores[some] = np.einsum("ij,j->i", self._codec.decode(codes), turned)
        return scores

    def _flags(self, among: IdVector) -> Bits:
        rows, known = self._by_id.find(np.asarray(among, np.int64))
        flags = np.zeros(len(self._ids), bool)
        flags[rows[known]] = True
        return flags

    def _opened(self) -> _Engine:
        """The engine, made at the first search: a reader that is opened only to be asked for its count costs nothing."""
        if self._engine is None:
            self._engine = self._on_gpu() or self._on_cpu()
        return self._engine

    def _blocks(self) -> Iterator[Opened]:
        """All rows, opened some at a time."""
        opened = self._codec.opener(self._segments)
        for codes in self._segments:
            for first in range(0, len(codes), _AT_ONCE):
                yield opened(codes[first : first + _AT_ONCE])

    def _on_cpu(self) -> _Engine:
        faiss = _faiss() if self._use_faiss else None
        returned = None if self._all_returned else self._returned
        if faiss is None:
            return _NumpyEngine(self._blocks(), returned)
        return _FaissEngine(faiss, self._codec, self._blocks(), returned)

    def _on_gpu(self) -> _Engine | None:
        """The device's engine, or None where there is no device, no GPU build, or no room."""
        faiss = _faiss() if self._use_faiss and self._device != "cpu" else None
        if faiss is None or not hasattr(faiss, "StandardGpuResources"):
            return None
        try:
            if faiss.get_num_gpus() < 1:
                return None
            return _GpuEngine(faiss, self._on_cpu(), self._blocks(), self._dimension, self._returned)
        except RuntimeError as error:
            _LOG.warning("the GPU cannot hold the vectors (%s); the CPU answers", _first_line(error))
            return None


class _Integers:
    """Whole numbers from -127 to 127 in faiss."""

    kind = "QT_8bit_direct_signed"

    @staticmethod
    def stored(rows: Opened) -> Codes:
        return rows.view(np.uint8) ^ np.uint8(0x80)  # faiss counts them from -128

    @staticmethod
    def asked(query: FloatVector) -> FloatVector:
        # At dimensions that are multiples of 16 faiss cuts the query's fractions off: it shall have none.
        longest = float(np.abs(query).max(initial=0.0))
        return np.asarray(np.rint(query * np.float32(127 / longest if longest > 0 else 0)))


class _Halves:
    """float16 in faiss."""

    kind = "QT_fp16"

    @staticmethod
    def stored(rows: Opened) -> Codes:
        return rows.view(np.uint8)

    @staticmethod
    def asked(query: FloatVector) -> FloatVector:
        return query


_IN_FAISS: Mapping[type, type[_Integers | _Halves]] = {np.int8: _Integers, np.float16: _Halves}


class _FaissEngine:
    name = "faiss"

    def __init__(self, faiss: Any, codec: Codec, blocks: Iterator[Opened], returned: Bits | None) -> None:
        self._faiss = faiss
        self._form = _IN_FAISS[codec.multiplied]
        kind = getattr(faiss.ScalarQuantizer, self._form.kind)
        self._index = faiss.IndexScalarQuantizer(codec.dimension, kind, faiss.METRIC_INNER_PRODUCT)
        for rows in blocks:
            self._index.add_sa_codes(self._form.stored(rows))
        self._returned = returned

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> IdVector:
        # One thread searches for one query; the others would only spin, at twenty times the cost where cores are busy. Every
        # thread that asks has a number of its own.
        self._faiss.omp_set_num_threads(1)
        admitted = self._returned if admitted is None else admitted
        parameters = None
        if admitted is not None:
            bitmap = np.packbits(admitted, bitorder="little")  # must outlive the search: faiss keeps a pointer
            selector = self._faiss.IDSelectorBitmap(len(admitted), self._faiss.swig_ptr(bitmap))
            parameters = self._faiss.SearchParameters(sel=selector)
        query = self._form.asked(query)
        _, rows = self._index.search(query[None], min(k, self._index.ntotal), params=parameters)
        return np.asarray(rows[0][rows[0] >= 0], np.int64)


class _GpuEngine:
    """A flat index of the rows that a search may return; GPU indexes know no selectors."""

    name = "faiss-gpu"

    def __init__(self, faiss: Any, on_cpu: _Engine, blocks: Iterator[Opened], dimension: int, returned: Bits) -> None:
        self._cpu = on_cpu
        self._rows = np.flatnonzero(returned)
        self._resources = faiss.StandardGpuResources()  # the index keeps only a pointer to it
        settings = faiss.GpuIndexFlatConfig()
        settings.useFloat16 = True
        settings.device = 0
        self._index = faiss.GpuIndexFlatIP(self._resources, dimension, settings)
        start = 0
        for rows in blocks:
            kept = rows[returned[start : start + len(rows)]]
            start += len(rows)
            self._index.add(kept.astype(np.float32))

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> IdVector:
        if admitted is not None or k > _MAX_GPU_RESULTS:
            return self._cpu.search(query, k, admitted)
        _, places = self._index.search(query[None], min(k, len(self._rows)))
        return np.asarray(self._rows[places[0]])


_MAX_GPU_RESULTS = 2_048
"""What the selection on a device can hold."""


class _NumpyEngine:
    name = "numpy"

    def __init__(self, blocks: Iterator[Opened], returned: Bits | None) -> None:
        self._returned = returned
        self._blocks = list(blocks)

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> IdVector:
        admitted = self._returned if admitted is None else admitted
        scores = np.concatenate(
            [
                rows[first : first + _BLOCK].astype(np.float32) @ query
                for rows in self._blocks
                for first in range(0, len(rows), _BLOCK)
            ]
        )
        rows = np.arange(len(scores)) if admitted is None else np.flatnonzero(admitted)
        if k < len(rows):
            rows = rows[np.argpartition(-scores[rows], k - 1)[:k]]
        return rows.astype(np.int64)


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
