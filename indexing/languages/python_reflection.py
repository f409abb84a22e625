"""Attributes that Python code names by a string: `getattr(x, "run")` is `x.run`, `getattr(x, f"on_{event}")` is `x.on_*`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexing.languages.extractor import Extractor
from indexing.languages.paths import UNKNOWN, PathReader, first_child

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_FUNCTION = b"getattr"
_NAME = re.compile(r"[^\W\d]\w*")
_LEAST = 3
"""Letters of a beginning; a shorter one may begin anything."""
_MAX_DEPTH = 6


class NamedAttributes(Extractor):
    """Reads calls of `getattr`."""

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._reflects = _FUNCTION in text
        self._texts: dict[tuple[int, str], str] = {}
        """By scope, variables that hold a name or the beginning of one."""

    def keeps_text(self, name: str, value: Node, scope: int) -> None:
        """The variable `name` is assigned `value`, which may be a string."""
        if self._reflects and (text := self.beginning_of(value)):
            self._texts[scope, name] = text

    def reflected(self, call: Node) -> tuple[Node | None, str] | None:
        """The step that a call of `getattr` is, down to its object; None of any other call."""
        function = call.child_by_field_name("function") if self._reflects else None
        found = self.attribute_named(call, function) if function is not None else None
        if found is None:
            return None
        holder, step, default = found
        if default is None or default.type in self.literals:
            return holder, step
        known = self._anonymous.get(call.id)
        if known is None:
            known = self._anonymous[call.id] = self.new_value()
            for path, node in ((self.path(holder) + step, holder), (self.value(default), default)):
                if path[0] != UNKNOWN:
                    self.bind_anonymous(known, path, node)
        return None, known

    def attribute_named(self, call: Node, function: Node) -> tuple[Node, str, Node | None] | None:
        """The object, the written step and the default of a call of `getattr`; None of any other."""
        start, end = function.byte_range
        if end - start != len(_FUNCTION) or self.text[start:end] != _FUNCTION:
            return None
        arguments = call.child_by_field_name("arguments")
        given = arguments.named_children if arguments is not None else []
        if len(given) not in (2, 3):
            return None
        name = self.beginning_of(given[1])
        return (given[0], "." + name, given[2] if len(given) == 3 else None) if name else None

    def beginning_of(self, node: Node) -> str:
        """A string that is a name, or the beginning of one with a `*` behind it; empty for anything else."""
        behind = ""
        for _ in range(_MAX_DEPTH):
            kind = node.type
            if kind == "identifier":
                text = self._texts.get((self.scopes.of(node.start_byte), self.source(node)), "")
                return _checked(text.removesuffix("*"), behind or ("*" if text.endswith("*") else ""))
            if kind == "string":
                return _checked(*_string(self, node, behind))
            inner: Node | None = None
            if kind == "binary_operator":
                inner, behind = node.child_by_field_name("left"), "*"
            elif kind == "parenthesized_expression":
                inner = first_child(node)
            elif kind == "call":  # "on_{}".format(x), name.lower()
                function = node.child_by_field_name("function")
                inner = function.child_by_field_name("object") if function is not None else None
            if inner is None:
                return ""
            node = inner
        return ""


def _string(reader: PathReader, node: Node, behind: str) -> tuple[str, str]:
    content = ""
    for child in node.named_children:
        if child.type == "string_content":
            content += reader.source(child)
        elif child.type == "interpolation":
            behind = "*"
            break
    plain = re.split(r"[%{]", content, maxsplit=1)[0]
    return plain, behind if plain == content else "*"


def _checked(text: str, behind: str) -> str:
    if not _NAME.fullmatch(text) or (behind and len(text) < _LEAST):
        return ""
    return text + behind
