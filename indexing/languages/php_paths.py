"""How PHP's expressions and types are written: without the `$` of variables, names with their namespaces as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, defined, entry_key, first_child, through
from indexing.languages.typed import TypedExtractor

if TYPE_CHECKING:
    from tree_sitter import Node

_LITERALS = frozenset(
    {"string", "encapsed_string", "heredoc", "nowdoc", "integer", "float", "boolean", "null", "comment",
     "unary_op_expression", "shell_command_expression", "variadic_placeholder"}
)  # fmt: skip
_SCALAR_WORDS = """
int integer float double string bool boolean array mixed void null never iterable callable object resource false true scalar
number list non-empty-string class-string array-key numeric positive-int
"""
_SCALARS = frozenset(_SCALAR_WORDS.split())
_DOC_TYPE = re.compile(r"(?P<name>\\?[A-Za-z_][\w\\]*)(?:<(?:[^<>]*,\s*)?(?P<entry>\\?[A-Za-z_][\w\\]*)>)?(?P<many>\[\])?")


def doc_types(text: str) -> list[tuple[str, str]]:
    """The types of a doc comment as (`` or `[]`, name): `A|B[]|null` is `A` and entries of `B`."""
    found: list[tuple[str, str]] = []
    for part in text.lstrip("?").split("|")[:8]:
        match = _DOC_TYPE.fullmatch(part)
        if match is None:
            continue
        if match["name"] not in _SCALARS:
            found.append(("[]" if match["many"] else "", match["name"]))
        if (entry := match["entry"]) and entry not in _SCALARS:
            found.append(("[]", entry))
    return found


def _member(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    name = node.child_by_field_name("name")
    known = name is not None and name.type == "name"
    return (node.child_by_field_name("object"), "." + reader.source(name)) if known else (None, UNKNOWN)


def _member_called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    target, behind = _member(reader, node)
    return target, behind if refers(node) or target is None else behind + "()"


def _scoped(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    children = node.named_children
    scope, name = node.child_by_field_name("scope"), node.child_by_field_name("name")
    if scope is None and len(children) == 2:  # `C::LIMIT`, whose parts have no names
        scope, name = children
    text = reader.source(name).lstrip("$")
    if scope is None or text == "class":
        return scope, ""
    return scope, "." + text


def _scoped_called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    scope, behind = _scoped(reader, node)
    if behind == ".__construct" and scope is not None and reader.source(scope) == "parent":
        return None, "super()"
    return scope, behind if refers(node) else behind + "()"


def _called(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return node.child_by_field_name("function"), "" if refers(node) else "()"


def refers(node: Node) -> bool:
    """Whether `f(...)` only names the function."""
    arguments = node.child_by_field_name("arguments")
    return arguments is not None and any(child.type == "variadic_placeholder" for child in arguments.named_children)


def _created(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    created = first_child(node)
    if created is not None and created.type == "anonymous_class":
        base = next((child for child in created.named_children if child.type == "base_clause"), None)
        created = first_child(base) if base is not None else None
    return (created, "()") if created is not None and created.type in PhpPaths.type_names else (None, UNKNOWN)


def _indexed(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    children = node.named_children
    return first_child(node), entry_key(reader.source(children[1])) if len(children) == 2 else "[]"


def _scope(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    text = reader.source(node)
    return None, "super" if text == "parent" else text


def _text(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return None, reader.source(node).lstrip("$") or UNKNOWN


def _binary(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    operator = reader.source(node.child_by_field_name("operator"))
    return None, reader.value_of(node) if operator in ("??", "?:") else UNKNOWN


def _branches(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    fields = ("left", "right") if node.type == "binary_expression" else ("body", "alternative")
    for field in fields:
        if (child := node.child_by_field_name(field)) is not None:
            yield "", child


def _arms(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    body = node.child_by_field_name("body")
    for arm in body.named_children if body is not None else ():
        if (child := arm.child_by_field_name("return_expression")) is not None:
            yield "", child


def _elements(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    position = 0
    for element in node.named_children:
        children = element.named_children
        if element.type != "array_element_initializer" or not children:
            continue
        if len(children) == 2:
            yield entry_key(reader.source(children[0])[:64]), children[1]
        else:
            yield f"[{position}]", children[0]
            position += 1


class PhpPaths(TypedExtractor):
    """Reads expressions and types of PHP."""

    steps: ClassVar[Mapping[str, Step]] = {
        "member_access_expression": _member,
        "nullsafe_member_access_expression": _member,
        "member_call_expression": _member_called,
        "nullsafe_member_call_expression": _member_called,
        "scoped_call_expression": _scoped_called,
        "scoped_property_access_expression": _scoped,
        "class_constant_access_expression": _scoped,
        "function_call_expression": _called,
        "object_creation_expression": _created,
        "subscript_expression": _indexed,
        "assignment_expression": through("left"),
        "augmented_assignment_expression": through("left"),
        "clone_expression": through(),
        "parenthesized_expression": through(),
        "error_suppression_expression": through(),
        "cast_expression": through("value"),
        "argument": through(),
        "variadic_unpacking": through(),
        "by_ref": through(),
        "relative_scope": _scope,
        "variable_name": _text,
        "qualified_name": _text,
        "binary_expression": _binary,
        "anonymous_function": defined,
        "arrow_function": defined,
    }
    values: ClassVar[Mapping[str, Entries]] = {
        "conditional_expression": _branches,
        "binary_expression": _branches,
        "match_expression": _arms,
        "array_creation_expression": _elements,
    }
    containers = frozenset({"array_creation_expression"})
    literals = _LITERALS
    constants = frozenset({"null", "true", "false", "NULL", "TRUE", "FALSE"})
    type_names = frozenset({"name", "qualified_name"})
    type_through = frozenset(
        {"named_type", "optional_type", "union_type", "intersection_type", "disjunctive_normal_form_type", "type_list"}
    )
    type_leaves = frozenset({"primitive_type", "bottom_type", "comment"})

    def path(self, node: Node | None) -> str:
        written = super().path(node).lstrip("$") or UNKNOWN
        return f"super{written[6:]}" if written == "parent" or written.startswith("parent.") else written
