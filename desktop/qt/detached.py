"""Programs that go their own way, whatever becomes of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QProcess


def start_detached(command: Sequence[str], folder: str = "") -> bool:
    """Start a command in a folder (empty: where the window was started); whether that could be done."""
    started = QProcess.startDetached(command[0], list(command[1:]), folder)
    return started[0] if isinstance(started, tuple) else started
