"""What is asked of the code graph as a whole: parameters to calls, records to JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.cancellation import CancellationToken
from core.errors import UsageError
from core.graph.cycles import CycleKind, CycleLevel
from desktop.engine import graph_desk, graph_wire
from desktop.engine.params import flag, optional_text, path_text
from desktop.engine.server import Params
from desktop.engine.service import Service
from desktop.engine.session import IndexSession

GraphMethod = Callable[[Params, CancellationToken], Any]


def graph_methods(service: Service) -> dict[str, GraphMethod]:
    """The methods by name."""

    def at(params: Params) -> IndexSession:
        return service.session(Path(path_text(params, "index")))

    def cycles(params: Params, token: CancellationToken) -> Any:
        by, level = optional_text(params, "by", CycleKind.IMPORTS), optional_text(params, "level", CycleLevel.FILE)
        path, guesses = optional_text(params, "path"), flag(params, "guesses")
        return graph_wire.cycles(by, level, graph_desk.cycles(at(params), by, level, path, token, guesses=guesses))

    def dead(params: Params, token: CancellationToken) -> Any:
        path, doubtful = optional_text(params, "path"), flag(params, "doubtful")
        return graph_wire.dead(graph_desk.dead(at(params), path, token, doubtful=doubtful))

    def entries(params: Params, token: CancellationToken) -> Any:
        kinds, path = kinds_of(params), optional_text(params, "path")
        return graph_wire.entries(graph_desk.entries(at(params), kinds, path, token))

    def hotspots(params: Params, token: CancellationToken) -> Any:
        return graph_wire.hotspots(graph_desk.hotspots(at(params), optional_text(params, "path"), token))

    return {"cycles": cycles, "dead": dead, "entries": entries, "hotspots": hotspots}


def kinds_of(params: Params) -> list[str]:
    """The kinds of entry points that are asked for; none where all are. UsageError for what is no list of texts."""
    given = params.get("kinds") or []
    if not isinstance(given, list) or not all(isinstance(kind, str) for kind in given):
        raise UsageError("the parameter 'kinds' must be a list of texts", f"it is {given!r:.80}", "send another")
    return given
