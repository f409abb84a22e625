"""Expressions of Zig as access paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, called, defined, first_child, indexed, through

if TYPE_CHECKING:
    from tree_sitter import Node


def _field(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    before = node.child_by_field_name("object")
    return (before, "." + reader.source(node.child_by_field_name("member"))) if before is not None else (None, UNKNOWN)


def _unary(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return (
        (node.child_by_field_name("argument"), "")
        if reader.text[node.start_byte : node.start_byte + 1] == b"&"
        else (None, UNKNOWN)
    )


def _first(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return first_child(node), ""


def _either(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    """`a orelse b` has one of two values; other operators make a new one."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is not None and right is not None and b"orelse" in reader.text[left.end_byte : right.start_byte]:
        yield "", left
        yield "", right


def _branches(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for child in node.named_children:
        if child.type == "switch_case" and child.named_children:
            yield "", child.named_children[-1]
        elif node.type == "if_expression" and child != node.child_by_field_name("condition") and child.type != "payload":
            yield "", child


STEPS: Mapping[str, Step] = {
    "field_expression": _field,
    "call_expression": called("function"),
    "index_expression": indexed("object", "index"),
    "slice_expression": through("object"),
    "try_expression": through(),
    "catch_expression": _first,
    "null_coercion_expression": _first,
    "dereference_expression": _first,
    "parenthesized_expression": through(),
    "comptime_expression": through(),
    "unary_expression": _unary,
    "struct_declaration": defined,
    "union_declaration": defined,
    "enum_declaration": defined,
}
VALUES: Mapping[str, Entries] = {
    "binary_expression": _either,
    "if_expression": _branches,
    "switch_expression": _branches,
}
