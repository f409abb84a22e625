"""How much of a question the words of definitions hold, for all definitions of a source at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.context.question import Wanted
from core.retrieval.definitions import DefinitionTable, Masks, Rows
from core.retrieval.vocabulary import TokenNumbers, Vocabulary
from core.retrieval.words import spaced_terms

_NAME, _OUTER, _DOC, _PATH, _SIGNATURE = 1.0, 0.7, 0.8, 0.45, 0.35
"""What a term is worth by where it stands: in the name, the names around it, the doc comment, the path, the signature."""
_OTHER_FORM = 0.65
"""Of a term that has the stem of a word of the question and is another word: `setting` and `set`, `load` and `loading`."""
_BY_CALLS = 0.4
"""Of a term that only the names of what a definition calls hold."""
_BITS = 64
"""Terms that are looked for at once."""

Values = NDArray[np.float64]
"""Shape (n,)."""


class Covers:
    """How much of a question's words some definitions hold, rare ones counting more; between 0 and 1."""

    def __init__(self, table: DefinitionTable, candidates: Rows, wanted: Mapping[str, Wanted], population: int = 0) -> None:
        """`population` is how many definitions there are in all, where the table holds those alone that may answer."""
        self._wanted = wanted
        held = _shares(table, candidates, wanted)
        total = max(population, len(candidates))
        weights = {entry.group: entry.weight for entry in wanted.values() if not entry.also}
        self._shares = {group: values for group, values in held.items() if values.any()}
        self._rarity = {
            group: weights[group] * math.log(1.0 + total / (1.0 + np.count_nonzero(values)))
            for group, values in self._shares.items()
        }
        self._whole = sum(self._rarity.values()) or 1.0

    def all(self, count: int) -> Values:
        """The cover of each of the `count` candidates, in their order."""
        found = np.zeros(count)
        for group, values in self._shares.items():
            found += self._rarity[group] * values
        return found / self._whole

    def of(self, place: int, called: Iterable[str]) -> float:
        """The cover of the candidate at `place`; `called` are the names of what it calls."""
        terms = set(spaced_terms(" ".join(called)).split())
        by_calls: dict[str, float] = {}
        for term in self._wanted.keys() & terms:
            entry = self._wanted[term]
            for group in entry.groups:
                by_calls[group] = max(by_calls.get(group, 0.0), _BY_CALLS * entry.share)
        shares = (
            self._rarity[group] * max(float(values[place]), by_calls.get(group, 0.0))
            for group, values in self._shares.items()
        )
        return sum(shares) / self._whole


def _shares(table: DefinitionTable, candidates: Rows, wanted: Mapping[str, Wanted]) -> dict[str, Values]:
    """How well each candidate answers each group of terms: the worth of the best place of the best term."""
    found: dict[str, Values] = {}
    terms = [term for term in wanted if len(table.vocabulary.with_term(term))]
    for first in range(0, len(terms), _BITS):
        some = terms[first : first + _BITS]
        best = _best_places(table, candidates, some, [wanted[term] for term in some])
        for term, (places, worths) in zip(some, best, strict=True):
            for group in wanted[term].groups:
                values = found.setdefault(group, np.zeros(len(candidates)))
                values[places] = np.maximum(values[places], wanted[term].share * worths)
    return found


def _best_places(
    table: DefinitionTable, candidates: Rows, terms: Sequence[str], wanted: Sequence[Wanted]
) -> Iterator[tuple[Rows, Values]]:
    """For each term the places of the candidates that have it, and the worth of the best place it has in each."""
    vocabulary = table.vocabulary
    held = _fields(table, candidates, _masks(vocabulary, map(vocabulary.with_term, terms)))
    spelt = _fields(table, candidates, _masks(vocabulary, (vocabulary.with_word(entry.word) for entry in wanted)))
    ends = np.bitwise_or.reduce([np.uint64(entry.is_end) << np.uint64(bit) for bit, entry in enumerate(wanted)])
    for field in _DEFINING:
        held[field] &= ~ends
    # From the least worth to the most: what is written over is worth less.
    ranked = sorted(
        [(worth, held[field] & spelt[field]) for field, worth in _WORTHS.items()]
        + [(worth * _OTHER_FORM, held[field]) for field, worth in _WORTHS.items()],
        key=lambda entry: entry[0],
    )
    anywhere = np.bitwise_or.reduce(list(held.values()))
    for bit in range(len(terms)):
        flag = np.uint64(1 << bit)
        places = np.flatnonzero(anywhere & flag)
        worths = np.zeros(len(places))
        for worth, masks in ranked:
            worths[masks[places] & flag != 0] = worth
        yield places, worths


def _masks(vocabulary: Vocabulary, tokens: Iterable[TokenNumbers]) -> Masks:
    """For each token of the vocabulary a bit for each of `tokens` that it is among."""
    found = np.zeros(len(vocabulary), np.uint64)
    for bit, held in enumerate(tokens):
        found[held] |= np.uint64(1 << bit)
    return found


_DEFINING = ("name", "outer", "path")
"""Where a word stands that is defined there."""
_WORTHS = {"name": _NAME, "doc": _DOC, "outer": _OUTER, "path": _PATH, "signature": _SIGNATURE}


def _fields(table: DefinitionTable, candidates: Rows, of_token: Masks) -> dict[str, Masks]:
    """The bits of what each candidate says, by where it says it."""
    count = len(table)
    names = table.names.masks(of_token, count)
    return {
        "name": names[candidates],
        "doc": table.docs.masks(of_token, count)[candidates],
        "outer": table.outer_masks(of_token, names)[candidates],
        "path": table.path_tokens.masks(of_token, len(table.paths))[table.files[candidates]],
        "signature": table.signatures.masks(of_token, count)[candidates],
    }
