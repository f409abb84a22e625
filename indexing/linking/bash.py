"""The shell: what a script defines itself, then what it sources, then what only those who source it can mean."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from posixpath import dirname, join, normpath

from core.model.symbol import Import, SymbolKind
from indexing.linking.dialect import Dialect
from indexing.linking.file_index import FileIndex
from indexing.linking.program import Program

_MAX_SOURCED = 400
_COMPUTED = re.compile(r".*(?:[)}`]|\$\w+)/?", re.DOTALL)
"""Everything up to the last part of a path that the script has to compute."""
_ENDINGS = ("", ".bash", ".sh", ".bats")
_NAMES = """
: alias bg bind break builtin caller case cd command compgen complete compopt continue declare dirs disown echo enable eval
exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd print printf pushd pwd read
readarray readonly return set setopt shift shopt source suspend test times trap true type typeset ulimit umask unalias
unset unsetopt wait whence
"""
_BUILTINS = frozenset(_NAMES.split())


class BashDialect(Dialect):
    """Functions are global from where their definition runs. A script that others source may call what these define;
    that is a guess, as which of them runs is not known. Any other name is a program."""

    languages = ("bash",)

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._files = FileIndex(program.table, program.files)
        self._sourced: dict[int, list[int]] = {}
        self._sourcing: dict[int, list[int]] = {}
        self._sources_unknown: set[int] = set()
        self._guesses: dict[int, int] = {}
        table = program.table
        for file in program.files:
            first = table.first[file]
            for key in table.keys_of(file):
                if table.definitions[key].kind is SymbolKind.FUNCTION and table.parent[key] > first:
                    name = table.definitions[key].name
                    program.names.setdefault(first, {}).setdefault(name, program.names[table.parent[key]][name])

    def bind_import(self, file: int, item: Import) -> None:
        if item.name != "*":
            return
        module, found = self.program.table.first[file], self._resolve(file, item.module)
        if found is None:
            self._sources_unknown.add(module)
        elif found != module:
            self._sourced.setdefault(module, []).append(found)
            self._sourcing.setdefault(found, []).append(module)

    def _resolve(self, file: int, path: str) -> int | None:
        """The file beside this one, from the root of the source, or the nearest whose path ends so."""
        folder, tail = dirname(self.program.table.files[file].path), _COMPUTED.sub("", path, count=1)
        if not tail:
            return None
        for base in (folder, "") if not tail.startswith("/") else ():
            for ending in _ENDINGS:
                found = self._files.modules.get(normpath(join(base, tail + ending)))
                if found is not None:
                    return found
        rest = normpath(tail).lstrip("./")
        return self._files.nearest(file, [rest + ending for ending in _ENDINGS]) if rest else None

    def beyond_module(self, module: int, name: str) -> int | None:
        node = self._among(self._sourced, module, name)
        if node is not None:
            return node
        values = self.program.values
        if name in _BUILTINS:
            return self._constant(values.external("<builtin>." + name))
        node = self._of_sourcing(module, name)
        if node is not None:
            return node
        node = self._constant(values.external(name))
        if module in self._sources_unknown:
            self.program.network.guessed.add(node)
        return node

    def _among(self, files: dict[int, list[int]], module: int, name: str) -> int | None:
        queue, seen = deque(files.get(module, ())), {module}
        while queue and len(seen) < _MAX_SOURCED:
            at = queue.popleft()
            if at in seen:
                continue
            seen.add(at)
            node = self.program.names.get(at, {}).get(name)
            if node is not None:
                return node
            queue.extend(files.get(at, ()))
        return None

    def _of_sourcing(self, module: int, name: str) -> int | None:
        """What those who source the module, and what else they source, define."""
        nodes: dict[int, None] = {}
        queue, seen = deque(self._sourcing.get(module, ())), {module}
        while queue and len(seen) < _MAX_SOURCED:
            at = queue.popleft()
            if at in seen:
                continue
            seen.add(at)
            node = self.program.names.get(at, {}).get(name)
            if node is None:
                node = self._among(self._sourced, at, name)
            if node is not None:
                nodes[node] = None
            queue.extend(self._sourcing.get(at, ()))
        if not nodes:
            return None
        network, first = self.program.network, min(nodes)
        guess = self._guesses.get(first) if len(nodes) == 1 else None
        if guess is None:
            guess = network.node()
            network.guessed.add(guess)
            for node in nodes:
                network.flow(node, guess)
            if len(nodes) == 1:
                self._guesses[first] = guess
        return guess

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        found = self._resolve(file, item.module)
        if found is not None:
            return (found,)
        return () if "$" in item.module or "`" in item.module else (item.module,)
