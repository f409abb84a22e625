"""Read-only data that comes with the program, and nothing but the way to it."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parent


def resource_path(*parts: str) -> Path:
    """Where the resource lies; nothing is promised about its being there."""
    return _ROOT.joinpath(*parts)


def read_text(*parts: str) -> str:
    """The resource as text (UTF-8, lines ended by a line feed)."""
    return resource_path(*parts).read_text(encoding="utf-8")
