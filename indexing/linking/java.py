"""Java: packages, imports, what `java.lang` brings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.model.symbol import Import
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.program import CALLED, CLASS_KINDS, Program

_PACKAGE = re.compile(r"package\s+([\w.]+)")
_NAMES = """
Appendable ArithmeticException ArrayIndexOutOfBoundsException AssertionError AutoCloseable Boolean Byte CharSequence
Character Class ClassCastException ClassLoader ClassNotFoundException CloneNotSupportedException Cloneable Comparable
Deprecated Double Enum Error Exception Float FunctionalInterface IllegalArgumentException IllegalStateException
IndexOutOfBoundsException Integer InterruptedException Iterable LinkageError Long Math Module NoSuchFieldException
NoSuchMethodException NullPointerException Number NumberFormatException Object OutOfMemoryError Override Package Process
ProcessBuilder Record ReflectiveOperationException Runnable Runtime RuntimeException SafeVarargs SecurityException Short
StackOverflowError StackTraceElement StrictMath String StringBuffer StringBuilder SuppressWarnings System Thread
ThreadLocal Throwable UnsupportedOperationException VirtualMachineError Void
"""
_JAVA_LANG = frozenset(_NAMES.split())


class JavaDialect(Dialect):
    """A type is found in the file's imports, in its package (which every file names), in what it imports with `*`, and in
    `java.lang`; a package may be spread over several folders."""

    languages = ("java",)
    receiver = "this"
    constructor = "<constructor>"
    root_class = "<builtin>.Object"
    sees_class_scopes = True
    methods_apart = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        table = program.table
        self._package_of: dict[int, str] = {}
        self._types: dict[str, dict[str, int]] = {}
        for file in program.files:
            module = table.first[file]
            match = _PACKAGE.search(table.definitions[module].signature)
            package = self._package_of[module] = match[1] if match else ""
            types = self._types.setdefault(package, {})
            for name, key in program.declared.get(module, {}).items():
                if table.definitions[key].kind in CLASS_KINDS:
                    types.setdefault(name, key)
        self._stars: dict[int, list[str]] = {}

    def bind_import(self, file: int, item: Import) -> None:
        program = self.program
        module = program.table.first[file]
        if item.name == "*":
            self._stars.setdefault(module, []).append(item.module)
            return
        full = f"{item.module}.{item.name}" if item.name else item.module
        node = self._named(full)
        external = self._constant(program.values.external(full))
        program.network.flow(node or external, program.variable(module, item.local))

    def _named(self, full: str) -> int | None:
        """The node of a type, a type within one, or a static member, by its full name."""
        parts = full.split(".")
        for count in range(len(parts) - 1, -1, -1):
            key = self._types.get(".".join(parts[:count]), {}).get(parts[count])
            if key is None:
                continue
            node = self._constant(v.make(v.CLASS, key))
            for name in parts[count + 1 :]:
                names = self.program.names.get(key, {})
                inner = names.get(name) or names.get(name + CALLED)
                if inner is None:
                    return None
                node, key = inner, self.program.declared.get(key, {}).get(name, -1)
            return node
        return None

    def beyond_module(self, module: int, name: str) -> int | None:
        key = self._types.get(self._package_of.get(module, ""), {}).get(name)
        if key is not None:
            return self._constant(v.make(v.CLASS, key))
        for package in self._stars.get(module, ()):
            node = self._named(f"{package}.{name}")
            if node is not None:
                return node
        if name in _JAVA_LANG:
            return self._constant(self.program.values.external("<builtin>." + name))
        return None

    def super_of(self, scope: int) -> int | None:
        cls = self.class_around(scope)
        return None if cls is None else self._constant(v.make(v.SUPER, cls))

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        if item.name == "*":
            inside = self._types.get(item.module)
            return tuple(sorted({self.program.module(key) for key in inside.values()})) if inside else (item.module,)
        full = f"{item.module}.{item.name}" if item.name else item.module
        node = self._named(full)
        values = self.program.network.values(node) if node is not None else []
        keys = [value >> v.KIND_BITS for value in values if value & v.KIND_MASK in {v.CLASS, v.FUNCTION}]
        return tuple(keys[:1]) if node is not None else (full,)
