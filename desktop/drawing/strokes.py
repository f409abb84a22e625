"""How thick a line is, and whether it has a head."""

from __future__ import annotations

from math import log2, sqrt

from core.model.diagram import Tie


def stroke_width(count: int) -> float:
    """Width of an arrow that stands for `count` edges: one more step for every fourfold."""
    return round(min(3.6, 1.1 + 0.28 * log2(max(1, count))), 2)


def ribbon_width(size: int) -> float:
    """Width of a line that stands for so many shared bytes."""
    return round(min(9.0, 0.8 + sqrt(size / 1000)), 2)


def width_of(kind: str, count: int) -> float:
    """Width of the line of an edge of this kind that stands for so many."""
    return ribbon_width(count) if kind == Tie.SHARES else stroke_width(count)


def is_directed(kind: str) -> bool:
    """Whether an arrow of that kind has a head; what two places share goes either way."""
    return kind != Tie.SHARES
