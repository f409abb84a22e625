"""A second look for questions in other words than the code's: what is near to them in meaning, and what says words that are.

Vectors of whole chunks bring what is near once what the source says everywhere is taken out of the question
(`background`). In a sum the one word that answers drowns, the more so the more chunks there are; so for each word of the
question the nearest words that a static embedder knows are looked up as well (a translation model; Berger and Lafferty,
"Information Retrieval as Statistical Translation", SIGIR 1999), rare words before common ones. Half of the score is from
either. Where words alone hardly answer (`doubt`) the nearest are read: compared by all of their text, and by their heads.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np

from core.ports import (
    Embedder,
    FloatVector,
    IdVector,
    LexicalField,
    LexicalIndex,
    VectorStore,
    WordEmbedder,
)
from core.retrieval.background import SAMPLE, Background
from core.retrieval.fusion import normalised
from core.retrieval.heads import head_of
from core.retrieval.question import Question
from core.retrieval.snapshot import Flags, Rows, Snapshot
from core.retrieval.words import STOP_WORDS, terms, tokens, words

CANDIDATES = 100
"""Chunks that either evidence brings."""

NEIGHBOURS = 8
"""Words of the source looked up for one of the question, ..."""

_KNOWN_NEIGHBOURS = 48
"""... out of so many that the embedder knows."""

_LEAST_LIKENESS = 0.3
"""A cosine below says nothing."""

_LIKENESS = 1.5
"""The power of the cosine with the asked word that a word weighs."""

_RARITY_LOOKED_UP = 2.0
"""The power of the rarity of a word that what is near to it weighs, ..."""

_RARITY_IN_VECTOR = 0.5
"""... and that the word itself weighs in the question's vector."""

READ = 32
"""Of the nearest, those that are read and compared with a doubtful question anew: what is kept of a vector is short
(`indexing.stores.codes`), and of near equals it tells the nearer by chance. The same from 24 to 48."""

HEAD = 0.4
"""What the nearness of a head adds: in the vector of a whole function what it is for drowns in how it is done."""

_MOST_WORDS = 24
"""Of a question: what comes later in a pasted page is hardly what it is about."""

_LEAST_LETTERS = 2
_KEPT_TERMS = 50_000


