"""What a Kotlin file defines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.symbol import SymbolKind
from indexing.languages.kotlin_paths import KotlinPaths

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

TYPES = frozenset({"user_type", "nullable_type", "non_nullable_type", "parenthesized_type", "function_type"})
"""Nodes that are a declared type."""
NAMES = frozenset({"variable_declaration", "multi_variable_declaration"})
"""Nodes that declare variables."""
_CLASSES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM})


class KotlinDefinitions(KotlinPaths):
    """Finds the definitions of a Kotlin file."""

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._extensions: list[tuple[int, str]] = []

    def module_doc(self) -> str:
        return ""

    def define_package(self, node: Node) -> None:
        self.module_signature(self.one_line(node.start_byte, node.end_byte))

    def define_class(self, node: Node) -> None:
        words = {child.type for child in node.children}
        kind = SymbolKind.CLASS
        if "interface" in words:
            kind = SymbolKind.INTERFACE
        elif "enum_class_body" in words or "enum" in self.source(part_of(node, "modifiers")).split():
            kind = SymbolKind.ENUM
        name = node.child_by_field_name("name")
        self._define_type(node, self.source(name), kind, name)

    def define_companion(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self._define_type(node, self.source(name) or "Companion", SymbolKind.CLASS, name)

    def _define_type(self, node: Node, text: str, kind: SymbolKind, name: Node | None) -> None:
        body = part_of(node, "class_body") or part_of(node, "enum_class_body")
        index = self.define(node, text, kind, name_node=name, body=body)
        start, end = (name or node).end_byte, node.end_byte if body is None else body.start_byte
        if start < end and name is not None:  # parameters of the constructor and bases are written in the class
            self.scopes.open(start, end, index)

    def define_alias(self, node: Node) -> None:
        name = node.child_by_field_name("type")
        self.define_once(node, self.source(name), SymbolKind.TYPE, name)

    def define_primary(self, node: Node) -> None:
        """A class has no constructor of its own to call where that takes nothing."""
        parameters = part_of(node, "class_parameters")
        if parameters is not None and parameters.named_children:
            name = self.definitions[self.scopes.around(node.start_byte)].name
            signature = name + self.one_line(parameters.start_byte, parameters.end_byte)
            self.define(node, name, SymbolKind.CONSTRUCTOR, signature=signature)

    def define_component(self, node: Node) -> None:
        if any(child.type in ("val", "var") for child in node.children):
            name = part_of(node, "identifier")
            self.define_once(node, self.source(name), SymbolKind.FIELD, name, self.one_line(*node.byte_range))

    def define_constructor(self, node: Node) -> None:
        name = self.definitions[self.scopes.around(node.start_byte)].name
        index = self.define(node, name, SymbolKind.CONSTRUCTOR, body=part_of(node, "block"))
        if (delegation := part_of(node, "constructor_delegation_call")) is not None:
            self.scopes.open(*delegation.byte_range, index)

    def define_function(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), part_of(node, "function_body")
        around = self.definitions[self.scopes.around(node.start_byte)].kind
        kind = SymbolKind.METHOD if around in _CLASSES else SymbolKind.FUNCTION
        owner = self._extended(node, name) if around is SymbolKind.MODULE else ""
        if owner:
            kind = SymbolKind.METHOD
        index = self.define(node, self.source(name), kind, name_node=name, body=body, prefix=owner)
        if owner:
            self._extensions.append((index, owner))

    def _extended(self, node: Node, name: Node | None) -> str:
        """The type that a function or property written outside of classes extends."""
        parameters = part_of(node, "type_parameters")
        for child in node.named_children:
            if name is None or child.start_byte >= name.start_byte:
                break
            if child.type in TYPES and child.type != "function_type":
                owner = self.type_name(child)
                own = parameters.named_children if parameters is not None else ()
                return "" if owner in {self.source(part_of(one, "identifier")) for one in own} else owner
        return ""

    def define_lambda(self, node: Node) -> None:
        self.define_lambda_function(node, part_of(node, "function_body") or node)

    def define_field(self, node: Node) -> None:
        scope = self.scopes.around(node.start_byte)
        kind = SymbolKind.FIELD if self.definitions[scope].kind in _CLASSES else SymbolKind.VARIABLE
        for name in _declared(node):
            text = self.source(name)
            constant = "const" in self.source(part_of(node, "modifiers")).split() or text.isupper()
            owner = self._extended(node, name) if not scope else ""
            if owner:
                index = self.define(node, text, SymbolKind.FIELD, name_node=name, prefix=owner)
                self._extensions.append((index, owner))
            else:
                self.define_once(node, text, SymbolKind.CONSTANT if constant else kind, name)

    def define_entry(self, node: Node) -> None:
        name = part_of(node, "identifier")
        self.define_once(node, self.source(name), SymbolKind.CONSTANT, name)

    def finish(self) -> None:
        """An extension belongs to its type where this file declares it."""
        types: dict[str, int] = {}
        for index, one in enumerate(self.definitions if self._extensions else ()):
            if one.kind in _CLASSES:
                types.setdefault(one.nesting, index)
        for index, owner in self._extensions:
            if owner in types:
                self.move(index, types[owner])


def part_of(node: Node, kind: str) -> Node | None:
    """The first part of that kind."""
    return next((child for child in node.named_children if child.type == kind), None)


def _declared(node: Node) -> list[Node]:
    """The names that a property declaration declares."""
    declared = next((child for child in node.named_children if child.type in NAMES), None)
    if declared is None:
        return []
    parts = declared.named_children if declared.type == "multi_variable_declaration" else [declared]
    return [name for part in parts if (name := part_of(part, "identifier")) is not None]
