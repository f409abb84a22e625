"""Words and vectors, kept in step with the truth.

SQLite commits first. Each derived store carries the generation it was built at; one that is behind takes in what it missed,
one that is damaged or ahead of the truth is built anew.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from core.cancellation import CancellationToken
from core.errors import BrokenIndexError, IndexBusyError
from core.ports import Embedder
from indexing.embedding.text import embedding_text
from indexing.packed import PackedFile
from indexing.stores.sqlite.writer import IndexWriter, StoredText
from indexing.stores.tantivy import LexicalDocument, LexicalWriter
from indexing.stores.vector_choice import AS_BEFORE, StoreWriter, kept_precision, open_vector_writer

WORDS_FOLDER = "words"
VECTORS_FOLDER = "vectors"
_REPLAY_AT_ONCE = 512
_log = logging.getLogger(__name__)


class DerivedStores:
    """The writers of words and vectors; a context manager. The embedder computes what a worker did not; `store` is where the
    vectors are, `precision` how exactly (`vector_choice.py`)."""

    def __init__(self, folder: Path, embedder: Embedder, store: str = AS_BEFORE, precision: str = AS_BEFORE) -> None:
        self._folder = folder
        self._embedder = embedder
        self._store = store
        self._precision = precision
        self._words = self._open_words()
        try:
            self._vectors = self._open_vectors()
        except BaseException:
            self._words.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the stores; what was not committed is gone."""
        try:
            self._words.close()
        except ValueError:  # tantivy's word for a disk that failed: what it last committed stays
            _log.debug("the words in %s could not be put in order", self._folder, exc_info=True)
        finally:
            self._vectors.close()

    @property
    def precision(self) -> str:
        """How exactly vectors are kept."""
        return self._vectors.precision

    def catch_up(self, writer: IndexWriter, cancellation: CancellationToken) -> bool:
        """Bring stores that are behind the truth, after a crash or for a new embedder, up to its generation; returns whether
        one was. Which chunks are masked is told by the next commit."""
        is_behind = {self._words.generation, self._vectors.generation} != {writer.generation}
        if self._words.generation > writer.generation:
            self._words.clear()
        if self._vectors.generation > writer.generation:
            self._vectors.clear()
        if self._words.generation < writer.generation:
            for texts in self._missed(writer, self._words, cancellation):
                self._add_words(
                    _lexical(text.id, text.path, text.symbol, text.names, text.text, text.outline) for text in texts
                )
            self._commit_words(writer.generation)
        if self._vectors.generation < writer.generation:
            for texts in self._missed(writer, self._vectors, cancellation):
                self._add_vectors([text.id for text in texts], [_embedded(text) for text in texts])
            self._vectors.commit(writer.generation)
        return is_behind

    def add(self, files: Sequence[PackedFile], ids: Sequence[Sequence[int]]) -> None:
        """Take in stored files and the ids of their chunks."""
        embedded: list[PackedFile] = []
        embedded_ids: list[int] = []
        for file, chunk_ids in zip(files, ids, strict=True):
            path = file.source.path
            self._add_words(
                _lexical(chunk_id, path, chunk.symbol, chunk.names, chunk.text, chunk.outline)
                for chunk_id, chunk in zip(chunk_ids, file.chunks, strict=True)
            )
            if len(file.vectors):
                embedded.append(file)
                embedded_ids += chunk_ids
            elif chunk_ids:
                texts = [embedding_text(path, chunk.symbol, chunk.outline, chunk.text) for chunk in file.chunks]
                self._add_vectors(chunk_ids, texts)
        if embedded:  # at once: files have but a few chunks each
            vectors = np.concatenate([file.vectors for file in embedded]).astype(np.float32)
            self._vectors.add(np.array(embedded_ids, np.int64), vectors)

    def remove(self, ids: Sequence[int]) -> None:
        """Forget chunks."""
        self._words.remove(ids)
        self._vectors.remove(np.array(ids, np.int64))

    def commit(self, generation: int, masked: Sequence[int], *, more: bool = False) -> None:
        """Make everything since the last commit visible, at the generation of the truth; with `more` another commit follows.

        The chunks of `masked`, and only these, are left out of the search by vectors: another stands for each.
        """
        self._vectors.mask(np.array(masked, np.int64))
        self._commit_words(generation)
        self._vectors.commit(generation, more=more)

    def _add_words(self, documents: Iterable[LexicalDocument]) -> None:
        with _disk_errors():
            self._words.add(documents)

    def _commit_words(self, generation: int) -> None:
        with _disk_errors():
            self._words.commit(generation)

    def _add_vectors(self, ids: Sequence[int], texts: Sequence[str]) -> None:
        self._vectors.add(np.array(ids, np.int64), self._embedder.embed_documents(texts))

    def _missed(
        self, writer: IndexWriter, store: LexicalWriter | StoreWriter, cancellation: CancellationToken
    ) -> Iterator[list[StoredText]]:
        added, removed = writer.changes_since(store.generation)
        # A chunk that the store took in before a crash without its commit is not there; one it knows is replaced.
        store.remove(np.array([*removed, *added], np.int64))
        for first in range(0, len(added), _REPLAY_AT_ONCE):
            cancellation.check("bringing the index up to date")
            yield list(writer.chunk_texts(added[first : first + _REPLAY_AT_ONCE]))

    def _open_words(self) -> LexicalWriter:
        folder = self._folder / WORDS_FOLDER
        try:
            return LexicalWriter(folder)
        except IndexBusyError:
            raise
        except BrokenIndexError:
            shutil.rmtree(folder)
            return LexicalWriter(folder)

    def _open_vectors(self) -> StoreWriter:
        folder = self._folder / VECTORS_FOLDER
        try:
            return open_vector_writer(folder, self._store, self._embedder, self._precision)
        except BrokenIndexError:
            precision = self._precision or kept_precision(folder, self._embedder)
            shutil.rmtree(folder)
            return open_vector_writer(folder, self._store, self._embedder, precision)


@contextlib.contextmanager
def _disk_errors() -> Iterator[None]:
    """tantivy says ValueError for everything; once it is open, what is left is a disk that is full or fails."""
    try:
        yield
    except ValueError as error:
        raise OSError(f"the words cannot be written: {error}") from error


def _lexical(chunk_id: int, path: str, symbol: str, names: str, text: str, outline: str) -> LexicalDocument:
    return LexicalDocument(chunk_id=chunk_id, path=path, symbol=symbol, names=names, text=text, outline=outline)


def _embedded(text: StoredText) -> str:
    return embedding_text(text.path, text.symbol, text.outline, text.text)