class SecondLook:
    """Looks at the chunks of one snapshot; made for each retriever."""

    def __init__(self, snapshot: Snapshot, lexical: LexicalIndex, vectors: VectorStore, embedder: Embedder) -> None:
        self._snapshot = snapshot
        self._lexical = lexical
        self._vectors = vectors
        self._embedder = embedder
        self._aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vectors")
        """Searches vectors while words are looked up: both take about as long, and neither needs the interpreter."""

    def nearest(
        self, question: Question, vector: FloatVector, admitted: Flags | None, doubt: float = 0.0
    ) -> dict[int, float]:
        """The rows that are near to a question, of which `vector` is the vector, each with a score from 0 to 1.

        With any `doubt` (`doubt_of`) the heads of the nearest are read as well.
        """
        looked_up: dict[int, float] = {}
        among: IdVector | None = None if admitted is None else self._snapshot.table.ids[admitted]
        knows_words = self._embedder if isinstance(self._embedder, WordEmbedder) else None
        rarities = self._rarities(asked_words(question.text)) if knows_words else {}
        vector = self._background.against(_weighed(rarities, knows_words, vector) if knows_words else vector)
        searched = self._aside.submit(self._vectors.search, vector, CANDIDATES, among)
        if knows_words:
            found = self._translated(rarities, knows_words)
            looked_up = self._rows(*self._lexical.search(found, CANDIDATES, {LexicalField.TEXT: 1.0}), admitted)
        near = self._rows(*searched.result(), admitted)
        rows = np.array(sorted({*near, *looked_up}), np.int64)
        if not len(rows):
            return {}
        kept = self._vectors.scores(vector, self._snapshot.table.ids[rows])
        said = np.array([looked_up.get(row, 0.0) for row in rows.tolist()], np.float32)
        scores = _together(kept, said)
        if doubt:
            first = np.argsort(-scores, kind="stable")[:READ]
            scores /= 1.0 + HEAD
            scores[first] = self._read(rows[first], kept[first], said[first], vector)
        return dict(zip(rows.tolist(), scores.tolist(), strict=True))

    def _read(self, rows: Rows, kept: FloatVector, said: FloatVector, vector: FloatVector) -> FloatVector:
        """The scores of `rows` by their texts and heads, beside what is `said` of the question.

        Texts are compared as they are where that takes no time; else (a transformer) by what is `kept` of their vectors.
        """
        texts = [text for _, text in self._snapshot.told(self._snapshot.table.ids[rows].tolist())]
        wholes = texts if isinstance(self._embedder, WordEmbedder) else []
        near = self._embedder.embed_documents([*map(head_of, texts), *wholes]) @ vector
        heads, whole = near[: len(texts)], near[len(texts) :]
        scores = _together(whole if wholes else kept, said) + HEAD * normalised(np.maximum(heads, 0.0))
        return np.asarray(scores / (1.0 + HEAD), np.float32)

    @functools.cached_property
    def _background(self) -> Background:
        table = self._snapshot.table
        ids = table.ids[table.representatives == table.ids]
        step = max(1, len(ids) // SAMPLE)
        return Background(self._vectors.vectors(ids[::step]))

    def _rows(self, ids: IdVector, scores: FloatVector, admitted: Flags | None) -> dict[int, float]:
        rows, known = self._snapshot.rows(ids)
        if admitted is not None:
            known &= admitted[rows]
        return dict(zip(rows[known].tolist(), scores[known].tolist(), strict=True))

    def _rarities(self, asked: list[str]) -> dict[str, float]:
        """How rare each word is in the source: the logarithm of how many chunks there are to one that holds it."""
        total = self._lexical.count()
        found = {}
        for word in asked:
            holding = min((self._lexical.frequency(term) for term in terms(word)), default=total)
            found[word] = math.log1p(total / (1.0 + holding))
        return found

    def _translated(self, rarities: Mapping[str, float], embedder: WordEmbedder) -> dict[str, float]:
        """The terms of the words of a question and of those near to them, each with its weight."""
        found: dict[str, float] = {}
        most = max(rarities.values(), default=1.0)
        near = embedder.neighbours(list(rarities), _KNOWN_NEIGHBOURS)
        for (word, rarity), others in zip(rarities.items(), near, strict=True):
            weight = (rarity / most) ** _RARITY_LOOKED_UP
            own = terms(word)
            weights = dict.fromkeys(own, 1.0)
            for other, cosine in others:
                if cosine < _LEAST_LIKENESS or len(weights) == len(own) + NEIGHBOURS:
                    break
                term = _first_term(other)
                if term and term not in weights and self._lexical.frequency(term):
                    weights[term] = cosine**_LIKENESS
            for term, share in weights.items():
                found[term] = max(found.get(term, 0.0), weight * share)
        return found


@functools.lru_cache(maxsize=_KEPT_TERMS)
def _first_term(word: str) -> str:
    return next(iter(terms(word)), "")


def _together(near: FloatVector, said: FloatVector) -> FloatVector:
    """Half of what is near and half of what is said; what is near alone where nothing is said."""
    scores = normalised(np.maximum(near, 0.0))
    return np.asarray((scores + normalised(said)) / 2.0 if said.any() else scores, np.float32)


def asked_words(question: str) -> list[str]:
    """The first distinct words of a question, names taken apart, without those that say nothing."""
    parts = dict.fromkeys(chain.from_iterable(map(words, dict.fromkeys(tokens(question)))))
    return [word for word in parts if len(word) >= _LEAST_LETTERS and word not in STOP_WORDS][:_MOST_WORDS]


def _weighed(rarities: Mapping[str, float], embedder: WordEmbedder, vector: FloatVector) -> FloatVector:
    """The vector of words by their rarity; `vector` where none of them is known."""
    if not rarities:
        return vector
    weights = np.array(list(rarities.values()), np.float32) ** _RARITY_IN_VECTOR
    weighed = np.asarray(weights @ embedder.embed_each(list(rarities)), np.float32)
    return weighed if weighed.any() else vector
