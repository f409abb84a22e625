"""Vectors on a Qdrant server, behind the same port as the files (`faiss.py`, `vectors.py`).

A point is a chunk: its vector (float16, inner product), and as payload its number, whether another chunk stands for it, and
the generation since which it counts. No text and no path is sent. One point more, `_STATE`, says which generation the
collection holds, and whether a commit is under way. A reader asks for what its own generation holds, so it never sees what
is only on its way; what a commit takes out is gone for earlier readers, too, which find a little less.

What a killed commit left counts since a later generation than the state's: the next writer takes it away.
"""

from __future__ import annotations

import functools
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import BrokenIndexError, CodestrataError
from core.ports import FloatMatrix, FloatVector, IdVector
from indexing.stores.codes import Precision
from indexing.stores.qdrant_connection import Pointer, call, connect, read_pointer, write_pointer
from indexing.stores.vector_files import remove_vector_files

if TYPE_CHECKING:
    from qdrant_client import QdrantClient
    from qdrant_client import models as api

_STATE = str(uuid.uuid5(uuid.NAMESPACE_URL, "codestrata:state"))
_GENERATION, _WRITING = "generation", "writing"
_CHUNK, _MASKED, _SINCE = "chunk", "masked", "since"
_POINTS_AT_ONCE = 256
"""A megabyte of JSON at 256 dimensions."""
_IDS_AT_ONCE = 4_096
_MAX_PENDING = 50_000
"""Vectors kept until a commit, 25 MB at 256 dimensions; beyond, they are sent ahead."""
_MAX_RUNS = 256
"""Runs of neighbouring chunks that a search is restricted to on the server; where a filter leaves more, more is asked for
and what it does not admit is dropped here."""
_WIDER = 8
_QUICK = (0.25,)
"""Who waits for an answer is not kept waiting for a server that is gone."""

Part = TypeVar("Part")
Answer = TypeVar("Answer")
_log = logging.getLogger(__name__)


