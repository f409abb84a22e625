"""The engines that find the best rows of a vector store by what its codes are opened into (`codes.Codec.opener`).

* `FaissEngine`: `IndexScalarQuantizer` with `QT_8bit_direct_signed` or `QT_fp16`, filtered by a bitmap (`IDSelectorBitmap`);
* `CellEngine`: the same within cells (`indexing.stores.cells`), `IndexIVFScalarQuantizer` with the cells that were stored;
* `GpuEngine`: a flat float16 index on the first device, with the GPU build of faiss. It holds only what a search may return;
* `NumpyEngine`: matrix products, where faiss is not installed (it is an extra).

All but the second look at every row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from core.ports import FloatVector, IdVector
from indexing.stores.codes import Codes, Opened
from indexing.stores.stored_rows import StoredRows
from indexing.stores.vector_files import Bits, Cells

_BLOCK = 1_024
"""Rows the numpy engine widens and multiplies at a time: 1 MB of float32 at 256 dimensions, about a core's cache."""

_AT_ONCE = 8_192
"""Rows put into a cell at a time."""


class Engine(Protocol):
    """Finds the `k` best rows in any order, fewer where there are fewer, for a turned query.

    `admitted` has a flag for every row, None admits all the store would return.
    """

    name: str

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> IdVector: ...


class _Integers:
    """Whole numbers from -127 to 127 in faiss."""

    kind = "QT_8bit_direct_signed"

    @staticmethod
    def stored(rows: Opened) -> Codes:
        return rows.view(np.uint8) ^ np.uint8(0x80)  # faiss counts them from -128

    @staticmethod
    def asked(query: FloatVector) -> FloatVector:
        # At dimensions that are multiples of 16 faiss cuts the query's fractions off: it shall have none.
        return np.rint(_enlarged(query))


class _Halves:
    """float16 in faiss."""

    kind = "QT_fp16"

    @staticmethod
    def stored(rows: Opened) -> Codes:
        return rows.view(np.uint8)

    @staticmethod
    def asked(query: FloatVector) -> FloatVector:
        return _enlarged(query)  # centres of cells are integers, for which it is cut off


def _enlarged(query: FloatVector) -> FloatVector:
    """The query with its greatest coordinate 127: the best stay the best."""
    longest = float(np.abs(query).max(initial=0.0))
    return np.asarray(query * np.float32(127 / longest if longest > 0 else 0))


def _use_one_thread(faiss: Any) -> None:
    """One thread searches for one query; the others would only spin, at twenty times the cost where cores are busy. Every
    thread that asks has a number of its own."""
    faiss.omp_set_num_threads(1)


_IN_FAISS: Mapping[type, type[_Integers | _Halves]] = {np.int8: _Integers, np.float16: _Halves}


class FaissEngine:
    name = "faiss"

    def __init__(self, faiss: Any, rows: StoredRows, returned: Bits | None) -> None:
        """`returned` has a flag for every row that a search may return; None for all."""
        self._faiss = faiss
        self._form = _IN_FAISS[rows.codec.multiplied]
        kind = getattr(faiss.ScalarQuantizer, self._form.kind)
        self._index = faiss.IndexScalarQuantizer(rows.codec.dimension, kind, faiss.METRIC_INNER_PRODUCT)
        for block in rows.blocks():
            self._index.add_sa_codes(self._form.stored(block))
        self._returned = returned

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> IdVector:
        _use_one_thread(self._faiss)
        admitted = self._returned if admitted is None else admitted
        parameters = None
        if admitted is not None:
            bitmap = np.packbits(admitted, bitorder="little")  # must outlive the search: faiss keeps a pointer
            selector = self._faiss.IDSelectorBitmap(len(admitted), self._faiss.swig_ptr(bitmap))
            parameters = self._faiss.SearchParameters(sel=selector)
        query = self._form.asked(query)
        _, rows = self._index.search(query[None], min(k, self._index.ntotal), params=parameters)
        return np.asarray(rows[0][rows[0] >= 0], np.int64)


