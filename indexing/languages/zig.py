"""Zig."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.comments import first_paragraph, without_markers
from indexing.languages.language import Language
from indexing.languages.paths import (
    MAX_DEPTH,
    UNKNOWN,
    Entries,
    PathReader,
    Step,
    first_child,
    is_known,
)
from indexing.languages.typed import TypedExtractor
from indexing.languages.zig_paths import STEPS, VALUES

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

THIS = "__This"
"""The container around, as `@This()` names it: an identifier, since constants are named after it."""
_BUILTIN_THIS = "@This"
_CONTAINERS = {
    "struct_declaration": SymbolKind.STRUCT,
    "union_declaration": SymbolKind.STRUCT,
    "enum_declaration": SymbolKind.ENUM,
    "opaque_declaration": SymbolKind.STRUCT,
    "error_set_declaration": SymbolKind.ENUM,
}
_LITERALS = frozenset({
    "string", "multiline_string", "character", "integer", "float", "boolean", "comment", "anonymous_struct_initializer",
    "range_expression", "error_literal", "builtin_type",
})  # fmt: skip
_THROUGH_LAST = frozenset({"@as", "@ptrCast", "@alignCast", "@constCast", "@volatileCast", "@addrSpaceCast"})
_NOT_A_WORD = re.compile(r"\W+")
_MAX_TYPE_PARTS = 200


def _arguments(node: Node) -> list[Node]:
    """Those of a builtin function."""
    listed = node.named_children[-1] if node.named_children else None
    return listed.named_children if listed is not None and listed.type == "arguments" else []


def _builtin(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    name, arguments = reader.source(first_child(node)), _arguments(node)
    if name == _BUILTIN_THIS:
        return None, THIS
    if (
        name == "@as"
        and len(arguments) == 2
        and isinstance(reader, ZigExtractor)
        and (made := reader.type_name(arguments[0]))
    ):
        return None, f"{made}()"
    if name == "@import" and arguments and isinstance(reader, ZigExtractor):
        return None, reader.imported_here(node, arguments[0])
    return (arguments[-1], "") if name in _THROUGH_LAST and arguments else (None, UNKNOWN)


def _made(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    assert isinstance(reader, ZigExtractor)
    written = first_child(node)
    if written is None or written.type in ("array_type", "slice_type"):
        return None, UNKNOWN
    return None, f"{reader.type_name(written) or UNKNOWN}()"


class ZigExtractor(TypedExtractor):
    """Reads a Zig file."""

    steps: ClassVar[Mapping[str, Step]] = {**STEPS, "builtin_function": _builtin, "struct_initializer": _made}
    values: ClassVar[Mapping[str, Entries]] = VALUES
    containers = frozenset()
    literals = _LITERALS
    constants = frozenset({"null", "undefined", "true", "false", "unreachable"})
    type_names = frozenset({"identifier", "field_expression"})

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._named: dict[int, tuple[Node, Node]] = {}
        self._anonymous_containers = 0
        self._assignments: set[int] = set()
        self._imported: set[int] = set()
        self._modules: dict[str, str] = {}

    def module_doc(self) -> str:
        """The lines that begin with `//!`."""
        words: list[str] = []
        for child in self._syntax.root.named_children[:100]:
            line = self.source(child)
            if child.type != "comment" or not line.startswith("//!"):
                break
            words.append(line)
        return first_paragraph(without_markers("\n".join(words)))

    # -- definitions ----------------------------------------------------------------------------------------------

    def define_variable(self, node: Node) -> None:
        """The grammar reads `x = y;` as a declaration without a keyword."""
        parts = [child for child in node.named_children if child.type != "comment"]
        if not any(child.type in ("const", "var") for child in node.children):
            self._assignments.add(node.id)
            return
        around = self.definitions[self.scopes.around(node.start_byte)].kind
        if len(parts) < 2 or parts[0].type != "identifier":
            return
        name, value = self.source(parts[0]), parts[-1]
        if value.type in _CONTAINERS:
            self._named[value.id] = (node, parts[0])
        elif around in (SymbolKind.MODULE, SymbolKind.STRUCT, SymbolKind.ENUM) and not self._names_a_module(value):
            constant = any(child.type == "const" for child in node.children)
            self.define_once(node, name, SymbolKind.CONSTANT if constant else SymbolKind.VARIABLE, parts[0])

    def _names_a_module(self, value: Node) -> bool:
        return value.type == "builtin_function" and self.source(first_child(value)) in ("@import", "@This", "@cImport")

    def define_container(self, node: Node) -> None:
        """A container has the name of the constant it is the value of, or of the function that returns it."""
        kind = _CONTAINERS[node.type]
        around, name_node = self._named.get(node.id, (node, None))
        head = self.one_line(around.start_byte, node.end_byte, first_only=True).partition("{")[0].rstrip()
        if name_node is not None:
            name = self.source(name_node)
        else:
            scope = self.scopes.around(node.start_byte)
            name = self.definitions[scope].name if self._returns_type(scope) else ""
            if not name or (scope, name) in self._names:
                self._anonymous_containers += 1
                name = f"<struct{self._anonymous_containers}>"
            self._names.add((scope, name))
        if around is not node:
            self._starts[node.id] = around.start_byte
        index = self.define(node, name, kind, name_node=name_node, body=node, signature=head)
        for child in node.named_children if node.type == "error_set_declaration" else ():
            if child.type == "identifier":
                self.define(child, self.source(child), SymbolKind.CONSTANT, name_node=child)
        self.function_names[node.id] = (name, index)

    def _returns_type(self, scope: int) -> bool:
        definition = self.definitions[scope]
        return definition.kind in (SymbolKind.FUNCTION, SymbolKind.METHOD) and definition.signature.endswith(" type")

    def define_field(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        kind = self.definitions[self.scopes.around(node.start_byte)].kind
        if self.source(name):
            self.define_once(
                node, self.source(name), SymbolKind.CONSTANT if kind is SymbolKind.ENUM else SymbolKind.FIELD, name
            )

    def define_function(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        around = self.definitions[self.scopes.around(node.start_byte)].kind
        kind = SymbolKind.FUNCTION if around is SymbolKind.MODULE else SymbolKind.METHOD
        self.define(node, self.source(name), kind, name_node=name, body=node.child_by_field_name("body"))

    def define_test(self, node: Node) -> None:
        parts = node.named_children
        said = self.source(parts[0]).strip('"') if len(parts) > 1 else ""
        name = "_".join(part for part in ("test", *_NOT_A_WORD.split(said)) if part)
        body = parts[-1] if parts and parts[-1].type == "block" else None
        self.define(node, name, SymbolKind.FUNCTION, body=body)

    # -- types ----------------------------------------------------------------------------------------------------

    def type_name(self, node: Node) -> str:
        if self._depth >= MAX_DEPTH:
            return ""
        self._depth += 1
        found = self._types_in("", node)
        self._depth -= 1
        return next((path for _, path in found), "")

    def types(self, name: str, annotation: Node, scope: int) -> list[tuple[str, str]]:
        found = self._types_in(name, annotation)
        line = self.lines.of(annotation.start_byte)
        for _, path in found:
            self.refer(ReferenceKind.TYPE, path, scope, line)
        return [(where, path) for where, path in found if where]

    def _types_in(self, name: str, annotation: Node) -> list[tuple[str, str]]:
        """The types that an expression names, with where each goes: pointers, optionals and errors are what they hold."""
        found: list[tuple[str, str]] = []
        waiting = [(annotation, name)]
        for _ in range(_MAX_TYPE_PARTS):
            if not waiting:
                break
            node, where = waiting.pop()
            kind, entries = node.type, f"{where}[]" if where else ""
            if kind in self.type_names:
                path = self.plain_name(node)
                if path:
                    found.append((where, path))
            elif kind == "call_expression":  # a function that makes a type: the container in it has its name
                path = self.path(node.child_by_field_name("function"))
                if is_known(path):
                    found.append((where, f"{path}.{path.rpartition('.')[2]}"))
                parts = node.named_children[1:]
                waiting += [(part, entries if part is parts[-1] else "") for part in reversed(parts)]
            elif kind == "builtin_function":
                if self.source(first_child(node)) == _BUILTIN_THIS:
                    found.append((where, THIS))
            elif kind in ("slice_type", "array_type"):
                waiting += [(part, entries) for part in node.named_children[-1:]]
            elif kind == "error_union_type":
                held = node.child_by_field_name("ok")
                waiting += [(held, where)] if held is not None else []
            elif kind in ("pointer_type", "nullable_type"):
                many = self.text[node.start_byte : node.start_byte + 2] == b"[*"
                waiting += [(part, entries if many else where) for part in node.named_children[-1:]]
        return found

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_variable(self, node: Node) -> None:
        parts = [child for child in node.named_children if child.type != "comment"]
        scope, line = self.at(node)
        written = node.child_by_field_name("type")
        if len(parts) < 2:
            return
        value = parts[-1] if parts[-1] != written else None
        if node.id in self._assignments:
            self._assign(parts[0], parts[-1], scope, line)
            return
        name = self.source(parts[0])
        if value is not None and value.type == "builtin_function" and self.source(first_child(value)) == "@import":
            self._import(value, "", name, scope, line)
            return
        names = [part for part in parts[:-1] if part.type == "identifier" and part != written]
        self.annotate(name, written, scope)
        known = UNKNOWN if value is None or value.type in self.literals else self.value(value)
        module, _, member = known.partition(".")
        if len(names) == 1 and module in self._modules and member.isidentifier() and not self._is_in_function(scope):
            self.imports.append(Import(self._modules[module], member, name, 0, scope, line))
            return
        for position, part in enumerate(names):
            single = len(names) == 1
            own = known if single or known == UNKNOWN else f"{known}[{position}]"
            if own != self.source(part) and self.source(part) != "_":
                self.assign(self.source(part), own, scope, line)

    def _import(self, node: Node, name: str, local: str, scope: int, line: int) -> None:
        arguments = _arguments(node)
        self._imported.add(node.id)
        if arguments and arguments[0].type == "string":
            self._modules[local] = self.source(arguments[0]).strip('"')
            self.imports.append(Import(self.source(arguments[0]).strip('"'), name, local, 0, scope, line))

    def _is_in_function(self, scope: int) -> bool:
        return self.definitions[scope].kind in (SymbolKind.FUNCTION, SymbolKind.METHOD)

    def use_namespace(self, node: Node) -> None:
        held, scope = first_child(node), self.scopes.of(node.start_byte)
        if held is not None and held.type == "builtin_function":
            self._import(held, "*", "", scope, self.lines.of(node.start_byte))

    def imported_here(self, node: Node, written: Node) -> str:
        """The name of a module that is used where it is imported."""
        module = self.source(written).strip('"')
        local = "@import_" + "_".join(_NOT_A_WORD.split(module))
        if node.id not in self._imported:
            self._import(node, "", local, *self.at(node))
        return local

    def use_builtin(self, node: Node) -> None:
        """`@import` where no constant has its value alone."""
        if node.id in self._imported or self.source(first_child(node)) != "@import":
            return
        if arguments := _arguments(node):
            self.imported_here(node, arguments[0])

    def use_field(self, node: Node) -> None:
        name, written = self.source(node.child_by_field_name("name")), node.child_by_field_name("type")
        if name and written is not None:
            self.annotate(name, written, self.scopes.of(node.start_byte))

    def use_function(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        self.annotate("()", node.child_by_field_name("type"), scope)
        parameters = next((child for child in node.named_children if child.type == "parameters"), None)
        for child in parameters.named_children if parameters is not None else ():
            if child.type == "parameter":
                name = self.source(child.child_by_field_name("name")) or "_"
                own = self.annotate(name, child.child_by_field_name("type"), scope, parameter=True)
                self.parameter(name, own, scope, self.lines.of(child.start_byte))

    def use_initializer(self, node: Node) -> None:
        written = first_child(node)
        if written is not None:
            self.types("", written, self.scopes.of(node.start_byte))

    def use_call(self, node: Node) -> None:
        function = node.child_by_field_name("function")
        if function is None:
            return
        target = self.path(function)
        scope, line = self.scopes.of(node.start_byte), self.lines.of(function.end_byte - 1)
        self.refer(ReferenceKind.CALL, target, scope, line)
        arguments = [child for child in node.named_children if child != function and child.type != "comment"]
        for position, argument in enumerate(arguments):
            if argument.type not in self.literals:
                self.hand_on(target, str(position), argument, scope, line)

    def use_loop(self, node: Node) -> None:
        """`for (values, 0..) |value, index|`."""
        payload = next((child for child in node.named_children if child.type == "payload"), None)
        scope, line = self.at(node)
        for value, name in zip(node.named_children, payload.named_children if payload is not None else (), strict=False):
            known = UNKNOWN if value.type in self.literals else self.value(value)
            self.assign(self.source(name), known if known == UNKNOWN else f"{known}[]", scope, line)

    def use_condition(self, node: Node) -> None:
        """`if (value) |held|`."""
        condition = node.child_by_field_name("condition")
        payload = next((child for child in node.named_children if child.type == "payload"), None)
        if condition is not None and payload is not None and payload.named_children:
            known = UNKNOWN if condition.type in self.literals else self.value(condition)
            self.assign(self.source(payload.named_children[0]), known, *self.at(node))

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None:
            self._assign(left, right, *self.at(node))

    def _assign(self, left: Node, right: Node, scope: int, line: int) -> None:
        if right.type in self.literals or (left.type == "field_expression" and left.child_by_field_name("object") is None):
            return
        name, value = self.path(left), self.value(right)
        if is_known(name) and value not in (UNKNOWN, name) and name != "_":
            self.bind(BindingKind.ASSIGNED, name, value, scope, line)

    def use_return(self, node: Node) -> None:
        value, scope = first_child(node), self.scopes.of(node.start_byte)
        if value is not None and value.type not in self.literals and (path := self.value(value)) != UNKNOWN:
            self.bind(BindingKind.RETURNED, "", path, scope, self.lines.of(node.start_byte))


def _grammar() -> object:
    import tree_sitter_zig

    return tree_sitter_zig.language()


LANGUAGES = (Language("zig", grammar=_grammar, extractor=lambda: ZigExtractor),)
