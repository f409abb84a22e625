"""Visual Basic: the classes and modules of a project are known to all of its files, and so is what modules make public."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.model.symbol import Import, SymbolKind
from indexing.linking import values as v
from indexing.linking.caseless import CaselessDialect
from indexing.linking.program import CLASS_KINDS, FUNCTION_KINDS, Program

_VB_NAME = re.compile(r'Attribute\s+VB_Name\s*=\s*"(\w+)', re.IGNORECASE)
_PRIVATE = re.compile(r"(?:private|protected)\b", re.IGNORECASE)
_NAMES = """
abs appactivate array asc ascw atn beep callbyname cbool cbyte ccur cdate cdbl cdec chdir chdrive choose chr chr$
chrw cint clng command cos createobject csng cstr curdir cvar cverr date dateadd datediff datepart dateserial
datevalue day debug deletesetting dir doevents environ eof err error exp fileattr filecopy filedatetime filelen
filter fix format formatcurrency formatdatetime formatnumber formatpercent freefile getallsettings getattr getobject
getsetting hex hour iif imestatus input inputbox instr instrrev int isarray isdate isdbnull isempty iserror
ismissing isnothing isnull isnumeric isobject join kill lbound lcase left len loadpicture loc lof log lset ltrim mid
minute mkdir monthname msgbox now oct partition qbcolor randomize raise replace rgb right rmdir rnd round rset rtrim
savepicture savesetting second seek sendkeys setattr sgn shell sin space spc split sqr str strcomp strconv string
strreverse switch tab tan time timer timeserial timevalue trim typename ubound ucase val varptr vartype vba weekday
weekdayname year
"""
_BUILTINS = frozenset(_NAMES.split())


class VisualBasicDialect(CaselessDialect):
    """Which files make up a project is not told: of several namesakes those in the nearest folder count, and one in another
    folder is a guess, as is what only an imported namespace can explain."""

    languages = ("vb",)
    receiver = "me"
    constructor = "new"
    sees_class_scopes = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._shared: dict[str, list[int]] = {}
        self._uses_libraries: set[int] = set()
        table = program.table
        for file in program.files:
            first = table.first[file]
            if named := _VB_NAME.match(table.definitions[first].signature):
                self._shared.setdefault(named[1].lower(), []).append(first)
            for key in table.keys_of(file):
                parent, definition = table.parent[key], table.definitions[key]
                if parent < 0 or definition.kind not in FUNCTION_KINDS | CLASS_KINDS | {SymbolKind.MODULE}:
                    continue
                in_module = parent == first or (
                    table.definitions[parent].kind is SymbolKind.MODULE and table.parent[parent] == first
                )
                if in_module and not _PRIVATE.match(definition.signature):
                    self._shared.setdefault(definition.name.lower(), []).append(key)

    def bind_import(self, file: int, item: Import) -> None:
        program = self.program
        self._uses_libraries.add(program.table.first[file])
        if item.name == "" and item.local:
            program.network.add(
                program.variable(program.table.first[file], item.local), program.values.external(item.module)
            )

    def beyond(self, scope: int, name: str) -> int | None:
        if name == "mybase":
            return self.super_of(scope)
        if name == "myclass":
            cls = self.class_around(scope)
            return None if cls is None else self._constant(v.make(v.INSTANCE, cls))
        keys = self.nearest(self._shared.get(name, ()), scope)
        if keys:
            here = self._folder(scope)
            return self.value_of(keys, certain=all(self._folder(key) == here for key in keys))
        if name in _BUILTINS:
            return self.builtin(name)
        if name in ("system", "microsoft"):
            return self._constant(self.program.values.external(name.capitalize()))
        return self.library(name) if self.program.module(scope) in self._uses_libraries else None

    def super_of(self, scope: int) -> int | None:
        cls = self.class_around(scope)
        return None if cls is None else self._constant(v.make(v.SUPER, cls))

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        return (item.module,)
