"""How Scala's expressions and types are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, defined, first_child, member, through
from indexing.languages.typed import TypedExtractor

if TYPE_CHECKING:
    from tree_sitter import Node

_LITERALS = frozenset(
    {"string", "interpolated_string_expression", "interpolated_string", "integer_literal", "floating_point_literal",
     "boolean_literal", "character_literal", "null_literal", "unit", "comment", "block_comment", "prefix_expression",
     "case_block", "wildcard"}
)  # fmt: skip
_BLOCKS = ("block", "indented_block")


def applies(reader: PathReader, function: Node | None) -> bool:
    """Whether calling `function` means its `apply`: `C(x)`, which only the linker knows for a class or an object."""
    if function is not None and function.type == "generic_function":
        function = function.child_by_field_name("function")
    if function is not None and function.type == "field_expression":
        function = function.child_by_field_name("field")
    return function is not None and function.type == "identifier" and reader.source(function)[:1].isupper()


def _called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    function = node.child_by_field_name("function")
    if function is not None and function.type == "call_expression":  # a further list of arguments
        return function, ""
    return uninstantiated(function), ".apply()" if applies(reader, function) else "()"


def uninstantiated(node: Node | None) -> Node | None:
    """`f` of `f[T]`."""
    return node.child_by_field_name("function") if node is not None and node.type == "generic_function" else node


def _generic(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    function = node.child_by_field_name("function")
    if function is not None and function.type == "field_expression":
        field = reader.source(function.child_by_field_name("field"))
        if field == "asInstanceOf":
            return function.child_by_field_name("value"), ""
    arguments = node.child_by_field_name("type_arguments")
    if function is not None and reader.source(function) == "classOf" and arguments is not None:
        assert isinstance(reader, ScalaPaths)
        return None, reader.type_name(arguments) or UNKNOWN
    # `Monad[F]` stands for the instance that its `apply` finds.
    return function, ".apply()" if applies(reader, function) else ""


def _created(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    assert isinstance(reader, ScalaPaths)
    created = first_child(node)
    return None, f"{(reader.type_name(created) if created is not None else '') or UNKNOWN}()"


def _infix(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    operator = reader.source(node.child_by_field_name("operator"))
    return (node.child_by_field_name("left"), f".{operator}()") if operator.isidentifier() else (None, UNKNOWN)


def _branches(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    if node.type == "if_expression":
        found = [node.child_by_field_name("consequence"), node.child_by_field_name("alternative")]
    elif node.type == "try_expression":
        found = [node.child_by_field_name("body")]
    else:
        body = node.child_by_field_name("body")
        found = [one.child_by_field_name("body") for one in (body.named_children if body is not None else ())]
    for child in found:
        if child is not None:
            yield "", child


def _elements(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for position, child in enumerate(node.named_children):
        yield f"[{position}]", child


class ScalaPaths(TypedExtractor):
    """Reads expressions and types of Scala."""

    steps: ClassVar[Mapping[str, Step]] = {
        "field_expression": member("value", "field"),
        "call_expression": _called,
        "generic_function": _generic,
        "instance_expression": _created,
        "infix_expression": _infix,
        "parenthesized_expression": through(),
        "ascription_expression": lambda _reader, node: (first_child(node), ""),
        "method_value": lambda _reader, node: (first_child(node), ""),
        "arguments": through(),
        "lambda_expression": defined,
        **dict.fromkeys(_BLOCKS, through()),
    }
    values: ClassVar[Mapping[str, Entries]] = {
        "if_expression": _branches,
        "match_expression": _branches,
        "try_expression": _branches,
        "tuple_expression": _elements,
    }
    containers = frozenset()
    literals = _LITERALS
    comment_types = frozenset({"comment", "block_comment"})
    constants = frozenset({"null", "true", "false", "_", "None", "Nil"})
    type_names = frozenset({"type_identifier", "stable_type_identifier", "identifier", "stable_identifier"})
    type_through = frozenset(
        {"lazy_parameter_type", "repeated_parameter_type", "annotated_type", "compound_type", "infix_type", "singleton_type",
         "parameter_types"}
    )  # fmt: skip
    type_leaves = frozenset({"comment", "block_comment", "annotation", "operator_identifier", "wildcard", "literal_type"})
    type_unnamed = frozenset(
        {"Unit", "Int", "Long", "Short", "Byte", "Boolean", "Char", "Float", "Double", "Any", "AnyRef", "AnyVal", "Nothing"}
    )

    def path(self, node: Node | None) -> str:
        written = super().path(node)
        return UNKNOWN + written[1:] if written.startswith("_.") else written
