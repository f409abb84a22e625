"""TypeScript and TSX: ECMAScript with types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import ReferenceKind, SymbolKind
from indexing.languages.ecmascript import EcmascriptExtractor
from indexing.languages.language import Language
from indexing.languages.paths import PathReader, Step, first_child, through
from indexing.languages.typed import TypedExtractor

if TYPE_CHECKING:
    from tree_sitter import Node


def _cast(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return first_child(node), ""


class TypescriptExtractor(TypedExtractor, EcmascriptExtractor):
    """Reads a TypeScript file."""

    steps: ClassVar[Mapping[str, Step]] = {
        **EcmascriptExtractor.steps,
        "as_expression": _cast,
        "satisfies_expression": _cast,
        "instantiation_expression": _cast,
        "type_assertion": through(),
    }
    type_names = frozenset({"type_identifier", "nested_type_identifier"})
    type_arrays = frozenset({"array_type"})
    type_through = frozenset(
        {"type_annotation", "union_type", "intersection_type", "parenthesized_type", "readonly_type", "asserts_annotation"}
    )
    type_leaves = frozenset(
        {"predefined_type", "literal_type", "comment", "type_predicate_annotation", "template_literal_type", "this_type"}
    )
    # `await` is not written in an access path, so a promise is what it brings.
    type_wrappers = frozenset({"Promise", "PromiseLike", "Awaited", "Readonly", "Partial", "Required", "NonNullable"})

    # -- definitions ----------------------------------------------------------------------------------------------

    def define_interface(self, node: Node) -> None:
        self._define_body(node, SymbolKind.INTERFACE)

    def define_enum(self, node: Node) -> None:
        self._define_body(node, SymbolKind.ENUM)

    def define_namespace(self, node: Node) -> None:
        self._define_body(node, SymbolKind.MODULE)

    def _define_body(self, node: Node, kind: SymbolKind) -> None:
        name = node.child_by_field_name("name")
        self.define(node, self.key_name(name), kind, name_node=name, body=node.child_by_field_name("body"))

    def define_type(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define(node, self.source(name), SymbolKind.TYPE, name_node=name)

    def define_member(self, node: Node) -> None:
        name = node.child_by_field_name("name") or node
        self.define_once(node, self.key_name(name), SymbolKind.CONSTANT, name)

    def define_signature(self, node: Node) -> None:
        self.take_decorators(node)
        name = node.child_by_field_name("name")
        kind = SymbolKind.FUNCTION if node.type == "function_signature" else SymbolKind.METHOD
        self.define(node, self.key_name(name), kind, name_node=name)

    def define_property(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define_once(node, self.key_name(name), SymbolKind.FIELD, name)

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_heritage(self, node: Node, scope: int) -> None:
        kind = ReferenceKind.IMPLEMENTS if node.type == "implements_clause" else ReferenceKind.INHERITS
        for child in node.named_children:
            if child.type == "type_arguments":
                self.types("", child, scope)
            elif child.type != "comment":
                path = self.type_name(child) if child.type in self.type_names | {"generic_type"} else self.path(child)
                self.refer(kind, path, scope, self.lines.of(child.start_byte))
                if child.type == "generic_type":
                    for arguments in child.named_children[1:]:
                        self.types("", arguments, scope)

    def use_interface(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        for child in node.named_children:
            if child.type == "extends_type_clause":
                for base in child.children_by_field_name("type"):
                    self.refer(ReferenceKind.INHERITS, self.type_name(base), scope, self.lines.of(base.start_byte))

    def use_alias(self, node: Node) -> None:
        if (value := node.child_by_field_name("value")) is not None:
            self.types("", value, self.scopes.of(node.start_byte))

    def use_property(self, node: Node) -> None:
        name = self.key_name(node.child_by_field_name("name"))
        self.annotate(name, node.child_by_field_name("type"), self.scopes.of(node.start_byte))

    def use_signature(self, node: Node) -> None:
        if node.id in self.function_names:
            self.use_function(node)


def _typescript() -> object:
    import tree_sitter_typescript

    return tree_sitter_typescript.language_typescript()


def _tsx() -> object:
    import tree_sitter_typescript

    return tree_sitter_typescript.language_tsx()


LANGUAGES = (
    Language(
        "typescript",
        grammar=_typescript,
        extractor=lambda: TypescriptExtractor,
    ),
    Language("tsx", grammar=_tsx, extractor=lambda: TypescriptExtractor),
)
