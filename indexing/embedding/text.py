"""What is embedded for a chunk: its own text, and before it the names that place it."""

from __future__ import annotations


def embedding_text(path: str, symbol: str, outline: str, text: str) -> str:
    """The text whose vector stands for a chunk of `path` within the qualified name `symbol`."""
    return "\n".join(part for part in (path, symbol, outline, text) if part)
