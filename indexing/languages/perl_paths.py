"""How Perl's expressions are written as access paths.

Scalars keep their `$`, so that `$count` and `count()` differ; `$h{key}` and `$r->{key}` are `%h.{key}` and `$r.{key}`;
`Shop::Disk->new(1)` is `Shop::Disk.new()`, `Shop::Util::log(1)` is `Shop::Util.log()`. Whatever its name, the invocant
of a subroutine is `$self`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import SymbolKind
from indexing.languages.extractor import Extractor
from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, defined, first_child, through

if TYPE_CHECKING:
    from tree_sitter import Node

RECEIVER = "$self"
_NAME_BYTES = 200
_KEY = re.compile(r"""['"]?(-?\w[\w-]{0,60})['"]?""")
_NAME = re.compile(r"&?\s*((?:\w+(?:::|'(?=\w)))*\w+)")
_PACKAGE_SCALAR = re.compile(r"\$(?:::)?\w+(?:::\w+)*")
_LITERALS = frozenset(
    {"string_literal", "interpolated_string_literal", "quoted_word_list", "number", "version", "comment", "pod",
     "undef_expression", "autoquoted_bareword", "relational_expression", "equality_expression", "match_regexp",
     "quoted_regexp", "heredoc_token", "stub_expression", "command_string", "unary_expression", "readline_expression"}
)  # fmt: skip
_CHOOSING = frozenset({"||", "//", "or"})


def qualified(name: str) -> str:
    """`Shop::Util::log` as `Shop::Util.log`."""
    package, parted, last = name.replace("'", "::").rpartition("::")
    return f"{package}.{last}" if parted and package not in ("", "main") else last


