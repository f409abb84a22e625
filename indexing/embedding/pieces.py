"""From text to the pieces a static model has vectors for, and how much each weighs.

Terms, from coarse to fine:

* a *token* and a *word* are what `core.retrieval.words` calls so: ``HTTPServer2`` is a token of the words ``http server 2``;
* a *piece* is a row of the model: a whole word, the beginning of one, or (written ``##ing``) what follows.

A codebase repeats its tokens some twenty times each, and Python code that runs per occurrence is what would cost. So texts
are cut into tokens by the string methods of C, pieces are found once for every *distinct* token, and the step from the
tokens of a text to its pieces is a product of two sparse matrices: (texts, tokens) times (tokens, pieces).
The price is a table of the tokens met so far, which is bounded and starts anew when it is full.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.retrieval.words import words

if TYPE_CHECKING:
    from scipy import sparse

CONTINUATION = "##"
"""What a piece begins with when it only follows others inside a word (the convention of WordPiece)."""

MAX_WORD_LENGTH = 40
"""Longer words are no language: base64, hashes, minified code. They get no pieces."""

MAX_TOKEN_LENGTH = 240
"""Only so many characters of a token are read; beyond lies data (a token of 1 MB of base64 must cost nothing)."""

MAX_NUMBER_LENGTH = 4
"""Years, ports and status codes mean something; longer numbers are addresses, hashes and tables."""

_KNOWN_TOKENS = 500_000
"""Distinct tokens kept with their pieces, some 100 MB at most; one more starts the table anew."""

_KNOWN_WORDS = 200_000
"""Distinct words kept with their pieces: tokens are made of few."""

_IDEOGRAPH_OR_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W\d_\u3400-\u9fff\uf900-\ufaff]+|[0-9]+")


def split_token(token: str) -> Iterator[str]:
    """Yield the lower-case words of `token` that can have pieces: ``parseHTTPHeader_v2`` gives ``parse http header v 2``.

    Splitting again what was split changes nothing, so words may be given for tokens.
    """
    for word in _words_of(token):
        if not _is_data(word):
            yield word


def _words_of(token: str) -> list[str]:
    token = token[:MAX_TOKEN_LENGTH]
    if token.isascii():
        return words(token)
    # As the teacher's tokenizer does: accents off, then every ideograph a word by itself.
    token = "".join(c for c in unicodedata.normalize("NFD", token) if unicodedata.category(c) != "Mn")
    return words(token) if token.isascii() else _IDEOGRAPH_OR_WORD.findall(token.lower())


def _is_data(word: str) -> bool:
    return len(word) > (MAX_NUMBER_LENGTH if word.isdigit() else MAX_WORD_LENGTH)


def split_word(word: str, rows: Mapping[str, int]) -> Sequence[int]:
    """Return the rows of the pieces of `word`, by greedy longest match; empty when a part of it has no piece.

    Half a word misleads more than none, so a word with an unknown part counts for nothing, as in WordPiece.
    """
    whole = rows.get(word)
    if whole is not None:
        return (whole,)
    found: list[int] = []
    start = 0
    while start < len(word):
        for end in range(len(word), start, -1):
            row = rows.get(CONTINUATION + word[start:end] if start else word[:end])
            if row is not None:
                found.append(row)
                start = end
                break
        else:
            return ()
    return found


class PieceCounter:
    """Counts the pieces of texts. May be used from several threads; a lock is held while tokens are looked up."""

    def __init__(self, vocabulary: Sequence[str], known_tokens: int = _KNOWN_TOKENS) -> None:
        """Take the pieces in the order of their rows, and how many distinct tokens to remember."""
        self._rows = {piece: row for row, piece in enumerate(vocabulary)}
        self._lock = threading.Lock()
        self._tokens = _TokenTable(self._rows, known_tokens)

    def weights(self, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Return the weight of every piece in every text, given each text's tokens.

        The result is (len(texts), pieces) of float32 in CSR form. A piece that occurs n times weighs 1 + ln n: the tenth
        `buffer` of a function says less than the first. Indices are unsorted, but in an order that depends on that text
        alone, so that a sum along a row comes out the same to the last bit whatever stands beside it.
        """
        from scipy import sparse

        starts = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)), out=starts[1:])
        with self._lock:
            self._tokens.make_room()
            numbers = map(self._tokens.__getitem__, chain.from_iterable(texts))
            ids = np.fromiter(numbers, dtype=np.int32, count=int(starts[-1]))
            pieces = self._tokens.pieces()
        parts = (np.ones(len(ids), dtype=np.float32), ids, starts.astype(np.int32))
        occurrences = sparse.csr_matrix(parts, shape=(len(texts), pieces.shape[0]), copy=False)
        counts = sparse.csr_matrix(occurrences @ pieces)
        counts.data = _weight(counts.data)
        return counts

    def weights_of(self, text: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The pieces of one text, given its tokens, and what each weighs: a row of `weights`, in the order of that, told by
        Python alone. A few texts take less time than the import of scipy, many take five times as long."""
        with self._lock:
            counts = Counter(chain.from_iterable(map(self._tokens.rows_of, text)))
        rows = np.fromiter(reversed(counts), np.int64, len(counts))
        return rows, _weight(np.fromiter(reversed(counts.values()), np.float32, len(counts)))


def _weight(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.float32(1) + np.log(counts)


class _WordTable(dict[str, Sequence[int]]):
    """Word → the rows of its pieces."""

    def __init__(self, rows: Mapping[str, int]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, word: str) -> Sequence[int]:
        if len(self) >= _KNOWN_WORDS:
            self.clear()
        found = self[word] = () if _is_data(word) else split_word(word, self._rows)
        return found


class _TokenTable(dict[str, int]):
    """Token → its number, and for each number the rows of its pieces; an unknown token gets the next number."""

    def __init__(self, rows: Mapping[str, int], limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._columns = len(rows)
        self._words = _WordTable(rows)
        self._ends: NDArray[np.int32] = np.zeros(1024, dtype=np.int32)
        self._indices: NDArray[np.int32] = np.zeros(4096, dtype=np.int32)
        self._known = self._size = 0
        # Tokens met since the arrays were last written: a list grows by one at a tenth of the price.
        self._new_ends: list[int] = []
        self._new_indices: list[int] = []

    def __missing__(self, token: str) -> int:
        number = len(self)
        rows = self._words
        for word in _words_of(token):
            self._new_indices += rows[word]
        self._new_ends.append(len(self._new_indices))
        self[token] = number
        return number

    def rows_of(self, token: str) -> Iterator[int]:
        """The rows of the pieces of a token, which gets no number."""
        for word in _words_of(token):
            yield from self._words[word]

    def make_room(self) -> None:
        """Forget everything if the table is full; numbers given before are void, so this is for between two batches."""
        if len(self) >= self._limit:
            self.clear()
            # New arrays, since a matrix given out before may still look at the old ones.
            self._ends, self._indices = np.zeros_like(self._ends), np.zeros_like(self._indices)
            self._known = self._size = 0
            self._new_ends, self._new_indices = [], []

    def pieces(self) -> sparse.csr_matrix:
        """Return (tokens, pieces) counts as views of the table; they stay as they are when the table grows."""
        from scipy import sparse

        if self._new_ends:
            self._ends = _put(self._ends, self._known + 1, np.array(self._new_ends, np.int32) + self._size)
            self._indices = _put(self._indices, self._size, np.array(self._new_indices, np.int32))
            self._known += len(self._new_ends)
            self._size += len(self._new_indices)
            self._new_ends, self._new_indices = [], []
        parts = (np.ones(self._size, np.float32), self._indices[: self._size], self._ends[: self._known + 1])
        return sparse.csr_matrix(parts, shape=(self._known, self._columns), copy=False)


def _put(array: NDArray[np.int32], begin: int, values: NDArray[np.int32]) -> NDArray[np.int32]:
    """Write `values` from `begin` on, into a larger copy where they do not fit."""
    end = begin + len(values)
    if end > len(array):
        array = np.concatenate([array, np.zeros(max(len(array), end - len(array)), np.int32)])
    array[begin:end] = values
    return array