class QdrantWriter:
    """Writes the vectors of one index; whoever opens it holds the index's lock.

    What was added, removed and masked counts with `commit`; leaving without it forgets the rest, but for an id that was
    stored and is added again among more than `_MAX_PENDING` (chunk ids never are). Every call may raise CodestrataError
    where the server fails: the truth is elsewhere, and the next writer sends what is lacking.
    """

    def __init__(self, folder: Path, client: QdrantClient, pointer: Pointer) -> None:
        """`pointer` is that of this embedder; what `folder` remembers otherwise is left behind with the first commit."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._client, self._pointer = folder, client, replace(pointer, ready=True)
        self._before = read_pointer(folder)
        if self._before is None:
            write_pointer(folder, replace(pointer, ready=False))
        self._begin()
        self._wanted_masks: IdVector | None = None
        """What is masked from the next commit on; None where nobody has said so and it does not matter yet."""
        self._sent_masks: IdVector | None = None
        if not self._call(lambda: client.collection_exists(self._name)):
            self._create()
        state = self._call(lambda: _state(client, self._name))
        self._generation, self._is_writing = int(state.get(_GENERATION, 0)), bool(state.get(_WRITING))
        if self._is_writing:
            later = _filter(_range(_SINCE, gt=self._generation))
            self._call(lambda: client.delete(self._name, later))

    def _begin(self) -> None:
        self._new: dict[int, NDArray[np.float16]] = {}
        self._gone: set[int] = set()
        self._is_cleared = False

    @property
    def _name(self) -> str:
        return self._pointer.collection

    @property
    def generation(self) -> int:
        """The generation last committed, 0 where there is none or all is to be cleared."""
        return 0 if self._is_cleared else self._generation

    @property
    def precision(self) -> Precision:
        """How exactly vectors are kept."""
        return Precision.FLOAT16

    def count(self) -> int:
        """How many vectors the next commit will hold, masked ones included."""
        if self._is_cleared:
            return len(self._new)
        stored = self._count(_filter(_range(_SINCE, gte=0)))
        touched = sorted(self._gone | self._new.keys())
        return stored + len(self._new) - sum(self._count(_filter(_any_of(ids))) for ids in _parts(touched, _IDS_AT_ONCE))

    def add(self, ids: IdVector, vectors: FloatMatrix) -> None:
        """Store a vector for each of `ids`, shape (n, dimension), finite; an id that is there already is replaced."""
        if vectors.shape != (len(ids), self._pointer.dimension):
            raise ValueError(f"{len(ids)} ids and vectors of shape {vectors.shape}, not (n, {self._pointer.dimension})")
        with np.errstate(over="ignore"):  # looked for below
            rounded = vectors.astype(np.float16)
        if not np.isfinite(rounded).all():
            raise ValueError("a vector is not finite, or too long for float16")
        self._new.update(zip(np.asarray(ids).tolist(), rounded, strict=True))
        self._gone.difference_update(self._new)
        if len(self._new) > _MAX_PENDING:
            self._send_new()

    def remove(self, ids: Iterable[int]) -> None:
        """Take vectors out; ids that are not stored are passed over."""
        for id_ in map(int, ids):
            self._new.pop(id_, None)
            self._gone.add(id_)

    def mask(self, ids: IdVector) -> None:
        """Let `ids`, and no others, be passed over by searches; a later writer knows only of those that are stored."""
        self._wanted_masks = np.unique(np.asarray(ids, np.int64))

    def clear(self) -> None:
        """Take every vector and mask out."""
        self._begin()
        self._wanted_masks = None
        self._is_cleared = True

    def commit(self, generation: int, *, more: bool = False) -> None:
        """Make everything since the last commit count, as `generation`; whether `more` follows is the same here."""
        if self._is_cleared or self._gone:
            self._announce()
        for ids in _parts(sorted(self._gone), _IDS_AT_ONCE):
            self._call(functools.partial(self._client.delete, self._name, _filter(_any_of(ids))))
        self._send_new()
        self._send_masks()
        self._set_state(generation, writing=False)
        self._generation = generation
        self._begin()
        if self._before != self._pointer:
            self._leave_behind()

    def close(self) -> None:
        """Forget what was not committed."""
        self._begin()
        self._wanted_masks = None

    def __enter__(self) -> QdrantWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _call(self, action: Callable[[], Answer]) -> Answer:
        return call(self._pointer.url, action)

    def _count(self, where: api.Filter) -> int:
        return self._call(lambda: self._client.count(self._name, where)).count

    def _create(self) -> None:
        from qdrant_client import models as api

        size = self._pointer.dimension
        vectors = api.VectorParams(size=size, distance=api.Distance.DOT, datatype=api.Datatype.FLOAT16, on_disk=True)
        self._call(lambda: self._client.create_collection(self._name, vectors))
        for field, kind in (
            (_CHUNK, api.PayloadSchemaType.INTEGER),
            (_SINCE, api.PayloadSchemaType.INTEGER),
            (_MASKED, api.PayloadSchemaType.BOOL),
        ):
            self._call(functools.partial(self._client.create_payload_index, self._name, field, kind))

    def _announce(self) -> None:
        """Have the state say that something is under way, before anything is; what is to be cleared goes at once."""
        if self._is_cleared:
            self._call(lambda: self._client.delete_collection(self._name))
            self._create()
            self._generation, self._is_writing, self._sent_masks, self._is_cleared = 0, False, None, False
        if not self._is_writing:
            self._set_state(self._generation, writing=True)

    def _set_state(self, generation: int, *, writing: bool) -> None:
        from qdrant_client import models as api

        payload = {_GENERATION: generation, _WRITING: writing}
        state = api.PointStruct(id=_STATE, vector=[0.0] * self._pointer.dimension, payload=payload)
        self._call(lambda: self._client.upsert(self._name, [state]))
        self._is_writing = writing

    def _send_new(self) -> None:
        from qdrant_client import models as api

        if self._new:
            self._announce()
            # What is sent comes without a mask, and has to be masked again where it was.
            sent = self._stored_masks() if self._sent_masks is None else self._sent_masks
            self._wanted_masks = sent if self._wanted_masks is None else self._wanted_masks
            self._sent_masks = np.setdiff1d(sent, list(self._new))
        for ids in _parts(list(self._new), _POINTS_AT_ONCE):
            points = api.Batch(
                ids=list(ids),
                vectors=np.stack([self._new[id_] for id_ in ids]).tolist(),
                payloads=[{_CHUNK: id_, _MASKED: False, _SINCE: self._generation + 1} for id_ in ids],
            )
            self._call(functools.partial(self._client.upsert, self._name, points))
        self._new = {}

    def _send_masks(self) -> None:
        """Mark what is to be passed over from now on, and unmark what no longer is."""
        if self._wanted_masks is None:
            return
        wanted, sent = self._wanted_masks, self._stored_masks() if self._sent_masks is None else self._sent_masks
        for flag, changed in ((True, np.setdiff1d(wanted, sent)), (False, np.setdiff1d(sent, wanted))):
            if len(changed):
                self._announce()
            for ids in _parts(changed.tolist(), _IDS_AT_ONCE):
                marked = functools.partial(self._client.set_payload, self._name, {_MASKED: flag}, _filter(_any_of(ids)))
                self._call(marked)
        self._sent_masks = wanted

    def _stored_masks(self) -> IdVector:
        """Which points are masked now, sorted."""
        found: list[int] = []
        where, offset = _filter(_equals(_MASKED, True)), None
        while True:
            scroll = functools.partial(
                self._client.scroll, self._name, where, _IDS_AT_ONCE, offset=offset, with_payload=False
            )
            records, offset = self._call(scroll)
            found += [int(record.id) for record in records]
            if offset is None:
                return np.unique(np.array(found, np.int64))

    def _leave_behind(self) -> None:
        """Remember this collection instead of what was before: files, or another collection."""
        before, self._before = self._before, self._pointer
        write_pointer(self._folder, self._pointer)
        remove_vector_files(self._folder)
        if before is not None and (before.url, before.collection) != (self._pointer.url, self._name):
            drop_collection(before, self._client if before.url == self._pointer.url else None)


class QdrantReader:
    """The vectors of one index as of the last commit (`core.ports.VectorStore`)."""

    def __init__(self, client: QdrantClient, pointer: Pointer) -> None:
        """`BrokenIndexError` where nothing was committed there, `CodestrataError` where the server cannot be asked."""
        from qdrant_client import models as api

        self._client, self._pointer, self._name = client, pointer, pointer.collection
        state: dict[str, Any] = {}
        if self._call(lambda: client.collection_exists(self._name)):
            state = self._call(lambda: _state(client, self._name))
        self.generation = int(state.get(_GENERATION, 0))
        """The generation of the truth that these vectors are of."""
        if not self.generation:
            where = f"the collection {self._name} on {pointer.url}"
            raise BrokenIndexError(
                f"there are no vectors in {where}", "it is gone or empty", "index again to send them anew"
            )
        self._exact = api.SearchParams(exact=True)

    @property
    def embedder_name(self) -> str:
        """What made the vectors; a query made by another means nothing here."""
        return self._pointer.embedder_name

    @property
    def embedder_version(self) -> str:
        return self._pointer.embedder_version

    @property
    def dimension(self) -> int:
        return self._pointer.dimension

    @property
    def engine(self) -> str:
        """Which engine answers."""
        return "qdrant"

    def count(self) -> int:
        """Vectors that a search may return."""
        return self._call(lambda: self._client.count(self._name, _filter(*self._returned()))).count

    def search(self, query: FloatVector, k: int, among: IdVector | None = None) -> tuple[IdVector, FloatVector]:
        """See `core.ports.VectorStore`. Equal scores come in the order of their ids."""
        if query.shape != (self.dimension,):
            raise ValueError(f"a query of shape {query.shape}, not ({self.dimension},)")
        if k < 1 or (among is not None and not len(among)):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if among is None:
            return self._found(query, k, _filter(*self._returned()))
        runs = _runs(np.unique(among))
        if len(runs) <= _MAX_RUNS:
            some = _either(_range(_CHUNK, gte=first, lt=beyond) for first, beyond in runs)
            return self._found(query, k, _filter(*self._returned(), some))
        return self._widened(query, k, among)

    def scores(self, query: FloatVector, ids: IdVector) -> FloatVector:
        """See `core.ports.VectorStore`; masked ids are scored as well."""
        products: dict[int, float] = {}
        for part in _parts(np.unique(np.asarray(ids, np.int64)).tolist(), _IDS_AT_ONCE):
            where = _filter(_range(_SINCE, lte=self.generation), _any_of(part))
            found, scores = self._found(query, len(part), where, self._exact)
            products.update(zip(found.tolist(), scores.tolist(), strict=True))
        return np.array([products.get(id_, 0.0) for id_ in np.asarray(ids).tolist()], np.float32)

    def vectors(self, ids: IdVector) -> FloatMatrix:
        """See `core.ports.VectorStore`; masked ids have theirs as well."""
        found: dict[int, Any] = {}
        for part in _parts(np.unique(np.asarray(ids, np.int64)).tolist(), _IDS_AT_ONCE):
            where = _filter(_range(_SINCE, lte=self.generation), _any_of(part))
            scroll = functools.partial(
                self._client.scroll, self._name, where, len(part), with_payload=False, with_vectors=True
            )
            records, _ = self._call(scroll)
            found.update((int(record.id), record.vector) for record in records)
        missing = [0.0] * self.dimension
        rows = [found.get(id_, missing) for id_ in np.asarray(ids).tolist()]
        return np.array(rows, np.float32).reshape(len(rows), self.dimension)

    def _widened(self, query: FloatVector, k: int, among: IdVector) -> tuple[IdVector, FloatVector]:
        wanted = _WIDER * k
        while True:
            ids, scores = self._found(query, wanted, _filter(*self._returned()))
            meant = np.isin(ids, among)
            if np.count_nonzero(meant) >= k or len(ids) < wanted:
                return ids[meant][:k], scores[meant][:k]
            wanted *= _WIDER

    def _found(
        self, query: FloatVector, k: int, where: api.Filter, params: api.SearchParams | None = None
    ) -> tuple[IdVector, FloatVector]:
        vector = query.astype(np.float64).tolist()
        answer = self._call(
            lambda: self._client.query_points(
                self._name, vector, query_filter=where, search_params=params, limit=k, with_payload=False
            )
        )
        ids = np.array([int(point.id) for point in answer.points], np.int64)
        scores = np.array([point.score for point in answer.points], np.float32)
        order = np.lexsort((ids, -scores))
        return ids[order], scores[order]

    def _returned(self) -> tuple[api.FieldCondition, api.FieldCondition]:
        return _equals(_MASKED, False), _range(_SINCE, lte=self.generation)

    def _call(self, action: Callable[[], Answer]) -> Answer:
        return call(self._pointer.url, action, _QUICK)


def drop_collection(pointer: Pointer, client: QdrantClient | None = None) -> None:
    """Delete a collection that no index needs any more; where that fails, it is told, and nothing else is held up."""
    try:
        client = client or connect(pointer.url)
        call(pointer.url, functools.partial(client.delete_collection, pointer.collection), _QUICK)
    except CodestrataError as error:
        _log.warning("the collection %s stays on %s: %s", pointer.collection, pointer.url, error.why or error.what)


def _state(client: QdrantClient, collection: str) -> dict[str, Any]:
    records = client.retrieve(collection, [_STATE], with_payload=True)
    return dict(records[0].payload or {}) if records else {}


def _filter(*conditions: api.Condition) -> api.Filter:
    from qdrant_client import models as api

    return api.Filter(must=list(conditions))


def _either(conditions: Iterable[api.Condition]) -> api.Filter:
    from qdrant_client import models as api

    return api.Filter(should=list(conditions))


def _any_of(ids: Sequence[int]) -> api.HasIdCondition:
    from qdrant_client import models as api

    return api.HasIdCondition(has_id=list(ids))


def _range(field: str, **bounds: int) -> api.FieldCondition:
    from qdrant_client import models as api

    return api.FieldCondition(key=field, range=api.Range(**{name: float(bound) for name, bound in bounds.items()}))


def _equals(field: str, value: bool) -> api.FieldCondition:
    from qdrant_client import models as api

    return api.FieldCondition(key=field, match=api.MatchValue(value=value))


def _runs(ids: IdVector) -> list[tuple[int, int]]:
    """Sorted ids as runs of neighbours, each from its first to beyond its last."""
    starts = np.flatnonzero(np.diff(ids, prepend=ids[0] - 2) != 1)
    ends = np.append(starts[1:], len(ids)) - 1
    return list(zip(ids[starts].tolist(), (ids[ends] + 1).tolist(), strict=True))


def _parts(items: Sequence[Part], size: int) -> Iterator[Sequence[Part]]:
    return (items[first : first + size] for first in range(0, len(items), size))
