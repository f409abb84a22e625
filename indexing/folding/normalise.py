"""What a chunk is recognised by, from the strictest to the loosest."""

from __future__ import annotations

import xxhash

from core.model.chunk import ChunkKind
from core.model.clone import Fingerprint
from indexing.folding.lexing import NEWLINE, STRUCTURE, tokenise
from indexing.folding.renaming import number_locals

MIN_TOKENS = 12
"""Below, everything is alike by its nature (`return self._name`): such a chunk folds only along with its whole file."""

MIN_RENAMED_TOKENS = 30
"""Below, a definition's name tells more than its few tokens (`setUp` and `tearDown`, `__add__` and `__sub__` of an abstract
class), so it does not fold into one of another name."""

DEFINITIONS = frozenset((ChunkKind.FUNCTION, ChunkKind.METHOD, ChunkKind.CLASS))


def fingerprint(text: bytes, language: str, kind: ChunkKind) -> Fingerprint:
    """Fingerprint of a chunk; `text` is its UTF-8, `language` the name of the registry.

    `layout` and `renamed` are empty for a chunk that is no definition, for one of fewer than MIN_TOKENS (`renamed`: of
    fewer than MIN_RENAMED_TOKENS) tokens, and where the text cannot be read for certain. Outside of definitions `tokens`
    counts words.
    """
    exact = xxhash.xxh3_128_hexdigest(text)
    tokens = tokenise(text, language) if kind in DEFINITIONS else None
    if tokens is None:
        return Fingerprint(exact, "", "", len(text.split()))
    count = len(tokens) - (sum(map(tokens.count, STRUCTURE)) if NEWLINE in tokens else 0)
    if count < MIN_TOKENS:
        return Fingerprint(exact, "", "", count)
    numbered = number_locals(tokens, language, kind is ChunkKind.CLASS) if count >= MIN_RENAMED_TOKENS else None
    return Fingerprint(exact, _hash(tokens), _hash(numbered) if numbered else "", count)


def _hash(tokens: list[bytes]) -> str:
    # No token holds 0xFF, so the joined bytes stand for exactly one sequence of tokens.
    return xxhash.xxh3_128_hexdigest(b"\xff".join(tokens))
