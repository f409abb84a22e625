"""Evidence beside words and vectors: definitions of what a question names, and places it points at.

And the opposite: what speaks against a chunk, whatever it says, because of the kind of file it stands in.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.model.chunk import ChunkKind
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.ports import FloatVector, LexicalField, LexicalIndex
from core.retrieval.question import Question
from core.retrieval.snapshot import Rows, Snapshot
from core.retrieval.words import terms

NAME_ALONE = 0.5
"""A definition of what is asked for by name alone: half of the best that words and vectors can say together."""

NAME_IN_SENTENCE = 0.25
"""A definition of what a sentence names: it may be the matter, or only where the question starts from."""

SPELT_OTHERWISE = 0.7
"""Share of a definition whose name differs in the case of its letters."""

NAMED_PLACE = 2.0
"""A line that the question points at goes before everything else, ..."""

NAMED_FILE = 0.5
"""... a file it only names counts like the definition of a name alone."""

_KIND_SHARES: Mapping[SymbolKind, float] = {
    **dict.fromkeys(SymbolKind, 1.0),
    SymbolKind.MODULE: 0.8,
    SymbolKind.FIELD: 0.6,
    SymbolKind.VARIABLE: 0.6,
    SymbolKind.CONSTANT: 0.8,
    SymbolKind.LAMBDA: 0.3,
}
"""A definition with a body says more than a line that gives a value."""

_ROLE_SHARES: Mapping[FileRole, float] = {
    FileRole.SOURCE: 1.0,
    FileRole.TEST: 0.5,
    FileRole.EXAMPLE: 0.5,
    FileRole.DOCUMENT: 0.5,
    FileRole.DATA: 0.4,
    FileRole.VENDORED: 0.5,
    FileRole.GENERATED: 0.5,
}
"""What a chunk's score is worth in a file of each role, unless the question speaks of that role. Tests repeat the words of
what they test, often better than it does itself; but the code itself is what is asked for."""

SOURCE = tuple(FileRole).index(FileRole.SOURCE)
"""The code itself, as `Snapshot.roles` has it."""
_TEXT = tuple(ChunkKind).index(ChunkKind.TEXT)

ALONE = 0.5
"""How fast a role stops counting against what it alone says: at a quarter of the words in the code, half of it is left."""

UNREAD = 0.7
"""What a run of lines is worth that no grammar reads and no convention knows: tables, logs, templates."""

_MAX_DEFINITIONS = 50
"""Definitions looked at for one name; a name with more is no name but a word (`get`, `run`)."""


def role_shares(question: Question, snapshot: Snapshot, rows: Rows, words: FloatVector) -> FloatVector:
    """Return the share of each of `rows` that its file's role leaves; a role the question speaks of takes half as much.

    It takes the less, the more the `words` of a row, (n,), say that no row of the code itself says: what is told in a
    settings file alone is not there because it repeats the code.
    """
    shares = [(1.0 + _ROLE_SHARES[role]) / 2 if role in question.asks_for else _ROLE_SHARES[role] for role in FileRole]
    roles = snapshot.roles[rows]
    in_code = float(words[roles == SOURCE].max(initial=0.0))
    repeated = np.minimum(1.0, in_code / np.maximum(words, 1e-9)) ** ALONE
    found = np.array(shares, np.float32)[roles] ** repeated
    found[(roles == SOURCE) & (snapshot.table.kinds[rows] == _TEXT)] *= UNREAD
    return np.asarray(found, np.float32)


def definition_scores(question: Question, snapshot: Snapshot, lexical: LexicalIndex) -> dict[int, float]:
    """Return what each row gains that defines something the question names.

    Where the symbols do not know a name (no grammar reads its language), chunks that seem to declare it gain instead.
    """
    strength = NAME_ALONE if question.is_name else NAME_IN_SENTENCE
    gains: dict[int, float] = {}
    for name in question.names:
        defined = [s for s in snapshot.reader.find_symbols(name, _MAX_DEFINITIONS) if s.kind is not SymbolKind.EXTERNAL]
        if defined:
            found = {_row_of(snapshot, symbol): _likeness(symbol, name) for symbol in reversed(defined)}
        else:
            found = _declaring(snapshot, lexical, name.rpartition(".")[2])
        for row, share in found.items():
            if row >= 0:
                gains[row] = max(gains.get(row, 0.0), strength * share)
    return gains


def place_scores(question: Question, snapshot: Snapshot) -> dict[int, float]:
    """Return what each row gains that the question points at. The first frames of a stack trace gain the most."""
    gains: dict[int, float] = {}
    for position, place in enumerate(question.places):
        files = snapshot.files_like(place.path)
        strength = (NAMED_PLACE if place.line else NAMED_FILE) * (1.0 - position / (2 * len(question.places)))
        for file in files if len(files) <= 3 else ():
            row = snapshot.chunk_at(file, max(place.line, 1))
            if row >= 0:
                gains[row] = max(gains.get(row, 0.0), strength)
    return gains


def _row_of(snapshot: Snapshot, symbol: Symbol) -> int:
    position = snapshot.positions.get(symbol.path, -1)
    return snapshot.chunk_at(position, symbol.start_line) if position >= 0 else -1


def _likeness(symbol: Symbol, name: str) -> float:
    exact = symbol.name == name.rpartition(".")[2] or symbol.id == name
    return _KIND_SHARES[symbol.kind] * (1.0 if exact else SPELT_OTHERWISE)


def _declaring(snapshot: Snapshot, lexical: LexicalIndex, name: str) -> dict[int, float]:
    """Rows whose declared names hold the whole of `name`, those that declare little else first."""
    whole = terms(name)[:1]
    if not whole:
        return {}
    ids, scores = lexical.search({whole[0]: 1.0}, _MAX_DEFINITIONS, {LexicalField.NAMES: 1.0})
    rows, known = snapshot.rows(ids)
    best = float(scores.max(initial=0.0)) or 1.0
    return {int(row): float(score) / best for row, score in zip(rows[known], scores[known], strict=True)}
