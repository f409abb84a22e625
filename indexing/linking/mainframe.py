"""COBOL and JCL: programs are known by name to all, paragraphs to their program, copybooks by the name of their file."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from core.model.symbol import Import, SymbolKind
from indexing.linking.caseless import CaselessDialect
from indexing.linking.program import Program

_MAX_COPIES = 200
_PROGRAM_HEADS = ("program-id", "function-id", "entry")
_PROGRAM, _CONSTANT, _FUNCTION, _PROCEDURE = "program:", "constant:", "function:", "procedure:"


class MainframeDialect(CaselessDialect):
    """A literal in CALL, LINK or `PGM=` names its program: that is exact where one program of the source has the name.
    A variable with a value, and the choice between namesakes, are guesses; a program that is not here is external."""

    languages = ("cobol", "jcl")

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._programs: dict[str, list[int]] = {}
        self._procedures: dict[str, list[int]] = {}
        self._paragraphs: dict[int, dict[str, list[int]]] = {}
        self._copies: dict[int, list[int]] = {}
        table = program.table
        for file in program.files:
            is_job = table.files[file].language == "jcl"
            for key in table.keys_of(file):
                definition = table.definitions[key]
                if definition.kind is not SymbolKind.FUNCTION:
                    continue
                name = definition.name.lower()
                if is_job:
                    if definition.signature.lower().partition(" ")[2].lstrip().startswith("proc"):
                        self._procedures.setdefault(name, []).append(key)
                elif definition.signature.lower().startswith(_PROGRAM_HEADS):
                    self._programs.setdefault(name, []).append(key)
                else:
                    self._paragraphs.setdefault(table.first[file], {}).setdefault(name, []).append(key)

    def bind_import(self, file: int, item: Import) -> None:
        module = self.program.table.first[file]
        for found in self._member(file, item.module):
            if found != module:
                self._copies.setdefault(module, []).append(found)

    def _member(self, file: int, name: str) -> list[int]:
        """The copybook: the nearest file of that name, whatever its ending."""
        stem = name.strip("'\"").replace("\\", "/").rpartition("/")[2].lower()
        near = self.program.table.first[file]
        return self.files_called(stem, near) or self.files_called(stem.partition(".")[0], near)

    def beyond(self, scope: int, name: str) -> int | None:
        prefix, colon, rest = name.partition(":")
        if not colon:
            return self._paragraph(self.program.module(scope), name)
        prefix += colon
        if prefix in (_PROGRAM, _CONSTANT):
            keys = self.nearest(self._programs.get(rest, ()), scope)
            if keys:
                return self.value_of(keys, certain=prefix == _PROGRAM)
            return None if rest == "?" else self._outside(rest.upper(), certain=prefix == _PROGRAM)
        if prefix == _FUNCTION:
            keys = self.nearest(self._programs.get(rest, ()), scope)
            return self.value_of(keys, certain=True) or self.builtin(rest)
        return self._procedure(scope, rest)

    def _outside(self, name: str, *, certain: bool) -> int:
        return self._constant(self.program.values.external(name)) if certain else self.library(name)

    def _procedure(self, scope: int, name: str) -> int | None:
        table = self.program.table
        module = self.program.module(scope)
        known = self._procedures.get(name, ())
        own = [key for key in known if self.program.module(key) == module]
        if own or known:
            return self.value_of(own[:1] or self.nearest(known, scope), certain=True)
        inside = [
            key
            for file in self.files_called(name, scope)
            for key in table.keys_of(table.file_of[file])
            if table.parent[key] == file and table.definitions[key].kind is SymbolKind.FUNCTION
        ]
        return self.value_of(inside, certain=True) if len(inside) == 1 else self._outside(name.upper(), certain=True)

    def _paragraph(self, module: int, name: str) -> int | None:
        """A paragraph of another section, or of a copybook that the file copies, however deep."""
        queue, seen = deque([module]), {module}
        while queue and len(seen) < _MAX_COPIES:
            at = queue.popleft()
            if keys := self._paragraphs.get(at, {}).get(name):
                return self.value_of(keys, certain=True)
            for copied in self._copies.get(at, ()):
                if copied not in seen:
                    seen.add(copied)
                    queue.append(copied)
        return None

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        return tuple(self._member(file, item.module)) or (item.module.upper(),)
