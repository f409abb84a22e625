"""Keeps the open project up to date while its files change: quietly, and never beside another job."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.qt.engine_client import EngineError, Request
from desktop.qt.replies import Status
from desktop.qt.session import Session
from desktop.qt.words import tr

STARTS = 3
"""How often watching is asked for, before it is given up."""


class Follower(QObject):
    """Has the engine watch the source of the open project, and starts a quiet job when it has changed.

    Archives, repositories and URLs are not watched. What changes during a job is taken up after it.
    """

    said = Signal(str)
    """One short line about what goes on, empty when there is nothing to say."""

    def __init__(self, session: Session, *, enabled: bool) -> None:
        super().__init__(session)
        self._session = session
        self.enabled = enabled
        self._starts = 0
        self._request: Request | None = None
        self._behind = False
        self._note = ""
        session.opened.connect(self._start)
        session.closed.connect(self._stop)
        session.job_ended.connect(self._on_job_ended)

    def follows(self, status: Status) -> bool:
        """Whether changes of this project are followed."""
        return self.enabled and status.get("watchable", False)

    def follow(self, enabled: bool) -> None:
        """Follow changes from now on, or no longer."""
        if enabled == self.enabled:
            return
        self.enabled = enabled
        if not enabled:
            self._stop()
        else:
            self.start_again()

    def start_again(self) -> None:
        """Look at the source by the rules of now, and take up what has changed."""
        if self._session.status is not None:
            self._start(self._session.status)
            self.catch_up()

    def catch_up(self) -> None:
        """Bring the open project up to date, now or after the job that runs."""
        self._behind = True
        self._update()

    def _start(self, status: Status) -> None:
        self._stop()
        self._starts = 0
        if self.follows(status):
            self._ask()

    def _ask(self) -> None:
        self._starts += 1
        self._request = self._session.call("watch", {}, self._on_end, self._on_error, event=self._on_event, channel="watch")

    def _stop(self) -> None:
        if self._request is not None:
            self._request.cancel()
        self._request = None
        self._behind = False
        self._say("")

    def _on_event(self, name: str, message: dict[str, Any]) -> None:
        if self._request is None:
            return
        if name == "changed":
            self.catch_up()
        elif name == "watching":
            self._say(str(message.get("why", "")))

    def _update(self) -> None:
        status = self._session.status
        if self._behind and status is not None and not self._session.indexing:
            self._behind = False
            self._session.update(quiet=True)
            self.said.emit("Updating…")

    def _on_job_ended(self) -> None:
        self.said.emit(self._note)
        self._update()

    def _on_end(self, _reply: object) -> None:
        self._request = None

    def _on_error(self, error: EngineError) -> None:
        self._request = None
        if error.cancelled:
            return
        if self._starts < STARTS:  # the engine has been started again, perhaps after a crash over something else
            self._ask()
        else:
            self._say(tr("changes are not followed: {what}", what=error.what))

    def _say(self, note: str) -> None:
        self._note = note[:1].upper() + note[1:]
        self.said.emit(self._note)
