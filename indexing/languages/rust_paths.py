"""Names and expressions of Rust as access paths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, called, defined, first_child, through

if TYPE_CHECKING:
    from tree_sitter import Node

_ARGUMENTS = re.compile(r"(?:::)?\s*<[^<>]*>")
_QUALIFIED = re.compile(r"<\s*&?\s*(?:mut\s+)?([\w:]+)(?:<[^<>]*>)?\s+as\s+[^>]*>")
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_MAX_NESTED = 12
_MAX_NAME = 400
_SAME = frozenset({
    "unwrap", "expect", "unwrap_or_default", "unwrap_unchecked", "clone", "cloned", "copied", "as_ref", "as_mut", "as_deref",
    "as_deref_mut", "borrow", "borrow_mut", "to_owned", "into", "into_inner", "lock", "iter", "iter_mut", "into_iter", "ok",
    "map_err", "ok_or", "ok_or_else", "unwrap_or_else", "unwrap_or", "deref", "deref_mut", "by_ref", "to_vec",
})  # fmt: skip
"""Methods of the standard library that give back what they are called on, as far as its own methods go."""
_WRAPS = frozenset({
    "Some", "Ok", "Box.new", "Rc.new", "Arc.new", "RefCell.new", "Cell.new", "Mutex.new", "RwLock.new", "Box.pin", "Pin.new",
    "Arc.clone", "Rc.clone", "Cow.Borrowed", "Cow.Owned", "Poll.Ready",
})  # fmt: skip
"""What is as good as its argument."""


@lru_cache(maxsize=1 << 14)
def path_of_name(text: str) -> str:
    """`a::b::<T>::c` as `a.b.c`, `<T as Trait>::run` as `T.run`; empty where it is no name."""
    if len(text) > _MAX_NAME:
        return ""
    if text.startswith("<"):
        text = _QUALIFIED.sub(r"\1", text, count=1)
    for _ in range(_MAX_NESTED):
        if "<" not in text:
            break
        text = _ARGUMENTS.sub("", text)
    path = "".join(text.split()).removeprefix("::").replace("::", ".")
    return path if _PATH.fullmatch(path) else ""


def last_value(block: Node) -> Node | None:
    """The expression that a block ends with, which is its value."""
    children = [child for child in block.named_children[-3:] if not child.type.endswith("comment")]
    if not children:
        return None
    last = children[-1]
    if last.type == "expression_statement":  # `if` and `match` may stand as statements and be the value all the same
        inner = first_child(last)
        valued = inner is not None and inner.type in ("if_expression", "match_expression") and last.child_count == 1
        return inner if valued else None
    return None if last.type.endswith(("_item", "_declaration", "_statement")) else last


def _named(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return None, path_of_name(reader.source(node)) or UNKNOWN


def _called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    function = node.child_by_field_name("function")
    if function is None:
        return None, UNKNOWN
    if function.type == "field_expression":
        if reader.source(function.child_by_field_name("field")) in _SAME:
            return function.child_by_field_name("value"), ""
    elif function.end_byte - function.start_byte < 24 and path_of_name(reader.source(function)) in _WRAPS:
        arguments = node.child_by_field_name("arguments")
        return (first_child(arguments) if arguments is not None else None), ""
    return called("function")(reader, node)


def _field(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    name = reader.source(node.child_by_field_name("field"))
    return node.child_by_field_name("value"), f"[{name}]" if name.isdigit() else f".{name}"


def _indexed(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    parts = node.named_children
    if len(parts) == 2 and parts[1].type == "integer_literal":
        return parts[0], f"[{reader.source(parts[1])}]"
    return (parts[0] if parts else None), "[]"


def _unary(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    sign = reader.text[node.start_byte : node.start_byte + 1]
    return (first_child(node), "") if sign == b"*" else (None, UNKNOWN)


def _made(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return None, f"{path_of_name(reader.source(node.child_by_field_name('name'))) or UNKNOWN}()"


def _block(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
    inner = node.named_children[-1] if node.type == "unsafe_block" and node.named_children else node
    return last_value(inner), ""


def _branches(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for branch in ("consequence", "alternative"):
        child = node.child_by_field_name(branch)
        if child is not None and child.type == "else_clause":
            child = first_child(child)
        value = last_value(child) if child is not None and child.type == "block" else child
        if value is not None:
            yield "", value


def _arms(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    body = node.child_by_field_name("body")
    for arm in body.named_children if body is not None else ():
        value = arm.child_by_field_name("value")
        if value is not None and value.type == "block":
            value = last_value(value)
        if value is not None:
            yield "", value


def _elements(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for position, child in enumerate(node.named_children):
        yield f"[{position}]", child


STEPS: Mapping[str, Step] = {
    "scoped_identifier": _named,
    "generic_function": through("function"),
    "field_expression": _field,
    "call_expression": _called,
    "index_expression": _indexed,
    "try_expression": through(),
    "await_expression": through(),
    "reference_expression": through("value"),
    "parenthesized_expression": through(),
    "type_cast_expression": through("value"),
    "unary_expression": _unary,
    "struct_expression": _made,
    "assignment_expression": through("left"),
    "closure_expression": defined,
    "block": _block,
    "unsafe_block": _block,
    "async_block": _block,
}
VALUES: Mapping[str, Entries] = {
    "if_expression": _branches,
    "match_expression": _arms,
    "tuple_expression": _elements,
    "array_expression": _elements,
}
