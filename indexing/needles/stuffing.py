"""A prompt stuffed with source: whole files around a planted fact, so that it stands at the depth it is to have.

This is what asking without an index comes to, at its best: the fact is always in the prompt, since the files are chosen
around it. They come in the order of their paths, in the form excerpts of a pack have, without secrets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.cancellation import CancellationToken
from core.context.passages import Passage
from core.context.redact import redact
from core.context.rendering import HEADER, Body, block, body_with, fence_for, render
from core.model.context import ExcerptRole
from core.paths import to_os
from core.ports import TokenCounter
from indexing.needles.planting import Planted

_MAX_FILE = 2_000_000
"""Bytes of a file that is read for a prompt."""
_MARGIN = 12
"""LLM tokens kept back for what the seams between files add to their sum."""
_SHARE = 10
"""The part of a prompt that the planted file may take, so that the fact stands where it is to."""
_LEAST_AROUND = 300
_LEAST = 40
"""LLM tokens; a piece of a file that is smaller is left out."""
_KEPT_AROUND = 200
"""Lines kept of the planted file before the fact, where the whole of it does not fit."""


@dataclass(frozen=True, slots=True)
class _Piece:
    passage: Passage
    body: Body
    tokens: int


def stuffed(
    tree: Path,
    paths: Sequence[str],
    place: Planted,
    depth: float,
    allowance: int,
    counter: TokenCounter,
    cancellation: CancellationToken,
) -> str:
    """The text of a prompt of at most `allowance` LLM tokens in which `place` stands at about `depth` (0 to 1).

    Empty where the source around it has too little to fill nine tenths of that.
    """
    room = allowance - counter.count(f"{HEADER}\n\n") - _MARGIN
    middle = _piece(tree, place.path, counter, max(room // _SHARE, _LEAST_AROUND), around=place)
    if middle is None:
        return ""
    at = paths.index(place.path)
    left = room - middle.tokens
    before = list(_filled(tree, [*paths[:at][::-1], *paths[at + 1 :][::-1]], int(left * depth), counter, cancellation))
    taken = {piece.passage.path for piece in before}
    others = [path for path in [*paths[at + 1 :], *paths[:at]] if path not in taken]
    after = list(_filled(tree, others, left - sum(piece.tokens for piece in before), counter, cancellation))
    pieces = [*reversed(before), middle, *after]
    if sum(piece.tokens for piece in pieces) < 0.9 * room:
        return ""
    return _fitting(pieces, middle, allowance, counter)


def _filled(
    tree: Path, paths: Sequence[str], allowance: int, counter: TokenCounter, cancellation: CancellationToken
) -> Iterator[_Piece]:
    """Files as far as they fit, the last of them cut."""
    left = allowance
    for path in paths:
        if left < _LEAST:
            return
        cancellation.check("filling a prompt")
        piece = _piece(tree, path, counter, left)
        if piece is not None:
            left -= piece.tokens
            yield piece


def _piece(tree: Path, path: str, counter: TokenCounter, limit: int, around: Planted | None = None) -> _Piece | None:
    """A file, or as many of its first lines as fit (those around what is planted there); None for what is no text."""
    try:
        content = (tree / to_os(path)).read_bytes()[:_MAX_FILE]
        lines = content.decode("utf-8").replace("\r\n", "\n").rstrip("\n").split("\n")
    except (OSError, UnicodeDecodeError):
        return None
    first, last = 1, len(lines)
    for _ in range(40):
        piece = _counted(path, lines, first, last, counter)
        if piece.tokens <= limit:
            return piece
        if around is None:
            last = min(last - 1, int(last * 0.95 * limit / piece.tokens))
        else:
            last = min(last, around.end_line)
            first = max(first + 1, around.start_line - _KEPT_AROUND, first + (around.start_line - first) // 2)
            if first > around.start_line:
                return None
        if last < first:
            return None
    return None


def _counted(path: str, lines: Sequence[str], first: int, last: int, counter: TokenCounter) -> _Piece:
    kept, redactions = redact(lines, first, last, path)
    text = "\n".join(kept)
    passage = Passage(path, ((first, last),), (first, last), "", ExcerptRole.HIT, "", 1.0)
    body = body_with(text, redactions)
    return _Piece(passage, body, counter.count(block(88, passage, body, fence_for([body]))) + 2)


def _fitting(pieces: list[_Piece], middle: _Piece, allowance: int, counter: TokenCounter) -> str:
    """The pieces as text; those farthest from the fact go while it is too long."""
    while True:
        text = render([piece.passage for piece in pieces], [piece.body for piece in pieces])
        if counter.count(text) <= allowance or len(pieces) == 1:
            return text
        pieces.pop(0 if pieces.index(middle) > len(pieces) // 2 else -1)
