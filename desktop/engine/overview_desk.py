"""A codebase at a glance: what it is written in, what is largest, what is called most, and where it begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.model.graph import EdgeKind
from core.model.source import FileRole, IndexedFile
from core.model.symbol import Symbol, SymbolKind
from desktop.engine.session import IndexSession
from indexing.stores.sqlite.reader import SnapshotReader

_SHOWN = 12
_MOST_MAINS = 40
_MOST_HANDLERS = 40
_CALLABLE = (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR)
_WRITTEN = (FileRole.SOURCE, FileRole.TEST, FileRole.EXAMPLE)
_MAINS = ("main", "WinMain", "wWinMain", "wmain")
_STARTED = ("__main__.py", "manage.py", "server.js", "server.ts", "app.py")
"""Files that are started by their names."""
_HANDLERS = (
    "route", "GetMapping", "PostMapping", "PutMapping", "DeleteMapping", "PatchMapping", "RequestMapping", "RestController",
    "HttpGet", "HttpPost", "HttpPut", "HttpDelete", "shared_task", "api_view", "KafkaListener", "EventListener", "Scheduled",
    "WebServlet", "receiver",
)  # fmt: skip
"""What marks a definition that a framework calls."""


class EntryKind(StrEnum):
    """Why a place is an entry point."""

    MAIN = "main"
    STARTED = "started"
    """A file that is run by its name."""
    HANDLER = "handler"
    """A definition that a framework calls, as it is marked."""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A symbol the program is entered by; `why` names what marks it."""

    kind: EntryKind
    symbol: Symbol
    why: str


@dataclass(frozen=True, slots=True)
class CalledMost:
    """A definition and from how many places it is called."""

    symbol: Symbol
    calls: int


@dataclass(frozen=True, slots=True)
class RoleShare:
    """Files of one role, their bytes and lines."""

    files: int
    bytes: int
    lines: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A codebase at a glance; the lists are short, the best first."""

    files: int
    bytes: int
    lines: int
    languages: Mapping[str, RoleShare]
    roles: Mapping[str, RoleShare]
    largest: tuple[IndexedFile, ...]
    called: tuple[CalledMost, ...]
    entries: tuple[EntryPoint, ...]
    tests: tuple[tuple[str, int], ...]
    """Folders that hold test files, with the number of these."""


def overview_of(session: IndexSession) -> Overview:
    """What the index tells of the whole."""
    reader = session.reader
    files = reader.files()
    written = [file for file in files if file.role in _WRITTEN]
    largest = sorted(written or files, key=lambda file: (-file.lines, file.path))[:_SHOWN]
    return Overview(
        len(files),
        sum(file.size for file in files),
        sum(file.lines for file in files),
        _shares((file.language, file) for file in files),
        _shares((str(file.role), file) for file in files),
        tuple(largest),
        tuple(_called_most(reader, files)),
        (*_mains(reader, files), *_handlers(reader)),
        tuple(_test_folders(files)),
    )


def _shares(grouped: Iterable[tuple[str, IndexedFile]]) -> dict[str, RoleShare]:
    """Largest first."""
    found: dict[str, list[IndexedFile]] = {}
    for name, file in grouped:
        found.setdefault(name, []).append(file)
    shares = {
        name: RoleShare(len(group), sum(file.size for file in group), sum(file.lines for file in group))
        for name, group in found.items()
    }
    return dict(sorted(shares.items(), key=lambda item: -item[1].bytes))


def _called_most(reader: SnapshotReader, files: Sequence[IndexedFile]) -> list[CalledMost]:
    """Of what is written by hand and is no test."""
    own = {file.path for file in files if file.role is FileRole.SOURCE}
    found: list[CalledMost] = []
    for key, calls in reader.most_arrived_at(EdgeKind.CALLS, 8 * _SHOWN):
        [symbol] = reader.symbols([key])
        if symbol.kind in (*_CALLABLE, SymbolKind.CLASS, SymbolKind.MACRO) and symbol.path in own:
            found.append(CalledMost(symbol, calls))
    return found[:_SHOWN]


def _mains(reader: SnapshotReader, files: Sequence[IndexedFile]) -> list[EntryPoint]:
    roles = {file.path: file.role for file in files}
    shown = [file.path for file in files if file.role in (FileRole.SOURCE, FileRole.EXAMPLE)]
    found: dict[int, EntryPoint] = {}
    for path in shown:
        name = path.rpartition("/")[2]
        if name in _STARTED and (symbols := reader.symbols_of(path)):
            found[symbols[0].key] = EntryPoint(EntryKind.STARTED, symbols[0], name)
    for name in _MAINS:
        for symbol in reader.find_symbols(name, 10 * _MOST_MAINS):
            is_main = symbol.kind in _CALLABLE and symbol.name.casefold() == name.casefold()
            if is_main and roles.get(symbol.path) in (FileRole.SOURCE, FileRole.EXAMPLE):
                found.setdefault(symbol.key, EntryPoint(EntryKind.MAIN, symbol, symbol.name))
    order = sorted(found.values(), key=lambda entry: _nearness(roles, entry))
    return order[:_MOST_MAINS]


def _nearness(roles: Mapping[str, FileRole], entry: EntryPoint) -> tuple[bool, int, str, int]:
    path = entry.symbol.path
    return roles[path] is not FileRole.SOURCE, path.count("/"), path, entry.symbol.start_line


def _handlers(reader: SnapshotReader) -> list[EntryPoint]:
    marks = {
        symbol.key: symbol
        for name in _HANDLERS
        for symbol in reader.find_symbols(name, _MOST_HANDLERS)
        if symbol.name == name
    }
    if not marks:
        return []
    edges = reader.edges_to(list(marks), (EdgeKind.CALLS, EdgeKind.REFERENCES))
    found: dict[int, EntryPoint] = {}
    users = {user.key: user for user in reader.symbols(sorted({edge.source for edge in edges}))}
    for edge in sorted(edges, key=lambda edge: (edge.path, edge.line)):
        user = users[edge.source]
        if user.kind in (*_CALLABLE, SymbolKind.CLASS) and edge.line <= user.start_line + 1:
            found.setdefault(user.key, EntryPoint(EntryKind.HANDLER, user, marks[edge.target].name))
    return list(found.values())[:_MOST_HANDLERS]


def _test_folders(files: Sequence[IndexedFile]) -> list[tuple[str, int]]:
    counts = Counter(file.path.rpartition("/")[0] for file in files if file.role is FileRole.TEST)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN]
