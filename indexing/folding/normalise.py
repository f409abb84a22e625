"""What a chunk is recognised by, from the strictest to the loosest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from core.model.chunk import ChunkKind
from core.model.clone import Fingerprint
from indexing.folding.lexing import NEWLINE, STRUCTURE, Tokens, tokenise
from indexing.folding.numbering import numbers_of, turn_to
from indexing.folding.renaming import find_locals
from indexing.folding.shapes import Function, Shapes

if TYPE_CHECKING:
    from indexing.chunking import Piece

MIN_TOKENS = 12
"""Below, everything is alike by its nature (`return self._name`): such a chunk folds only along with its whole file."""

MIN_RENAMED_TOKENS = 30
"""Below, a definition's name tells more than its few tokens (`setUp` and `tearDown`, `__add__` and `__sub__` of an abstract
class), so it does not fold into one of another name."""

MIN_SKETCHED_TOKENS, ENOUGH_TOKENS = 15, 24
"""Below the first a function is alike by its nature. Below the second one of a single statement is, unless it is the same
but for its names and literals: what asks another object for something has fifteen tokens in Java."""

MOST_NESTED, MOST_NESTED_TOKENS = 5, 2_000
"""A function with more functions in it and of more tokens than this is taken for those, as far as they are chunks of their
own. Counted in definitions and tokens, for two copies must be taken alike however they are laid out, and how many chunks
they are depends on that: what fits into one hardly has so many tokens."""

DEFINITIONS = frozenset((ChunkKind.FUNCTION, ChunkKind.METHOD, ChunkKind.CLASS))
FUNCTIONS = frozenset((ChunkKind.FUNCTION, ChunkKind.METHOD))
_NOTHING = Function([], np.zeros(0, np.int32), [])


def fingerprints(text: bytes, language: str, pieces: Sequence[Piece]) -> list[Fingerprint]:
    """Fingerprints of the chunks `pieces` of a file, in their order; `text` is its UTF-8.

    `layout` and `renamed` are empty for a chunk that is no definition, for one of fewer than MIN_TOKENS (`renamed`: of
    fewer than MIN_RENAMED_TOKENS) tokens, and where the text cannot be read for certain. Outside of definitions `tokens`
    counts words. `plain` leaves comments and layout out, in languages with a lexer. Functions from MIN_SKETCHED_TOKENS on
    have a sketch and a stream.
    """
    turn_to(language)
    units = list(_units(text, language, pieces))
    runs_of = Counter(pieces[run.start].definition for run in units)
    outer = _outer_hashes(text, language, pieces, units)
    found: list[Fingerprint] = []
    sketched: list[int] = []
    functions: list[Function] = []
    for run in units:
        first = pieces[run.start]
        is_whole = runs_of[first.definition] == 1
        part = text[first.start : pieces[run.stop - 1].end]
        is_function = first.kind in FUNCTIONS
        whole, function = _fingerprint(part, language, first.kind, is_whole, is_whole or is_function)
        if is_function and not is_whole:
            whole = _within(whole, outer[first.definition])
        if is_function and len(function.tokens) >= MIN_SKETCHED_TOKENS:
            sketched.append(run.start)
            functions.append(function)
        if len(run) == 1:
            found.append(whole)
            continue
        parts = [
            _fingerprint(text[piece.start : piece.end], language, piece.kind, False, False)[0]
            for piece in pieces[run.start : run.stop]
        ]
        # However few the tokens, what fills several chunks is not alike by its nature.
        shares = _shares(max(whole.tokens, MIN_TOKENS), [piece.end - piece.start for piece in pieces[run.start : run.stop]])
        covering = [whole.renamed, whole.layout or whole.exact] + [""] * (len(run) - 2)
        found += [
            replace(print_, renamed=hash_, tokens=share, continues=index > 0)
            for index, (print_, hash_, share) in enumerate(zip(parts, covering, shares, strict=True))
        ]
    if functions:
        shapes = Shapes(functions, language)
        rows = shapes.sketches([_says_enough(function.tokens, language) for function in functions])
        for index, sketch, stream in zip(sketched, rows, shapes.streams, strict=True):
            found[index] = replace(found[index], sketch=sketch.tobytes(), stream=stream)
    return found


def _says_enough(tokens: Tokens, language: str) -> bool:
    """Whether a function that is a little like another may be a copy of it."""
    if len(tokens) >= ENOUGH_TOKENS:
        return True
    marks = tokens.count(b";") + tokens.count(b"{") + tokens.count(NEWLINE)
    # A head and a statement have two of them; in Go the last statement of a block needs none.
    return marks > (1 if language == "go" else 2)


def _shares(tokens: int, sizes: Sequence[int]) -> list[int]:
    """The tokens of a whole, shared out among its parts by their sizes: a part alone may begin within a comment or a string,
    and then its tokens are no tokens of the whole."""
    ends = [tokens * end // sum(sizes) for end in accumulate(sizes)]
    return [end - start for start, end in pairwise([0, *ends])]


def _outer_hashes(text: bytes, language: str, pieces: Sequence[Piece], units: Sequence[range]) -> dict[int, str]:
    """What each function that is in several units says as a whole, with all that is nested in it."""
    runs: dict[int, list[range]] = {}
    for run in units:
        if pieces[run.start].kind in FUNCTIONS:
            runs.setdefault(pieces[run.start].definition, []).append(run)
    found = {}
    for definition, held in runs.items():
        if len(held) > 1:
            part = text[pieces[held[0].start].start : pieces[held[-1].stop - 1].end]
            tokens = tokenise(part, language)
            found[definition] = _hash([part] if tokens is None else tokens)
    return found


def _within(part: Fingerprint, outer: str) -> Fingerprint:
    """The fingerprint of a part of a definition that is in several units: only where the whole is the same does it fold, for
    the change that sets two functions apart may be in another part, and the name of both in this one."""
    return replace(
        part,
        exact=_hash([part.exact.encode(), outer.encode()]),
        layout=_hash([part.layout.encode(), outer.encode()]) if part.layout else "",
    )


def _units(text: bytes, language: str, pieces: Sequence[Piece]) -> Iterator[range]:
    """The places of the chunks that belong together: those of a function with all that is nested in it, or, where that is
    too much, those of one definition that follow each other; all others are alone."""
    for owned in _runs(pieces, range(len(pieces)), _owner_of):
        held = {piece.definition for piece in pieces[owned.start : owned.stop]}
        whole = text[pieces[owned.start].start : pieces[owned.stop - 1].end]
        if len(held) - 1 > MOST_NESTED and _has_more_tokens(whole, language, MOST_NESTED_TOKENS):
            yield from _runs(pieces, owned, _function_of)
        else:
            yield owned


def _has_more_tokens(text: bytes, language: str, count: int) -> bool:
    tokens = tokenise(text, language)
    return len(text.split() if tokens is None else tokens) > count


def _owner_of(piece: Piece) -> int:
    """The outermost function that a chunk stands in, with the classes in it, or -1."""
    return piece.owner if piece.owner >= 0 else _function_of(piece)


def _function_of(piece: Piece) -> int:
    return piece.definition if piece.kind in FUNCTIONS else -1


def _runs(pieces: Sequence[Piece], places: range, key: Callable[[Piece], int]) -> Iterator[range]:
    """Neighbours with the same key; those with -1 are alone."""
    start = places.start
    for index in range(places.start + 1, places.stop + 1):
        if index < places.stop and key(pieces[index]) == key(pieces[index - 1]) != -1:
            continue
        yield range(start, index)
        start = index


def fingerprint(text: bytes, language: str, kind: ChunkKind) -> Fingerprint:
    """The fingerprint of a chunk that is a whole definition, or none, but for its sketch."""
    return _fingerprint(text, language, kind, True, True)[0]


def _fingerprint(
    text: bytes, language: str, kind: ChunkKind, is_whole: bool, has_locals: bool
) -> tuple[Fingerprint, Function]:
    """The fingerprint of a text, and its tokens (none where they are too few, or do not matter) with the places of what may
    be local names, which are looked for where it `has_locals`."""
    exact = xxhash.xxh3_128_hexdigest(text)
    tokens = tokenise(text, language)
    if tokens is None:
        words = text.split()
        return Fingerprint(exact, "", "", len(words), sum(map(len, words))), _NOTHING
    size = sum(map(len, tokens))
    if kind not in DEFINITIONS:
        return Fingerprint(exact, "", "", len(text.split()), size), _NOTHING
    count = len(tokens) - (sum(map(tokens.count, STRUCTURE)) if NEWLINE in tokens else 0)
    if count < MIN_TOKENS:
        return Fingerprint(exact, "", "", count, size), _NOTHING
    layout = _hash(tokens)
    if not has_locals or len(tokens) < MIN_SKETCHED_TOKENS:
        return Fingerprint(exact, layout, "", count, size), _NOTHING
    numbers = numbers_of(tokens)
    found = find_locals(tokens, numbers, language, kind is ChunkKind.CLASS)
    renamed = _hash(found.numbered) if is_whole and found.numbered and count >= MIN_RENAMED_TOKENS else ""
    function = Function(tokens, numbers, found.places, count < MIN_SKETCHED_TOKENS)
    return Fingerprint(exact, layout, renamed, count, size), function


def _hash(tokens: list[bytes]) -> str:
    # No token holds 0xFF, so the joined bytes stand for exactly one sequence of tokens.
    return xxhash.xxh3_128_hexdigest(b"\xff".join(tokens))
