"""How Swift's expressions and types are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, defined, entry_key, first_child, through
from indexing.languages.typed import TypedExtractor

if TYPE_CHECKING:
    from tree_sitter import Node

_LITERALS = frozenset(
    {"line_string_literal", "multi_line_string_literal", "raw_string_literal", "integer_literal", "real_literal",
     "hex_literal", "bin_literal", "oct_literal", "boolean_literal", "nil_literal", "regex_literal", "comment",
     "multiline_comment", "additive_expression", "multiplicative_expression", "comparison_expression",
     "equality_expression",
     "conjunction_expression", "disjunction_expression", "range_expression", "check_expression", "bitwise_operation",
     "key_path_expression", "infix_expression"}
)  # fmt: skip


def _navigated(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    suffix = node.child_by_field_name("suffix")
    name = reader.source(suffix.child_by_field_name("suffix")) if suffix is not None else ""
    target = node.child_by_field_name("target")
    if target is not None and not target.is_named:  # `.member` of a type that is told elsewhere
        return None, UNKNOWN
    return target, f"[{name}]" if name.isdigit() else "" if name == "self" else f".{name}"


def _called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    callee = first_child(node)
    listed = arguments_of(node)
    if listed is not None and reader.text[listed.start_byte : listed.start_byte + 1] == b"[":
        keys = listed.named_children
        return callee, entry_key(reader.source(keys[0])) if len(keys) == 1 else "[]"
    return callee, "()"


def arguments_of(node: Node) -> Node | None:
    """What stands in the parentheses (or brackets) of a call."""
    suffix = node.named_children[-1] if node.named_children else None
    if suffix is None or suffix.type not in ("call_suffix", "constructor_suffix"):
        return None
    return next((child for child in suffix.named_children if child.type == "value_arguments"), None)


def _constructed(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    assert isinstance(reader, SwiftPaths)
    created = node.child_by_field_name("constructed_type")
    return None, f"{(reader.type_name(created) if created is not None else '') or UNKNOWN}()"


def _unwrapped(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
    operation = node.child_by_field_name("operation")
    wraps = operation is not None and operation.type == "bang"
    return (node.child_by_field_name("target"), "") if wraps else (None, UNKNOWN)


def _word(text: str) -> Step:
    def step(_reader: PathReader, _node: Node) -> tuple[Node | None, str]:
        return None, text

    return step


def _tuple(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    values = node.children_by_field_name("value")
    return (values[0], "") if len(values) == 1 else (None, reader.value_of(node))


def _elements(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    field = "value" if node.type == "tuple_expression" else "element"
    for position, child in enumerate(node.children_by_field_name(field)):
        yield f"[{position}]", child


def _pairs(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    keys, values = node.children_by_field_name("key"), node.children_by_field_name("value")
    for key, value in zip(keys, values, strict=False):
        yield entry_key(reader.source(key)[:64]), value


def _branches(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for field in ("value", "if_nil", "if_true", "if_false"):
        if (child := node.child_by_field_name(field)) is not None:
            yield "", child


class SwiftPaths(TypedExtractor):
    """Reads expressions and types of Swift."""

    steps: ClassVar[Mapping[str, Step]] = {
        "navigation_expression": _navigated,
        "call_expression": _called,
        "constructor_expression": _constructed,
        "as_expression": through("expr"),
        "try_expression": through("expr"),
        "await_expression": through("expr"),
        "postfix_expression": _unwrapped,
        "directly_assignable_expression": through(),
        "value_argument": through("value"),
        "tuple_expression": _tuple,
        "self_expression": _word("self"),
        "super_expression": _word("super"),
        "lambda_literal": defined,
    }
    values: ClassVar[Mapping[str, Entries]] = {
        "array_literal": _elements,
        "tuple_expression": _elements,
        "dictionary_literal": _pairs,
        "ternary_expression": _branches,
        "nil_coalescing_expression": _branches,
    }
    containers = frozenset({"array_literal", "dictionary_literal"})
    literals = _LITERALS
    comment_types = frozenset({"comment", "multiline_comment"})
    constants = frozenset({"nil", "true", "false"})
    type_names = frozenset({"user_type"})
    type_argument_lists = frozenset({"type_arguments"})
    type_arrays = frozenset({"array_type", "dictionary_type"})
    type_through = frozenset(
        {"optional_type", "opaque_type", "existential_type", "protocol_composition_type", "type_annotation"}
    )
    type_leaves = frozenset({"comment", "multiline_comment", "attribute", "type_modifiers", "parameter_modifiers"})
    type_wrappers = frozenset({"Optional"})
    type_unnamed = frozenset({"Int", "Bool", "Double", "Float", "Void", "Any", "AnyObject", "UInt", "UInt8", "Character"})

    def path(self, node: Node | None) -> str:
        return super().path(node).replace(".init()", "()")

    def type_text(self, node: Node) -> str:
        return ".".join(self.source(child) for child in node.named_children if child.type == "type_identifier")
