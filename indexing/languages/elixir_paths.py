"""How Elixir's expressions and calls are written as access paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import SymbolKind
from indexing.languages.elixir_forms import CONTROL
from indexing.languages.extractor import Extractor
from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, defined

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

NAME_BYTES = 200
_LITERALS = frozenset(
    {"string", "charlist", "atom", "integer", "float", "boolean", "nil", "comment", "sigil", "list", "tuple", "map",
     "bitstring", "keywords", "char", "do_block", "binary_operator", "quoted_atom", "block"}
)  # fmt: skip


def _called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    assert isinstance(reader, ElixirPaths)
    target = reader.target(node)
    return None, f"{target}()" if target else UNKNOWN


def _captured(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    """`&run/1`, `&Shop.run/1`; any other `&` makes a function of its own."""
    inner = node.child_by_field_name("operand")
    if inner is None or inner.type != "binary_operator":
        return None, UNKNOWN
    left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
    if left is not None and left.type == "call":  # `Shop.run` without its arguments
        left = left.child_by_field_name("target")
    name, arity = reader.source(left).removeprefix("__MODULE__."), reader.source(right)
    return None, f"{name}/{arity}" if arity.isdigit() and len(name) <= NAME_BYTES and " " not in name else UNKNOWN


class ElixirPaths(Extractor):
    """Reads expressions of Elixir."""

    steps: ClassVar[Mapping[str, Step]] = {
        "call": _called,
        "unary_operator": _captured,
        "anonymous_function": defined,
    }
    values: ClassVar[Mapping[str, Entries]] = {}
    containers = frozenset[str]()
    literals = _LITERALS
    constants = frozenset({"nil", "true", "false", "__MODULE__", "_"})

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self.piped: set[int] = set()
        """Calls that get their first argument through a pipe."""

    def module_name(self, node: Node | None) -> str:
        """The name of a module as it is written, with `__MODULE__` spelt out; empty for anything else."""
        if node is None or node.type not in ("alias", "identifier", "dot") or node.end_byte - node.start_byte > NAME_BYTES:
            return ""
        name = self.source(node)
        if name.startswith("__MODULE__"):
            name = self.around(node) + name[10:]
        return name if name[:1].isupper() and "{" not in name else ""

    def around(self, node: Node) -> str:
        """The full name of the module around `node`, once all definitions are found."""
        scope = self.scopes.of(node.start_byte)
        while scope > 0 and self.definitions[scope].kind not in (SymbolKind.CLASS, SymbolKind.INTERFACE):
            scope = self.definitions[scope].parent
        return self.definitions[scope].nesting

    def target(self, node: Node, parts: tuple[list[Node], Node | None] | None = None) -> str:
        """The path of what a call calls; empty where it calls nothing of a name, or is a form of the language."""
        target = node.child_by_field_name("target")
        if target is None or target.end_byte - target.start_byte > NAME_BYTES:
            return ""
        arguments, block = parts or parts_of(node)
        arity = len(arguments) + (node.id in self.piped)
        if block is not None and not (arguments and arguments[-1].type == "keywords"):
            arity += 1
        if target.type == "identifier":
            name = self.source(target)
            return "" if name in CONTROL else f"{name}/{arity}"
        left, right = target.child_by_field_name("left"), target.child_by_field_name("right")
        if target.type != "dot" or left is None:
            return ""
        if right is None:  # callback.(1)
            path = self.path(left)
            return "" if path == UNKNOWN else path
        if left.type == "identifier" and not any(child.type == "arguments" for child in node.named_children):
            return ""  # a field: `disk.name`
        name = f"{self.source(right)}/{arity}"
        if left.type == "atom":
            return f"{self.source(left)}.{name}"
        if self.source(left) == "__MODULE__":
            return name
        if module := self.module_name(left):
            return f"{module}.{name}"
        return f"{self.source(left)}.{name}" if left.type == "identifier" else ""


def parts_of(node: Node) -> tuple[list[Node], Node | None]:
    """The arguments of a call, and its `do` block."""
    arguments: list[Node] = []
    block: Node | None = None
    for child in node.named_children[1:]:
        if child.type == "arguments":
            arguments = [argument for argument in child.named_children if argument.type != "comment"]
        elif child.type == "do_block":
            block = child
    return arguments, block
