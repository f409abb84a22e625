"""Names and expressions of C# as access paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from indexing.languages.paths import UNKNOWN, PathReader, Step, called, defined, entry_key, first_child, through

if TYPE_CHECKING:
    from tree_sitter import Node

_ARGUMENTS = re.compile(r"\s*<[^<>]*>")
_PATH = re.compile(r"@?[^\W\d]\w*(?:\.@?[^\W\d]\w*)*")
_MAX_NESTED = 12
_MAX_NAME = 400


@lru_cache(maxsize=1 << 14)
def plain_name(text: str) -> str:
    """`global::A.Type<T>.Inner` as `A.Type.Inner`; empty where it is no name."""
    if len(text) > _MAX_NAME:
        return ""
    for _ in range(_MAX_NESTED):
        if "<" not in text:
            break
        text = _ARGUMENTS.sub("", text)
    path = "".join(text.removeprefix("global::").replace("::", ".").split())
    return path.replace("@", "") if _PATH.fullmatch(path) else ""


def _named(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return None, plain_name(reader.source(node)) or UNKNOWN


def _member(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    name = plain_name(reader.source(node.child_by_field_name("name"))) or UNKNOWN
    before = node.child_by_field_name("expression")
    if before is None:  # `this` and `base` are no nodes with a name
        first = node.children[0]
        return None, f"{reader.source(first)}.{name}"
    return before, "." + name


def _conditional(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    """`a?.b.c()`: what follows the question mark is a tree of its own, whose root is the binding."""
    condition, behind = node.child_by_field_name("condition"), node.named_children[-1]
    written, inner = "", behind
    for _ in range(_MAX_NESTED):
        kind = inner.type
        if kind == "member_binding_expression":
            return condition, "." + (plain_name(reader.source(inner.child_by_field_name("name"))) or UNKNOWN) + written
        if kind == "element_binding_expression":
            return condition, "[]" + written
        step = reader.steps.get(kind)
        if step is None or kind == "identifier":
            break
        following, text = step(reader, inner)
        written = text + written
        if following is None:
            break
        inner = following
    return None, UNKNOWN + written


def _element(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    subscript = node.child_by_field_name("subscript")
    keys = subscript.named_children if subscript is not None else []
    return node.child_by_field_name("expression"), entry_key(reader.source(keys[0]) if len(keys) == 1 else "")


def _created(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return None, f"{plain_name(reader.source(node.child_by_field_name('type'))) or UNKNOWN}()"


def _cast(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    """A cast tells the type, which the expression itself may not."""
    name = plain_name(reader.source(node.child_by_field_name("type") or node.child_by_field_name("right")))
    if name and not name[0].islower():
        return None, f"{name}()"
    return node.child_by_field_name("value") or node.child_by_field_name("left"), ""


def _unary(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return first_child(node), ""


def _argument(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return (node.named_children[-1] if node.named_children else None), ""


STEPS: Mapping[str, Step] = {
    "generic_name": _named,
    "qualified_name": _named,
    "alias_qualified_name": _named,
    "member_access_expression": _member,
    "conditional_access_expression": _conditional,
    "invocation_expression": called("function"),
    "element_access_expression": _element,
    "object_creation_expression": _created,
    "array_creation_expression": through(),
    "implicit_array_creation_expression": through(),
    "as_expression": _cast,
    "cast_expression": _cast,
    "parenthesized_expression": through(),
    "postfix_unary_expression": _unary,
    "await_expression": through(),
    "checked_expression": through(),
    "assignment_expression": through("left"),
    "argument": _argument,
    "lambda_expression": defined,
    "anonymous_method_expression": defined,
    "declaration_expression": through("name"),
}
