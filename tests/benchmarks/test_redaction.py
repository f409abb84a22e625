"""How much of real code is taken for secrets, and how much of it for instructions to a model: hardly any may be.

What is replaced and flagged is printed, to be judged: real code holds keys of its tests, and those are rightly found.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.context.instructions import count_instructions
from core.context.redact import redact

MOST_PER_MILLION = 5.0
MOST_FLAGGED_PER_THOUSAND = 0.1
BLOCK = 40
"""Lines that an excerpt has."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def texts(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The path and lines of every text file."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            try:
                yield str(path.relative_to(folder)), path.read_text(encoding="utf-8").split("\n")
            except UnicodeDecodeError:
                continue


def test_real_code_is_left_alone(mixed: Path) -> None:
    lines = blocks = replaced = flagged = 0
    for path, text in texts(mixed):
        lines += len(text)
        for number, (before, after) in enumerate(zip(text, redact(text, 1, len(text), path)[0], strict=True), 1):
            if before != after:
                replaced += 1
                print(f"replaced {path}:{number}: {after.strip()[:160]}")
        for start in range(0, len(text), BLOCK):
            blocks += 1
            if count_instructions("\n".join(text[start : start + BLOCK])):
                flagged += 1
                print(f"flagged {path}:{start + 1}")
    print(f"{replaced} of {lines:,} lines replaced, {flagged} of {blocks:,} blocks of {BLOCK} lines flagged")
    assert replaced <= MOST_PER_MILLION * lines / 1e6
    assert flagged <= MOST_FLAGGED_PER_THOUSAND * blocks / 1e3
