"""Definitions and what a file says about names: the facts that linking turns into a graph.

Facts are about one file alone, so they can be kept by its content. Scopes and parents are indices into the file's list of
definitions, whose first is always the module itself.

An *access path* writes an expression the linker may understand: identifiers joined by dots, `()` after what is called,
`[]` after what is subscripted, as in `self.handlers[].run` or `make_client().get`. `?` stands for anything else (a
literal, an operator), so `?.join` is a method of something unknown. A lambda is its name, `<lambda1>`. `super()` is
written as it stands in Python; `this` and `self` as in the language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.model.source import Span


class SymbolKind(StrEnum):
    """What a definition defines."""

    MODULE = "module"
    CLASS = "class"
    INTERFACE = "interface"
    STRUCT = "struct"
    ENUM = "enum"
    TYPE = "type"
    FUNCTION = "function"
    METHOD = "method"
    CONSTRUCTOR = "constructor"
    FIELD = "field"
    VARIABLE = "variable"
    CONSTANT = "constant"
    MACRO = "macro"
    LAMBDA = "lambda"
    EXTERNAL = "external"
    """A name that is used here and defined outside of the source."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition in one file.

    `nesting` is the path of names inside the file (`Class.method`, empty for the module). `parent` is the index of the
    definition around it, -1 for the module. `signature` is one line without the body, `doc` the first paragraph of the
    doc comment; both are bounded in length. `name_line` is where the name itself stands.
    """

    name: str
    nesting: str
    kind: SymbolKind
    span: Span
    name_line: int
    parent: int
    signature: str
    doc: str


class ReferenceKind(StrEnum):
    """How a name is used."""

    CALL = "call"
    INHERITS = "inherits"
    IMPLEMENTS = "implements"
    DECORATES = "decorates"
    TYPE = "type"
    READ = "read"
    """A function or class handed on without being called: an argument, a return value, an entry of a table."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of `target` (an access path, without the call's own parentheses) within the definition `scope`, at `line`."""

    kind: ReferenceKind
    target: str
    scope: int
    line: int


@dataclass(frozen=True, slots=True)
class Import:
    """`local` names, from `line` on and within `scope`, what `module` calls `name`.

    `name` is empty where the module itself is bound, `*` where everything is. `level` counts the leading dots of a
    relative import in Python (0: absolute); in other languages `module` keeps its spelling (`./util`, `<stdio.h>`).
    """

    module: str
    name: str
    local: str
    level: int
    scope: int
    line: int


class BindingKind(StrEnum):
    """How a name came to its value."""

    ASSIGNED = "assigned"
    PARAMETER = "parameter"
    ANNOTATED = "annotated"
    """`value` is the access path of the declared type."""
    RETURNED = "returned"
    """`name` is empty; `value` is what the scope returns."""
    GLOBAL = "global"
    """The name belongs to the module (Python's `global`) or to an outer function (`nonlocal`), as `value` says."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Within `scope`, the access path `name` (`x`, `self.x`) gets the value of the access path `value`.

    A parameter's `value` is the access path of its annotation, or empty.
    """

    kind: BindingKind
    name: str
    value: str
    scope: int
    line: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What one file defines and uses; `definitions[0]` is the module."""

    definitions: tuple[Definition, ...]
    references: tuple[Reference, ...]
    imports: tuple[Import, ...]
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A definition of the index, or a name outside of it.

    `key` is a small integer, stable only within one snapshot; edges use it. `id` is the qualified name, made unique by
    the file's ending and then `#2` where two share it. `parent` is the key of the symbol around it, -1 for none. A name
    outside of the source has the kind EXTERNAL, no path, and lines of 0.
    """

    key: int
    id: str
    name: str
    qualified_name: str
    kind: SymbolKind
    language: str
    path: str
    start_line: int
    end_line: int
    signature: str
    doc: str
    parent: int
