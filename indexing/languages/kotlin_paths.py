"""How Kotlin's expressions and types are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, defined, first_child, through
from indexing.languages.typed import TypedExtractor

if TYPE_CHECKING:
    from tree_sitter import Node

_ONE_LINE = re.compile(rb"\b(?:class|interface|object)\b[^\n{}\"]*\{[^\n\"]*[^\s{;](?: \})+(?=[ \t\r]*$)", re.MULTILINE)
HANDS_ON_ITSELF = frozenset({"also", "apply", "takeIf", "takeUnless", "onEach"})
"""Functions of the standard library that give back what they are called on."""
_LITERALS = frozenset(
    {"string_literal", "multiline_string_literal", "number_literal", "float_literal", "character_literal", "line_comment",
     "block_comment", "is_expression", "in_expression", "range_expression"}
)  # fmt: skip

_BASES = frozenset({"constructor_invocation", "explicit_delegation"})


def _navigated(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    children = node.named_children
    return (children[0], "." + reader.source(children[-1])) if len(children) > 1 else (first_child(node), "")


def _called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    callee = first_child(node)
    if callee is None or call_around(node) is not None:
        return callee, ""
    if callee.type == "navigation_expression" and reader.source(callee.named_children[-1]) in HANDS_ON_ITSELF:
        return first_child(callee), ""
    return callee, "()"


def call_around(node: Node) -> Node | None:
    """The call `f(x)` of which `f(x) { … }` is the whole: the grammar takes the lambda for a call of its result."""
    children = node.named_children
    inner = children[0] if len(children) == 2 and children[1].type == "annotated_lambda" else None
    return inner if inner is not None and inner.type == "call_expression" and has_arguments(inner) else None


def has_arguments(node: Node) -> bool:
    """Whether a call has its arguments in parentheses."""
    children = node.named_children
    return bool(children) and children[-1].type == "value_arguments"


def misread_call(node: Node) -> Node | None:
    """The callee of `f<T>(x)`, which the grammar takes for two comparisons."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or left.type != "binary_expression" or right.type != "parenthesized_expression":
        return None
    inner, outer = left.child_by_field_name("operator"), node.child_by_field_name("operator")
    if inner is None or outer is None or (inner.type, outer.type) != ("<", ">"):
        return None
    return left.child_by_field_name("left")


def _binary(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    if (callee := misread_call(node)) is not None:
        return callee, "()"
    operator = node.child_by_field_name("operator")
    return None, reader.value_of(node) if operator is not None and operator.type == "?:" else UNKNOWN


def _unary(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
    operator = node.child_by_field_name("operator")
    asserted = operator is not None and operator.type == "!!"
    return (node.child_by_field_name("argument"), "") if asserted else (None, UNKNOWN)


def _referred(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return None, ".".join(reader.source(child) for child in node.named_children) or UNKNOWN


def _indexed(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    children = node.named_children
    key = reader.source(children[1]) if len(children) == 2 else ""
    return first_child(node), f"[{key}]" if key.isdigit() else "[]"


def _created(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    """`object : C() { … }` is an instance of its first base."""
    assert isinstance(reader, KotlinPaths)
    for child in node.named_children:
        if child.type == "delegation_specifiers" and (base := base_type(first_child(child))) is not None:
            return None, f"{reader.type_name(base) or UNKNOWN}()"
    return None, UNKNOWN


def mask(text: bytes) -> bytes:
    """The text with a semicolon where the grammar wants a line's end: before the `}` of a class written in one line."""
    return _ONE_LINE.sub(_end_members, text)


def _end_members(line: re.Match[bytes]) -> bytes:
    body = line[0].rstrip(b" }")
    return body + line[0][len(body) :].replace(b" }", b";}")


def base_type(specifier: Node | None) -> Node | None:
    """The type of `C`, `C(x)` and `C by x` among the bases of a class."""
    inner = first_child(specifier) if specifier is not None else None
    return first_child(inner) if inner is not None and inner.type in _BASES else inner


def _word(text: str) -> Step:
    def step(_reader: PathReader, _node: Node) -> tuple[Node | None, str]:
        return None, text

    return step


def _branches(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    kind = node.type
    children = node.named_children
    if kind == "if_expression":
        children = children[1:]
    elif kind == "try_expression":
        children = [child.named_children[-1] if child.type == "catch_block" else child for child in children]
    elif kind == "when_expression":
        children = [child.named_children[-1] for child in children if child.type == "when_entry" and child.named_children]
    for child in children:
        if child.type != "finally_block":
            yield "", child


class KotlinPaths(TypedExtractor):
    """Reads expressions and types of Kotlin."""

    steps: ClassVar[Mapping[str, Step]] = {
        "navigation_expression": _navigated,
        "call_expression": _called,
        "index_expression": _indexed,
        "parenthesized_expression": through(),
        "annotated_expression": through(),
        "labeled_expression": through(),
        "spread_expression": through(),
        "value_argument": through(),
        "property_delegate": through(),
        "block": through(),
        "as_expression": through("left"),
        "unary_expression": _unary,
        "binary_expression": _binary,
        "this_expression": _word("this"),
        "super_expression": _word("super"),
        "callable_reference": _referred,
        "object_literal": _created,
        "annotated_lambda": through(),
        "lambda_literal": defined,
        "anonymous_function": defined,
    }
    values: ClassVar[Mapping[str, Entries]] = dict.fromkeys(
        ("if_expression", "when_expression", "try_expression", "binary_expression"), _branches
    )
    containers = frozenset()
    literals = _LITERALS
    comment_types = frozenset({"line_comment", "block_comment"})
    constants = frozenset({"null", "true", "false"})
    type_names = frozenset({"user_type"})
    type_argument_lists = frozenset({"type_arguments"})
    type_through = frozenset({"nullable_type", "non_nullable_type", "parenthesized_type", "type_projection"})
    type_leaves = frozenset({"line_comment", "block_comment", "type_modifiers", "variance_modifier", "annotation"})
    type_unnamed = frozenset(
        {"Unit", "Int", "Long", "Short", "Byte", "Boolean", "Char", "Float", "Double", "Any", "Nothing", "dynamic"}
    )

    def path(self, node: Node | None) -> str:
        return super().path(node).removesuffix(".class")

    def type_text(self, node: Node) -> str:
        return ".".join(self.source(child) for child in node.named_children if child.type == "identifier")
