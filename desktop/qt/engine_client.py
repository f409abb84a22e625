"""Talking to the engine: processes that speak JSON lines, started, asked and restarted without ever waiting.

`Engine` is the query process: requests with callbacks, a new process after a crash. `IndexJob` is one indexing job in a
process of its own. Every callback and signal comes on the UI thread.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.qt.line_process import LineProcess
from desktop.qt.replies import IndexReport, ProgressEvent

Params = Mapping[str, object]
Done = Callable[[Any], None]
Prepare = Callable[[Any], Any]

CANCELLED = 130
"""The exit code of a request that was cancelled."""
STOP_GRACE_MS = 3_000
"""How long a cancelled job may take to reach its next commit before its process is ended."""
CRASHES_IN_A_ROW = 3
CRASH_WINDOW_SECONDS = 10.0
"""An engine that ends this often in this time is not started again until something is asked."""


@dataclass(frozen=True, slots=True)
class EngineError:
    """Why a request ended without a result, as the engine says it."""

    what: str
    why: str = ""
    next_step: str = ""
    exit_code: int = 2
    consent_host: str = ""
    """Where evidence would go once somebody agrees to that; nothing was sent."""

    @property
    def message(self) -> str:
        """One line."""
        line = f"{self.what}: {self.why}" if self.why else self.what
        return f"{line}; {self.next_step}" if self.next_step else line

    @property
    def cancelled(self) -> bool:
        return self.exit_code == CANCELLED


Failed = Callable[[EngineError], None]
Event = Callable[[str, dict[str, Any]], None]


def _error_of(reply: Mapping[str, Any]) -> EngineError:
    what = str(reply.get("what") or reply.get("message") or "the request failed")
    host = str((reply.get("consent") or {}).get("host", ""))
    return EngineError(what, str(reply.get("why", "")), str(reply.get("next", "")), int(reply.get("exit_code", 2)), host)


@dataclass(slots=True, eq=False)
class _Pending:
    """A request that has not ended."""

    number: int
    line: bytes
    done: Done
    failed: Failed
    event: Event | None
    prepare: Prepare | None
    channel: str
    wanted: bool = True
    """False once a newer request of the same channel has taken its place."""


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A handle on a request that is under way."""

    engine: Engine
    number: int

    def cancel(self) -> None:
        """Stop it; it ends with an error of exit code 130."""
        self.engine.cancel(self.number)


def _request_line(number: int, method: str, params: Params) -> bytes:
    return json.dumps({"id": number, "method": method, "params": params}, ensure_ascii=False).encode() + b"\n"


