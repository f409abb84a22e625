"""Requests in, answers out: the JSON lines of an engine process over its standard input and output.

Every request runs in a thread of its own and ends with one line; ending the input ends the process. What a library prints
goes to standard error, so that it cannot break a line.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from core.cancellation import CancellationToken
from core.errors import CodestrataError, UsageError
from desktop.engine import run_wire, wire
from desktop.redacted_log import log_to_stderr, without_secrets

Emit = Callable[[run_wire.Json], None]
"""Sends an event of the request."""
Params = Mapping[str, Any]
Method = Callable[[Params, Emit, CancellationToken], Any]
"""Answers one kind of request with what JSON can hold."""

# Requests wait for disk, FAISS and the layout worker more than they compute.
_THREADS = 8
_MAX_LINE = 16_000_000
_log = logging.getLogger(__name__)


class Server:
    """Serves methods by name until its input ends."""

    def __init__(self, methods: Mapping[str, Method], output: IO[bytes]) -> None:
        self._methods = methods
        self._output = output
        self._writing = threading.Lock()
        self._running: dict[int | str, CancellationToken] = {}

    def serve(self, lines: Iterable[bytes]) -> None:
        """Answer requests until the input ends; those still running are then cancelled."""
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="request") as pool:
            try:
                for line in lines:
                    if line.strip():
                        self._accept(line, pool)
            finally:
                for token in list(self._running.values()):
                    token.cancel()

    def _accept(self, line: bytes, pool: ThreadPoolExecutor) -> None:
        try:
            if len(line) > _MAX_LINE:
                raise ValueError("it is too long")
            request = json.loads(line)
            method, params = request["method"], request.get("params") or {}
            if not isinstance(method, str) or not isinstance(params, dict):
                raise TypeError("its method is no name or its params are no object")
            request_id = request.get("id")
            cancelled = _request_id(params.get("id")) if method == "cancel" else None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            failure = UsageError("a line is not a request", str(error), "send {'id', 'method', 'params'}")
            self._send({"id": None, "error": wire.error(failure)})
            return
        if method == "cancel":
            if cancelled is not None and (token := self._running.get(cancelled)):
                token.cancel()
            return
        request_id = _request_id(request_id)
        if request_id is None or request_id in self._running:
            given = request.get("id")
            failure = UsageError(f"a request needs an id of its own, not {given!r}", "", "number the requests")
            self._send({"id": given, "error": wire.error(failure)})
            return
        token = self._running[request_id] = CancellationToken()
        pool.submit(self._answer, request_id, method, params, token)

    def _answer(self, request_id: int | str, method: str, params: Params, token: CancellationToken) -> None:
        try:
            answer = {"result": self._call(request_id, method, params, token)}
        except CodestrataError as error:
            answer = {"error": wire.error(error)}
        except Exception as error:  # noqa: BLE001 - a bug costs one request, not the process; the log has its trace
            answer = {"error": wire.error(failed_inside(method, error))}
        del self._running[request_id]
        self._send({"id": request_id, **answer})

    def _call(self, request_id: int | str, method: str, params: Params, token: CancellationToken) -> Any:
        function = self._methods.get(method)
        if function is None:
            raise UsageError(f"there is no method '{method}'", "", f"known are {', '.join(sorted(self._methods))}")
        try:
            return function(params, lambda event: self._send({"id": request_id, **event}), token)
        except KeyError as error:
            if error.args and error.args[0] not in params and error.args[0] in _PARAMETERS:
                raise UsageError(f"'{method}' needs the parameter '{error.args[0]}'", "", "send it") from error
            raise

    def _send(self, message: run_wire.Json) -> None:
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        with self._writing:
            self._output.write(line)
            self._output.flush()


def failed_inside(method: str, error: Exception) -> CodestrataError:
    """What a client is told of a bug; the log gets its trace."""
    _log.error("'%s' failed", method, exc_info=error)
    return CodestrataError(
        f"'{method}' failed inside the engine", without_secrets(repr(error))[:300], "the log has the details"
    )


def _request_id(value: object) -> int | str | None:
    """The id of a request, None for what cannot be one (`True` would stand for 1)."""
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


_PARAMETERS = {"index", "provider", "source", "path", "query", "question", "name", "symbol", "from", "to", "kind", "file"}
"""Parameters that some method cannot do without."""


class Throttle:
    """Lets through at most so many events a second, and always the first of a new stage."""

    def __init__(self, per_second: float = 10.0) -> None:
        self._pause = 1.0 / per_second
        self._last = 0.0
        self._stage = ""

    def passes(self, stage: str) -> bool:
        """Whether an event of this stage is to be sent now."""
        now = time.monotonic()
        if stage == self._stage and now - self._last < self._pause:
            return False
        self._stage, self._last = stage, now
        return True


def serve_standard_streams(methods: Mapping[str, Method]) -> int:
    """Serve over standard input and output until the input ends."""
    log_to_stderr("%(name)s: %(message)s")
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints from now on reaches the log, not the protocol
    Server(methods, output).serve(sys.stdin.buffer)
    return 0
