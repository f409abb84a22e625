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
_PLAIN = re.compile(r"[^.\[\]()]+")
_AFTER_BRACKET = re.compile(r"(.*?)\.?([^.\[\]()]+)", re.DOTALL)


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


def last_step(text: str) -> tuple[str, StepKind, str] | None:
    """Take the last step off a path: what comes before it, its kind and name. Nothing comes before the root, which is told
    as an attribute. None where `text` ends in no step; what comes before may be no path either."""
    if text[-1:] == ")":
        return (text[:-2], CALLING, "") if text[-2:] == "()" and len(text) > 2 else None
    if text[-1:] == "]":
        before, _, key = text[:-1].rpartition("[")
        return (before, ENTRY, key) if before and "]" not in key else None
    before, _, name = text.rpartition(".")
    if name.isidentifier() or _PLAIN.fullmatch(name):
        return before, ATTRIBUTE, name
    match = _AFTER_BRACKET.fullmatch(text)
    return (match[1], ATTRIBUTE, match[2]) if match else None


def is_path_to_follow(text: str) -> bool:
    """Whether `text` neither starts with `?` nor has too many steps."""
    if text[:1] == "?":
        return False
    return len(text) <= _MAX_STEPS or text.count(".") + text.count("(") + text.count("[") <= _MAX_STEPS


def is_root(text: str) -> bool:
    """Whether a path has no steps."""
    return _PLAIN.fullmatch(text) is not None
