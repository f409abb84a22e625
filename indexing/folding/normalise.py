"""What a chunk is recognised by, from the strictest to the loosest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import xxhash

from core.model.chunk import ChunkKind
from core.model.clone import Fingerprint
from indexing.folding.lexing import MARK, NEWLINE, STRUCTURE, Tokens, tokenise
from indexing.folding.renaming import number_locals
from indexing.folding.skeleton import frame
from indexing.folding.sketch import sketches

if TYPE_CHECKING:
    from indexing.chunking import Piece

MIN_TOKENS = 12
"""Below, everything is alike by its nature (`return self._name`): such a chunk folds only along with its whole file."""

MIN_RENAMED_TOKENS = 30
"""Below, a definition's name tells more than its few tokens (`setUp` and `tearDown`, `__add__` and `__sub__` of an abstract
class), so it does not fold into one of another name."""

MIN_SKETCHED_TOKENS = 24
"""Below, a function is a statement or two, alike by its nature."""

MOST_NESTED = 8
"""A function of more chunks than this is taken for the functions in it, as far as they are chunks of their own."""

DEFINITIONS = frozenset((ChunkKind.FUNCTION, ChunkKind.METHOD, ChunkKind.CLASS))
FUNCTIONS = frozenset((ChunkKind.FUNCTION, ChunkKind.METHOD))
LOCAL = MARK + b"v"
"""Stands for every local name."""


def fingerprints(text: bytes, language: str, pieces: Sequence[Piece]) -> list[Fingerprint]:
    """Fingerprints of the chunks `pieces` of a file, in their order; `text` is its UTF-8.

    `layout` and `renamed` are empty for a chunk that is no definition, for one of fewer than MIN_TOKENS (`renamed`: of
    fewer than MIN_RENAMED_TOKENS) tokens, and where the text cannot be read for certain. Outside of definitions `tokens`
    counts words. `plain` leaves comments and layout out, in languages with a lexer. Functions from MIN_SKETCHED_TOKENS on
    have a sketch.
    """
    units = list(_units(pieces))
    runs_of = Counter(pieces[run.start].definition for run in units)
    outer = _outer_hashes(text, language, pieces, units)
    found: list[Fingerprint] = []
    streams: list[Tokens] = []
    frames: list[int] = []
    sketched: list[int] = []
    for run in units:
        first = pieces[run.start]
        is_whole = runs_of[first.definition] == 1
        part = text[first.start : pieces[run.stop - 1].end]
        whole, tokens, numbered = _fingerprint(part, language, first.kind, is_whole)
        if first.kind in FUNCTIONS and not is_whole:
            whole = _within(whole, outer[first.definition])
        if first.kind in FUNCTIONS and len(tokens) >= MIN_SKETCHED_TOKENS:
            sketched.append(run.start)
            streams.append(alike(tokens, numbered))
            frames.append(xxhash.xxh32_intdigest(b"\xff".join(frame(tokens, numbered))))
        if len(run) == 1:
            found.append(whole)
            continue
        parts = [
            _fingerprint(text[piece.start : piece.end], language, piece.kind, False)[0]
            for piece in pieces[run.start : run.stop]
        ]
        covering = [whole.renamed, whole.layout or whole.exact] + [""] * (len(run) - 2)
        found += [
            replace(print_, renamed=hash_, continues=index > 0)
            for index, (print_, hash_) in enumerate(zip(parts, covering, strict=True))
        ]
    for index, sketch in zip(sketched, sketches(streams, frames), strict=True):
        found[index] = replace(found[index], sketch=sketch.tobytes())
    return found


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


def _units(pieces: Sequence[Piece]) -> Iterator[range]:
    """The places of the chunks that belong together: those of a function with all that is nested in it, or, where these are
    too many, those of one definition that follow each other; all others are alone."""
    for owned in _runs(pieces, range(len(pieces)), lambda piece: piece.owner if piece.owner >= 0 else piece.definition):
        if len(owned) <= MOST_NESTED:
            yield owned
        else:
            yield from _runs(pieces, owned, lambda piece: piece.definition)


def _runs(pieces: Sequence[Piece], places: range, key: Callable[[Piece], int]) -> Iterator[range]:
    """Neighbours among functions with the same key."""
    start = places.start
    for index in range(places.start + 1, places.stop + 1):
        before = pieces[index - 1]
        both = index < places.stop and before.kind in FUNCTIONS and pieces[index].kind in FUNCTIONS
        if both and key(pieces[index]) == key(before):
            continue
        yield range(start, index)
        start = index


def fingerprint(text: bytes, language: str, kind: ChunkKind) -> Fingerprint:
    """The fingerprint of a chunk that is a whole definition, or none, but for its sketch."""
    return _fingerprint(text, language, kind, True)[0]


def _fingerprint(text: bytes, language: str, kind: ChunkKind, is_whole: bool) -> tuple[Fingerprint, Tokens, Tokens]:
    """The fingerprint of a text, its tokens (none where they do not matter), and the same with local names numbered."""
    exact = xxhash.xxh3_128_hexdigest(text)
    tokens = tokenise(text, language)
    if tokens is None:
        words = text.split()
        return Fingerprint(exact, "", "", len(words), sum(map(len, words))), [], []
    size = sum(map(len, tokens))
    if kind not in DEFINITIONS:
        return Fingerprint(exact, "", "", len(text.split()), size), [], []
    count = len(tokens) - (sum(map(tokens.count, STRUCTURE)) if NEWLINE in tokens else 0)
    if count < MIN_TOKENS:
        return Fingerprint(exact, "", "", count, size), [], []
    may_rename = is_whole and count >= MIN_SKETCHED_TOKENS
    numbered = number_locals(tokens, language, kind is ChunkKind.CLASS) if may_rename else None
    renamed = _hash(numbered) if numbered and count >= MIN_RENAMED_TOKENS else ""
    return Fingerprint(exact, _hash(tokens), renamed, count, size), tokens, numbered or tokens


def alike(tokens: Tokens, numbered: Tokens) -> Tokens:
    """`tokens` with LOCAL for every local name; `numbered` is what `number_locals` made of them, or the tokens again."""
    if numbered is tokens:
        return tokens
    return [token if token is number else LOCAL for token, number in zip(tokens, numbered, strict=True)]


def _hash(tokens: list[bytes]) -> str:
    # No token holds 0xFF, so the joined bytes stand for exactly one sequence of tokens.
    return xxhash.xxh3_128_hexdigest(b"\xff".join(tokens))
