"""Where a program is entered: mains, scripts, routes, handlers, commands, tests, and what it hands out to others.

What a framework calls is told by how it is marked (`@app.route("/x")`, `@Scheduled`), a script by its guard, its first line,
its name or a manifest that names it. Only the convention is seen: a mark of that name from elsewhere looks the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.cancellation import CancellationToken
from core.graph.conventions import MAIN_LANGUAGES, MAINS, MARKS, NOT_CODE, SCRIPTED, STARTED, VERBS, EntryKind
from core.graph.visibility import FileText, is_public, is_special
from core.model.source import FileRole, IndexedFile
from core.model.symbol import Symbol, SymbolKind
from core.ports import FileReader

_SCRIPTS = frozenset({"javascript", "typescript", "tsx"})
"""Languages whose tests are what a file does when it is loaded."""
_GUARD = re.compile(r"^if\s+__name__\s*==\s*['\"]__main__['\"]", re.MULTILINE)
_SCRIPT = re.compile(r"(?:^|[{,])\s*[\"']?[\w.-]+[\"']?\s*=\s*[\"']?([A-Za-z_][\w.]*):([A-Za-z_][\w.]*)", re.MULTILINE)
_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR})
_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})
_WIRED = {SymbolKind.ROUTE: EntryKind.ROUTE, SymbolKind.TOPIC: EntryKind.HANDLER}
_CODE = frozenset({FileRole.SOURCE, FileRole.TEST, FileRole.EXAMPLE})
_MARK_NAME = re.compile(r"[@#\[!]*([A-Za-z_][\w.$:]*)(?P<call>\s*\(\s*(?P<text>[rbf]?[\"'])?)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A symbol by which the program is entered; `why` names what says so."""

    kind: EntryKind
    symbol: Symbol
    why: str


def find_entries(
    reader: FileReader,
    files: Mapping[str, IndexedFile],
    inside: Mapping[str, Sequence[Symbol]],
    cancellation: CancellationToken,
    *,
    exported: bool = True,
) -> list[Entry]:
    """Every entry of the hand-written files, by kind, tests and examples last, then by path and line. `inside` holds the
    symbols of each file.

    A definition is entered in one way, the first of the kinds that fits; `exported` says whether what is merely handed out
    counts.
    """
    found: dict[int, Entry] = {entry.symbol.key: entry for entry in _scripted(reader, files, inside)}
    for path, file in files.items():
        if file.role not in _CODE or path not in inside or file.language in NOT_CODE:
            continue
        cancellation.check("looking for entry points")
        for entry in _entries_of(reader, file, inside[path], exported=exported):
            found.setdefault(entry.symbol.key, entry)
    return sorted(found.values(), key=lambda entry: _rank(entry, files))


def _rank(entry: Entry, files: Mapping[str, IndexedFile]) -> tuple[int, bool, str, int, int]:
    symbol = entry.symbol
    is_own = files[symbol.path].role is FileRole.SOURCE
    return list(EntryKind).index(entry.kind), not is_own, symbol.path, symbol.start_line, symbol.key


def _entries_of(reader: FileReader, file: IndexedFile, symbols: Sequence[Symbol], *, exported: bool) -> Iterator[Entry]:
    whole = reader.text(file.path)
    text = FileText(whole, file.language)
    by_key = {symbol.key: symbol for symbol in symbols}
    module = next((symbol for symbol in symbols if symbol.kind is SymbolKind.MODULE and symbol.parent < 0), None)
    name = file.path.rpartition("/")[2]
    if module is not None and (why := _run_as(file, whole, name)):
        yield Entry(EntryKind.SCRIPT, module, why)
    elif module is not None and file.role is FileRole.TEST and file.language in _SCRIPTS:
        yield Entry(EntryKind.TEST, module, "a file of tests")
    marked: list[Symbol] = []
    for symbol in symbols:
        if symbol.kind not in _CALLABLE and symbol.kind not in _TYPES:
            continue
        if kind_why := entry_of(symbol, text.marks(symbol), module, file.role):
            marked.append(symbol)
            yield Entry(kind_why[0], symbol, kind_why[1])
        elif exported and file.role is FileRole.SOURCE and not is_special(symbol):
            around = _around(symbol, by_key)
            if all(one.kind not in _CALLABLE for one in around) and is_public(symbol, around, text):
                yield Entry(EntryKind.EXPORTED, symbol, "public")
    # A route that is written before its handler is told by that.
    for symbol in symbols if file.role is not FileRole.TEST else ():
        if symbol.kind in _WIRED and not any(one.start_line <= symbol.start_line <= one.end_line for one in marked):
            yield Entry(_WIRED[symbol.kind], symbol, symbol.signature)