class Engine(QObject):
    """The query process.

    `call` sends a request and returns at once. Requests of one `channel` replace each other: the older one is cancelled
    and its callbacks are forgotten, so what is shown always belongs to the last thing asked.
    """

    crashed = Signal(str)
    """The process ended by itself; a new one has been started or will be at the next request."""

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._next_number = 1
        self._pending: dict[int, _Pending] = {}
        self._crash_times: list[float] = []
        self._process: LineProcess | None = None
        self._ended: LineProcess | None = None
        """The process before: it may still be speaking when it is given up. As a child with `deleteLater` it was now and
        then destroyed twice once both went, this object and it."""
        self._closed = False

    @property
    def pid(self) -> int:
        """Of the running process, 0 when there is none."""
        return self._process.pid if self._process is not None else 0

    def start(self) -> None:
        """Start the process ahead of the first request."""
        if self._process is None and not self._closed:
            process = LineProcess(self._command)
            process.prepare = self._prepare
            process.received.connect(self._on_message)
            process.stopped.connect(self._on_stopped)
            self._process = process
            process.start()

    def call(
        self,
        method: str,
        params: Params,
        done: Done,
        failed: Failed,
        *,
        event: Event | None = None,
        prepare: Prepare | None = None,
        channel: str = "",
    ) -> Request:
        """Ask for `method`; exactly one of `done` and `failed` is called, unless a newer request takes the channel.

        `event` gets the name and the whole message of every event. `prepare` turns a result into what `done` is given; it
        runs on the reading thread when the reply is large, so it must touch no widget.
        """
        number = self._next_number
        self._next_number += 1
        if channel:
            self._give_up(channel)
        pending = _Pending(number, _request_line(number, method, params), done, failed, event, prepare, channel)
        self._pending[number] = pending
        self.start()
        if self._process is not None:
            self._process.send(pending.line)
        return Request(self, number)

    def cancel(self, number: int) -> None:
        if number in self._pending and self._process is not None:
            line = json.dumps({"method": "cancel", "params": {"id": number}}).encode() + b"\n"
            self._process.send(line)

    def close(self) -> None:
        """End the process; no callback comes any more."""
        self._closed = True
        self._pending.clear()
        if self._process is not None:
            self._process.dispose()
            self._ended, self._process = self._process, None

    def _give_up(self, channel: str) -> None:
        for pending in self._pending.values():
            if pending.channel == channel and pending.wanted:
                pending.wanted = False
                self.cancel(pending.number)

    def _prepare(self, message: dict[str, Any]) -> dict[str, Any]:
        number = message.get("id")
        pending = self._pending.get(number) if isinstance(number, int) else None
        if pending is not None and pending.prepare is not None and pending.wanted and "result" in message:
            message["result"] = pending.prepare(message["result"])
        return message

    def _on_message(self, message: dict[str, Any]) -> None:
        pending = self._pending.get(message.get("id", 0))
        if pending is None:
            return
        if "event" in message:
            if pending.wanted and pending.event is not None:
                pending.event(str(message["event"]), message)
            return
        del self._pending[pending.number]
        if not pending.wanted:
            return
        if "error" in message:
            pending.failed(_error_of(message["error"]))
        else:
            pending.done(message.get("result"))

    def _on_stopped(self, why: str) -> None:
        assert self._process is not None
        self._process.release()
        self._ended, self._process = self._process, None
        lost = [pending for pending in self._pending.values() if pending.wanted]
        self._pending.clear()
        if self._may_restart():
            self.start()
            next_step = "it has been started again, so try once more"
        else:
            next_step = "it is started again with your next request; if this goes on, look into the log"
        self.crashed.emit(why)
        for pending in lost:
            pending.failed(EngineError("the engine stopped while it worked on this", why, next_step))

    def _may_restart(self) -> bool:
        now = time.monotonic()
        self._crash_times = [*(at for at in self._crash_times if now - at < CRASH_WINDOW_SECONDS), now]
        return len(self._crash_times) < CRASHES_IN_A_ROW


@dataclass(slots=True)
class _JobState:
    cancelling: bool = False
    over: bool = False
    crash_reason: str = field(default="")


class IndexJob(QObject):
    """One job of an indexer in its own process, indexing unless `method` says otherwise; ends with exactly one of
    `finished`, `failed`, `cancelled`."""

    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(
        self, engine_command: Sequence[str], params: Params, parent: QObject | None = None, *, method: str = "index"
    ) -> None:
        super().__init__(parent)
        self.source = str(params.get("source", ""))
        self._line = _request_line(1, method, params)
        self._state = _JobState()
        self._process = LineProcess([*engine_command, "--indexer"], self)
        self._process.received.connect(self._on_message)
        self._process.stopped.connect(self._on_stopped)
        self._grace = QTimer(self, singleShot=True, interval=STOP_GRACE_MS)
        self._grace.timeout.connect(self._process.kill)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return not self._state.over

    def start(self) -> None:
        self._process.start()
        self._process.send(self._line)

    def cancel(self) -> None:
        """Ask the job to stop at its next commit; what is finished is kept, also when the process must be ended."""
        if self._state.over or self._state.cancelling:
            return
        self._state.cancelling = True
        self._process.send(json.dumps({"method": "cancel", "params": {"id": 1}}).encode() + b"\n")
        self._grace.start()

    def dispose(self) -> None:
        """End the job because the window closes; the last commit stays."""
        self._state.over = True
        self._process.dispose()

    def _on_message(self, message: dict[str, Any]) -> None:
        if self._state.over:
            return
        if message.get("event") == "progress":
            self.progressed.emit(cast(ProgressEvent, message))
        elif "error" in message:
            error = _error_of(message["error"])
            self._finish()
            if error.cancelled:
                self.cancelled.emit()
            else:
                self.failed.emit(error)
        elif "result" in message:
            self._finish()
            self.finished.emit(cast(IndexReport, message["result"]))

    def _on_stopped(self, why: str) -> None:
        if self._state.over:
            return
        cancelling = self._state.cancelling
        self._finish()
        if cancelling:
            self.cancelled.emit()
        else:
            next_step = "what was finished is kept; start it again to go on"
            self.failed.emit(EngineError("indexing stopped", why, next_step))

    def _finish(self) -> None:
        self._state.over = True
        self._grace.stop()
        self._process.close()
