"""The lines of a long hit that answer: who reads a ranking, or pays a model to, wants the place and not all around it.

A chunk is as long as an embedder's window. Of one longer than `MOST_BYTES` the run of whole lines is shown that holds the
most of the question's terms, a term the more the fewer lines of the chunk have it; among equals the first, for there stands
what the chunk is called. Answers of the code graph stay whole, and so does a chunk in which the question names a line.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from core.model.ranking import Hit, Origin
from core.ports import IndexReader
from core.retrieval.question import read_question
from core.retrieval.words import TermFinder

MOST_BYTES = 1_500
"""Shown of a hit: some 400 LLM tokens. A single line may be longer."""

_WHOLE = frozenset({Origin.GRAPH, Origin.PATH, Origin.REGEX})


def narrowed(hits: Sequence[Hit], query: str, reader: IndexReader) -> tuple[Hit, ...]:
    """`hits`, the long ones with the lines alone that say the most of `query`."""
    terms = read_question(query).terms
    table = reader.chunk_table()
    sizes = table.sizes[np.searchsorted(table.ids, [hit.chunk for hit in hits])].tolist()  # no short one's file is read
    return tuple(
        hit if size <= MOST_BYTES or _WHOLE.intersection(hit.origins) else _narrowed(hit, terms, reader)
        for hit, size in zip(hits, sizes, strict=True)
    )


def _narrowed(hit: Hit, terms: Mapping[str, float], reader: IndexReader) -> Hit:
    if hit.start_line == hit.end_line:
        return hit
    lines = reader.text(hit.path).split("\n")[hit.start_line - 1 : hit.end_line]
    sizes = [len(line.encode()) + 1 for line in lines]
    wanted = TermFinder(terms)
    first, last = _best_run(sizes, [wanted.said_in(line) for line in lines], terms)
    return dataclasses.replace(hit, start_line=hit.start_line + first, end_line=hit.start_line + last)


def _best_run(sizes: Sequence[int], said: Sequence[frozenset[str]], terms: Mapping[str, float]) -> tuple[int, int]:
    """The first and the last of the consecutive lines, `MOST_BYTES` together, whose terms are worth most."""
    lines_with = Counter(term for line in said for term in line)
    worths = {term: terms[term] / (1.0 + math.log(count)) for term, count in lines_with.items()}
    held: Counter[str] = Counter()
    size = last = 0
    best, found = -1.0, (0, 0)
    for first in range(len(sizes)):
        while last < len(sizes) and (last == first or size + sizes[last] <= MOST_BYTES):
            size += sizes[last]
            held.update(said[last])
            last += 1
        worth = sum(worths[term] for term, count in held.items() if count > 0)
        if worth > best + 1e-9:
            best, found = worth, (first, last - 1)
        if last == len(sizes):
            break
        size -= sizes[first]
        held.subtract(said[first])
    return found
