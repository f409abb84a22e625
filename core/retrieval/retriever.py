"""From a question to a ranking: gather candidates, weigh the evidence, choose what to show.

Words and vectors bring candidates; definitions of what the question names and places it points at join them. Scores are
fused (`fusion`), definitions and places added and files of other roles than source lowered (`evidence`). What the code graph
knows of a question like "who calls …" goes first (`relations`). Folded copies give way to their representatives, files in
which much answers are lifted, and no file crowds out the rest (`diversify`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np

from core.model.chunk import ChunkKind
from core.model.ranking import MOST_COPIED, Filter, Hit, Origin, Ranking
from core.ports import Embedder, FloatVector, IdVector, IndexReader, LexicalIndex, VectorStore
from core.retrieval.balance import Balance, balance_of
from core.retrieval.diversify import diversified, nearest_places, with_firsts
from core.retrieval.doubt import doubt_of, of_statement
from core.retrieval.evidence import SOURCE, definition_scores, place_scores, role_shares
from core.retrieval.fusion import fuse, lifted_by_files
from core.retrieval.heads import Said, heads_saying
from core.retrieval.named_files import named_shares
from core.retrieval.question import Question, read_question
from core.retrieval.relations import related_scores
from core.retrieval.second_look import SecondLook
from core.retrieval.snapshot import Flags, Rows, Snapshot
from core.retrieval.structural import read_structural
from core.retrieval.words import TermFinder, spaced_terms

LEXICAL_CANDIDATES = 200
"""Chunks taken from the words; more change no ranking of ten (measured from 100 to 400)."""

DENSE_CANDIDATES = 100
"""Chunks taken from the vectors."""

CHUNKS_FOR_A_FILE = 4
"""Chunks looked at for each file that is wanted."""

LIKENED = 32
"""Candidates whose names are compared with the question; the chunks of more take longer to read than they gain."""

HEAD = 0.8
"""What the nearness of a head is worth beside that of a name."""

_OWNER_AND_NAME = 2
"""Parts of a qualified name that are compared: the class or file, and what is in it."""

_FUNCTIONS = [tuple(ChunkKind).index(kind) for kind in (ChunkKind.FUNCTION, ChunkKind.METHOD)]


class Retriever:
    """Ranks the chunks of one snapshot. `vectors` and `embedder` come together or not at all."""

    def __init__(
        self,
        reader: IndexReader,
        lexical: LexicalIndex,
        vectors: VectorStore | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        self._reader = reader
        self._lexical = lexical
        self._vectors = vectors
        self._embedder = embedder
        self._snapshot = Snapshot(reader)
        self._second_look = (
            None if vectors is None or embedder is None else SecondLook(self._snapshot, lexical, vectors, embedder)
        )
        self._own_terms: dict[int, frozenset[str]] = {}
        """What copies say in the places in which they differ from their representatives, ..."""
        self._told_apart: set[int] = set()
        """... and of which of them what the representative says as well was taken away."""

    def rank(self, query: str, k: int = 10, chosen: Filter | None = None) -> Ranking:
        """Return the `k` best places for `query` among what `chosen` admits; fewer where fewer have anything to say.

        `UsageError` for a filter that names an unknown kind.
        """
        began = time.perf_counter()
        question = read_question(query)
        admitted = self._snapshot.admitted(chosen or Filter())
        hits = self._hits(question, k, admitted)
        return Ranking(query, (time.perf_counter() - began) * 1000.0, hits)

    def files_saying(self, terms: Mapping[str, float], count: int) -> list[str]:
        """The `count` files of the code itself whose chunks say most of weighed `terms`, best first."""
        snapshot = self._snapshot
        ids, _ = self._lexical.search(terms, CHUNKS_FOR_A_FILE * count)
        rows, known = snapshot.rows(ids)
        rows = rows[known]
        files = dict.fromkeys(snapshot.table.files[rows[snapshot.roles[rows] == SOURCE]].tolist())
        return [snapshot.paths[file] for file in list(files)[:count]]

    def holds(self, term: str) -> bool:
        """Whether a term stands anywhere in the index."""
        return self._lexical.frequency(term) > 0 or len(self._lexical.search({term: 1.0}, 1)[0]) > 0

    def _hits(self, question: Question, k: int, admitted: Flags | None) -> tuple[Hit, ...]:
        snapshot = self._snapshot
        if k < 1 or not len(snapshot.table.ids):
            return ()
        vector = self._query_vector(question)
        balance = balance_of(question)
        lexical = self._lexical_scores(question, balance, max(LEXICAL_CANDIDATES, 2 * k), admitted)
        defined = definition_scores(question, snapshot, self._lexical)
        placed = place_scores(question, snapshot)
        related = related_scores(read_structural(question.text), snapshot)

        near: dict[int, float] = {}
        doubt = 0.0
        if self._second_look and vector is not None and not (question.names or question.places or related):
            if not question.is_report:  # which is told in words of its own anyway
                best = max(lexical.values(), default=0.0)
                doubt = doubt_of(question.terms, best, self._lexical.count(), self._lexical.frequency)
                doubt = of_statement(doubt) if question.is_statement else doubt
            near = self._second_look.nearest(question, vector, admitted, doubt)
        if question.is_statement:  # its cosines count from what most candidates have, which others would move
            near = dict(sorted(near.items(), key=lambda found: -found[1])[: nearest_places(doubt)])
        # For the rest one search by vectors is enough: what the second look brings is scored by the question's own as well.
        dense = (
            {} if near and not question.is_statement else self._dense_scores(vector, max(DENSE_CANDIDATES, 2 * k), admitted)
        )

        rows = self._candidates((lexical, dense, near, defined, placed, related), admitted)
        if not len(rows):
            return ()
        words = _gathered(lexical, rows)
        scores = fuse(words, self._dense_of(vector, rows), balance.dense, balance.floor)
        shares = role_shares(question, snapshot, rows, words) ** balance.roles * self._kind_shares(question, balance, rows)
        scores = (scores + _gathered(defined, rows)) * shares + _gathered(placed, rows)
        if vector is not None and balance.likeness:
            likened = np.argsort(-scores, kind="stable")[:LIKENED]
            scores[likened] += balance.likeness * shares[likened] * self._likeness(question, vector, rows[likened])
        scores += _gathered(related, rows) * (1.0 + shares) / 2.0
        kept = np.where(_members(related, rows), rows, self._standing_for(question, rows, admitted))
        origins = {
            origin: {int(row) for row in kept[_members(found, rows)]}
            for origin, found in (
                (Origin.LEXICAL, lexical),
                (Origin.DENSE, {**near, **dense}),
                (Origin.SYMBOL, defined),
                (Origin.PATH, placed),
                (Origin.GRAPH, related),
            )
        }
        rows, scores = _best_of_each(kept, scores)
        files = snapshot.table.files[rows]
        answers = _members(related, rows)
        shown = diversified(lifted_by_files(scores, files, balance.file), files, k, balance.same_file, answers)
        if not (question.names or question.places or related):
            shown = with_firsts(shown, self._nearest(rows, near, question, balance, nearest_places(doubt)))
        return self._described([(int(rows[place]), score) for place, score in shown], origins)

    def _query_vector(self, question: Question) -> FloatVector | None:
        if self._vectors is None or self._embedder is None:
            return None
        vector = self._embedder.embed_query(question.text)
        return vector if vector.any() else None

    def _lexical_scores(self, question: Question, balance: Balance, k: int, admitted: Flags | None) -> dict[int, float]:
        """BM25 by row, of the best `k` that are admitted and of their copies.

        What a filter shuts out, and copies beyond the first, do not count: the search widens until there are enough others.
        """
        total = self._lexical.count()
        folders = None if admitted is None else self._snapshot.folders_of(admitted)
        terms = {**dict.fromkeys(question.abbreviations, 1.0), **question.terms}
        wanted = k
        while True:
            ids, scores = self._lexical.search(terms, wanted, balance.fields, folders)
            rows, known = self._snapshot.rows(ids)
            if admitted is not None:
                known &= admitted[rows]
            rows, scores = rows[known], scores[known]
            kept = self._standing_for(question, rows, admitted)
            _, firsts = np.unique(kept, return_index=True)
            if len(firsts) >= k // 2 or len(ids) < wanted or wanted >= total:
                last = np.sort(firsts)[:k][-1] + 1 if len(firsts) else 0
                return dict(zip(rows[:last].tolist(), scores[:last].tolist(), strict=True))
            wanted *= 8

    def _dense_scores(self, vector: FloatVector | None, k: int, admitted: Flags | None) -> dict[int, float]:
        if vector is None or self._vectors is None:
            return {}
        among: IdVector | None = None if admitted is None else self._snapshot.table.ids[admitted]
        ids, scores = self._vectors.search(vector, k, among)
        rows, known = self._snapshot.rows(ids)
        known &= scores > 0.0
        return dict(zip(rows[known].tolist(), scores[known].tolist(), strict=True))

    def _dense_of(self, vector: FloatVector | None, rows: Rows) -> FloatVector | None:
        if vector is None or self._vectors is None:
            return None
        return self._vectors.scores(vector, self._snapshot.table.ids[rows])

    def _likeness(self, question: Question, vector: FloatVector, rows: Rows) -> FloatVector:
        """How near the name of each row with that around it and the head of what it shows are to the question, and how much
        of it head and returns say.

        A chunk's own vector is of its text alone: of a method it knows no class, and the name is one word of many.
        """
        assert self._embedder is not None
        told = self._snapshot.told(self._snapshot.table.ids[rows].tolist())
        wanted = TermFinder(question.terms)
        said = [Said.by(text, wanted) for _, text in told]
        names = [" ".join(chunk.symbol.split(".")[-_OWNER_AND_NAME:]) for chunk, _ in told]
        cosines = np.maximum(self._embedder.embed_documents([*names, *(one.head for one in said)]) @ vector, 0.0)
        near = cosines[: len(told)] + HEAD * cosines[len(told) :]
        return np.asarray(near + heads_saying(question.terms, said), np.float32)

    def _nearest(self, rows: Rows, near: Mapping[int, float], question: Question, balance: Balance, count: int) -> list[int]:
        """The `count` places among `rows` of what a second look alone is asked for, nearest first."""
        scores = _gathered(near, rows)
        shares = role_shares(question, self._snapshot, rows, scores) ** balance.roles
        return _highest(scores * shares, count)

    def _kind_shares(self, question: Question, balance: Balance, rows: Rows) -> FloatVector:
        """What the kind of each row and the name of its file make of its score."""
        table = self._snapshot.table
        shares = np.where(np.isin(table.kinds[rows], _FUNCTIONS), 1.0, balance.no_function).astype(np.float32)
        if balance.file_names:
            files, places = np.unique(table.files[rows], return_inverse=True)
            shares *= named_shares(question.terms, [self._snapshot.paths[file] for file in files.tolist()])[places]
        return shares

    def _candidates(self, found: Sequence[Mapping[int, float]], admitted: Flags | None) -> Rows:
        rows = np.array(sorted(set().union(*found)), np.int64)
        return rows if admitted is None else rows[admitted[rows]]

    def _standing_for(self, question: Question, rows: Rows, admitted: Flags | None) -> Rows:
        """The row that is shown for each: its representative, unless a filter shuts that out or the question asks for what
        the copy alone says."""
        kept = self._snapshot.representative(rows)
        if admitted is not None:
            kept = np.where(admitted[kept], kept, rows)
        copies = np.flatnonzero(kept != rows)
        ids = self._snapshot.table.ids[rows[copies]].tolist()
        representatives = self._snapshot.table.ids[kept[copies]].tolist()
        self._read_own_terms(ids)
        for place, id_, representative in zip(copies.tolist(), ids, representatives, strict=True):
            if self._says_alone(id_, representative, question.terms):
                kept[place] = rows[place]
        return kept

    def _says_alone(self, copy: int, representative: int, terms: Mapping[str, float]) -> bool:
        """Whether a copy says any of `terms` that its representative does not; which is read where it says one at all."""
        own = self._own_terms[copy]
        if copy not in self._told_apart and not own.isdisjoint(terms):
            [(_, text)] = self._snapshot.told([representative])
            own = self._own_terms[copy] = own - TermFinder(own).said_in(text)
            self._told_apart.add(copy)
        return not own.isdisjoint(terms)

    def _read_own_terms(self, ids: Sequence[int]) -> None:
        """Look up what copies say in the places in which they differ, where that was not asked for before."""
        asked = [id_ for id_ in ids if id_ not in self._own_terms]
        words = self._reader.own_words(asked)
        self._own_terms.update((id_, frozenset(spaced_terms(words.get(id_, "")).split())) for id_ in asked)

    def _described(self, shown: list[tuple[int, float]], origins: Mapping[Origin, set[int]]) -> tuple[Hit, ...]:
        ids = [int(self._snapshot.table.ids[row]) for row, _ in shown]
        chunks = {chunk.id: chunk for chunk in self._reader.chunks(ids)}
        copies = self._reader.copies(ids)
        copied = self._reader.copied(list(copies), MOST_COPIED)
        hits = []
        for (row, score), id_ in zip(shown, ids, strict=True):
            chunk = chunks[id_]
            hits.append(
                Hit(
                    chunk=id_,
                    path=chunk.path,
                    start_line=chunk.span.start_line,
                    end_line=chunk.span.end_line,
                    symbol=chunk.symbol,
                    kind=chunk.kind,
                    score=score,
                    origins=tuple(origin for origin, found in origins.items() if row in found),
                    copies=copies.get(id_, 0),
                    copied=copied.get(id_, ()),
                )
            )
        return tuple(hits)


def _highest(scores: FloatVector, count: int) -> list[int]:
    """The places of the highest scores above 0, at most `count`, highest first."""
    order = np.argsort(-scores, kind="stable")[:count]
    return [place for place in order.tolist() if scores[place] > 0.0]


def _members(found: Mapping[int, float], rows: Rows) -> Flags:
    if not found:
        return np.zeros(len(rows), bool)
    return np.array([row in found for row in rows.tolist()], bool)


def _best_of_each(rows: Rows, scores: FloatVector) -> tuple[Rows, FloatVector]:
    """Return every distinct row once, ascending, with its highest score."""
    order = np.lexsort((-scores, rows))
    first = np.r_[True, rows[order][1:] != rows[order][:-1]]
    return rows[order][first], scores[order][first]


def _gathered(scores: Mapping[int, float], rows: Rows) -> FloatVector:
    if not scores:
        return np.zeros(len(rows), np.float32)
    return np.array([scores.get(row, 0.0) for row in rows.tolist()], np.float32)
