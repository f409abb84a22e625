"""The default embedder: a text's vector is the weighted sum of the vectors of its pieces.

No transformer runs, so word order is lost and a word means the same everywhere; for that, 100 MB of source are embedded in
seconds on one core by numpy and scipy alone. How the vectors were learnt is told in `distil` and `contrast`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy import sparse

from core.ports import FloatMatrix, FloatVector
from core.retrieval.words import tokens
from indexing.embedding import static_files
from indexing.embedding.pieces import PieceCounter
from resources import resource_path

MODEL_FOLDER = resource_path("models", "static")
"""The model that is shipped."""

_ENCODING = 1
"""Raised whenever `pieces` or this module would give another vector for the same text and model."""

_TOKENS_AT_ONCE = 400_000
"""About 3 MB of source; bounds what a call needs beyond its result to some 30 MB."""


class StaticEmbedder:
    """An `Embedder` over a folder of `static_files`. Safe in threads; when pickled, the copy opens the folder again."""

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        """Open the model in `folder`; `MissingPartError` if that cannot be."""
        self._folder = folder
        self._model = static_files.read(folder)
        self._counter = PieceCounter(self._model.vocabulary)

    def __reduce__(self) -> tuple[type[StaticEmbedder], tuple[Path]]:
        return StaticEmbedder, (self._folder,)

    @property
    def name(self) -> str:
        return "static"

    @property
    def version(self) -> str:
        return f"{_ENCODING}-{self._model.digest[:16]}"

    @property
    def dimension(self) -> int:
        return int(self._model.codes.shape[1])

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (len(texts), dimension) float32 with rows of length 1; a text without a known word gives zeros."""
        return self.embed_words([tokens(text) for text in texts])

    def embed_query(self, text: str) -> FloatVector:
        """Return (dimension,) float32 of length 1, or zeros; a question is embedded as a document is."""
        return np.asarray(self.embed_documents([text])[0])

    def embed_words(self, batches: Sequence[Sequence[str]]) -> FloatMatrix:
        """Embed texts whose tokens are known already: ``embed_words([tokens(text)])`` is ``embed_documents([text])``."""
        result = np.empty((len(batches), self.dimension), dtype=np.float32)
        for part in _parts(batches):
            result[part] = self._sums(self._counter.weights(batches[part]))
        lengths = np.linalg.norm(result, axis=1, keepdims=True)
        np.divide(result, lengths, out=result, where=lengths > 0)
        return result

    def _sums(self, weights: sparse.csr_matrix) -> FloatMatrix:
        """Return weights (n, pieces) times vectors (pieces, dimension), of which only the rows in use are decoded."""
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
