"""Names of modules and symbols, as the command line prints them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from posixpath import splitext

from core.model.symbol import Symbol, SymbolKind
from indexing.linking.table import DefinitionTable

_PACKAGE_FILES = frozenset({"__init__.py", "__init__.pyi"})


def module_name(path: str) -> str:
    """The qualified name of a file: its path with dots and without ending; `pkg/__init__.py` is `pkg`."""
    folder, _, file = path.rpartition("/")
    if file in _PACKAGE_FILES and folder:
        return folder.replace("/", ".")
    stem, _ = splitext(file)
    return f"{folder}/{stem}".replace("/", ".") if folder else stem


def symbols_of(table: DefinitionTable, externals: Sequence[tuple[str, str]]) -> list[Symbol]:
    """All symbols by key: the definitions of `table`, then `externals`, each a (language, name)."""
    qualified: list[str] = []
    for index, file in enumerate(table.files):
        module = module_name(file.path)
        for definition in table.definitions_of(index):
            qualified.append(f"{module}.{definition.nesting}" if definition.nesting else module)
    ids = _unique_ids(table, qualified, [name for _, name in externals])
    symbols = []
    for key, definition in enumerate(table.definitions):
        file = table.files[table.file_of[key]]
        name = definition.name or qualified[key].rpartition(".")[2]
        span = definition.span
        symbols.append(
            Symbol(
                key=key,
                id=ids[key],
                name=name,
                qualified_name=qualified[key],
                kind=definition.kind,
                language=file.language,
                path=file.path,
                start_line=span.start_line,
                end_line=span.end_line,
                signature=definition.signature,
                doc=definition.doc,
                parent=table.parent[key],
            )
        )
    for key, (language, name) in enumerate(externals, len(symbols)):
        last = name.rpartition(".")[2] or name
        symbols.append(Symbol(key, ids[key], last, name, SymbolKind.EXTERNAL, language, "", 0, 0, "", "", -1))
    return symbols


def _unique_ids(table: DefinitionTable, qualified: Sequence[str], externals: Sequence[str]) -> list[str]:
    """The qualified name; with the file's ending after it where files share it; with `#2`, `#3` where that is not enough."""
    files_of: dict[str, set[int]] = {}
    for key, name in enumerate(qualified):
        files_of.setdefault(name, set()).add(table.file_of[key])
    wanted = []
    for key, name in enumerate(qualified):
        ending = splitext(table.files[table.file_of[key]].path)[1]
        wanted.append(name + ending if len(files_of[name]) > 1 else name)
    wanted.extend(externals)
    taken = set(wanted)
    seen: Counter[str] = Counter()
    ids: list[str] = []
    for name in wanted:
        seen[name] += 1
        unique = name
        if seen[name] > 1:
            unique = f"{name}#{seen[name]}"
            while unique in taken:
                seen[name] += 1
                unique = f"{name}#{seen[name]}"
            taken.add(unique)
        ids.append(unique)
    return ids
