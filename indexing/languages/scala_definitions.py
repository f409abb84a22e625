"""What a Scala file defines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.symbol import SymbolKind
from indexing.languages.scala_paths import ScalaPaths

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

CLASSES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM})


class ScalaDefinitions(ScalaPaths):
    """Finds the definitions of a Scala file."""

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._package: list[str] = []
        self._extensions: list[tuple[int, str]] = []

    def module_doc(self) -> str:
        return ""

    def define_package(self, node: Node) -> None:
        self._package.append(self.source(node.child_by_field_name("name")))
        self.module_signature("package " + ".".join(self._package))

    def define_class(self, node: Node) -> None:
        self._define_type(node, SymbolKind.CLASS)

    def define_trait(self, node: Node) -> None:
        self._define_type(node, SymbolKind.INTERFACE)

    def define_enum(self, node: Node) -> None:
        self._define_type(node, SymbolKind.ENUM)

    def define_given(self, node: Node) -> None:
        if node.child_by_field_name("name") is not None:
            self._define_type(node, SymbolKind.CLASS)

    def _define_type(self, node: Node, kind: SymbolKind) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        text = self.source(name)
        index = self.define(node, text, kind, name_node=name, body=body)
        if name is None or self.function_names[node.id][0] != text:
            return
        # Parameters of the constructor and bases are written in the class.
        self.scopes.open(name.end_byte, node.end_byte if body is None else body.start_byte, index)
        lists = node.children_by_field_name("class_parameters")
        if lists and any(one.named_children for one in lists):
            signature = text + self.one_line(lists[0].start_byte, lists[-1].end_byte)
            self.define(lists[0], text, SymbolKind.CONSTRUCTOR, signature=signature)

    def define_component(self, node: Node) -> None:
        cls = node.parent.parent if node.parent is not None else None
        case = cls is not None and any(child.type == "case" for child in cls.children)
        if case or any(child.type in ("val", "var") for child in node.children):
            name = node.child_by_field_name("name")
            self.define_once(node, self.source(name), SymbolKind.FIELD, name, self.one_line(*node.byte_range))

    def define_function(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        text, owner = self.source(name), ""
        around = self.definitions[self.scopes.around(node.start_byte)]
        kind = SymbolKind.METHOD if around.kind in CLASSES else SymbolKind.FUNCTION
        if text == "this":
            text, kind = around.name, SymbolKind.CONSTRUCTOR
        receiver = extended(node)
        if receiver is not None and around.kind is SymbolKind.MODULE:
            owner = self.type_name(receiver) if (receiver := receiver.child_by_field_name("type")) is not None else ""
            kind = SymbolKind.METHOD if owner else kind
        index = self.define(node, text, kind, name_node=name, body=body, prefix=owner)
        if owner:
            self._extensions.append((index, owner))

    def define_lambda(self, node: Node) -> None:
        self.define_lambda_function(node, node.named_children[-1] if node.named_children else None)

    def define_field(self, node: Node) -> None:
        scope = self.scopes.around(node.start_byte)
        kind = SymbolKind.FIELD if self.definitions[scope].kind in CLASSES else SymbolKind.VARIABLE
        for name in names_of(node):
            text = self.source(name)
            self.define_once(node, text, SymbolKind.CONSTANT if len(text) > 1 and text.isupper() else kind, name)

    def define_type(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define_once(node, self.source(name), SymbolKind.TYPE, name)

    def define_case(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define_once(node, self.source(name), SymbolKind.CONSTANT, name)

    def finish(self) -> None:
        """An extension belongs to its type where this file declares it."""
        types: dict[str, int] = {}
        for index, one in enumerate(self.definitions if self._extensions else ()):
            if one.kind in CLASSES:
                types.setdefault(one.nesting, index)
        for index, owner in self._extensions:
            if owner in types:
                self.move(index, types[owner])


def extended(node: Node) -> Node | None:
    """The parameter that an extension's method is written for."""
    parent = node.parent
    if parent is not None and parent.type == "template_body":
        parent = parent.parent
    if parent is None or parent.type != "extension_definition":
        return None
    for listed in parent.children_by_field_name("parameters"):
        for parameter in listed.named_children if listed.type == "parameters" else ():
            if parameter.type == "parameter":
                return parameter
    return None


def names_of(node: Node) -> list[Node]:
    """The plain names that a `val` or `var` binds."""
    pattern = node.child_by_field_name("pattern") or node.child_by_field_name("name")
    if pattern is None:
        return []
    return [one for one in (pattern.named_children if pattern.named_children else [pattern]) if one.type == "identifier"]
