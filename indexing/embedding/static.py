"""The default embedder: a text's vector is the weighted sum of the vectors of its pieces.

No transformer runs, so word order is lost and a word means the same everywhere; for that, 100 MB of source are embedded in
seconds on one core by numpy and scipy alone. How the vectors were learnt is told in `distil` and `contrast`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from core.ports import FloatMatrix, FloatVector
from core.retrieval.words import tokens
from indexing.embedding import STATIC, static_files
from indexing.embedding.near_words import NearWords
from indexing.embedding.pieces import PieceCounter
from resources import resource_path

MODEL_FOLDER = resource_path("models", "static")
"""The model that is shipped."""

_ENCODING = 1
"""Raised whenever `pieces` or this module would give another vector for the same text and model."""

_TOKENS_AT_ONCE = 400_000
"""About 3 MB of source; bounds what a call needs beyond its result to some 30 MB."""

_FEW_TEXTS = 1_000
"""As many are embedded one by one: that takes a tenth of a second, and importing scipy two."""

_FEW_AT_ONCE = 80
"""As many texts of one call are always: a question and the names it is compared with, for which no table need be made."""


class StaticEmbedder:
    """An `Embedder` over a folder of `static_files`. Safe in threads; when pickled, the copy opens the folder again."""

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        """Open the model in `folder`; `MissingPartError` if that cannot be. Its files are read and checked, with the same
        error, by the first who embeds: an index in which nothing has changed needs no vector."""
        self._folder = folder
        self._description = static_files.describe(folder)
        self._embedded = 0

    def __reduce__(self) -> tuple[type[StaticEmbedder], tuple[Path]]:
        return StaticEmbedder, (self._folder,)

    @property
    def name(self) -> str:
        return STATIC

    @property
    def version(self) -> str:
        return f"{_ENCODING}-{self._description.digest[:16]}"

    @property
    def dimension(self) -> int:
        return self._description.dimension

    @functools.cached_property
    def _model(self) -> static_files.StaticModel:
        return static_files.read(self._folder)

    @functools.cached_property
    def _counter(self) -> PieceCounter:
        return PieceCounter(self._model.vocabulary)

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (len(texts), dimension) float32 with rows of length 1; a text without a known word gives zeros."""
        return self.embed_words([tokens(text) for text in texts])

    def embed_query(self, text: str) -> FloatVector:
        """Return (dimension,) float32 of length 1, or zeros; a question is embedded as a document is."""
        return np.asarray(self.embed_documents([text])[0])

    def embed_words(self, batches: Sequence[Sequence[str]]) -> FloatMatrix:
        """Embed texts whose tokens are known already: ``embed_words([tokens(text)])`` is ``embed_documents([text])``."""
        result = np.empty((len(batches), self.dimension), dtype=np.float32)
        self._embedded += len(batches)
        if self._embedded < _FEW_TEXTS or len(batches) <= _FEW_AT_ONCE:
            for place, batch in enumerate(batches):
                result[place] = self._sum(batch)
        else:
            for part in _parts(batches):
                result[part] = self._sums(batches[part])
        lengths = np.linalg.norm(result, axis=1, keepdims=True)
        np.divide(result, lengths, out=result, where=lengths > 0)
        return result

    def embed_each(self, words: Sequence[str]) -> FloatMatrix:
        """See `core.ports.WordEmbedder`."""
        found = [self._counter.weights_of([word]) for word in words]
        rows = np.concatenate([np.empty(0, np.int64), *(rows for rows, _ in found)])
        weights = np.concatenate([np.empty(0, np.float32), *(weights for _, weights in found)])
        vectors = self._model.codes[rows].astype(np.float32) * (weights * self._model.scales[rows])[:, None]
        result = np.zeros((len(words), self.dimension), np.float32)
        counts = np.array([len(rows) for rows, _ in found], np.int64)
        known = np.flatnonzero(counts)
        if len(known):
            result[known] = np.add.reduceat(vectors, (np.cumsum(counts) - counts)[known], axis=0)
        return result

    def neighbours(self, words: Sequence[str], count: int) -> list[list[tuple[str, float]]]:
        """See `core.ports.WordEmbedder`."""
        return [self._near_words.of(word, count) for word in words]

    @functools.cached_property
    def _near_words(self) -> NearWords:
        return NearWords(self._model.vocabulary, self._model.neighbours, self._model.nearness)

    def _sum(self, text: Sequence[str]) -> FloatVector:
        """What `_sums` gives for one text, to the last bit: both add up the pieces one after the other."""
        rows, weights = self._counter.weights_of(text)
        vectors = self._model.codes[rows].astype(np.float32) * self._model.scales[rows, None]
        return np.asarray(np.add.reduce(weights[:, None] * vectors, axis=0))

    def _sums(self, texts: Sequence[Sequence[str]]) -> FloatMatrix:
        """Return weights (n, pieces) times vectors (pieces, dimension), of which only the rows in use are decoded."""
        from scipy import sparse

        weights = self._counter.weights(texts)
        used = np.zeros(weights.shape[1], dtype=bool)
        used[weights.indices] = True
        rows = np.flatnonzero(used)
        place = np.empty(weights.shape[1], dtype=np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        vectors = self._model.codes[rows].astype(np.float32) * self._model.scales[rows, None]
        parts = (weights.data, place[weights.indices], weights.indptr)
        narrow = sparse.csr_matrix(parts, shape=(weights.shape[0], len(rows)))
        return np.asarray(narrow @ vectors, dtype=np.float32)


def _parts(batches: Sequence[Sequence[str]]) -> Iterator[slice]:
    """Yield slices that cover `batches`, each of about `_TOKENS_AT_ONCE` tokens or of one text."""
    begin = size = 0
    for end, batch in enumerate(batches, start=1):
        size += len(batch)
        if size >= _TOKENS_AT_ONCE or end == len(batches):
            yield slice(begin, end)
            begin, size = end, 0
