"""Access paths, taken apart (their grammar stands in `core.model.symbol`)."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

_MAX_STEPS = 24
"""Longer chains say nothing that linking could follow."""
_TOKEN = re.compile(r"\.?([^.\[\]()]+)|(\(\))|\[([^\[\]]*)\]")
_NAME, _CALL, _KEY = 1, 2, 3
"""The groups of a token."""


class StepKind(IntEnum):
    """What an expression does with the value before it."""

    ATTRIBUTE = 0
    CALL = 1
    ENTRY = 2


# Members of an enumeration are looked up by a slow way in Python 3.11.
ATTRIBUTE, CALLING, ENTRY = StepKind.ATTRIBUTE, StepKind.CALL, StepKind.ENTRY


class Step(NamedTuple):
    """`name` is the attribute or the literal key (empty for any); `prefix` is the path up to and with this step."""

    kind: StepKind
    name: str
    prefix: str


class AccessPath(NamedTuple):
    """A name and what is done with its value, step by step."""

    root: str
    steps: tuple[Step, ...]


@lru_cache(maxsize=1 << 16)
def parse_path(text: str) -> AccessPath | None:
    """Take `text` apart; None where it starts with `?`, is not a path, or is too long to follow."""
    if not text or text[0] == "?":
        return None
    steps: list[Step] = []
    root, position = "", 0
    for match in _TOKEN.finditer(text):
        if match.start() != position:
            return None
        position, sort = match.end(), match.lastindex
        if not root:
            if sort != _NAME:
                return None
            root = match[_NAME]
        elif sort == _NAME:
            steps.append(Step(ATTRIBUTE, match[_NAME], text[:position]))
        elif sort == _CALL:
            steps.append(Step(CALLING, "", text[:position]))
        else:
            steps.append(Step(ENTRY, match[_KEY], text[:position]))
    if position != len(text) or len(steps) > _MAX_STEPS:
        return None
    return AccessPath(root, tuple(steps))


def split_argument(text: str) -> tuple[str, str]:
    """Split the name of an ARGUMENT binding, `f.g(key)`, into the callee's path and where the argument goes."""
    callee, _, slot = text.rpartition("(")
    return callee, slot.removesuffix(")")
