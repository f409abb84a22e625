"""How deep the code of a file is nested, as a measure of how hard it is to follow.

The indentation of a line, counted from that of the function around it, tells in any language what a count of branches would
tell in one (Hindle, Godfrey and Holt, "Reading beside the shoreline", 2009: it goes along with McCabe's complexity). Lines
outside of functions and empty ones do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.diagrams.symbol_boxes import node_kind
from core.model.symbol import Symbol

_TAB = 4
"""Columns of a tab."""
_STEPS = (2, 3, 4, 8)
_STEP = 4


def nesting(text: str, symbols: Iterable[Symbol]) -> float | None:
    """The mean depth of the lines of all functions below the function's own, in levels; None without a function."""
    functions = sorted(
        (symbol.start_line, -symbol.end_line) for symbol in symbols if symbol.path and node_kind(symbol) == "function"
    )
    lines = text.split("\n")
    step = _step(lines)
    total = counted = done = 0
    for start, minus_end in functions:
        # The outermost functions only: what is inside of one counts towards it.
        if start <= done:
            continue
        done = -minus_end
        body = [_indent(line) for line in lines[start - 1 : done] if line.strip()]
        if len(body) > 1:
            base = body[0] + step
            total += sum(max(0, indent - base) for indent in body[1:])
            counted += len(body) - 1
    return total / step / counted if counted else None


def _indent(line: str) -> int:
    white = line[: len(line) - len(line.lstrip())]
    return len(white) + (_TAB - 1) * white.count("\t")


def _step(lines: Sequence[str]) -> int:
    """Columns of a level: the commonest indentation of a line that is deeper than the one above it."""
    deeper = dict.fromkeys(_STEPS, 0)
    before = 0
    for line in lines:
        if line.strip():
            indent = _indent(line)
            if indent - before in deeper:
                deeper[indent - before] += 1
            before = indent
    return max(deeper, key=lambda step: (deeper[step], step == _STEP))
