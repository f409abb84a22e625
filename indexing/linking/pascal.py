"""Pascal: a unit is a file, and sees the names of the units it uses, the last one first."""

from __future__ import annotations

from collections.abc import Sequence

from core.model.symbol import Import
from indexing.linking import values as v
from indexing.linking.caseless import CaselessDialect
from indexing.linking.program import Program

_NAMES = """
abs addr append arctan assert assign assigned assignfile beginthread blockread blockwrite break chr close closefile
concat continue copy cos dec delete dispose eof eoln erase exclude exit exp filepos filesize fillchar finalize flush
frac freemem getmem halt hi high inc include initialize insert int ioresult length ln lo low max min move new odd
ord paramcount paramstr pi pos pred ptr random randomize read readln reallocmem rename reset rewrite round runerror
seek setlength setstring sin sizeof slice sqr sqrt str succ swap trunc truncate typeinfo uniquestring upcase val
write writeln tobject iinterface iunknown tclass exception
"""
_BUILTINS = frozenset(_NAMES.split())


class PascalDialect(CaselessDialect):
    """A name that no unit of the source explains comes from the units used that are not in it, if there are any."""

    languages = ("pascal",)
    receiver = "self"
    sees_class_scopes = True
    root_class = "<builtin>.tobject"

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._used: dict[int, list[int]] = {}
        self._uses_libraries: set[int] = set()

    def _unit(self, file: int, name: str) -> int | None:
        """The unit's file; an included file by its whole name."""
        near = self.program.table.first[file]
        bare = name.replace("\\", "/").rpartition("/")[2].lower()
        found = self.files_called(bare, near) or self.files_called(
            bare.rpartition(".")[0] if bare.endswith(".inc") else bare, near
        )
        return found[0] if found else None

    def bind_import(self, file: int, item: Import) -> None:
        program = self.program
        module, found = program.table.first[file], self._unit(file, item.module)
        if item.name == "*":
            if found is None:
                self._uses_libraries.add(module)
            elif found != module:
                self._used.setdefault(module, []).append(found)
        elif "." not in item.local:
            value = program.values.external(item.module) if found is None else v.make(v.MODULE, found)
            program.network.add(program.variable(module, item.local), value)

    def beyond(self, scope: int, name: str) -> int | None:
        return self.super_of(scope) if name == "inherited" else self.beyond_module(self.program.module(scope), name)

    def beyond_module(self, module: int, name: str) -> int | None:
        for used in reversed(self._used.get(module, ())):
            if (node := self.program.names.get(used, {}).get(name)) is not None:
                return node
        if name in _BUILTINS:
            return self.builtin(name)
        return self.library(name) if module in self._uses_libraries and name not in ("result", "self") else None

    def super_of(self, scope: int) -> int | None:
        cls = self.class_around(scope)
        return None if cls is None else self._constant(v.make(v.SUPER, cls))

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        found = self._unit(file, item.module)
        return (item.module if found is None else found,)
