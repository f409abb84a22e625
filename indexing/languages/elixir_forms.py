"""What of Elixir looks like calls and is not: definitions, their heads, and the forms of the language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

MODULES = frozenset({"defmodule", "defprotocol", "defimpl"})
FUNCTIONS = frozenset({"def", "defp", "defmacro", "defmacrop", "defguard", "defguardp", "defdelegate", "defn", "defnp"})
OF_FUNCTION = frozenset({"doc", "spec", "impl", "deprecated", "dialyzer", "tag", "since"})
"""Attributes that belong to the function after them."""
SPECIFICATIONS = frozenset({"type", "typep", "opaque", "callback", "macrocallback"})
"""Attributes that define a type or what a behaviour asks for."""
ATTRIBUTES = OF_FUNCTION | {"moduledoc", "typedoc", "behaviour", "derive", "before_compile", "after_compile",
                            "on_load", "compile", "optional_callbacks", "external_resource", "on_definition",
                            "enforce_keys", "moduletag", "describetag", "fallback_to_any", "protocol", "for", "file",
                            "vsn", "type", "typep", "opaque"}  # fmt: skip
"""Attributes that say something to the compiler instead of holding a value."""
CONTROL = (
    MODULES
    | FUNCTIONS
    | {"alias", "import", "require", "use", "defstruct", "defexception", "defoverridable", "defrecord", "case", "cond", "if",
       "unless", "with", "for", "fn", "quote", "unquote", "unquote_splicing", "receive", "try", "super", "test", "property",
       "describe", "setup", "setup_all", "and", "or", "not", "in", "when"}
)  # fmt: skip
"""What is no call of a function."""
_MAX_WRAPPED = 4

Source = Callable[["Node | None"], str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """`name` is `_` where a pattern gives none; `optional` tells a default value."""

    name: str
    optional: bool
    node: Node


@dataclass(frozen=True, slots=True)
class Head:
    """What `def` defines: a name and its parameters; `node` is where the name stands."""

    name: str
    parameters: tuple[Parameter, ...]
    node: Node

    @property
    def arity(self) -> int:
        return len(self.parameters)


def read_head(source: Source, node: Node | None) -> Head | None:
    """The head `run(a, b \\\\ 1) when …`; None where the name is computed."""
    for _ in range(_MAX_WRAPPED):
        if node is None:
            return None
        if node.type == "binary_operator" and source(node.child_by_field_name("operator")) in ("when", "::"):
            node = node.child_by_field_name("left")
        else:
            break
    if node is None:
        return None
    if node.type == "identifier":
        return Head(source(node), (), node)
    if node.type == "binary_operator":  # def a <~> b
        sides = [node.child_by_field_name("left"), node.child_by_field_name("right")]
        parameters = tuple(_parameter(source, side) for side in sides if side is not None)
        return Head(source(node.child_by_field_name("operator")), parameters, node)
    target = node.child_by_field_name("target") if node.type == "call" else None
    if target is None or target.type != "identifier" or source(target) == "unquote":
        return None
    listed = next((child for child in node.named_children if child.type == "arguments"), None)
    given = [child for child in listed.named_children if child.type != "comment"] if listed is not None else []
    return Head(source(target), tuple(_parameter(source, child) for child in given), node)


def _parameter(source: Source, node: Node) -> Parameter:
    written: Node | None = node
    optional = False
    for _ in range(_MAX_WRAPPED):
        if written is None or written.type != "binary_operator":
            break
        operator = source(written.child_by_field_name("operator"))
        left, right = written.child_by_field_name("left"), written.child_by_field_name("right")
        optional = optional or operator == "\\\\"
        # `%Disk{} = disk` and `disk = %Disk{}` name the same.
        written = right if operator == "=" and right is not None and right.type == "identifier" else left
    name = source(written) if written is not None and written.type == "identifier" else "_"
    return Parameter(name, optional, node)


def keywords_of(arguments: Sequence[Node]) -> Node | None:
    """The keywords that end a list of arguments."""
    return arguments[-1] if arguments and arguments[-1].type == "keywords" else None


def keyword_value(source: Source, keywords: Node | None, name: str) -> Node | None:
    """The value of the keyword `name`."""
    for pair in keywords.named_children if keywords is not None else ():
        if source(pair.child_by_field_name("key")).rstrip(": \n") == name:
            return pair.child_by_field_name("value")
    return None
