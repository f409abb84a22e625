"""Asking Graphviz: one process for each batch of graphs, killed when its time is up or the user cancels."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.cancellation import CancellationToken
from core.model.diagram import Rectangle, Route
from desktop.drawing.child import child_command, child_environment

_POLL = 0.05


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph in DOT for the engine `dot` (finds places) or `nop` (keeps places, finds routes)."""

    dot: str
    engine: str = "dot"


@dataclass(frozen=True, slots=True)
class Places:
    """What an engine found, in points, y downwards; names are those of the graph, routes go by the `id` of an edge."""

    width: float
    height: float
    nodes: dict[str, Rectangle]
    clusters: dict[str, Rectangle]
    routes: dict[str, Route]


class Ask(Protocol):
    """Places for each graph, None where there was no time or no success."""

    def __call__(self, graphs: Sequence[Graph]) -> list[Places | None]: ...


class Engine:
    """Graphviz for one diagram: every call shares one time limit."""

    def __init__(self, command: list[str], seconds: float, cancellation: CancellationToken) -> None:
        self._command = command
        self._deadline = time.monotonic() + seconds
        self._cancellation = cancellation

    def __call__(self, graphs: Sequence[Graph]) -> list[Places | None]:
        """`CancelledError` when cancelled; the process is gone when this returns or raises."""
        remaining = self._deadline - time.monotonic()
        if remaining <= 0 or not graphs:
            return [None] * len(graphs)
        wanted = [{"engine": graph.engine, "dot": graph.dot} for graph in graphs]
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
        )
        pending: bytes | None = json.dumps({"graphs": wanted, "seconds": remaining}).encode()
        output = b""
        try:
            while time.monotonic() < self._deadline:
                try:
                    output, _ = process.communicate(pending, timeout=_POLL)
                    break
                except subprocess.TimeoutExpired:
                    pending = None
                    self._cancellation.check("laying out a diagram")
        finally:
            if process.poll() is None:
                process.kill()
                output, _ = process.communicate()
        answers: list[Places | None] = [_parse(line) for line in output.splitlines()[: len(graphs)]]
        return answers + [None] * (len(graphs) - len(answers))


def default_command() -> list[str]:
    """The command that starts `desktop.drawing.worker`."""
    return child_command("desktop.drawing.worker")


def _parse(line: bytes) -> Places | None:
    """An answer of the worker; None for a failure, or a line that was cut short."""
    try:
        answer: Any = json.loads(line)
    except ValueError:
        return None
    if not isinstance(answer, dict) or "error" in answer:
        return None
    return Places(
        float(answer["width"]),
        float(answer["height"]),
        {name: Rectangle(*box) for name, box in answer["nodes"].items()},
        {name: Rectangle(*box) for name, box in answer["clusters"].items()},
        {
            id_: Route(tuple((x, y) for x, y in route["points"]), (route["tip"][0], route["tip"][1]))
            for id_, route in answer["edges"].items()
        },
    )
