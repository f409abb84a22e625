"""Text on its way out. An agent hands what it is told to its model, so secrets are taken out of it all, as out of packs."""

from __future__ import annotations

from typing import Any

from core.context.redact import redact, redact_text
from core.ports import FileReader


def excerpt(reader: FileReader, path: str, first: int, last: int | None = None) -> str:
    """Lines `first` to `last` (from 1, inclusive; None: the end) of a file as it was indexed, without secrets.

    Raises SourceError for a path that is not in the index.
    """
    lines = reader.text(path).split("\n")
    return "\n".join(redact(lines, first, len(lines) if last is None else last, path)[0])


def without_secrets(value: Any) -> Any:
    """What JSON can hold, every text in it without secrets."""
    if isinstance(value, str):
        return redact_text(value)[0]
    if isinstance(value, dict):
        return {key: without_secrets(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(part) for part in value]
    return value
