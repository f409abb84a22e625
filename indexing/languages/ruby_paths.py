"""How Ruby's expressions are written: what is called has its `()`, with or without parentheses in the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import SymbolKind
from indexing.languages.extractor import Extractor
from indexing.languages.paths import (
    UNKNOWN,
    Entries,
    PathReader,
    Step,
    _PlainTexts,
    defined,
    entry_key,
    first_child,
    through,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_LITERALS = frozenset(
    {"string", "chained_string", "string_array", "symbol_array", "simple_symbol", "delimited_symbol", "hash_key_symbol",
     "integer", "float", "complex", "rational", "nil", "true", "false", "regex", "subshell", "heredoc_beginning",
     "heredoc_body", "character", "comment", "range", "unary", "pair"}
)  # fmt: skip
_CHOICES = frozenset({"||", "&&", "or", "and"})
_SPECIAL = frozenset({"self", "super"})
_AFTER_BODY = frozenset({"rescue", "else", "ensure", "comment"})


def symbol_of(reader: PathReader, node: Node | None) -> str:
    """The text of `:name` or `"name"`; empty for anything else."""
    if node is None or node.type not in ("simple_symbol", "string", "delimited_symbol"):
        return ""
    text = reader.source(node).lstrip(":").strip("\"'")
    return text if "#{" not in text else ""


def arguments_of(node: Node) -> list[Node]:
    """The arguments of a call, without its block."""
    listed = node.child_by_field_name("arguments")
    return [child for child in listed.named_children if child.type != "comment"] if listed is not None else []


def _called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    receiver, method = node.child_by_field_name("receiver"), node.child_by_field_name("method")
    name = reader.source(method) if method is not None else "call"
    block = node.child_by_field_name("block")
    if receiver is None:
        if name in ("lambda", "proc") and block is not None:
            return block, ""
        if name == "super":
            assert isinstance(reader, RubyPaths)
            return None, reader.super_path(node) + "()"
        if name == "method" and (named := symbol_of(reader, next(iter(arguments_of(node)), None))):
            return None, named
        return None, "self()" if name == "new" else f"{name}()"
    if name == "new":
        return (block, "") if block is not None and reader.source(receiver) == "Proc" else (receiver, "()")
    return receiver, "()" if name == "call" else f".{name}()"


def _indexed(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    children = node.named_children
    key = reader.source(children[1]) if len(children) == 2 else ""
    return node.child_by_field_name("object"), f"[{key[1:]}]" if key[:1] == ":" and key[1:].isidentifier() else entry_key(
        key
    )


def _scoped(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    scope, name = node.child_by_field_name("scope"), reader.source(node.child_by_field_name("name"))
    return (None, name) if scope is None else (scope, "." + name)


def _variable(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return None, "self." + reader.source(node)


def _super(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    assert isinstance(reader, RubyPaths)
    return None, reader.super_path(node) + "()"


def _binary(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    chosen = reader.source(node.child_by_field_name("operator")) in _CHOICES
    return None, reader.value_of(node) if chosen else UNKNOWN


def _branches(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    kind = node.type
    if kind == "case":
        for child in node.named_children:
            body = child.child_by_field_name("body") if child.type == "when" else child if child.type == "else" else None
            if body is not None:
                yield "", body
        return
    for field in ("left", "right") if kind == "binary" else ("consequence", "alternative"):
        if (branch := node.child_by_field_name(field)) is not None:
            yield "", branch


def _elements(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for position, child in enumerate(node.named_children):
        yield "[]" if child.type == "splat_argument" else f"[{position}]", child


def _pairs(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for child in node.named_children:
        value = child.child_by_field_name("value") if child.type == "pair" else None
        if value is not None:
            key = reader.source(child.child_by_field_name("key"))[:64].strip(":'\"")
            yield f"[{key}]" if key.replace("-", "_").isidentifier() else "[]", value


def _last(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return last_statement(node), ""


def last_statement(node: Node) -> Node | None:
    """The statement whose value a body has."""
    children = [child for child in node.named_children if child.type not in _AFTER_BODY]
    return children[-1] if children else None


class _Names(_PlainTexts):
    """A dot is a call, so only a single name is its own path."""

    def __missing__(self, raw: bytes) -> str:
        return "" if b"." in raw else super().__missing__(raw)


_CONSTANTS = frozenset({"nil", "true", "false", "__FILE__", "__LINE__", "__method__", "__dir__"})
_NAMES = _Names(_CONSTANTS)


class RubyPaths(Extractor):
    """Reads expressions of Ruby."""

    steps: ClassVar[Mapping[str, Step]] = {
        "call": _called,
        "element_reference": _indexed,
        "scope_resolution": _scoped,
        "instance_variable": _variable,
        "class_variable": _variable,
        "super": _super,
        "assignment": through("left"),
        "operator_assignment": through("left"),
        "binary": _binary,
        "parenthesized_statements": _last,
        "body_statement": _last,
        "begin": _last,
        "then": _last,
        "else": _last,
        "block_body": _last,
        "argument_list": lambda _reader, node: (first_child(node) if node.named_child_count == 1 else None, ""),
        "splat_argument": through(),
        "hash_splat_argument": through(),
        "block_argument": through(),
        "lambda": defined,
        "block": defined,
        "do_block": defined,
    }
    values: ClassVar[Mapping[str, Entries]] = {
        "array": _elements,
        "hash": _pairs,
        **dict.fromkeys(("conditional", "binary", "if", "unless", "elsif", "case"), _branches),
    }
    containers = frozenset({"array", "hash"})
    literals = _LITERALS
    constants = _CONSTANTS

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._plain = _NAMES

    def path(self, node: Node | None) -> str:
        written = super().path(node)
        if node is None or not (written[:1].islower() or written[:1] == "_"):
            return written or UNKNOWN
        end = next((at for at, letter in enumerate(written) if letter in ".(["), len(written))
        root = written[:end]
        if written[end : end + 1] == "(" or root in _SPECIAL or root in self.constants:
            return written
        return written if self.is_variable(root, self.scopes.of(node.start_byte)) else f"{root}(){written[end:]}"

    def is_variable(self, name: str, scope: int) -> bool:
        """Whether a bare name is a local variable so far: of the method, or of the blocks around."""
        if name[:1] == "_" and name[1:].isdigit():  # a parameter of the block that needs no declaration
            return True
        while scope >= 0:
            if name in self._locals.get(scope, ()):
                return True
            if self.definitions[scope].kind is not SymbolKind.LAMBDA:
                return False
            scope = self.definitions[scope].parent
        return False

    def super_path(self, node: Node) -> str:
        """`super` calls the method of the same name."""
        scope = self.scopes.of(node.start_byte)
        while scope > 0 and self.definitions[scope].kind is SymbolKind.LAMBDA:
            scope = self.definitions[scope].parent
        return f"super.{self.definitions[scope].name}"