class CellEngine:
    """Looks into the cells whose centres are nearest to the query: into `share` of all, and into more the fewer of their
    rows are admitted, so that about as many are looked at; where these are too few for `k`, into all."""

    name = "faiss-cells"

    def __init__(self, faiss: Any, rows: StoredRows, cells: Cells, returned: Bits, share: float) -> None:
        """`returned` has a flag for every row that a search may return."""
        self._faiss = faiss
        dimension, self._form = rows.codec.dimension, _IN_FAISS[rows.codec.multiplied]
        kind, product = faiss.ScalarQuantizer, faiss.METRIC_INNER_PRODUCT
        self._centres = faiss.IndexScalarQuantizer(dimension, getattr(kind, _Integers.kind), product)
        self._centres.add_sa_codes(_Integers.stored(cells.centres))
        self._cells, self._share = self._centres.ntotal, share
        # The index keeps only a pointer to the centres.
        self._index = faiss.IndexIVFScalarQuantizer(
            self._centres, dimension, self._cells, getattr(kind, self._form.kind), product, False
        )
        self._index.is_trained = True
        self._fill(rows, cells, returned)

    def _fill(self, rows: StoredRows, cells: Cells, returned: Bits) -> None:
        """Put the rows that a search may return into their cells, a cell at a time: each is then as large as it must be."""
        held = np.flatnonzero(returned)
        numbers = np.concatenate(cells.numbers)[held]
        held = held[np.argsort(numbers, kind="stable")]
        ends = np.cumsum(np.bincount(numbers, minlength=self._cells))
        opened, lists, pointer = rows.opener(), self._index.invlists, self._faiss.swig_ptr
        for cell, inside in enumerate(np.split(held, ends[:-1])):
            for first in range(0, len(inside), _AT_ONCE):
                some = np.ascontiguousarray(inside[first : first + _AT_ONCE], np.int64)
                codes = np.ascontiguousarray(self._form.stored(opened(rows.codes(some))))
                lists.add_entries(cell, len(some), pointer(some), pointer(codes))
        self._index.ntotal = self._rows = len(held)

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> IdVector:
        _use_one_thread(self._faiss)
        looked, most, selector = self._share, self._rows, None
        if admitted is not None:
            bitmap = np.packbits(admitted, bitorder="little")  # must outlive the search: faiss keeps a pointer
            selector = self._faiss.IDSelectorBitmap(len(admitted), self._faiss.swig_ptr(bitmap))
            most = int(np.count_nonzero(admitted))
            looked *= self._rows / max(most, 1)
        found = self._look(query, min(k, most), math.ceil(min(1.0, looked) * self._cells), selector)
        return found if len(found) == min(k, most) else self._look(query, min(k, most), self._cells, selector)

    def _look(self, query: FloatVector, k: int, cells: int, selector: Any) -> IdVector:
        if k < 1:
            return np.empty(0, np.int64)
        parameters = self._faiss.SearchParametersIVF(sel=selector, nprobe=cells)
        _, rows = self._index.search(self._form.asked(query)[None], k, params=parameters)
        return np.asarray(rows[0][rows[0] >= 0], np.int64)


class GpuEngine:
    """A flat index of the rows that a search may return; GPU indexes know no selectors."""

    name = "faiss-gpu"

    def __init__(self, faiss: Any, on_cpu: Engine, rows: StoredRows, returned: Bits) -> None:
        self._cpu = on_cpu
        self._rows = np.flatnonzero(returned)
        self._resources = faiss.StandardGpuResources()  # the index keeps only a pointer to it
        settings = faiss.GpuIndexFlatConfig()
        settings.useFloat16 = True
        settings.device = 0
        self._index = faiss.GpuIndexFlatIP(self._resources, rows.codec.dimension, settings)
        start = 0
        for block in rows.blocks():
            kept = block[returned[start : start + len(block)]]
            start += len(block)
            self._index.add(kept.astype(np.float32))

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> IdVector:
        if admitted is not None or k > _MAX_GPU_RESULTS:
            return self._cpu.search(query, k, admitted)
        _, places = self._index.search(query[None], min(k, len(self._rows)))
        return np.asarray(self._rows[places[0]])


_MAX_GPU_RESULTS = 2_048
"""What the selection on a device can hold."""


class NumpyEngine:
    name = "numpy"

    def __init__(self, rows: StoredRows, returned: Bits | None) -> None:
        self._returned = returned
        self._blocks = list(rows.blocks())

    def search(self, query: FloatVector, k: int, admitted: Bits | None) -> IdVector:
        admitted = self._returned if admitted is None else admitted
        scores = np.concatenate(
            [
                block[first : first + _BLOCK].astype(np.float32) @ query
                for block in self._blocks
                for first in range(0, len(block), _BLOCK)
            ]
        )
        rows = np.arange(len(scores)) if admitted is None else np.flatnonzero(admitted)
        if k < len(rows):
            rows = rows[np.argpartition(-scores[rows], k - 1)[:k]]
        return rows.astype(np.int64)
