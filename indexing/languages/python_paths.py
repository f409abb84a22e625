"""How Python's expressions are written as access paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from indexing.languages.paths import (
    Entries,
    PathReader,
    Step,
    defined,
    entry_key,
    first_child,
    member,
    slice_key,
    through,
)
from indexing.languages.python_reflection import NamedAttributes

if TYPE_CHECKING:
    from tree_sitter import Node

_COMPREHENSIONS = ("list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression")
_LITERALS = frozenset(
    {"string", "concatenated_string", "integer", "float", "true", "false", "none", "ellipsis", "comment",
     "comparison_operator", "not_operator", "unary_operator", "binary_operator"}
)  # fmt: skip


def _subscript(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    inside = node.children_by_field_name("subscript")
    if len(inside) == 1 and inside[0].type == "slice":
        return node.child_by_field_name("value"), slice_key(reader.source(inside[0]).partition(":")[0].strip())
    return node.child_by_field_name("value"), _key(reader.source(inside[0]) if len(inside) == 1 else "")


def _key(text: str) -> str:
    """`[key]`; a string of digits keeps its quotes, since `d["1"]` is not `d[1]`."""
    key = entry_key(text)
    return f"['{key[1:-1]}']" if key != f"[{text}]" and key[1:-1].isdigit() else key


def _elements(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    position: int | None = 0
    for child in node.named_children:
        if child.type == "list_splat":
            position = None
            yield "[]", child
        elif child.type != "comment":
            # What stands in a set, or behind a splat, has no place that can be told.
            yield ("[]" if position is None or node.type == "set" else f"[{position}]"), child
            position = None if position is None else position + 1


def _pairs(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for child in node.named_children:
        value = child.child_by_field_name("value")
        if child.type == "pair" and value is not None:
            yield _key(reader.source(child.child_by_field_name("key"))[:64]), value
        elif child.type == "dictionary_splat":
            yield "[]", child


def _comprehended(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    body = node.child_by_field_name("body")
    if body is not None and body.type == "pair":
        body = body.child_by_field_name("value")
    if body is not None:
        yield "[]", body


def _branches(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    children = node.named_children
    if node.type == "conditional_expression":
        children = children[:1] + children[2:]
    for child in children:
        yield "", child


def _splat(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return first_child(node), "[]"


def _called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    assert isinstance(reader, NamedAttributes)
    return reader.reflected(node) or (node.child_by_field_name("function"), "()")


class PythonPaths(NamedAttributes):
    """Reads expressions of Python."""

    steps: ClassVar[Mapping[str, Step]] = {
        "attribute": member("object", "attribute"),
        "call": _called,
        "subscript": _subscript,
        "parenthesized_expression": through(),
        "await": through(),
        "named_expression": through("value"),
        "list_splat": _splat,
        "dictionary_splat": _splat,
        "lambda": defined,
    }
    values: ClassVar[Mapping[str, Entries]] = {
        "list": _elements,
        "tuple": _elements,
        "set": _elements,
        "expression_list": _elements,
        "dictionary": _pairs,
        "conditional_expression": _branches,
        "boolean_operator": _branches,
        **dict.fromkeys(_COMPREHENSIONS, _comprehended),
    }
    containers = frozenset({"list", "dictionary"})
    literals = _LITERALS
    constants = frozenset({"None", "True", "False", "__debug__", "NotImplemented"})
