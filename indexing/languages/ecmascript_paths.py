"""How the expressions of JavaScript and TypeScript are written as access paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import Import
from indexing.languages.extractor import Extractor
from indexing.languages.paths import Entries, PathReader, Step, defined, first_child, member, slice_key, through

if TYPE_CHECKING:
    from tree_sitter import Node

_KEY_BYTES = 60
_MODULE_BYTES = 400
_CHOOSING = frozenset({"||", "&&", "??"})
_LITERALS = frozenset(
    {"string", "template_string", "number", "regex", "true", "false", "null", "undefined", "comment", "unary_expression",
     "update_expression", "jsx_element", "jsx_self_closing_element", "predefined_type"}
)  # fmt: skip


def _called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    assert isinstance(reader, EcmascriptPaths)
    function = node.child_by_field_name("function")
    if reader.required(node):
        return None, reader.import_anonymously(node)
    if function is not None and (key := _sliced(reader, function, node.child_by_field_name("arguments"))):
        return function.child_by_field_name("object"), key
    return function, "()"


def _sliced(reader: PathReader, function: Node, arguments: Node | None) -> str:
    """`xs.slice(2)` is `xs[2:]`."""
    if function.type != "member_expression" or arguments is None or not function.end_byte - function.start_byte > 6:
        return ""
    if reader.text[function.end_byte - 6 : function.end_byte] != b".slice" or (first := first_child(arguments)) is None:
        return ""
    return slice_key(reader.source(first)) if first.type == "number" else ""


def _constructed(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return node.child_by_field_name("constructor"), "()"


def _indexed(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    key = reader.source(node.child_by_field_name("index"))[:_KEY_BYTES]
    name = key.strip("'\"`")
    if name != key and name.isidentifier():  # table["run"] is table.run
        return node.child_by_field_name("object"), "." + name
    return node.child_by_field_name("object"), f"[{key}]" if key.isdigit() else "[]"


def _array(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    position: int | None = 0
    for child in node.named_children:
        if child.type == "spread_element":
            position = None
            yield "[]", child
        elif child.type != "comment":
            yield ("[]" if position is None else f"[{position}]"), child
            position = None if position is None else position + 1


def _object(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    assert isinstance(reader, EcmascriptPaths)
    for child in node.named_children:
        kind = child.type
        if kind == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is not None and value is not None:
                name = reader.key_name(key)
                yield (f".{name}" if name.isidentifier() and key.type != "computed_property_name" else "[]"), value
        elif kind == "shorthand_property_identifier":
            yield "." + reader.source(child), child
        elif kind == "method_definition":
            yield "." + reader.key_name(child.child_by_field_name("name")), child
        elif kind == "spread_element":
            yield "", child


def _choices(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    fields = ("consequence", "alternative") if node.type == "ternary_expression" else ("left", "right")
    if node.type == "binary_expression" and reader.source(node.child_by_field_name("operator")) not in _CHOOSING:
        return
    for field in fields:
        if (child := node.child_by_field_name(field)) is not None:
            yield "", child


class EcmascriptPaths(Extractor):
    """Reads expressions of JavaScript."""

    steps: ClassVar[Mapping[str, Step]] = {
        "member_expression": member("object", "property"),
        "call_expression": _called,
        "new_expression": _constructed,
        "subscript_expression": _indexed,
        "parenthesized_expression": through(),
        "await_expression": through(),
        "non_null_expression": through(),
        "spread_element": through(),
        "assignment_expression": through("left"),
        "function_expression": defined,
        "generator_function": defined,
        "arrow_function": defined,
        "class": defined,
        "method_definition": defined,
    }
    values: ClassVar[Mapping[str, Entries]] = {
        "array": _array,
        "object": _object,
        "ternary_expression": _choices,
        "binary_expression": _choices,
    }
    containers = frozenset({"array", "object"})
    literals = _LITERALS
    spreads = frozenset({"spread_element"})
    constants = frozenset({"null", "undefined", "true", "false", "NaN", "Infinity"})

    def key_name(self, key: Node | None) -> str:
        """The name a key of an object or class gives."""
        return self.source(key)[:_KEY_BYTES].strip("[]'\"` \n")

    def required(self, node: Node) -> str:
        """The module that `require("m")` or `import("m")` loads; nothing for any other expression."""
        if node.type == "await_expression":
            node = first_child(node) or node
        function = node.child_by_field_name("function") if node.type == "call_expression" else None
        if function is None or function.end_byte - node.start_byte > len("require"):
            return ""
        arguments = node.child_by_field_name("arguments")
        if arguments is None or self.source(function) not in ("require", "import"):
            return ""
        argument = first_child(arguments)
        if argument is None or argument.type != "string" or argument.end_byte - argument.start_byte > _MODULE_BYTES:
            return ""
        return self.module_of(argument)

    def module_of(self, node: Node | None) -> str:
        return self.source(node).strip("'\"`")

    def import_anonymously(self, node: Node) -> str:
        """The anonymous value that a module loaded in an expression is."""
        known = self._anonymous.get(node.id)
        if known is None:
            known = self._anonymous[node.id] = self.new_value()
            scope, line = self.at(node)
            self.imports.append(Import(self.required(node), "", known, 0, scope, line))
        return known
