"""Names and expressions of C++ as access paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from indexing.languages.paths import UNKNOWN, PathReader, Step, called, defined, first_child, indexed, through

if TYPE_CHECKING:
    from tree_sitter import Node

_ARGUMENTS = re.compile(r"\s*<[^<>]*>")
_PATH = re.compile(r"~?[A-Za-z_]\w*(?:\.~?[A-Za-z_]\w*)*")
_TEMPLATE = re.compile(r"\btemplate\s+")
_MAX_NESTED = 12
_MAX_NAME = 400
_CASTS = frozenset({"static_cast", "dynamic_cast", "const_cast", "reinterpret_cast", "qobject_cast", "bit_cast"})
_HANDS_ON = frozenset({"std.move", "std.forward", "std.ref", "std.cref", "std.as_const", "std.addressof", "move", "forward"})
"""Functions that give back their argument."""
_MAKERS = frozenset({
    "make_unique", "make_shared", "allocate_shared", "make_optional", "make_intrusive", "make_ref_counted", "MakeUnique",
    "MakeShared", "MakeRefPtr",
})  # fmt: skip
"""Functions that make an object of their template argument."""


@lru_cache(maxsize=1 << 14)
def path_of_name(text: str) -> str:
    """`ns::Type<T>::run` as `ns.Type.run`; empty where it is no name."""
    if len(text) > _MAX_NAME:
        return ""
    for _ in range(_MAX_NESTED):
        if "<" not in text:
            break
        text = _ARGUMENTS.sub("", text)
    path = _TEMPLATE.sub("", text).replace("::", ".").replace(" ", "").replace("\n", "").lstrip(".")
    return path if _PATH.fullmatch(path) else ""


def made_type(reader: PathReader, function: Node) -> str:
    """The type that a call of `function` makes or casts to: `static_cast<T*>`, `std::make_unique<T>`; empty for others."""
    template = function
    for _ in range(_MAX_NESTED):
        if template.type != "qualified_identifier":
            break
        inner = template.child_by_field_name("name")
        if inner is None:
            return ""
        template = inner
    if template.type != "template_function":
        return ""
    name, arguments = reader.source(template.child_by_field_name("name")), template.child_by_field_name("arguments")
    written = first_child(arguments) if arguments is not None else None
    if written is None or (name not in _CASTS and name not in _MAKERS):
        return ""
    return path_of_name(reader.source(written.child_by_field_name("type") or written))


def is_cast(reader: PathReader, function: Node) -> bool:
    """Whether `function` is `static_cast<…>` or a like of it."""
    return function.type == "template_function" and reader.source(function.child_by_field_name("name")) in _CASTS


def _named(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return None, path_of_name(reader.source(node)) or UNKNOWN


def _field(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    name = path_of_name(reader.source(node.child_by_field_name("field"))) or UNKNOWN
    return node.child_by_field_name("argument"), "." + name


def _called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    function = node.child_by_field_name("function")
    if function is None:
        return None, UNKNOWN
    if function.type in ("template_function", "qualified_identifier"):
        if made := made_type(reader, function):
            return None, f"{made}()"
        if path_of_name(reader.source(function)) in _HANDS_ON:
            arguments = node.child_by_field_name("arguments")
            return (first_child(arguments) if arguments is not None else None), ""
    return called("function")(reader, node)


def _created(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return None, f"{path_of_name(reader.source(node.child_by_field_name('type'))) or UNKNOWN}()"


def _subscripted(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    listed = node.child_by_field_name("indices")
    parts = listed.named_children if listed is not None else []
    if len(parts) == 1 and parts[0].type == "number_literal":
        return node.child_by_field_name("argument"), f"[{reader.source(parts[0])}]"
    return indexed("argument", "index")(reader, node)


STEPS: Mapping[str, Step] = {
    "qualified_identifier": _named,
    "template_function": _named,
    "dependent_name": _named,
    "field_expression": _field,
    "call_expression": _called,
    "new_expression": _created,
    "compound_literal_expression": _created,
    "subscript_expression": _subscripted,
    "lambda_expression": defined,
    "co_await_expression": through(),
}