def _run_as(file: IndexedFile, text: str, name: str) -> str:
    if name in STARTED:
        return name
    if text.startswith("#!"):
        return text.partition("\n")[0][:80].strip()
    if file.language == "python" and _GUARD.search(text):
        return 'if __name__ == "__main__"'
    return ""


def entry_of(symbol: Symbol, marks: Sequence[str], module: Symbol | None, role: FileRole) -> tuple[EntryKind, str] | None:
    """How a framework, the language or a test runner enters a definition with these marks; None where none does."""
    if symbol.name in MAINS and symbol.kind in _CALLABLE and _is_main(symbol, module):
        return EntryKind.MAIN, symbol.name
    for mark in marks:
        if (kind := mark_kind(mark)) is not None:
            return kind, mark[:80]
    if symbol.language == "go" and symbol.name == "init" and symbol.kind is SymbolKind.FUNCTION:
        return EntryKind.HANDLER, "init"
    if role is FileRole.TEST and symbol.kind in (*_CALLABLE, SymbolKind.CLASS) and symbol.language not in _SCRIPTS:
        name = symbol.name
        if name.startswith(("test_", "Test", "test", "Benchmark", "Example", "Fuzz", "bench_", "spec_")):
            return EntryKind.TEST, "its name"
    if symbol.language == "python" and "/management/commands/" in f"/{symbol.path}" and symbol.name == "Command":
        return EntryKind.COMMAND, "management command"
    return None


def _is_main(symbol: Symbol, module: Symbol | None) -> bool:
    if symbol.language not in MAIN_LANGUAGES:
        return False
    if symbol.language == "go":
        return symbol.kind is SymbolKind.FUNCTION and module is not None and module.signature == "package main"
    if symbol.language in {"java", "csharp"}:
        return "static" in symbol.signature.split()
    return symbol.kind is SymbolKind.FUNCTION or symbol.language in {"scala", "kotlin"}


def mark_kind(mark: str) -> EntryKind | None:
    """What a decorator, annotation or attribute makes of what it stands before; None where it says nothing of that."""
    match = _MARK_NAME.match(mark)
    if match is None:
        return None
    name = match[1].replace("::", ".")
    before, _, last = name.rpartition(".")
    if last in VERBS:
        return EntryKind.ROUTE if before and match["text"] else None
    if last in {"test", "fixture", "bench"} and not (mark.startswith("#[") or before == "pytest"):
        return None
    if last in {"task", "command", "group", "callback"} and mark.startswith("#["):
        return None
    return MARKS.get(last)


def _around(symbol: Symbol, by_key: Mapping[int, Symbol]) -> list[Symbol]:
    """The definitions around one, the innermost first."""
    found: list[Symbol] = []
    at = by_key.get(symbol.parent)
    while at is not None and len(found) < 100:
        found.append(at)
        at = by_key.get(at.parent)
    return found


def _scripted(
    reader: FileReader, files: Mapping[str, IndexedFile], inside: Mapping[str, Sequence[Symbol]]
) -> Iterator[Entry]:
    """What manifests of Python say that commands run: `name = "package.module:function"`."""
    wanted: dict[str, str] = {}
    for path in files:
        if path.rpartition("/")[2] in SCRIPTED:
            for match in _SCRIPT.finditer(reader.text(path)):
                wanted.setdefault(f"{match[1]}.{match[2]}", path)
    if not wanted:
        return
    lasts = {name.rpartition(".")[2] for name in wanted}
    for path, symbols in inside.items():
        if not path.endswith(".py"):
            continue
        for symbol in symbols:
            if symbol.name in lasts and symbol.kind in (*_CALLABLE, SymbolKind.CLASS):
                for name, manifest in wanted.items():
                    if f".{symbol.qualified_name}".endswith(f".{name}"):
                        yield Entry(EntryKind.SCRIPT, symbol, manifest)
