"""What is asked before anything else, and answered before the rest of the engine has been imported.

A window can be used once a project's figures are told and its files are listed. Ranking, drawing and all else are as much
again to import, so they come with the first request that needs them.
"""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import CodestrataError
from core.model.source import SkippedFile
from core.settings import Settings
from desktop import locations
from desktop.engine import run_wire, wire
from desktop.engine.params import path_text
from desktop.engine.problem_desk import counted_problems
from desktop.engine.server import Method, Params
from desktop.engine.session import IndexSession, Sessions

PROTOCOL = 1
# Measured on two cores: small trees are bound by starting up, large ones by parsing.
_STARTUP_SECONDS = 1.5
_BYTES_PER_SECOND = 1_200_000


class LateMethods(Mapping[str, Method]):
    """Methods of which the first are there at once; the others are made when one of them is first asked for, or all are
    named. Threads may share it."""

    def __init__(self, first: Mapping[str, Method], make: Callable[[], Mapping[str, Method]]) -> None:
        self._making = threading.Lock()
        self.change(first, make)

    def change(self, first: Mapping[str, Method], make: Callable[[], Mapping[str, Method]]) -> None:
        """Answer otherwise from now on."""
        with self._making:
            self._first = first
            self._make = make
            self._all: Mapping[str, Method] | None = None

    def __getitem__(self, name: str) -> Method:
        found = self._first.get(name)
        return found if found is not None else self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    @property
    def _made(self) -> Mapping[str, Method]:
        with self._making:
            if self._all is None:
                self._all = {**self._make(), **self._first}
            return self._all


def hello(version: str) -> Method:
    """Tells who answers."""
    return lambda _params, _emit, _token: {"version": version, "protocol": PROTOCOL, "pid": os.getpid()}


def first_methods(sessions: Sessions, settings: Settings, version: str) -> dict[str, Method]:
    """The methods that open a source or an index."""

    def session(params: Params) -> IndexSession:
        return sessions.get(Path(path_text(params, "index")))

    return {
        "hello": hello(version),
        "preview": lambda params, _emit, token: preview(path_text(params, "source"), settings, token),
        "indexes": lambda _params, _emit, _token: [dataclasses.asdict(known) for known in locations.known_indexes()],
        "status": lambda params, _emit, _token: status(session(params)),
        "tree": lambda params, _emit, _token: wire.tree(session(params).reader.files()),
    }


def preview(source: str, settings: Settings, token: CancellationToken) -> run_wire.Json:
    """What indexing a source would take in, and about how long it would take."""
    from indexing.intake.opening import open_source
    from indexing.scan import nothing_to_index, scan

    with open_source(source, token) as workspace:
        found = scan(workspace, settings.scan, token)
        if not found.files:
            raise nothing_to_index(workspace, found)
        folder = locations.index_folder(workspace.identity)
        languages: dict[str, dict[str, int]] = {}
        for entry in found.files:
            count = languages.setdefault(entry.language, {"files": 0, "bytes": 0})
            count["files"] += 1
            count["bytes"] += entry.size
        total = sum(entry.size for entry in found.files)
        return {
            "source": workspace.identity,
            "name": workspace.name,
            "index": str(folder),
            "indexed": _is_indexed(folder),
            "files": len(found.files),
            "bytes": total,
            "languages": dict(sorted(languages.items(), key=lambda item: -item[1]["bytes"])),
            "skipped": _reasons(found.skipped),
            "failed": [{"path": failure.path, "reason": failure.reason} for failure in found.failed],
            "seconds_estimate": round(_STARTUP_SECONDS + total / _BYTES_PER_SECOND, 1),
        }


def _is_indexed(folder: Path) -> bool:
    from indexing.stores.sqlite.reader import open_snapshot

    try:
        open_snapshot(folder).close()
    except CodestrataError:
        return False
    return True


def _reasons(skipped: tuple[SkippedFile, ...]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in skipped:
        counts[str(entry.reason)] = counts.get(str(entry.reason), 0) + 1
    return counts


def status(session: IndexSession) -> run_wire.Json:
    """What an index holds and how it stands to its source."""
    from desktop.engine.watching import watched_roots

    reader = session.reader
    files = reader.files()
    languages: dict[str, dict[str, int]] = {}
    for entry in files:
        count = languages.setdefault(entry.language, {"files": 0, "bytes": 0})
        count["files"] += 1
        count["bytes"] += entry.size
    return {
        "index": str(session.folder),
        "source": reader.meta("source"),
        "name": reader.meta("name"),
        "revision": reader.meta("revision") or None,
        "files": len(files),
        "bytes": sum(entry.size for entry in files),
        "chunks": reader.count_chunks(),
        "symbols": reader.count_symbols(),
        "edges": reader.edge_counts(),
        "languages": dict(sorted(languages.items(), key=lambda item: -item[1]["bytes"])),
        "stale_files": session.stale_files(),
        "watchable": bool(watched_roots(reader.meta("source"), reader.meta("stamp"))),
        "complete": reader.meta("complete") == "yes",
        "generation": reader.generation,
        "updated": float(reader.meta("updated", "0")),
        "folding": run_wire.folding(reader.folding()),
        "problems": counted_problems(reader),
    }