def _function(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    function = node.child_by_field_name("function")
    name = function_name(reader, function)
    if name == "bless":
        return None, RECEIVER
    if name:
        return None, qualified(name) + "()"
    inner = called_reference(function)
    return (inner, "()") if inner is not None else (None, UNKNOWN)


def function_name(reader: PathReader, function: Node | None) -> str:
    """The name of a called function; empty where it is computed."""
    if function is None or function.end_byte - function.start_byte > _NAME_BYTES:
        return ""
    found = _NAME.fullmatch(reader.source(function))
    return found[1] if found else ""


def called_reference(function: Node | None) -> Node | None:
    """The scalar that `&$code` and `&{$code}` call."""
    for _ in range(4):
        if function is None or function.type == "scalar":
            return function
        function = first_child(function)
    return None


def _method(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    invocant, method = node.child_by_field_name("invocant"), node.child_by_field_name("method")
    name = reader.source(method)
    if invocant is None or not name or "$" in name or len(name) > _NAME_BYTES:
        return None, UNKNOWN
    if name.startswith("SUPER::"):
        return None, f"super.{name[7:]}()"
    if "::" in name:
        return None, qualified(name) + "()"
    if invocant.type in ("func1op_call_expression", "func0op_call_expression"):
        told = reader.source(invocant)
        if told == "shift":
            return None, f"{RECEIVER}.{name}()"
        if told == "__PACKAGE__":
            assert isinstance(reader, PerlPaths)
            return None, f"{reader.package_around(invocant)}.{name}()"
        return None, UNKNOWN
    if invocant.type in ("string_literal", "interpolated_string_literal"):
        package = reader.source(invocant).strip("'\"")
        return None, f"{package}.{name}()" if _NAME.fullmatch(package) else UNKNOWN
    return invocant, f".{name}()"


def _package(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    name = reader.source(node).removesuffix("::")
    return None, name if _NAME.fullmatch(name) else UNKNOWN


def _under(key: str) -> str:
    """The entry of a hash."""
    return ".{" + key + "}"


def _element(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    holder = node.child_by_field_name("hash")
    key = _KEY.fullmatch(reader.source(node.child_by_field_name("key"))[:64])
    behind = _under(key[1]) if key else "[]"
    if holder is not None:
        name = reader.source(holder).removeprefix("$")
        return None, f"%{name}{behind}" if name.isidentifier() else UNKNOWN
    return first_child(node), behind


def _item(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    holder = node.child_by_field_name("array")
    index = reader.source(node.child_by_field_name("index"))
    behind = f"[{index}]" if index.isdigit() else "[]"
    if holder is not None:
        name = reader.source(holder).removeprefix("$")
        return None, f"@{name}{behind}" if name.isidentifier() else UNKNOWN
    return first_child(node), behind


def _many(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    name = reader.source(node) if node.end_byte - node.start_byte <= _NAME_BYTES else ""
    if name[1:].isidentifier():
        return None, name
    inner = first_child(node)  # @{$r->{list}}
    for _ in range(4):
        if inner is None or inner.type not in ("varname", "block", "expression_statement"):
            break
        inner = first_child(inner)
    return inner, ""


def _scalar(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    name = reader.source(node) if node.end_byte - node.start_byte <= _NAME_BYTES else ""
    if _PACKAGE_SCALAR.fullmatch(name):
        return None, name
    return called_reference(first_child(first_child(node) or node)), ""


def _referenced(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    inner = first_child(node)
    if inner is not None and inner.type == "function":
        name = function_name(reader, inner)
        return None, qualified(name) if name else UNKNOWN
    return inner, ""


def _parenthesised(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    children = [child for child in node.named_children if child.type != "comment"]
    return (children[0], "") if len(children) == 1 else (None, UNKNOWN)


def _pairs(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    """The entries of `{…}`, `[…]` and of lists: what follows a quoted word is taken to be under its name."""
    inner = first_child(node)
    listed = inner if inner is not None and inner.type == "list_expression" else node
    items = [child for child in listed.named_children if child.type != "comment"]
    if node.type == "anonymous_array_expression":
        for position, item in enumerate(items):
            yield f"[{position}]", item
        return
    for key, value in zip(items[::2], items[1::2], strict=False):
        word = _KEY.fullmatch(reader.source(key)[:64]) if key.type in _LITERALS else None
        yield (_under(word[1]) if word else "[]"), value


def _branches(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    if node.type == "conditional_expression":
        sides = [node.child_by_field_name("consequent"), node.child_by_field_name("alternative")]
    elif reader.source(node.child_by_field_name("operator")) in _CHOOSING:
        sides = [node.child_by_field_name("left"), node.child_by_field_name("right")]
    else:
        return
    for side in sides:
        if side is not None:
            yield "", side


class PerlPaths(Extractor):
    """Reads expressions of Perl."""

    steps: ClassVar[Mapping[str, Step]] = {
        "scalar": _scalar,
        "array": _many,
        "hash": _many,
        "bareword": _package,
        "package": _package,
        "function": _package,
        "function_call_expression": _function,
        "ambiguous_function_call_expression": _function,
        "method_call_expression": _method,
        "coderef_call_expression": lambda _reader, node: (first_child(node), "()"),
        "hash_element_expression": _element,
        "array_element_expression": _item,
        "refgen_expression": _referenced,
        "parenthesized_expression": _parenthesised,
        "variable_declaration": through(),
        "localization_expression": through(),
        "assignment_expression": through("left"),
        "anonymous_subroutine_expression": defined,
    }
    values: ClassVar[Mapping[str, Entries]] = {
        "anonymous_hash_expression": _pairs,
        "anonymous_array_expression": _pairs,
        "conditional_expression": _branches,
        "binary_expression": _branches,
        "lowprec_logical_expression": _branches,
    }
    containers = frozenset({"anonymous_hash_expression", "anonymous_array_expression"})
    literals = _LITERALS
    constants = frozenset({"undef", "shift", "pop", "wantarray", "time", "wait"})

    def package_around(self, node: Node) -> str:
        """The package whose code `node` is in, as a path."""
        scope = self.scopes.of(node.start_byte)
        while scope > 0 and self.definitions[scope].kind is not SymbolKind.CLASS:
            scope = self.definitions[scope].parent
        return self.definitions[scope].name or "main"
