"""Variables that are assigned again: which of the values a use sees.

Linking pays no heed to the order of statements, so a variable that is used for two things would hold both. Where a plain
statement of a function (or of the module) assigns a variable anew, whatever stands before it in that scope means the value
before, and whatever stands behind it the one from then on. Each such value gets a name of its own, `xʹ1`, `xʹ2` (static
single assignment along straight lines; what branches and loops assign adds to the value around them).

Other scopes may run at any time: to them the variable has all its values. A parameter that they see is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.model.symbol import Binding, Definition, Reference, ReferenceKind, SymbolKind
from indexing.kinds import ANNOTATED, ASSIGNED, GLOBAL, PARAMETER
from indexing.languages.records import new_binding, new_reference

MARK = "ʹ"
"""U+02B9, a letter: a version is an identifier like any other name."""
_ROOT = re.compile(r"[^\W\d]\w*")
_FUNCTIONS = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.LAMBDA})
_OF_PARENT = frozenset({ReferenceKind.DECORATES, ReferenceKind.INHERITS, ReferenceKind.IMPLEMENTS})
"""References that stand in a definition and are read in the scope around it."""
_MAX_VERSIONS = 50
"""A variable with more is a register of generated code."""

_Key = tuple[int, str]


@dataclass(slots=True)
class _Variable:
    """The first and last lines of the statements that assign it anew, in their order."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    is_parameter: bool = False

    def name(self, text: str, line: int, *, assigned: bool) -> str:
        """What it is called at a line; `assigned` on the left side of an assignment."""
        version = bisect_left(self.ends, line)
        if assigned and version < len(self.starts) and self.starts[version] == line:
            version += 1
        return f"{text}{MARK}{version}" if version else text


class Versions:
    """Renames in the facts of one file."""

    def __init__(self, definitions: Sequence[Definition], assigned: Iterable[tuple[int, str, int, int]]) -> None:
        """`assigned` are statements that assign a variable for certain: scope, name, first and last line."""
        self._definitions = definitions
        self._variables: dict[_Key, _Variable] = {}
        self._names: frozenset[str] = frozenset()
        self._roots: dict[str, str] = {}
        """By path the variable of several values that it begins with, or nothing."""
        unclear: set[_Key] = set()
        for scope, name, start, end in sorted(assigned):
            variable = self._variables.setdefault((scope, name), _Variable())
            if variable.starts and variable.starts[-1] == start:  # two in one line: which is which cannot be told
                unclear.add((scope, name))
            variable.starts.append(start)
            variable.ends.append(end)
        for key in unclear:
            del self._variables[key]

    def choose(self, references: Sequence[Reference], bindings: Sequence[Binding]) -> bool:
        """Leave those that have several values and no other way to get one; whether there are any."""
        parameters = {(item.scope, item.name.lstrip("*.")) for item in bindings if item.kind is PARAMETER}
        told = {(item.scope, item.name) for item in bindings if item.kind is ANNOTATED}
        elsewhere = {item.name for item in bindings if item.kind is GLOBAL}
        defined = {(item.parent, item.name) for item in self._definitions if item.kind in _FUNCTIONS}
        kept: dict[_Key, _Variable] = {}
        for key, variable in self._variables.items():
            variable.is_parameter = key in parameters
            times = len(variable.starts) + variable.is_parameter
            if 1 < times <= _MAX_VERSIONS and key[1] not in elsewhere and key not in told and key not in defined:
                kept[key] = variable
        self._variables, self._names = kept, frozenset(name for _, name in kept)
        if any(variable.is_parameter for variable in kept.values()):
            for scope, name in self._seen_from_within(references, bindings):
                if (found := kept.get((scope, name))) is not None and found.is_parameter:
                    del kept[scope, name]
        return bool(kept)

    def _seen_from_within(self, references: Sequence[Reference], bindings: Sequence[Binding]) -> set[_Key]:
        """Variables that a function within their scope names."""
        named = {(item.scope, _root(item.target)) for item in references}
        named |= {(item.scope, _root(text)) for item in bindings for text in (item.name, item.value)}
        seen: set[_Key] = set()
        for scope, name in named:
            outer = self._definitions[scope].parent
            while outer > 0 and (outer, name) not in seen:
                seen.add((outer, name))
                outer = self._definitions[outer].parent
        return seen

    def reference(self, item: Reference) -> Reference:
        """A reference to the version that it sees."""
        scope = self._definitions[item.scope].parent if item.kind in _OF_PARENT else item.scope
        target = self._renamed(item.target, scope, item.line)
        return item if target is item.target else new_reference(item.kind, target, item.scope, item.line)

    def binding(self, item: Binding) -> Binding:
        """A binding of the version that it makes to what it sees."""
        if item.kind is PARAMETER or item.kind is ANNOTATED:
            return item
        value = self._renamed(item.value, item.scope, item.line)
        assigned = item.kind is ASSIGNED and item.name.isidentifier()
        name = self._renamed(item.name, item.scope, item.line, assigned=assigned)
        if name is item.name and value is item.value:
            return item
        return new_binding(item.kind, name, value, item.scope, item.line)

    def merges(self) -> list[Binding]:
        """The variable has all its values, to whoever is not in its scope."""
        return [
            new_binding(ASSIGNED, name, f"{name}{MARK}{version}", scope, line)
            for (scope, name), variable in self._variables.items()
            if not variable.is_parameter
            for version, line in enumerate(variable.ends, 1)
        ]

    def _renamed(self, path: str, scope: int, line: int, *, assigned: bool = False) -> str:
        root = self._roots.get(path)
        if root is None:
            found = _root(path)
            root = self._roots[path] = found if found in self._names else ""
        variable = self._variables.get((scope, root)) if root else None
        if variable is None:
            return path
        name = variable.name(root, line, assigned=assigned)
        return path if name == root else name + path[len(root) :]


def _root(path: str) -> str:
    match = _ROOT.match(path)
    return match[0] if match else ""
