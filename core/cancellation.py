"""A cancellation token, checked at named points of every long loop."""

from __future__ import annotations

import threading

from core.errors import CancelledError


class CancellationToken:
    """Cancelled once, from any thread or signal handler; stays so."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        self._event.set()

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def check(self, point: str) -> None:
        """Raise `CancelledError` if cancelled; `point` names where the work stopped."""
        if self._event.is_set():
            raise CancelledError("cancelled", f"while {point}", "what was finished is kept")
